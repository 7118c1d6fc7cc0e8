"""
Pages of a book: where the next one goes on, and by which index it is found.

A page goes on behind the last entry that was shown, by what that was ordered by and its id. So whatever comes, goes or
moves meanwhile, an entry that stays is shown once.

Each query walks one index that begins with the agency. In the order of a page that is the order's own, which holds all
that a page is narrowed by; where few entries can fit at all, these are gathered, and sorted (`book_gathering`).
On SQLite the index is named, so that a query which could not use it fails instead of reading the whole book.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import TypeAlias

import msgspec
from msgspec import Struct
from sqlalchemy import Index

from gateway.store import book_tables as tables
from gateway.store.book_asking import Part, by, question
from gateway.store.book_gathering import Access, BookGathering
from gateway.store.book_narrowing import CHANGING, PRESENT, changing, matured, narrowed, visible
from gateway.store.book_opening import SHOWN, BookOpening, Shown, entries
from gateway.store.book_window import Window, wanted
from gateway.vault import Unsealable
from insurers.agency import Agent
from insurers.book import Entry, EntryFilter, EntryOrder
from insurers.page import PageCursors

# As far as this is counted for a page.
COUNTED = 20_000

# Cursors of another version begin at the beginning.
CURSOR_VERSION = 1

Key: TypeAlias = tuple[int | bytes, ...]

_UNREAD = b"\xff"


class Stretch(Struct, frozen=True):
    """A part of an order: those with a value for it, or behind them those without."""

    columns: tuple[str, ...]
    index: Index
    within: Sequence[Part]
    descending: bool


class Cursor(Struct, frozen=True, array_like=True):
    """In which stretch of its order an entry is, and where."""

    stretch: int
    key: Key


def stretches(order: EntryOrder, filter_: EntryFilter, *, descending: bool) -> Sequence[Stretch]:
    match order:
        case EntryOrder.DUE:
            return [Stretch(("due", "id"), tables.BY_DUE, (), descending)]
        case EntryOrder.KANA:
            by_kana = ("kana", "person", "id")
            read = Stretch(by_kana, tables.BY_KANA, [Part("kana < ?", (_UNREAD,))], descending)
            return [read, Stretch(by_kana, tables.BY_KANA, [Part("kana >= ?", (_UNREAD,))], False)]
        case EntryOrder.PREMIUM_CHANGE:
            told = Stretch(("change", "id"), tables.BY_CHANGE, [Part("change IS NOT NULL")], descending)
            untold = Stretch(("due", "id"), tables.BY_DUE, [Part("change IS NULL")], False)
            return [told] if changing(filter_) else [told, untold]


class Entries(Struct, frozen=True):
    """A page of entries with their cursors; it `goes_on` behind a cursor, or begins at the beginning."""

    found: Sequence[Entry]
    cursors: PageCursors
    goes_on: bool


class BookPaging(BookGathering, BookOpening):
    async def page(
        self,
        agent: Agent,
        filter_: EntryFilter,
        order: EntryOrder,
        *,
        descending: bool,
        first: int,
        after: str | None,
        now: datetime,
    ) -> Entries:
        """Answer up to *first* entries behind the cursor *after*, or from the beginning where it is none."""
        window = wanted(filter_, now)
        conditions = [*visible(agent), *narrowed(filter_), *matured(window)]
        access = await self._access(agent, filter_, order, window)
        about = f"book cursor {CURSOR_VERSION}:{agent.agency}:{order}:{descending}"
        start = self._opened(after, about)
        places: list[tuple[int, Stretch]] = []
        rows: list[Shown] = []
        for position, stretch in enumerate(stretches(order, filter_, descending=descending)):
            if (start is None or start.stretch <= position) and len(rows) < first:
                behind = start.key if start is not None and start.stretch == position else None
                keys = self._asked(stretch, conditions, access, order, behind, first - len(rows))
                found = await self._answered(_shown(stretch, keys))
                places += [(position, stretch)] * len(found)
                rows += found

        # Whoever shows the page has this in hand when the transaction is over.
        seal = self._transaction.keyring.ticket

        def cursor(at: int) -> str:
            position, stretch = places[at]
            key = tuple(getattr(rows[at], name) for name in stretch.columns)
            return seal(msgspec.msgpack.encode(Cursor(position, key)), about)

        return Entries(await self._entries(rows), PageCursors(len(rows), cursor), goes_on=start is not None)

    async def total(self, agent: Agent, filter_: EntryFilter, now: datetime) -> int | None:
        """Answer how many fit, where that is cheap to tell."""
        if filter_.search is not None or filter_.gone:
            return None
        window = wanted(filter_, now)
        beyond = (filter_.person, filter_.assignee, filter_.change_from, filter_.change_until)
        if window == Window() and not filter_.unassigned and all(value is None for value in beyond):
            return sum((await self._standings(agent, filter_)).values())
        if window.first is None or window.last is None or filter_.person is not None:
            return None
        fitting = [PRESENT, *visible(agent), *narrowed(filter_), *matured(window)]
        counted = await self._bounded(question("id", by(tables.BY_DUE), fitting), COUNTED)
        return counted if counted <= COUNTED else None

    def _asked(
        self,
        stretch: Stretch,
        narrowed: Sequence[Part],
        access: Access | None,
        order: EntryOrder,
        behind: Key | None,
        limit: int,
    ) -> Part:
        """Ask for the keys of a page."""
        conditions = [*narrowed, *stretch.within]
        columns = ", ".join(stretch.columns)
        if access is None or access.ordered is order:
            index = access.index if access and access.index is not None else stretch.index
            present = access.conditions if access else (CHANGING if index is tables.BY_CHANGE else PRESENT,)
            return _page(stretch, by(index), [*present, *conditions], behind, limit)
        few = question(columns, by(access.index), [*access.conditions, *conditions])
        # The fence keeps PostgreSQL from walking the order's own index after all.
        fenced = _page(stretch, "few", [], behind, limit)
        return Part(f"WITH few AS MATERIALIZED ({few.text}) {fenced.text}", (*few.values, *fenced.values))

    def _opened(self, text: str | None, about: str) -> Cursor | None:
        if text is None:
            return None
        try:
            return msgspec.msgpack.decode(self._transaction.keyring.redeem(text, about), type=Cursor)
        except (Unsealable, UnicodeEncodeError):
            return None


def _page(stretch: Stretch, source: str, conditions: Sequence[Part], behind: Key | None, limit: int) -> Part:
    columns = ", ".join(stretch.columns)
    than = "<" if stretch.descending else ">"
    # The first of all conditions: SQLite begins to walk at the first bound that it is told.
    there = [Part(f"({columns}) {than} ({', '.join('?' * len(behind))})", behind)] if behind is not None else []
    return question(columns, source, [*there, *conditions], f" ORDER BY {_ordered(stretch)} LIMIT {limit}")


def _shown(stretch: Stretch, keys: Part) -> Part:
    """Ask for the entries that have these keys, in their order."""
    page = Part(f"({keys.text}) AS page CROSS JOIN {entries()}", keys.values)
    here = [Part("entry.id = page.id"), Part("known.id = entry.id")]
    return question(SHOWN, page, here, f" ORDER BY {_ordered(stretch, 'page.')}")


def _ordered(stretch: Stretch, of: str = "") -> str:
    direction = " DESC" if stretch.descending else ""
    return ", ".join(f"{of}{column}{direction}" for column in stretch.columns)
