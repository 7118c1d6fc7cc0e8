"""Plans side by side: each is held against its own reference, and no line of any is left out."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from insurers.coverage import Coverage, CoverageKind
from insurers.identity import InsurerCode
from insurers.matrix import Column, conditions, matrix
from insurers.money import Limit, LimitKind
from insurers.plan import Conditions, Plan
from insurers.text import Text
from insurers.vehicle import AgeCondition, DriverLimitation, UsePurpose
from insurers.verdict import Aspect, Verdict
from tests.language import offered
from tests.language.offered import (
    COVERS,
    FEW,
    PLANS,
    UNLIMITED,
    against,
    amount,
    cover,
    liability,
    offer,
    own_damage,
    perils,
    rider,
    whole,
)

COLUMNS = st.lists(st.builds(Column, PLANS, PLANS), max_size=3)
ALIKE = {Verdict.EQUAL, Verdict.REFERENCE}


@FEW
@given(PLANS)
def test_a_plan_is_equal_to_itself_throughout(plan: Plan) -> None:
    columns = [Column(replace(plan), plan)]

    verdicts = {cell.verdict for row in whole(columns) for cell in row.cells}
    assert {Verdict.EQUAL} >= verdicts


@FEW
@given(PLANS)
def test_the_reference_is_marked_wherever_it_stands(plan: Plan) -> None:
    columns = [Column(plan, plan)]

    rows = whole(columns)
    assert {Verdict.REFERENCE} == {cell.verdict for row in rows for cell in row.cells}
    assert not any(row.differs for row in rows)


@FEW
@given(COLUMNS)
def test_every_row_has_a_cell_for_each_column_and_every_cover_stands_in_one(columns: list[Column]) -> None:
    rows = matrix(columns)

    for row in whole(columns):
        assert [column.plan for column in columns] == [cell.plan for cell in row.cells]
        assert row.differs is any(cell.verdict not in ALIKE for cell in row.cells)
        assert all(cell.reason.ja and cell.reason.en for cell in row.cells)
    for position, column in enumerate(columns):
        shown = [row.cells[position].coverage for row in rows]
        assert all(cover in shown for cover in column.plan.coverages if cover.included)
        named = {row.kind for row in rows}
        assert {cover.kind for cover in (*column.plan.coverages, *column.reference.coverages)} <= named


@FEW
@given(COLUMNS)
def test_the_order_of_covers_changes_nothing(columns: list[Column]) -> None:
    turned = [Column(_turned(column.plan), _turned(column.reference)) for column in columns]

    assert _read(columns) == _read(turned)


def _read(columns: list[Column]) -> list[object]:
    return [(row.label, cell.coverage, cell.verdict, cell.reason) for row in matrix(columns) for cell in row.cells]


def _turned(plan: Plan) -> Plan:
    return replace(plan, coverages=plan.coverages[::-1])


@FEW
@given(PLANS, PLANS, COVERS)
def test_a_cover_more_makes_no_plan_worse(plan: Plan, reference: Plan, more: Coverage) -> None:
    lines = {row.label for row in matrix([Column(plan, plan)])}
    added = replace(more, kind=CoverageKind.RENTAL_CAR, stated=True)
    richer = replace(plan, coverages=(*plan.coverages, added))

    assert {cell.verdict for row in matrix([Column(richer, plan)]) for cell in row.cells} <= {
        Verdict.EQUAL,
        Verdict.ONLY_HERE,
    }
    before = {row.label: row.cells[0].verdict for row in matrix([Column(plan, reference)])}
    after = {row.label: row.cells[0].verdict for row in matrix([Column(richer, reference)])}
    assert before == {label: after[label] for label in before}
    assert lines <= after.keys()


def test_each_plan_is_held_against_its_own_reference() -> None:
    low, high = offer(liability(limit=amount(1))), offer(liability(limit=amount(3)))
    between = offer(liability(limit=amount(2)))

    (row,) = matrix([Column(low, low), Column(between, low), Column(between, high)])

    assert [Verdict.REFERENCE, Verdict.BETTER, Verdict.WORSE] == [cell.verdict for cell in row.cells]


def test_every_cover_of_kind_other_has_a_row_of_its_own() -> None:
    now = offer(liability(), rider("安心更新サポート特約"), rider("継続うっかり特約"))
    next_term = offer(liability(), rider("継続うっかり特約"), rider("新特約"))

    rows = [row for row in against([next_term], now) if row.kind is CoverageKind.OTHER]

    assert [
        ("安心更新サポート特約", Verdict.LOST),
        ("新特約", Verdict.ONLY_HERE),
        ("継続うっかり特約", Verdict.EQUAL),
    ] == [(row.insurer_label, row.cells[0].verdict) for row in rows]
    assert Text("新特約", "新特約") == rows[1].label


def test_of_two_covers_of_one_kind_neither_is_passed_over() -> None:
    """An insurer may list the types of a cover beside each other, of which the customer has one or both."""
    motor, daily = (cover(CoverageKind.LAWYER_COST, insurer_label=label) for label in ("自動車事故型", "日常生活型"))
    listed = replace(motor, included=False)

    (one,) = against([offer(listed, daily)], offer(daily))
    both = against([offer(daily)], offer(motor, daily))

    assert (Verdict.EQUAL, daily) == (one.cells[0].verdict, one.cells[0].coverage)
    assert [Verdict.EQUAL, Verdict.LOST] == [row.cells[0].verdict for row in both]
    assert [None, "自動車事故型"] == [row.insurer_label for row in both]


def test_rows_are_in_the_order_of_the_vocabulary_and_cells_in_that_of_the_plans() -> None:
    plan = offer(own_damage(), rider("特約"), liability(), cover(CoverageKind.BODILY_INJURY_LIABILITY))

    rows = against([plan, _turned(plan)], plan)

    assert [
        CoverageKind.BODILY_INJURY_LIABILITY,
        CoverageKind.PROPERTY_DAMAGE_LIABILITY,
        CoverageKind.OWN_DAMAGE,
        CoverageKind.OTHER,
    ] == [row.kind for row in rows]
    assert all([plan, _turned(plan)] == [cell.plan for cell in row.cells] for row in rows)


def test_own_damage_of_two_insurers_is_told_by_perils_whatever_its_label() -> None:
    present = offer(own_damage(insurer_variant="10補償限定", perils=perils(collision_with_car="yes", theft="yes")))
    limited = own_damage(
        insurer_variant="車対車・限定危険", perils=perils(collision_with_car="conditional", theft="yes")
    )

    ((cell,),) = (row.cells for row in against([offer(limited, insurer="stone")], present))

    assert Verdict.WORSE is cell.verdict
    assert (
        Text("他の車との衝突の補償に条件が付きます。", "Covers collisions with other cars only under conditions.")
        == cell.reason
    )


def test_what_is_unknown_at_two_insurers_is_not_called_equal() -> None:
    vague = offer(own_damage(limit=Limit(kind=LimitKind.UNKNOWN)))

    assert Verdict.UNKNOWN is against([replace(vague, insurer=InsurerCode("stone"))], vague)[0].cells[0].verdict


def test_a_loss_beside_what_nobody_told_says_both() -> None:
    worse = offer(liability(limit=amount(1)), insurer="stone")
    worse_in_part = offer(liability(limit=amount(1), deductible=None), insurer="stone")

    ((whole, part),) = (row.cells for row in against([worse, worse_in_part], offer(liability(limit=UNLIMITED))))

    assert Verdict.WORSE is whole.verdict is part.verdict
    assert "Lowers the limit from unlimited to ¥1." == whole.reason.en
    assert "Lowers the limit from unlimited to ¥1, and does not state the deductible." == part.reason.en


def test_who_may_drive_from_which_age_and_for_what_stand_beside_the_matrix() -> None:
    """A band that only the present insurer has is mapped to a wider or a narrower one (P-8)."""
    now = offer(told=_told(AgeCondition.AGE_30_PLUS))
    wider, narrower = (_offered(age) for age in (AgeCondition.AGE_26_PLUS, AgeCondition.AGE_35_PLUS))
    silent, strange = offer(insurer="stone"), _offered(AgeCondition.UNKNOWN)

    drivers, age, use = conditions([Column(plan, now) for plan in (now, wider, narrower, silent, strange)])

    assert [Aspect.DRIVERS, Aspect.AGE, Aspect.USE] == [row.aspect for row in (drivers, age, use)]
    assert [
        Verdict.REFERENCE,
        Verdict.BETTER,
        Verdict.WORSE,
        Verdict.UNKNOWN,
        Verdict.UNKNOWN,
    ] == [cell.verdict for cell in age.cells]
    assert ["30歳以上", "26歳以上", "35歳以上", None, None] == [cell.value and cell.value.ja for cell in age.cells]
    assert [None, "unknownです"] == [cell.insurer_value for cell in age.cells[3:]]
    assert Verdict.EQUAL is drivers.cells[1].verdict is use.cells[1].verdict


def test_conditions_are_ordered_from_the_widest_to_the_narrowest() -> None:
    orders = (
        [_told(limitation=word) for word in DriverLimitation],
        [_told(word) for word in AgeCondition],
        [_told(use=word) for word in reversed(UsePurpose)],
    )
    for position, order in enumerate(orders):
        known = [told for told in order if "unknown" not in (told.limitation, told.age_condition, told.use)]
        for wide, narrow in pairwise(known):
            row = conditions([Column(offer(told=narrow, insurer="stone"), offer(told=wide))])[position]
            assert Verdict.WORSE is row.cells[0].verdict


def test_an_insurer_that_states_no_conditions_with_its_own_plan_means_those_of_the_contract() -> None:
    """They are common to all plans of a renewal, and its script has the customer confirm them (MS-REN-03)."""
    now = offer(told=_told())

    rows = conditions([Column(offer(), now), Column(offer(insurer="stone"), now)])

    assert {(Verdict.EQUAL, Verdict.UNKNOWN)} == {tuple(cell.verdict for cell in row.cells) for row in rows}
    assert {"The same condition as in the reference plan, as the insurer states no other with this plan."} == {
        row.cells[0].reason.en for row in rows
    }


def _told(
    age: AgeCondition = AgeCondition.AGE_26_PLUS,
    limitation: DriverLimitation = DriverLimitation.FAMILY,
    use: UsePurpose = UsePurpose.DAILY_LEISURE,
) -> Conditions:
    return offered.conditions(limitation, age, use)


def _offered(age: AgeCondition) -> Plan:
    return offer(told=_told(age), insurer="stone")
