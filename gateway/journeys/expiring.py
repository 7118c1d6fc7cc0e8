"""The chore that acts upon consents whose time is over. They hold no longer from that moment, whoever looks."""

from datetime import datetime

from gateway.store import Store
from insurers.panel import Clock


class Expiring:
    name = "expired_consents"

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def due(self) -> datetime | None:
        async with self._store.reading() as work:
            return await work.mandates.next_end()

    async def turn(self) -> int:
        async with self._store.work() as work:
            return 0 if await work.mandates.expire(self._clock()) is None else 1
