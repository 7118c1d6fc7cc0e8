"""The consents: evidence, only ever appended."""

from sqlalchemy import select

from gateway.store import tables
from gateway.store.errors import OutOfSequence
from gateway.store.transaction import Transaction
from insurers.consent import Consent


class Consents:
    table = tables.consents

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def append(self, consent: Consent) -> None:
        """
        Add a link to the flow's chain.

        Raises:
            OutOfSequence: it does not follow the last one, or somebody else's does already.
        """
        last = await self.last(consent.flow)
        if last and (consent.sequence, consent.previous) != (last.sequence + 1, last.hash):
            raise OutOfSequence
        if not last and consent.previous:
            raise OutOfSequence
        columns = {"flow": consent.flow, "sequence": consent.sequence}
        body = self._transaction.seal(self.table, columns, consent)
        if not await self._transaction.add(self.table, {**columns, "at": consent.at, "body": body}):
            raise OutOfSequence

    async def last(self, flow: str) -> Consent | None:
        row = self.table.c
        newest = select(self.table).where(row.flow == flow).order_by(row.sequence.desc()).limit(1)
        found = (await self._transaction.connection.execute(newest)).mappings().one_or_none()
        return self._transaction.open(self.table, found, Consent) if found else None

    async def of(self, flow: str) -> list[Consent]:
        """Answer all of the flow's, in the order given."""
        row = self.table.c
        found = await self._transaction.connection.execute(
            select(self.table).where(row.flow == flow).order_by(row.sequence)
        )
        return [self._transaction.open(self.table, columns, Consent) for columns in found.mappings()]
