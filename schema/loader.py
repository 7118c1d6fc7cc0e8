"""Whatever is asked for within one turn is loaded at once, and each thing once."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar, cast

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


class Lookup(Generic[K, V]):
    """A loader that answers an insurer's trouble; any other exception found among the answers is raised."""

    def __init__(self, load: Callable[[list[K]], Awaitable[Sequence[V | InsurerError]]]) -> None:
        self._loader: Loader[K, V | InsurerError] = Loader(load)

    async def load(self, key: K) -> V | InsurerError:
        try:
            return await self._loader.load(key)
        except InsurerError as error:
            return error

    async def load_many(self, keys: Sequence[K]) -> Sequence[V | InsurerError]:
        found = await asyncio.gather(*map(self._loader.load, keys), return_exceptions=True)
        for one in found:
            if isinstance(one, BaseException) and not isinstance(one, InsurerError):
                raise one
        # What is left of exceptions are an insurer's.
        return cast(list[V | InsurerError], found)
