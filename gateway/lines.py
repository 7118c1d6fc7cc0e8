"""
The lines that there are by far the most: one for each request, and one for each call to an insurer.

As JSON they go out without passing all that other lines need, and many at once. Nothing in them may be private.
"""

import asyncio
import atexit
import sys
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import suppress
from contextvars import Context
from datetime import datetime
from threading import Lock
from typing import Any, TypeAlias

import msgspec
from msgspec import UNSET, Struct, UnsetType

# How long what happened waits for more of it, and for how much.
LONGEST_WAIT_SECONDS = 0.1
MOST_WAITING = 200


class Line(Struct, frozen=True, kw_only=True, gc=False, tag_field="event"):
    level: str
    timestamp: datetime
    request_id: str | UnsetType = UNSET

    @property
    def shown(self) -> dict[str, Any]:
        """What it says, without what is said with every line."""
        return {name: said for name, said in msgspec.to_builtins(self).items() if name not in _WITH_EVERY_LINE}


_WITH_EVERY_LINE = Line.__struct_fields__


class CallLine(Line, frozen=True, kw_only=True, gc=False, tag="insurer called"):
    insurer: str
    operation: str
    outcome: str
    status: int | None
    seconds: float


class RequestLine(Line, frozen=True, kw_only=True, gc=False, tag="request answered"):
    method: str
    path: str
    status: int
    seconds: float


# Counts what happened, and answers the line of it.
Told: TypeAlias = Callable[[], Line]


class Waiting:
    """
    What is yet to be counted and told: each by itself, behind all else that a request is, costs as much as ten at once.

    It waits for so many *seconds* at most, where a loop runs and is not held up; what other threads say meanwhile waits
    for the same loop. Whoever reads counters or writes another line has it told before (`tell`), so that what one
    thread does stands in its order. A process that ends without a farewell takes that much with it.
    """

    def __init__(self, seconds: float = LONGEST_WAIT_SECONDS) -> None:
        self._seconds = seconds
        self._waiting: deque[Told] = deque()
        # The loop that will tell of it, as long as it runs.
        self._awaited: asyncio.AbstractEventLoop | None = None
        self._telling = Lock()

    def add(self, told: Told) -> None:
        self._waiting.append(told)
        if len(self._waiting) >= MOST_WAITING or not self._is_awaited():
            self.tell()

    def _is_awaited(self) -> bool:
        """See that a loop will tell of what waits; answer whether there is any."""
        # To find one's own loop asks the system for the process, each time, until Python 3.12. A forked process would
        # take its parent's loop for one that runs; nothing here forks.
        awaited = self._awaited
        if awaited is not None and awaited.is_running():
            return True
        loop = _loop()
        if loop is not None and loop is not awaited:
            self._awaited = loop
            # Nothing of the request that happens to be first is kept for it.
            loop.call_later(self._seconds, self._tell_in_time, context=Context())
        return loop is not None

    def _tell_in_time(self) -> None:
        # Where something was told sooner, what came behind it waits for this. With one timer more for each such time
        # there would soon be one for each line.
        self._awaited = None
        self.tell()

    def tell(self) -> None:
        """Count and tell of what waits; from any thread, since a line may be written in any."""
        # A finalizer may have something to say in the midst of it, and would wait for a counter that waits for it.
        # What is said meanwhile, in whatever thread, is told behind it.
        while self._waiting and self._telling.acquire(blocking=False):
            try:
                lines = [told() for told in self._taken()]
                write(_ENCODER.encode_lines(lines).decode())
            finally:
                self._telling.release()

    def _taken(self) -> Iterator[Told]:
        with suppress(IndexError):
            while True:
                yield self._waiting.popleft()


def _loop() -> asyncio.AbstractEventLoop | None:
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        return None


_ENCODER = msgspec.json.Encoder()

# Of the whole process, as its log is.
WAITING = Waiting()
atexit.register(WAITING.tell)


def write(said: str) -> None:
    """Write whole lines to stderr."""
    # Nobody's request fails, and no insurer's answer is lost, because a disk is full or whoever read the log has gone.
    with suppress(OSError, ValueError):
        sys.stderr.write(said)
