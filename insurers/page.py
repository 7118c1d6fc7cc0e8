"""Pages of a list that is too long to be told at once."""

from collections.abc import Callable, Sequence
from typing import overload


class PageCursors(Sequence[str]):
    """
    Where a page can go on, behind each of its things. A cursor is sealed when it is asked for, and once.

    Few who ask for a page want more of them than the last.
    """

    def __init__(self, size: int, seal: Callable[[int], str]) -> None:
        self._places = range(size)
        self._seal = seal
        self._sealed: dict[int, str] = {}

    def __len__(self) -> int:
        return len(self._places)

    @overload
    def __getitem__(self, at: int) -> str: ...

    @overload
    def __getitem__(self, at: slice) -> "PageCursors": ...

    def __getitem__(self, at: "int | slice") -> "str | PageCursors":
        if isinstance(at, slice):
            some = self._places[at]
            return PageCursors(len(some), lambda place: self[some[place]])
        place = self._places[at]
        if place not in self._sealed:
            self._sealed[place] = self._seal(place)
        return self._sealed[place]
