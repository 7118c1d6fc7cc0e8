"""Walks an insurer up to its button as often as needed. What the customer then sees is what would be signed."""

from typing import Any

import msgspec

from gateway.journeys import renewing
from gateway.journeys.accounts import Accounts
from gateway.journeys.patience import Patience
from gateway.journeys.renewing import E
from gateway.journeys.submission import note
from gateway.store import Conflict, Lease, Store
from insurers.account import Access
from insurers.errors import AccessDenied, Changed, Duplicate, ErrorCode, InsurerError, NotOnline
from insurers.panel import Clock, Panel
from insurers.plan import Plan, PlanQuery
from insurers.renewal import Renewal, RenewalEvent
from insurers.script import Script
from schema.ports import Done
from schema.problems import Problem, conflict, problem, trouble


class Rehearsal:
    def __init__(self, store: Store, panel: Panel, clock: Clock, accounts: Accounts, patience: Patience) -> None:
        self._store = store
        self._panel = panel
        self._clock = clock
        self._accounts = accounts
        self._patience = patience

    async def onward(self, renewal: Renewal, *, held: Lease | None = None, attempts: int = 0) -> Done[Renewal]:
        """
        Rehearse when nothing before the application is missing any more; otherwise leave it as it is.

        A worker, which is where *held* comes from, has tried *attempts* times, and tries again later.
        """
        if (plan := renewal.plan) is None or not renewing.wants_rehearsal(renewal):
            return Done(thing=renewal)
        now = self._clock()
        code = renewal.ref.insurer
        insurer = self._panel[code]
        access: Access | None = None
        try:
            access = await self.access(renewal)
            # A rehearsal ticks for the customer, so it may tick only what the customer has seen.
            asked = insurer.script(access, renewal.ref.number)
            if not renewing.asks_the_same(renewal, await self._patience.reading(code, asked)):
                raise Changed(code, code=ErrorCode.DOCUMENT_CHANGED)
            walk = insurer.rehearse(access, renewing.draft(renewal, plan))
            proposal = await self._patience.reading(code, walk)
        except (NotOnline, Duplicate) as error:
            changes = {"reasons": renewing.reasons(error), "trouble": trouble(error)}
            return await self.revised(renewal, E.REFER, held=held, beside=problem(error), **changes)
        except Changed as error:
            return await self.refreshed(renewal, error, held=held, attempts=attempts)
        except InsurerError as error:
            await self._accounts.noted(renewal.customer, error, refused=access)
            if held is not None:
                return await self._postponed(renewal, error, held=held, attempts=attempts)
            return await self.revised(renewal, E.REVISE, beside=problem(error), trouble=trouble(error))
        return await self.saved(renewal, renewing.rehearsed(renewal, proposal, now), E.REVISE, held=held)

    async def _postponed(self, renewal: Renewal, error: InsurerError, *, held: Lease, attempts: int) -> Done[Renewal]:
        """Try again later. Nothing of the draft has changed, so what a client was about to send still fits."""
        later = renewing.reopens_at(error) or self._clock() + renewing.backoff(attempts)
        waiting = msgspec.structs.replace(renewal, trouble=trouble(error))
        async with self._store.work() as work:
            await work.renewals.save(waiting, was=renewal.version, due_at=min(later, renewal.maturity), held=held)
        return Done(thing=waiting, problems=(problem(error),))

    async def refreshed(
        self, renewal: Renewal, error: Changed, *, held: Lease | None = None, attempts: int = 0
    ) -> Done[Renewal]:
        """Read again what the insurer asks and offers; what was confirmed about other words counts no more."""
        try:
            script, plans = await self._patience.reading(renewal.ref.insurer, self._read_again(renewal))
        except InsurerError as other:
            if held is not None:
                return await self._postponed(renewal, other, held=held, attempts=attempts)
            return await self.revised(renewal, E.REVISE, beside=problem(other), trouble=trouble(other))
        return await self.revised(
            renewal,
            E.CHANGE,
            held=held,
            beside=problem(error),
            script=script,
            plans=plans,
            proposal=None,
            trouble=trouble(error),
        )

    async def _read_again(self, renewal: Renewal) -> tuple[Script, tuple[Plan, ...]]:
        insurer, number = self._panel[renewal.ref.insurer], renewal.ref.number
        access = await self.access(renewal)
        script = await insurer.script(access, number)
        plans = tuple(await insurer.plans(access, PlanQuery(number=number)))
        for edited in (plan for plan in renewal.plans if plan.changes):
            query = PlanQuery(number=number, plan=edited.code, changes=edited.changes)
            for fresh in await insurer.plans(access, query):
                plans = renewing.revised(plans, fresh)
        return script, plans

    # The keywords are fields of a renewal; replace() refuses any other name.
    async def revised(
        self,
        renewal: Renewal,
        event: RenewalEvent,
        *,
        held: Lease | None = None,
        beside: Problem | None = None,
        **changes: Any,
    ) -> Done[Renewal]:
        """Write down what *event* made of the renewal, and tell the problem *beside* it."""
        return await self.saved(
            renewal, renewal.on(event, at=self._clock(), **changes), event, held=held, beside=beside
        )

    async def saved(
        self,
        was: Renewal,
        after: Renewal,
        event: RenewalEvent,
        *,
        held: Lease | None = None,
        beside: Problem | None = None,
    ) -> Done[Renewal]:
        try:
            async with self._store.work() as work:
                await work.renewals.save(after, was=was.version, due_at=renewing.due(after, self._clock()), held=held)
                await note(work, after, event, actor=was.customer)
        except Conflict as error:
            async with self._store.reading() as work:
                standing = await work.renewals.get(was.id)
            return Done(thing=standing, problems=(conflict(error.current or 0),))
        return Done(thing=after, problems=(beside,) if beside else ())

    async def access(self, renewal: Renewal) -> Access:
        """
        Answer the key to the account that holds the policy.

        Raises:
            AccessDenied: none is open; the customer must sign in.
            NeedsCustomer: the insurer waits for a passcode.
        """
        access = await self._accounts.reading_key(renewal.customer, renewal.ref.insurer)
        if access is None:
            raise AccessDenied(renewal.ref.insurer)
        return access
