"""An insurer's no is kept as what the customer may do next about it, with when and whom to ask."""

from datetime import datetime

import pytest

from insurers.contact import Contact
from insurers.errors import Closed, Duplicate, ErrorCode, InsurerError, NotOnline, Rejected
from insurers.hours import TOKYO
from insurers.identity import InsurerCode
from insurers.policy import RenewabilityCode, RenewabilityReason
from insurers.setback import Setback, SetbackKind
from insurers.text import Text

PAPER = InsurerCode("paper")
OPENS = datetime(2027, 1, 9, 7, tzinfo=TOKYO)
AGENCY = Contact(label=Text("見本代理店", "Sample Agency"), phone="03-0000-0000")


def agencys(why: RenewabilityCode, opens_at: datetime | None = None) -> NotOnline:
    reason = RenewabilityReason(code=why, message=Text("理由", "Why"), contact=AGENCY)
    return NotOnline(PAPER, reason=reason, opens_at=opens_at)


@pytest.mark.parametrize(
    ("error", "kind", "again_at"),
    [
        (agencys(RenewabilityCode.TOO_EARLY, OPENS), SetbackKind.TOO_EARLY, OPENS),
        (agencys(RenewabilityCode.TOO_LATE), SetbackKind.AGENCY_ONLY, None),
        (agencys(RenewabilityCode.ALREADY_RENEWED), SetbackKind.ALREADY_RENEWED, None),
        (agencys(RenewabilityCode.AUTO_RENEWAL_ACTIVE), SetbackKind.ALREADY_RENEWED, None),
        (Duplicate(PAPER), SetbackKind.ALREADY_RENEWED, None),
        (Rejected(PAPER, code=ErrorCode.RISK_NOT_ACCEPTED), SetbackKind.REFUSED, None),
        (Closed(PAPER, opens_at=OPENS), SetbackKind.CLOSED, OPENS),
    ],
)
def test_a_no_is_told_by_what_can_be_done_about_it(
    error: InsurerError, kind: SetbackKind, again_at: datetime | None
) -> None:
    kept = Setback.of(error)

    assert (kind, error.code, again_at) == (kept.kind, kept.code, kept.again_at)


def test_what_only_an_agency_does_names_it() -> None:
    kept = Setback.of(agencys(RenewabilityCode.TOO_LATE))

    assert (AGENCY, Text("理由", "Why")) == (kept.contact, kept.reason)
