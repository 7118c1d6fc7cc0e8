"""A book is read to its end while it changes: who stayed is shown once, and in order."""

import random
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any, TypeAlias

import pytest
from msgspec.structs import replace
from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncEngine

from gateway.journeys.book import Books
from gateway.store import Store
from gateway.store import book_tables as tables
from gateway.store.collation import sort_key
from gateway.vault import Keyring
from insurers.book import BookList, Entry, EntryFilter, EntryOrder, EntryStatus
from insurers.feed import FeedRecord
from insurers.hours import TOKYO
from insurers.identity import InsurerCode
from insurers.money import Yen
from insurers.person import PersonName
from insurers.policy import PolicyStatus
from insurers.reading import reading
from schema.book_matching import admits
from tests.store.booked import AGENCY, CLERK, MANAGER, STRANGER, begin, end, fill, record, row, tell
from tests.store.invented import ACME, NOW

BETA = InsurerCode("beta")
PAGE = 7

# What entries are ordered by has a type of its own in each order.
Sorted: TypeAlias = Callable[[Entry], Any]


def _kana(entry: Entry) -> bytes:
    return sort_key(reading(entry.record.holder), "")


ORDERS: Mapping[EntryOrder, Sorted] = {
    EntryOrder.DUE: lambda entry: entry.record.ends_at,
    EntryOrder.KANA: _kana,
    EntryOrder.PREMIUM_CHANGE: lambda entry: entry.premium_change,
}


def drawn(seed: int) -> random.Random:
    return random.Random(seed)  # noqa: S311 - the same books every time


def invented(chance: random.Random, number: str) -> FeedRecord:
    """A policy like any other; of one in three the insurer has not reckoned the next premium."""
    return record(
        number,
        person=chance.randrange(12),
        ends_at=datetime(2026, 11, 22, 16, tzinfo=TOKYO) + timedelta(days=chance.randrange(50)),
        branch=chance.choice(["01", "02", None]),
        change=chance.choice([None, 0, chance.randrange(-5_000, 5_000)]),
        serial=chance.randrange(1, 30),
    )


async def book(store: Store, keyring: Keyring, chance: random.Random, entries: int = 40) -> None:
    for insurer in (ACME, BETA):
        told = [invented(chance, f"{insurer[0].upper()}{n:04d}") for n in range(entries)]
        await fill(store, keyring, told, insurer=insurer)


async def walked(books: Books, wanted: EntryFilter, order: EntryOrder, *, descending: bool = False) -> list[Entry]:
    found: list[Entry] = []
    after: str | None = None
    while True:
        page = await books.page(MANAGER, wanted, order, descending=descending, first=PAGE, after=after, count=True)
        found += page.entries
        if not page.more_after:
            assert page.total in (None, len(found))
            return found
        after = page.cursors[-1]


@pytest.mark.parametrize("order", EntryOrder)
async def test_who_stayed_is_shown_once_whatever_comes_goes_or_moves(
    store: Store, keyring: Keyring, order: EntryOrder
) -> None:
    chance = drawn(list(EntryOrder).index(order))
    books = Books(store, lambda: NOW)
    await book(store, keyring, chance)
    stayed = {entry.id for entry in await walked(books, EntryFilter(), order)}
    shown: list[Entry] = []
    after: str | None = None
    descending = chance.random() < 0.5
    for turn in range(1_000):
        page = await books.page(
            MANAGER, EntryFilter(), order, descending=descending, first=PAGE, after=after, count=False
        )
        shown += page.entries
        if not page.more_after:
            break
        after = page.cursors[-1]
        stayed -= await disturbed(store, keyring, chance, turn)

    ids = [entry.id for entry in shown]
    kept = [entry for entry in shown if entry.id in stayed]
    values = [value for entry in kept if (value := ORDERS[order](entry)) is not None]
    assert 40 < len(stayed)
    assert sorted(stayed) == sorted(id_ for id_ in ids if id_ in stayed)
    assert all((one >= other) if descending else (one <= other) for one, other in pairwise(values))
    # Who has no value for the order comes last, whichever way it goes.
    assert values == [ORDERS[order](entry) for entry in kept[: len(values)]]


async def disturbed(store: Store, keyring: Keyring, chance: random.Random, turn: int) -> set[str]:
    """Have one policy come, one go and one move, and answer the ids of those that did not stay where they were."""
    moved = f"A{chance.randrange(40):04d}"
    gone = f"B{chance.randrange(40):04d}"
    async with store.work() as work:
        running = await begin(work)
        await tell(work, keyring, [invented(chance, f"N{turn:04d}"), invented(chance, moved)], running)
        await end(work, running)
        policies = {ACME: row(keyring, record(moved)).policy, BETA: row(keyring, record(gone), insurer=BETA).policy}
        found = {
            insurer: (await work.book.known(AGENCY, insurer, [policy]))[policy].id
            for insurer, policy in policies.items()
        }
        await work.book.removed(AGENCY, [found[BETA]], NOW)
    return {str(id_) for id_ in found.values()}


def _in_december(entry: Entry) -> bool:
    return entry.record.ends_at.month == 12


FILTERS: Mapping[str, tuple[EntryFilter, Callable[[Entry], bool]]] = {
    "one insurer": (EntryFilter(insurers=frozenset({BETA})), lambda entry: entry.insurer == BETA),
    "a status": (EntryFilter(statuses=frozenset({EntryStatus.CANCELLED})), lambda entry: False),
    "a branch": (EntryFilter(branch="02"), lambda entry: entry.branch == "02"),
    "days": (EntryFilter(due_from=date(2026, 12, 1), due_until=date(2026, 12, 31)), _in_december),
    "dearer": (EntryFilter(change_from=Yen(1)), lambda entry: (entry.premium_change or Yen(0)) > Yen(0)),
    "a reading": (EntryFilter(search="はだ"), lambda entry: entry.record.holder.family_kana == "ハダ"),
    "kanji": (EntryFilter(search="山田　花"), lambda entry: entry.record.holder.given == "花子"),
    "kanji in one": (EntryFilter(search="山田花"), lambda entry: entry.record.holder.given == "花子"),
    "a whole reading": (EntryFilter(search="やまだはな"), lambda entry: entry.record.holder.given == "花子"),
    "a reading in two": (EntryFilter(search="ヤマダ　ハナ"), lambda entry: entry.record.holder.given == "花子"),
    "a number": (EntryFilter(search="ｂ-0007"), lambda entry: entry.record.number.text == "B0007"),
    "a plate": (EntryFilter(search="架空500あ・・12"), lambda entry: entry.record.plate == "架空 500 あ 12"),
    "digits": (EntryFilter(search="00-12"), lambda entry: entry.record.plate == "架空 500 あ 12"),
    "a reading in a branch": (
        EntryFilter(search="ﾔﾏﾀﾞ", branch="01"),
        lambda entry: entry.branch == "01" and entry.record.holder.family == "山田",
    ),
}


async def test_each_filter_finds_what_it_says_in_every_order(store: Store, keyring: Keyring) -> None:
    books = Books(store, lambda: NOW)
    await book(store, keyring, drawn(3))
    everything = await walked(books, EntryFilter(), EntryOrder.DUE)
    for name, (wanted, fits) in FILTERS.items():
        expected = sorted(entry.id for entry in everything if fits(entry))
        # Whoever watches a book is told of the same entries.
        assert expected == sorted(entry.id for entry in everything if admits(wanted, entry, NOW)), name
        for order in EntryOrder:
            assert expected == sorted(entry.id for entry in await walked(books, wanted, order)), (name, order)
    assert 80 == len(everything)


async def test_who_matures_today_changes_the_list_at_the_very_minute(store: Store, keyring: Keyring) -> None:
    today = NOW.replace(hour=16)
    await fill(store, keyring, [record("A1", ends_at=today), record("A2", ends_at=today - timedelta(days=8))])

    async def listed(list_: BookList, now: datetime) -> int:
        return len(await walked(Books(store, lambda: now), EntryFilter(listed=list_), EntryOrder.DUE))

    before, then = today - timedelta(seconds=1), today
    assert [1, 0] == [await listed(BookList.EXPIRING, now) for now in (before, then)]
    assert [1, 0] == [await listed(BookList.RENEWAL, now) for now in (before, then)]
    assert [0, 1] == [await listed(BookList.EXPIRED, now) for now in (before, then)]


async def test_nobody_sees_another_agency_and_an_agent_of_a_branch_only_that(store: Store, keyring: Keyring) -> None:
    books = Books(store, lambda: NOW)
    await book(store, keyring, drawn(4))
    everything = {entry.id: entry for entry in await walked(books, EntryFilter(), EntryOrder.DUE)}
    mine = {id_ for id_, entry in everything.items() if entry.branch == CLERK.branch}
    persons = [entry.person for entry in everything.values()]

    assert mine == set(await books.entries(CLERK, list(everything)))
    assert {} == await books.entries(STRANGER, list(everything))
    theirs = {entry.id for entries in (await books.of(CLERK, persons)).values() for entry in entries}
    assert mine == theirs
    assert {} == await books.of(STRANGER, persons)
    assert len(mine) == (await books.summary(CLERK, 60)).total
    assert 0 == (await books.summary(STRANGER, 60)).total


async def test_each_holder_is_told_once_in_the_order_of_readings(store: Store, keyring: Keyring) -> None:
    books = Books(store, lambda: NOW)
    await book(store, keyring, drawn(5))
    everything = await walked(books, EntryFilter(), EntryOrder.KANA)
    found: list[str] = []
    after: str | None = None
    while True:
        page = await books.holders(MANAGER, None, first=5, after=after)
        found += [holder.person for holder in page.holders]
        if not page.more_after:
            break
        after = page.cursors[-1]

    assert list(dict.fromkeys(entry.person for entry in everything)) == found


async def test_a_holder_whom_insurers_read_in_two_ways_is_found_by_each(store: Store, keyring: Keyring) -> None:
    books = Books(store, lambda: NOW)
    told = [record("A1", serial=1111), record("A2", serial=2222), record("A3", serial=3333), record("A4", person=2)]
    names = (("コウノ", "タロウ"), ("カワノ", "タロウ"), (None, None))
    for n, (family, given) in enumerate(names):
        holder = PersonName(family="河野", given="太郎", family_kana=family, given_kana=given)
        told[n] = replace(told[n], holder=holder)
    await fill(store, keyring, told)
    everybody = [holder.person for holder in (await books.holders(MANAGER, None, first=5, after=None)).holders]

    for said in ("コウノ", "かわのたろう", "河野", "A1", "A2", "A3", "1111", "2222", "3333"):
        page = await books.holders(MANAGER, said, first=5, after=None)
        assert [everybody[0]] == [holder.person for holder in page.holders], said
        assert [] == list((await books.holders(MANAGER, said, first=5, after=page.cursors[0])).holders), said


async def test_who_is_gone_is_searched_for_like_everybody_else(store: Store, keyring: Keyring) -> None:
    books = Books(store, lambda: NOW)
    await fill(store, keyring, [record("A1", serial=12), record("A2", person=3), record("A3")])
    entries = await walked(books, EntryFilter(), EntryOrder.DUE)
    async with store.work() as work:
        await work.book.removed(AGENCY, [int(entry.id) for entry in entries[:2]], NOW)

    for order in EntryOrder:
        for said, expected in (("やまだ", ["A1"]), ("羽田", ["A2"]), ("a-2", ["A2"]), ("・・12", ["A1"]), ("森", [])):
            found = await walked(books, EntryFilter(gone=True, search=said), order)
            assert expected == [entry.record.number.text for entry in found], said


async def test_totals_that_went_wrong_hide_nobody(store: Store, keyring: Keyring, database: AsyncEngine) -> None:
    await fill(store, keyring, [record("A1", status=PolicyStatus.CANCELLED)])
    async with database.begin() as connection:
        await connection.execute(delete(tables.book_totals))

    wanted = EntryFilter(statuses=frozenset({EntryStatus.CANCELLED}))
    async with store.reading() as work:
        page = await work.book.page(MANAGER, wanted, EntryOrder.DUE, descending=False, first=PAGE, after=None, now=NOW)
    assert ["A1"] == [entry.record.number.text for entry in page.found]


UNHEARD_OF = [
    (EntryFilter(due_until=date.max), 1),
    (EntryFilter(due_from=date.min, due_until=date.max), 1),
    (EntryFilter(due_from=date.max), 0),
    (EntryFilter(change_from=Yen(10**12)), 0),
    (EntryFilter(change_from=Yen(-(10**25)), change_until=Yen(10**25)), 1),
    *((EntryFilter(branch=text), 0) for text in ("\x00", "\ud800")),
    *((EntryFilter(assignee=text), 0) for text in ("\x00", "\ud800")),
    *((EntryFilter(search=text), 0) for text in ("\x00", "ア\x00", "\ud800", "・", "゛", "ー", "ヤ" * 5_000)),
    *((EntryFilter(search=text, gone=True), 0) for text in ("\x00", "\ud800", "・")),
]


async def test_what_cannot_stand_in_a_book_fits_nobody(store: Store, keyring: Keyring) -> None:
    books = Books(store, lambda: NOW)
    await fill(store, keyring, [record("A1")])
    [entry] = await walked(books, EntryFilter(), EntryOrder.DUE)

    for wanted, expected in UNHEARD_OF:
        for order in EntryOrder:
            assert expected == len(await walked(books, wanted, order)), wanted
        assert bool(expected) == admits(wanted, entry, NOW), wanted
        if wanted.search is not None:
            assert () == (await books.holders(MANAGER, wanted.search, first=1, after=None)).holders, wanted


async def test_ids_of_nobody_are_nobodys(store: Store, keyring: Keyring) -> None:
    await fill(store, keyring, [record("A1")])
    books = Books(store, lambda: NOW)
    ids = ["9" * 20, "٣", "-1", "1\x00", "１", ""]

    assert {} == await books.entries(MANAGER, ids)
    assert {} == await books.notes(MANAGER, ids, first=1, before="9" * 20)
    assert () == (await books.since(MANAGER, "9" * 20, first=1)).entries


@pytest.mark.parametrize("after", ["", "nothing", "☺", "AAAA"])
async def test_an_unknown_cursor_begins_at_the_beginning(store: Store, keyring: Keyring, after: str) -> None:
    books = Books(store, lambda: NOW)
    await fill(store, keyring, [record("A1")])

    page = await books.page(MANAGER, EntryFilter(), EntryOrder.DUE, descending=False, first=1, after=after, count=True)

    assert (1, 1) == (len(page.entries), page.total)
    assert not page.more_before
    assert not (await books.holders(MANAGER, None, first=1, after=after)).more_before
