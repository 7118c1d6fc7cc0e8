"""Filters, orders, directions and cursors in any combination answer what a plain look through the book does."""

import random
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any, TypeAlias

import pytest
from msgspec.structs import replace

from gateway.journeys.book import Books
from gateway.store import Store, book_gathering
from gateway.store.collation import sort_key
from gateway.vault import Keyring
from insurers.agency import Agent
from insurers.book import Blocker, BookList, Entry, EntryFilter, EntryOrder, EntryStatus
from insurers.hours import TOKYO
from insurers.identity import InsurerCode
from insurers.money import Yen
from insurers.name import name_key
from insurers.policy import PolicyStatus
from insurers.reading import reading
from schema.book_matching import admits
from tests.store.booked import AGENCY, CLERK, MANAGER, fill, record
from tests.store.invented import ACME, NOW

BETA = InsurerCode("beta")
ENTRIES = 40
DRAWS = 30

# By which entries are sorted, whatever that has for types.
Key: TypeAlias = Callable[[Entry], tuple[Any, ...]]


def _kana(entry: Entry) -> tuple[Any, ...]:
    holder = entry.record.holder
    return sort_key(reading(holder), name_key(f"{holder.family}{holder.given}")), entry.person, int(entry.id)


# Who has a value for an order, what these are sorted by, and what the others behind them.
ORDERS: dict[EntryOrder, tuple[Callable[[Entry], bool], Key, Key]] = {
    EntryOrder.DUE: (lambda entry: True, lambda entry: (entry.record.ends_at, int(entry.id)), lambda entry: ()),
    EntryOrder.KANA: (lambda entry: reading(entry.record.holder) is not None, _kana, _kana),
    EntryOrder.PREMIUM_CHANGE: (
        lambda entry: entry.premium_change is not None,
        lambda entry: (entry.premium_change, int(entry.id)),
        lambda entry: (entry.record.ends_at, int(entry.id)),
    ),
}


async def book(store: Store, keyring: Keyring, chance: random.Random) -> Sequence[Entry]:
    """Answer all of a book, with those that are gone; of some the reading and the next premium are not known."""
    for insurer in (ACME, BETA):
        told = [
            record(
                f"{insurer[0].upper()}{n:04d}",
                person=chance.randrange(12),
                ends_at=datetime(2026, 11, 1, 16, tzinfo=TOKYO) + timedelta(days=chance.randrange(70)),
                branch=chance.choice(["01", "02", None]),
                change=chance.choice([None, 0, chance.randrange(-5_000, 5_000)]),
                serial=chance.randrange(1, 9),
                status=chance.choice([*[PolicyStatus.IN_FORCE] * 5, PolicyStatus.CANCELLED]),
            )
            for n in range(ENTRIES)
        ]
        for n in chance.sample(range(ENTRIES), ENTRIES // 5):
            told[n] = replace(told[n], holder=replace(told[n].holder, family_kana=None, given_kana=None))
        await fill(store, keyring, told, insurer=insurer)
    books = Books(store, lambda: NOW)
    everything = await walked(books, MANAGER, EntryFilter(), EntryOrder.DUE, descending=False, first=100)
    async with store.work() as work:
        for entry in chance.sample(everything, 5):
            await work.book.assign(AGENCY, [bytes.fromhex(entry.person)], chance.choice(["a1", "a2"]))
        await work.book.removed(AGENCY, [int(entry.id) for entry in chance.sample(everything, 15)], NOW)
    there = await walked(books, MANAGER, EntryFilter(), EntryOrder.DUE, descending=False, first=100)
    gone = await walked(books, MANAGER, EntryFilter(gone=True), EntryOrder.DUE, descending=False, first=100)
    return [*there, *gone]


async def walked(
    books: Books,
    agent: Agent,
    wanted: EntryFilter,
    order: EntryOrder,
    *,
    descending: bool,
    first: int,
) -> list[Entry]:
    found: list[Entry] = []
    after: str | None = None
    while True:
        page = await books.page(agent, wanted, order, descending=descending, first=first, after=after, count=True)
        found += page.entries
        if not page.more_after:
            assert page.total in (None, len(found))
            return found
        after = page.cursors[-1]


def drawn(chance: random.Random, everything: Sequence[Entry]) -> EntryFilter:
    """Answer a filter of some conditions, any of which may go with any other."""
    some = chance.choice(everything)
    day = some.record.ends_at.astimezone(TOKYO).date()
    amount = some.premium_change or Yen(0)
    kana = reading(some.record.holder) or "ヤマ"
    conditions: list[dict[str, object]] = [
        {"insurers": frozenset(chance.sample([ACME, BETA], chance.randrange(3)))},
        {"statuses": frozenset(chance.sample(list(EntryStatus), chance.randrange(12)))},
        {"blockers": frozenset(chance.sample(list(Blocker), chance.randrange(7)))},
        {"due_from": day},
        {"due_until": day},
        {"listed": chance.choice(list(BookList))},
        {"branch": chance.choice(["01", "02", "%", "0_", "' OR 1=1 --"])},
        {"assignee": chance.choice(["a1", "a2", "a%", "?"])},
        {"unassigned": True},
        {"change_from": amount},
        {"change_until": amount},
        {"person": chance.choice([some.person, "", "zz"])},
        {"search": chance.choice(["はた", "はだ", "山", kana[:2], some.record.number.text, "・・・3", "%", "_", "'"])},
        {"gone": True},
    ]
    chosen = chance.sample(conditions, chance.choice([0, 1, 1, 2, 2, 3, 4]))
    return EntryFilter(**{name: value for one in chosen for name, value in one.items()})  # type: ignore[arg-type]  # drawn


def expected(
    everything: Sequence[Entry], agent: Agent, wanted: EntryFilter, order: EntryOrder, down: bool
) -> list[str]:
    fitting = [
        entry for entry in everything if admits(wanted, entry, NOW) and (agent.sees_all or entry.branch == agent.branch)
    ]
    has, key, otherwise = ORDERS[order]
    valued = sorted(filter(has, fitting), key=key, reverse=down)
    return [entry.id for entry in (*valued, *sorted((one for one in fitting if not has(one)), key=otherwise))]


async def test_whatever_is_combined_answers_what_a_look_through_the_book_does(
    store: Store, keyring: Keyring, monkeypatch: pytest.MonkeyPatch
) -> None:
    chance = random.Random(6)  # noqa: S311 - the same books every time
    everything = await book(store, keyring, chance)
    books = Books(store, lambda: NOW)
    shown = 0
    # With none of them few, each order is walked by its own index; with all of them few, they are gathered and sorted.
    for few in (-1, book_gathering.FEW):
        monkeypatch.setattr(book_gathering, "FEW", few)
        for _ in range(DRAWS):
            wanted, order, down = drawn(chance, everything), chance.choice(list(EntryOrder)), chance.random() < 0.5
            agent, first = chance.choice([MANAGER, CLERK]), chance.choice([3, 7, 50])
            found = await walked(books, agent, wanted, order, descending=down, first=first)
            said = [entry.id for entry in found]
            assert expected(everything, agent, wanted, order, down=down) == said, (wanted, order, down)
            shown += len(found)
    assert 2 * DRAWS < shown


async def test_who_is_gone_is_in_no_list_of_work(store: Store, keyring: Keyring) -> None:
    books = Books(store, lambda: NOW)
    await fill(store, keyring, [record("A1", ends_at=NOW + timedelta(days=10)), record("A2")])
    [one, _] = await walked(books, MANAGER, EntryFilter(), EntryOrder.DUE, descending=False, first=5)
    async with store.work() as work:
        await work.book.removed(AGENCY, [int(one.id)], NOW)

    for listed, count in ((None, 1), (BookList.EXPIRING, 0), (BookList.RENEWAL, 0)):
        wanted = EntryFilter(gone=True, listed=listed)
        found = await walked(books, MANAGER, wanted, EntryOrder.DUE, descending=False, first=5)
        assert count == len(found), listed
