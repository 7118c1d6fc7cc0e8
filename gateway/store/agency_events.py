"""What agencies' systems are told of, in order, and which addresses are still to hear of it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import uuid4

from msgspec import structs
from sqlalchemy import RowMapping, delete, insert, select

from gateway.events import WORK
from gateway.store import agency_tables, telling_tables
from gateway.store.transaction import INSERTS, Transaction
from gateway.store.webhooks import Webhooks
from insurers.telling import AgencyEvent, DeliveryState, EventKind, Webhook, WebhookState


class AgencyEvents:
    """Events are appended; every active webhook of the agency owes each a delivery from the same commit on."""

    table = telling_tables.agency_events

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction
        self._webhooks = Webhooks(transaction)

    async def tell(
        self, agency: str, kind: EventKind, at: datetime, subject: tuple[str, ...], facts: Mapping[str, str | int]
    ) -> None:
        """
        Write down what happened, with whom it is to be told to.

        Nothing is kept of an agency without webhooks, or of one that the operator has taken out.
        """
        webhooks = await self._webhooks.of(agency)
        if not webhooks or await self.is_out(agency):
            return
        event = AgencyEvent(id=str(uuid4()), agency=agency, kind=kind, at=at, subject=subject, facts=facts)
        columns = {"id": event.id, "agency": agency, "at": at}
        values = columns | {"body": self._transaction.seal(self.table, columns, event)}
        written = insert(self.table).values(values).returning(self.table.c.position)
        position = (await self._transaction.connection.execute(written)).scalar_one()
        for webhook in webhooks:
            if webhook.state is WebhookState.ACTIVE and kind in webhook.kinds:
                await self._owe(webhook, [position], at)

    async def is_out(self, agency: str) -> bool:
        """Whether the operator has taken this agency out."""
        row = agency_tables.agencies.c
        active: bool | None = await self._transaction.connection.scalar(select(row.active).where(row.id == agency))
        return active is False

    async def at(self, positions: Sequence[int]) -> dict[int, AgencyEvent]:
        """Answer the events of these positions that are still kept."""
        if not positions:
            return {}
        asked = select(self.table).where(self.table.c.position.in_(positions))
        found = (await self._transaction.connection.execute(asked)).mappings()
        return {row["position"]: self._event(row) for row in found}

    async def replay(self, webhook: Webhook, *, after: int, at: datetime, limit: int) -> int | None:
        """
        Owe *webhook* again what its agency's systems were told behind *after*, at most *limit* events of any kind.

        Answers the last position that was looked at, or None where there is nothing more.
        """
        row = self.table.c
        asked = select(self.table).where(row.agency == webhook.agency, row.position > after)
        rows = (await self._transaction.connection.execute(asked.order_by(row.position).limit(limit))).mappings().all()
        wanted = [found["position"] for found in rows if self._event(found).kind in webhook.kinds]
        await self._owe(webhook, wanted, at)
        return rows[-1]["position"] if rows else None

    async def forget(self, before: datetime) -> None:
        """Events that are this old are not told any more, nor kept to be replayed."""
        old = select(self.table.c.position).where(self.table.c.at < before)
        deliveries = telling_tables.webhook_deliveries
        await self._transaction.connection.execute(delete(deliveries).where(deliveries.c.position.in_(old)))
        await self._transaction.connection.execute(delete(self.table).where(self.table.c.at < before))

    async def _owe(self, webhook: Webhook, positions: Sequence[int], at: datetime) -> None:
        """An event that was told before is told again, as if it had not been."""
        if not positions:
            return
        table = telling_tables.webhook_deliveries
        fresh = {
            "state": DeliveryState.DUE,
            "attempts": 0,
            "due_at": at,
            "lease_token": None,
            "lease_until": None,
            "status": None,
        }
        owed = INSERTS[self._transaction.connection.dialect.name](table)
        owed = owed.on_conflict_do_update(index_elements=["webhook", "position"], set_=fresh)
        rows = [{"webhook": webhook.id, "position": position, **fresh} for position in positions]
        await self._transaction.connection.execute(owed, rows)
        self._transaction.topics.add(WORK)

    def _event(self, row: RowMapping) -> AgencyEvent:
        return structs.replace(self._transaction.open(self.table, row, AgencyEvent), position=row["position"])
