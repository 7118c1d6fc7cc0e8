"""Which methods only read attributes, and so are written as these."""

from collections.abc import Callable
from functools import partial, wraps
from typing import Any

import pytest

from schema.execution.compiled.accessors import read_by


def wrapped(function: Callable[[Any], Any]) -> Callable[[Any], Any]:
    @wraps(function)
    def around(self: Any) -> Any:
        return function(self)

    return around


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
