"""Whom a comparison asks without another word, whom only after one, and whom not at all."""

from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from gateway.journeys.compared import LATE, NOT_LINKED, NOT_OFFERED, UNTOLD, outlook
from gateway.journeys.kept_comparisons import timely_part
from insurers.capability import Capability, Level, QuoteTerms
from insurers.comparison import Inquiry, InquiryState
from insurers.identity import InsurerCode, PolicyNumber, PolicyRef
from insurers.panel import find
from insurers.risk import DataCategory, Risk
from insurers.setback import Setback
from tests.api.conftest import CODES, FRIDAY

S = InquiryState

HERE, ELSEWHERE = InsurerCode("here"), InsurerCode("elsewhere")
NEEDS = QuoteTerms(needs=frozenset({DataCategory.TERM}))
RISK = Risk(inception=FRIDAY)
MANIFEST = replace(find(CODES[0]).MANIFEST, code=HERE, capabilities={Capability.QUOTE: Level.NATIVE}, quoting=NEEDS)


def inquiry(policy: InsurerCode = ELSEWHERE, **changes: Any) -> Inquiry:  # Fields of an inquiry.
    whole = Inquiry(
        id="i1",
        comparison="c1",
        customer="somebody",
        policy=PolicyRef(policy, PolicyNumber.parse("A1")),
        insurer=HERE,
        position=0,
        state=S.CONSENT_NEEDED,
        version=1,
        created_at=FRIDAY,
        updated_at=FRIDAY,
    )
    return replace(whole, **changes)


AGREED = inquiry(categories=NEEDS.needs, agreed_at=FRIDAY)
BY_AN_AGENCY = replace(MANIFEST, capabilities={Capability.QUOTE: Level.ASSISTED})
IN_AN_ACCOUNT = replace(MANIFEST, quoting=replace(NEEDS, with_account=True))


@pytest.mark.parametrize(
    ("asked", "manifest", "risk", "linked", "expected"),
    [
        (inquiry(HERE), replace(MANIFEST, capabilities={}), Risk(), True, (S.ASKED, None)),
        (inquiry(HERE), None, RISK, True, (S.FAILED, NOT_OFFERED)),
        (AGREED, replace(MANIFEST, capabilities={}), RISK, True, (S.FAILED, NOT_OFFERED)),
        (AGREED, BY_AN_AGENCY, RISK, True, (S.FAILED, NOT_OFFERED)),
        (AGREED, MANIFEST, Risk(), True, (S.FAILED, UNTOLD)),
        (AGREED, IN_AN_ACCOUNT, RISK, False, (S.FAILED, NOT_LINKED)),
        (AGREED, IN_AN_ACCOUNT, RISK, True, (S.ASKED, None)),
        (AGREED, MANIFEST, RISK, False, (S.ASKED, None)),
        (inquiry(), MANIFEST, RISK, False, (S.CONSENT_NEEDED, None)),
        (inquiry(state=S.FAILED, setback=NOT_LINKED), IN_AN_ACCOUNT, RISK, True, (S.CONSENT_NEEDED, None)),
        (inquiry(state=S.DECLINED), MANIFEST, RISK, True, (S.DECLINED, None)),
    ],
)
def test_nobody_is_asked_of_anothers_contract_without_a_word_and_without_a_way(
    asked: Inquiry, manifest: Any, risk: Risk, linked: bool, expected: tuple[InquiryState, Setback | None]
) -> None:
    assert expected == outlook(asked, manifest, risk, linked=linked)


def test_whose_time_is_over_is_late_although_nobody_lived_to_write_it_down() -> None:
    asked = inquiry(state=S.ASKED, waits_until=FRIDAY)

    assert (S.LATE, LATE) == (timely_part(asked, FRIDAY).state, timely_part(asked, FRIDAY).setback)
    assert asked == timely_part(asked, FRIDAY - timedelta(microseconds=1))
    answered = replace(asked, state=S.ANSWERED)
    assert answered == timely_part(answered, FRIDAY)
