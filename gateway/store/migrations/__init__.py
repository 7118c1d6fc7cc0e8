"""How the tables came to be what they are."""

from functools import cache

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from gateway.store.engines import Engines
from gateway.store.errors import OfALaterProgram, OutOfDate

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
    if _is_current(standing(connection)):
        return
    config = configuration()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


async def check(engines: Engines) -> None:
    """
    Raises:
        OutOfDate: the tables are older than this program.
        OfALaterProgram: they are newer.
    """
    async with engines.reader.connect() as connection:
        if not _is_current(await connection.run_sync(standing)):
            raise OutOfDate("the tables are not of this version; `tabane db upgrade` brings them up to date")


def _is_current(found: str | None) -> bool:
    if found == head():
        return True
    if found is not None and found not in {one.revision for one in _scripts().walk_revisions()}:
        raise OfALaterProgram(f"the tables are of version {found}, which is not known here")
    return False


def standing(connection: Connection) -> str | None:
    """Answer the version of the tables, and None where there are none."""
    return MigrationContext.configure(connection).get_current_revision()


@cache
def head() -> str | None:
    """Answer the version of this program."""
    return _scripts().get_current_head()


def _scripts() -> ScriptDirectory:
    return ScriptDirectory.from_config(configuration())
