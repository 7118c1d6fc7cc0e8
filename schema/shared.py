"""Work that several wait for is done once, by whoever asks first."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

T = TypeVar("T")


def is_given_up() -> bool:
    """Answer whether it is the task that asks which is being broken off, and not what it waits for."""
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0


class Once(Generic[T]):
    """
    What is found once, without a task, by whoever asks first; whoever asks meanwhile waits and shares what comes.

    Where the first gives up, the next who waits begins anew.
    """

    def __init__(self) -> None:
        self._coming: asyncio.Future[T] | None = None

    @property
    def result(self) -> T | None:
        """What was found; None before, and where nothing was."""
        coming = self._coming
        found = coming is not None and coming.done() and not coming.cancelled() and coming.exception() is None
        return coming.result() if coming is not None and found else None

    async def found(self, find: Callable[[], Awaitable[T]]) -> T:
        while self._coming is not None:
            coming = self._coming
            try:
                return await asyncio.shield(coming)
            except asyncio.CancelledError:
                if not coming.cancelled() or is_given_up():
                    raise
        coming = self._coming = asyncio.get_running_loop().create_future()
        try:
            value = await find()
        except asyncio.CancelledError:
            self._coming = None
            coming.cancel()
            raise
        except BaseException as error:
            coming.set_exception(error)
            # Perhaps nobody waits for it; an error that nobody looked at ends in the log.
            coming.exception()
            raise
        coming.set_result(value)
        return value
