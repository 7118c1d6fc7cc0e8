"""How long an operation may go on: as long as somebody waits for it and its time is not over."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Coroutine
from enum import Enum
from typing import Any, Literal, TypeVar

from starlette.types import Receive

T = TypeVar("T")


class Ending(Enum):
    """Why results end that would have gone on."""

    OVER = "over"


OVER: Literal[Ending.OVER] = Ending.OVER


class Gone(Exception):
    """The client has left; nobody waits for an answer."""


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
    left: Awaitable[None], work: Coroutine[Any, Any, T], *, whatever: Callable[[], bool] = lambda: False
) -> T:
    """
    Do *work* while its client is there, and where *whatever* says so even then to its end.

    Raises:
        Gone: *left* came first, and the work was broken off.
    """
    working, gone = asyncio.create_task(work), asyncio.ensure_future(left)
    try:
        await asyncio.wait([working, gone], return_when=asyncio.FIRST_COMPLETED)
        if not working.done() and not whatever():
            raise Gone
        await asyncio.wait([working])
        return working.result()
    finally:
        gone.cancel()
        if not working.done():
            await stopped(working)


async def leaving(receive: Receive) -> None:
    """Wait until the client of a request that was read has left."""
    while (await receive())["type"] != "http.disconnect":
        pass


async def stopped(*tasks: "asyncio.Future[Any]") -> None:
    """Break these off, and wait until they have tidied up."""
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
