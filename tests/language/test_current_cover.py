"""The present contract stands among plans, and loses nothing against itself."""

from datetime import datetime

import pytest
from msgspec.structs import replace

from insurers.comparison import CURRENT
from insurers.coverage import Coverage, CoverageKind
from insurers.current import current_cover
from insurers.errors import Drifted
from insurers.hours import TOKYO
from insurers.identity import PolicyNumber, PolicyRef
from insurers.losses import losses
from insurers.money import Limit, LimitKind, Yen
from insurers.plan import Conditions, Plan
from insurers.policy import ContractForm, GroupScheme, Policy, PolicyStatus
from insurers.risk import RatedGroup, Risk, WantedCover
from insurers.vehicle import AgeCondition, DriverLimitation, DriverScope, NonFleetGrade, UsePurpose, Vehicle


@pytest.fixture
def policy(plan: Plan) -> Policy:
    return Policy(
        ref=PolicyRef(plan.insurer, PolicyNumber.parse("A123456789")),
        status=PolicyStatus.IN_FORCE,
        insurer_status="有効",
        starts_at=datetime(2025, 12, 10, 16, tzinfo=TOKYO),
        ends_at=datetime(2026, 12, 10, 16, tzinfo=TOKYO),
        form=ContractForm.INDIVIDUAL,
        premium=plan.premium,
        vehicle=Vehicle(name="アクア", use=UsePurpose.COMMUTE_SCHOOL, insurer_use="通勤・通学"),
        driver_scope=DriverScope(
            limitation=DriverLimitation.FAMILY,
            age_condition=AgeCondition.AGE_26_PLUS,
            insurer_limitation="家族限定",
            insurer_age_condition="26才以上",
        ),
        grade=NonFleetGrade(grade=17, accident_term=0),
        coverages=plan.coverages,
    )


def test_the_present_cover_is_a_plan_that_costs_what_the_term_costs(policy: Policy) -> None:
    current = current_cover(policy)

    assert (CURRENT, policy.premium, policy.grade) == (current.code, current.premium, current.grade)
    assert [cover.insurer_label for cover in policy.coverages] == [cover.insurer_label for cover in current.coverages]
    assert not any(cover.options for cover in current.coverages)
    assert Conditions(
        limitation=DriverLimitation.FAMILY,
        age_condition=AgeCondition.AGE_26_PLUS,
        use=UsePurpose.COMMUTE_SCHOOL,
        insurer_limitation="家族限定",
        insurer_age_condition="26才以上",
        insurer_use="通勤・通学",
    ) == (current.conditions)


def test_of_a_contract_nothing_is_in_its_risk_that_no_other_insurer_could_use(policy: Policy) -> None:
    rider = Coverage(kind=CoverageKind.AUTO_RENEWAL_RIDER, insurer_label="安心更新サポート特約", included=True)
    abroad = Limit(kind=LimitKind.UNLIMITED, abroad=Yen(100_000_000))
    car = Limit(kind=LimitKind.ACTUAL_VALUE, amount=Yen(1_500_000))
    covers = [
        Coverage(kind=kind, insurer_label="補償", included=True, limit=limit)
        for kind, limit in ((CoverageKind.PERSONAL_LIABILITY, abroad), (CoverageKind.OWN_DAMAGE, car))
    ]
    group = GroupScheme(name="見本商事団体扱", employer_name="見本商事", employee_number_required=True)

    risk = Risk.of(replace(policy, coverages=(rider, *covers), group_scheme=group))

    assert (
        WantedCover(kind=CoverageKind.PERSONAL_LIABILITY, limit=Limit(kind=LimitKind.UNLIMITED)),
        WantedCover(kind=CoverageKind.OWN_DAMAGE, limit=Limit(kind=LimitKind.ACTUAL_VALUE)),
    ) == risk.coverages
    assert RatedGroup(name="見本商事団体扱") == risk.group


def test_the_same_cover_again_loses_nothing(policy: Policy, plan: Plan) -> None:
    assert () == losses(plan, current_cover(policy))


def test_who_may_drive_is_left_out_where_the_contract_does_not_say(policy: Policy) -> None:
    assert current_cover(replace(policy, driver_scope=None)).conditions is None


def test_a_contract_without_a_price_is_no_contract_that_we_know(policy: Policy) -> None:
    with pytest.raises(Drifted):
        current_cover(replace(policy, premium=None))
