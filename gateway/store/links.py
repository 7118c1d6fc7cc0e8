"""The accounts that customers have linked: at most one at each insurer."""

from typing import Any

from sqlalchemy import Select, delete, select, update

from gateway.store import tables
from gateway.store.errors import AlreadyLinked
from gateway.store.transaction import Transaction
from insurers.account import Link
from insurers.identity import InsurerCode


class Links:
    """Every write makes news of `link:ID`."""

    table = tables.links

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def get(self, link_id: str) -> Link | None:
        return await self._one(select(self.table).where(self.table.c.id == link_id))

    async def of(self, customer: str) -> list[Link]:
        """Answer all of the customer's, in the order of the insurers' codes."""
        row = self.table.c
        found = await self._transaction.connection.execute(
            select(self.table).where(row.customer == customer).order_by(row.insurer)
        )
        return [self._transaction.open(self.table, columns, Link) for columns in found.mappings()]

    async def at(self, customer: str, insurer: InsurerCode) -> Link | None:
        row = self.table.c
        return await self._one(select(self.table).where(row.customer == customer, row.insurer == insurer))

    async def put(self, link: Link) -> None:
        """
        Write the link, over its earlier self where there is one.

        Raises:
            AlreadyLinked: the customer has another link to this insurer. The block may go on.
        """
        row = self.table.c
        columns = {"id": link.id, "customer": link.customer, "insurer": link.insurer}
        values = {
            **columns,
            "state": link.state,
            "updated_at": link.updated_at,
            "body": self._transaction.seal(self.table, columns, link),
        }
        same = [row.id == link.id, row.customer == link.customer, row.insurer == link.insurer]
        replaced = await self._transaction.connection.execute(update(self.table).where(*same).values(values))
        if not replaced.rowcount and not await self._transaction.add(self.table, values):
            raise AlreadyLinked
        self._transaction.topics.add(f"link:{link.id}")

    async def delete(self, link_id: str) -> None:
        """Forget the link and the access in it; nothing happens where there is none."""
        gone = await self._transaction.connection.execute(delete(self.table).where(self.table.c.id == link_id))
        if gone.rowcount:
            self._transaction.topics.add(f"link:{link_id}")

    # A Select is typed by its columns, and a whole table has as many as it has.
    async def _one(self, query: Select[Any]) -> Link | None:
        row = (await self._transaction.connection.execute(query)).mappings().one_or_none()
        return self._transaction.open(self.table, row, Link) if row else None
