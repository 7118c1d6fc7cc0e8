"""Who was wrong too often (WIRE.md §3.8, §4)."""

from collections import Counter
from datetime import datetime, timedelta

from insurers.sandbox import Clock

from .problems import Refusal
from .times import spell_exact, whole_second

# No leaflet states a lock; WIRE.md invents one.
WRONG_UNTIL_LOCKED = 5
LOCKED_FOR = timedelta(minutes=30)


class Attempts:
    """Wrong ones by name, whether or not anybody bears that name."""

    def __init__(self, clock: Clock, *, code: str) -> None:
        self._clock, self._code = clock, code
        self._wrong: Counter[str] = Counter()
        self._locked_until: dict[str, datetime] = {}

    def refuse_locked(self, name: str) -> None:
        """
        Raises:
            Refusal: with the second at which the lock opens.
        """
        until = self._locked_until.get(name)
        if until and self._clock() < until:
            raise Refusal(self._code, kaijoNichiji=spell_exact(until))

    def left_after_wrong(self, name: str) -> int:
        """Count one more; the last one locks."""
        self._wrong[name] += 1
        if self._wrong[name] < WRONG_UNTIL_LOCKED:
            return WRONG_UNTIL_LOCKED - self._wrong[name]
        self.lock(name)
        return 0

    def lock(self, name: str) -> None:
        del self._wrong[name]
        self._locked_until[name] = whole_second(self._clock()) + LOCKED_FOR

    def forgive(self, name: str) -> None:
        del self._wrong[name]
        self._locked_until.pop(name, None)
