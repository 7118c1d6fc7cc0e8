"""Covers held twice at the same time, at whatever insurers."""

from datetime import datetime, timedelta
from random import Random

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from insurers.coverage import Coverage, CoverageKind, CoverageVariant
from insurers.doubles import Double, doubles
from insurers.hours import TOKYO
from insurers.identity import InsurerCode, PolicyNumber, PolicyRef, SuccessorNumber
from insurers.money import Limit, LimitKind, Yen
from insurers.policy import ContractForm, Policy, PolicyStatus

replace = msgspec.structs.replace

NOW = datetime(2026, 11, 20, 10, tzinfo=TOKYO)
FIRST_DAY = datetime(2026, 1, 1, 16, tzinfo=TOKYO)
YEAR = 365

V = CoverageVariant
UNLIMITED = Limit(kind=LimitKind.UNLIMITED)


def liability(label: str = "個人賠償責任特約", limit: Limit = UNLIMITED) -> Coverage:
    return Coverage(kind=CoverageKind.PERSONAL_LIABILITY, insurer_label=label, included=True, limit=limit)


def lawyer(variant: CoverageVariant, words: str | None = None) -> Coverage:
    return Coverage(
        kind=CoverageKind.LAWYER_COST,
        insurer_label="弁護士費用特約",
        included=True,
        variant=variant,
        insurer_variant=words,
        limit=UNLIMITED,
    )


def bike(variant: CoverageVariant, words: str) -> Coverage:
    return Coverage(
        kind=CoverageKind.FAMILY_BIKE,
        insurer_label="ファミリーバイク特約",
        included=True,
        variant=variant,
        insurer_variant=words,
        limit=UNLIMITED,
    )


def policy(insurer: str, number: str, *covers: Coverage, starts: int = 0, days: int = YEAR, **words: object) -> Policy:
    """Answer a policy that starts so many days after the year's first day."""
    starts_at = FIRST_DAY + timedelta(days=starts)
    made = Policy(
        ref=PolicyRef(InsurerCode(insurer), PolicyNumber(number)),
        status=PolicyStatus.IN_FORCE,
        insurer_status=None,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(days=days),
        form=ContractForm.INDIVIDUAL,
        coverages=covers,
    )
    return replace(made, **words)


def numbers(found: list[Double]) -> list[tuple[str, list[str]]]:
    return [(double.kind.value, [str(held.policy.ref.number) for held in double.held]) for double in found]


def test_one_cover_of_two_insurers_is_named_with_both_their_terms() -> None:
    one = policy("paper", "A1", liability("日常生活賠償特約", Limit(kind=LimitKind.AMOUNT, amount=Yen(100_000_000))))
    other = policy("slate", "B1", liability("個人賠償責任特約"))

    [double] = doubles([one, other], NOW)

    assert ["日常生活賠償特約", "個人賠償責任特約"] == [held.coverage.insurer_label for held in double.held]
    assert [
        "補償額が異なります：「日常生活賠償特約」（証券番号 A1）は1億円、「個人賠償責任特約」（証券番号 B1）は無制限。"
    ] == [difference.ja for difference in double.differ]
    assert [
        (
            "They differ in how much is paid: "
            "日常生活賠償特約 (policy A1): ¥100,000,000; 個人賠償責任特約 (policy B1): unlimited."
        )
    ] == [difference.en for difference in double.differ]
    assert "1家族に1つあれば足りる" in double.why.ja
    assert any("最後の1つが続く契約に残る" in check.ja for check in double.check)


def test_all_three_kinds_are_looked_for_and_no_other() -> None:
    everything = [
        Coverage(kind=kind, insurer_label=kind.value, included=True, limit=UNLIMITED) for kind in CoverageKind
    ]

    found = doubles([policy("paper", "A1", *everything), policy("slate", "B1", *everything)], NOW)

    assert {CoverageKind.PERSONAL_LIABILITY, CoverageKind.LAWYER_COST, CoverageKind.FAMILY_BIKE} == {
        double.kind for double in found
    }


def test_a_lawyer_for_motor_accidents_only_may_be_needed_for_each_car() -> None:
    def found(*variants: CoverageVariant) -> Double:
        return doubles([policy("paper", f"A{at}", lawyer(variant)) for at, variant in enumerate(variants)], NOW)[0]

    motor_only = found(CoverageVariant.MOTOR_ONLY, CoverageVariant.MOTOR_ONLY)
    mixed = found(CoverageVariant.MOTOR_ONLY, CoverageVariant.MOTOR_AND_DAILY)

    assert "いずれも自動車事故のみ" in motor_only.why.ja
    assert () == motor_only.differ
    assert motor_only.why != mixed.why
    assert ["type"] == [difference.en.split(":")[0].removeprefix("They differ in ") for difference in mixed.differ]


@pytest.mark.parametrize(
    ("one", "other", "differ"),
    [
        (lawyer(V.MOTOR_ONLY, "自動車事故型"), lawyer(V.MOTOR_ONLY, "自動車事故限定型"), ""),
        (bike(V.PERSONAL_INJURY_TYPE, "人身傷害型"), bike(V.OWN_ACCIDENT_TYPE, "自損傷害型"), "種類が異なります"),
        (bike(V.UNKNOWN, "新型"), bike(V.UNKNOWN, "旧型"), "種類が同じか確認できません"),
        (bike(V.UNKNOWN, "新型"), bike(V.OWN_ACCIDENT_TYPE, "自損型"), "種類が同じか確認できません"),
        (liability(), replace(liability(), limit=None), "補償額が同じか確認できません"),
    ],
    ids=["two words for one", "two types", "two words", "one word", "one limit"],
)
def test_what_the_words_of_two_insurers_mean_is_told_apart_and_not_the_words(
    one: Coverage, other: Coverage, differ: str
) -> None:
    [double] = doubles([policy("paper", "A1", one), policy("slate", "B1", other)], NOW)

    assert ([differ] if differ else []) == [said.ja.partition("：")[0] for said in double.differ]
    if one.insurer_variant and differ:
        assert f"（証券番号 A1）は{one.insurer_variant}" in double.differ[0].ja


@pytest.mark.parametrize(
    "second",
    [
        policy("slate", "B1", liability(), starts=YEAR),
        policy("slate", "B1", replace(liability(), included=False)),
        policy("slate", "B1", liability(limit=Limit(kind=LimitKind.NOT_COVERED))),
        policy("slate", "B1", liability(), status=PolicyStatus.CANCELLED),
        policy("slate", "B1", liability(), days=30),
        policy("paper", "A2", liability(), starts=YEAR - 10),
        policy("paper", "A1", liability()),
    ],
    ids=["later", "left out", "of nothing", "cancelled", "over", "next term", "same policy"],
)
def test_what_is_not_held_at_the_same_time_is_no_double(second: Policy) -> None:
    first = policy("paper", "A1", liability(), successor=SuccessorNumber("A2"))

    assert [] == doubles([first, second], NOW)


def test_three_of_which_two_meet_at_a_time_are_two_doubles() -> None:
    first, second = policy("paper", "A1", liability()), policy("slate", "B1", liability(), starts=200)
    third = policy("paper", "A3", liability(), starts=400)

    found = doubles([third, first, second], NOW)

    assert [("personal_liability", ["A1", "B1"]), ("personal_liability", ["A3", "B1"])] == [
        (kind, sorted(held)) for kind, held in numbers(found)
    ]
    assert [NOW, third.starts_at] == [double.since for double in found]


def test_after_a_renewal_a_double_is_told_once_from_its_beginning_on() -> None:
    ends = policy("paper", "A1", liability(), successor=SuccessorNumber("A2"))
    follows = policy("paper", "A2", liability(), starts=YEAR)
    long = policy("slate", "B1", liability(), days=2 * YEAR)

    [double] = doubles([follows, ends, long], NOW)

    assert (NOW, {ends.ref, long.ref}) == (double.since, {held.policy.ref for held in double.held})


def test_a_cover_that_comes_with_the_next_term_is_a_double_from_then_on() -> None:
    ends = policy("paper", "A1", successor=SuccessorNumber("A2"))
    follows = policy("paper", "A2", liability(), starts=YEAR)

    [double] = doubles([ends, follows, policy("slate", "B1", liability(), days=2 * YEAR)], NOW)

    assert (follows.starts_at, ["A2", "B1"]) == (double.since, [str(held.policy.ref.number) for held in double.held])


POLICIES = st.lists(
    st.builds(
        lambda starts, days, has: policy("paper", "X", *([liability()] if has else []), starts=starts, days=days),
        st.integers(0, 900),
        st.integers(1, 500),
        st.booleans(),
    ),
    max_size=5,
).map(
    lambda drawn: [
        replace(each, ref=PolicyRef(each.ref.insurer, PolicyNumber(f"A{at}"))) for at, each in enumerate(drawn)
    ]
)


@given(policies=POLICIES)
def test_exactly_those_pairs_are_found_that_meet_from_now_on(policies: list[Policy]) -> None:
    """Every two of a double are in force at once, and every two that are stand in one together."""
    found = [{held.policy.ref for held in double.held} for double in doubles(policies, NOW)]

    together = {
        frozenset((one.ref, other.ref))
        for one in policies
        for other in policies
        if one.ref < other.ref
        and one.coverages
        and other.coverages
        and max(one.starts_at, other.starts_at, NOW) < min(one.ends_at, other.ends_at)
    }
    assert together == {frozenset((one, other)) for refs in found for one in refs for other in refs if one < other}
    assert not any(one < other for one in found for other in found)


@given(policies=POLICIES, renewed=st.integers(0, 4), days=st.integers(1, 500))
def test_renewing_a_contract_makes_no_more_doubles_of_it(policies: list[Policy], renewed: int, days: int) -> None:
    """As if the one term had been as long as both; its cover goes on in the next."""
    if renewed >= len(policies):
        return
    ends = policies[renewed]
    follows = replace(
        ends,
        ref=PolicyRef(ends.ref.insurer, PolicyNumber("Z1")),
        starts_at=ends.ends_at,
        ends_at=ends.ends_at + timedelta(days=days),
    )
    longer = replace(ends, ends_at=follows.ends_at)
    split = replace(ends, successor=SuccessorNumber("Z1"))

    def found(term: Policy, *more: Policy) -> list[tuple[datetime, set[PolicyRef]]]:
        others = [each for each in policies if each is not ends]
        return [
            (double.since, {ends.ref if held.policy.ref == follows.ref else held.policy.ref for held in double.held})
            for double in doubles([*others, term, *more], NOW)
        ]

    assert found(longer) == found(split, follows)


@given(policies=POLICIES, order=st.randoms(use_true_random=False))
def test_in_which_order_policies_are_read_changes_nothing(policies: list[Policy], order: Random) -> None:
    shuffled = list(policies)
    order.shuffle(shuffled)

    def seen(found: list[Double]) -> list[tuple[datetime, set[PolicyRef]]]:
        return [(double.since, {held.policy.ref for held in double.held}) for double in found]

    assert seen(doubles(policies, NOW)) == seen(doubles(shuffled, NOW))
