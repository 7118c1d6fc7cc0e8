"""Work that several wait for: it is done once, and ends with the last of them."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, Generic, TypeVar

T = TypeVar("T")


def is_given_up() -> bool:
    """Answer whether it is the task that asks which is being broken off, and not what it waits for."""
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0


class Shared(Generic[T]):
    """
    Work under way. Whoever gives up does so alone; when nobody is left, it is broken off.

    `was_given_up` is true from then on: whoever still wants it begins anew.
    """

    def __init__(self, work: Coroutine[Any, Any, T]) -> None:
        self._task = asyncio.create_task(work)
        self._waiting = 0
        self.was_given_up = False

    @property
    def result(self) -> T | None:
        """What came of it; None before, and where nothing did."""
        done = self._task.done() and not self._task.cancelled()
        return self._task.result() if done and self._task.exception() is None else None

    async def told(self) -> T:
        self._waiting += 1
        try:
            return await asyncio.shield(self._task)
        finally:
            self._waiting -= 1
            if not self._waiting and not self._task.done():
                self.was_given_up = True
                self._task.cancel()


class Once(Generic[T]):
    """
    What is found once, without a task, by whoever asks first; whoever asks meanwhile waits and shares what comes.

    Where the first gives up, the next who waits begins anew.
    """

    def __init__(self) -> None:
        self._coming: asyncio.Future[T] | None = None

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
