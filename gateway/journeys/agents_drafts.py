"""The desk for renewals, seen from an agent: when only the customer can go on, the customer is asked."""

from collections.abc import Mapping, Sequence

import structlog

from gateway.journeys import wanted
from gateway.journeys.asking_customers import AskingCustomers
from gateway.store import Store
from insurers.coverage import CoverageChange
from insurers.identity import PlanCode, PolicyRef
from insurers.renewal import Renewal
from schema.ports import Asker, Done, Given, RenewalDesk, Role, WhenClosed

log = structlog.stdlib.get_logger("tabane.requests")


class AgentsDrafts:
    """A request to confirm is beside the draft: where it cannot be written, the draft is as good as it was."""

    def __init__(self, desk: RenewalDesk, store: Store, asking: AskingCustomers) -> None:
        self._desk = desk
        self._store = store
        self._asking = asking

    async def get(self, asker: Asker, renewal: str) -> Renewal | None:
        return await self._desk.get(asker, renewal)

    async def latest(self, asker: Asker, refs: Sequence[PolicyRef]) -> Mapping[PolicyRef, Renewal]:
        return await self._desk.latest(asker, refs)

    async def start(self, asker: Asker, ref: PolicyRef, *, key: str) -> Done[Renewal]:
        return await self._then(asker, await self._desk.start(asker, ref, key=key))

    async def select(
        self, asker: Asker, renewal: str, plan: PlanCode, *, version: int, key: str, acknowledged: str | None = None
    ) -> Done[Renewal]:
        done = await self._desk.select(asker, renewal, plan, version=version, key=key, acknowledged=acknowledged)
        return await self._then(asker, done)

    async def requote(
        self,
        asker: Asker,
        renewal: str,
        plan: PlanCode,
        changes: Sequence[CoverageChange],
        *,
        reset: bool,
        version: int,
        key: str,
    ) -> Done[Renewal]:
        done = await self._desk.requote(asker, renewal, plan, changes, reset=reset, version=version, key=key)
        return await self._then(asker, done)

    async def answer(
        self, asker: Asker, renewal: str, step: str, given: Sequence[Given], *, version: int, key: str
    ) -> Done[Renewal]:
        return await self._then(asker, await self._desk.answer(asker, renewal, step, given, version=version, key=key))

    async def submit(
        self,
        asker: Asker,
        renewal: str,
        review: str,
        *,
        version: int,
        key: str,
        when_closed: WhenClosed = WhenClosed.QUEUE,
    ) -> Done[Renewal]:
        return await self._desk.submit(asker, renewal, review, version=version, key=key, when_closed=when_closed)

    async def withdraw(self, asker: Asker, renewal: str, *, key: str) -> Done[Renewal]:
        return await self._desk.withdraw(asker, renewal, key=key)

    async def resume(self, asker: Asker, renewal: str, *, key: str) -> Done[Renewal]:
        return await self._then(asker, await self._desk.resume(asker, renewal, key=key))

    async def cancel(self, asker: Asker, renewal: str, *, key: str) -> Done[Renewal]:
        return await self._desk.cancel(asker, renewal, key=key)

    async def _then(self, asker: Asker, done: Done[Renewal]) -> Done[Renewal]:
        renewal = done.thing
        if asker.role is not Role.AGENT or renewal is None or wanted.step_of_customer(renewal) is None:
            return done
        try:
            async with self._store.work() as work:
                await self._asking.confirm(work, asker.actor, renewal)
        except Exception:  # The draft is written, and the agent can ask by hand.
            log.exception("a customer could not be asked", renewal=renewal.id)
        return done
