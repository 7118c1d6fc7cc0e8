"""SQLite's readers: most of what they are asked takes a glance, and a thread answers the rest."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext, suppress
from functools import partial
from typing import Any, TypeVar, cast

from sqlalchemy import URL, Connection, CursorResult, Dialect, Executable, NullPool, ScalarResult, create_engine
from sqlalchemy.exc import ResourceClosedError
from sqlalchemy.exc import TimeoutError as NoTurn
from sqlalchemy.ext.asyncio import AsyncConnection

from gateway.store.glances import Glancing, Long, MoreThanAGlance

Answer = TypeVar("Answer")

# After so many questions of one reading others have their turn.
GLANCES_AT_ONCE = 20

# A statement's values, by name or, in the driver's own words, by place.
Values = Mapping[str, Any] | Sequence[Any] | None


class Readers:
    """As many connections as may read at once. The one that was used last, and has most at hand, is the next."""

    def __init__(self, url: URL, pragmas: Sequence[str], *, most: int, patience_seconds: float) -> None:
        # SQLAlchemy's own pool knows no other way to wait than to stop the loop.
        self.engine = create_engine(
            url,
            poolclass=NullPool,
            connect_args={
                "factory": partial(Glancing, Long(), pragmas),
                "isolation_level": None,
                "timeout": patience_seconds,
            },
            # Bound values are people's; an error must not repeat them.
            hide_parameters=True,
        )
        self._patience_seconds = patience_seconds
        self._places = asyncio.Semaphore(most)
        self._threads = ThreadPoolExecutor(most, "reading")
        self._idle: list[Connection] = []
        self._over = False
        self._had = False

    def connect(self) -> AbstractAsyncContextManager[AsyncConnection]:
        # Who reads asks no more of a connection than a `Reading` answers.
        return cast(AbstractAsyncContextManager[AsyncConnection], Reading(self))

    async def dispose(self) -> None:
        self._over = True
        for connection in self._idle:
            self.send(connection.close)
        self._idle.clear()
        await asyncio.to_thread(self._threads.shutdown)

    async def taken(self) -> Connection:
        """
        Raises:
            NoTurn: the others took too long.
        """
        await self._give_way()
        try:
            async with asyncio.timeout(self._patience_seconds) if self._places.locked() else nullcontext():
                await self._places.acquire()
        except TimeoutError:
            raise NoTurn("nobody was done with reading in time") from None
        if self._idle:
            return self._idle.pop()
        opening: Future[Connection] | None = None
        try:
            opening = self.send(self._opened)
            return await asyncio.wrap_future(opening)
        except BaseException:
            self._places.release()
            if opening is not None:
                opening.add_done_callback(_unwanted)
            raise

    def returned(self, connection: Connection, under_way: "Future[Any] | None") -> None:
        """Have it back; what is still *under_way* with it is for nobody, and then so is the connection."""
        self._places.release()
        if under_way is not None:
            _driver(connection).give_up()
            under_way.add_done_callback(lambda _: connection.close())
        elif self._over:
            connection.close()
        else:
            connection.rollback()
            self._idle.append(connection)

    def send(self, errand: Callable[[], Answer]) -> "Future[Answer]":
        """Have a thread do this."""
        return self._threads.submit(errand)

    async def _give_way(self) -> None:
        """Let the others have their turn where there was a reading in this one: nobody who reads on and on is alone."""
        if self._had:
            await asyncio.sleep(0)
        if not self._had:
            self._had = True
            asyncio.get_running_loop().call_soon(self._next_turn)

    def _next_turn(self) -> None:
        self._had = False

    def _opened(self) -> Connection:
        connection = self.engine.connect()
        try:
            # What the tables are is read at the first question, and takes longer than that.
            connection.exec_driver_sql("SELECT 1 FROM sqlite_schema LIMIT 1")
            connection.rollback()
            _driver(connection).hurry()
        except BaseException:
            connection.close()
            raise
        return connection


class Reading:
    """What whoever reads asks of an `AsyncConnection`, of one that waits only where it has to."""

    def __init__(self, readers: Readers) -> None:
        self._readers = readers
        # Set at the beginning of the block.
        self._connection: Connection
        self._turn = asyncio.Lock()
        self._under_way: Future[Any] | None = None
        self._glances = 0

    async def __aenter__(self) -> "Reading":
        self._connection = await self._readers.taken()
        return self

    async def __aexit__(self, *_: object) -> None:
        self._readers.returned(self._connection, self._under_way)

    @property
    def dialect(self) -> Dialect:
        return self._readers.engine.dialect

    async def execute(self, statement: Executable, parameters: Values = None) -> CursorResult[Any]:
        return await self._asked(partial(self._connection.execute, statement, parameters))

    async def exec_driver_sql(self, statement: str, parameters: Values = None) -> CursorResult[Any]:
        return await self._asked(partial(self._connection.exec_driver_sql, statement, parameters))

    async def scalar(self, statement: Executable, parameters: Values = None) -> Any:
        return await self._asked(partial(self._connection.scalar, statement, parameters))

    async def scalars(self, statement: Executable, parameters: Values = None) -> ScalarResult[Any]:
        return await self._asked(partial(self._connection.scalars, statement, parameters))

    async def run_sync(self, ask: Callable[[Connection], Answer]) -> Answer:
        return await self._asked(partial(ask, self._connection))

    @asynccontextmanager
    async def begin_nested(self) -> AsyncIterator[None]:
        # Whoever means to write in it is refused by the database, as anywhere in a reading.
        with self._connection.begin_nested():
            yield

    async def _asked(self, ask: Callable[[], Answer]) -> Answer:
        async with self._turn:
            if self._under_way is not None:
                raise ResourceClosedError("a question of this reading was broken off")
            self._glances += 1
            if not self._glances % GLANCES_AT_ONCE:
                await asyncio.sleep(0)
            try:
                return ask()
            except MoreThanAGlance:
                return await self._patiently(ask)

    async def _patiently(self, ask: Callable[[], Answer]) -> Answer:
        driver = _driver(self._connection)

        def answered() -> Answer:
            with driver.patiently():
                return ask()

        errand = self._under_way = self._readers.send(answered)
        is_given_up = False
        try:
            return await asyncio.wrap_future(errand)
        except asyncio.CancelledError:
            # One that no thread had begun never will be.
            is_given_up = not errand.done()
            if is_given_up:
                driver.give_up()
            raise
        finally:
            # A connection that was given up is for nobody, even where its thread has ended by now.
            if errand.done() and not is_given_up:
                self._under_way = None


def _driver(connection: Connection) -> Glancing:
    # The type of a driver's own connection is not known to SQLAlchemy.
    return cast(Glancing, connection.connection.dbapi_connection)


def _unwanted(opening: "Future[Connection]") -> None:
    if not opening.cancelled():
        with suppress(Exception):
            opening.result().close()
