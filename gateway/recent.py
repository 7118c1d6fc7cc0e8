"""
What was read a moment ago, or is being read just now.

Whoever asks the same while it is under way shares the one reading, and whoever asks soon after gets what was told
then, with its time. A question names who asks and for whom, so nothing is ever another viewer's.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Hashable
from contextlib import nullcontext
from datetime import timedelta
from typing import Any, Generic, NamedTuple, TypeVar

from cachetools import TTLCache

from gateway.events import customer_of, insurer_of
from insurers.http import allotted, within
from insurers.identity import InsurerCode
from insurers.panel import Clock
from schema.ports import Told

T = TypeVar("T")

# A busy process reads for some hundred people within a few seconds. A policy of many covers is 5 kB as it travels.
MOST_BYTES = 64 << 20
# However little is told, so much is what keeping it costs; with that there are never more than 16,384.
LEAST_BYTES = 4 << 10

# By a clock that is never set back, nothing lasts longer than so many times what it may by the one that people read.
LONGEST = 4


class Question(NamedTuple):
    """Who asks for whom, at which insurer (None where it is about none), and what."""

    actor: str
    customer: str
    insurer: InsurerCode | None
    what: Hashable


class _Flight(Generic[T]):
    """
    A reading under way, and how many wait for it.

    It is `late` when something may have been written since it began, and then it is not kept.
    """

    def __init__(self, task: "asyncio.Task[Told[T]]") -> None:
        self.task = task
        self.waiting = 0
        self.late = False


class Recent:
    """
    Readings for *keeps*, which may be no time: then only what is under way is shared. An error is told and forgotten.

    Nobody who gives up ends a reading that others wait for. It ends with the last of them.
    """

    def __init__(
        self,
        clock: Clock,
        *,
        keeps: timedelta,
        most_bytes: int = MOST_BYTES,
        seconds: Callable[[], float] = time.monotonic,
    ) -> None:
        self._clock = clock
        self._keeps = keeps
        # What is kept and under way is of as many types as there are questions.
        self._kept: TTLCache[Question, tuple[int, Told[Any]]] = TTLCache(
            most_bytes, LONGEST * keeps.total_seconds(), timer=seconds, getsizeof=lambda kept: kept[0]
        )
        self._flights: dict[Question, _Flight[Any]] = {}

    async def ask(
        self,
        question: Question,
        read: Callable[[], Awaitable[T]],
        *,
        within_seconds: float | None = None,
        weigh: Callable[[T], int] = lambda _: LEAST_BYTES,
    ) -> Told[T]:
        """
        Answer what is kept, what is being read, or what is read now; *weigh* tells how many bytes that is.

        Raises:
            TimeoutError: it took longer than this caller waits.
        """
        if (kept := self._told(question)) is not None:
            return kept
        flight = self._flights.get(question)
        if flight is None:
            flight = self._begun(question, read, within_seconds, weigh)
        return await self._awaited(question, flight, within_seconds)

    def has(self, question: Question) -> bool:
        """Whether this is kept, or being read."""
        return question in self._flights or self._told(question) is not None

    def heard(self, topic: str | None) -> None:
        """Drop what news make doubtful; None is news that were lost."""
        if topic is None:
            self._drop(lambda _: True)
        elif (customer := customer_of(topic)) is not None:
            self._drop(lambda question: question.customer == customer)
        elif (insurer := insurer_of(topic)) is not None:
            self._drop(lambda question: question.insurer == insurer)

    def __len__(self) -> int:
        return len(self._kept)

    def _told(self, question: Question) -> Told[Any] | None:
        kept = self._kept.get(question) if self._keeps else None
        # What is over stays for news to drop: a clock that is put right would bring it back.
        return kept[1] if kept is not None and kept[1].at <= self._clock() < kept[1].until else None

    def _begun(
        self, question: Question, read: Callable[[], Awaitable[T]], seconds: float | None, weigh: Callable[[T], int]
    ) -> _Flight[T]:
        async def told() -> Told[T]:
            # It is as patient as whoever comes last, and not as whoever came first.
            with nullcontext() if seconds is None else allotted(seconds):
                value = await read()
            at = self._clock()
            return Told(value=value, at=at, until=at + self._keeps)

        def landed(task: "asyncio.Task[Told[T]]") -> None:
            if self._flights.get(question) is flight:
                del self._flights[question]
            # Looked at in any case: an error that nobody waits for any more is nobody's.
            failed = task.cancelled() or task.exception() is not None
            if not flight.late and not failed:
                self._keep(question, task.result(), weigh)

        flight = self._flights[question] = _Flight(asyncio.create_task(told()))
        flight.task.add_done_callback(landed)
        return flight

    async def _awaited(self, question: Question, flight: _Flight[T], seconds: float | None) -> Told[T]:
        flight.waiting += 1
        try:
            if seconds is None:
                return await asyncio.shield(flight.task)
            async with within(seconds):
                return await asyncio.shield(flight.task)
        finally:
            flight.waiting -= 1
            if not flight.waiting and not flight.task.done():
                flight.task.cancel()
                # From here on no news reach it.
                flight.late = True
                if self._flights.get(question) is flight:
                    del self._flights[question]

    def _keep(self, question: Question, told: Told[T], weigh: Callable[[T], int]) -> None:
        if not self._keeps:
            return
        weight = max(weigh(told.value), LEAST_BYTES)
        if weight <= self._kept.maxsize:
            self._kept[question] = weight, Told(value=told.value, at=told.at, until=told.until, kept=True)

    def _drop(self, doubtful: Callable[[Question], bool]) -> None:
        for question in [question for question in self._kept if doubtful(question)]:
            self._kept.pop(question, None)
        for question in [question for question in self._flights if doubtful(question)]:
            # Whoever asked before the news may have an answer from before them; nobody who asks after.
            self._flights.pop(question).late = True
