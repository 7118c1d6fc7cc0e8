"""What happened in each flow, for people to read."""

from datetime import datetime
from uuid import uuid4

from sqlalchemy import insert, select

from gateway.store import tables
from gateway.store.transaction import Transaction
from insurers.flow_event import FlowEvent
from insurers.text import Text


class FlowEvents:
    table = tables.flow_events

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def append(
        self,
        flow: str,
        *,
        at: datetime,
        actor: str,
        summary: Text,
        topic: str,
        step: str | None = None,
        actor_name: str | None = None,
    ) -> FlowEvent:
        """Write a line of history; its commit makes news of *topic*."""
        event = FlowEvent(
            id=str(uuid4()), flow=flow, at=at, actor=actor, summary=summary, step=step, actor_name=actor_name
        )
        columns = {"id": event.id, "flow": event.flow}
        body = self._transaction.seal(self.table, columns, event)
        await self._transaction.connection.execute(insert(self.table).values(**columns, at=at, body=body))
        self._transaction.topics.add(topic)
        return event

    async def page(self, flow: str, *, first: int, before: str | None = None) -> list[FlowEvent]:
        """
        Answer up to *first* events, newest first: the newest of all, or those older than *before*.

        An event's id is its cursor. One that is not of this flow has nothing before it.
        """
        row = self.table.c
        asked = select(self.table).where(row.flow == flow)
        if before is not None:
            older = self.table.alias()
            cursor = select(older.c.position).where(older.c.flow == flow, older.c.id == before)
            asked = asked.where(row.position < cursor.scalar_subquery())
        found = await self._transaction.connection.execute(asked.order_by(row.position.desc()).limit(first))
        return [self._transaction.open(self.table, columns, FlowEvent) for columns in found.mappings()]
