"""What was unlinked is gone from the disk, too: its sealed body lies in no file of the database."""

from collections.abc import Awaitable, Callable
from pathlib import Path

import aiosqlite
import pytest
from sqlalchemy import text

from gateway import store as stores
from gateway.store import Work, engines
from gateway.vault import Keyring
from insurers.account import LinkState
from tests.store.invented import NOW, link

# Long enough to stand nowhere by chance, short enough to lie on one page whole.
PIECE_BYTES = 32


async def unlink(work: Work) -> None:
    await work.links.delete("l1", at=NOW)


async def write_over(work: Work) -> None:
    await work.links.put(link(state=LinkState.CREDENTIALS_REJECTED, access=None, challenge=None))


async def linked(url: str, keyring: Keyring) -> bytes:
    """Put a link away, and answer its sealed body as it lies on the disk."""
    async with stores.opened(url, keyring=keyring) as store, store.work() as work:
        await work.links.put(link())
    async with aiosqlite.connect(file(url)) as connection:
        [(body,)] = await connection.execute_fetchall("SELECT body FROM links")
    assert left(url, body)
    return bytes(body)


async def checkpoint(url: str) -> None:
    """Let what was committed reach the file, as SQLite itself does from time to time."""
    async with aiosqlite.connect(file(url)) as connection:
        await connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def file(url: str) -> Path:
    return Path(url.removeprefix("sqlite:///"))


def left(url: str, body: bytes) -> int:
    """Answer how many pieces of the body still lie in the database's file or in those beside it."""
    lying = b"".join(each.read_bytes() for each in file(url).parent.glob(f"{file(url).name}*"))
    pieces = [body[start : start + PIECE_BYTES] for start in range(0, len(body) - PIECE_BYTES, PIECE_BYTES)]
    return sum(piece in lying for piece in pieces)


@pytest.mark.parametrize("forget", [unlink, write_over])
async def test_what_was_forgotten_lies_nowhere_after_the_next_checkpoint(
    sqlite_url: str, keyring: Keyring, forget: Callable[[Work], Awaitable[None]]
) -> None:
    body = await linked(sqlite_url, keyring)

    async with stores.opened(sqlite_url, keyring=keyring) as store:
        async with store.work() as work:
            await forget(work)
        await checkpoint(sqlite_url)

        assert 0 == left(sqlite_url, body)


async def test_what_is_not_wiped_would_be_seen(sqlite_url: str, keyring: Keyring) -> None:
    body = await linked(sqlite_url, keyring)

    async with aiosqlite.connect(file(sqlite_url)) as connection:
        await connection.execute("PRAGMA secure_delete=OFF")
        await connection.execute("DELETE FROM links")
        await connection.commit()
    await checkpoint(sqlite_url)

    assert 0 < left(sqlite_url, body)


async def test_every_writer_wipes_whatever_sqlite_was_built_to_do(sqlite_url: str) -> None:
    async with engines.opened(sqlite_url) as databases, databases.writer.connect() as connection:
        assert 1 == (await connection.execute(text("PRAGMA secure_delete"))).scalar_one()
