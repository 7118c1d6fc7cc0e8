"""Runs migrations: in the transaction that the store hands over, or for `alembic -x url=URL` at a desk."""

import asyncio

from alembic import context
from sqlalchemy import Connection

from gateway.store import engines
from gateway.store.tables import metadata


def run(connection: Connection) -> None:
    # SQLite alters a table by writing it anew.
    context.configure(connection=connection, target_metadata=metadata, render_as_batch=True)
    with context.begin_transaction():
        context.run_migrations()


async def run_at(url: str) -> None:
    async with engines.opened(url) as databases, databases.writer.begin() as connection:
        await connection.run_sync(run)


if "connection" in context.config.attributes:
    run(context.config.attributes["connection"])
else:
    asyncio.run(run_at(context.get_x_argument(as_dictionary=True)["url"]))
