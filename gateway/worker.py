"""Takes up what is due and moves it one step."""

import asyncio
from collections.abc import Coroutine
from datetime import timedelta

import structlog

from gateway.journeys.registrations import Registrations
from gateway.journeys.rehearsal import Rehearsal
from gateway.journeys.renewing import E, S
from gateway.journeys.submission import Submission
from gateway.store import Claimed, Conflict, Store
from insurers.errors import Changed
from insurers.hours import Openness
from insurers.panel import Clock
from insurers.renewal import Renewal

# How long an idle worker rests. Whatever it waits for is due to the minute.
REST_SECONDS = 1.0

# As many as one process can drive at once without keeping SQLite's one writer busy.
AT_ONCE = 8

# How long what is under way may still take when the process is told to stop.
FAREWELL_SECONDS = 20.0

# A client that repeats an order after this long has long since looked at what became of it.
KEYS_LAST = timedelta(days=30)
TIDY_EVERY = timedelta(hours=1)

log = structlog.stdlib.get_logger("tabane.worker")


class Worker:
    """
    One of any number. Each row that is due is claimed with a lease, driven, and let go.

    A worker that loses its lease can write nothing; a worker that dies leaves a lease that
    runs out.
    """

    def __init__(
        self,
        store: Store,
        clock: Clock,
        registrations: Registrations,
        rehearsal: Rehearsal,
        submission: Submission,
        *,
        lease: timedelta,
    ) -> None:
        self._store = store
        self._clock = clock
        self._registrations = registrations
        self._rehearsal = rehearsal
        self._submission = submission
        self._lease = lease
        self._tidied_at = clock()

    async def run(self) -> None:
        """Work until cancelled; then claim nothing more, and write down what is being heard."""
        running: set[asyncio.Task[None]] = set()
        try:
            while True:
                begun = await self._begun(running)
                if not begun:
                    await asyncio.sleep(REST_SECONDS)
                elif len(running) >= AT_ONCE:
                    await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
        finally:
            if running:
                await asyncio.wait(running, timeout=FAREWELL_SECONDS)

    async def turn(self) -> int:
        """Mind all deadlines, claim what is due and drive each one step; answer how many were due."""
        minded = await self._registrations.deadlines()
        steps = await self._claimed(AT_ONCE)
        await asyncio.gather(*(_told(flow, step) for flow, step in steps))
        return minded + len(steps)

    async def _begun(self, running: set[asyncio.Task[None]]) -> int:
        """Begin as many steps as there is room for, and answer how many."""
        try:
            await self._tidied()
            await self._registrations.deadlines()
            steps = await self._claimed(AT_ONCE - len(running)) if len(running) < AT_ONCE else []
        except Exception:  # Whatever broke this claim, the next one may do better, and the rows are still there.
            log.exception("nothing could be claimed")
            return 0
        for flow, step in steps:
            task = asyncio.create_task(_told(flow, step))
            running.add(task)
            task.add_done_callback(running.discard)
        return len(steps)

    async def _claimed(self, limit: int) -> list[tuple[str, Coroutine[None, None, None]]]:
        async with self._store.work() as work:
            seconds = self._lease.total_seconds()
            renewals = await work.renewals.claim(self._clock(), lease_seconds=seconds, limit=limit)
            left = limit - len(renewals)
            registrations = (
                await work.registrations.claim(self._clock(), lease_seconds=seconds, limit=left) if left else []
            )
        steps = [(one.aggregate.id, self._renew(one)) for one in renewals]
        return steps + [
            (one.aggregate.id, self._registrations.overdue(one.aggregate, one.lease)) for one in registrations
        ]

    async def _tidied(self) -> None:
        """Once an hour, forget the idempotency keys that nobody can still be waiting to repeat."""
        now = self._clock()
        if now - self._tidied_at < TIDY_EVERY:
            return
        self._tidied_at = now
        async with self._store.work() as work:
            await work.keys.forget(now - KEYS_LAST)

    async def _renew(self, claimed: Claimed[Renewal]) -> None:
        renewal, lease = claimed.aggregate, claimed.lease
        match renewal.state:
            case S.SUBMITTING:
                await self._submission.write(renewal, E.SILENCE, held=lease)
            case S.UNCONFIRMED:
                await self._submission.look(renewal, held=lease, attempts=claimed.attempts)
            case _ if self._clock() >= renewal.maturity:
                await self._submission.write(renewal, E.MATURE, held=lease, proposal=None, will_submit_at=None)
            case S.QUEUED:
                await self._submit(claimed)
            case S.IN_PROGRESS:
                await self._rehearsal.onward(renewal, held=lease, attempts=claimed.attempts)

    async def _submit(self, claimed: Claimed[Renewal]) -> None:
        """Press for somebody who asked while the insurer was closed, or could not be reached."""
        renewal = claimed.aggregate
        if self._submission.openness(renewal) is not Openness.OPEN:
            await self._submission.wait(renewal, held=claimed.lease)
            return
        after = await self._submission.begin(renewal, held=claimed.lease, attempts=claimed.attempts)
        if after.state is S.IN_PROGRESS:
            await self._rehearsal.refreshed(after, Changed(after.ref.insurer))


async def _told(flow: str, step: Coroutine[None, None, None]) -> None:
    """Drive one step. Whatever befalls it is its own: the others do not suffer, and its lease runs out."""
    try:
        await step
    except Conflict:
        log.info("moved by somebody else", flow=flow)
    except Exception:  # What broke one step is logged; the others go on, and this one is taken up again.
        log.exception("step failed", flow=flow)
