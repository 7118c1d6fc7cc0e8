"""What is remembered as long as there is room."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Kept(Generic[K, V]):
    """
    Values by their keys, the longest unused forgotten first. Every request looks here, so it has to be quick.

    `size` is what they take of the *room*, as each was weighed when it was kept last.
    """

    def __init__(self, room: int, *, weigh: Callable[[V], int] = lambda _: 1) -> None:
        self.size = 0
        self._room = room
        self._weigh = weigh
        self._values: OrderedDict[K, tuple[V, int]] = OrderedDict()

    def get(self, key: K) -> V | None:
        found = self._values.get(key)
        if found is None:
            return None
        self._values.move_to_end(key)
        return found[0]

    def keep(self, key: K, value: V) -> None:
        """Keep a value, with what it takes by now, unless that is more than all the room."""
        if key in self._values:
            self.size -= self._values.pop(key)[1]
        size = self._weigh(value)
        if size > self._room:
            return
        self._values[key] = value, size
        self.size += size
        while self.size > self._room:
            self.size -= self._values.popitem(last=False)[1][1]

    def __len__(self) -> int:
        return len(self._values)
