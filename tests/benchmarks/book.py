"""How long a page, a search and the summary of a large book take: `python -m tests.benchmarks.book --help`."""

import argparse
import asyncio
import math
import os
import random
import shutil
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import typer
from sqlalchemy import text

from gateway import store as stores
from gateway.events import LocalBus
from gateway.journeys.book import Books
from gateway.store import Store, engines
from gateway.vault import Keyring
from insurers.agency import Agent, AgentRole
from insurers.book import Blocker, BookList, EntryFilter, EntryOrder, EntryStatus
from insurers.money import Yen
from tests.benchmarks.books import INSURERS, NOW, SMALL, build
from tests.benchmarks.plans import Plans
from tests.store.databases import postgresql_database

MANAGER = Agent(id="m1", agency=SMALL, name="店長 一郎", role=AgentRole.MANAGER)
CLERK = Agent(id="a1", agency=SMALL, name="募集 花子", role=AgentRole.AGENT, branch="01")

PAGE = 50
ROUNDS = 20
PAGE_MILLISECONDS, SEARCH_MILLISECONDS = 20.0, 50.0

# The same for every run, so that a book that was kept can be read again.
KEYRING = "1:" + "A" * 43 + "="

TODAY = NOW.date()
STATUSES = frozenset({EntryStatus.NOT_STARTED, EntryStatus.IN_PROGRESS, EntryStatus.READY})
FILTERS = {
    "everything": EntryFilter(),
    "due within 60 days": EntryFilter(listed=BookList.RENEWAL),
    "expiring within 14 days": EntryFilter(listed=BookList.EXPIRING),
    "expired within 7 days": EntryFilter(listed=BookList.EXPIRED),
    "one day": EntryFilter(due_from=TODAY + timedelta(days=30), due_until=TODAY + timedelta(days=30)),
    "one insurer, three statuses, 60 days": EntryFilter(
        insurers=frozenset(INSURERS[1:]), statuses=STATUSES, listed=BookList.RENEWAL
    ),
    "the outcome is unconfirmed": EntryFilter(blockers=frozenset({Blocker.OUTCOME_UNCONFIRMED})),
    "needs the agency, in 14 days": EntryFilter(blockers=frozenset({Blocker.NEEDS_AGENCY}), listed=BookList.EXPIRING),
    "ready": EntryFilter(statuses=frozenset({EntryStatus.READY})),
    "nothing is in the way, unassigned": EntryFilter(blockers=frozenset({Blocker.NOTHING}), unassigned=True),
    "a branch, dearer by 5,000 or more": EntryFilter(branch="02", change_from=Yen(5_000)),
    "cheaper by 7,900 or more": EntryFilter(change_until=Yen(-7_900)),
}
LETTERS = "アイウエオカキクケコサシスセソタチツテトナニハヒフヘホマミムメモヤユヨリルレワ"


class Figures:
    """
    How long the same thing took, many times, in milliseconds: by the clock, and of this process's own work.

    The clock decides, so this wants a machine that does nothing else. A database server's work is on the clock only.
    """

    def __init__(self, name: str, limit: float) -> None:
        self.name = name
        self._limit = limit
        self._taken: list[float] = []
        self._worked: list[float] = []

    @contextmanager
    def timed(self) -> Iterator[None]:
        begun, working = time.perf_counter(), time.process_time()
        yield
        self._taken.append((time.perf_counter() - begun) * 1_000)
        self._worked.append((time.process_time() - working) * 1_000)

    @property
    def good(self) -> bool:
        return _at(self._taken, 0.95) <= self._limit

    def __str__(self) -> str:
        verdict = "" if self.good else f"  over {self._limit:.0f}"
        figures = (_at(values, share) for values in (self._worked, self._taken) for share in (0.5, 0.95, 1))
        return f"{self.name:<64}" + "".join(f"{figure:8.1f}" for figure in figures) + verdict


def say(*lines: object) -> None:
    typer.echo("\n".join(map(str, lines)))


def _at(values: Sequence[float], share: float) -> float:
    return sorted(values)[max(math.ceil(share * len(values)) - 1, 0)]


async def pages(books: Books, agent: Agent, name: str, wanted: EntryFilter, order: EntryOrder) -> Figures:
    """Walk through a list, page by page and from its beginning again, in both directions."""
    figures = Figures(f"{agent.role}: {name}, by {order}", PAGE_MILLISECONDS)
    for descending in (False, True):
        after: str | None = None
        for _ in range(ROUNDS // 2):
            with figures.timed():
                page = await books.page(
                    agent, wanted, order, descending=descending, first=PAGE, after=after, count=True
                )
            after = page.cursors[-1] if page.more_after else None
    return figures


async def to_the_end(books: Books, name: str, order: EntryOrder) -> Figures:
    """Go through a whole list: a page must not read again those before it."""
    figures = Figures(f"{name}, to the end, by {order} backwards", PAGE_MILLISECONDS)
    after: str | None = None
    more = True
    while more:
        with figures.timed():
            page = await books.page(MANAGER, FILTERS[name], order, descending=True, first=PAGE, after=after, count=True)
        after, more = page.cursors[-1] if page.cursors else None, page.more_after
    return figures


async def searches(books: Books, chance: random.Random) -> list[Figures]:
    beginnings = {
        f"{letters} letters of kana": ["".join(chance.choices(LETTERS, k=letters)) for _ in range(ROUNDS)]
        for letters in (1, 2, 3)
    }
    numbers = {
        "a family's kanji": ["佐藤", "鈴木", "高橋", "田"] * (ROUNDS // 4),
        "a policy's number": [f"A{n:09d}" for n in range(0, 20 * ROUNDS, 20)],
        "four digits of a plate": [f"{n:04d}" for n in range(1, 200 * ROUNDS, 200)],
    }
    found = [await searched(books, name, words, order) for name, words in beginnings.items() for order in EntryOrder]
    return found + [await searched(books, name, words, EntryOrder.DUE) for name, words in numbers.items()]


async def searched(books: Books, name: str, words: Sequence[str], order: EntryOrder) -> Figures:
    figures = Figures(f"search: {name}, by {order}", SEARCH_MILLISECONDS)
    for word in words:
        with figures.timed():
            await books.page(
                MANAGER, EntryFilter(search=word), order, descending=False, first=PAGE, after=None, count=True
            )
    return figures


async def others(books: Books) -> list[Figures]:
    holders = Figures("holders, page by page", PAGE_MILLISECONDS)
    after: str | None = None
    for _ in range(ROUNDS):
        with holders.timed():
            page = await books.holders(MANAGER, None, first=PAGE, after=after)
        after = page.cursors[-1] if page.more_after else None
    found = Figures("holders found by three letters", SEARCH_MILLISECONDS)
    for word in ("サトウ", "スズキ", "タカハ") * (ROUNDS // 3):
        with found.timed():
            await books.holders(MANAGER, word, first=PAGE, after=None)
    summary = Figures("summary of 60 days", SEARCH_MILLISECONDS)
    for _ in range(ROUNDS):
        with summary.timed():
            await books.summary(MANAGER, 60)
    return [holders, found, summary]


async def measure(store: Store, plans: Plans) -> bool:
    books = Books(store, lambda: NOW)
    found: list[Figures] = []
    say(f"{'milliseconds':<64}  own p50     p95    most   clock     p95    most")
    with plans.watching():
        for agent in (MANAGER, CLERK):
            for name, wanted in FILTERS.items():
                found += [await pages(books, agent, name, wanted, order) for order in EntryOrder]
        found += [await to_the_end(books, "expired within 7 days", order) for order in EntryOrder]
        found += await searches(books, random.Random(6))  # noqa: S311 - the same words every time
        found += await others(books)
    say(*found)
    ways = await plans.ways()
    say("\nindexes walked:", *(f"  {way}" for way in sorted(ways)))
    return all(figures.good for figures in found)


async def run(url: str, policies: int, *, built: bool) -> bool:
    keyring = Keyring.parse(KEYRING)
    async with engines.opened(url) as opened:
        store = Store(opened, keyring, LocalBus())
        if not built:
            begun = time.perf_counter()
            writing = await build(store, keyring, policies)
            taken = time.perf_counter() - begun
            say(f"built in {taken:.0f} s, of which writing {writing:.0f} s: {policies / writing:,.0f} policies/s")
            async with opened.writer.connect() as connection:
                # As PostgreSQL does by itself within a minute; SQLite needs nothing of the kind.
                if connection.dialect.name == "postgresql":
                    await (await connection.execution_options(isolation_level="AUTOCOMMIT")).execute(
                        text("VACUUM (ANALYZE)")
                    )
        return await measure(store, Plans(opened.reader))


def main(arguments: Sequence[str] | None = None) -> bool:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.book", description=__doc__)
    parser.add_argument("databases", nargs="+", choices=["sqlite", "postgresql"])
    parser.add_argument("--policies", type=int, default=1_000_000)
    parser.add_argument("--keep", type=Path, metavar="FOLDER")
    wanted = parser.parse_args(arguments)
    good = True
    for database in wanted.databases:
        say(f"\n{database}, {wanted.policies:,} policies")
        # A server is started before this process is bound to one core, and keeps the others.
        url = postgresql_database() if database == "postgresql" else ""
        folder = wanted.keep or Path(tempfile.mkdtemp(prefix="tabane-"))
        if not url:
            url = f"sqlite:///{folder / f'book-{wanted.policies}.db'}"
        built = bool(wanted.keep) and url.startswith("sqlite") and Path(url.removeprefix("sqlite:///")).exists()
        asyncio.run(stores.upgrade(url))
        everywhere = os.sched_getaffinity(0)
        os.sched_setaffinity(0, {max(everywhere)})
        try:
            good &= asyncio.run(run(url, wanted.policies, built=built))
        finally:
            os.sched_setaffinity(0, everywhere)
            if not wanted.keep:
                shutil.rmtree(folder)
    return good


if __name__ == "__main__":
    raise SystemExit(0 if main() else 1)
