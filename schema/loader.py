"""Whatever is asked for within one turn is loaded at once, and each thing once."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Generic, TypeVar, cast

from strawberry.dataloader import DataLoader

from insurers.errors import InsurerError
from schema.shared import is_given_up

K = TypeVar("K")
V = TypeVar("V")


class BrokenOff(Exception):
    """What was being loaded was given up by somebody else."""


class Loader(DataLoader[K, V]):
    """
    Strawberry's loader, which answers everybody who still waits, whoever gives up.

    Whatever *load* needs must not hold the loader. The two would be a circle with all that was loaded hanging on it,
    and stay behind after every request until somebody looks for garbage.
    """

    def __init__(self, load: Callable[[list[K]], Awaitable[Sequence[V | BaseException]]], *, cache: bool = True):
        async def loaded(keys: list[K]) -> Sequence[V | BaseException]:
            try:
                return await load(keys)
            except asyncio.CancelledError:
                if is_given_up():
                    raise
                # Strawberry's would leave whoever waits without a word.
                raise BrokenOff from None

        super().__init__(loaded, cache=cache)

    def load(self, key: K) -> "asyncio.Future[V]":
        known = self.cache_map.get(key) if self.cache else None
        if known is not None and not known.done():
            return asyncio.ensure_future(self._also(key, known))
        batch = self.batch
        if batch is not None and not batch.dispatched and all(task.future.cancelled() for task in batch.tasks):
            # Nobody waits for this one any more, so it is never sent.
            self.batch = None
        # Strawberry's word for it is wider.
        return cast(asyncio.Future[V], super().load(key))

    async def load_many(self, keys: Iterable[K]) -> list[V]:
        return await _all([self.load(key) for key in keys])

    async def _also(self, key: K, coming: "asyncio.Future[V]") -> V:
        """Wait for what somebody else asked for first, and ask again where that one gives up."""
        try:
            return await asyncio.shield(coming)
        except asyncio.CancelledError:
            if not coming.cancelled() or is_given_up():
                raise
            return await self.load(key)


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
        return await _all([self._loader.load(key) for key in keys], (InsurerError,))


async def _all(coming: "Sequence[asyncio.Future[V]]", answers: tuple[type[Exception], ...] = ()) -> list[V]:
    """Await all of these; errors of the kinds that are *answers* are that, and any other is raised."""
    found: list[V] = []
    try:
        for one in coming:
            try:
                found.append(await one)
            except answers as answer:
                # Whose answers these are says so of their type.
                found.append(cast(V, answer))
    except asyncio.CancelledError:
        for one in coming:
            one.cancel()
        raise
    except BaseException:
        # Whatever else goes wrong is looked at, for it would end in the log as an error that was lost.
        _ = asyncio.gather(*coming, return_exceptions=True)
        raise
    return found
