"""A person's account at an insurer: how it is opened, and the key to it that we may keep."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from msgspec import Struct

from insurers.identity import InsurerCode
from insurers.person import Private
from insurers.text import Text


class Access(Private, frozen=True, kw_only=True, gc=False):
    """
    What lets us act in one account. Opaque to everyone but the adapter that made it.

    Never holds the person's password. It is kept sealed, and opened only for a call.
    """

    insurer: InsurerCode
    secret: bytes


class Credentials(Private, frozen=True, kw_only=True, gc=False):
    """What a person signs in with. Used for one call and never stored."""

    user_id: str
    password: str


class ChallengeKind(StrEnum):
    """What an insurer asks a person to bring."""

    MAIL_LINK = "mail_link"
    KEYWORD = "keyword"
    NEW_CREDENTIALS = "new_credentials"
    ONE_TIME_PASSWORD = "one_time_password"
    TEMPORARY_PASSWORD = "temporary_password"
    NEW_PASSWORD = "new_password"
    PROCEDURE_CODE = "procedure_code"
    PASSWORD = "password"
    LINKING_CODE = "linking_code"


class Channel(StrEnum):
    """Where a message of the insurer goes."""

    EMAIL = "email"
    SMS = "sms"
    POST = "post"
    LINE = "line"


class SecretOrigin(StrEnum):
    """Who made up a keyword (D5)."""

    CUSTOMER = "customer"
    INSURER = "insurer"


class Challenge(Private, frozen=True, kw_only=True, gc=False):
    """
    A question of the insurer that only the person can answer.

    `step` is the key of the step in the registration method's script that answers it; None at
    a sign-in. `expires_at` counts from sending, the stricter reading (D6). `display_once` is
    shown to the person in the very answer that carries the challenge, and is then forgotten
    (MS-REG-03): a keyword to note down, or a LINKING_CODE to send in the messenger that
    `channel` names (MS-LIN-03). `state` is the adapter's own and is kept sealed.
    """

    kind: ChallengeKind
    prompt: Text
    step: str | None = None
    channel: Channel | None = None
    sent_to: str | None = None
    expires_at: datetime | None = None
    single_use: bool = False
    attempts_left: int | None = None
    trust_device_offered: bool = False
    origin: SecretOrigin | None = None
    display_once: str | None = None
    state: bytes = b""


class Answer(Private, frozen=True, kw_only=True, gc=False):
    """
    What the person brought: a value for each requirement key of the challenge's step.

    A challenge without a step (a one-time password at sign-in) takes its value under `ANSWER`.
    """

    values: Mapping[str, str]
    trust_device: bool = False


ANSWER = "answer"


class Asks(Struct, frozen=True, gc=False):
    """The insurer wants something from the person first."""

    challenge: Challenge


class Active(Private, frozen=True, kw_only=True, gc=False):
    """The account is open. `user_hint` is the user id, masked, for people to recognise it by."""

    access: Access
    user_hint: str | None = None


class LinkState(StrEnum):
    """State of a linked account, as we know it."""

    LINKED = "linked"
    CHALLENGE_PENDING = "challenge_pending"
    CREDENTIALS_REJECTED = "credentials_rejected"
    LOCKED = "locked"


class Link(Private, frozen=True, kw_only=True, gc=False):
    """
    One customer's account at one insurer.

    `access` is absent until the account was open once. Where the insurer asked for a passcode in
    the middle of a read, `reads_wait` for the answer: another try would send another passcode.
    `locked_until` is when a LOCKED account opens again, where the insurer tells.
    """

    id: str
    customer: str
    insurer: InsurerCode
    state: LinkState
    updated_at: datetime
    access: Access | None = None
    user_hint: str | None = None
    challenge: Challenge | None = None
    locked_until: datetime | None = None
    reads_wait: bool = False


def masked(user_id: str) -> str:
    """Show enough of a user id for its owner to recognise it: `ta***@example.jp`."""
    name, at, host = user_id.partition("@")
    return f"{name[:2]}***{at}{host}"
