"""Where a customer's consent to an agency stood when its evidence was written."""

from collections.abc import Sequence
from datetime import datetime

from gateway.evidence import flaw
from insurers.agency import Mandate
from insurers.consent import Consent, ConsentKind
from insurers.evidence import Evidence
from insurers.mandate import GRANTED, REPLACED, REVOKED, in_order
from insurers.person import Private
from insurers.text import Text


class ConsentStanding(Private, frozen=True, kw_only=True, omit_defaults=True):
    """`agency` is the operator's word for it; its name is in the statement."""

    id: str
    customer: str
    agency: str
    scopes: tuple[str, ...]
    granted_at: datetime
    expires_at: datetime | None = None
    revoked_at: datetime | None = None


def standing(mandate: Mandate) -> ConsentStanding:
    return ConsentStanding(
        id=mandate.id,
        customer=mandate.customer,
        agency=mandate.agency,
        scopes=tuple(in_order(mandate.scopes)),
        granted_at=mandate.granted_at,
        expires_at=mandate.expires_at,
        revoked_at=mandate.revoked_at,
    )


def check(about: ConsentStanding, entries: Sequence[Evidence]) -> None:
    """
    Pass if the consent was given, and taken back, as the file says, and about nothing else.

    Raises:
        Flaw: it was not.
    """
    for place, entry in enumerate(entries, start=1):
        if not isinstance(entry, Consent) or entry.kind is not ConsentKind.AGENT_ACCESS:
            raise flaw.impossible(place)
        if (entry.agency, entry.scopes) != (about.agency, about.scopes):
            raise flaw.other_agency(place)
        first = place == 1
        if not _says(entry, GRANTED) if first else not (_says(entry, REVOKED) or _says(entry, REPLACED)):
            raise flaw.impossible(place)
        if place > 1 + (about.revoked_at is not None):
            raise flaw.impossible(place)
        if entry.at != (about.granted_at if first else about.revoked_at):
            raise flaw.impossible(place)
    if len(entries) != 1 + (about.revoked_at is not None):
        raise flaw.cut_short()


def _says(entry: Consent, answer: Text) -> bool:
    return entry.answer in (answer.ja, answer.en)
