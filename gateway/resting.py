"""A rest that ends when its time is over, or sooner when there is news."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from gateway.events import WORK
from schema.ports import Updates


class Rest:
    """
    What is heard while nobody rests is not lost: the next rest ends at once.

    News may be lost and clocks may jump, so nobody rests longer than *longest* seconds.
    """

    def __init__(self, updates: Updates, *, longest: float) -> None:
        self._updates = updates
        self._longest = longest
        self._woken = asyncio.Event()

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[None]:
        async with self._updates.subscribe(WORK) as news:
            hearing = asyncio.create_task(self._hear(news))
            try:
                yield
            finally:
                hearing.cancel()
                with suppress(asyncio.CancelledError):
                    await hearing

    def wake(self) -> None:
        self._woken.set()

    def begin_anew(self) -> None:
        """Count as news only what comes from now on. Whoever looks at the world looks after this."""
        self._woken.clear()

    async def take(self, seconds: float) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(min(seconds, self._longest)):
                await self._woken.wait()

    async def _hear(self, news: AsyncIterator[None]) -> None:
        async for _ in news:
            self.wake()
