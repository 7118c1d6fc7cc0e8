"""
The eras of the book: on SQLite, what comes in no order is indexed by era (`book_tables.ERA_BITS`).

Whoever looks for something looks in each era, which is one more step down a tree. PostgreSQL has the same indexes
without eras.
"""

from msgspec import Struct
from sqlalchemy import Index
from sqlalchemy.ext.asyncio import AsyncConnection

from gateway.store.book_asking import Part
from gateway.store.book_tables import AGED, ERA, ERA_BITS


class Eras(Struct, frozen=True):
    """So many eras have begun, or None where there are none."""

    begun: int | None

    def of(self, index: Index | None, table: str = "") -> list[Part]:
        """Say, for a walk through *index*, that any era will do; *table* is what it is called, with a dot."""
        if self.begun is None or index not in AGED:
            return []
        return [Part(f"{table}{ERA} IN ({', '.join(map(str, range(self.begun)))})")]


async def begun(connection: AsyncConnection) -> Eras:
    if connection.dialect.name == "postgresql":
        return Eras(None)
    last = (await connection.exec_driver_sql("SELECT max(id) FROM book_entries WHERE id > 0")).scalar_one()
    return Eras(((last or 0) >> ERA_BITS) + 1)
