"""A store on each kind of database, and an agency's system that listens on a real socket."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from gateway.application import node_ids
from gateway.journeys.orders import Orders
from gateway.store import Store
from gateway.telling import courier
from gateway.telling.deliveries import Deliveries
from gateway.telling.webhooks import WebhookDesk
from gateway.vault import Keyring
from insurers.agency import Agent, AgentRole
from insurers.sandbox import TestClock
from insurers.telling import EventKind
from schema.ports import Asker, Role
from tests.store.conftest import another, bus, store
from tests.store.databases import database_url, postgresql_url, sqlite_url

__all__ = ["another", "bus", "database_url", "postgresql_url", "sqlite_url", "store"]


MANAGER = Agent(id="a1", agency="sakura", name="店長 一郎", role=AgentRole.MANAGER)
ASKER = Asker(
    customer="a1",
    actor="a1",
    display_name="店長 一郎",
    actor_name="店長 一郎",
    name=None,
    roles=frozenset({Role.AGENT}),
    expires_at=datetime(2030, 1, 1, tzinfo=UTC),
)


@dataclass
class Receiver:
    """
    What came in, and what is answered to it: the next of `answers`, or 204 when there is none left.

    Nothing is answered while it is not `open`.
    """

    url: str = ""
    heard: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)
    open: asyncio.Event = field(default_factory=asyncio.Event)
    news: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def has_heard(self, messages: int) -> None:
        """Wait until so many different messages have come in, however often each."""
        async with self.news:
            await self.news.wait_for(lambda: len({headers["webhook-id"] for headers, _ in self.heard}) >= messages)

    async def hear(self, request: web.Request) -> web.Response:
        headers = {name.lower(): value for name, value in request.headers.items()}
        async with self.news:
            self.heard.append((headers, await request.read()))
            self.news.notify_all()
        await self.open.wait()
        status = self.answers.pop(0) if self.answers else 204
        moved = {"Location": self.url} if 300 <= status < 400 else {}
        return web.Response(status=status, headers=moved)


@asynccontextmanager
async def listening() -> AsyncIterator[Receiver]:
    there = Receiver()
    there.open.set()
    app = web.Application()
    app.router.add_post("/hook", there.hear)
    async with TestServer(app, host="127.0.0.1") as server:
        there.url = str(server.make_url("/hook"))
        try:
            yield there
        finally:
            there.open.set()


async def happen(
    store: Store, clock: TestClock, kind: EventKind = EventKind.RENEWAL_CHANGED, *, agency: str = "sakura"
) -> None:
    async with store.work() as work:
        await work.told.tell(agency, kind, clock(), ("BookEntry", "7"), {"status": "ACCEPTED"})


@pytest.fixture
def keyring() -> Keyring:
    return Keyring.fresh()


@pytest.fixture
def clock() -> TestClock:
    # Receivers hold a signature against their own time, and the library's is the machine's.
    return TestClock(frozen=True)


@pytest.fixture
async def deliveries(store: Store, keyring: Keyring, clock: TestClock) -> AsyncIterator[Deliveries]:
    async with courier.opened(private=True) as carrier:
        yield Deliveries(store, clock, node_ids(keyring), carrier, lambda: 0.0)


@pytest.fixture
def desk(store: Store, clock: TestClock) -> WebhookDesk:
    return WebhookDesk(store, clock, Orders(store, clock), private=True)


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with listening() as there:
        yield there
