"""Whose turn it is at an insurer: no more is asked there for comparisons at once than it takes orders at once."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from weakref import WeakValueDictionary

from gateway.journeys.patience import Patience
from insurers.identity import InsurerCode


class Turns:
    """*places* are how many may ask at once, of each insurer. An unknown one has one."""

    def __init__(self, places: Mapping[InsurerCode, int], patience: Patience) -> None:
        self._patience = patience
        self._alone: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._turns: defaultdict[InsurerCode, asyncio.Semaphore] = defaultdict(lambda: asyncio.Semaphore(1))
        self._turns.update({code: asyncio.Semaphore(count) for code, count in places.items()})

    @asynccontextmanager
    async def at(self, insurer: InsurerCode) -> AsyncIterator[None]:
        """Ask the insurer in the block; raises Unavailable where no turn comes within a lease's patience."""
        turn = self._turns[insurer]
        await self._patience.reading(insurer, turn.acquire())
        try:
            yield
        finally:
            turn.release()

    @asynccontextmanager
    async def alone(self, insurer: InsurerCode, flow: str) -> AsyncIterator[None]:
        """Ask as in `at`, and for this flow nothing else beside it."""
        lock = self._alone.setdefault(flow, asyncio.Lock())
        await self._patience.reading(insurer, lock.acquire())
        try:
            async with self.at(insurer):
                yield
        finally:
            lock.release()
