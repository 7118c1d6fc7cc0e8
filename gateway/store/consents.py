"""The evidence of each flow: what was confirmed and what came of it, only ever appended."""

import msgspec
from sqlalchemy import RowMapping, bindparam, select

from gateway.store import tables
from gateway.store.errors import OutOfSequence
from gateway.store.evidence_guard import guarded
from gateway.store.transaction import Transaction, about, opening
from gateway.vault import Unsealable
from insurers.evidence import Evidence

_decoder: msgspec.json.Decoder[Evidence] = msgspec.json.Decoder(Evidence)

_row = tables.consents.c
_CHAIN = select(*opening(tables.consents)).where(_row.flow == bindparam("flow")).order_by(_row.sequence)


class Consents:
    table = guarded(tables.consents)

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def append(self, entry: Evidence) -> None:
        """
        Add a link to the flow's chain.

        Raises:
            OutOfSequence: it does not follow the last one, or somebody else's does already.
        """
        last = await self.last(entry.flow)
        if last and (entry.sequence, entry.previous) != (last.sequence + 1, last.hash):
            raise OutOfSequence
        if not last and (entry.sequence != 1 or entry.previous):
            raise OutOfSequence
        columns = {"flow": entry.flow, "sequence": entry.sequence}
        body = self._transaction.seal(self.table, columns, entry)
        if not await self._transaction.add(self.table, {**columns, "at": entry.at, "body": body}):
            raise OutOfSequence

    async def last(self, flow: str) -> Evidence | None:
        row = self.table.c
        newest = select(self.table).where(row.flow == flow).order_by(row.sequence.desc()).limit(1)
        found = (await self._transaction.connection.execute(newest)).mappings().one_or_none()
        return self._opened(found) if found else None

    async def of(self, flow: str) -> list[Evidence]:
        """Answer all of the flow's, in the order given."""
        found = await self._transaction.connection.execute(_CHAIN, {"flow": flow})
        return [self._opened(columns) for columns in found.mappings()]

    def _opened(self, row: RowMapping) -> Evidence:
        try:
            return _decoder.decode(self._transaction.unseal(self.table, row))
        except msgspec.MsgspecError:
            # Its message may quote what it could not read.
            error = Unsealable()
            error.add_note(f"an entry in {about(self.table, row)}")
            raise error from None
