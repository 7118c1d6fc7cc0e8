"""Agents' calendars, found by the fingerprint of the secret in their address."""

from sqlalchemy import ColumnElement, RowMapping, select

from gateway.store import telling_tables
from gateway.store.transaction import INSERTS, Transaction
from insurers.telling import Calendar


class Calendars:
    table = telling_tables.calendars

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def get(self, calendar: str) -> Calendar | None:
        return await self._one(self.table.c.id == calendar)

    async def by_secret(self, secret: str) -> Calendar | None:
        return await self._one(self.table.c.secret == self._fingerprint(secret))

    async def of(self, agent: str) -> list[Calendar]:
        asked = select(self.table).where(self.table.c.agent == agent).order_by(self.table.c.id)
        return [self._open(row) for row in (await self._transaction.connection.execute(asked)).mappings()]

    async def put(self, calendar: Calendar) -> None:
        """Write it, over its earlier self where there is one."""
        columns = {"id": calendar.id, "agent": calendar.agent}
        values = {
            **columns,
            "secret": self._fingerprint(calendar.secret),
            "body": self._transaction.seal(self.table, columns, calendar),
        }
        written = INSERTS[self._transaction.connection.dialect.name](self.table).values(values)
        written = written.on_conflict_do_update(index_elements=["id"], set_={"body": values["body"]})
        await self._transaction.connection.execute(written)

    async def _one(self, where: ColumnElement[bool]) -> Calendar | None:
        row = (await self._transaction.connection.execute(select(self.table).where(where))).mappings().one_or_none()
        return self._open(row) if row else None

    def _open(self, row: RowMapping) -> Calendar:
        return self._transaction.open(self.table, row, Calendar)

    def _fingerprint(self, secret: str) -> str:
        return self._transaction.keyring.fingerprint(f"calendar:{secret}")
