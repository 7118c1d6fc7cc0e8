"""The agencies that read their contracts here, and how often they may (WIRE.md §14)."""

import hmac
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from insurers.sompo.sandbox.generated import Generated
from insurers.sompo.sandbox.replies import Refusal


@dataclass(frozen=True, kw_only=True)
class Known:
    """An agency that may sign in; `series` begins the numbers of its generated contracts."""

    code: str
    key: str = field(repr=False)
    series: int
    share: int


# Invented, and in no source. `share` is how many generated contracts each has at first.
KNOWN = (
    Known(code="S1001", key="sandbox-S1001", series=1, share=24),
    Known(code="H2002", key="sandbox-H2002", series=2, share=12),
)
FIRST, OTHER = (known.code for known in KNOWN)
# Of the contracts that are ordered for both, the first has one in so many.
FIRST_HAS_ONE_IN = 10

PAGES_A_MINUTE, PAGES_AT_ONCE = 60, 10


class TooMany(Exception):
    """The limit is reached; the next page may be asked for in so many whole seconds."""

    def __init__(self, seconds: int) -> None:
        super().__init__(seconds)
        self.seconds = seconds


@dataclass(kw_only=True)
class Limit:
    """How many pages may be asked for: so many at once after a rest, and so many a minute."""

    now: Callable[[], datetime]
    a_minute: float = PAGES_A_MINUTE
    at_once: float = PAGES_AT_ONCE
    _left: dict[str, tuple[float, datetime]] = field(default_factory=dict)

    def take(self, agency: str) -> None:
        """
        Raises:
            TooMany: there is nothing left to take.
        """
        now = self.now()
        left, since = self._left.get(agency, (self.at_once, now))
        # A clock that was put back gives nothing, and takes nothing away.
        gone = max(now - since, timedelta()) / timedelta(minutes=1)
        left = min(self.at_once, left + gone * self.a_minute)
        if left < 1:
            self._left[agency] = left, now
            raise TooMany(math.ceil((1 - left) * 60 / self.a_minute))
        self._left[agency] = left - 1, now

    def set(self, *, a_minute: float, at_once: float) -> None:
        self.a_minute, self.at_once = a_minute, at_once
        self._left.clear()


class Agencies:
    """What each agency has beside the contracts of the personas."""

    def __init__(self, now: Callable[[], datetime], seed: int) -> None:
        self.limit = Limit(now=now)
        self.generated: Mapping[str, Generated] = {
            known.code: Generated(
                agency=known.code, series=known.series, seed=seed, count=known.share, today=now().date()
            )
            for known in KNOWN
        }

    def fill(self, count: int) -> None:
        """Let both have *count* generated contracts together."""
        first = count // FIRST_HAS_ONE_IN
        self.generated[FIRST].refill(first)
        self.generated[OTHER].refill(count - first)

    def require_known(self, code: str, key: str) -> None:
        """
        Raises:
            Refusal: 85, never saying which of the two is wrong.
        """
        keys = {known.code: known.key for known in KNOWN}
        if not hmac.compare_digest(keys.get(code, "").encode(), key.encode()) or code not in keys:
            raise Refusal("85")
