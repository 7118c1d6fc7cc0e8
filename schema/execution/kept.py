"""What is remembered as long as there is room."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Kept(Generic[K, V]):
    """Values by their keys, the longest unused forgotten first. Every request looks here, so it has to be quick."""

    def __init__(self, room: int, *, size: Callable[[V], int] = lambda _: 1) -> None:
        self._left = room
        self._size = size
        self._values: OrderedDict[K, V] = OrderedDict()

    def get(self, key: K) -> V | None:
        found = self._values.get(key)
        if found is not None:
            self._values.move_to_end(key)
        return found

    def keep(self, key: K, value: V) -> None:
        """Keep what is no larger than all the room."""
        before = self._values.pop(key, None)
        self._left += self._size(before) if before is not None else 0
        self._values[key] = value
        self._left -= self._size(value)
        while self._left < 0:
            self._left += self._size(self._values.popitem(last=False)[1])
