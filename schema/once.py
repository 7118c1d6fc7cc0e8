"""What is found once, however many ask for it."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class Once(Generic[T]):
    """Whoever asks first finds it, without a task of its own; whoever asks meanwhile waits, and shares what comes."""

    def __init__(self) -> None:
        self._coming: asyncio.Future[T] | None = None

    async def found(self, find: Callable[[], Awaitable[T]]) -> T:
        if self._coming is not None:
            # Whoever gives up waiting does so alone.
            return await asyncio.shield(self._coming)
        coming = self._coming = asyncio.get_running_loop().create_future()
        try:
            value = await find()
        except asyncio.CancelledError:
            coming.cancel()
            raise
        except BaseException as error:
            coming.set_exception(error)
            # Perhaps nobody waits for it; an error that nobody looked at ends in the log.
            coming.exception()
            raise
        coming.set_result(value)
        return value
