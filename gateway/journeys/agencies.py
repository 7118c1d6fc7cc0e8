"""The desk for agencies and those who work there. Whether somebody still does is looked up whenever they ask."""

from collections.abc import Sequence

from gateway.agency_file import Roll
from gateway.store import Store
from insurers.agency import Agency, Agent
from schema.ports import Asker, Role


class Agencies:
    def __init__(self, store: Store) -> None:
        self._store = store

    async def agent(self, asker: Asker) -> Agent | None:
        return await self.working(asker.actor) if Role.AGENT in asker.roles else None

    async def working(self, agent: str) -> Agent | None:
        """Answer the agent of this id, where they work at an agency at this moment."""
        async with self._store.reading() as work:
            found = await work.agencies.agent(agent)
        return found if found is not None and found.active else None

    async def agency(self, agency: str) -> Agency | None:
        async with self._store.reading() as work:
            return await work.agencies.get(agency)

    async def agencies(self) -> Sequence[Agency]:
        async with self._store.reading() as work:
            found = await work.agencies.all()
        return sorted(found, key=lambda agency: (agency.name, agency.id))

    async def agents(self, agent: Agent) -> Sequence[Agent]:
        async with self._store.reading() as work:
            found = await work.agencies.agents(agent.agency)
        return [one for one in found if agent.sees_all or one.sees_all or one.branch == agent.branch]

    async def take_over(self, roll: Roll) -> Roll:
        """Let the roll be all who are active, and answer who is so no more: they may do nothing from now on."""
        async with self._store.work() as work:
            agencies, agents = await work.agencies.replace(roll.agencies, roll.agents)
        return Roll(tuple(agencies), tuple(agents))
