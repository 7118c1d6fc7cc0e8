"""An accident as its insurer handles it."""

from datetime import datetime
from enum import StrEnum

from insurers.contact import Contact
from insurers.identity import PolicyRef
from insurers.person import Private


class ClaimStatus(StrEnum):
    """Phases of a claim (domain 2.9)."""

    RECEIVED = "received"
    INVESTIGATING = "investigating"
    NEGOTIATING = "negotiating"
    PAYING = "paying"
    PAID = "paid"
    CLOSED = "closed"
    UNKNOWN = "unknown"


class ClaimEvent(Private, frozen=True, kw_only=True):
    """Something that happened to a claim, in the insurer's words."""

    at: datetime
    summary: str


class Claim(Private, frozen=True, kw_only=True):
    """One accident (MS-ACC-01) with its number (事故番号) and its handler (MS-ACC-05)."""

    number: str
    policy: PolicyRef
    status: ClaimStatus
    insurer_status: str
    occurred_at: datetime | None = None
    timeline: tuple[ClaimEvent, ...] = ()
    handler: Contact | None = None
