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


def _never() -> bool:
    return False


class Watch:
    """
    A block of one task, broken off when its time is over (Late) or when its client has left (Gone), and not both.

    It begins to look when the block has lasted for a while: most never do. *left* answers what waits until the client
    has left, or None where nobody can hear that yet, and is then asked again. Where *whatever* says so by then, the
    block goes on though its client has left.
    """

    _timer: asyncio.TimerHandle | None = None
    _leaving: "asyncio.Future[None] | None" = None
    _ending: type[Exception] | None = None
    _is_over = False

    def __init__(
        self,
        *,
        seconds: float | None = None,
        left: Callable[[], Awaitable[None] | None] | None = None,
        whatever: Callable[[], bool] = _never,
    ) -> None:
        self._seconds = seconds
        self._left = left
        self._whatever = whatever

    def __enter__(self) -> "Watch":
        loop = self._loop = asyncio.get_running_loop()
        task = asyncio.current_task(loop)
        if task is None:
            raise RuntimeError("only a task can be broken off")
        self._task = task
        self._before = task.cancelling()
        self._rounds = rounds(loop)
        if self._seconds is None:
            self._rounds.add(self)
            return self
        self._at = loop.time() + self._seconds
        if self._seconds < 2 * ROUND_SECONDS:
            # It may be over before anybody comes round.
            self.begin()
        else:
            self._rounds.add(self)
        return self

    def anew(self, seconds: float) -> None:
        """Give the block so much time from now on, whatever it has taken before."""
        self._at = self._loop.time() + seconds
        if self._timer is not None:
            self._timer.cancel()
            self._timer = self._loop.call_at(self._at, self._break_off, Late)

    def begin(self) -> None:
        """Begin to look. What is over by then is not worth breaking off."""
        if self._seconds is not None and self._timer is None:
            self._timer = self._loop.call_at(self._at, self._break_off, Late)
        if self._left is None:
            return
        if (left := self._left()) is None:
            self._rounds.add(self)
            return
        self._leaving = asyncio.ensure_future(left)
        self._leaving.add_done_callback(self._gone)

    def __exit__(self, *_: object) -> None:
        self._is_over = True
        self._rounds.drop(self)
        if self._timer is not None:
            self._timer.cancel()
        if self._leaving is not None:
            self._leaving.cancel()
        # Whoever else broke the task off has a word in it, and that is heard.
        if self._ending is not None and self._task.uncancel() <= self._before:
            raise self._ending from None

    def _break_off(self, ending: type[Exception]) -> None:
        if self._ending is None and self._task.cancel():
            self._ending = ending

    def _gone(self, leaving: "asyncio.Future[None]") -> None:
        # Whoever cannot be heard any more is gone, too; why is nobody's business.
        _ = leaving.cancelled() or leaving.exception()
        # The word that somebody left may come behind the end of the work, and what follows that is not watched here.
        if not self._is_over and not self._whatever():
            self._break_off(Gone)


async def leaving(receive: Receive) -> None:
    """Wait until the client of a request that was read has left."""
    while (await receive())["type"] != "http.disconnect":
        pass


async def stopped(*tasks: "asyncio.Future[Any]") -> None:
    """Break these off, and wait until they have tidied up."""
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
