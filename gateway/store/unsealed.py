"""
What boxes held, for as long as they are the same boxes.

A renewal is sixty kilobytes, and a wizard reads it at every step: to open and to read it takes longer than all else of
an answer. The row is still asked for each time, so whoever was refused is refused; only when its box is the same to
the byte is what it held told again. Such values are frozen.
"""

import time
from collections.abc import Callable, Hashable
from typing import Any, NamedTuple

# What a box takes once it is open, beside itself: measured (`tests/store/test_unsealed.py`), and rounded up.
BYTES_FOR_EACH = 4
# What is kept of it whatever it holds.
LEAST_BYTES = 2_000

# Nothing that nobody asks for stays open for longer than twice this.
IDLE_SECONDS = 120.0


class _Open(NamedTuple):
    box: bytes
    value: Any


class Unsealed:
    """
    Of *most_bytes*, as reckoned; of none where that is 0. *timer* tells seconds that never go back.

    It is two shelves. What is asked for comes to the front one; as soon as that is half of what may be kept, or has
    stood long enough, it becomes the back one, and what nobody asked for since goes with the back one that was.
    """

    def __init__(self, most_bytes: int, *, timer: Callable[[], float] = time.monotonic) -> None:
        self._most = most_bytes // 2
        self._timer = timer
        self._front: dict[Hashable, _Open] = {}
        self._back: dict[Hashable, _Open] = {}
        self._size = 0
        self._since = timer()

    def get(self, about: Hashable, box: bytes) -> Any:
        """Answer what is kept of this box, which is about this very thing; None where nothing is."""
        if self._timer() - self._since > IDLE_SECONDS:
            self._turn()
        found = self._front.get(about)
        if found is None and (found := self._back.get(about)) is not None:
            self._put(about, found)
        return found.value if found is not None and found.box == box else None

    def keep(self, about: Hashable, box: bytes, value: object) -> None:
        self._put(about, _Open(box, value))

    def __len__(self) -> int:
        return len(self._front.keys() | self._back.keys())

    def _put(self, about: Hashable, opened: _Open) -> None:
        size = _size(opened.box)
        if size > self._most:
            return
        before = self._front.get(about)
        if before is not None:
            self._size -= _size(before.box)
        elif self._size + size > self._most:
            self._turn()
        self._front[about] = opened
        self._size += size

    def _turn(self) -> None:
        self._front, self._back = {}, self._front
        self._size = 0
        self._since = self._timer()


def _size(box: bytes) -> int:
    return LEAST_BYTES + BYTES_FOR_EACH * len(box)
