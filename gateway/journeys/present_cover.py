"""The present cover of a renewal that was begun before it was kept: without it nobody knows what a plan loses (P-8)."""

import msgspec

from gateway.journeys import renewing
from gateway.journeys.accounts import Accounts
from gateway.journeys.authority import still_let
from gateway.journeys.patience import Patience
from gateway.journeys.refusal import Refusal
from gateway.journeys.rehearsal import Rehearsal
from gateway.journeys.renewing import E
from gateway.store import Store
from insurers.account import Access
from insurers.errors import InsurerError
from insurers.panel import Clock
from insurers.plan import Plan
from insurers.renewal import Renewal
from schema.problems import problem, unacknowledged


class PresentCover:
    def __init__(
        self, store: Store, clock: Clock, accounts: Accounts, patience: Patience, rehearsal: Rehearsal
    ) -> None:
        self._store = store
        self._clock = clock
        self._accounts = accounts
        self._patience = patience
        self._rehearsal = rehearsal

    async def known(self, renewal: Renewal) -> Renewal:
        """
        Answer the renewal with the present cover in it. A plan that was chosen, and loses some of it, is so no more.

        Raises:
            Refusal: its insurer does not tell it now.
            Conflict: somebody else moved the renewal.
        """
        if renewal.current is not None:
            return renewal
        current = await self._read(renewal)
        after = msgspec.structs.replace(renewal, current=current)
        if after.plan is not None and after.unacknowledged(after.plan):
            done = await self._rehearsal.revised(renewal, E.REVISE, current=current, proposal=None)
            if done.problems or done.thing is None:
                raise Refusal(done.problems[0], done.thing)
            return done.thing
        # What is known now and changes nothing is no step of anybody's: whatever a client holds still fits.
        async with self._store.work() as work:
            await still_let(work, renewal.customer, self._clock(), standing=renewal)
            await work.renewals.save(after, was=renewal.version, due_at=renewing.due(after, self._clock()))
        return after

    async def still_chosen(self, renewal: Renewal) -> Renewal:
        """
        Answer the same, for whoever goes on with the plan that was chosen.

        Raises:
            Refusal: it loses something that nobody acknowledged; or as `known` does.
        """
        after = await self.known(renewal)
        if renewal.plan is not None and after.plan is None:
            raise Refusal(unacknowledged(after.losses(renewal.plan)), after)
        return after

    async def _read(self, renewal: Renewal) -> Plan:
        access: Access | None = None
        try:
            access = await self._rehearsal.access(renewal)
            return await self._patience.reading(renewal.ref.insurer, self._rehearsal.present_cover(renewal, access))
        except InsurerError as error:
            await self._accounts.noted(renewal.customer, error, refused=access)
            raise Refusal(problem(error), renewal) from error
