"""The dates of a policy that matter, soonest first, each with where it comes from."""

from datetime import datetime, timedelta

import pytest
from msgspec.structs import replace

from insurers.deadlines import deadlines
from insurers.hours import TOKYO
from insurers.identity import InsurerCode, PolicyNumber, PolicyRef, SuccessorNumber
from insurers.policy import Confidence, ContractForm, DeadlineKind, Policy, PolicyStatus, RenewalOffer

MATURITY = datetime(2027, 1, 5, 16, tzinfo=TOKYO)
REF = PolicyRef(InsurerCode("paper"), PolicyNumber("A1"))
POLICY = Policy(
    ref=REF,
    status=PolicyStatus.IN_FORCE,
    insurer_status="有効",
    starts_at=MATURITY.replace(year=2026),
    ends_at=MATURITY,
    form=ContractForm.INDIVIDUAL,
)


def test_an_offer_tells_between_when_a_policy_renews() -> None:
    opens, closes = MATURITY - timedelta(days=60), MATURITY - timedelta(hours=1)

    dates = deadlines(POLICY, RenewalOffer(ref=REF, online=True, opens_at=opens, closes_at=closes))

    assert [
        (DeadlineKind.RENEWAL_OPENS, opens),
        (DeadlineKind.RENEWAL_CLOSES, closes),
        (DeadlineKind.MATURITY, MATURITY),
        (DeadlineKind.GRADE_CARRY_OVER_ENDS, MATURITY + timedelta(days=7)),
    ] == [(date.kind, date.at) for date in dates]
    assert all(date.source for date in dates)


def test_the_riders_of_a_policy_have_their_dates() -> None:
    decline, late = MATURITY - timedelta(days=7), MATURITY + timedelta(days=30)

    dates = deadlines(POLICY, RenewalOffer(ref=REF, online=True, decline_by=decline, late_until=late))

    said = {date.kind: date.at for date in dates if date.confidence is Confidence.INSURER_SAID}
    assert {
        DeadlineKind.AUTO_RENEWAL_NOTICE: decline,
        DeadlineKind.MATURITY: MATURITY,
        DeadlineKind.LATE_RENEWAL_ENDS: late,
    } == said


@pytest.mark.parametrize("told_by", ["the policy", "the offer"])
def test_what_was_renewed_can_neither_be_declined_nor_come_late(told_by: str) -> None:
    successor = SuccessorNumber("A2")
    policy = replace(POLICY, successor=successor) if told_by == "the policy" else POLICY
    offer = RenewalOffer(
        ref=REF,
        online=False,
        decline_by=MATURITY - timedelta(days=7),
        late_until=MATURITY + timedelta(days=30),
        successor=successor if told_by == "the offer" else None,
    )

    kinds = {date.kind for date in deadlines(policy, offer)}

    assert set() == kinds & {DeadlineKind.AUTO_RENEWAL_NOTICE, DeadlineKind.LATE_RENEWAL_ENDS}


def test_a_last_moment_that_nobody_tells_is_assumed_to_be_the_end_of_the_term_and_says_so() -> None:
    dates = deadlines(POLICY, None)

    assert [
        (DeadlineKind.RENEWAL_CLOSES, MATURITY, Confidence.ASSUMED),
        (DeadlineKind.MATURITY, MATURITY, Confidence.INSURER_SAID),
        (DeadlineKind.GRADE_CARRY_OVER_ENDS, MATURITY + timedelta(days=7), Confidence.CONFIGURED),
    ] == [(date.kind, date.at, date.confidence) for date in dates]
    assert dates == deadlines(POLICY, RenewalOffer(ref=REF, online=False))
