"""Whole yen."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from insurers.money import Yen

AMOUNTS = st.builds(Yen, st.integers())


@pytest.mark.parametrize(
    ("amount", "printed"),
    [(0, "¥0"), (1, "¥1"), (57_600, "¥57,600"), (3_000_000_000, "¥3,000,000,000"), (-1_200, "-¥1,200")],
)
def test_yen_are_printed_as_people_read_them(amount: int, printed: str) -> None:
    assert printed == str(Yen(amount))


@given(AMOUNTS, AMOUNTS)
def test_what_is_added_can_be_taken_away(one: Yen, other: Yen) -> None:
    assert one == one + other - other


@given(AMOUNTS, AMOUNTS)
def test_more_yen_are_more(one: Yen, other: Yen) -> None:
    assert (one.amount < other.amount) == (one < other)


def test_many_amounts_have_a_sum() -> None:
    assert Yen(6) == sum([Yen(1), Yen(2), Yen(3)], Yen(0))
