"""Whose a flow is, of whatever kind it is."""

from sqlalchemy import select, union_all

from gateway.store import tables
from gateway.store.transaction import Transaction

_FLOWS = (tables.renewals, tables.comparisons, tables.inquiries)


class Owners:
    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def of(self, flow: str) -> str | None:
        """Answer the customer of a renewal, a comparison or one insurer's part of one."""
        asked = union_all(*(select(table.c.customer).where(table.c.id == flow) for table in _FLOWS))
        found: str | None = await self._transaction.connection.scalar(asked)
        return found
