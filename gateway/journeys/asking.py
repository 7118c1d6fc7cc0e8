"""
Asks each insurer of a comparison by itself, at once, and longer than anybody waits for the answer.

That somebody asks is written down with a lease before the insurer hears of it. A process that
dies leaves a lease that runs out, and a worker asks again: to ask binds nobody.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping
from datetime import timedelta
from functools import partial
from typing import Any

import msgspec
import structlog
from msgspec import Struct

from gateway.journeys import comparing_evidence
from gateway.journeys.compared import LATE
from gateway.journeys.inquiring import Inquiring, setback
from gateway.journeys.leave import heeded, is_same
from gateway.journeys.patience import Patience
from gateway.journeys.turns import Turns
from gateway.journeys.undisturbed import Undisturbed
from gateway.store import Claimed, Conflict, Lease, LeaseLost, Store, Work
from gateway.store.inquiries import topic
from insurers.comparison import UNDER_WAY, Comparison, Inquiry, InquiryState
from insurers.errors import ErrorCode, InsurerError
from insurers.panel import Clock, Panel
from insurers.plan import Plan
from insurers.setback import Setback, SetbackKind
from schema.ports import Updates

# Fields of an inquiry; replace() refuses any other name.
Changes = Mapping[str, Any]

# An insurer's own trouble is written down at once. What breaks a worker this often breaks the next one, too.
MOST_ATTEMPTS = 5
GIVEN_UP = Setback(kind=SetbackKind.DRIFTED, code=ErrorCode.UPSTREAM_CHANGED)

log = structlog.stdlib.get_logger("tabane.asking")


class Errand(Struct, frozen=True):
    """An inquiry that is under way, and the lease under which its answer is written."""

    inquiry: Inquiry
    lease: Lease


class Asking:
    """
    `within` is how long a comparison waits for any insurer at most, whatever that insurer's manifest grants.

    Whoever compares ten policies does not have the tenth refused: the others wait for their turn.
    """

    def __init__(
        self,
        store: Store,
        panel: Panel,
        clock: Clock,
        updates: Updates,
        inquiring: Inquiring,
        turns: Turns,
        patience: Patience,
        undisturbed: Undisturbed,
        *,
        lease: timedelta,
        within: timedelta | None,
    ) -> None:
        self._store = store
        self._panel = panel
        self._clock = clock
        self._updates = updates
        self._inquiring = inquiring
        self._turns = turns
        self._patience = patience
        self._undisturbed = undisturbed
        self._lease = lease
        self._within = within
        # Of each inquiry the last one; one that was left may still be on its way out.
        self._running: dict[str, asyncio.Task[None]] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def errand(self, inquiry: Inquiry) -> Errand:
        """Answer the inquiry as asked, with a new lease; both are to be written before `begin`."""
        now = self._clock()
        manifest = self._panel[inquiry.insurer].manifest
        waits = min(manifest.quotes_within, self._within or manifest.quotes_within)
        asked = msgspec.structs.replace(
            inquiry,
            state=InquiryState.ASKED,
            version=inquiry.version + 1,
            updated_at=now,
            asked_at=now,
            waits_until=now + waits,
            setback=None,
        )
        return Errand(asked, Lease.lasting(self._lease.total_seconds(), now=now))

    def begin(self, errands: Iterable[Errand]) -> None:
        """Ask, in tasks that outlive whoever wanted it; what was asked before for the same inquiry is left."""
        for errand in errands:
            id_ = errand.inquiry.id
            self.leave([id_])
            task = asyncio.create_task(self._run(errand))
            self._running[id_] = task
            self._tasks.add(task)
            task.add_done_callback(partial(self._ended, id_))

    def leave(self, inquiries: Iterable[str]) -> None:
        """Ask nothing more of these, whose lease is another's or nobody's by now."""
        for id_ in inquiries:
            if (task := self._running.pop(id_, None)) is not None:
                task.cancel()

    async def take_up(self, claimed: Claimed[Inquiry]) -> None:
        """Ask what somebody asked who is gone; what broke all who asked is given up."""
        if claimed.attempts > MOST_ATTEMPTS:
            log.error("asking given up", inquiry=claimed.aggregate.id)
            given_up = {"state": InquiryState.FAILED, "setback": GIVEN_UP}
            await self._written(claimed.aggregate, given_up, held=claimed.lease)
            return
        await self._seen_through(Errand(claimed.aggregate, claimed.lease))

    async def drain(self) -> None:
        """Break off what is asked, and give the leases back: whoever works next asks again."""
        for task in self._tasks:
            task.cancel()
        if self._tasks:
            await asyncio.wait(self._tasks)
        await self._undisturbed.drain()

    def _ended(self, id_: str, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if self._running.get(id_) is task:
            del self._running[id_]

    async def _run(self, errand: Errand) -> None:
        try:
            with self._patience.of_a_lease():
                await self._seen_through(errand)
        except asyncio.CancelledError:
            await self._undisturbed(self._given_back(errand))
            raise
        except Conflict:
            # It was asked anew, or must not be asked any more; what was heard here is nobody's.
            log.info("asked in vain", inquiry=errand.inquiry.id)
        except Exception:  # What broke this one is logged; its lease runs out, and a worker takes it up.
            log.exception("asking failed", inquiry=errand.inquiry.id)

    async def _given_back(self, errand: Errand) -> None:
        async with self._store.work() as work:
            await work.inquiries.give_back(errand.inquiry.id, errand.lease)

    async def _seen_through(self, errand: Errand) -> None:
        """Wait for the answer as long as a comparison does, say that it is late, and wait on."""
        inquiry, lease = errand.inquiry, errand.lease
        asking = asyncio.create_task(self._heard(inquiry))
        either: set[asyncio.Task[Any]] = {asking}
        if not inquiry.is_own:
            either.add(asyncio.create_task(self._refused(inquiry)))
        try:
            if inquiry.state is InquiryState.ASKED and not await self._in_time(inquiry, either):
                late = {"state": InquiryState.LATE, "setback": LATE}
                inquiry = await self._undisturbed(self._written(inquiry, late, held=lease, lease=lease))
            done, _ = await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
            await self._undisturbed(self._written(inquiry, await asking, held=lease))
        finally:
            for task in either:
                task.cancel()
            await asyncio.gather(*either, return_exceptions=True)

    async def _in_time(self, inquiry: Inquiry, either: set[asyncio.Task[Any]]) -> bool:
        left = ((inquiry.waits_until or self._clock()) - self._clock()).total_seconds()
        done, _ = await asyncio.wait(either, timeout=max(left, 0.0), return_when=asyncio.FIRST_COMPLETED)
        return bool(done)

    async def _refused(self, inquiry: Inquiry) -> None:
        """Wait until the customer says no, on whichever machine: from then on the insurer is told nothing more."""
        async with self._updates.subscribe(topic(inquiry.comparison)) as news:
            # What was said before anybody listened is seen by the first look.
            await self._undisturbed(self._standing(inquiry))
            await heeded(news, lambda: self._undisturbed(self._standing(inquiry)))

    async def _heard(self, inquiry: Inquiry) -> Changes:
        """Answer what the insurer's answer, or its trouble, makes of the inquiry."""
        try:
            plans = await self._in_turn(inquiry)
        except InsurerError as error:
            return {"state": InquiryState.FAILED, "setback": setback(error)}
        return {"state": InquiryState.ANSWERED, "plans": plans, "answered_at": self._clock(), "setback": None}

    async def _in_turn(self, inquiry: Inquiry) -> tuple[Plan, ...]:
        async with self._turns.at(inquiry.insurer):
            # While it waited for its turn the customer may have said no.
            comparison, standing = await self._undisturbed(self._standing(inquiry))
            return await self._inquiring.plans(standing, comparison.policy(standing.policy).risk)

    async def _standing(self, inquiry: Inquiry) -> tuple[Comparison, Inquiry]:
        """
        Answer the inquiry as it stands, and the comparison.

        Raises:
            LeaseLost: nobody wants it asked any more, or not with what was agreed to then.
        """
        async with self._store.reading() as work:
            comparison = await work.comparisons.get(inquiry.comparison)
        standing = comparison.inquiry(inquiry.id) if comparison else None
        if comparison is None or standing is None or standing.state not in UNDER_WAY or not is_same(inquiry, standing):
            raise LeaseLost(standing.version if standing else None)
        return comparison, standing

    async def _written(self, inquiry: Inquiry, changes: Changes, *, held: Lease, lease: Lease | None = None) -> Inquiry:
        """Write down, under the lease that is *held*, what became of it; *lease* is kept while it is still awaited."""
        now = self._clock()
        after = msgspec.structs.replace(inquiry, version=inquiry.version + 1, updated_at=now, **changes)
        async with self._store.work() as work:
            comparison = await work.comparisons.get(inquiry.comparison)
            if comparison is not None:
                # The evidence first, as everywhere: whoever waits for a place in the chain then holds no row.
                await _WITNESSED[after.state](work, comparison, after)
            await work.inquiries.save(after, was=inquiry.version, due_at=now if lease else None, lease=lease, held=held)
        return after


_WITNESSED: Mapping[InquiryState, Callable[[Work, Comparison, Inquiry], Awaitable[None]]] = {
    InquiryState.LATE: comparing_evidence.late,
    InquiryState.ANSWERED: comparing_evidence.answered,
    InquiryState.FAILED: comparing_evidence.failed,
}
