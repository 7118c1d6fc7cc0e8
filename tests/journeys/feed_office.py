"""An agency's feed at one insurer, and the book that is read from it."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import timedelta

from gateway import store as stores
from gateway.journeys.feeds import Feeds
from gateway.journeys.patience import Patience
from gateway.store import Store, engines
from gateway.store.engines import Engines
from gateway.vault import Keyring
from insurers.book import ChangeKind, FeedRun, FieldChange
from insurers.feed import Flaw
from insurers.identity import InsurerCode
from insurers.panel import Panel
from insurers.sandbox import TestClock
from tests.journeys.feed_book import Row, changes, rows
from tests.journeys.feed_source import DAILY, HANAKO, PaperFeed, agency, as_insurer, policies, policy

ONE = InsurerCode("one")
LEASE = timedelta(seconds=120)


class Office:
    def __init__(self, store: Store, databases: Engines, keyring: Keyring, clock: TestClock) -> None:
        self.store = store
        self.clock = clock
        self.feed = PaperFeed(ONE, policies(250))
        self.databases = databases
        self.keyring = keyring
        self.feeds = self.another()

    def another(self, store: Store | None = None, *, at_once: int = 1) -> Feeds:
        """Answer what another process has; it writes page by page, or *at_once* so many records and more."""
        panel = Panel({ONE: as_insurer(self.feed)})
        patience = Patience(LEASE, chance=lambda: 0.0)
        return Feeds(store or self.store, panel, self.clock, self.keyring, patience, lease=LEASE, at_once=at_once)

    async def read(self) -> FeedRun:
        while await self.feeds.turn(ONE):
            pass
        return await self.last()

    async def next_day(self) -> FeedRun:
        """Read what the insurer makes of its records tomorrow."""
        self.feed.next_day()
        self.clock.advance(DAILY)
        return await self.read()

    async def last(self) -> FeedRun:
        async with self.store.reading() as work:
            return (await work.feeds.latest("sakura"))[ONE][0]

    async def flaws(self) -> list[Flaw]:
        async with self.store.reading() as work:
            return await work.feeds.flaws((await self.last()).id, first=100, after=-1)

    async def book(self) -> Mapping[str, Row]:
        return await rows(self.databases.reader, self.keyring, "sakura")

    async def changes(self) -> list[tuple[ChangeKind, list[FieldChange]]]:
        return await changes(self.databases.reader, self.keyring, "sakura")

    async def present(self) -> set[str]:
        return {number for number, row in (await self.book()).items() if not row.gone}


def counts(run: FeedRun) -> tuple[int, int, int, int, int]:
    return run.added, run.changed, run.unchanged, run.vanished, run.flawed


def numbers(start: int, end: int) -> set[str]:
    return {policy(n).number.text for n in range(start, end)}


@asynccontextmanager
async def opened(url: str, clock: TestClock) -> AsyncIterator[Office]:
    keyring = Keyring.fresh()
    async with stores.opened(url, keyring=keyring) as store, engines.opened(url) as databases:
        async with store.work() as work:
            await work.agencies.replace([agency(ONE)], [HANAKO])
        yield Office(store, databases, keyring, clock)
