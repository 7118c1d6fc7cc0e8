"""Whatever is asked for within one turn is loaded at once, and each thing once."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Generic, TypeVar

from strawberry.dataloader import DataLoader

from insurers.errors import InsurerError

K = TypeVar("K")
V = TypeVar("V")


class Loader(DataLoader[K, V]):
    """
    Strawberry's loader, but for a batch for which nobody waits any more before it is sent.

    That one is never sent; whoever asks in the same turn would join it and wait for ever.

    Whatever *load* needs must not hold the loader. The two would be a circle with all that was loaded hanging on it,
    and stay behind after every request until somebody looks for garbage.
    """

    def load(self, key: K) -> Awaitable[V]:
        batch = self.batch
        if batch is not None and not batch.dispatched and all(task.future.cancelled() for task in batch.tasks):
            self.batch = None
        return super().load(key)

    async def load_many(self, keys: Iterable[K]) -> list[V]:
        """As Strawberry's, which has a callback told of each of them."""
        coming = [self.load(key) for key in keys]
        try:
            return [await one for one in coming]
        except BaseException:
            _let_go(coming)
            raise


class Lookup(Generic[K, V]):
    """A loader that answers an insurer's trouble; any other exception found among the answers is raised."""

    def __init__(self, load: Callable[[list[K]], Awaitable[Sequence[V | InsurerError]]]) -> None:
        self._loader: Loader[K, V | InsurerError] = Loader(load)

    async def load(self, key: K) -> V | InsurerError:
        return await _told(self._loader.load(key))

    async def load_many(self, keys: Sequence[K]) -> Sequence[V | InsurerError]:
        coming = [self._loader.load(key) for key in keys]
        try:
            return [await _told(one) for one in coming]
        except BaseException:
            _let_go(coming)
            raise


async def _told(coming: Awaitable[V | InsurerError]) -> V | InsurerError:
    try:
        return await coming
    except InsurerError as error:
        return error


def _let_go(coming: Sequence[Awaitable[object]]) -> None:
    """Look at whatever becomes of these, for nobody else does: an error that nobody looked at ends in the log."""
    _ = asyncio.gather(*coming, return_exceptions=True)
