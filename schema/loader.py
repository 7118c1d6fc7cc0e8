"""Whatever is asked for within one turn is loaded at once, and each thing once."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Sequence
from typing import Any, Generic, TypeVar

from strawberry.exceptions import WrongNumberOfResultsReturned

from insurers.errors import InsurerError
from schema.shared import is_given_up

K = TypeVar("K")
V = TypeVar("V")


class BrokenOff(Exception):
    """What was being loaded was given up by somebody else."""


class _Batch(Generic[K]):
    """
    What is loaded at once, for whoever waits.

    `answers` stand in the order of `keys`, an error in the place of what failed; None before they are there, and for
    ever where whoever led gave up.
    """

    __slots__ = ("answers", "is_led", "keys", "over")

    def __init__(self) -> None:
        self.keys: list[K] = []
        self.is_led = False
        self.answers: Sequence[object] | None = None
        self.over: asyncio.Event | None = None

    async def ended(self) -> None:
        self.over = self.over or asyncio.Event()
        await self.over.wait()

    def end(self) -> None:
        if self.over is not None:
            self.over.set()


class Loader(Generic[K, V]):
    """
    Who is the first to wait leads: loads for everybody who asks in the same turn, in a task and a deadline of its own.

    Where the leader gives up, the next who waits leads anew. Whatever *load* needs must not hold the loader. The two
    would be a circle with all that was loaded hanging on it, and stay behind after every request until somebody looks
    for garbage.
    """

    __slots__ = ("_known", "_load", "_open")

    def __init__(self, load: "Callable[[list[K]], Awaitable[Sequence[V | BaseException]]]", *, cache: bool = True):
        self._load = load
        self._known: dict[K, tuple[_Batch[K], int]] | None = {} if cache else None
        self._open: _Batch[K] | None = None

    def load(self, key: K) -> "Coroutine[Any, Any, V]":
        """Ask for one more now, and answer what brings it."""
        return self._brought(key, *self._place(key))

    async def load_many(self, keys: Iterable[K]) -> list[V]:
        placed = [(key, *self._place(key)) for key in keys]
        return [await self._brought(*one) for one in placed]

    def _place(self, key: K) -> tuple[_Batch[K], int]:
        if self._known is not None and (known := self._known.get(key)) is not None:
            return known
        batch = self._open
        if batch is None:
            batch = self._open = _Batch()
        place = batch, len(batch.keys)
        batch.keys.append(key)
        if self._known is not None:
            self._known[key] = place
        return place

    async def _brought(self, key: K, batch: _Batch[K], at: int) -> V:
        while batch.answers is None:
            if not batch.is_led:
                await self._lead(batch)
            else:
                await batch.ended()
            if batch.answers is None:
                batch, at = self._place(key)
        return self._said(batch.answers[at])

    def _said(self, answer: Any) -> V:
        """Answer what *load* said of one thing, or raise it."""
        if isinstance(answer, BaseException):
            raise answer
        said: V = answer
        return said

    async def _lead(self, batch: _Batch[K]) -> None:
        batch.is_led = True
        try:
            # Whatever is begun beside this asks in the first turn, and what that begins at once in the second.
            await asyncio.sleep(0)
            await asyncio.sleep(0)
            self._open = None
            batch.answers = await self._loaded(batch.keys)
        finally:
            if batch.answers is None:
                self._forget(batch)
            batch.end()

    async def _loaded(self, keys: list[K]) -> Sequence[object]:
        try:
            answers = await self._load(keys)
            if len(answers) != len(keys):
                raise WrongNumberOfResultsReturned(expected=len(keys), received=len(answers))
        except asyncio.CancelledError:
            if is_given_up():
                raise
            return [BrokenOff()] * len(keys)
        except Exception as error:  # noqa: BLE001 (whatever it is, it is the answer to each who asked)
            return [error] * len(keys)
        return answers

    def _forget(self, batch: _Batch[K]) -> None:
        """Have whoever still wants any of it ask anew."""
        if self._open is batch:
            self._open = None
        if self._known is not None:
            for key in batch.keys:
                self._known.pop(key, None)


class Lookup(Loader[K, V | InsurerError]):
    """A loader that answers an insurer's trouble; any other exception found among the answers is raised."""

    __slots__ = ()

    def _said(self, answer: Any) -> V | InsurerError:
        return answer if isinstance(answer, InsurerError) else super()._said(answer)
