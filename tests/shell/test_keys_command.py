"""`tabane keys` as an operator meets it: fresh entries, and everything at rest under a new key."""

import asyncio
import signal

from gateway import store as stores
from gateway.store import tables
from gateway.store.engines import opened as engines_opened
from gateway.vault import Keyring, fresh_key
from tests.processes import PATIENCE_SECONDS, Forked, Said, tabane
from tests.store.databases import database_url, postgresql_url, sqlite_url
from tests.store.invented import NOW, consent, link, registration, renewal

__all__ = ["database_url", "postgresql_url", "sqlite_url"]

FIRST, SECOND, THIRD = (fresh_key(key_id) for key_id in (1, 2, 3))
ROWS = 4


def command(url: str, ring: str, *words: str) -> Forked:
    return tabane("keys", *words, TABANE_DATABASE_URL=url, TABANE_VAULT_KEYS=ring)


def tabane_keys(url: str, ring: str, *words: str) -> Said:
    with command(url, ring, *words) as process:
        return process.end()


def fill(url: str, ring: str) -> None:
    async def some() -> None:
        async with stores.opened(url, keyring=Keyring.parse(ring)) as store, store.work() as work:
            await work.links.put(link())
            await work.registrations.add(registration(), due_at=NOW)
            await work.renewals.add(renewal(), due_at=NOW)
            await work.consents.append(consent())

    asyncio.run(some())


def fill_much(url: str, ring: str, rows: int) -> None:
    async def much() -> None:
        async with stores.opened(url, keyring=Keyring.parse(ring)) as store, store.work() as work:
            for number in range(rows):
                await work.registrations.add(registration(f"g{number}"), due_at=None)

    asyncio.run(much())


def sealed(url: str) -> dict[int, int]:
    async def counted() -> dict[int, int]:
        async with stores.opened(url, keyring=Keyring.fresh()) as store:
            return await store.sealed()

    return asyncio.run(counted())


def test_a_new_key_is_printed_alone_and_fits_the_ring(sqlite_url: str) -> None:
    said = tabane_keys(sqlite_url, FIRST, "new", "--id", "2")

    assert (0, "") == (said.status, said.err)
    assert {1, 2} == Keyring.parse(f"{said.out.strip()},{FIRST}").ids


def test_everything_is_sealed_again_and_the_keys_that_may_go_are_named(database_url: str) -> None:
    fill(database_url, FIRST)
    assert 0 == tabane_keys(database_url, f"{SECOND},{FIRST}", "rotate").status

    said = tabane_keys(database_url, f"{THIRD},{SECOND},{FIRST}", "rotate")

    assert (0, "") == (said.status, said.err)
    assert {3: ROWS} == sealed(database_url)
    assert f"{ROWS} rows were sealed again, under key 3." in said.out
    assert "Nothing is left under an older key." in said.out
    assert "Once every gateway and worker runs with key 3 first, TABANE_VAULT_KEYS may lose: 2." in said.out
    assert "Keep key 1: fingerprints and node ids rest on it." in said.out


def test_a_second_time_there_is_nothing_to_do(sqlite_url: str) -> None:
    fill(sqlite_url, FIRST)

    said = tabane_keys(sqlite_url, FIRST, "rotate")

    assert (0, "") == (said.status, said.err)
    assert "0 rows were sealed again, under key 1." in said.out
    assert "Keep key" not in said.out
    assert "may lose" not in said.out


def test_a_rotation_that_was_killed_is_taken_up_where_it_was(database_url: str) -> None:
    rows = 300
    fill_much(database_url, FIRST, rows)
    ring = f"{SECOND},{FIRST}"

    with command(database_url, ring, "rotate", "--page", "1") as process:
        assert "… 1\n" == process.stdout.readline()
        process.tell(signal.SIGKILL)
        process.end()
    halfway = sealed(database_url)
    again = tabane_keys(database_url, ring, "rotate")

    assert rows == sum(halfway.values())
    assert {1, 2} == halfway.keys()
    assert (0, {2: rows}) == (again.status, sealed(database_url))
    assert f"{halfway[1]} rows were sealed again" in again.out


def test_a_key_that_is_missing_is_asked_for_before_anything_is_touched(sqlite_url: str) -> None:
    fill(sqlite_url, FIRST)

    said = tabane_keys(sqlite_url, f"{THIRD},{SECOND}", "rotate")

    assert (1, "") == (said.status, said.out)
    assert "鍵 1 で封じられた行がありますが" in said.err
    assert "Rows lie under keys that are not in TABANE_VAULT_KEYS: 1. Nothing was changed." in said.err
    assert {1: ROWS} == sealed(sqlite_url)


def test_a_row_that_does_not_open_stays_and_its_customer_is_not_named(sqlite_url: str) -> None:
    fill_much(sqlite_url, FIRST, 1)

    said = tabane_keys(sqlite_url, f"{SECOND},{fresh_key(1)}", "rotate")

    assert (1, "") == (said.status, said.out)
    assert "registrations に、TABANE_VAULT_KEYS の鍵では開けない行があります。" in said.err
    assert "A row of registrations cannot be opened" in said.err
    assert "c1" not in said.err
    assert {1: 1} == sealed(sqlite_url)


def test_another_key_of_the_same_number_is_found_out(database_url: str) -> None:
    fill(database_url, FIRST)

    said = tabane_keys(database_url, fresh_key(1), "rotate")

    assert (1, "") == (said.status, said.out)
    assert "cannot be opened with the key of its number in TABANE_VAULT_KEYS" in said.err
    assert {1: ROWS} == sealed(database_url)


def test_a_row_that_somebody_is_writing_is_waited_for_while_the_others_go_on(postgresql_url: str) -> None:
    async def beside_a_writer() -> tuple[str, Said]:
        async with engines_opened(postgresql_url) as databases:
            with command(postgresql_url, f"{SECOND},{FIRST}", "rotate") as process:
                async with databases.writer.begin() as writer:
                    held = tables.links.update().where(tables.links.c.id == "l1").values(state=tables.links.c.state)
                    await writer.execute(held)
                    first = await asyncio.to_thread(process.stdout.readline)
                return first, await asyncio.to_thread(process.end)

    fill(postgresql_url, FIRST)

    first, said = asyncio.run(asyncio.wait_for(beside_a_writer(), PATIENCE_SECONDS))

    assert f"… {ROWS - 1}\n" == first
    assert (0, {2: ROWS}) == (said.status, sealed(postgresql_url))
