"""
News between those who write and those who wait.

A topic is a wake-up and carries nothing: whoever is woken reads the state again. Wake-ups
that nobody has taken yet are one, so a slow listener holds nobody up and misses nothing.
"""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Collection, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from itertools import chain, repeat
from typing import Any, Protocol

import psycopg
from sqlalchemy import Executable, make_url, text

from insurers.identity import InsurerCode

# One channel for every topic: a process listens once, however many wait in it.
CHANNEL = "tabane"

# A row for each topic and not a column: of those a statement has at most 1,664.
NOTICE = text("SELECT pg_notify(:channel, topic) FROM unnest(CAST(:topics AS text[])) AS told (topic)")

# The topic of whoever works: a journey was written, so something may be due sooner than was thought.
WORK = "work"

# What precedes whose things were written, and at which insurer something is known to have moved.
_CUSTOMER, _PROOFS, _INSURER = "customer:", "proofs:", "insurer:"

# How long to leave a lost connection alone before each attempt; the last one repeats.
RECONNECT_SECONDS = (0.0, 0.1, 0.5, 2.0, 5.0)

# A listener only ever waits, so without these a dead network would go unnoticed for two hours.
LISTENER = {
    "application_name": "tabane bus",
    "connect_timeout": 5,
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
}


def of_customer(customer: str) -> str:
    """Name the topic of all that is written of one customer's accounts, orders and consents."""
    return _CUSTOMER + customer


def of_proofs(customer: str) -> str:
    """Name the topic of whose policies are whose, which a reading finds out and which changes nothing of it."""
    return _PROOFS + customer


def of_insurer(insurer: InsurerCode) -> str:
    """Name the topic of what an insurer tells unasked."""
    return _INSURER + insurer


def customer_of(topic: str) -> str | None:
    return topic.removeprefix(_CUSTOMER) if topic.startswith(_CUSTOMER) else None


def whose_proofs(topic: str) -> str | None:
    return topic.removeprefix(_PROOFS) if topic.startswith(_PROOFS) else None


def insurer_of(topic: str) -> InsurerCode | None:
    return InsurerCode(topic.removeprefix(_INSURER)) if topic.startswith(_INSURER) else None


def is_overheard(topic: str) -> bool:
    """Whether it tells that something is to be read anew, which is no news to anybody who waits."""
    return topic.startswith((_CUSTOMER, _PROOFS, _INSURER))


# Hears of every topic, or of None when news may have been lost.
Overhearing = Callable[[str | None], None]


class Bus(Protocol):
    """Carries topics to whoever subscribed: in this process, or in all that share a database."""

    def notice(self, topics: Collection[str]) -> Executable | None:
        """
        Answer what to execute in the writing transaction, so that the news leaves with its commit.

        None when the bus wants to be told by `publish`, after the commit.
        """
        ...

    async def publish(self, topic: str) -> None: ...

    def written(self, topics: Collection[str]) -> None:
        """Tell those who overhear in this process at once; the others hear with the news."""
        ...

    def overhear(self, overhearing: Overhearing) -> None:
        """Have *overhearing* told of every topic, without having to wait for it."""
        ...

    def subscribe(self, topic: str) -> AbstractAsyncContextManager[AsyncIterator[None]]:
        """Hear of *topic* from when the block begins. The iteration ends only when the bus closes."""
        ...


class Ear:
    """One listener: a queue of a single wake-up."""

    def __init__(self) -> None:
        self._woken = asyncio.Event()
        self._closed = False

    def wake(self) -> None:
        self._woken.set()

    def close(self) -> None:
        self._closed = True
        self._woken.set()

    def __aiter__(self) -> AsyncIterator[None]:
        return self

    async def __anext__(self) -> None:
        await self._woken.wait()
        if self._closed:
            raise StopAsyncIteration
        self._woken.clear()


class LocalBus:
    """News within one process and one event loop."""

    def __init__(self) -> None:
        self._ears: defaultdict[str, set[Ear]] = defaultdict(set)
        self._overhearing: list[Overhearing] = []

    def notice(self, topics: Collection[str]) -> None:
        return None

    async def publish(self, topic: str) -> None:
        self.wake(topic)

    def written(self, topics: Collection[str | None]) -> None:
        for overhearing in self._overhearing:
            for topic in topics:
                overhearing(topic)

    def overhear(self, overhearing: Overhearing) -> None:
        self._overhearing.append(overhearing)

    @asynccontextmanager
    async def subscribe(self, topic: str) -> AsyncIterator[AsyncIterator[None]]:
        ear = Ear()
        self._ears[topic].add(ear)
        try:
            yield ear
        finally:
            self._ears[topic].discard(ear)
            if not self._ears[topic]:
                del self._ears[topic]

    def wake(self, topic: str) -> None:
        for ear in self._ears.get(topic, ()):
            ear.wake()

    def wake_all(self) -> None:
        for topic in self._ears:
            self.wake(topic)

    def close(self) -> None:
        """Let every listener go."""
        for ears in self._ears.values():
            for ear in ears:
                ear.close()


# What psycopg.connect takes is as wide as libpq's own parameters.
Arguments = Mapping[str, Any]


class PostgresBus:
    """News between all processes of one PostgreSQL database, by LISTEN and NOTIFY."""

    def __init__(self, arguments: Arguments, here: LocalBus) -> None:
        self._arguments = arguments
        self._here = here

    def notice(self, topics: Collection[str]) -> Executable:
        return NOTICE.bindparams(channel=CHANNEL, topics=list(topics))

    async def publish(self, topic: str) -> None:
        """Tell of something that was not written; opens a connection of its own, so not for what is frequent."""
        async with await psycopg.AsyncConnection.connect(**self._arguments, autocommit=True) as connection:
            await connection.execute("SELECT pg_notify(%s, %s)", (CHANNEL, topic))

    def written(self, topics: Collection[str]) -> None:
        self._here.written(topics)

    def overhear(self, overhearing: Overhearing) -> None:
        self._here.overhear(overhearing)

    def subscribe(self, topic: str) -> AbstractAsyncContextManager[AsyncIterator[None]]:
        return self._here.subscribe(topic)


class Listener:
    """The one connection that waits for news from the database."""

    connection: psycopg.AsyncConnection

    def __init__(self, arguments: Arguments, here: LocalBus) -> None:
        self._arguments = {**LISTENER, **arguments}
        self._here = here

    async def listen(self) -> None:
        self.connection = await psycopg.AsyncConnection.connect(**self._arguments, autocommit=True)
        await self.connection.execute(f"LISTEN {CHANNEL}")

    async def relay(self) -> None:
        """Pass on what is said, for ever. A lost connection is made again."""
        while True:
            try:
                async for notification in self.connection.notifies():
                    self._here.written([notification.payload])
                    self._here.wake(notification.payload)
            except psycopg.Error:
                await self.connection.close()
                await self._listen_again()
                # Nobody knows what was said meanwhile, so everybody looks.
                self._here.written([None])
                self._here.wake_all()

    async def _listen_again(self) -> None:
        waits = chain(RECONNECT_SECONDS, repeat(RECONNECT_SECONDS[-1]))
        while self.connection.closed:
            await asyncio.sleep(next(waits))
            with suppress(psycopg.Error):
                await self.listen()


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[Bus]:
    """
    Open the bus that goes with the database at *url* until the block ends.

    Raises:
        psycopg.OperationalError: PostgreSQL cannot be reached at the start. Later it is awaited.
    """
    here = LocalBus()
    database = make_url(url)
    try:
        if database.get_backend_name() != "postgresql":
            yield here
            return
        dialect = database.set(drivername="postgresql+psycopg").get_dialect()()
        arguments: Arguments = dialect.create_connect_args(database)[1]
        listener = Listener(arguments, here)
        await listener.listen()
        relaying = asyncio.create_task(listener.relay())
        try:
            yield PostgresBus(arguments, here)
        finally:
            relaying.cancel()
            with suppress(asyncio.CancelledError):
                await relaying
            await listener.connection.close()
    finally:
        here.close()
