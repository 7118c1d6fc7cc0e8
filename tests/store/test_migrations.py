"""The migrations, and nothing else, make the tables that the program means."""

import asyncio
from datetime import timedelta

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, Executable, insert, select, text
from sqlalchemy.ext.asyncio import AsyncEngine

from gateway import store as stores
from gateway.store import EarlierEvidence, OfALaterProgram, OutOfDate, engines, migrations, tables
from gateway.store.tables import metadata
from gateway.vault import Keyring
from insurers.renewal import RenewalState
from tests.store.invented import ACME, MATURITY, NOW

DAY = timedelta(days=1)

# All that a database says about its tables, by which two databases can be compared.
STRUCTURE = {
    "sqlite": ["SELECT type, name, tbl_name, sql FROM sqlite_master"],
    "postgresql": [
        """
        SELECT table_name, column_name, data_type, is_nullable, column_default, is_identity, identity_generation
        FROM information_schema.columns WHERE table_schema = 'public'
        """,
        "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'",
        """
        SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid)
        FROM pg_constraint WHERE connamespace = 'public'::regnamespace
        """,
        "SELECT tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal",
    ],
}


def structure(connection: Connection) -> set[tuple[object, ...]]:
    rows = {
        tuple(squeezed(value) for value in row)
        for query in STRUCTURE[connection.dialect.name]
        for row in connection.execute(text(query))
    }
    return {row for row in rows if not any("alembic_version" in str(value) for value in row)}


def squeezed(value: object) -> object:
    """SQLite keeps a statement as it was typed."""
    return " ".join(value.split()) if isinstance(value, str) else value


async def made_by_migrations(url: str) -> set[tuple[object, ...]]:
    await stores.upgrade(url)
    async with engines.opened(url) as databases, databases.writer.begin() as connection:
        made = await connection.run_sync(structure)
        await connection.run_sync(metadata.drop_all)
    return made


async def made_by_the_tables(url: str) -> set[tuple[object, ...]]:
    async with engines.opened(url) as databases, databases.writer.begin() as connection:
        await connection.run_sync(metadata.create_all)
        return await connection.run_sync(structure)


async def test_the_migrations_make_exactly_the_tables(empty_database_url: str) -> None:
    migrated = await made_by_migrations(empty_database_url)

    assert await made_by_the_tables(empty_database_url) == migrated


async def test_alembic_sees_nothing_left_to_do(database: AsyncEngine) -> None:
    async with database.connect() as connection:
        left = await connection.run_sync(lambda sync: compare_metadata(MigrationContext.configure(sync), metadata))

    assert [] == left


async def test_a_database_without_the_tables_is_not_opened(empty_database_url: str, keyring: Keyring) -> None:
    with pytest.raises(OutOfDate, match="tabane db upgrade"):
        async with stores.opened(empty_database_url, keyring=keyring):
            pass


async def test_a_database_of_a_later_program_is_not_opened(empty_database_url: str, keyring: Keyring) -> None:
    await stores.upgrade(empty_database_url)
    async with engines.opened(empty_database_url) as databases, databases.writer.begin() as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))

    with pytest.raises(OfALaterProgram):
        async with stores.opened(empty_database_url, keyring=keyring):
            pass


async def test_a_store_that_is_asked_to_brings_the_tables_up_to_date(empty_database_url: str, keyring: Keyring) -> None:
    async with stores.opened(empty_database_url, keyring=keyring, migrate=True) as store, store.reading() as work:
        assert [] == await work.links.of("c1")


async def test_any_number_may_upgrade_at_once(empty_database_url: str, keyring: Keyring) -> None:
    await asyncio.gather(*(stores.upgrade(empty_database_url) for _ in range(8)))

    async with stores.opened(empty_database_url, keyring=keyring):
        pass


@pytest.mark.parametrize("url", ["mysql://somewhere/tabane", "sqlite://", "sqlite:///:memory:"])
async def test_what_is_no_database_of_ours_is_refused(url: str, keyring: Keyring) -> None:
    with pytest.raises(ValueError):
        async with stores.opened(url, keyring=keyring):
            pass


async def at(url: str, revision: str, *statements: Executable) -> None:
    """Bring an empty database to an earlier version, and write into it."""

    def migrated(connection: Connection) -> None:
        config = migrations.configuration()
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
        for statement in statements:
            connection.execute(statement)

    async with engines.opened(url) as databases, databases.writer.begin() as connection:
        await connection.run_sync(migrated)


def sealed(id_: str) -> Executable:
    """A renewal whose body nobody will open."""
    return insert(tables.renewals).values(
        id=id_,
        customer="c1",
        insurer=ACME,
        state=RenewalState.UNCONFIRMED,
        version=1,
        created_at=NOW - DAY,
        attempts=0,
        body=b"",
        policy=id_,
        maturity=MATURITY,
    )


async def test_who_stood_in_a_state_before_its_age_was_known_is_as_old_as_the_last_line_of_its_history(
    empty_database_url: str,
) -> None:
    line = insert(tables.flow_events).values(id="e1", flow="told", at=NOW, body=b"")
    await at(empty_database_url, "0005", sealed("told"), sealed("untold"), line)

    await stores.upgrade(empty_database_url)

    async with engines.opened(empty_database_url) as databases, databases.reader.connect() as connection:
        found = (await connection.execute(select(tables.renewals.c.id, tables.renewals.c.since))).all()
    assert {("told", NOW), ("untold", NOW - DAY)} == {(id_, since) for id_, since in found}


async def test_evidence_of_an_earlier_form_is_neither_lost_nor_built_upon(empty_database_url: str) -> None:
    given = insert(tables.consents).values(flow="r1", sequence=1, at=NOW, body=b"")
    await at(empty_database_url, "0001", given)

    with pytest.raises(EarlierEvidence):
        await stores.upgrade(empty_database_url)

    async with engines.opened(empty_database_url) as databases, databases.reader.connect() as connection:
        standing = (await connection.execute(text("SELECT version_num FROM alembic_version"))).scalar_one()
        kept = (await connection.execute(text("SELECT count(*) FROM consents"))).scalar_one()
    assert ("0001", 1) == (standing, kept)
