"""A reading that is broken off at any of its commits goes on with nothing lost and nothing twice."""

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace
from sqlalchemy import func, select

from gateway.journeys.feeds import Feeds
from gateway.store import book_tables as tables
from insurers.book import FeedRun, RunState
from insurers.feed import FeedRecord
from insurers.money import Yen
from insurers.sandbox import TestClock
from tests.journeys.feed_frail import Died, FrailStore
from tests.journeys.feed_office import LEASE, ONE, counts, opened
from tests.journeys.feed_source import DAILY, MADE_AT, PaperFeed, policy
from tests.store.databases import sqlite_migrated

ROWS, PER_PAGE, COME_AND_GO, CHANGED_EVERY = 27, 9, 4, 5

# The claim, the pages, the judgement of the whole, and the look at who is gone.
COMMITS = 1 + ROWS // PER_PAGE + 1 + 1


def told(day: int) -> list[FeedRecord]:
    """Answer what is told on a day: some are gone since the day before, some are new, some have changed."""
    found = (policy(n) for n in range(COME_AND_GO * day, COME_AND_GO * day + ROWS))
    return [
        replace(one, premium=Yen(day + 1)) if place % CHANGED_EVERY == day % CHANGED_EVERY else one
        for place, one in enumerate(found)
    ]


def expected(before: Sequence[FeedRecord], after: Sequence[FeedRecord]) -> tuple[int, int, int, int, int]:
    """Answer how many are new, changed, unchanged, gone and flawed."""
    was, is_ = ({record.number: record for record in records} for records in (before, after))
    changed = sum(was[number] != is_[number] for number in was.keys() & is_.keys())
    same = len(was.keys() & is_.keys()) - changed
    return len(is_.keys() - was.keys()), changed, same, len(was.keys() - is_.keys()), 0


@pytest.fixture
def url(tmp_path: Path) -> str:
    return sqlite_migrated(tmp_path)


async def test_wherever_a_reading_is_broken_off_the_book_is_the_feed(url: str) -> None:
    # With one commit more than there are nobody dies.
    deaths = [(commit, kept) for commit in range(1, COMMITS + 1) for kept in (False, True)] + [(COMMITS + 1, True)]
    clock = TestClock(MADE_AT + timedelta(hours=1), frozen=True)
    async with opened(url, clock) as office:
        feed = office.feed = PaperFeed(ONE, per_page=PER_PAGE)
        kept_changes = 0
        for day, (commit, kept) in enumerate(deaths):
            feed.records, before = told(day), feed.records
            order = await office.another().ordered("sakura", ONE)

            store = FrailStore(office.databases, office.keyring, commit=commit, kept=kept)
            died = await _broken_off(office.another(store), order)
            clock.advance(LEASE)
            run = await office.another().go_on(order)

            there = await office.book()
            assert died is (commit <= COMMITS)
            assert {record.number.text: record for record in feed.records} == {
                number: row.record for number, row in there.items() if not row.gone
            }
            assert (RunState.DONE, expected(before, feed.records)) == (run.state, counts(run)), (commit, kept)
            kept_changes += run.changed + run.vanished
            feed.next_day()
            clock.advance(DAILY)
        assert kept_changes == len(await office.changes())
        async with office.databases.reader.connect() as connection:
            assert ROWS == (await connection.execute(select(func.sum(tables.book_totals.c.entries)))).scalar_one()


async def _broken_off(feeds: Feeds, order: FeedRun) -> bool:
    try:
        await feeds.go_on(order)
    except Died:
        return True
    return False
