"""How the tables came to be what they are."""

from functools import cache

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from gateway.store.engines import Engines
from gateway.store.errors import OutOfDate

# Any number that nobody else in the database uses: PostgreSQL lets one process at a time hold it.
TURN = 8_425_871


def configuration() -> Config:
    config = Config()
    config.set_main_option("script_location", "gateway.store:migrations")
    return config


async def upgrade(engines: Engines) -> None:
    async with engines.writer.begin() as connection:
        # SQLite's writers take turns as it is.
        if connection.dialect.name == "postgresql":
            await connection.execute(text("SELECT pg_advisory_xact_lock(:turn)"), {"turn": TURN})
        await connection.run_sync(_upgrade)


def _upgrade(connection: Connection) -> None:
    # To learn that nothing is left to do, Alembic would read every migration anew.
    if standing(connection) == head():
        return
    config = configuration()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


async def check(engines: Engines) -> None:
    """
    Raises:
        OutOfDate: the tables are older or newer than this program.
    """
    async with engines.reader.connect() as connection:
        if await connection.run_sync(standing) != head():
            raise OutOfDate("the tables are not of this version; `tabane db upgrade` brings them up to date")


def standing(connection: Connection) -> str | None:
    """Answer the version of the tables, and None where there are none."""
    return MigrationContext.configure(connection).get_current_revision()


@cache
def head() -> str | None:
    """Answer the version of this program."""
    return ScriptDirectory.from_config(configuration()).get_current_head()
