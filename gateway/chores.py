"""
What is done beside the journeys whenever it is due: feeds are read, reminders go out, endpoints are told.

A chore claims its rows itself, with a lease, so any number of processes may do the same one.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from typing import Protocol, runtime_checkable

import structlog

from gateway.resting import Rest
from gateway.watch import Ended, Watch
from insurers.panel import Clock
from schema.ports import Updates

# After a turn that broke, so that whatever is down is not stormed.
TROUBLE_SECONDS = 5.0

# A chore that is due and finds nothing to do is another process's at this moment. It is looked at again after
# the first of these, then after longer and longer, up to the last.
BREATH_SECONDS = 0.05
LONG_BREATH_SECONDS = 2.0

log = structlog.stdlib.get_logger("tabane.chores")

Step = Callable[[], Awaitable[None]]


class Chore(Protocol):
    """`name` is a word for logs and figures, the same for as long as the chore exists."""

    @property
    def name(self) -> str: ...

    async def due(self) -> datetime | None:
        """Answer when there is something to do next, which may have passed; None where nothing is in sight."""
        ...

    async def turn(self) -> int:
        """
        Do one bounded step of what is due, and answer how much was done: 0 where nothing was left to do.

        It may be broken off at any await, and what it had claimed must then be another's sooner or later.
        """
        ...


@runtime_checkable
class Dispatch(Chore, Protocol):
    """A chore whose steps go on beside one another: none waits for another's end. A turn is all that it takes."""

    async def take(self) -> Sequence[Step]:
        """
        Claim what is due and has a place, and answer what is to be done of it.

        A place is free again when its step has ended; without one nothing is due.
        """
        ...


class Tending:
    """One chore, seen to whenever it is due. Its trouble is its own."""

    def __init__(self, chore: Chore, updates: Updates, clock: Clock, watch: Watch, *, longest: timedelta) -> None:
        self._chore = chore
        self._clock = clock
        self._watch = watch
        self._longest = longest
        self._rest = Rest(updates, longest=longest.total_seconds())
        self._breath = BREATH_SECONDS
        self._due: datetime | None = None
        self._turning: asyncio.Task[int | None] | None = None
        self._steps: set[asyncio.Task[None]] = set()
        self._leaving = False

    async def run(self) -> None:
        """Turn until cancelled. What is under way then goes on, and is ended by `farewell`."""
        async with self._rest.listening():
            while True:
                self._rest.begin_anew()
                seconds = await self._round()
                if seconds > 0:
                    await self._rest.take(seconds)

    async def farewell(self, grace: timedelta) -> None:
        """Let what is under way finish, or break it off when the grace is over."""
        self._leaving = True
        finishing = asyncio.create_task(self._finished())
        await asyncio.wait([finishing], timeout=grace.total_seconds())
        finishing.cancel()
        left = self._under_way()
        for task in left:
            task.cancel()
        await asyncio.wait([finishing, *left])
        for _ in left:
            self._watch.tended(self._chore.name, Ended.GIVEN_BACK)

    async def turn(self) -> int | None:
        """Do one step, to its end, if one is due; None after trouble, which is logged."""
        return await self._seen_to(self._chore.turn)

    def _under_way(self) -> Sequence[asyncio.Task[int | None] | asyncio.Task[None]]:
        turning = [self._turning] if self._turning and not self._turning.done() else []
        return [*turning, *self._steps]

    async def _finished(self) -> None:
        # A turn that is under way may begin some more.
        while left := self._under_way():
            await asyncio.wait(left)

    async def _seen_to(self, act: Callable[[], Awaitable[int]]) -> int | None:
        try:
            self._due = await self._chore.due()
            if self._due is None or self._due > self._clock() or self._leaving:
                return 0
            done = await act()
        except Exception:  # Whatever broke this turn, the journeys and the other chores do not suffer by it.
            log.exception("a chore failed", chore=self._chore.name)
            self._watch.tended(self._chore.name, Ended.FAILED)
            return None
        if done:
            self._watch.tended(self._chore.name, Ended.DONE)
        return done

    async def _round(self) -> float:
        """Do one step, and answer for how many seconds there is nothing to do."""
        self._turning = asyncio.create_task(self._seen_to(self._begin))
        done = await asyncio.shield(self._turning)
        if done is None:
            # News would end a rest, and what is down is not to be asked at every piece of news.
            await asyncio.sleep(TROUBLE_SECONDS)
            return 0
        if done:
            self._breath = BREATH_SECONDS
            return 0
        return self._until_due()

    async def _begin(self) -> int:
        """Do one step; of a dispatch begin all that it takes, and wait for none."""
        if not isinstance(self._chore, Dispatch):
            return await self._chore.turn()
        steps = await self._chore.take()
        for step in steps:
            task = asyncio.create_task(self._stepped(step))
            self._steps.add(task)
            task.add_done_callback(self._ended)
        return len(steps)

    async def _stepped(self, step: Step) -> None:
        try:
            await step()
        except Exception:  # As in a turn; the others go on, and what this one had claimed is another's later.
            log.exception("a chore failed", chore=self._chore.name)
            self._watch.tended(self._chore.name, Ended.FAILED)

    def _ended(self, step: asyncio.Task[None]) -> None:
        self._steps.discard(step)
        self._rest.wake()

    def _until_due(self) -> float:
        if self._due is None:
            return self._longest.total_seconds()
        left = (self._due - self._clock()).total_seconds()
        if left > 0:
            self._breath = BREATH_SECONDS
            return max(left, BREATH_SECONDS)
        taken, self._breath = self._breath, min(2 * self._breath, LONG_BREATH_SECONDS)
        return taken


class Chores:
    """All chores of one process, each in a task of its own."""

    def __init__(
        self,
        chores: Sequence[Chore],
        updates: Updates,
        clock: Clock,
        watch: Watch,
        *,
        longest: timedelta,
        grace: timedelta,
    ) -> None:
        self._tendings = [Tending(chore, updates, clock, watch, longest=longest) for chore in chores]
        self._grace = grace
        self._running: list[asyncio.Task[None]] = []

    def begin(self) -> None:
        """See to all of them until `farewell`."""
        self._running = [asyncio.create_task(tending.run()) for tending in self._tendings]

    async def farewell(self) -> None:
        """Begin no more turns, and let those that are under way finish within the grace."""
        for task in self._running:
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)
        await asyncio.gather(*(tending.farewell(self._grace) for tending in self._tendings))

    async def turn(self) -> int:
        """Do one step of every chore that is due; answer how much was done."""
        done = [await tending.turn() for tending in self._tendings]
        return sum(figure or 0 for figure in done)
