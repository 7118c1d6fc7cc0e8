"""Which methods only read attributes, and which ask their `info` for nothing but the context."""

from collections.abc import Callable
from functools import partial, wraps
from typing import Any

import pytest

from schema.execution.compiled.accessors import asks_only, read_by


def wrapped(function: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(function)
    def around(*arguments: Any, **named: Any) -> Any:
        return function(*arguments, **named)

    return around


class Proxy:
    """Looks like the function that it stands for, as some decorators do."""

    def __init__(self, function: Callable[..., Any]) -> None:
        self.__wrapped__ = function
        self.__code__ = function.__code__

    def __call__(self, *arguments: Any, **named: Any) -> Any:
        return self.__wrapped__(*arguments, **named)


class Entry:
    word: Any
    other: Any
    __own: Any

    def vehicle(self) -> Any:
        """Even with a word about it."""
        return self.word.record.vehicle

    def own(self) -> Any:
        return self.__own

    def itself(self) -> Any:
        return self

    def nothing(self) -> Any:
        return None

    def called(self) -> Any:
        return self.word()

    def chosen(self) -> Any:
        return self.word or self.other

    def asked_for_more(self, more: Any = None) -> Any:
        return self.word

    def asked_by_name(self, *, more: Any) -> Any:
        return self.word

    async def awaited(self) -> Any:
        return self.word

    def generated(self) -> Any:
        yield self.word

    def kept(self) -> Any:
        return lambda: self.word

    def written(self) -> Any:
        self.word = 1
        return self.word

    def elsewhere(self) -> Any:
        return pytest.mark

    @wrapped
    def around(self) -> Any:
        return self.word


@pytest.mark.parametrize(
    ("method", "names"), [(Entry.vehicle, ["word", "record", "vehicle"]), (Entry.own, ["_Entry__own"])]
)
def test_a_method_that_only_reads_is_known_by_what_it_reads(method: Callable[..., Any], names: list[str]) -> None:
    assert names == list(read_by(method))


@pytest.mark.parametrize(
    "method",
    [
        Entry.itself,
        Entry.nothing,
        Entry.called,
        Entry.chosen,
        Entry.asked_for_more,
        Entry.asked_by_name,
        Entry.awaited,
        Entry.generated,
        Entry.kept,
        Entry.written,
        Entry.elsewhere,
        Entry.around,
        Entry().vehicle,
        partial(Entry.vehicle),
        str,
        len,
    ],
)
def test_a_method_that_does_more_is_called(method: Callable[..., Any]) -> None:
    assert [] == list(read_by(method))


class Asking:
    def context(self, info: Any) -> Any:
        return info.context.say(self), info.context.ids

    async def awaited(self, info: Any) -> Any:
        return await info.context.loaders

    def nothing(self, info: Any) -> Any:
        return self

    def path(self, info: Any) -> Any:
        return info.context, info.path

    def handed_on(self, info: Any) -> Any:
        return info.context.asked(self, info)

    def kept(self, info: Any) -> Any:
        return lambda: info.context

    def named_otherwise(self, info: Any) -> Any:
        told = info
        return told.context

    def put_in_its_place(self, info: Any) -> Any:
        info = self
        return info.context

    def looked_around(self, info: Any) -> Any:
        return info.context, locals()


@pytest.mark.parametrize("method", [Asking.context, Asking.awaited, Asking.nothing])
def test_who_asks_for_the_context_only_is_known(method: Callable[..., Any]) -> None:
    assert asks_only(method, "info", "context")


@pytest.mark.parametrize(
    "method",
    [
        Asking.path,
        Asking.handed_on,
        Asking.kept,
        Asking.named_otherwise,
        Asking.put_in_its_place,
        Asking.looked_around,
        partial(Asking.context, Asking()),
        wrapped(Asking.context),
        Proxy(Asking.context),
    ],
)
def test_who_asks_for_more_or_cannot_be_looked_into_is_told_everything(method: Callable[..., Any]) -> None:
    assert not asks_only(method, "info", "context")
