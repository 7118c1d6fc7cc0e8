"""Why an insurer's part of an answer is missing, as it is kept: an error that happened while nobody looked."""

from datetime import datetime
from enum import StrEnum

from msgspec import Struct

from insurers.contact import Contact
from insurers.errors import (
    AccessDenied,
    Closed,
    Drifted,
    Duplicate,
    ErrorCode,
    InsurerError,
    Locked,
    NeedsCustomer,
    NotOffered,
    NotOnline,
    Rejected,
    Unavailable,
)
from insurers.policy import RenewabilityCode
from insurers.text import Text


class SetbackKind(StrEnum):
    """What the customer may do next about it."""

    CLOSED = "closed"  # wait until it opens
    UNAVAILABLE = "unavailable"  # ask again
    LATE = "late"  # nothing: it is still awaited
    NOT_LINKED = "not_linked"  # link an account
    ACCESS_DENIED = "access_denied"  # sign in again
    NEEDS_CUSTOMER = "needs_customer"  # answer its question
    LOCKED = "locked"  # wait
    NOT_OFFERED = "not_offered"  # nothing
    REFUSED = "refused"  # change something, or leave it
    ALREADY_RENEWED = "already_renewed"  # nothing: the car has its next term
    TOO_EARLY = "too_early"  # wait until the renewal opens
    AGENCY_ONLY = "agency_only"  # ask the agency
    DRIFTED = "drifted"  # nothing: we are called


class Setback(Struct, frozen=True, kw_only=True):
    """
    `words` are the insurer's own, and `reason` ours, where only its agency may do it.

    `again_at` is when asking again makes sense, where that is known.
    """

    kind: SetbackKind
    code: ErrorCode
    words: str | None = None
    reason: Text | None = None
    again_at: datetime | None = None
    contact: Contact | None = None

    @classmethod
    def of(cls, error: InsurerError) -> "Setback":
        reason = error.reason if isinstance(error, NotOnline) else None
        return cls(
            kind=_kind(error),
            code=error.code,
            words=error.words,
            reason=reason.message if reason else None,
            again_at=_again_at(error),
            contact=reason.contact if reason else None,
        )


_KINDS: dict[type[InsurerError], SetbackKind] = {
    Closed: SetbackKind.CLOSED,
    NeedsCustomer: SetbackKind.NEEDS_CUSTOMER,
    AccessDenied: SetbackKind.ACCESS_DENIED,
    Locked: SetbackKind.LOCKED,
    NotOffered: SetbackKind.NOT_OFFERED,
    Drifted: SetbackKind.DRIFTED,
    NotOnline: SetbackKind.AGENCY_ONLY,
    Duplicate: SetbackKind.ALREADY_RENEWED,
    Rejected: SetbackKind.REFUSED,
    Unavailable: SetbackKind.UNAVAILABLE,
    InsurerError: SetbackKind.UNAVAILABLE,
}


# What an insurer leaves to its agency is so for good, but for these.
_REASONS: dict[RenewabilityCode, SetbackKind] = {
    RenewabilityCode.TOO_EARLY: SetbackKind.TOO_EARLY,
    RenewabilityCode.ALREADY_RENEWED: SetbackKind.ALREADY_RENEWED,
    RenewabilityCode.AUTO_RENEWAL_ACTIVE: SetbackKind.ALREADY_RENEWED,
}


def _kind(error: InsurerError) -> SetbackKind:
    if isinstance(error, NotOnline) and error.reason.code in _REASONS:
        return _REASONS[error.reason.code]
    return next(kind for raised, kind in _KINDS.items() if isinstance(error, raised))


def _again_at(error: InsurerError) -> datetime | None:
    match error:
        case Closed(opens_at=at) | Locked(until=at) | NotOnline(opens_at=at):
            return at
    return None
