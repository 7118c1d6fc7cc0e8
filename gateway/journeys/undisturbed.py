"""What we read and write ourselves comes to its end, also where nobody waits for it any more."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


class Undisturbed:
    """
    Whoever is broken off lets go of an insurer at once, and of the database only when that is done.

    A task that is cancelled while it gets a connection may lose that for everybody: SQLite has one to write with.
    """

    def __init__(self) -> None:
        self._under_way: set[asyncio.Task[Any]] = set()

    async def __call__(self, deed: Coroutine[Any, Any, T]) -> T:
        task = asyncio.create_task(deed)
        self._under_way.add(task)
        task.add_done_callback(self._ended)
        return await asyncio.shield(task)

    async def drain(self) -> None:
        while self._under_way:
            await asyncio.wait(self._under_way)

    def _ended(self, task: asyncio.Task[Any]) -> None:
        self._under_way.discard(task)
        if not task.cancelled():
            # Where nobody waits any more, nobody is told, and that is no defect.
            task.exception()
