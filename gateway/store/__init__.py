"""The store: what only we know, kept in SQLite or PostgreSQL, and sealed."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from gateway.events import Bus, LocalBus
from gateway.store import engines, migrations
from gateway.store.errors import (
    AlreadyLinked,
    AlreadyLiving,
    CarTaken,
    Conflict,
    EarlierEvidence,
    KeyReused,
    LeaseLost,
    OfALaterProgram,
    OutOfDate,
    OutOfSequence,
)
from gateway.store.idempotency import Replay
from gateway.store.leases import Claimed, Lease
from gateway.store.unit_of_work import Store, Work, pen
from gateway.store.unsealed import Unsealed
from gateway.vault import Keyring

__all__ = [
    "AlreadyLinked",
    "AlreadyLiving",
    "CarTaken",
    "Claimed",
    "Conflict",
    "EarlierEvidence",
    "KeyReused",
    "Lease",
    "LeaseLost",
    "OfALaterProgram",
    "OutOfDate",
    "OutOfSequence",
    "Replay",
    "Store",
    "Work",
    "opened",
    "pen",
    "upgrade",
]


@asynccontextmanager
async def opened(
    url: str, *, keyring: Keyring, bus: Bus | None = None, migrate: bool = False, remembered_bytes: int = 0
) -> AsyncIterator[Store]:
    """
    Open the store at `sqlite:///FILE` or `postgresql://…` until the block ends.

    Without a *bus* its news reaches nobody. With *migrate* the tables are brought up to date first. So many bytes may
    be *remembered* of what was opened before.

    Raises:
        ValueError: *url* is neither.
        OutOfDate: the tables are older than this program, and *migrate* was not asked for.
        OfALaterProgram: they are newer.
        EarlierEvidence: with *migrate*, which cannot be done.
    """
    async with engines.opened(url) as databases:
        if migrate:
            await migrations.upgrade(databases)
        else:
            await migrations.check(databases)
        yield Store(databases, keyring, bus or LocalBus(), Unsealed(remembered_bytes))


async def upgrade(url: str) -> None:
    """
    Bring the tables at *url* up to date, and do nothing where they are. Any number may try at once.

    Raises:
        EarlierEvidence, OfALaterProgram: it cannot be done, and nothing was.
    """
    async with engines.opened(url) as databases:
        await migrations.upgrade(databases)
