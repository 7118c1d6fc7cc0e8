"""Keys change while everything stays readable and findable."""

import re
from collections import Counter
from typing import Any

import pytest
from sqlalchemy import event, select
from sqlalchemy.ext.asyncio import AsyncEngine

from gateway import store as stores
from gateway.store import AlreadyLiving, tables
from gateway.store.rotation import Bookmarks, reseal
from gateway.store.transaction import Transaction
from gateway.store.unsealed import Unsealed
from gateway.vault import Keyring, Unsealable, fresh_key
from insurers.text import Text
from tests.store.invented import MATURITY, NOW, REF, consent, link, registration, renewal

OLD, NEW = fresh_key(1), fresh_key(2)


async def fill(url: str, keys: str) -> None:
    async with stores.opened(url, keyring=Keyring.parse(keys)) as store, store.work() as work:
        await work.links.put(link())
        await work.registrations.add(registration(), due_at=NOW)
        await work.renewals.add(renewal(), due_at=NOW)
        await work.consents.append(consent())
        await work.events.append("r1", at=NOW, actor="c1", summary=Text("あ", "a"), topic="renewal:r1")
        await work.keys.begin("c1", "answered", "input", NOW)
        await work.keys.finish("c1", "answered", b"answer")
        await work.keys.begin("c1", "unanswered", "input", NOW)


async def sealed_by(database: AsyncEngine) -> set[int]:
    async with database.connect() as connection:
        return {
            body[1]
            for table in tables.metadata.sorted_tables
            if "body" in table.c
            for body in (await connection.execute(select(table.c.body))).scalars()
            if body is not None
        }


async def test_under_a_new_key_everything_is_read_and_found(database_url: str) -> None:
    await fill(database_url, OLD)

    async with stores.opened(database_url, keyring=Keyring.parse(f"{NEW},{OLD}")) as store, store.work() as work:
        assert link() == await work.links.get("l1")
        assert renewal() == await work.renewals.living(REF, MATURITY)
        with pytest.raises(AlreadyLiving):
            await work.renewals.add(renewal("r2"), due_at=None)
        replay = await work.keys.begin("c1", "answered", "input", NOW)

    assert replay is not None
    assert b"answer" == replay.answer


async def test_resealing_goes_page_by_page_until_nothing_is_left_under_the_old_key(
    database_url: str, database: AsyncEngine
) -> None:
    await fill(database_url, OLD)

    async with stores.opened(database_url, keyring=Keyring.parse(f"{NEW},{OLD}")) as store:
        pages = [await store.reseal(limit=4) for _ in range(3)]

    assert [4, 2, 0] == pages
    assert {2} == await sealed_by(database)


async def test_a_table_that_was_gone_through_is_left_alone(database_url: str, database: AsyncEngine) -> None:
    await fill(database_url, OLD)
    asked: Counter[str] = Counter()

    # What SQLAlchemy hands to its listeners has no public types.
    def heard(_: Any, __: Any, statement: str, *___: Any) -> None:
        asked.update(re.findall(r"FROM (\w+)", statement))

    event.listen(database.sync_engine, "before_cursor_execute", heard)
    bookmarks: Bookmarks = {}
    async with database.begin() as connection:
        transaction = Transaction(connection, Keyring.parse(f"{NEW},{OLD}"), Unsealed(0))
        pages = [await reseal(transaction, bookmarks, limit=1) for _ in range(7)]

    assert [1, 1, 1, 1, 1, 1, 0] == pages
    # Once for each of its rows, and once to find no more.
    assert {1: len(asked) - 6, 2: 6} == Counter(asked.values())


async def test_after_resealing_the_new_key_opens_alone(database_url: str) -> None:
    await fill(database_url, OLD)
    async with stores.opened(database_url, keyring=Keyring.parse(f"{NEW},{OLD}")) as store:
        await store.reseal()

    async with stores.opened(database_url, keyring=Keyring.parse(NEW)) as store, store.reading() as work:
        assert link() == await work.links.get("l1")
        assert renewal() == await work.renewals.get("r1")
        assert registration() == await work.registrations.get("g1")
        assert [consent()] == await work.consents.of("r1")


async def test_resealing_changes_neither_version_nor_lease(database_url: str) -> None:
    await fill(database_url, OLD)

    async with stores.opened(database_url, keyring=Keyring.parse(f"{NEW},{OLD}")) as store:
        async with store.work() as work:
            [taken] = await work.renewals.claim(NOW, lease_seconds=60, limit=1)
        await store.reseal()
        async with store.work() as work:
            await work.renewals.save(renewal(version=2), was=1, due_at=None, held=taken.lease)


async def test_a_row_that_cannot_be_opened_stops_the_rotation_and_is_named(database_url: str) -> None:
    await fill(database_url, fresh_key(1))

    async with stores.opened(database_url, keyring=Keyring.parse(f"{NEW},{OLD}")) as store:
        with pytest.raises(Unsealable) as unsealable:
            await store.reseal()

    assert ["in consents:r1:1"] == unsealable.value.__notes__
