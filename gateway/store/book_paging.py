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
from typing import Any, TypeAlias

import msgspec
from msgspec import Struct
from sqlalchemy import ColumnElement, Index, Select, select, true, tuple_

from gateway.store import book_tables as tables
from gateway.store.book_access import by
from gateway.store.book_gathering import Access, BookGathering
from gateway.store.book_narrowing import (
    Condition,
    changing,
    matured,
    narrowed,
    row,
    visible,
)
from gateway.store.book_opening import BookOpening
from gateway.store.book_window import Window, wanted
from gateway.vault import Unsealable
from insurers.agency import Agent
from insurers.book import Entry, EntryFilter, EntryOrder

# As far as this is counted for a page.
COUNTED = 20_000

# Cursors of another version begin at the beginning.
CURSOR_VERSION = 1

Key: TypeAlias = tuple[int | bytes, ...]

_UNREAD = b"\xff"


class Stretch(Struct, frozen=True):
    """A part of an order: those with a value for it, or behind them those without."""

    columns: tuple[ColumnElement[Any], ...]
    index: Index
    within: Condition
    descending: bool


class Cursor(Struct, frozen=True, array_like=True):
    """In which stretch of its order an entry is, and where."""

    stretch: int
    key: Key


class Place(Struct, frozen=True):
    """An entry of a page, and its cursor."""

    entry: Entry
    cursor: str


def stretches(order: EntryOrder, filter_: EntryFilter, *, descending: bool) -> Sequence[Stretch]:
    match order:
        case EntryOrder.DUE:
            return [Stretch((row.due, row.id), tables.BY_DUE, true(), descending)]
        case EntryOrder.KANA:
            by_kana = (row.kana, row.person, row.id)
            read = Stretch(by_kana, tables.BY_KANA, row.kana < _UNREAD, descending)
            return [read, Stretch(by_kana, tables.BY_KANA, row.kana >= _UNREAD, False)]
        case EntryOrder.PREMIUM_CHANGE:
            told = Stretch((row.change, row.id), tables.BY_CHANGE, row.change.is_not(None), descending)
            untold = Stretch((row.due, row.id), tables.BY_DUE, row.change.is_(None), False)
            return [told] if changing(filter_) else [told, untold]


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
    ) -> list[Place]:
        """Answer up to *first* entries behind the cursor *after*."""
        window = wanted(filter_, now)
        conditions = [*visible(agent), *narrowed(filter_), *matured(window)]
        access = await self._access(agent, filter_, order, window)
        about = f"book cursor {CURSOR_VERSION}:{agent.agency}:{order}:{descending}"
        start = self._opened(after, about)
        found: list[Cursor] = []
        for position, stretch in enumerate(stretches(order, filter_, descending=descending)):
            if (start is None or start.stretch <= position) and len(found) < first:
                behind = start.key if start is not None and start.stretch == position else None
                asked = self._asked(stretch, conditions, access, order, behind, first - len(found))
                keys = await self._connection.execute(asked)
                found += [Cursor(position, tuple(key)) for key in keys]
        entries = await self._entries([int(cursor.key[-1]) for cursor in found])
        return [Place(entry, self._sealed(cursor, about)) for entry, cursor in zip(entries, found, strict=True)]

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
        fitting = select(row.id).where(tables.PRESENT, *visible(agent), *narrowed(filter_), *matured(window))
        counted = await self._bounded(by(fitting, tables.BY_DUE), COUNTED)
        return counted if counted <= COUNTED else None

    def _asked(
        self,
        stretch: Stretch,
        narrowed: Sequence[Condition],
        access: Access | None,
        order: EntryOrder,
        behind: Key | None,
        limit: int,
    ) -> Select[Any]:
        conditions = [*narrowed, stretch.within]
        if access is None or access.ordered is order:
            index = access.index if access and access.index is not None else stretch.index
            present = (
                access.conditions if access else (tables.CHANGING if index is tables.BY_CHANGE else tables.PRESENT,)
            )
            asked = by(select(*stretch.columns).where(*present, *conditions), index)
            return _page(asked, stretch.columns, stretch.descending, behind, limit)
        gathered = select(*stretch.columns).where(*access.conditions, *conditions)
        # The fence keeps PostgreSQL from walking the order's own index after all.
        few = by(gathered, access.index).offset(0).subquery()
        return _page(select(*few.c), tuple(few.c), stretch.descending, behind, limit)

    def _sealed(self, cursor: Cursor, about: str) -> str:
        return self._transaction.keyring.ticket(msgspec.msgpack.encode(cursor), about)

    def _opened(self, text: str | None, about: str) -> Cursor | None:
        if text is None:
            return None
        try:
            return msgspec.msgpack.decode(self._transaction.keyring.redeem(text, about), type=Cursor)
        except (Unsealable, UnicodeEncodeError):
            return None


def _page(
    asked: Select[Any], columns: Sequence[ColumnElement[Any]], descending: bool, behind: Key | None, limit: int
) -> Select[Any]:
    if behind is not None:
        here = tuple_(*columns)
        asked = asked.where(here < behind if descending else here > behind)
    return asked.order_by(*(column.desc() if descending else column for column in columns)).limit(limit)
