"""Evidence that a person confirmed something: the exact words, what they were about, who and when."""

import hashlib
from datetime import UTC, datetime
from enum import StrEnum

import msgspec
from msgspec import Struct

from insurers.money import Yen


class ConsentKind(StrEnum):
    """What was confirmed, and so what it is bound to (domain 2.8)."""

    TERMS_OF_SERVICE = "terms_of_service"
    PRE_CHECK = "pre_check"
    CONDITIONS_CONFIRMED = "conditions_confirmed"
    PLAN_CONFIRMED = "plan_confirmed"
    DETAILS_CONFIRMED = "details_confirmed"
    IMPORTANT_MATTERS = "important_matters"
    ELECTRONIC_DELIVERY = "electronic_delivery"  # 電磁的交付
    DECLARATION = "declaration"
    APPLICATION = "application"
    QUEUE_SUBMISSION = "queue_submission"  # leave to send the application once the insurer opens


class Consent(Struct, frozen=True, kw_only=True):
    """
    One confirmation, given once and never changed.

    `previous` is the hash of the one before it in the same flow, so that none can be taken
    out or altered unnoticed; the first has an empty one.
    """

    flow: str
    sequence: int
    kind: ConsentKind
    requirement: str
    statement: str
    locale: str
    actor: str
    at: datetime
    document_sha256: str | None = None
    plan_fingerprint: str | None = None
    premium: Yen | None = None
    previous: str = ""

    @property
    def hash(self) -> str:
        """The same wherever it was stored: an instant counts, and not the zone it is written in."""
        evidence = msgspec.structs.replace(self, at=self.at.astimezone(UTC))
        return hashlib.sha256(msgspec.json.encode(evidence)).hexdigest()
