"""How long to wait before the next try."""

from collections.abc import Callable
from datetime import timedelta

RETRY = timedelta(seconds=30)
LONGEST_RETRY = timedelta(minutes=15)

Chance = Callable[[], float]
"""Answers a number from 0 up to 1, another one each time: `random.random`, or a test's own."""


def backoff(attempts: int, chance: float) -> timedelta:
    """
    Answer a wait that doubles with every attempt and is never longer than a quarter of an hour.

    Half of it is left to *chance*, from 0 up to 1: those who failed together do not come back together.
    """
    longest = min(RETRY * (1 << min(attempts, 10)), LONGEST_RETRY)
    return longest * (1 + chance) / 2
