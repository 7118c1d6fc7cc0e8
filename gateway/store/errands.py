"""
Whoever writes into SQLite has a thread do it, to which each statement is one errand.

The driver's own cursor sends four: to be made, carried out, read, and closed. For a page of a book that is as much work
as finding its rows.
"""

import asyncio
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any, TypeVar

import aiosqlite

Answer = TypeVar("Answer")


class Cursor:
    """What SQLAlchemy asks of a driver's cursor, with all rows read when a statement has been carried out."""

    def __init__(self, connection: "Connection") -> None:
        self._connection = connection
        self._rows: list[Any] = []
        self.description: Sequence[Any] | None = None
        self.rowcount = -1
        self.lastrowid: int | None = None
        self.arraysize = 1

    async def __aenter__(self) -> "Cursor":
        return self

    async def execute(self, statement: str, values: Sequence[Any] = ()) -> "Cursor":
        return await self._connection.errand(partial(self._carry_out, sqlite3.Cursor.execute, statement, values))

    async def executemany(self, statement: str, values: Iterable[Sequence[Any]]) -> "Cursor":
        return await self._connection.errand(partial(self._carry_out, sqlite3.Cursor.executemany, statement, values))

    async def fetchall(self) -> list[Any]:
        rows, self._rows = self._rows, []
        return rows

    async def close(self) -> None:
        self._rows = []

    # Statements take whatever values there are.
    def _carry_out(self, how: Callable[..., sqlite3.Cursor], statement: str, values: Any) -> "Cursor":
        made = self._connection.made()
        try:
            how(made, statement, values)
            self._rows = made.fetchall()
            self.description, self.rowcount, self.lastrowid = made.description, made.rowcount, made.lastrowid
        finally:
            made.close()
        return self


class Connection(aiosqlite.Connection):
    """One that takes one errand after the other."""

    broken_off = False

    async def rollback(self) -> None:
        # The pool asks for this whenever it gets a connection back. What was broken off may still begin a transaction.
        if self.broken_off or self.in_transaction:
            await super().rollback()

    # The driver's own answers a cursor that is still to be waited for.
    def cursor(self) -> Cursor:  # type: ignore[override]
        return Cursor(self)

    async def errand(self, work: Callable[[], Answer]) -> Answer:
        try:
            # The driver has no types within.
            answer: Answer = await self._execute(work)  # type: ignore[no-untyped-call]
        except asyncio.CancelledError:
            self.broken_off = True
            # SQLAlchemy throws this connection away, and closing it would wait for a statement that is for nobody. As
            # long the writer's lock would be held, too.
            if self._connection is not None:
                self._connection.interrupt()
            raise
        return answer

    def made(self) -> sqlite3.Cursor:
        """Answer a cursor of SQLite's own, for whoever is on its thread."""
        return self._conn.cursor()


def connect(file: str, **settings: Any) -> Connection:
    """Answer a connection that is to be waited for; its settings are those of `sqlite3.connect`."""
    made = Connection(partial(sqlite3.connect, file, **settings), iter_chunk_size=1)
    # A process ends although nobody has closed a connection.
    made._thread.daemon = True  # noqa: SLF001 - as SQLAlchemy does with those that it makes
    return made
