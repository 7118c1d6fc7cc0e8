"""A store of one's own, on each kind of database."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from functools import partial

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from gateway import store as stores
from gateway.events import Bus
from gateway.events import opened as bus_opened
from gateway.store import Store, engines
from gateway.vault import Keyring
from tests.store.databases import database_url, empty_database_url, postgresql_url, sqlite_url

__all__ = ["database_url", "empty_database_url", "postgresql_url", "sqlite_url"]

# Opens one more store on the test's database, with engines of its own, as another process would.
Opener = Callable[[], AbstractAsyncContextManager[Store]]


# As a gateway has it, so that whatever is wrong with it is wrong in these tests.
REMEMBERED_BYTES = 1 << 20


@pytest.fixture
def keyring() -> Keyring:
    return Keyring.fresh()


@pytest.fixture
async def bus(database_url: str) -> AsyncIterator[Bus]:
    async with bus_opened(database_url) as bus:
        yield bus


@pytest.fixture
def another(database_url: str, keyring: Keyring) -> Opener:
    return partial(stores.opened, database_url, keyring=keyring)


@pytest.fixture
async def store(database_url: str, keyring: Keyring, bus: Bus) -> AsyncIterator[Store]:
    async with stores.opened(database_url, keyring=keyring, bus=bus, remembered_bytes=REMEMBERED_BYTES) as store:
        yield store


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[AsyncEngine]:
    """The bare rows, as somebody sees them who got hold of the database."""
    async with engines.opened(database_url) as opened:
        yield opened.writer
