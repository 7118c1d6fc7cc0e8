"""Pages of a feed that are written together, and what comes between them."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from msgspec.structs import replace
from structlog.testing import capture_logs

from gateway.journeys.feed_gathering import GATHERED_WITHIN
from gateway.journeys.feeds import Feeds
from gateway.journeys.patience import Patience
from insurers.book import FeedRun, RunState
from insurers.errors import Unavailable
from insurers.feed import FeedAccess, FeedPage
from insurers.identity import AgencyCode
from insurers.money import Yen
from insurers.panel import Panel
from insurers.sandbox import TestClock
from tests.journeys.feed_frail import Died, FrailStore
from tests.journeys.feed_office import LEASE, ONE, Office, counts, numbers, opened
from tests.journeys.feed_source import MADE_AT, PaperFeed, as_insurer, policies, policy
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


class SlowFeed(PaperFeed):
    """Has the page with that number wait until it is let go of."""

    slow = 2
    let_go: asyncio.Event

    async def feed(self, access: FeedAccess, after: str | None) -> FeedPage:
        page = await super().feed(access, after)
        if self.asked[-1] == self.slow:
            await self.let_go.wait()
        return page


async def test_what_came_is_written_while_the_next_page_is_on_its_way(office: Office) -> None:
    feed = SlowFeed(ONE, policies(100), per_page=20)
    feed.let_go = asyncio.Event()
    heard: list[int] = []

    def hear(run: FeedRun) -> None:
        heard.append(run.read)
        feed.let_go.set()

    # Of a lease as short as this, little is left for gathering.
    office.feed, lease = feed, timedelta(seconds=0.2)
    panel = Panel({ONE: as_insurer(feed)})
    feeds = Feeds(office.store, panel, office.clock, office.keyring, Patience(LEASE), lease=lease, at_once=100)
    order = await feeds.ordered("sakura", ONE)
    async with asyncio.timeout(5):
        run = await feeds.go_on(order, heard=hear)

    assert (RunState.DONE, 40) == (run.state, heard[0])
    assert numbers(0, 100) == await office.present()


async def test_a_page_that_breaks_breaks_none_that_came_before_it(office: Office) -> None:
    # No column takes a number like this.
    office.feed.records[30] = replace(policy(30), premium=Yen(2**80))

    with capture_logs() as said:
        waiting, _ = await read(office)
    before = await office.present()
    office.feed.records[30] = policy(30)
    office.clock.advance(timedelta(minutes=1))
    done, _ = await read(office)

    assert (RunState.RUNNING, 1, numbers(0, 20)) == (waiting.state, waiting.attempts, before)
    assert ["pages of a feed broke together", "a page of a feed broke"] == [line["event"] for line in said]
    assert (RunState.DONE, (100, 0, 0, 0, 0)) == (done.state, counts(done))


async def test_who_is_broken_off_asks_for_no_more(office: Office) -> None:
    feed = office.feed = SlowFeed(ONE, policies(100), per_page=20)
    feed.let_go = asyncio.Event()
    office.feeds = office.another(at_once=20)
    order = await office.feeds.ordered("sakura", ONE)
    others = asyncio.all_tasks()
    reading = asyncio.create_task(office.feeds.go_on(order))
    async with asyncio.timeout(5):
        while feed.asked != [0, 1, 2]:  # noqa: ASYNC110 - nobody tells of it
            await asyncio.sleep(0)
        reading.cancel()
        with pytest.raises(asyncio.CancelledError):
            await reading
    await office.feeds.drain()

    assert others == asyncio.all_tasks()
    assert (RunState.DONE, numbers(0, 100)) == (await finished(office, feed, order), await office.present())


async def finished(office: Office, feed: SlowFeed, order: FeedRun) -> RunState:
    feed.let_go.set()
    return (await office.feeds.go_on(order)).state
