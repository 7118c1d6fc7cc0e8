"""
How fast books are synced: `python -m tests.benchmarks.sync --policies 1000000`.

Two agencies have their policies at two insurers: a tenth is the first one's. The work is what a worker does, in one
process, from an empty book (first), once more (unchanged), and with a twentieth of the policies changed (changed).
Of the time that passes, what is spent waiting for a page is the insurer's; the rest is ours, and so is the memory.
"""

import argparse
import asyncio
import resource
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

# Importing it makes a place for PostgreSQL's lock, as every run of tests has one.
import tests.conftest
from gateway import store as stores
from gateway.development import sandboxes
from gateway.journeys.feeds import Feeds
from gateway.journeys.patience import Patience
from gateway.vault import Keyring
from insurers.book import FeedRun, RunState
from insurers.feed import FeedAccess, FeedKind, FeedPage, FeedRecord
from insurers.identity import InsurerCode
from insurers.money import Yen
from insurers.panel import Panel, connected
from tests.journeys.feed_source import DAILY, MADE_AT, PaperFeed, agency, as_insurer, now, policy
from tests.store.databases import postgresql_migrated, sqlite_migrated

__all__ = ["tests"]

PER_PAGE = 1_000
CHANGED_EVERY = 20
CODES = (InsurerCode("first"), InsurerCode("second"))
SOLD = {"sakura": "S1001", "hinode": "H2002"}

# How often it is looked whether an insurer that wanted to be left alone may be asked again.
LOOK_SECONDS = 0.2


class Offered(PaperFeed):
    """Makes up each page when it is asked for it, and measures how long that takes: that is the insurer's work."""

    def __init__(self, code: InsurerCode, counts: Mapping[str, int]) -> None:
        super().__init__(code, per_page=PER_PAGE)
        self.counts = counts
        self.seconds = 0.0
        self.cpu_seconds = 0.0
        self.changed = False

    async def feed(self, access: FeedAccess, after: str | None) -> FeedPage:
        began, cpu = time.perf_counter(), time.process_time()
        page = self._page(str(access.agency), int(after or 0))
        self.seconds += time.perf_counter() - began
        self.cpu_seconds += time.process_time() - cpu
        return page

    def _page(self, agency: str, start: int) -> FeedPage:
        total = self.counts[agency]
        end = min(start + PER_PAGE, total)
        return FeedPage(
            kind=FeedKind.FULL,
            as_of=self.as_of,
            records=tuple(self._records(start, end)),
            lines=tuple(range(start + 1, end + 1)),
            flaws=(),
            after=str(end) if end < total else None,
            read=end,
            total=total,
        )

    def _records(self, start: int, end: int) -> Iterator[FeedRecord]:
        for n in range(start, end):
            record = policy(n, prefix=self.code[0].upper())
            yield replace(record, next_premium=Yen(1)) if self.changed and n % CHANGED_EVERY == 0 else record


class Lap(Struct, frozen=True, kw_only=True):
    """`insurer` is what of the wall seconds the insurer took, where it works in this process."""

    name: str
    records: int
    wall: float
    cpu: float
    insurer: float
    peak_mib: float

    @property
    def line(self) -> str:
        own = self.wall - self.insurer
        return (
            f"  {self.name:<10} {self.records:>9,} records  {self.wall:7.1f} s wall, of it ours {own:7.1f} s:"
            f" {self.records / own:>8,.0f}/s   {self.cpu:7.1f} s CPU: {self.records / self.cpu:>8,.0f}/s"
            f"   +{self.peak_mib:.0f} MiB"
        )


def peak_mib() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


async def paper(url: str, policies: int) -> None:
    """Sync from insurers in this process."""
    counts = {"S1001": policies // 10 // 2, "H2002": policies * 9 // 10 // 2}
    offered = [Offered(code, counts) for code in CODES]
    keyring, day = Keyring.fresh(), 0

    def clock() -> datetime:
        return now() + day * DAILY

    async with stores.opened(url, keyring=keyring) as store:
        await appointed(store, CODES)
        panel = Panel({feed.code: as_insurer(feed) for feed in offered})
        patience, lease = Patience(DAILY), DAILY
        feeds = Feeds(store, panel, clock, keyring, patience, lease=lease)
        before = peak_mib()
        for day, name in enumerate(("first", "unchanged", "changed")):
            for feed in offered:
                feed.as_of, feed.changed = MADE_AT + day * DAILY, name == "changed"
                feed.seconds = feed.cpu_seconds = 0.0
            wall, cpu = time.perf_counter(), time.process_time()
            for code in CODES:
                while await feeds.turn(code):
                    pass
            say(
                Lap(
                    name=name,
                    records=2 * sum(counts.values()),
                    wall=time.perf_counter() - wall,
                    cpu=time.process_time() - cpu - sum(feed.cpu_seconds for feed in offered),
                    insurer=sum(feed.seconds for feed in offered),
                    peak_mib=peak_mib() - before,
                ).line
            )


async def real(url: str, policies: int) -> None:
    """Sync from the sandboxes, each in a process of its own; ours is what this process works."""
    keyring = Keyring.fresh()
    async with AsyncExitStack() as stack:
        store = await stack.enter_async_context(stores.opened(url, keyring=keyring))
        addresses = {code: await stack.enter_async_context(sandbox(code, policies)) for code in sandboxes()}
        await appointed(store, tuple(addresses))
        panel = await stack.enter_async_context(connected(addresses, clock=now))
        feeds = Feeds(store, panel, now, keyring, Patience(DAILY), lease=DAILY)
        before = peak_mib()
        for name in ("first", "unchanged"):
            wall, cpu = time.perf_counter(), time.process_time()
            runs = [await feeds.ordered(id_, code) for id_ in SOLD for code in addresses]
            done = await asyncio.gather(*(finished(feeds, run) for run in runs))
            spent, worked = time.perf_counter() - wall, time.process_time() - cpu
            say(
                Lap(
                    name=name,
                    records=sum(run.read for run in done),
                    wall=spent,
                    cpu=worked,
                    insurer=spent - worked,
                    peak_mib=peak_mib() - before,
                ).line
            )


async def finished(feeds: Feeds, run: FeedRun) -> FeedRun:
    # An insurer tells nobody when it may be asked again.
    while (run := await feeds.go_on(run)).state is RunState.RUNNING:  # noqa: ASYNC110
        await asyncio.sleep(LOOK_SECONDS)
    return run


@asynccontextmanager
async def sandbox(code: InsurerCode, policies: int) -> AsyncIterator[str]:
    """Run an insurer's sandbox as a person does, and answer where it is."""
    words = ["-m", "gateway", "sandbox", code, "--policies", str(policies // 2)]
    process = await asyncio.create_subprocess_exec(sys.executable, *words, stdout=asyncio.subprocess.PIPE)
    assert process.stdout is not None
    try:
        yield (await process.stdout.readline()).decode().split()[-1]
    finally:
        process.terminate()
        await process.wait()


async def appointed(store: stores.Store, codes: Sequence[InsurerCode]) -> None:
    """Let both agencies sell for these insurers."""
    async with store.work() as work:
        await work.agencies.replace([agency(*codes, id_=id_, code=code) for id_, code in SOLD.items()], [])


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.sync", description="Time the sync of books.")
    parser.add_argument("--policies", type=int, default=1_000_000, help="of both agencies (default %(default)s)")
    parser.add_argument("--database", choices=["sqlite", "postgresql"], default=None, help="one only")
    parser.add_argument("--sandboxes", action="store_true", help="read over sockets, with the adapters")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="tabane-sync-") as folder:
        databases = {"sqlite": lambda: sqlite_migrated(Path(folder)), "postgresql": postgresql_migrated}
        for name, made in databases.items():
            if given.database in (None, name):
                if not given.sandboxes:
                    say(f"{name}, {given.policies:,} policies at two insurers in this process")
                    asyncio.run(paper(made(), given.policies))
                else:
                    say(f"{name}, {given.policies:,} policies at every insurer's sandbox")
                    asyncio.run(real(made(), given.policies))


if __name__ == "__main__":
    main()
