"""The dates of a policy that matter, soonest first, each with where it comes from."""

from datetime import datetime, timedelta

from insurers.deadlines import deadlines
from insurers.hours import TOKYO
from insurers.identity import InsurerCode, PolicyNumber, PolicyRef
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


def test_without_an_offer_only_the_policys_own_dates_are_known() -> None:
    dates = deadlines(POLICY, None)

    assert [Confidence.INSURER_SAID, Confidence.CONFIGURED] == [date.confidence for date in dates]
    assert dates == deadlines(POLICY, RenewalOffer(ref=REF, online=False))
