"""What holds of every verdict, whatever insurers offer."""

from hypothesis import assume, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from insurers.coverage import Coverage, Covered, Peril, PerilCover
from insurers.plan import Conditions
from insurers.scope import CONDITIONS as SCOPE
from insurers.verdict import Judgement, Verdict, compare
from tests.language.offered import (
    CONDITIONS,
    COVERS,
    INSURERS,
    NOT_COVERED,
    UNLIMITED,
    amount,
    borne,
    lines,
    own_damage,
    perils,
    value,
)

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

MORE = {Verdict.BETTER, Verdict.ONLY_HERE}

# What an insurer covers under OTHER is its own.
NAMED_PERILS = [peril for peril in Peril if peril is not Peril.OTHER]
SETS = st.sets(st.sampled_from(NAMED_PERILS))

# Own-damage covers of which everything is told, near enough to each other to be ordered often.
TOLD = st.builds(
    lambda limit, first, zero, theft: own_damage(
        limit=limit, deductible=borne(first, 2, car_to_car_zero=zero), perils=perils(theft=theft)
    ),
    st.sampled_from([amount(1), amount(2), amount(1, per_person=True), value(1), UNLIMITED]),
    st.integers(0, 2),
    st.booleans(),
    st.sampled_from(["yes", "no", "conditional"]),
)


@given(lines(2), st.booleans())
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


@given(lines(2), st.booleans())
def test_each_finding_is_swapped_with_its_values(pair: list[Coverage | None], same_insurer: bool) -> None:
    said = compare(*pair, same_insurer=same_insurer)
    swapped = compare(*reversed(pair), same_insurer=same_insurer)

    turned = {
        replace(
            finding,
            verdict=SWAPPED.get(finding.verdict, finding.verdict),
            ours=finding.theirs,
            theirs=finding.ours,
        )
        for finding in said.findings
    }
    assert turned == set(swapped.findings)


@given(lines(3) | st.lists(TOLD, min_size=3, max_size=3), st.tuples(INSURERS, INSURERS, INSURERS))
def test_what_is_better_than_the_better_is_better(
    covers: list[Coverage | None], insurers: tuple[str, str, str]
) -> None:
    first, second, third = zip(covers, insurers, strict=True)
    steps = [_compare(first, second), _compare(second, third)]
    whole = _compare(first, third)

    assume(all(judgement.complete for judgement in (*steps, whole)))
    assume(all(judgement.verdict in {*MORE, Verdict.EQUAL} for judgement in steps))
    if any(judgement.verdict in MORE for judgement in steps):
        assert whole.verdict in MORE
    else:
        assert Verdict.EQUAL is whole.verdict


def _compare(one: tuple[Coverage | None, str], other: tuple[Coverage | None, str]) -> Judgement:
    return compare(one[0], other[0], same_insurer=one[1] == other[1])


@given(COVERS, st.booleans())
def test_a_cover_is_never_better_than_itself(cover: Coverage, same_insurer: bool) -> None:
    itself = compare(cover, replace(cover, note="印刷"), same_insurer=same_insurer)

    assert itself.verdict in (Verdict.EQUAL, Verdict.UNKNOWN)
    assert Judgement(Verdict.EQUAL) == compare(cover, cover, same_insurer=True)


@given(SETS, SETS, COVERS, st.booleans())
def test_own_damage_stands_as_the_sets_of_its_perils_do(
    ours: set[Peril], theirs: set[Peril], labelled: Coverage, same_insurer: bool
) -> None:
    one = own_damage(perils=_covering(ours), variant=labelled.variant, insurer_variant=labelled.insurer_variant)
    other = own_damage(perils=_covering(theirs))

    verdict = compare(one, other, same_insurer=same_insurer).verdict

    assert (verdict in {Verdict.BETTER, Verdict.EQUAL}) is (ours >= theirs)
    assert (verdict in {Verdict.WORSE, Verdict.EQUAL}) is (ours <= theirs)


def _covering(covered: set[Peril]) -> tuple[PerilCover, ...]:
    return perils(**{peril: Covered.YES if peril in covered else Covered.NO for peril in NAMED_PERILS})


@settings(max_examples=60)
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


@given(CONDITIONS, CONDITIONS, st.booleans())
def test_swapping_two_plans_swaps_who_may_drive(
    ours: Conditions | None, theirs: Conditions | None, same_insurer: bool
) -> None:
    for condition in SCOPE:
        said = condition.compare(ours, theirs, same_insurer=same_insurer)
        swapped = condition.compare(theirs, ours, same_insurer=same_insurer)

        if said.complete and swapped.complete:
            assert SWAPPED.get(said.verdict, said.verdict) is swapped.verdict
        else:
            assert {said.verdict, swapped.verdict} <= {Verdict.UNKNOWN, Verdict.EQUAL}
