"""Whatever a book holds, whatever changes between two pages: to the end, each row that stayed comes exactly once."""

import asyncio
import atexit
import os
import shutil
import tempfile
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import cache, partial
from pathlib import Path
from typing import NamedTuple
from uuid import uuid4

import hypothesis
from hypothesis import strategies as st
from msgspec.structs import replace

from gateway import store
from gateway.journeys import feed_writing
from gateway.journeys.book import Books
from gateway.journeys.entering import Entering
from gateway.journeys.feed_reading import lines
from gateway.store import Store
from gateway.vault import Keyring
from insurers.agency import Agent, AgentRole
from insurers.book import BookList, Entry, EntryFilter, EntryOrder
from insurers.feed import FeedKind, FeedPage, FeedRecord, FeedSource
from insurers.hours import TOKYO
from insurers.identity import InsurerCode, PolicyNumber
from insurers.money import Yen
from insurers.person import PersonName
from insurers.policy import PolicyStatus
from schema.book_matching import admits
from tests.api.conftest import FRIDAY
from tests.store.databases import postgresql_database, sqlite_migrated

# A few in the suite; `BOOKS=500 pytest …` for as many as one has time for.
EXAMPLES = int(os.environ.get("BOOKS", "8"))

HOUSES = (InsurerCode("one"), InsurerCode("other"))

READINGS = ("アオキ", "アオキ", "イトウ", "カトウ", "ガトウ", "サトウ", "ヤマダ", "ワタナベ", None)

# Who is found by what; everybody is called 見本, and all plates end with 12.
ALL = frozenset({"見本", "12"})
MEANT: dict[str | None, frozenset[str]] = {"サトウ": ALL | {"さと"}, "カトウ": ALL | {"ｶﾄｳ"}}

# Few values, so that many rows stand at the same place of an order.
DAYS = st.integers(-10, 70)
CHANGES = st.sampled_from([None, None, -3000, -1, 0, 0, 1, 4000])
BRANCHES = st.sampled_from(["01", "01", "02", None])
READ = st.sampled_from(READINGS)

FIRST_PREMIUM = 50_000

NUMBERS = 1000


class Row(NamedTuple):
    """What a feed tells of a policy, as far as pages depend on it."""

    day: int
    change: int | None
    branch: str | None
    reading: str | None


ROWS = st.builds(Row, DAYS, CHANGES, BRANCHES, READ)


class Event(NamedTuple):
    """What happens between two pages: rows that come, others that are told of in another way, and some that go."""

    come: list[Row]
    other: list[tuple[int, Row]]
    go: list[int]


EVENTS = st.builds(
    Event,
    come=st.lists(ROWS, max_size=3),
    other=st.lists(st.tuples(st.integers(0, 99), ROWS), max_size=3),
    go=st.lists(st.integers(0, 99), max_size=2),
)

FILTERS = st.sampled_from(
    [
        EntryFilter(),
        EntryFilter(insurers=frozenset(HOUSES[:1])),
        EntryFilter(branch="01"),
        EntryFilter(due_from=FRIDAY.date(), due_until=FRIDAY.date() + timedelta(days=30)),
        EntryFilter(change_from=Yen(-1), change_until=Yen(1)),
        EntryFilter(listed=BookList.RENEWAL),
        EntryFilter(listed=BookList.EXPIRED),
        EntryFilter(search="さと"),
        EntryFilter(search="ｶﾄｳ"),
        EntryFilter(search="見本"),
        EntryFilter(search="12"),
    ]
)


class Book:
    """An agency's book that feeds fill."""

    def __init__(self, kept: Store, keyring: Keyring) -> None:
        self._kept = kept
        self.agency = uuid4().hex
        self.manager = Agent(id="manager", agency=self.agency, name="店長 一郎", role=AgentRole.MANAGER)
        self._entering = {house: Entering(keyring, self.agency, house, {}) for house in HOUSES}
        self.told: dict[PolicyNumber, Row] = {}
        self._at = FRIDAY

    async def tell(self, rows: dict[PolicyNumber, Row], gone: Sequence[PolicyNumber] = ()) -> None:
        """Have each insurer tell of its rows."""
        for house in HOUSES:
            records = [record(number, row) for number, row in rows.items() if house_of(number) == house]
            records += [
                replace(record(number, self.told[number]), removed=True) for number in gone if house_of(number) == house
            ]
            if records:
                await self._read(house, records)
        self.told = {number: row for number, row in (self.told | rows).items() if number not in gone}

    async def _read(self, house: InsurerCode, records: Sequence[FeedRecord]) -> None:
        self._at += timedelta(seconds=1)
        entering = self._entering[house]
        page = FeedPage(
            kind=FeedKind.CHANGES,
            as_of=self._at,
            records=tuple(records),
            lines=tuple(range(1, len(records) + 1)),
            flaws=(),
            after=None,
            read=len(records),
        )
        async with self._kept.work() as work:
            begun = await work.feeds.begin(self.agency, house, FeedSource.AGENCY_SYSTEM, at=self._at)
            assert begun
        async with self._kept.work() as work:
            running = await work.feeds.claim(self._at, lease_seconds=60, insurer=house, run=begun.id)
            assert running
        async with self._kept.work() as work:
            found = list(lines(page, entering, 0, len(records)))
            run = await feed_writing.write(work, running, page, found, entering, self._at)
            run = feed_writing.ended(run, page, self._at)
            await work.feeds.save(run, held=running.lease, lease=None)


def house_of(number: PolicyNumber) -> InsurerCode:
    return HOUSES[int(number.text[1:]) % len(HOUSES)]


def record(number: PolicyNumber, row: Row) -> FeedRecord:
    ends_at = due(row)
    return FeedRecord(
        number=number,
        status=PolicyStatus.IN_FORCE,
        insurer_status="有効",
        starts_at=ends_at - timedelta(days=365),
        ends_at=ends_at,
        holder=PersonName(family="見本", given="太郎", family_kana=row.reading, given_kana=row.reading and "タロウ"),
        plate="見本 300 あ ・・12",
        phone=f"090-0000-{number.text[1:]}",
        premium=Yen(FIRST_PREMIUM),
        next_premium=None if row.change is None else Yen(FIRST_PREMIUM + row.change),
        branch=row.branch,
    )


def due(row: Row) -> datetime:
    return datetime.combine(FRIDAY.date() + timedelta(days=row.day), datetime.min.time(), TOKYO) + timedelta(hours=16)


def fits(wanted: EntryFilter, number: PolicyNumber, row: Row) -> bool:
    change = None if row.change is None else Yen(row.change)
    ends_at = due(row)
    return (
        (wanted.listed is not BookList.RENEWAL or (ends_at > FRIDAY and row.day <= 60))
        and (wanted.listed is not BookList.EXPIRED or (ends_at <= FRIDAY and row.day >= -7))
        and (wanted.search is None or wanted.search in MEANT.get(row.reading, ALL))
        and (wanted.insurers is None or house_of(number) in wanted.insurers)
        and (wanted.branch is None or wanted.branch == row.branch)
        and (wanted.due_from is None or wanted.due_from <= due(row).date())
        and (wanted.due_until is None or due(row).date() <= wanted.due_until)
        and (wanted.change_from is None or (change is not None and wanted.change_from <= change))
        and (wanted.change_until is None or (change is not None and change <= wanted.change_until))
    )


PLACES: dict[EntryOrder, Callable[[Row], object]] = {
    EntryOrder.DUE: lambda row: row.day,
    EntryOrder.KANA: lambda row: row.reading,
    EntryOrder.PREMIUM_CHANGE: lambda row: row.change,
}


@hypothesis.settings(
    max_examples=EXAMPLES,
    suppress_health_check=list(hypothesis.HealthCheck),
    # Explaining a failure traces every line, which takes minutes.
    phases=set(hypothesis.Phase) - {hypothesis.Phase.explain},
)
@hypothesis.given(
    rows=st.lists(ROWS, min_size=1, max_size=25),
    events=st.lists(EVENTS, max_size=6),
    wanted=FILTERS,
    order=st.sampled_from(list(EntryOrder)),
    descending=st.booleans(),
    first=st.integers(1, 7),
    postgresql=st.booleans(),
)
def test_who_pages_to_the_end_meets_each_row_that_stayed_exactly_once(
    rows: list[Row],
    events: list[Event],
    wanted: EntryFilter,
    order: EntryOrder,
    descending: bool,
    first: int,
    postgresql: bool,
) -> None:
    url = postgresql_database() if postgresql else sqlite_database()
    asyncio.run(_pages_hold(url, rows, events, wanted, order, descending=descending, first=first))


@cache
def sqlite_database() -> str:
    """One for all books: each is another agency's."""
    folder = tempfile.mkdtemp(prefix="tabane-")
    atexit.register(shutil.rmtree, folder)
    return sqlite_migrated(Path(folder))


async def _pages_hold(
    url: str,
    rows: list[Row],
    events: list[Event],
    wanted: EntryFilter,
    order: EntryOrder,
    *,
    descending: bool,
    first: int,
) -> None:
    keyring, place = Keyring.fresh(), PLACES[order]
    async with store.opened(url, keyring=keyring) as kept:
        book, desk = Book(kept, keyring), Books(kept, lambda: FRIDAY)
        await book.tell(dict(zip(numbers(0), rows, strict=False)))
        await _is_what_a_watcher_is_told(book, desk, wanted)
        stayed = {number: row for number, row in book.told.items() if fits(wanted, number, row)}
        turn = partial(desk.page, book.manager, wanted, order, descending=descending, first=first, count=False)
        met: list[Entry] = []
        after: str | None = None
        coming = iter(events)
        while True:
            page = await turn(after=after)
            met += page.entries
            if not page.more_after:
                break
            after = page.cursors[-1]
            if (event := next(coming, None)) is not None:
                await _happens(book, event)
                stayed = {
                    number: row
                    for number, row in stayed.items()
                    if number in book.told
                    and fits(wanted, number, book.told[number])
                    and place(book.told[number]) == place(row)
                }

        seen = [entry.record.number for entry in met]
        assert [1] * len(stayed) == [seen.count(number) for number in stayed]


async def _is_what_a_watcher_is_told(book: Book, desk: Books, wanted: EntryFilter) -> None:
    """Hold the filter of a page against that of an event, which looks at entries one by one."""
    turn = partial(desk.page, book.manager, order=EntryOrder.DUE, descending=False, first=100, after=None, count=False)
    everything, found = (await turn(EntryFilter())).entries, (await turn(wanted)).entries

    assert [entry.id for entry in everything if admits(wanted, entry, FRIDAY)] == [entry.id for entry in found]


def numbers(start: int) -> list[PolicyNumber]:
    return [PolicyNumber(f"P{n:04}") for n in range(start, NUMBERS)]


async def _happens(book: Book, event: Event) -> None:
    known = list(book.told)
    fresh = numbers(max(int(number.text[1:]) for number in known) + 1) if known else numbers(500)
    come = dict(zip(fresh, event.come, strict=False))
    other = {known[at % len(known)]: row for at, row in event.other} if known else {}
    gone = {known[at % len(known)] for at in event.go} if known else set()
    await book.tell(come | {number: row for number, row in other.items() if number not in gone}, sorted(gone))
