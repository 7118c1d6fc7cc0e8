"""How often somebody may be wrong before he has to wait."""

from dataclasses import dataclass
from datetime import datetime, timedelta

FAILURES = 5
REST = timedelta(minutes=30)


@dataclass
class Patience:
    """Five failures in a row, then a rest of half an hour."""

    failures: int = 0
    until: datetime | None = None

    def rests(self, now: datetime) -> datetime | None:
        """Answer the end of the rest, if it lasts."""
        return self.until if self.until and now < self.until else None

    def failed(self, now: datetime) -> None:
        self.failures += 1
        if self.failures == FAILURES:
            self.failures, self.until = 0, now + REST

    def succeeded(self) -> None:
        self.failures, self.until = 0, None
