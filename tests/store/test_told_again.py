"""What a row held is told again for as long as it has the same box, and not a moment longer."""

from collections.abc import Mapping
from datetime import timedelta

import pytest
from msgspec.structs import replace
from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncEngine

from gateway.store import Store, tables
from gateway.store.book_tables import book_entries
from gateway.vault import Keyring, Unsealable
from insurers.book import Entry, Mark
from insurers.renewal import Renewal
from tests.store.booked import AGENCY, fill, record
from tests.store.conftest import Opener
from tests.store.invented import NOW, link, renewal


async def standing(store: Store) -> Renewal:
    async with store.reading() as work:
        found = await work.renewals.get("r1")
    assert found is not None
    return found


async def entry(store: Store) -> Entry:
    async with store.reading() as work:
        return (await work.book.entries(["1"]))["1"]


@pytest.fixture
async def begun(store: Store) -> Renewal:
    async with store.work() as work:
        await work.renewals.add(renewal(), due_at=None)
    return await standing(store)


async def test_a_renewal_that_stands_as_it_stood_is_the_very_same(store: Store, begun: Renewal) -> None:
    assert begun is await standing(store)
    assert renewal() == begun


async def test_whoever_is_another_process_is_seen_at_once(store: Store, another: Opener, begun: Renewal) -> None:
    async with another() as other, other.work() as work:
        await work.renewals.save(replace(begun, version=2, plate="架空 500 あ 1"), was=1, due_at=None)

    assert (2, "架空 500 あ 1") == ((after := await standing(store)).version, after.plate)
    assert begun.plate is None


async def test_a_box_that_was_altered_is_refused_though_the_right_one_is_remembered(
    store: Store, database: AsyncEngine, begun: Renewal
) -> None:
    async with database.begin() as connection:
        [(box,)] = await connection.execute(select(tables.renewals.c.body))
        await connection.execute(update(tables.renewals).values(body=box[:-1] + bytes([box[-1] ^ 1])))

    with pytest.raises(Unsealable):
        await standing(store)


async def test_a_box_of_another_row_is_refused_though_it_is_remembered(
    store: Store, database: AsyncEngine, begun: Renewal
) -> None:
    async with store.work() as work:
        await work.renewals.add(renewal("r2", maturity=begun.maturity + timedelta(days=365)), due_at=None)
        assert await work.renewals.get("r2") is not None
    row = tables.renewals.c
    async with database.begin() as connection:
        other = select(row.body).where(row.id == "r2").scalar_subquery()
        await connection.execute(update(tables.renewals).where(row.id == "r1").values(body=other))

    with pytest.raises(Unsealable):
        await standing(store)


@pytest.mark.parametrize("moved", [{"agency": "hinode"}, {"policy": bytes(16)}])
async def test_an_entry_that_was_put_into_another_book_is_refused_though_it_is_remembered(
    store: Store, keyring: Keyring, database: AsyncEngine, moved: Mapping[str, object]
) -> None:
    await fill(store, keyring, [record("A1")])
    await fill(store, keyring, [record("B1")], agency="hinode")
    await entry(store)
    async with database.begin() as connection:
        await connection.execute(update(book_entries).where(book_entries.c.id == 1).values(moved))

    with pytest.raises(Unsealable):
        await entry(store)


async def test_a_row_that_is_gone_is_gone(store: Store, database: AsyncEngine, begun: Renewal) -> None:
    async with database.begin() as connection:
        await connection.execute(delete(tables.renewals))

    async with store.reading() as work:
        assert await work.renewals.get("r1") is None


async def test_what_is_secret_is_opened_each_time(store: Store) -> None:
    async with store.work() as work:
        await work.links.put(link())
    found = []
    for _ in range(2):
        async with store.reading() as work:
            found.append((await work.links.of("c1"))[0])

    assert found[0] == found[1]
    assert found[0] is not found[1]


async def test_an_entry_of_the_book_is_the_same_until_anything_of_it_is_otherwise(
    store: Store, keyring: Keyring, database: AsyncEngine
) -> None:
    await fill(store, keyring, [record("A1")])
    first = await entry(store)
    assert first is await entry(store)

    async with store.work() as work:
        await work.book.mark(AGENCY, [1], Mark.REFERRED, NOW)
    assert (None, Mark.REFERRED) == (first.mark, (await entry(store)).mark)

    await fill(store, keyring, [record("A1", change=2_000)])
    assert (1_000, 2_000) == tuple(
        one.premium_change and one.premium_change.amount for one in (first, await entry(store))
    )

    async with database.begin() as connection:
        [(box,)] = await connection.execute(select(book_entries.c.body))
        await connection.execute(update(book_entries).values(body=box[:-1] + bytes([box[-1] ^ 1])))
    with pytest.raises(Unsealable):
        await entry(store)
