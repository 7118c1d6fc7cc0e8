"""Whatever is asked for within one turn or the next is loaded at once, and each thing once."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Sequence
from contextvars import ContextVar, Token
from types import TracebackType
from typing import Any, Generic, NamedTuple, TypeAlias, TypeVar

from strawberry.exceptions import WrongNumberOfResultsReturned

from insurers.errors import InsurerError
from schema.shared import is_given_up

K = TypeVar("K")
V = TypeVar("V")


class BrokenOff(Exception):
    """What was being loaded was given up by somebody else."""


class Alone:
    """
    A block of a task that begins nothing beside itself but in other tasks, for which it waits before it goes on.

    Where the task itself asks for something in it, nobody else is there who could ask: it waits for no one to join.
    """

    __slots__ = ("_before",)

    _before: "Token[asyncio.Task[Any] | None]"

    def __enter__(self) -> None:
        self._before = _ALONE.set(asyncio.current_task())

    def __exit__(self, *_: object) -> None:
        # Left there, the task would hold itself.
        _ALONE.reset(self._before)


# Tasks that are begun in such a block see whose it is.
_ALONE: ContextVar["asyncio.Task[Any] | None"] = ContextVar("alone", default=None)


def _is_alone() -> bool:
    task = _ALONE.get()
    # To find the loop anew costs more than all else here.
    return task is not None and asyncio.current_task(task.get_loop()) is task


class _Failed(NamedTuple):
    """An error in the place of an answer, and where it was raised: each who is told of it goes on from there."""

    error: BaseException
    trace: TracebackType | None


class _Batch(Generic[K]):
    """
    What is loaded at once, for whoever waits.

    `answers` stand in the order of `keys`; None before they are there, and for ever where whoever led gave up.
    """

    __slots__ = ("_waiting", "answers", "is_led", "is_over", "keys")

    def __init__(self) -> None:
        self.keys: list[K] = []
        self.is_led = self.is_over = False
        self.answers: Sequence[Any] | None = None
        self._waiting: asyncio.Event | None = None

    async def ended(self) -> None:
        if not self.is_over:
            self._waiting = self._waiting or asyncio.Event()
            await self._waiting.wait()

    def end(self) -> None:
        self.is_over = True
        if self._waiting is not None:
            self._waiting.set()


# Where a key stands: in which batch, and at which place of it.
_Place: TypeAlias = tuple[_Batch[K], int]


class Loader(Generic[K, V]):
    """
    Who is the first to wait leads: loads for everybody who asks meanwhile, in its own task and within its own deadline.

    Where the leader gives up, the next who waits leads anew. Whatever *load* needs must not hold the loader. The two
    would be a circle with all that was loaded hanging on it, and stay behind after every request until somebody looks
    for garbage.
    """

    __slots__ = ("_known", "_load", "_open")

    def __init__(self, load: "Callable[[list[K]], Awaitable[Sequence[V | BaseException]]]", *, cache: bool = True):
        self._load = load
        self._known: dict[K, _Place[K]] | None = {} if cache else None
        # The one that whoever asks next joins; no other is without a leader.
        self._open: _Batch[K] | None = None

    def load(self, key: K) -> "Coroutine[Any, Any, V]":
        """Ask for one more now, and answer what brings it."""
        return self._brought(key, self._place(key))

    async def load_many(self, keys: Iterable[K]) -> list[V]:
        asked = [*keys]
        places = [self._place(key) for key in asked]
        while left := [at for at, (batch, _) in enumerate(places) if batch.answers is None]:
            # What nobody leads is begun before anything else is waited for.
            for batch in sorted({places[at][0] for at in left}, key=_is_led):
                await self._ended(batch)
            for at in left:
                if places[at][0].answers is None:
                    places[at] = self._place(asked[at])
        return [self._said(place) for place in places]

    async def _brought(self, key: K, place: _Place[K]) -> V:
        while place[0].answers is None:
            await self._ended(place[0])
            if place[0].answers is None:
                place = self._place(key)
        return self._said(place)

    def _place(self, key: K) -> _Place[K]:
        if self._known is not None and (known := self._known.get(key)) is not None:
            return known
        if self._open is None:
            self._open = _Batch()
        place = self._open, len(self._open.keys)
        self._open.keys.append(key)
        if self._known is not None:
            self._known[key] = place
        return place

    def _said(self, place: _Place[K]) -> V:
        """Answer what *load* said of one thing, or raise it."""
        batch, at = place
        assert batch.answers is not None  # noqa: S101 (it was waited for)
        answer: Any = batch.answers[at]
        if type(answer) is _Failed:
            return self._failed(answer)
        said: V = answer
        return said

    def _failed(self, failed: _Failed) -> V:
        raise failed.error.with_traceback(failed.trace)

    def _ended(self, batch: _Batch[K]) -> Awaitable[None]:
        return batch.ended() if batch.is_led else self._lead(batch)

    async def _lead(self, batch: _Batch[K]) -> None:
        batch.is_led = True
        try:
            if not _is_alone():
                # Whatever is begun beside this asks in the first turn, and what that begins at once in the second.
                await asyncio.sleep(0)
                await asyncio.sleep(0)
            self._open = None
            batch.answers = await self._loaded([*batch.keys])
        finally:
            if batch.answers is None:
                self._forget(batch)
            batch.end()

    async def _loaded(self, keys: list[K]) -> Sequence[Any]:
        many = len(keys)
        try:
            answers = await self._load(keys)
            if len(answers) != many:
                raise WrongNumberOfResultsReturned(expected=many, received=len(answers))
        except asyncio.CancelledError:
            if is_given_up():
                raise
            return [_Failed(BrokenOff(), None)] * many
        except Exception as error:  # noqa: BLE001 (whatever it is, it is the answer to each who asked)
            return [_Failed(error, error.__traceback__)] * many
        return [_Failed(one, one.__traceback__) if isinstance(one, BaseException) else one for one in answers]

    def _forget(self, batch: _Batch[K]) -> None:
        """Have whoever still wants any of it ask anew."""
        if self._open is batch:
            self._open = None
        if self._known is not None:
            for key in batch.keys:
                self._known.pop(key, None)


def _is_led(batch: _Batch[Any]) -> bool:
    return batch.is_led


class Lookup(Loader[K, V | InsurerError]):
    """A loader that answers an insurer's trouble; any other exception found among the answers is raised."""

    __slots__ = ()

    def _failed(self, failed: _Failed) -> V | InsurerError:
        return failed.error if isinstance(failed.error, InsurerError) else super()._failed(failed)
