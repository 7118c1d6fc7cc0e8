"""The database itself keeps evidence: rows may be added and sealed anew, and nothing else."""

from sqlalchemy import delete, text, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlalchemy.sql import Executable

from gateway.store import Store, tables
from tests.store.invented import NOW, consent

ROW = tables.consents.c


DEEDS: dict[str, Executable] = {
    "delete all": delete(tables.consents),
    "delete the last": delete(tables.consents).where(ROW.sequence == 2),
    "move": update(tables.consents).values(sequence=ROW.sequence + 2),
    "give away": update(tables.consents).values(flow="r2"),
    "date anew": update(tables.consents).values(at=NOW),
}


async def refusal(database: AsyncEngine, deed: Executable) -> str:
    """Why the database would not do it, in its own words; empty when it did."""
    try:
        async with database.begin() as connection:
            await connection.execute(deed)
    except DBAPIError as error:
        return str(error)
    return ""


async def test_the_database_refuses_to_change_evidence(store: Store, database: AsyncEngine) -> None:
    first = consent()
    second = consent(2, previous=first.hash)
    async with store.work() as work:
        await work.consents.append(first)
        await work.consents.append(second)

    for name, deed in DEEDS.items():
        assert "evidence is only ever appended" in await refusal(database, deed), name

    async with store.reading() as work:
        assert [first, second] == await work.consents.of("r1")


async def test_a_body_may_be_sealed_anew(store: Store, database: AsyncEngine) -> None:
    async with store.work() as work:
        await work.consents.append(consent())

    async with database.begin() as connection:
        await connection.execute(update(tables.consents).values(body=b"sealed anew"))
        assert b"sealed anew" == (await connection.execute(text("SELECT body FROM consents"))).scalar_one()


REPLACED = {
    "sqlite": "REPLACE INTO consents (flow, sequence, at, body) SELECT flow, sequence, at, x'00' FROM consents",
    "postgresql": "TRUNCATE consents",
}


async def test_there_is_no_other_way_round(store: Store, database: AsyncEngine) -> None:
    given = consent()
    async with store.work() as work:
        await work.consents.append(given)

    assert "evidence is only ever appended" in await refusal(database, text(REPLACED[database.dialect.name]))

    async with store.reading() as work:
        assert [given] == await work.consents.of("r1")
