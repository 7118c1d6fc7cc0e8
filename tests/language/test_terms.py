"""How long a renewal insures, and when two contracts are one too many."""

from datetime import datetime, timedelta

import pytest

from insurers.hours import TOKYO
from insurers.term import TOLERATED_OVERLAP, Term, following, next_start

FOUR = 16


@pytest.mark.parametrize(
    ("maturity", "ends"),
    [((2026, 12, 31), (2027, 12, 31)), ((2028, 2, 29), (2029, 2, 28)), ((2027, 2, 28), (2028, 2, 28))],
)
def test_a_term_lasts_a_year_to_the_minute(maturity: tuple[int, int, int], ends: tuple[int, int, int]) -> None:
    term = following(datetime(*maturity, FOUR, tzinfo=TOKYO))

    assert datetime(*ends, FOUR, tzinfo=TOKYO) == term.ends_at


def test_the_day_is_tokyos() -> None:
    """Four in the afternoon of the last day is still morning in London."""
    maturity = datetime(2026, 12, 31, FOUR, tzinfo=TOKYO)

    assert following(maturity) == following(maturity.astimezone(tz=None))


@pytest.mark.parametrize(
    ("now", "day"),
    [((1, 5, 15, 59), 5), ((1, 5, 16, 0), 6), ((1, 6, 0, 30), 7), ((1, 12, 23, 59), 13)],
)
def test_the_next_term_begins_when_the_present_one_ends_or_tomorrow(now: tuple[int, int, int, int], day: int) -> None:
    maturity = datetime(2027, 1, 5, FOUR, tzinfo=TOKYO)

    assert datetime(2027, 1, day, FOUR, tzinfo=TOKYO) == next_start(maturity, datetime(2027, *now, tzinfo=TOKYO))


@pytest.mark.parametrize(
    ("shared", "doubled"),
    [(timedelta(0), False), (TOLERATED_OVERLAP, False), (TOLERATED_OVERLAP + timedelta(seconds=1), True)],
)
def test_terms_that_follow_each_other_may_meet_a_little_early(shared: timedelta, doubled: bool) -> None:
    first = following(datetime(2026, 12, 31, FOUR, tzinfo=TOKYO))
    second = Term(starts_at=first.ends_at - shared, ends_at=first.ends_at + timedelta(days=365))

    assert (doubled, doubled) == (first.doubles(second), second.doubles(first))
