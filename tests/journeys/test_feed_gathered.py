"""Pages of a feed that are written together, and what comes between them."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from msgspec.structs import replace

from gateway.journeys.feed_course import GATHERED_WITHIN
from insurers.book import FeedRun, RunState
from insurers.errors import Unavailable
from insurers.feed import FeedPage
from insurers.identity import AgencyCode
from insurers.sandbox import TestClock
from tests.journeys.feed_frail import Died, FrailStore
from tests.journeys.feed_office import LEASE, ONE, Office, counts, numbers, opened
from tests.journeys.feed_source import MADE_AT, policies
from tests.store.databases import sqlite_url

__all__ = ["sqlite_url"]

AT_ONCE = 40


@pytest.fixture
def clock() -> TestClock:
    return TestClock(MADE_AT + timedelta(hours=1), frozen=True)


@pytest.fixture
async def office(sqlite_url: str, clock: TestClock) -> AsyncIterator[Office]:
    async with opened(sqlite_url, clock) as office:
        office.feed.records = policies(100)
        office.feed.per_page = 20
        office.feeds = office.another(at_once=AT_ONCE)
        yield office


async def read(office: Office) -> tuple[FeedRun, list[int]]:
    """Read what there is; answer the reading, and how much was read by each commit that brought something."""
    heard: list[int] = []
    order = await office.feeds.ordered("sakura", ONE)
    run = await office.feeds.go_on(order, heard=lambda run: heard.append(run.read))
    return run, sorted(set(heard))


async def test_pages_are_written_together_to_so_many_records(office: Office) -> None:
    run, written = await read(office)

    assert (RunState.DONE, (100, 0, 0, 0, 0)) == (run.state, counts(run))
    assert [40, 80, 100] == written
    assert numbers(0, 100) == await office.present()


async def test_what_comes_slowly_is_written_as_it_comes(office: Office) -> None:
    def told(page: FeedPage) -> FeedPage:
        office.clock.advance(GATHERED_WITHIN)
        return page

    office.feed.told = told
    run, written = await read(office)

    assert (RunState.DONE, [20, 40, 60, 80, 100]) == (run.state, written)


async def test_what_came_before_trouble_is_in_the_book(office: Office) -> None:
    office.feed.trouble[1] = Unavailable(ONE)

    waiting, _ = await read(office)
    before = await office.present()
    office.clock.advance(timedelta(minutes=1))
    done, _ = await read(office)

    assert (RunState.RUNNING, 1, numbers(0, 20)) == (waiting.state, waiting.attempts, before)
    assert (RunState.DONE, numbers(0, 100)) == (done.state, await office.present())


async def test_nothing_behind_a_page_that_is_not_believed_is_written(office: Office) -> None:
    office.feed.told = lambda page: replace(page, agency=AgencyCode("H2002")) if page.read == AT_ONCE else page

    run, _ = await read(office)

    assert (RunState.FAILED, "anothers") == (run.state, run.words)
    assert numbers(0, 20) == await office.present()


@pytest.mark.parametrize("kept", [False, True])
async def test_pages_that_are_written_together_are_lost_together(office: Office, kept: bool) -> None:
    order = await office.feeds.ordered("sakura", ONE)
    # The claim is a commit, too.
    dying = FrailStore(office.databases, office.keyring, commit=3, kept=kept)
    with pytest.raises(Died):
        await office.another(dying, at_once=AT_ONCE).go_on(order)
    left = await office.present()
    office.clock.advance(LEASE)
    run = await office.feeds.go_on(order)

    assert numbers(0, 80 if kept else 40) == left
    assert (RunState.DONE, (100, 0, 0, 0, 0)) == (run.state, counts(run))


async def test_a_receipt_is_not_given_for_what_is_not_written_yet(office: Office) -> None:
    office.feed.told = lambda page: replace(page, receipt=page.read == AT_ONCE // 2)
    order = await office.feeds.ordered("sakura", ONE)
    dying = FrailStore(office.databases, office.keyring, commit=2, kept=False)
    with pytest.raises(Died):
        await office.another(dying, at_once=AT_ONCE).go_on(order)

    assert [0] == office.feed.asked
