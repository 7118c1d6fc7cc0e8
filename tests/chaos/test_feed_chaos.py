"""The short version of `python -m tests.chaos.feed`."""

from pathlib import Path

import pytest

from tests.chaos.feed import Proved, Trial, run
from tests.store.databases import postgresql_migrated, sqlite_migrated

ROWS, PER_PAGE = 2_000, 100


@pytest.fixture
def trial(request: pytest.FixtureRequest, tmp_path: Path) -> Trial:
    database, kills = request.param
    url = sqlite_migrated(tmp_path) if database == "sqlite" else postgresql_migrated()
    return Trial(url=url, rows=ROWS, per_page=PER_PAGE, kills=kills, seed=kills)


@pytest.mark.parametrize("trial", [("sqlite", 3), ("postgresql", 1)], indirect=True)
async def test_a_sync_that_is_killed_at_random_leaves_the_book_as_the_feed_has_it(trial: Trial) -> None:
    assert Proved(killed=trial.kills, present=1_980, gone=40, changes=140) == await run(trial)
