"""
A gateway with a bug planted into it, so that a trial can show that it would be found.

    python -m tests.chaos.planted BUG SECONDS_AHEAD serve --port 8000
"""

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from typing import Any
from unittest import mock

from gateway.journeys.submission import Submission
from gateway.store.journeys import Journeys
from gateway.store.leases import Lease
from insurers.renewal import Renewal, RenewalEvent
from tests.chaos import hour

# The changes are fields of a renewal.
Heard = tuple[RenewalEvent, Mapping[str, Any]]


@contextmanager
def sends_again() -> Iterator[None]:
    """Silence after the button is taken for a failure, and what failed is tried again."""
    pressed_once = Submission._pressed  # noqa: SLF001 (a bug lies inside of what is broken)

    async def pressed(self: Submission, renewal: Renewal, attempts: int) -> Heard:
        event, changes = await pressed_once(self, renewal, attempts)
        return await pressed_once(self, renewal, attempts) if event is RenewalEvent.SILENCE else (event, changes)

    with mock.patch.object(Submission, "_pressed", pressed):
        yield


@contextmanager
def forgets_leases() -> Iterator[None]:
    """A lease ends as it begins, and whoever has lost it writes as if nothing had happened meanwhile."""
    checked = Journeys.save

    def lasting(seconds: float, *, now: datetime) -> Lease:
        return Lease(token="", until=now)

    async def save(
        self: Journeys[Renewal],
        journey: Renewal,
        *,
        was: int,
        due_at: datetime | None,
        lease: Lease | None = None,
        held: Lease | None = None,
    ) -> None:
        standing = await self.get(journey.id)
        await checked(self, journey, was=standing.version if standing else was, due_at=due_at, lease=lease)

    with mock.patch.object(Lease, "lasting", lasting), mock.patch.object(Journeys, "save", save):
        yield


BUGS: Mapping[str, Callable[[], AbstractContextManager[None]]] = {
    "sends-again": sends_again,
    "forgets-leases": forgets_leases,
}


def main() -> None:
    with BUGS[sys.argv.pop(1)]():
        hour.main()


if __name__ == "__main__":
    main()
