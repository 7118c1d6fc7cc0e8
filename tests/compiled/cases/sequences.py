"""The words of the cases for what can be iterated."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Iterator, Mapping
from typing import Any

from tests.compiled.cases.stage import Call, Word


class Several(Word):
    def __init__(self, items: list[Any]) -> None:
        self.items = items


class Tuple(Several):
    def answer(self, call: Call) -> object:
        return tuple(call.value(self.items))


class Generated(Several):
    """A generator."""

    def answer(self, call: Call) -> object:
        return (call.value(item) for item in self.items)


class Items(Several):
    """An iterator of our own: it goes on after an error, and says when it is asked, and if it were closed."""

    def answer(self, call: Call) -> object:
        return _Items(self.items, call)


class _Items:
    def __init__(self, items: list[Any], call: Call) -> None:
        self._items, self._call = iter(items), call

    def __iter__(self) -> Iterator[object]:
        return self

    def __next__(self) -> object:
        self._call.stage.notes.append("next")
        return self._call.value(next(self._items))

    def close(self) -> None:
        self._call.stage.notes.append("closed")


class Streamed(Several):
    """An asynchronous generator."""

    def answer(self, call: Call) -> object:
        return self._generated(call)

    async def _generated(self, call: Call) -> AsyncGenerator[object, None]:
        try:
            for item in self.items:
                yield call.value(item)
        finally:
            call.stage.notes.append("closed")


class Endless(Several):
    """An asynchronous iterator that cannot be closed; a future among its items is what its reader waits for."""

    def answer(self, call: Call) -> object:
        return _Endless(self.items, call)


class _Endless:
    def __init__(self, items: list[Any], call: Call) -> None:
        self._items, self._call = iter(items), call

    def __aiter__(self) -> AsyncIterator[object]:
        return self

    def __anext__(self) -> Awaitable[object]:
        for item in self._items:
            value = self._call.value(item)
            return value if isinstance(value, asyncio.Future) else self._ready(value)
        raise StopAsyncIteration

    async def _ready(self, value: object) -> object:
        return value


class Stream(Endless):
    """Such an iterator that can be closed, and fails to."""

    def answer(self, call: Call) -> object:
        return _Stream(self.items, call)


class _Stream(_Endless):
    async def aclose(self) -> None:
        self._call.stage.notes.append("closed")
        raise RuntimeError("it does not close")


class Both(Several):
    """Can be iterated in both ways, and says in which it is."""

    def answer(self, call: Call) -> object:
        return _Both()


class _Both:
    def __iter__(self) -> Iterator[object]:
        return iter(["at once"])

    async def __aiter__(self) -> AsyncGenerator[object, None]:
        yield "in turn"


WORDS: Mapping[str, Callable[[Any], object]] = {
    "both": Both,
    "endless": Endless,
    "generated": Generated,
    "items": Items,
    "set": frozenset,
    "stream": Stream,
    "streamed": Streamed,
    "tuple": Tuple,
}
