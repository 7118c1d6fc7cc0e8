"""How the places of those who send are shared out among webhooks, so that none of these takes another's."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from msgspec import Struct

# Messages to one webhook that are under way at once, over all processes. One that never answers holds no more
# places than these.
SHARE = 4

# One that failed has a single message under way, until it takes one.
PROBE = 1


class Line(Struct, frozen=True, kw_only=True):
    """
    What is owed to one webhook.

    `failed_at` is when a message to it last failed, None where the last one was taken. `free_at` is when the first
    is due that nobody is sending; `leases` are the ends of those under which somebody is, or died.
    """

    webhook: str
    failed_at: datetime | None
    free_at: datetime | None
    leases: Sequence[datetime] = ()

    def room(self, now: datetime) -> int:
        """Answer how many more of its messages may be sent at once."""
        return (SHARE if self.failed_at is None else PROBE) - self.under_way(now)

    def under_way(self, now: datetime) -> int:
        return sum(until > now for until in self.leases)

    def opens_at(self, now: datetime) -> datetime | None:
        """Answer when one more may be taken on, as far as is known; None where nothing is owed."""
        if self.room(now) <= 0:
            return min(until for until in self.leases if until > now)
        free = () if self.free_at is None else (self.free_at,)
        return min((*free, *self.leases), default=None)


def shared_out(lines: Iterable[Line], now: datetime, *, places: int, probes: int) -> Mapping[str, int]:
    """
    Answer how many messages of which webhook may be taken on now.

    Those that failed have at most *probes* of the *places*, by turns: whichever was not tried for the longest time
    is first. Of the others whichever has the fewest under way is first, then whichever has waited for longest.
    """
    due = [(line, at) for line in lines if (at := line.opens_at(now)) is not None and at <= now]
    failing = sorted((line.failed_at, line.webhook) for line, _ in due if line.failed_at is not None)
    probed = [webhook for _, webhook in failing[: min(places, probes)]]
    others = sorted(
        (line.under_way(now) + more, at, line.webhook)
        for line, at in due
        if line.failed_at is None
        for more in range(line.room(now))
    )
    return Counter((*probed, *(webhook for *_, webhook in others[: places - len(probed)])))
