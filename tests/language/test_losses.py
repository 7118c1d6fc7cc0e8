"""What a plan loses or narrows is told in full, and acknowledged as it was told (P-8)."""

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from insurers.coverage import CoverageKind, CoverageVariant
from insurers.losses import LOSSES, fingerprint, losses
from insurers.matrix import Column
from insurers.plan import Plan
from insurers.text import Text
from insurers.vehicle import AgeCondition, DriverLimitation, UsePurpose
from insurers.verdict import Verdict
from tests.language import offered
from tests.language.offered import FEW, PLANS, amount, lawyer, liability, offer, own_damage, perils, rider, whole

NOW = offered.conditions(DriverLimitation.FAMILY, AgeCondition.AGE_30_PLUS, UsePurpose.COMMUTE_SCHOOL)


@FEW
@given(PLANS)
def test_a_plan_loses_nothing_against_itself(plan: Plan) -> None:
    assert () == losses(plan, plan) == losses(replace(plan), plan)
    assert fingerprint(losses(plan, plan)) is None


@FEW
@given(PLANS, PLANS)
def test_all_that_may_be_less_is_told_and_nothing_else(plan: Plan, current: Plan) -> None:
    rows = whole([Column(plan, current)])

    assert [(row.label, row.cells[0].verdict) for row in rows if row.cells[0].verdict in LOSSES] == [
        (loss.label, loss.verdict) for loss in losses(plan, current)
    ]


@FEW
@given(PLANS, PLANS, st.data())
def test_an_acknowledgement_holds_in_whichever_order_an_insurer_lists_its_covers(
    plan: Plan, current: Plan, data: st.DataObject
) -> None:
    shuffled = (replace(each, coverages=tuple(data.draw(st.permutations(each.coverages)))) for each in (plan, current))

    assert fingerprint(losses(plan, current)) == fingerprint(losses(*shuffled))


def test_losses_are_lines_that_are_lost_narrowed_or_not_told_and_conditions_that_narrow() -> None:
    current = offer(
        liability(),
        lawyer(CoverageVariant.MOTOR_AND_DAILY),
        own_damage(perils=perils(fire="yes", rollover="yes")),
        rider("安心更新サポート特約"),
        told=NOW,
    )
    plan = offer(
        liability(deductible=None),
        lawyer(CoverageVariant.MOTOR_AND_DAILY),
        own_damage(perils=perils(fire="yes", rollover="no"), limit=amount(1)),
        insurer="stone",
        told=replace(NOW, limitation=DriverLimitation.NONE, age_condition=AgeCondition.AGE_35_PLUS),
    )

    found = losses(plan, current)

    assert [
        (CoverageKind.PROPERTY_DAMAGE_LIABILITY, "対物賠償", Verdict.UNKNOWN),
        (CoverageKind.OWN_DAMAGE, "車両保険", Verdict.WORSE),
        (CoverageKind.OTHER, "安心更新サポート特約", Verdict.LOST),
        (None, "運転者の年齢条件", Verdict.WORSE),
    ] == [(loss.kind, loss.label.ja, loss.verdict) for loss in found]
    assert "転覆・墜落が補償されず、限度額が無制限から1円に下がります。" == found[1].reason.ja


def test_an_acknowledgement_names_all_that_was_read_of_these_losses() -> None:
    (loss,) = losses(offer(), offer(liability()))
    known = fingerprint([loss])

    others = (
        replace(loss, kind=CoverageKind.OTHER),
        replace(loss, label=Text("別", "other")),
        replace(loss, verdict=Verdict.WORSE),
        replace(loss, reason=Text(loss.reason.ja, "other")),
        replace(loss, reason=Text("別", loss.reason.en)),
    )
    assert len({known, None, *(fingerprint([other]) for other in others)}) == 2 + len(others)
    assert known == fingerprint(losses(offer(), offer(liability())))
    assert known != fingerprint([loss, loss])
