"""Walks an insurer up to its button as often as needed. What the customer then sees is what would be signed."""

from datetime import datetime
from typing import Any

import msgspec

from gateway.journeys import acting, alarm, renewing
from gateway.journeys.accounts import Accounts
from gateway.journeys.alarm import Alarm
from gateway.journeys.authority import still_let
from gateway.journeys.elsewhere import Elsewhere
from gateway.journeys.patience import Patience
from gateway.journeys.quoting import Quoting
from gateway.journeys.renewing import E, S
from gateway.journeys.submission import note, tell
from gateway.store import Conflict, Lease, Store
from insurers.account import Access
from insurers.current import current_cover
from insurers.errors import (
    AccessDenied,
    Changed,
    Drifted,
    Duplicate,
    ErrorCode,
    InsurerError,
    NotOffered,
    NotOnline,
    Rejected,
)
from insurers.losses import losses
from insurers.panel import Clock, Panel
from insurers.plan import Plan
from insurers.renewal import Proposal, Renewal, RenewalEvent
from insurers.script import Script
from insurers.text import Text
from schema.ports import Done
from schema.problems import Problem, conflict, problem, trouble


class Rehearsal:
    def __init__(
        self,
        store: Store,
        panel: Panel,
        clock: Clock,
        accounts: Accounts,
        patience: Patience,
        *,
        quoting: Quoting,
        elsewhere: Elsewhere,
        alarm: Alarm,
    ) -> None:
        self._store = store
        self._panel = panel
        self._clock = clock
        self._accounts = accounts
        self._patience = patience
        self._quoting = quoting
        self._elsewhere = elsewhere
        self._alarm = alarm

    async def onward(self, renewal: Renewal, *, held: Lease | None = None, attempts: int = 0) -> Done[Renewal]:
        """
        Rehearse when nothing before the application is missing any more; otherwise leave it as it is.

        A worker, which is where *held* comes from, has tried *attempts* times, and tries again later.
        """
        if (plan := renewal.plan) is None or not renewing.wants_rehearsal(renewal):
            return Done(thing=renewal)
        now = self._clock()
        heard = await self._heard(renewal, plan, held=held, attempts=attempts)
        if isinstance(heard, Done):
            return heard
        after = renewing.rehearsed(renewal, heard, now)
        return await self.saved(renewal, after, E.REVISE, held=held, revision=renewing.SHOWN)

    async def again(self, renewal: Renewal, *, held: Lease | None = None, attempts: int = 0) -> Done[Renewal]:
        """
        Walk once more before a press that comes late. Nothing is written where the very same would be signed.

        A renewal in the state that it was in, and no problem beside it, may be pressed.
        """
        if (plan := renewal.plan) is None or renewal.proposal is None:
            raise ValueError(f"a renewal in state {renewal.state} was not rehearsed")
        heard = await self._heard(renewal, plan, held=held, attempts=attempts)
        if isinstance(heard, Done):
            return heard
        if heard.fingerprint != renewal.proposal.fingerprint:
            changed = Changed(renewal.ref.insurer, code=ErrorCode.DOCUMENT_CHANGED)
            return await self.refreshed(renewal, changed, held=held, attempts=attempts)
        return Done(thing=msgspec.structs.replace(renewal, proposal=heard))

    async def clear(self, renewal: Renewal, *, held: Lease | None = None) -> Done[Renewal]:
        """
        Ask about the car once more before a press that no walk precedes: a review may be days old (P-1).

        A renewal in the state that it was in, and no problem beside it, may be pressed.
        """
        try:
            await self._elsewhere.check(renewal)
        except NotOnline as error:
            changes = {"reasons": renewing.reasons(error), "trouble": trouble(error), **renewing.NOT_SENT}
            return await self.revised(renewal, E.REFER, held=held, beside=problem(error), **changes)
        return Done(thing=renewal)

    async def _heard(
        self, renewal: Renewal, plan: Plan, *, held: Lease | None, attempts: int
    ) -> Proposal | Done[Renewal]:
        """Walk up to the button; where that fails, answer what became of the renewal."""
        try:
            return await self._walked(renewal, plan)
        except (NotOnline, Duplicate) as error:
            changes = {"reasons": renewing.reasons(error), "trouble": trouble(error), **renewing.NOT_SENT}
            return await self.revised(renewal, E.REFER, held=held, beside=problem(error), **changes)
        except Changed as error:
            return await self.refreshed(renewal, error, held=held, attempts=attempts)
        except InsurerError as error:
            if renewal.state is S.QUEUED and isinstance(error, Rejected | NotOffered):
                changes = {"reasons": renewing.reasons(error), "trouble": trouble(error), **renewing.NOT_SENT}
                return await self.revised(renewal, E.REFER, held=held, beside=problem(error), **changes)
            if held is not None:
                return await self._postponed(renewal, error, held=held, attempts=attempts)
            if renewal.state is not S.IN_PROGRESS:
                return Done(thing=renewal, problems=(problem(error),))
            return await self.revised(renewal, E.REVISE, beside=problem(error), trouble=trouble(error))

    async def _walked(self, renewal: Renewal, plan: Plan) -> Proposal:
        code = renewal.ref.insurer
        access: Access | None = None
        try:
            access = await self.access(renewal)
            return await self._patience.reading(code, self._steps(renewal, plan, access))
        except InsurerError as error:
            await self._accounts.noted(renewal.customer, error, refused=access)
            raise

    async def _steps(self, renewal: Renewal, plan: Plan, access: Access) -> Proposal:
        insurer = self._panel[renewal.ref.insurer]
        # A rehearsal ticks for the customer, so it may tick only what the customer has seen.
        if not renewing.asks_the_same(renewal, await insurer.script(access, renewal.ref.number)):
            raise Changed(renewal.ref.insurer, code=ErrorCode.DOCUMENT_CHANGED)
        if renewal.current is None and losses(plan, await self.present_cover(renewal, access)):
            # It was chosen before anybody could be told what it loses.
            raise Changed(renewal.ref.insurer)
        # What would be a second contract on the car is not shown for review.
        await self._elsewhere.check(renewal)
        return await insurer.rehearse(access, renewing.draft(renewal, plan))

    async def _postponed(self, renewal: Renewal, error: InsurerError, *, held: Lease, attempts: int) -> Done[Renewal]:
        """Try again later. Nothing of the draft has changed, so what a client was about to send still fits."""
        queued = renewal.state is S.QUEUED
        soon = self._clock() + self._patience.before_next(attempts)
        later = max(renewing.reopens_at(error) or soon, soon)
        if queued and later >= renewal.cut_off:
            late = renewing.too_late(renewal)
            return await self.revised(renewal, E.REFER, held=held, reasons=(late,), **renewing.NOT_SENT)
        later = min(later, renewal.maturity)
        waiting = msgspec.structs.replace(
            renewal,
            trouble=renewing.kept_trying(error) if queued else trouble(error),
            will_submit_at=later if queued else renewal.will_submit_at,
        )
        await self.waited(renewal, waiting, due_at=later, held=held)
        return Done(thing=waiting, problems=(problem(error),))

    async def waited(self, was: Renewal, waiting: Renewal, *, due_at: datetime, held: Lease) -> None:
        """Write down that nothing happened but time, and tell people where that has lasted too long."""
        now = self._clock()
        alarms = alarm.is_due(was, waiting, now)
        async with self._store.work() as work:
            kept = msgspec.structs.replace(waiting, alarmed_at=now) if alarms else waiting
            called = alarm.due_at(kept)
            due_at = min(due_at, called) if called else due_at
            await work.renewals.save(kept, was=was.version, due_at=due_at, held=held)
            if alarms:
                await tell(work, kept, alarm.RAISED, actor="tabane")
        if alarms:
            self._alarm(kept)

    async def refreshed(
        self, renewal: Renewal, error: Changed, *, held: Lease | None = None, attempts: int = 0
    ) -> Done[Renewal]:
        """Read again what the insurer asks and offers; what was confirmed about other words counts no more."""
        try:
            script, plans = await self._patience.reading(renewal.ref.insurer, self.read_again(renewal))
            current = renewal.current or await self._patience.reading(renewal.ref.insurer, self._present(renewal))
        except InsurerError as other:
            if held is not None:
                return await self._postponed(renewal, other, held=held, attempts=attempts)
            return await self.revised(renewal, E.REVISE, beside=problem(other), proposal=None, trouble=trouble(other))
        return await self.revised(
            renewal,
            E.CHANGE,
            held=held,
            beside=problem(error),
            script=script,
            plans=plans,
            current=current,
            proposal=None,
            trouble=trouble(error),
            **renewing.NOT_SENT,
        )

    async def read_again(self, renewal: Renewal) -> tuple[Script, tuple[Plan, ...]]:
        script = await self._panel[renewal.ref.insurer].script(await self.access(renewal), renewal.ref.number)
        return script, await self._quoting.anew(renewal)

    async def _present(self, renewal: Renewal) -> Plan:
        return await self.present_cover(renewal, await self.access(renewal))

    async def present_cover(self, renewal: Renewal, access: Access) -> Plan:
        """
        Read what the policy covers today.

        Raises:
            Drifted: the account shows the policy no more, or not what it costs; or whatever else its insurer raises.
        """
        number = renewal.ref.number
        policies = await self._panel[renewal.ref.insurer].policies(access, [number])
        if number not in policies:
            raise Drifted(renewal.ref.insurer)
        return current_cover(policies[number])

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
        revision: Text | None = None,
    ) -> Done[Renewal]:
        try:
            async with self._store.work() as work:
                await still_let(work, was.customer, self._clock(), standing=was)
                await work.renewals.save(after, was=was.version, due_at=renewing.due(after, self._clock()), held=held)
                await note(work, after, event, actor=acting.actor(), revision=revision)
        except Conflict as error:
            if held is not None:
                # No client waits for an answer, and the worker has to know that its lease is gone.
                raise
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
