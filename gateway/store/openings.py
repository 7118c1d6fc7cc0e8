"""Which documents were opened in a flow: written beside the draft, so that neither overwrites the other."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from msgspec.structs import replace
from sqlalchemy import bindparam, select

from gateway.store import tables
from gateway.store.transaction import Transaction
from insurers.renewal import Renewal

_row = tables.openings.c
# Whoever looks at a renewal asks for these.
_OF = select(_row.flow, _row.sha256, _row.at).where(_row.flow.in_(bindparam("flows", expanding=True)))


class Openings:
    table = tables.openings

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def note(self, flow: str, sha256: str, *, at: datetime, topic: str) -> None:
        """Note that this version of a document was opened; the first time counts."""
        if await self._transaction.add(self.table, {"flow": flow, "sha256": sha256, "at": at}):
            self._transaction.topics.add(topic)

    async def shown(self, renewals: Sequence[Renewal]) -> list[Renewal]:
        """Answer the same, each with when a version of a document was first opened in it, by its hash."""
        if not renewals:
            return []
        opened: defaultdict[str, dict[str, datetime]] = defaultdict(dict)
        found = await self._transaction.connection.execute(_OF, {"flows": [renewal.id for renewal in renewals]})
        for row in found:
            opened[row.flow][row.sha256] = row.at
        # As a rule a renewal was written down since they were opened, and is what it was.
        return [one if one.opened == opened[one.id] else replace(one, opened=opened[one.id]) for one in renewals]
