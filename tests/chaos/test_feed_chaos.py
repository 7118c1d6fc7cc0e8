"""The short version of `python -m tests.chaos.feed`, which a full check runs on both databases."""

from pathlib import Path

import pytest

from tests.chaos.feed import Proved, Trial, run
from tests.store.databases import sqlite_migrated

ROWS, PER_PAGE = 2_000, 100


@pytest.fixture
def trial(tmp_path: Path) -> Trial:
    return Trial(url=sqlite_migrated(tmp_path), rows=ROWS, per_page=PER_PAGE, kills=3, seed=3)


async def test_a_sync_that_is_killed_at_random_leaves_the_book_as_the_feed_has_it(trial: Trial) -> None:
    assert Proved(killed=trial.kills, present=1_980, gone=40, changes=140) == await run(trial)
