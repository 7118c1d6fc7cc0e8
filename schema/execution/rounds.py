"""One timer for all that may wait long, because nearly nothing does: a timer each costs more than many an answer."""

import asyncio
from collections.abc import Callable
from contextvars import Context
from functools import lru_cache, partial
from typing import Protocol, TypeAlias

# What was there for so long is looked after, at the latest when it was there for twice as long.
ROUND_SECONDS = 0.05

# Calls a function after so many seconds.
Later: TypeAlias = Callable[[float, Callable[[], None]], object]


class Lasting(Protocol):
    def begin(self) -> None:
        """It was not over soon."""


class Rounds:
    """What is under way in one loop. Each round begins what was there at the one before; without any there is none."""

    def __init__(self, later: Later) -> None:
        self._later = later
        self._young: set[Lasting] = set()
        self._old: set[Lasting] = set()
        self._under_way = False

    def add(self, one: Lasting) -> None:
        self._young.add(one)
        if not self._under_way:
            self._next()

    def drop(self, one: Lasting) -> None:
        """Forget what is over, or began."""
        self._young.discard(one)
        self._old.discard(one)

    def __len__(self) -> int:
        return len(self._young) + len(self._old)

    def _next(self) -> None:
        self._under_way = True
        self._later(ROUND_SECONDS, self.go)

    def go(self) -> None:
        """Make a round."""
        begun, self._old, self._young = self._old, self._young, set()
        if self._old:
            self._next()
        else:
            self._under_way = False
        for one in begun:
            one.begin()


# A process nearly always has one loop, and otherwise one after the other.
@lru_cache(maxsize=1)
def rounds(loop: asyncio.AbstractEventLoop) -> Rounds:
    """Answer those of a loop."""
    # Rounds follow each other, and nothing of the request that made the first is to last as long.
    return Rounds(partial(loop.call_later, context=Context()))
