"""The comparisons; what each insurer answers stands in rows of its own, so none waits for another to be written."""

import msgspec
from sqlalchemy import insert, select, update

from gateway.store import tables
from gateway.store.errors import Conflict
from gateway.store.inquiries import Inquiries, topic
from gateway.store.transaction import Transaction
from insurers.comparison import Comparison


class Comparisons:
    """Every write makes news of `comparison:ID`."""

    table = tables.comparisons

    def __init__(self, transaction: Transaction, inquiries: Inquiries) -> None:
        self._transaction = transaction
        self._inquiries = inquiries

    async def get(self, comparison_id: str) -> Comparison | None:
        """Answer the comparison with its inquiries, in their order."""
        row = self.table.c
        found = await self._transaction.connection.execute(select(self.table).where(row.id == comparison_id))
        columns = found.mappings().one_or_none()
        if columns is None:
            return None
        kept = self._transaction.open(self.table, columns, Comparison)
        return msgspec.structs.replace(kept, inquiries=tuple(await self._inquiries.of(comparison_id)))

    async def add(self, comparison: Comparison) -> None:
        """Write down a new comparison, and none of its inquiries."""
        await self._transaction.connection.execute(insert(self.table).values(self._row(comparison)))
        self._transaction.topics.add(topic(comparison.id))

    async def save(self, comparison: Comparison, *, was: int) -> None:
        """
        Replace the comparison that was read at version *was*, and none of its inquiries.

        Raises:
            Conflict: somebody else moved it.
        """
        row = self.table.c
        moved = update(self.table).where(row.id == comparison.id, row.version == was).values(self._row(comparison))
        if not (await self._transaction.connection.execute(moved)).rowcount:
            standing = select(row.version).where(row.id == comparison.id)
            raise Conflict((await self._transaction.connection.execute(standing)).scalar_one_or_none())
        self._transaction.topics.add(topic(comparison.id))

    def _row(self, comparison: Comparison) -> dict[str, object]:
        columns = {
            "id": comparison.id,
            "customer": comparison.customer,
            "version": comparison.version,
            "requested_at": comparison.requested_at,
        }
        alone = msgspec.structs.replace(comparison, inquiries=())
        return columns | {"body": self._transaction.seal(self.table, columns, alone)}
