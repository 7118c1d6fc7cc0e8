"""How each kind of database is spoken to."""

import asyncio
import sqlite3
import time
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from typing import Any, Protocol

import aiosqlite
from sqlalchemy import URL, Connection, FromClause, event, make_url
from sqlalchemy.dialects.sqlite.base import SQLiteCompiler
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from gateway.store import errands
from gateway.store.readers import Readers

# SQLite has one writer at a time anyway. Waiting for the turn here is fair and wakes at once;
# waiting inside SQLite is a poll that may starve until it times out.
SQLITE_WRITERS = 1
SQLITE_READERS = 5
POSTGRESQL_CONNECTIONS = 15

# How long to wait for a turn or a connection before it is an error.
PATIENCE_SECONDS = 30
BUSY_RETRY_SECONDS = 0.01

PRAGMAS = (
    f"busy_timeout={PATIENCE_SECONDS * 1000}",
    # What was acknowledged survives a power cut, too.
    "synchronous=FULL",
    "foreign_keys=ON",
    # What was deleted or written over is gone from the page it lay on, and not only unlisted there.
    "secure_delete=ON",
)

# Whoever waits inside SQLite looks ever less often whether the other process has done, and misses the breath that is
# left between two transactions. Looking anew begins with the short waits again.
LOOK = "busy_timeout=10"

# A page of a feed touches every index in a thousand places. With SQLite's own 2 MB of them at hand, each place is
# written out and read again within one transaction, which takes half as long again.
WRITER_CACHE_KIB = 64 * 1024

# Ten renewals of one customer are half a megabyte. With SQLite's own 2 MB at hand, they are read again from the file
# after four other customers, which takes half as long again. Five readers take 80 MiB where all of them are busy.
READER_CACHE_KIB = 16 * 1024

# What stays in the log for some transactions (up to 64 MiB) is copied into the file once for all of these. That spares
# a sync a third of its time.
LONG_LOG = "wal_autocheckpoint=16000"


class Reader(Protocol):
    """What is asked of an engine by whoever only reads."""

    def connect(self) -> AbstractAsyncContextManager[AsyncConnection]: ...

    async def dispose(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Engines:
    """Where to write and where to read. A reader sees one moment throughout, and cannot write."""

    writer: AsyncEngine
    reader: Reader


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[Engines]:
    """
    Raises:
        ValueError: no such database, or SQLite without a file.
    """
    database = make_url(url)
    kinds = {"sqlite": _sqlite, "postgresql": _postgresql}
    try:
        kind = kinds[database.get_backend_name()]
    except KeyError:
        raise ValueError("a database is sqlite:///FILE or postgresql://…") from None
    engines = await kind(database)
    try:
        yield engines
    finally:
        await engines.writer.dispose()
        await engines.reader.dispose()


class Hinted(SQLiteCompiler):
    """Writes which index a query is to walk (INDEXED BY), which SQLAlchemy leaves out for SQLite."""

    def get_from_hint_text(self, table: FromClause, text: str | None) -> str | None:
        return text


async def _sqlite(url: URL) -> Engines:
    if not url.database or url.database == ":memory:":
        raise ValueError("SQLite needs a file: readers and writers are different connections")
    await _write_ahead(url.database)
    url = url.set(drivername="sqlite")
    ways = {"async_creator_fn": errands.connect}
    writer = _engine(url.set(drivername="sqlite+aiosqlite"), pool_size=SQLITE_WRITERS, connect_args=ways)
    _begin(writer, (*PRAGMAS, LOOK, f"cache_size=-{WRITER_CACHE_KIB}", LONG_LOG))
    only = (*PRAGMAS, "query_only=ON", f"cache_size=-{READER_CACHE_KIB}")
    reader = Readers(url, only, most=SQLITE_READERS, patience_seconds=PATIENCE_SECONDS)
    for engine in (writer, reader.engine):
        engine.dialect.statement_compiler = Hinted
    return Engines(writer, reader)


async def _write_ahead(file: str) -> None:
    """Let readers and the writer not wait for each other. The file remembers it."""
    # Where there is no such folder, aiosqlite leaves a thread behind that speaks when the loop is over.
    sqlite3.connect(file).close()
    async with asyncio.timeout(PATIENCE_SECONDS), aiosqlite.connect(file, isolation_level=None) as connection:
        while True:
            try:
                await connection.execute("PRAGMA journal_mode=WAL")
                return
            except sqlite3.OperationalError as error:
                # When several begin with a new file at once, SQLite gives up here without waiting.
                if error.sqlite_errorcode != sqlite3.SQLITE_BUSY:
                    raise
                await asyncio.sleep(BUSY_RETRY_SECONDS)


async def _postgresql(url: URL) -> Engines:
    engine = _engine(url.set(drivername="postgresql+psycopg"), pool_size=POSTGRESQL_CONNECTIONS, pool_pre_ping=True)
    return Engines(engine, engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True))


# The keywords are create_async_engine's own.
def _engine(url: URL, **settings: Any) -> AsyncEngine:
    # Bound values are people's; an error must not repeat them.
    return create_async_engine(url, hide_parameters=True, max_overflow=0, pool_timeout=PATIENCE_SECONDS, **settings)


def _begin(engine: AsyncEngine, pragmas: tuple[str, ...]) -> None:
    # An isolation level set on the driver is undone by the next execution option; these events survive.
    @event.listens_for(engine.sync_engine, "connect")
    # SQLAlchemy's adapted driver connection has no public type.
    def connect(driver: Any, _: object) -> None:
        driver.isolation_level = None
        cursor = driver.cursor()
        for pragma in pragmas:
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def begin(connection: Connection) -> None:
        until = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                connection.exec_driver_sql("BEGIN IMMEDIATE")
                return
            except OperationalError as error:
                if not _is_busy(error.orig) or time.monotonic() > until:
                    raise


def _is_busy(error: BaseException | None) -> bool:
    return isinstance(error, sqlite3.OperationalError) and error.sqlite_errorcode == sqlite3.SQLITE_BUSY
