"""What no next term can follow is not compared, and is told why and whom to ask before anybody is asked."""

from datetime import datetime, timedelta

import msgspec
import pytest

from gateway.journeys.comparable import COMPARED_AFTER_MATURITY, incomparable
from gateway.journeys.compared import compared
from insurers.contact import Contact
from insurers.hours import TOKYO
from insurers.identity import AgencyCode, InsurerCode, PolicyNumber, PolicyRef, SuccessorNumber
from insurers.money import Yen
from insurers.plan import PaymentMethod, Premium, PremiumNature
from insurers.policy import Agency, ContractForm, Policy, PolicyStatus
from insurers.text import Text
from schema.problems import ProblemCode

replace = msgspec.structs.replace

BEGINS = datetime(2026, 1, 5, 16, tzinfo=TOKYO)
ENDS = datetime(2027, 1, 5, 16, tzinfo=TOKYO)
AGENCY = Contact(label=Text("見本代理店", "Sample Agency"), phone="03-0000-0000")
POLICY = Policy(
    ref=PolicyRef(InsurerCode("paper"), PolicyNumber("A123456789")),
    status=PolicyStatus.IN_FORCE,
    insurer_status="有効",
    starts_at=BEGINS,
    ends_at=ENDS,
    form=ContractForm.INDIVIDUAL,
    premium=Premium(nature=PremiumNature.BINDABLE, total=Yen(60_000), payment=PaymentMethod.CREDIT_CARD),
    agency=Agency(code=AgencyCode("A1"), name="見本代理店", contact=AGENCY),
)


@pytest.mark.parametrize(
    ("policy", "now", "code", "word"),
    [
        (replace(POLICY, successor=SuccessorNumber("A223456789")), BEGINS, ProblemCode.ALREADY_DONE, "next term"),
        (replace(POLICY, status=PolicyStatus.RENEWED), BEGINS, ProblemCode.ALREADY_DONE, "next term"),
        (replace(POLICY, status=PolicyStatus.CANCELLED), BEGINS, ProblemCode.NOT_ELIGIBLE, "cancelled"),
        (POLICY, BEGINS - timedelta(seconds=1), ProblemCode.NOT_ELIGIBLE, "not begun"),
        (POLICY, ENDS + COMPARED_AFTER_MATURITY, ProblemCode.NOT_ELIGIBLE, "30 days ago"),
    ],
)
def test_what_cannot_be_followed_says_why_and_whom_to_ask(
    policy: Policy, now: datetime, code: ProblemCode, word: str
) -> None:
    refused = incomparable(policy, now=now)

    assert refused is not None
    assert (code, (AGENCY,)) == (refused.code, refused.contacts)
    assert word in refused.message.en


@pytest.mark.parametrize("now", [BEGINS, ENDS, ENDS + COMPARED_AFTER_MATURITY - timedelta(seconds=1)])
def test_what_can_still_be_followed_is_compared(now: datetime) -> None:
    assert incomparable(POLICY, now=now) is None


def test_a_risk_that_has_lost_its_cover_begins_tomorrow_and_tells_when_it_did() -> None:
    risk = compared(POLICY, now=ENDS + timedelta(days=3)).risk

    assert (ENDS + timedelta(days=4), ENDS) == (risk.inception, risk.maturity)
