"""How long an operation may go on: as long as somebody waits for it and its time is not over."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from enum import Enum
from typing import Any, Literal, TypeVar

from starlette.types import Receive

from schema.execution.rounds import ROUND_SECONDS, rounds

T = TypeVar("T")


class Ending(Enum):
    """Why results end that would have gone on."""

    OVER = "over"


OVER: Literal[Ending.OVER] = Ending.OVER


class Gone(Exception):
    """The client has left; nobody waits for an answer."""


class Late(Exception):
    """The time is over."""


async def lasting(
    results: AsyncGenerator[T, None], *, left: Callable[[], float | None], nudge: asyncio.Event
) -> AsyncGenerator[T | Literal[Ending.OVER], None]:
    """
    Bring *results* while they last, and last of all OVER, if they would have gone on.

    Args:
        left: How many seconds are left, asked before each result and once after the nudge;
            None for as long as it takes.
    """
    nudged = asyncio.create_task(nudge.wait())
    following: asyncio.Task[T | None] | None = None
    try:
        while True:
            following = asyncio.create_task(_following(results))
            if not await _in_time(following, nudged, left):
                break
            result = following.result()
            if result is None:
                return
            yield result
    finally:
        await stopped(*filter(None, (following, nudged)))
        await results.aclose()
    yield OVER


async def _following(results: AsyncGenerator[T, None]) -> T | None:
    return await anext(results, None)


async def _in_time(
    following: "asyncio.Task[Any]", nudged: "asyncio.Task[Any]", left: Callable[[], float | None]
) -> bool:
    while not following.done():
        seconds = left()
        if seconds is not None and seconds <= 0:
            return False
        waited = [following] if nudged.done() else [following, nudged]
        await asyncio.wait(waited, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    return True


async def unless_gone(
    left: Callable[[], Awaitable[None]], work: Awaitable[T], *, whatever: Callable[[], bool] = lambda: False
) -> T:
    """
    Do *work* while its client is there, and where *whatever* says so even then to its end.

    Raises:
        Gone: what *left* waits for came first, and the work was broken off.
    """
    return await _watched(_Leaving(left, whatever), work, Gone)


async def in_time(seconds: float, work: Awaitable[T]) -> T:
    """
    Do *work* in so many seconds.

    Raises:
        Late: they were over, and the work was broken off.
    """
    return await _watched(_Deadline(seconds), work, Late)


async def _watched(watch: "_Watch", work: Awaitable[T], ending: type[Exception]) -> T:
    try:
        done = await work
    except BaseException:
        if watch.broke_off():
            raise ending from None
        raise
    finally:
        watch.end()
    if watch.broke_off():
        raise ending
    return done


class _Watch:
    """Breaks off the task that it is made in. It begins when that has lasted for a while: most work never does."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._rounds = rounds(self._loop)
        task = asyncio.current_task(self._loop)
        if task is None:
            raise RuntimeError("only a task can be broken off")
        self._task = task
        self._broken_before = task.cancelling()
        self._breaking = False
        self._rounds.add(self)

    def begin(self) -> None:
        """Begin to look. What is done by then is not worth breaking off."""

    def end(self) -> None:
        self._rounds.drop(self)

    def break_off(self) -> None:
        self._breaking = self._task.cancel()

    def broke_off(self) -> bool:
        """Answer whether this was the end of it, and nobody else's word."""
        if not self._breaking:
            return False
        self._breaking = False
        return self._task.uncancel() <= self._broken_before


class _Deadline(_Watch):
    _timer: asyncio.TimerHandle | None = None

    def __init__(self, seconds: float) -> None:
        super().__init__()
        self._at = self._loop.time() + seconds
        # It may be over before anybody comes round.
        if seconds < 2 * ROUND_SECONDS:
            self.begin()

    def begin(self) -> None:
        if self._timer is None:
            self._timer = self._loop.call_at(self._at, self.break_off)

    def end(self) -> None:
        super().end()
        if self._timer is not None:
            self._timer.cancel()


class _Leaving(_Watch):
    _leaving: "asyncio.Future[None] | None" = None
    _ended = False

    def __init__(self, left: Callable[[], Awaitable[None]], whatever: Callable[[], bool]) -> None:
        super().__init__()
        self._left = left
        self._whatever = whatever

    def begin(self) -> None:
        self._leaving = asyncio.ensure_future(self._left())
        self._leaving.add_done_callback(self._gone)

    def end(self) -> None:
        super().end()
        self._ended = True
        if self._leaving is not None:
            self._leaving.cancel()

    def _gone(self, leaving: "asyncio.Future[None]") -> None:
        # Whoever cannot be heard any more is gone, too; why is nobody's business.
        _ = leaving.cancelled() or leaving.exception()
        # The word that somebody left may come behind the end of the work, and what follows that is not watched here.
        if not self._ended and not self._whatever():
            self.break_off()


async def leaving(receive: Receive) -> None:
    """Wait until the client of a request that was read has left."""
    while (await receive())["type"] != "http.disconnect":
        pass


async def stopped(*tasks: "asyncio.Future[Any]") -> None:
    """Break these off, and wait until they have tidied up."""
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
