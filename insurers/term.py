"""The time for which a contract covers a car (保険期間)."""

from datetime import date, datetime, timedelta

from msgspec import Struct

from insurers.hours import TOKYO

# Where one contract follows another, the two may meet a little early; more than this is two contracts on one car.
TOLERATED_OVERLAP = timedelta(days=30)


class Term(Struct, frozen=True, kw_only=True):
    """From one moment to another, in Tokyo's calendar."""

    starts_at: datetime
    ends_at: datetime

    def doubles(self, other: "Term") -> bool:
        """Whether both cover the same time, by more than what is tolerated where one follows the other."""
        shared = min(self.ends_at, other.ends_at) - max(self.starts_at, other.starts_at)
        return shared > TOLERATED_OVERLAP


def next_start(maturity: datetime, now: datetime) -> datetime:
    """Answer when cover can go on: when the term ends, or the day after *now* at that hour where it has ended."""
    ends_at = maturity.astimezone(TOKYO)
    if now < ends_at:
        return ends_at
    tomorrow = now.astimezone(TOKYO).date() + timedelta(days=1)
    return datetime.combine(tomorrow, ends_at.timetz())


def following(maturity: datetime) -> Term:
    """Answer the term that a renewal begins: a year from the end of the one before."""
    starts_at = maturity.astimezone(TOKYO)
    day = starts_at.date()
    try:
        last = day.replace(year=day.year + 1)
    except ValueError:
        last = date(day.year + 1, 2, 28)
    return Term(starts_at=starts_at, ends_at=datetime.combine(last, starts_at.timetz()))
