"""Takes up what is due and moves it one step."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta

import structlog

from gateway.chores import Chore, Chores
from gateway.claims import Claim, Claims, Places, insurer
from gateway.driver import Driver
from gateway.journeys.registrations import Registrations
from gateway.resting import Rest
from gateway.store import Store
from gateway.watch import Ended, Watch
from insurers.panel import Clock
from schema.ports import Updates

# What another worker is just taking on is looked at again after this; it is never longer in the way.
BREATH_SECONDS = 0.05

# After trouble with the database, so that its end is awaited and not stormed.
RECOVERY_SECONDS = 1.0
RECOVERY = timedelta(seconds=RECOVERY_SECONDS)

# A client that repeats an order after this long has long since looked at what became of it.
KEYS_LAST = timedelta(days=30)
TIDY_EVERY = timedelta(hours=1)

log = structlog.stdlib.get_logger("tabane.worker")


class Step:
    """One claim and the task that drives it. Nobody was talked to before it has begun."""

    begun = False

    def __init__(self, claim: Claim) -> None:
        self.claim = claim
        self.task: asyncio.Task[None] | None = None


class Worker:
    """
    One of any number. Each row that is due is claimed with a lease, driven, and let go.

    A worker that loses its lease can write nothing; a worker that dies leaves a lease that
    runs out.
    """

    def __init__(
        self,
        store: Store,
        updates: Updates,
        clock: Clock,
        registrations: Registrations,
        driver: Driver,
        watch: Watch,
        *,
        places: Places,
        lease: timedelta,
        rest: timedelta,
        grace: timedelta,
        chores: Sequence[Chore] = (),
    ) -> None:
        self._store = store
        self._clock = clock
        self._registrations = registrations
        self._driver = driver
        self._watch = watch
        self._places = places
        self._claims = Claims(store, clock, places=places, lease=lease)
        self._longest = rest
        self._rest = Rest(updates, longest=rest.total_seconds())
        self._grace = grace
        self._running: set[Step] = set()
        self._tidied_at = clock()
        self.chores = Chores(chores, updates, clock, watch, longest=rest, grace=grace)

    async def run(self) -> None:
        """Work until cancelled; then claim nothing more, and see to what is under way within the grace."""
        async with self._rest.listening():
            self.chores.begin()
            try:
                while True:
                    self._rest.begin_anew()
                    await self._rest.take(await self._round())
            finally:
                await asyncio.gather(self._farewell(), self.chores.farewell())

    async def turn(self) -> int:
        """
        Mind all deadlines, claim what is due and drive each one step; answer how many were due.

        Each chore that is due is moved one step, too, and not counted: `chores.turn` does.
        """
        await self.chores.turn()
        minded = await self._registrations.deadlines()
        claims = await self._claims.take(self._places)
        await asyncio.gather(*(self._driver.drive(claim) for claim in claims))
        return minded + len(claims)

    async def _round(self) -> float:
        """Begin whatever is due and has a place; answer for how many seconds there is nothing more to do."""
        deadline = await self._minded()
        await self._tidied()
        try:
            free = self._free()
            due = await self._claims.due(free, within=self._longest)
            now = self._clock()
            claims = await self._taken({code: free[code] for code, at in due.items() if at <= now})
        except Exception:  # Whatever broke this claim, the next one may do better, and the rows are still there.
            log.exception("nothing could be claimed")
            await asyncio.sleep(RECOVERY_SECONDS)
            return 0
        for claim in claims:
            self._begin(claim)
        if claims:
            return 0
        soonest = min([*due.values(), *([deadline] if deadline else [])], default=now + self._longest)
        return max((soonest - now).total_seconds(), BREATH_SECONDS)

    def _free(self) -> Places:
        """The places that are left at each insurer: a slow one fills its own and no other's."""
        busy = [insurer(step.claim) for step in self._running]
        return {code: places - busy.count(code) for code, places in self._places.items() if places > busy.count(code)}

    async def _taken(self, free: Places) -> Sequence[Claim]:
        if not free:
            return []
        taking = asyncio.create_task(self._claims.take(free))
        try:
            return await asyncio.shield(taking)
        except asyncio.CancelledError:
            # Told to stop in the middle of a claim: what was just taken has not begun.
            with suppress(Exception):
                await self._given_back(await taking)
            raise

    def _begin(self, claim: Claim) -> None:
        step = Step(claim)
        step.task = asyncio.create_task(self._driven(step))
        self._running.add(step)

        def ended(_: asyncio.Task[None]) -> None:
            self._running.discard(step)
            self._rest.wake()

        step.task.add_done_callback(ended)

    async def _driven(self, step: Step) -> None:
        step.begun = True
        await self._driver.drive(step.claim)

    async def _farewell(self) -> None:
        """
        Let what is under way be written down. What has not begun is another's at once.

        What is not done when the grace is over is broken off and given back, too. Whoever is at
        the button then holds another lease, which nobody gives back: it runs out, and that is SILENCE.
        """
        under_way, unbegun = [[step for step in self._running if step.begun is begun] for begun in (True, False)]
        await self._broken_off(unbegun)
        tasks = [step.task for step in under_way if step.task]
        if tasks:
            await asyncio.wait(tasks, timeout=self._grace.total_seconds())
        await self._broken_off([step for step in under_way if step.task and not step.task.done()])

    async def _broken_off(self, steps: Sequence[Step]) -> None:
        tasks = [step.task for step in steps if step.task]
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)
        await self._given_back([step.claim for step in steps])

    async def _given_back(self, claims: Sequence[Claim]) -> None:
        for claim in claims:
            if await self._claims.give_back(claim):
                self._watch.stepped(claim, Ended.GIVEN_BACK)

    async def _minded(self) -> datetime | None:
        """Mind the deadlines that have come, and answer when to do so next."""
        try:
            deadline = await self._claims.deadline()
            if deadline is None or deadline > self._clock():
                return deadline
            await self._registrations.deadlines()
            return await self._claims.deadline()
        except Exception:  # Whoever waits for something else does not wait for this; it is tried again.
            log.exception("the deadlines could not be minded")
            return self._clock() + RECOVERY

    async def _tidied(self) -> None:
        """Once an hour, forget the idempotency keys that nobody can still be waiting to repeat."""
        now = self._clock()
        if now - self._tidied_at < TIDY_EVERY:
            return
        self._tidied_at = now
        try:
            async with self._store.work() as work:
                await work.keys.forget(now - KEYS_LAST)
        except Exception:  # Old keys do no harm; they go the next time.
            log.exception("old keys could not be forgotten")
