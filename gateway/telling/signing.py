"""Secrets of webhooks, and what they sign (https://www.standardwebhooks.com)."""

import base64
import os
from collections.abc import Mapping
from datetime import UTC, datetime

from standardwebhooks import Webhook as Signer

from insurers.telling import Webhook

# The rules ask for 24 to 64 bytes.
SECRET_BYTES = 32
PREFIX = "whsec_"


def fresh_secret() -> str:
    return PREFIX + base64.b64encode(os.urandom(SECRET_BYTES)).decode("ascii")


def headers(webhook: Webhook, message: str, body: str, at: datetime) -> Mapping[str, str]:
    """Answer the headers by which the receiver knows *body* as ours and new, whichever of two secrets it holds."""
    stamped = at.astimezone(UTC)
    secrets = [webhook.secret]
    if webhook.previous_secret is not None and webhook.previous_until is not None and at < webhook.previous_until:
        secrets.append(webhook.previous_secret)
    return {
        "Content-Type": "application/json",
        "webhook-id": message,
        "webhook-timestamp": str(int(stamped.timestamp())),
        "webhook-signature": " ".join(Signer(secret).sign(message, stamped, body) for secret in secrets),
    }
