"""The addresses of agencies' systems, and what is owed to each."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct
from sqlalchemy import ColumnElement, Row, RowMapping, Select, delete, func, insert, or_, select, true, update

from gateway.store import telling_tables
from gateway.store.errors import Conflict
from gateway.store.leases import Lease
from gateway.store.transaction import Transaction
from gateway.store.webhook_lines import Line, shared_out
from insurers.telling import DeliveryState, Webhook


class Owed(Struct, frozen=True, kw_only=True):
    """
    A message that was taken on: where it goes, which it is, and how often it was tried, this time included.

    A probe goes to a webhook that failed.
    """

    webhook: str
    position: int
    attempts: int
    lease: Lease
    is_probe: bool


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
        # The webhook first, as whoever writes both does: nobody waits in a circle.
        await self._transaction.connection.execute(delete(self.table).where(self.table.c.id == webhook))
        await self._transaction.connection.execute(delete(self.owed).where(self.owed.c.webhook == webhook))

    async def due(self, now: datetime, *, probes: int) -> datetime | None:
        """Answer when one more message may be taken on; one that failed may only where there are *probes*."""
        lines = await self._lines(self._owing(true()))
        moments = [line.opens_at(now) for line in lines if probes > 0 or line.failed_at is None]
        return min((moment for moment in moments if moment is not None), default=None)

    async def claim(self, now: datetime, *, lease_seconds: float, places: int, probes: int) -> Sequence[Owed]:
        """Take on what is due and nobody else is sending, as `shared_out` says; of each webhook the earliest first."""
        lease = Lease.lasting(lease_seconds, now=now)
        # Two who claim at once would both give a webhook its share. Whoever comes second looks again in a moment.
        mine = self._owing(self.owed.c.due_at <= now).with_for_update(skip_locked=True)
        lines = {line.webhook: line for line in await self._lines(mine)}
        taken: list[Owed] = []
        for webhook, share in shared_out(lines.values(), now, places=places, probes=probes).items():
            is_probe = lines[webhook].failed_at is not None
            for position, attempts in await self._first(webhook, now, share):
                owed = Owed(webhook=webhook, position=position, attempts=attempts + 1, lease=lease, is_probe=is_probe)
                await self._take(owed)
                taken.append(owed)
        return taken

    async def mark(self, webhook: str, *, failed_at: datetime | None) -> None:
        """Note how the last message did; a line that failed has less room."""
        row = self.table.c
        marked = update(self.table).where(row.id == webhook).values(failed_at=failed_at)
        if failed_at is None:
            marked = marked.where(row.failed_at.is_not(None))
        await self._transaction.connection.execute(marked)

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

    def _owing(self, when: ColumnElement[bool]) -> Select[str, datetime | None, datetime | None]:
        """Ask for the webhooks that are owed something, each with the moment at which its first free one is due."""
        row, line = self.owed.c, self.table.c
        own = (row.webhook == line.id, row.due_at.is_not(None))
        free_at = select(func.min(row.due_at)).where(*own, row.lease_until.is_(None)).scalar_subquery()
        return select(line.id, line.failed_at, free_at).where(select(row.position).where(*own, when).exists())

    async def _lines(self, owing: Select[str, datetime | None, datetime | None]) -> Sequence[Line]:
        row = self.owed.c
        found = (await self._transaction.connection.execute(owing)).all()
        # Few are being sent at any moment.
        leased = select(row.webhook, row.lease_until).where(row.due_at.is_not(None), row.lease_until.is_not(None))
        leases: dict[str, list[datetime]] = defaultdict(list)
        for webhook, until in await self._transaction.connection.execute(leased):
            leases[webhook].append(until)
        return [
            Line(webhook=webhook, failed_at=failed_at, free_at=free_at, leases=leases[webhook])
            for webhook, failed_at, free_at in found
        ]

    async def _first(self, webhook: str, now: datetime, limit: int) -> Sequence[Row[int, int]]:
        row = self.owed.c
        free = or_(row.lease_until.is_(None), row.lease_until <= now)
        first = select(row.position, row.attempts).where(row.webhook == webhook, row.due_at <= now, free)
        ordered = first.order_by(row.due_at, row.position).limit(limit).with_for_update(skip_locked=True)
        return (await self._transaction.connection.execute(ordered)).all()

    async def _take(self, owed: Owed) -> None:
        row = self.owed.c
        taken = {"lease_token": owed.lease.token, "lease_until": owed.lease.until, "attempts": owed.attempts}
        this = update(self.owed).where(row.webhook == owed.webhook, row.position == owed.position)
        await self._transaction.connection.execute(this.values(taken))

    def _row(self, webhook: Webhook) -> dict[str, object]:
        columns = {"id": webhook.id, "agency": webhook.agency}
        return {
            **columns,
            "state": webhook.state,
            "version": webhook.version,
            "body": self._transaction.seal(self.table, columns, webhook),
        }
