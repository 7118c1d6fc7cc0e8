"""The real store on a real SQLite file, with no thread between: a statement is done in the step that orders it."""

import asyncio
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import aiosqlite
from sqlalchemy import Connection, event
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from gateway.store.engines import SQLITE_READERS, SQLITE_WRITERS, Engines
from tests.lives.place import Place
from tests.store.databases import sqlite_template

# How long to leave a locked file alone, and after how many looks that is an error. They are counted because whoever
# lost hours has not looked for hours: the file is locked for no longer than it was.
BUSY_SECONDS, LOOKS = 0.01, 3_000

# Nothing here must survive a power cut, and nobody waits inside SQLite.
PRAGMAS = ("busy_timeout=0", "synchronous=OFF", "foreign_keys=ON")

# A renewal or a registration is due at one moment, and free from another.
NEXT = "SELECT min(max(due_at, coalesce(lease_until, due_at))) FROM {} WHERE due_at IS NOT NULL"

Order = tuple[asyncio.Future[Any] | None, Callable[[], Any]]


class Killed(sqlite3.OperationalError):
    """Whose process is dead writes nothing."""

    # SQLite itself gives its errors a code, and whoever handles one may look at it.
    sqlite_errorcode = sqlite3.SQLITE_INTERRUPT


class _NoThread:
    """Stands where aiosqlite has its thread."""

    daemon = True

    def start(self) -> None:
        """Nothing waits here for orders."""


class _AtOnce:
    """Stands where aiosqlite queues orders for its thread: each is done now, and its answer comes a step later."""

    def __init__(self, connection: "Inline") -> None:
        self._connection = connection

    def put_nowait(self, order: Order) -> None:
        future, function = order
        self._do(future, function, LOOKS)

    def _do(self, future: asyncio.Future[Any] | None, function: Callable[[], Any], looks: int) -> None:
        loop = asyncio.get_running_loop()
        try:
            result = self._connection.do(function)
        except BaseException as error:  # noqa: BLE001  # Whatever it is, it belongs to whoever gave the order.
            busy = isinstance(error, sqlite3.OperationalError) and error.sqlite_errorcode == sqlite3.SQLITE_BUSY
            if busy and looks > 0:
                loop.call_later(BUSY_SECONDS, self._do, future, function, looks - 1)
            elif future is not None:
                loop.call_soon(_raise, future, error)
        else:
            if future is not None:
                loop.call_soon(_answer, future, result)


def _answer(future: asyncio.Future[Any], result: object) -> None:
    if not future.done():
        future.set_result(result)


def _raise(future: asyncio.Future[Any], error: BaseException) -> None:
    if future.done():
        return
    future.set_exception(error)
    if isinstance(error, Killed):
        # Of a dead process nobody need be left to hear it.
        future.exception()


class Inline(aiosqlite.Connection):
    """One connection of one place to the file."""

    def __init__(self, database: "Database", place: Place) -> None:
        super().__init__(partial(sqlite3.connect, database.file, isolation_level=None), 64)
        self._database = database
        self._place = place
        self._written = 0
        # A process may die between opening it and hearing of it.
        self._opened: sqlite3.Connection | None = None
        # Both are written against aiosqlite 0.22, whose lock file pins it.
        self._tx = _AtOnce(self)  # type: ignore[assignment]  # as much of a queue as is used
        self._thread = _NoThread()  # type: ignore[assignment]  # as much of a thread as is used

    def do(self, function: Callable[[], Any]) -> object:
        if self._place.doomed:
            raise Killed("this process is dead")
        inside = self._raw is not None and self._raw.in_transaction
        result = function()
        if isinstance(result, sqlite3.Connection):
            self._opened = result
        if inside and self._raw is not None and not self._raw.in_transaction:
            written, self._written = self._written, self._raw.total_changes
            if written != self._written:
                self._database.written(self._place)
        return result

    @property
    def _raw(self) -> sqlite3.Connection | None:
        return self._connection

    def kill(self) -> None:
        """What was not committed never was."""
        if self._opened is not None:
            with suppress(sqlite3.Error):
                self._opened.rollback()
            self._opened.close()
            self._opened = self._connection = None


class Database:
    """
    One file, and everybody's connections to it.

    `written` is called as soon as a transaction of some place has written.
    """

    def __init__(self, folder: Path, written: Callable[[Place], None]) -> None:
        self.file = folder / "lives.db"
        shutil.copy(sqlite_template(), self.file)
        self.written = written
        self._connections: dict[Place, list[Inline]] = {}
        self._eye = sqlite3.connect(self.file, isolation_level=None, check_same_thread=False)
        self._eye.row_factory = sqlite3.Row

    def connection(self, place: Place) -> Inline:
        connection = Inline(self, place)
        self._connections.setdefault(place, []).append(connection)
        return connection

    def kill(self, place: Place) -> None:
        """End every connection of a place whose process is gone."""
        for connection in self._connections.pop(place, ()):
            connection.kill()

    def rows(self, query: str, *values: object) -> list[sqlite3.Row]:
        """Look at what is written, from outside of every place."""
        return self._eye.execute(query, values).fetchall()

    def next_due(self) -> datetime | None:
        """Answer when a worker next finds something to do."""
        found = [self.rows(NEXT.format(table))[0][0] for table in ("renewals", "registrations")]
        return min((datetime.fromisoformat(one).replace(tzinfo=UTC) for one in found if one), default=None)

    def close(self) -> None:
        for place in list(self._connections):
            self.kill(place)
        self._eye.close()


class Desk:
    """
    The engines of one machine, whichever process runs on it.

    They outlive worlds, because what SQLAlchemy has once compiled it need not compile again.
    """

    def __init__(self) -> None:
        self._database: Database | None = None
        self._place: Place | None = None
        self._writer, self._reader = self._engine(SQLITE_WRITERS), self._engine(SQLITE_READERS)
        _begin(self._writer, "BEGIN IMMEDIATE", PRAGMAS)
        _begin(self._reader, "BEGIN", (*PRAGMAS, "query_only=ON"))

    async def move(self, database: Database, place: Place) -> Engines:
        """Serve a new process. Connections of the one before were killed with it."""
        self._database, self._place = database, place
        for engine in (self._writer, self._reader):
            await engine.dispose(close=False)
        return Engines(self._writer, self._reader)

    async def try_out(self, folder: Path) -> None:
        """Connect once: SQLAlchemy then asks more than ever again, and no course shall depend on being the first."""
        place = Place("nobody")
        # The template is made by a loop of its own.
        database = await asyncio.to_thread(Database, folder, lambda _: None)
        await self.move(database, place)
        for engine in (self._writer, self._reader):
            async with engine.begin():
                pass
        database.kill(place)
        database.close()

    def _connect(self, *_: object, **__: object) -> Inline:
        if self._database is None or self._place is None:
            raise RuntimeError("nobody sits at this desk")
        return self._database.connection(self._place)

    def _engine(self, connections: int) -> AsyncEngine:
        return create_async_engine(
            "sqlite+aiosqlite:///lives", async_creator=self._connect, pool_size=connections, max_overflow=0
        )


def _begin(engine: AsyncEngine, statement: str, pragmas: tuple[str, ...]) -> None:
    @event.listens_for(engine.sync_engine, "connect")
    # SQLAlchemy's adapted driver connection has no public type.
    def connect(driver: Any, _: object) -> None:
        cursor = driver.cursor()
        for pragma in pragmas:
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql(statement)
