"""
What boxes held, for as long as they are the same boxes.

A renewal is sixty kilobytes, and a wizard reads it at every step: to open and to read it takes longer than all else of
an answer. The row is still asked for each time, so whoever was refused is refused; only when its box is the same to
the byte is what it held told again. Such values are frozen.
"""

import time
from collections.abc import Callable, Hashable
from typing import Any

from cachetools import LRUCache

# What a box takes with what it held, for each of its bytes: measured (`tests/store/test_unsealed.py`), and rounded up.
BYTES_FOR_EACH = 3
# What is kept of it whatever it holds.
LEAST_BYTES = 2_000

# What nobody asks for stays open no longer, once anything is asked for. It is looked for as often.
IDLE_SECONDS = 120.0


class _Open:
    """A box, what it held, and when it was last asked for."""

    __slots__ = ("box", "used", "value")

    def __init__(self, box: bytes, value: Any, used: float) -> None:
        self.box = box
        self.value = value
        self.used = used


class Unsealed:
    """Of *most_bytes*, as reckoned: what was longest not asked for goes first. *timer* tells seconds that only grow."""

    def __init__(self, most_bytes: int, *, timer: Callable[[], float] = time.monotonic) -> None:
        self._timer = timer
        self._open: LRUCache[Hashable, _Open] = LRUCache(most_bytes, getsizeof=_size)
        self._looked_at = timer()

    def get(self, about: Hashable, box: bytes) -> Any:
        """Answer what is kept of this box, which is about this very thing; None where nothing is."""
        now = self._timer()
        if now - self._looked_at > IDLE_SECONDS:
            self._forget_idle(now)
        found = self._open.get(about)
        if found is None or found.box != box:
            return None
        found.used = now
        return found.value

    def keep(self, about: Hashable, box: bytes, value: object) -> None:
        self._open.pop(about, None)
        opened = _Open(box, value, self._timer())
        if _size(opened) <= self._open.maxsize:
            self._open[about] = opened

    def __len__(self) -> int:
        return len(self._open)

    @property
    def size(self) -> int:
        """How many bytes they take, as reckoned."""
        return int(self._open.currsize)

    def _forget_idle(self, now: float) -> None:
        self._looked_at = now
        while self._open:
            about, opened = self._open.popitem()
            if now - opened.used <= IDLE_SECONDS:
                # So were all that were asked for later.
                self._open[about] = opened
                return


def _size(opened: _Open) -> int:
    return LEAST_BYTES + BYTES_FOR_EACH * len(opened.box)
