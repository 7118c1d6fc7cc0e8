"""The unit of work: a block of code that is one transaction."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from contextvars import ContextVar
from typing import Any, Generic, Self, TypeVar, overload

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from gateway.events import Bus, is_overheard
from gateway.store import rotation
from gateway.store.agencies import Agencies
from gateway.store.agency_events import AgencyEvents
from gateway.store.agency_requests import AgencyRequests
from gateway.store.attempts import Attempts
from gateway.store.backlog import Backlog
from gateway.store.book import Book
from gateway.store.calendars import Calendars
from gateway.store.comparisons import Comparisons
from gateway.store.consents import Consents
from gateway.store.engines import Engines
from gateway.store.feeds import Feeds
from gateway.store.flow_events import FlowEvents
from gateway.store.idempotency import IdempotencyKeys
from gateway.store.inquiries import Inquiries
from gateway.store.known_policies import KnownPolicies, fingerprint
from gateway.store.links import Links
from gateway.store.mandates import Mandates
from gateway.store.openings import Openings
from gateway.store.outbox import Outbox
from gateway.store.owners import Owners
from gateway.store.registrations import Registrations
from gateway.store.reminders import Reminders
from gateway.store.renewals import Renewals
from gateway.store.transaction import Transaction
from gateway.store.unsealed import Unsealed
from gateway.store.webhooks import Webhooks
from gateway.vault import Keyring
from insurers.identity import PolicyRef

Repository = TypeVar("Repository")


class Pen:
    """Tells whether one task, or one that it began, has written anything that is news."""

    used = False


_PEN: ContextVar[Pen | None] = ContextVar("whose writing is watched", default=None)


def pen() -> Pen:
    """Answer a pen that tells what is written from here to the end of this task."""
    taken = Pen()
    _PEN.set(taken)
    return taken


class Kept(Generic[Repository]):
    """One of the repositories of a `Work`, made when it is first asked for: most transactions want two or three."""

    def __init__(self, kind: Callable[..., Repository], *needs: "Kept[Any]") -> None:
        self._kind = kind
        self._needs = needs

    def __set_name__(self, owner: "type[Work]", name: str) -> None:
        self.name = name

    @overload
    def __get__(self, work: None, owner: "type[Work]") -> Self: ...

    @overload
    def __get__(self, work: "Work", owner: "type[Work]") -> Repository: ...

    def __get__(self, work: "Work | None", owner: "type[Work]") -> Self | Repository:
        if work is None:
            return self
        made = work.made(self._kind, *(getattr(work, need.name) for need in self._needs))
        # From now on it is found before this is asked.
        setattr(work, self.name, made)
        return made


class Work:
    """Everything that is kept, within one transaction."""

    book = Kept(Book)
    known = Kept(KnownPolicies, book)
    links = Kept(Links, book, known)
    attempts = Kept(Attempts)
    registrations = Kept(Registrations)
    feeds = Kept(Feeds)
    openings = Kept(Openings)
    renewals = Kept(Renewals, known, openings)
    inquiries = Kept(Inquiries)
    comparisons = Kept(Comparisons, inquiries)
    consents = Kept(Consents)
    events = Kept(FlowEvents)
    keys = Kept(IdempotencyKeys)
    backlog = Kept(Backlog)
    agencies = Kept(Agencies)
    mandates = Kept(Mandates, book)
    owners = Kept(Owners)
    outbox = Kept(Outbox)
    reminders = Kept(Reminders)
    requests = Kept(AgencyRequests)
    webhooks = Kept(Webhooks)
    told = Kept(AgencyEvents)
    calendars = Kept(Calendars)

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def made(self, kind: Callable[..., Repository], *needs: object) -> Repository:
        return kind(self._transaction, *needs)

    @asynccontextmanager
    async def apart(self) -> AsyncIterator[None]:
        """What goes wrong in this block undoes what was written in it, and the transaction goes on."""
        async with self._transaction.connection.begin_nested():
            yield


class Store:
    """
    What only we know.

    A block is short: never await an insurer inside one, nor open another block inside it.
    """

    def __init__(self, engines: Engines, keyring: Keyring, bus: Bus, unsealed: Unsealed | None = None) -> None:
        self._engines = engines
        self._keyring = keyring
        self._bus = bus
        self._unsealed = Unsealed(0) if unsealed is None else unsealed
        self._bookmarks: rotation.Bookmarks = {}

    @asynccontextmanager
    async def work(self) -> AsyncIterator[Work]:
        """
        One write transaction. It is committed when the block ends and undone by an exception.

        What was written becomes news with the commit, and never without it.
        """
        topics: list[str] = []
        try:
            async with self._engines.writer.begin() as connection:
                transaction = self._transaction(connection)
                yield Work(transaction)
                topics = sorted(transaction.topics)
                notice = self._bus.notice(topics) if topics else None
                if notice is not None:
                    await connection.execute(notice)
        finally:
            # What was written stands, perhaps, though its commit was broken off.
            self._bus.written(topics)
        if not all(map(is_overheard, topics)) and (watched := _PEN.get()) is not None:
            watched.used = True
        if notice is None:
            for topic in topics:
                await self._bus.publish(topic)

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Work]:
        """One read transaction: all of the block sees the same moment. The database refuses to write in it."""
        async with self._engines.reader.connect() as connection:
            yield Work(self._transaction(connection))

    def fingerprint(self, ref: PolicyRef) -> str:
        """Answer by what a policy is found here."""
        return fingerprint(self._keyring, ref)

    def _transaction(self, connection: AsyncConnection) -> Transaction:
        return Transaction(connection, self._keyring, self._unsealed)

    @property
    def is_polled(self) -> bool:
        """Whether other processes that want to write look now and then whether they may, and do not stand in line."""
        return self._engines.writer.dialect.name == "sqlite"

    async def ping(self) -> None:
        """Ask the database anything. Raises what it raises when it is not there."""
        async with self._engines.reader.connect() as connection:
            await connection.execute(select(1))

    async def reseal(self, *, limit: int = 500) -> int:
        """
        Seal a page of rows again that an older key had sealed, and answer how many they were.

        Rows that somebody is writing just now are left for another call, so 0 is not yet the end:
        `sealed` says what is left.

        Raises:
            Unsealable: a row cannot be opened; the note says which.
        """
        async with self._engines.writer.begin() as connection:
            return await rotation.reseal(self._transaction(connection), self._bookmarks, limit=limit)

    async def probe(self) -> None:
        """
        Find out whether the primary key is the one that sealed what lies under its number.

        Raises:
            Unsealable: it is not; the note says which row.
        """
        async with self._engines.reader.connect() as connection:
            await rotation.probe(self._transaction(connection))

    async def sealed(self) -> dict[int, int]:
        """
        Answer how many rows lie under each key, by its id.

        A key that none lies under may leave the ring, unless it is the lowest: fingerprints rest on that one.
        """
        async with self._engines.reader.connect() as connection:
            return await rotation.census(self._transaction(connection))
