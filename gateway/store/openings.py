"""Which documents were opened in a flow: written beside the draft, so that neither overwrites the other."""

from datetime import datetime

from sqlalchemy import bindparam, select

from gateway.store import tables
from gateway.store.transaction import Transaction

_row = tables.openings.c
# Whoever looks at a renewal asks for these.
_OF = select(_row.sha256, _row.at).where(_row.flow == bindparam("flow"))


class Openings:
    table = tables.openings

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def note(self, flow: str, sha256: str, *, at: datetime, topic: str) -> None:
        """Note that this version of a document was opened; the first time counts."""
        if await self._transaction.add(self.table, {"flow": flow, "sha256": sha256, "at": at}):
            self._transaction.topics.add(topic)

    async def of(self, flow: str) -> dict[str, datetime]:
        """Answer when each version of a document was first opened, by its hash."""
        found = await self._transaction.connection.execute(_OF, {"flow": flow})
        return {row.sha256: row.at for row in found}
