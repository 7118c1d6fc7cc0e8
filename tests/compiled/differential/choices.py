"""Choices made by bytes, which is fast. Where they end, everything is at its simplest."""

from collections.abc import Sequence
from typing import TypeVar

Option = TypeVar("Option")


class Choices:
    def __init__(self, source: bytes) -> None:
        self._bytes = iter(source)

    def upto(self, most: int) -> int:
        """Answer 0 to `most`, which is below 256."""
        return next(self._bytes, 0) % (most + 1)

    def one_of(self, options: Sequence[Option]) -> Option:
        """Answer one of the options; the first is the simplest."""
        return options[self.upto(len(options) - 1)]

    def some_of(self, options: Sequence[Option], least: int = 0) -> list[Option]:
        """Answer some of the options in their order, the first ones if that would be too few."""
        chosen = [option for option in options if self.likely(50)]
        return chosen if len(chosen) >= least else list(options[:least])

    def likely(self, percent: int) -> bool:
        return next(self._bytes, 0) * 100 >= (100 - percent) * 256
