"""Where something happens: a process or a person. What happens in one place happens in order."""

import asyncio
from collections import deque
from contextvars import Context, ContextVar, copy_context
from typing import Any

from sqlalchemy.exc import TimeoutError as PoolTimeout


class Place:
    """
    Between two places, things happen in any order.

    A doomed place is being unwound and reaches nobody; then it is no longer alive. A halted one
    does nothing until it is woken, like a process that is stopped while it waits for its sockets.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self.alive = True
        self.doomed = False
        self.halted = False
        self.ready: deque[asyncio.Handle] = deque()
        self.overdue: list[asyncio.Handle] = []
        # In the order in which they began, for they are ended in that order.
        self.tasks: dict[asyncio.Task[Any], None] = {}

    def context(self) -> Context:
        """Answer a context in which everything belongs to this place."""
        context = copy_context()
        context.run(PLACE.set, self)
        return context

    def forget(self, done: asyncio.Task[Any]) -> None:
        """A task is done. How one ended that was unwound is nobody's concern."""
        self.tasks.pop(done, None)
        if self.doomed and not done.cancelled():
            done.exception()

    def wake(self) -> None:
        """Go on. What came in meanwhile is heard, and then every timer that ran out goes off."""
        self.halted = False
        self.ready.extend(self.overdue)
        self.overdue.clear()


# Whoever stood still, or lost hours, finds that it has waited too long for its turn at the database. What it was
# about fails, and is told so; nothing else that is raised and not expected is forgiven.
FORGIVEN = (PoolTimeout,)

# Whose code is running. Whatever it starts belongs there, too.
PLACE: ContextVar[Place] = ContextVar("place")
