"""Plans line by line: only what can be ordered is ordered, and nothing is lost in silence."""

from collections.abc import Sequence
from itertools import product

import msgspec
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from insurers.coverage import Coverage, CoverageKind, CoverageVariant, Covered, Peril, PerilCover
from insurers.identity import InsurerCode
from insurers.matrix import Column, Row, matrix
from insurers.money import NOTHING_BORNE, Deductible, Limit, LimitKind, Yen
from insurers.plan import Plan
from insurers.verdict import Judgement, Verdict, compare

replace = msgspec.structs.replace

SWAPPED = {
    Verdict.BETTER: Verdict.WORSE,
    Verdict.WORSE: Verdict.BETTER,
    Verdict.ONLY_HERE: Verdict.LOST,
    Verdict.LOST: Verdict.ONLY_HERE,
}

SWAPPED_IN_PART = {
    Verdict.WORSE: {Verdict.UNKNOWN},
    Verdict.UNKNOWN: {Verdict.UNKNOWN, Verdict.WORSE},
    Verdict.DIFFERENT: {Verdict.DIFFERENT},
}

LIMITS = st.none() | st.one_of(
    st.builds(
        Limit,
        kind=st.sampled_from([LimitKind.AMOUNT, LimitKind.ACTUAL_VALUE]),
        amount=st.builds(Yen, st.integers(0, 3)),
        per_person=st.booleans(),
    ),
    st.builds(
        Limit,
        kind=st.sampled_from([LimitKind.UNLIMITED, LimitKind.UNKNOWN, LimitKind.ACTUAL_VALUE]),
        per_person=st.booleans(),
    ),
    st.builds(Limit, kind=st.just(LimitKind.NOT_COVERED)),
)
DEDUCTIBLES = st.none() | st.builds(
    Deductible,
    first=st.builds(Yen, st.integers(0, 2)),
    second=st.builds(Yen, st.integers(0, 2)),
    car_to_car_zero=st.booleans(),
)
PERILS = st.dictionaries(st.sampled_from(Peril), st.sampled_from(Covered), max_size=3).map(
    lambda parts: tuple(PerilCover(peril=peril, covered=covered) for peril, covered in parts.items())
)
KINDS = st.sampled_from([CoverageKind.OWN_DAMAGE, CoverageKind.LAWYER_COST, CoverageKind.OTHER])
COVERS = st.builds(
    Coverage,
    kind=KINDS,
    insurer_label=st.sampled_from(["補償", "特約"]),
    included=st.booleans(),
    variant=st.none() | st.sampled_from(CoverageVariant),
    insurer_variant=st.sampled_from([None, "一般", "限定"]),
    limit=LIMITS,
    deductible=DEDUCTIBLES,
    perils=PERILS,
)
# Two covers of one line.
PAIRS = st.builds(
    lambda kind, *pair: [one and replace(one, kind=kind) for one in pair], KINDS, st.none() | COVERS, st.none() | COVERS
)


def cover(kind: CoverageKind, **words: object) -> Coverage:
    """Answer a cover of which everything is told."""
    told = Coverage(
        kind=kind,
        insurer_label="補償",
        included=True,
        limit=Limit(kind=LimitKind.UNLIMITED),
        deductible=NOTHING_BORNE,
        perils=perils(fire="yes") if kind is CoverageKind.OWN_DAMAGE else (),
    )
    return replace(told, **words)


def own_damage(**words: object) -> Coverage:
    return cover(CoverageKind.OWN_DAMAGE, **words)


def lawyer(variant: CoverageVariant | None, words: str | None = None, **rest: object) -> Coverage:
    return cover(CoverageKind.LAWYER_COST, variant=variant, insurer_variant=words or variant, **rest)


def liability(**words: object) -> Coverage:
    return cover(CoverageKind.PROPERTY_DAMAGE_LIABILITY, **words)


def amount(yen: int, *, per_person: bool = False) -> Limit:
    return Limit(kind=LimitKind.AMOUNT, amount=Yen(yen), per_person=per_person)


def perils(**covered: str) -> tuple[PerilCover, ...]:
    return tuple(PerilCover(peril=Peril(peril), covered=Covered(word)) for peril, word in covered.items())


UNLIMITED = Limit(kind=LimitKind.UNLIMITED)
NOT_COVERED = Limit(kind=LimitKind.NOT_COVERED)


@pytest.mark.parametrize(
    ("ours", "theirs", "verdict"),
    [
        (own_damage(limit=amount(2)), own_damage(limit=amount(1)), Verdict.BETTER),
        (own_damage(limit=UNLIMITED), own_damage(limit=amount(9)), Verdict.BETTER),
        (own_damage(limit=UNLIMITED), own_damage(limit=amount(9, per_person=True)), Verdict.BETTER),
        (own_damage(limit=NOT_COVERED), own_damage(limit=amount(0, per_person=True)), Verdict.LOST),
        (own_damage(limit=amount(9)), own_damage(limit=amount(1, per_person=True)), Verdict.DIFFERENT),
        (own_damage(limit=Limit(kind=LimitKind.ACTUAL_VALUE)), own_damage(limit=amount(1)), Verdict.UNKNOWN),
        (
            own_damage(limit=Limit(kind=LimitKind.UNKNOWN)),
            own_damage(limit=Limit(kind=LimitKind.UNKNOWN)),
            Verdict.UNKNOWN,
        ),
        (own_damage(limit=None), own_damage(limit=amount(1)), Verdict.UNKNOWN),
        # Less to bear is better; first and later times are told apart.
        (
            own_damage(deductible=Deductible(first=Yen(0), second=Yen(10))),
            own_damage(deductible=Deductible(first=Yen(5), second=Yen(10))),
            Verdict.BETTER,
        ),
        (
            own_damage(deductible=Deductible(first=Yen(0), second=Yen(10))),
            own_damage(deductible=Deductible(first=Yen(5), second=Yen(5))),
            Verdict.DIFFERENT,
        ),
        (
            own_damage(deductible=Deductible(first=Yen(5), second=Yen(5), car_to_car_zero=True)),
            own_damage(deductible=Deductible(first=Yen(5), second=Yen(5))),
            Verdict.BETTER,
        ),
        # To bear nothing is to be told so; a deductible that nobody told is not nothing.
        (liability(), liability(deductible=Deductible(first=Yen(0), second=Yen(0))), Verdict.EQUAL),
        (liability(deductible=None), liability(), Verdict.UNKNOWN),
        (liability(deductible=None), liability(deductible=None), Verdict.UNKNOWN),
        # Own damage is told by its perils and never by its label (P-8).
        (
            own_damage(variant=CoverageVariant.FULL, perils=perils(theft="yes", rollover="yes")),
            own_damage(variant=CoverageVariant.LIMITED, perils=perils(rollover="yes", theft="yes")),
            Verdict.EQUAL,
        ),
        (
            own_damage(variant=CoverageVariant.LIMITED, perils=perils(rollover="no", theft="yes")),
            own_damage(variant=CoverageVariant.LIMITED, perils=perils(rollover="yes", theft="yes")),
            Verdict.WORSE,
        ),
        (
            own_damage(perils=perils(collision_with_car="conditional")),
            own_damage(perils=perils(collision_with_car="no")),
            Verdict.BETTER,
        ),
        (
            own_damage(perils=perils(rollover="no", theft="yes")),
            own_damage(perils=perils(rollover="yes", theft="no")),
            Verdict.DIFFERENT,
        ),
        (own_damage(perils=perils(theft="yes")), own_damage(perils=perils(theft="unknown")), Verdict.UNKNOWN),
        (own_damage(perils=perils(theft="yes")), own_damage(perils=()), Verdict.UNKNOWN),
        (
            own_damage(variant=CoverageVariant.FULL, perils=()),
            own_damage(variant=CoverageVariant.FULL, perils=()),
            Verdict.UNKNOWN,
        ),
        # What each insurer has no word for is not the same.
        (own_damage(perils=perils(other="yes")), own_damage(perils=perils(other="no")), Verdict.UNKNOWN),
        (own_damage(perils=perils(other="yes")), own_damage(perils=perils(other="yes")), Verdict.UNKNOWN),
        # Types are compared by what they mean, whatever the insurers call them.
        (
            lawyer(CoverageVariant.MOTOR_ONLY, "自動車事故型"),
            lawyer(CoverageVariant.MOTOR_ONLY, "自動車事故限定型"),
            Verdict.EQUAL,
        ),
        (lawyer(CoverageVariant.MOTOR_AND_DAILY), lawyer(CoverageVariant.MOTOR_ONLY), Verdict.BETTER),
        (lawyer(CoverageVariant.IN_CAR_ONLY), lawyer(CoverageVariant.ALSO_OUTSIDE), Verdict.WORSE),
        (
            lawyer(CoverageVariant.PERSONAL_INJURY_TYPE),
            lawyer(CoverageVariant.OWN_ACCIDENT_TYPE),
            Verdict.DIFFERENT,
        ),
        (lawyer(CoverageVariant.UNKNOWN, "新型"), lawyer(CoverageVariant.UNKNOWN, "新型"), Verdict.UNKNOWN),
        (lawyer(CoverageVariant.UNKNOWN), lawyer(CoverageVariant.MOTOR_ONLY), Verdict.UNKNOWN),
        (lawyer(CoverageVariant.MOTOR_ONLY), lawyer(None), Verdict.UNKNOWN),
        (lawyer(None), lawyer(None), Verdict.EQUAL),
        # No silence hides a loss, and none promises a gain (P-8).
        (liability(limit=amount(2), deductible=None), liability(), Verdict.WORSE),
        (liability(deductible=None), liability(limit=amount(2)), Verdict.UNKNOWN),
        (
            own_damage(perils=perils(fire="yes", rollover="no", other="no")),
            own_damage(perils=perils(fire="yes", rollover="yes", theft="yes")),
            Verdict.WORSE,
        ),
        (
            own_damage(perils=perils(fire="yes", rollover="no", other="no")),
            own_damage(perils=perils(fire="no", rollover="yes")),
            Verdict.DIFFERENT,
        ),
        (
            liability(limit=amount(9), deductible=None),
            liability(limit=amount(1, per_person=True)),
            Verdict.DIFFERENT,
        ),
        # A better limit does not make up for worse perils.
        (
            own_damage(limit=amount(2), perils=perils(theft="no")),
            own_damage(limit=amount(1), perils=perils(theft="yes")),
            Verdict.DIFFERENT,
        ),
        (own_damage(), None, Verdict.ONLY_HERE),
        (own_damage(), own_damage(included=False), Verdict.ONLY_HERE),
        (None, own_damage(), Verdict.LOST),
        (own_damage(included=False), own_damage(), Verdict.LOST),
        (own_damage(included=False), None, Verdict.EQUAL),
        (None, None, Verdict.EQUAL),
    ],
)
def test_a_cover_stands_to_another_insurers_as_a_broker_would_say(
    ours: Coverage | None, theirs: Coverage | None, verdict: Verdict
) -> None:
    assert verdict is compare(ours, theirs, same_insurer=False).verdict


@pytest.mark.parametrize(
    ("ours", "theirs", "verdict"),
    [
        (own_damage(perils=perils(other="no")), own_damage(perils=perils(other="yes")), Verdict.WORSE),
        (liability(deductible=None, note="印刷"), liability(deductible=None), Verdict.EQUAL),
        (lawyer(CoverageVariant.UNKNOWN, "新型", note="印刷"), lawyer(CoverageVariant.UNKNOWN, "新型"), Verdict.EQUAL),
        (lawyer(CoverageVariant.UNKNOWN, "新型"), lawyer(CoverageVariant.UNKNOWN, "旧型"), Verdict.UNKNOWN),
        (
            own_damage(variant=CoverageVariant.FULL, insurer_variant="一般", perils=()),
            own_damage(variant=CoverageVariant.LIMITED, insurer_variant="限定", perils=()),
            Verdict.UNKNOWN,
        ),
    ],
)
def test_one_insurers_words_mean_the_same_twice(ours: Coverage, theirs: Coverage, verdict: Verdict) -> None:
    assert verdict is compare(ours, theirs, same_insurer=True).verdict


@given(PAIRS, st.booleans())
def test_swapping_two_covers_swaps_the_verdict_and_hides_no_loss(
    pair: list[Coverage | None], same_insurer: bool
) -> None:
    said = compare(*pair, same_insurer=same_insurer)
    swapped = compare(*reversed(pair), same_insurer=same_insurer)

    assert said.complete is swapped.complete
    if said.complete:
        assert SWAPPED.get(said.verdict, said.verdict) is swapped.verdict
        assert said.verdict is not Verdict.UNKNOWN
    else:
        assert swapped.verdict in SWAPPED_IN_PART[said.verdict]


@given(COVERS, COVERS, st.booleans())
def test_a_peril_that_is_lost_is_told_whatever_else_there_is(
    ours: Coverage, theirs: Coverage, same_insurer: bool
) -> None:
    assume(NOT_COVERED not in (ours.limit, theirs.limit))
    without = own_damage(perils=perils(theft="no"), limit=ours.limit, deductible=ours.deductible)
    with_it = own_damage(
        perils=(*perils(theft="yes"), *(part for part in theirs.perils if part.peril is not Peril.THEFT)),
        limit=theirs.limit,
        deductible=theirs.deductible,
    )

    judgement = compare(without, with_it, same_insurer=same_insurer)

    assert judgement.verdict in (Verdict.WORSE, Verdict.DIFFERENT)


@given(COVERS, st.booleans())
def test_a_cover_is_never_better_than_itself(cover: Coverage, same_insurer: bool) -> None:
    itself = compare(cover, replace(cover, note="印刷"), same_insurer=same_insurer)

    assert itself.verdict in (Verdict.EQUAL, Verdict.UNKNOWN)
    assert Judgement(Verdict.EQUAL) == compare(cover, cover, same_insurer=True)


def against(plans: Sequence[Plan], reference: Plan) -> list[Row]:
    return matrix([Column(plan, reference) for plan in plans])


@given(st.lists(COVERS, max_size=5))
def test_a_plan_is_equal_to_itself_throughout(covers: list[Coverage]) -> None:
    plan = msgspec.convert(PLAIN, Plan)
    plan = replace(plan, coverages=tuple(covers))
    copy = msgspec.structs.replace(plan)

    verdicts = {cell.verdict for row in against([copy], plan) for cell in row.cells}

    assert {Verdict.EQUAL} >= verdicts
    assert not any(row.differs for row in against([plan, copy], plan))


PLAIN = {
    "insurer": "paper",
    "code": "1",
    "name": "プラン1",
    "position": 1,
    "premium": {"nature": "indication", "total": {"amount": 1}, "payment": "unknown"},
    "coverages": [],
    "quoted_at": "2026-11-20T10:00:00+09:00",
}


def rider(label: str, *, included: bool = True) -> Coverage:
    return Coverage(kind=CoverageKind.OTHER, insurer_label=label, included=included)


def test_every_cover_of_kind_other_has_a_row_of_its_own(plan: Plan) -> None:
    now = replace(plan, coverages=(*plan.coverages, rider("安心更新サポート特約"), rider("継続うっかり特約")))
    next_term = replace(plan, coverages=(*plan.coverages, rider("継続うっかり特約"), rider("新特約")))

    rows = [row for row in against([next_term], now) if row.kind is CoverageKind.OTHER]

    assert {"安心更新サポート特約": Verdict.LOST, "継続うっかり特約": Verdict.EQUAL, "新特約": Verdict.ONLY_HERE} == {
        row.insurer_label: row.cells[0].verdict for row in rows
    }


def test_rows_are_in_the_order_of_the_vocabulary_and_cells_in_that_of_the_plans(plan: Plan) -> None:
    reversed_plan = replace(plan, coverages=plan.coverages[::-1])

    rows = against([plan, reversed_plan], plan)

    assert [CoverageKind.BODILY_INJURY_LIABILITY, CoverageKind.OWN_DAMAGE] == [row.kind for row in rows]
    assert all([plan, reversed_plan] == [cell.plan for cell in row.cells] for row in rows)
    assert {None} == {row.insurer_label for row in rows}


def test_the_reference_is_marked_and_every_verdict_says_why(plan: Plan) -> None:
    poorer = replace(plan, coverages=plan.coverages[:1])

    rows = against([plan, poorer], plan)

    assert [[Verdict.REFERENCE, Verdict.EQUAL], [Verdict.REFERENCE, Verdict.LOST]] == [
        [cell.verdict for cell in row.cells] for row in rows
    ]
    assert [False, True] == [row.differs for row in rows]
    assert all(cell.reason.ja and cell.reason.en for row in rows for cell in row.cells)


def test_what_is_unknown_at_two_insurers_is_not_called_equal(plan: Plan) -> None:
    vague = replace(plan, coverages=(own_damage(limit=Limit(kind=LimitKind.UNKNOWN)),))
    elsewhere = replace(vague, insurer=InsurerCode("other"))

    assert Verdict.UNKNOWN is against([elsewhere], vague)[0].cells[0].verdict


def test_a_loss_beside_what_nobody_told_has_a_reason_of_its_own(plan: Plan) -> None:
    reference = replace(plan, insurer=InsurerCode("other"), coverages=(liability(),))
    worse = replace(plan, coverages=(liability(limit=amount(1)),))
    worse_in_part = replace(plan, coverages=(liability(limit=amount(1), deductible=None),))

    ((whole, part),) = (row.cells for row in against([worse, worse_in_part], reference))

    assert Verdict.WORSE is whole.verdict is part.verdict
    assert "Lowers the limit from unlimited to ¥1." == whole.reason.en
    assert "Lowers the limit from unlimited to ¥1, and does not state the deductible." == part.reason.en


def test_every_pair_of_perils_is_compared() -> None:
    for ours, theirs in product(Covered, Covered):
        judgement = compare(
            own_damage(perils=perils(theft=ours)), own_damage(perils=perils(theft=theirs)), same_insurer=False
        )

        assert judgement.complete is (Covered.UNKNOWN not in (ours, theirs))
        assert judgement.complete is (judgement.verdict is not Verdict.UNKNOWN)
