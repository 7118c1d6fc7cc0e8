"""The chore that lets entries of the books wait no more for an insurer that has opened their renewals."""

from datetime import datetime

from gateway.store import Store
from insurers.panel import Clock


class ComingOpen:
    """A button looks at the clock itself; filters, counts and whoever watches learn of it by this."""

    name = "opened_renewals"

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def due(self) -> datetime | None:
        async with self._store.reading() as work:
            return await work.book.next_opening()

    async def turn(self) -> int:
        async with self._store.work() as work:
            return await work.book.let_open(self._clock())
