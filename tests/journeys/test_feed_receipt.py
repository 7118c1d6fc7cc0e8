"""An insurer that gives changes once its full file was received has not received it before the book has it."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import datetime

import pytest

from gateway.development import sandboxes
from gateway.journeys.feeds import Feeds
from gateway.journeys.patience import Patience
from gateway.store import Store
from insurers.conformance_feed import read_feed
from insurers.feed import FeedAccess, FeedKind
from insurers.hours import TOKYO
from insurers.identity import AgencyCode
from insurers.panel import Panel, connected, find
from insurers.sandbox import TestClock, World, serve
from tests.api.conftest import Letterbox
from tests.journeys.feed_frail import Died, FrailStore
from tests.journeys.feed_office import LEASE, Office, opened
from tests.journeys.feed_source import DAILY, agency
from tests.store.databases import sqlite_url

__all__ = ["sqlite_url"]

(CODE,) = (code for code in sandboxes() if (feed := find(code).MANIFEST.feed) and feed.importable)
FRIDAY = datetime(2026, 11, 20, 10, tzinfo=TOKYO)
SAKURA = FeedAccess(insurer=CODE, agency=AgencyCode("S1001"), secret="sandbox-S1001")


@pytest.fixture
def clock() -> TestClock:
    return TestClock(FRIDAY, frozen=True)


@pytest.fixture
async def panel(clock: TestClock) -> AsyncIterator[Panel]:
    async with AsyncExitStack() as stack:
        world = World(clock=clock, postman=Letterbox())
        address = await stack.enter_async_context(serve(sandboxes()[CODE](world)))
        yield await stack.enter_async_context(connected({CODE: address.url}, clock=clock))


@pytest.fixture
async def office(sqlite_url: str, clock: TestClock) -> AsyncIterator[Office]:
    async with opened(sqlite_url, clock) as office:
        async with office.store.work() as work:
            await work.agencies.replace([agency(CODE)], [])
        yield office


async def test_what_is_broken_off_before_it_is_safe_is_told_again(office: Office, panel: Panel) -> None:
    def feeds(store: Store) -> Feeds:
        return Feeds(store, panel, office.clock, office.keyring, Patience(LEASE), lease=LEASE)

    order = await feeds(office.store).ordered("sakura", CODE)
    # The claim is the first commit, and the only page with records the second.
    dying = FrailStore(office.databases, office.keyring, commit=2, kept=False)
    with pytest.raises(Died):
        await feeds(dying).go_on(order)
    assert {} == await office.book()

    office.clock.advance(DAILY)
    done = await feeds(office.store).go_on(order)
    office.clock.advance(2 * DAILY)
    changes = await feeds(office.store).go_on(await feeds(office.store).ordered("sakura", CODE))

    assert [(FeedKind.FULL, None), (FeedKind.CHANGES, None)] == [(run.kind, run.words) for run in (done, changes)]
    told = {record.number.text: record for page in await read_feed(panel[CODE], SAKURA) for record in page.records}
    book = await office.book()
    assert done.added == len(book)
    assert told == {number: book[number].record for number in told}
