"""Presses the insurer's button, once, and finds out what became of it when nobody answered."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import msgspec

from gateway.journeys import acting, alarm, consenting, renewing
from gateway.journeys.accounts import Accounts
from gateway.journeys.alarm import Alarm
from gateway.journeys.authority import still_let
from gateway.journeys.patience import Patience
from gateway.journeys.renewing import SUMMARIES, E, S
from gateway.store import Lease, Store, Work
from insurers.account import Access
from insurers.agency import ConsentScope
from insurers.capability import Capability
from insurers.errors import AccessDenied, Changed, Closed, Duplicate, ErrorCode, InsurerError, NotOnline, Unconfirmed
from insurers.hours import Hours, Openness
from insurers.identity import SuccessorNumber
from insurers.panel import Clock, Panel
from insurers.renewal import Proposal, Renewal, RenewalEvent
from insurers.text import Text
from schema.problems import trouble


class Submission:
    """
    The one irreversible act.

    Before it, the wish is written down with a lease; after it, what was heard. A process that
    dies in between leaves a lease that runs out, and that is the event SILENCE.
    """

    def __init__(
        self,
        store: Store,
        panel: Panel,
        clock: Clock,
        accounts: Accounts,
        patience: Patience,
        *,
        lease: timedelta,
        alarm: Alarm,
    ) -> None:
        self._store = store
        self._panel = panel
        self._clock = clock
        self._accounts = accounts
        self._patience = patience
        self._lease = lease
        self._alarm = alarm

    async def begin(self, renewal: Renewal, *, held: Lease | None = None, attempts: int = 0) -> Renewal:
        """Write down that the button will be pressed, then press it, then write down what was heard."""
        now = self._clock()
        lease = Lease.lasting(self._lease.total_seconds(), now=now)
        # A worker that tries again keeps the old trouble, to tell whether anything is new.
        before = renewal.trouble if held else None
        submitting = renewal.on(
            E.SUBMIT, at=now, trouble=before, will_submit_at=None, submitted_at=renewal.submitted_at or now
        )
        async with self._store.work() as work:
            await still_let(work, renewal.customer, now, ConsentScope.SUBMIT_RENEWAL, standing=renewal)
            # Whoever takes the account out waits for this, and then sees that it is needed.
            await work.links.at(renewal.customer, renewal.ref.insurer, held=True)
            await work.renewals.save(submitting, was=renewal.version, due_at=lease.until, lease=lease, held=held)
            # A history of every try would say nothing more than the first one.
            if renewal.submitted_at is None:
                await note(work, submitting, E.SUBMIT, actor=acting.actor())

        with self._patience.of_a_lease():
            event, changes = await self._pressed(submitting, attempts)

        return await self.write(submitting, event, held=lease, **changes)

    async def _pressed(self, renewal: Renewal, attempts: int) -> tuple[RenewalEvent, Mapping[str, Any]]:
        insurer = renewal.ref.insurer
        access: Access | None = None
        try:
            access = await self._accounts.reading_key(renewal.customer, insurer)
            if access is None:
                raise AccessDenied(insurer)
            successor = await self._patience.writing(insurer, self._press(renewal, access))
        except InsurerError as error:
            await self._accounts.noted(renewal.customer, error, refused=access)
            return self._heard(renewal, error, attempts)
        return E.ACCEPT, self._accepted(successor)

    async def _press(self, renewal: Renewal, access: Access) -> SuccessorNumber:
        proposal = _signed(renewal)
        insurer, key = self._panel[renewal.ref.insurer], renewing.key(renewal, proposal)
        await self._asks_the_same(renewal, access)
        try:
            return await insurer.apply(access, proposal, key)
        except Duplicate as error:
            # An earlier press of ours may be the one that made it so; only the insurer knows.
            try:
                successor = await insurer.outcome(access, proposal, key)
            except Duplicate:
                raise error from None
            except InsurerError:
                raise Unconfirmed(renewal.ref.insurer) from error
            if successor is None:
                raise
            return successor

    async def _asks_the_same(self, renewal: Renewal, access: Access) -> None:
        """Pass if the insurer still asks what the customer answered; raises Changed, with nothing pressed."""
        try:
            script = await self._panel[renewal.ref.insurer].script(access, renewal.ref.number)
        except (Duplicate, NotOnline):
            # The button knows more: whether the next term is this very application's.
            return
        if not renewing.asks_the_same(renewal, script):
            raise Changed(renewal.ref.insurer, code=ErrorCode.DOCUMENT_CHANGED)

    def _heard(self, renewal: Renewal, error: InsurerError, attempts: int) -> tuple[RenewalEvent, Mapping[str, Any]]:
        event, kept = renewing.heard(error), {"trouble": renewing.kept_trying(error)}
        if event is E.REFUSE:
            return event, kept | {"reasons": renewing.reasons(error)}
        if event is E.CHANGE:
            return event, {**kept, "proposal": None, **renewing.NOT_SENT}
        if event is not E.UNREACHABLE:
            return event, kept
        later = self._later(error, attempts)
        if later >= renewal.cut_off:
            late = {"trouble": trouble(error), "reasons": (renewing.too_late(renewal),)}
            return E.REFUSE, {**late, **renewing.NOT_SENT}
        if renewal.receipt is None and (isinstance(error, Closed) or not self._stays_open(renewal, later)):
            return E.RELEASE, {"trouble": renewing.released(), **renewing.NOT_SENT}
        return event, kept | {"will_submit_at": later}

    def _later(self, error: InsurerError, attempts: int) -> datetime:
        """When to try again: no sooner than the insurer says, and never at once, whatever its clock shows."""
        soon = self._clock() + self._patience.before_next(attempts)
        return max(renewing.reopens_at(error) or soon, soon)

    def _stays_open(self, renewal: Renewal, until: datetime) -> bool:
        """Whether the insurer takes applications from now to *until* without a break, as far as a source tells."""
        hours, now = self._hours(renewal), self._clock()
        closes_at = hours.closes_at(now)
        return hours.openness(now) is Openness.OPEN and (closes_at is None or until < closes_at)

    def _accepted(self, successor: SuccessorNumber) -> Mapping[str, Any]:
        return {"successor": successor, "completed_at": self._clock(), "trouble": None}

    async def look(self, renewal: Renewal, *, held: Lease, attempts: int) -> Renewal:
        """Ask the insurer what became of an application that nobody answered. Never sends it again."""
        proposal, code = _signed(renewal), renewal.ref.insurer
        access: Access | None = None
        try:
            access = await self._accounts.reading_key(renewal.customer, code)
            if access is None:
                raise AccessDenied(code)
            asked = self._panel[code].outcome(access, proposal, renewing.key(renewal, proposal))
            successor = await self._patience.reading(code, asked)
        except Duplicate as error:
            reasons = renewing.reasons(error)
            return await self.write(renewal, E.REFUSE, held=held, reasons=reasons, trouble=trouble(error))
        except InsurerError as error:
            await self._accounts.noted(renewal.customer, error, refused=access)
            later = self._clock() + self._patience.before_next(attempts)
            still = renewing.kept_trying(error)
            return await self.write(renewal, E.SILENCE, held=held, due_at=later, trouble=still)
        if successor is None:
            return await self._absent(renewal, held)
        return await self.write(renewal, E.ACCEPT, held=held, **self._accepted(successor))

    async def _absent(self, renewal: Renewal, held: Lease) -> Renewal:
        """The insurer does not know of it: whoever gave leave is applied for again, the others are told."""
        now = self._clock()
        settled_at = self._settled_at(renewal)
        if settled_at > now:
            # Somebody looked too early, and "not found" proves nothing yet.
            return await self.write(renewal, E.SILENCE, held=held, due_at=settled_at, trouble=renewal.trouble)
        opens_at = self._hours(renewal).opens_at(now)
        if renewal.receipt is None or opens_at is None or opens_at >= renewal.cut_off:
            lost = renewing.never_arrived()
            return await self.write(renewal, E.ABSENT, held=held, trouble=lost, **renewing.NOT_SENT)
        again = {**renewing.NOT_SENT, "receipt": renewal.receipt, "will_submit_at": opens_at}
        return await self.write(renewal, E.RETRY, held=held, trouble=None, **again)

    def _settled_at(self, renewal: Renewal) -> datetime:
        silent_since = renewal.silent_since or renewal.updated_at
        return silent_since + self._panel[renewal.ref.insurer].manifest.settles_within

    def _hours(self, renewal: Renewal) -> Hours:
        return self._panel[renewal.ref.insurer].manifest.hours[Capability.RENEWAL]

    # The keywords are fields of a renewal, beside `due_at`.
    async def write(self, renewal: Renewal, event: RenewalEvent, *, held: Lease, **changes: Any) -> Renewal:
        """Write down, under the lease that is *held*, what happened."""
        now = self._clock()
        due_at = changes.pop("due_at", None)
        after = renewal.on(event, at=now, **changes)
        if renewal.state is S.SUBMITTING and after.state is S.UNCONFIRMED:
            # What people were called for while it waited was another trouble.
            after = msgspec.structs.replace(after, silent_since=now, alarmed_at=None)
        alarms = alarm.is_due(renewal, after, now)
        if alarms:
            after = msgspec.structs.replace(after, alarmed_at=now)
        async with self._store.work() as work:
            due_at = due_at or self._due(renewal, after, now)
            await work.renewals.save(after, was=renewal.version, due_at=due_at, held=held)
            if not _is_old_news(renewal, after, event):
                await note(work, after, event, actor="tabane")
            if alarms:
                await tell(work, after, alarm.RAISED, actor="tabane")
        if alarms:
            self._alarm(after)
        return after

    async def mature(self, renewal: Renewal, *, held: Lease) -> Renewal:
        """The term has ended with nothing sent; of what was promised it is said that it could not be kept."""
        broken = {"reasons": (renewing.too_late(renewal),)} if renewal.state is S.QUEUED else {}
        return await self.write(
            renewal, E.MATURE, held=held, proposal=None, trouble=None, **broken, **renewing.NOT_SENT
        )

    def _due(self, before: Renewal, after: Renewal, now: datetime) -> datetime | None:
        """When to look at it next: what was only just sent may not show at the insurer before it has settled."""
        if before.state is S.SUBMITTING and after.state is S.UNCONFIRMED:
            return self._settled_at(after)
        return renewing.due(after, now)


def _is_old_news(before: Renewal, after: Renewal, event: RenewalEvent) -> bool:
    """Whether this is the same trouble as at the last try; a history of every try would say nothing more."""
    if event is E.SILENCE:
        return before.state is S.UNCONFIRMED
    told = before.trouble is not None and after.trouble is not None and before.trouble.code is after.trouble.code
    return told and event is E.UNREACHABLE


def _signed(renewal: Renewal) -> Proposal:
    if renewal.proposal is None:
        raise ValueError(f"a renewal in state {renewal.state} has nothing to sign")
    return renewal.proposal


async def note(
    work: Work,
    renewal: Renewal,
    event: RenewalEvent,
    *,
    actor: str,
    revision: Text | None = None,
    step: str | None = None,
) -> None:
    """Write the line of the renewal's history that belongs to *event*; of a *revision*, what it was."""
    await consenting.witness(work, renewal, event, summary=SUMMARIES[event], actor=actor)
    told = revision if revision is not None and event is E.REVISE else SUMMARIES[event]
    await tell(work, renewal, told, actor=actor, step=step)


async def tell(work: Work, renewal: Renewal, summary: Text, *, actor: str, step: str | None = None) -> None:
    """Write a line of the renewal's history."""
    await work.events.append(
        renewal.id,
        at=renewal.updated_at,
        actor=actor,
        actor_name=acting.agent_name() if actor == acting.actor() else None,
        summary=summary,
        topic=f"renewal:{renewal.id}",
        step=step,
    )
