"""The agencies of the operator's file, and those who work there."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from sqlalchemy import Select, Table, bindparam, select, update

from gateway.store import agency_tables
from gateway.store.transaction import INSERTS, Transaction, opening
from insurers.agency import Agency, Agent

# Whatever an agent does asks for these.
_AGENCY = select(*opening(agency_tables.agencies)).where(agency_tables.agencies.c.id == bindparam("id"))
_AGENT = select(*opening(agency_tables.agents, "active")).where(agency_tables.agents.c.id == bindparam("id"))


class Agencies:
    """A file that is taken over makes news of `book:AGENCY` for all whom it named, then or before."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def all(self) -> list[Agency]:
        """Answer those that are active, by their ids."""
        row = agency_tables.agencies.c
        found = await self._transaction.connection.execute(
            select(agency_tables.agencies).where(row.active).order_by(row.id)
        )
        return [self._transaction.open(agency_tables.agencies, columns, Agency) for columns in found.mappings()]

    async def get(self, agency_id: str) -> Agency | None:
        """Answer this one, whether it is active or not."""
        found = (await self._transaction.connection.execute(_AGENCY, {"id": agency_id})).mappings().one_or_none()
        return self._transaction.open(agency_tables.agencies, found, Agency) if found else None

    async def agent(self, agent_id: str) -> Agent | None:
        """Answer who has this id; `active` tells whether they still work there."""
        found = await self._agents(_AGENT, {"id": agent_id})
        return found[0] if found else None

    async def agents(self, agency: str) -> list[Agent]:
        """Answer all of an agency's, with those who left."""
        row = agency_tables.agents.c
        return await self._agents(select(agency_tables.agents).where(row.agency == agency).order_by(row.id))

    async def replace(
        self, agencies: Sequence[Agency], agents: Sequence[Agent]
    ) -> tuple[Sequence[Agency], Sequence[Agent]]:
        """
        Let these be all that are active; whoever is not among them stays, and may do nothing.

        Answer who is so no more. What stood of the others is written over, and need not even be readable.
        """
        left = await self._others(agencies, agents)
        tables = (agency_tables.agencies, agency_tables.agents)
        for table in tables:
            await self._transaction.connection.execute(update(table).where(table.c.active).values(active=False))
        for agency in agencies:
            columns: dict[str, object] = {"id": agency.id}
            body = self._transaction.seal(agency_tables.agencies, columns, agency)
            await self._put(agency_tables.agencies, columns | {"active": True, "body": body})
        for agent in agents:
            columns = {"id": agent.id, "agency": agent.agency}
            body = self._transaction.seal(agency_tables.agents, columns, agent)
            await self._put(agency_tables.agents, columns | {"active": agent.active, "body": body})
        known = await self._transaction.connection.scalars(select(agency_tables.agencies.c.id))
        self._transaction.topics.update(f"book:{agency}" for agency in known)
        return left

    async def _others(
        self, agencies: Sequence[Agency], agents: Sequence[Agent]
    ) -> tuple[Sequence[Agency], Sequence[Agent]]:
        """Answer who is active and not among these."""
        table, works = agency_tables.agencies, agency_tables.agents.c
        active = select(table).where(table.c.active, table.c.id.not_in({agency.id for agency in agencies}))
        found = (await self._transaction.connection.execute(active.order_by(table.c.id))).mappings()
        theirs = select(agency_tables.agents).where(works.active, works.id.not_in({agent.id for agent in agents}))
        return [self._transaction.open(table, columns, Agency) for columns in found], await self._agents(theirs)

    async def _put(self, table: Table, values: dict[str, object]) -> None:
        inserted = INSERTS[self._transaction.connection.dialect.name](table).values(values)
        fresh = {name: value for name, value in values.items() if name != "id"}
        await self._transaction.connection.execute(
            inserted.on_conflict_do_update(index_elements=[table.c.id], set_=fresh)
        )

    # A Select is typed by its columns, and a whole table has as many as it has.
    async def _agents(self, query: Select[Any], values: Mapping[str, str] | None = None) -> list[Agent]:
        rows = (await self._transaction.connection.execute(query, values)).mappings()
        return [
            msgspec.structs.replace(
                self._transaction.open(agency_tables.agents, columns, Agent), active=columns["active"]
            )
            for columns in rows
        ]
