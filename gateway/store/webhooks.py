"""The addresses of agencies' systems, and what is owed to each."""

from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct
from sqlalchemy import RowMapping, delete, func, insert, or_, select, update

from gateway.store import telling_tables
from gateway.store.errors import Conflict
from gateway.store.leases import Lease
from gateway.store.transaction import Transaction
from insurers.telling import DeliveryState, Webhook


class Owed(Struct, frozen=True, kw_only=True):
    """A message that was taken on: where it goes, which it is, and how often it was tried, this time included."""

    webhook: str
    position: int
    attempts: int
    lease: Lease


class Webhooks:
    """Every write names the version that was read; deliveries are rows of their own."""

    table = telling_tables.webhooks
    owed = telling_tables.webhook_deliveries

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def get(self, webhook: str) -> Webhook | None:
        asked = select(self.table).where(self.table.c.id == webhook)
        row = (await self._transaction.connection.execute(asked)).mappings().one_or_none()
        return self._transaction.open(self.table, row, Webhook) if row else None

    async def of(self, agency: str) -> list[Webhook]:
        asked = select(self.table).where(self.table.c.agency == agency).order_by(self.table.c.id)
        rows = (await self._transaction.connection.execute(asked)).mappings()
        return [self._transaction.open(self.table, row, Webhook) for row in rows]

    async def add(self, webhook: Webhook) -> None:
        await self._transaction.connection.execute(insert(self.table).values(self._row(webhook)))

    async def save(self, webhook: Webhook, *, was: int) -> None:
        """
        Raises:
            Conflict: somebody else moved it.
        """
        row = self.table.c
        moved = update(self.table).where(row.id == webhook.id, row.version == was).values(self._row(webhook))
        if not (await self._transaction.connection.execute(moved)).rowcount:
            standing = select(row.version).where(row.id == webhook.id)
            raise Conflict((await self._transaction.connection.execute(standing)).scalar_one_or_none())

    async def delete(self, webhook: str) -> None:
        await self._transaction.connection.execute(delete(self.owed).where(self.owed.c.webhook == webhook))
        await self._transaction.connection.execute(delete(self.table).where(self.table.c.id == webhook))

    async def due(self) -> datetime | None:
        """Answer when the next message is to be sent, or the next one that somebody took on and never sent."""
        row = self.owed.c
        free = select(func.min(row.due_at)).where(row.lease_until.is_(None))
        # Few are being sent at any moment.
        left = select(func.min(row.lease_until)).where(row.due_at.is_not(None), row.lease_until.is_not(None))
        moments = [(await self._transaction.connection.execute(asked)).scalar_one() for asked in (free, left)]
        return min((moment for moment in moments if moment is not None), default=None)

    async def claim(self, now: datetime, *, lease_seconds: float, limit: int) -> Sequence[Owed]:
        """Take on what is due and nobody else is sending, the earliest first."""
        row, lease = self.owed.c, Lease.lasting(lease_seconds, now=now)
        first = (
            select(row.webhook, row.position, row.attempts)
            .where(row.due_at <= now, or_(row.lease_until.is_(None), row.lease_until <= now))
            .order_by(row.due_at, row.position)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        due = (await self._transaction.connection.execute(first)).all()
        return [await self._taken(webhook, position, attempts, lease) for webhook, position, attempts in due]

    async def told(self, owed: Owed, state: DeliveryState, *, status: int | None, due_at: datetime | None) -> None:
        """Write down what came of an attempt; nothing is, where another has it by now or it was begun anew."""
        row = self.owed.c
        mine = [row.webhook == owed.webhook, row.position == owed.position, row.lease_token == owed.lease.token]
        ended = {"state": state, "status": status, "due_at": due_at, "lease_token": None, "lease_until": None}
        await self._transaction.connection.execute(update(self.owed).where(*mine).values(ended))

    async def drop(self, webhook: str) -> None:
        """Nothing that is still owed there is sent any more; a replay brings it back."""
        row = self.owed.c
        owing = update(self.owed).where(row.webhook == webhook, row.state == DeliveryState.DUE)
        given_up = {"state": DeliveryState.FAILED, "due_at": None, "lease_token": None, "lease_until": None}
        await self._transaction.connection.execute(owing.values(given_up))

    async def deliveries(self, webhook: str, *, first: int, before: int | None) -> Sequence[RowMapping]:
        """Answer the rows of the newest *first* messages, older than position *before*."""
        row = self.owed.c
        asked = select(self.owed).where(row.webhook == webhook)
        if before is not None:
            asked = asked.where(row.position < before)
        found = await self._transaction.connection.execute(asked.order_by(row.position.desc()).limit(first))
        return found.mappings().all()

    async def _taken(self, webhook: str, position: int, attempts: int, lease: Lease) -> Owed:
        row = self.owed.c
        taken = {"lease_token": lease.token, "lease_until": lease.until, "attempts": attempts + 1}
        this = update(self.owed).where(row.webhook == webhook, row.position == position)
        await self._transaction.connection.execute(this.values(taken))
        return Owed(webhook=webhook, position=position, attempts=attempts + 1, lease=lease)

    def _row(self, webhook: Webhook) -> dict[str, object]:
        columns = {"id": webhook.id, "agency": webhook.agency}
        return {
            **columns,
            "state": webhook.state,
            "version": webhook.version,
            "body": self._transaction.seal(self.table, columns, webhook),
        }
