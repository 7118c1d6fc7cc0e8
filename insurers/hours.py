"""Opening hours that may run past midnight, their gaps, and what two services that must both be open allow."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from functools import reduce
from zoneinfo import ZoneInfo

from msgspec import Struct

TOKYO = ZoneInfo("Asia/Tokyo")

DAY_MINUTES = 24 * 60

# An insurer that says nothing for longer than this is said to have no known opening.
HORIZON_DAYS = 14


class Openness(StrEnum):
    """Whether a service answers at a moment. UNKNOWN is never treated as open."""

    OPEN = "open"
    CLOSED = "closed"
    UNKNOWN = "unknown"


class Interval(Struct, frozen=True, order=True):
    """A stretch of time; the first instant is inside, the last is not."""

    starts: datetime
    ends: datetime

    def covers(self, moment: datetime) -> bool:
        return self.starts <= moment < self.ends


class DailyHours(Struct, frozen=True, kw_only=True):
    """
    The same hours every day, in Tokyo, as minutes of the business day.

    A business day may run past midnight: 「7:00～26:30」 opens at 420 and closes at 1590,
    half past two the next morning (MS-HRS-01).
    """

    opens: int = 0
    closes: int = DAY_MINUTES

    def __post_init__(self) -> None:
        if not 0 <= self.opens < self.closes <= 2 * DAY_MINUTES:
            raise ValueError(f"no such business day: from minute {self.opens} to {self.closes}")

    @property
    def label(self) -> str:
        """As the leaflets print it: `7:00～26:30`."""
        return f"{self.opens // 60}:{self.opens % 60:02}～{self.closes // 60}:{self.closes % 60:02}"

    def on(self, day: date) -> Interval:
        midnight = _midnight(day)
        return Interval(midnight + timedelta(minutes=self.opens), midnight + timedelta(minutes=self.closes))


class WeeklyGap(Struct, frozen=True, kw_only=True):
    """A weekly pause, as minutes of a calendar day in Tokyo. Monday is 0 (MS-HRS-03)."""

    weekday: int
    starts: int
    ends: int

    def on(self, day: date) -> Interval | None:
        if day.weekday() != self.weekday:
            return None
        midnight = _midnight(day)
        return Interval(midnight + timedelta(minutes=self.starts), midnight + timedelta(minutes=self.ends))


class YearlyPeriod(Struct, frozen=True, kw_only=True):
    """Days of every year on which no source tells the hours, as (month, day), both inside."""

    first: tuple[int, int]
    last: tuple[int, int]

    def has(self, day: date) -> bool:
        today = (day.month, day.day)
        if self.first <= self.last:
            return self.first <= today <= self.last
        return today >= self.first or today <= self.last


class Service(Struct, frozen=True, kw_only=True):
    """One service of an insurer with hours of its own, and the source that tells them."""

    name: str
    daily: DailyHours = DailyHours()
    gaps: tuple[WeeklyGap, ...] = ()
    unstated: tuple[YearlyPeriod, ...] = ()
    source: str

    def openings(self, days: Sequence[date]) -> list[Interval]:
        """When a source says that it is open, on these days and into the night after them."""
        stretches = _joined([self.daily.on(day) for day in days])
        gaps = [gap for day in days for rule in self.gaps if (gap := rule.on(day))]
        for gap in gaps + self.silences(days):
            stretches = _without(stretches, gap)
        return stretches

    def silences(self, days: Sequence[date]) -> list[Interval]:
        """When no source says anything. An unstated day is unstated to the end of its business day."""
        return [
            Interval(_midnight(day), max(_midnight(day + timedelta(days=1)), self.daily.on(day).ends))
            for day in days
            if any(period.has(day) for period in self.unstated)
        ]


class Hours(Struct, frozen=True, kw_only=True):
    """When something can be done that needs all of these services at once (D1)."""

    services: tuple[Service, ...]

    def openness(self, moment: datetime) -> Openness:
        days = _days(moment)
        if any(silence.covers(moment) for service in self.services for silence in service.silences(days)):
            return Openness.UNKNOWN
        return Openness.OPEN if self._around(moment) else Openness.CLOSED

    def opens_at(self, moment: datetime) -> datetime | None:
        """Answer *moment* itself when open, else the next opening, or None where no source tells one."""
        if self._around(moment):
            return moment
        return next((stretch.starts for stretch in self._openings(moment) if stretch.starts > moment), None)

    def closes_at(self, moment: datetime) -> datetime | None:
        """Answer until when it is known to be open; None when it is not open, or beyond the horizon."""
        now = self._around(moment)
        return now.ends if now and now.ends < _midnight(_days(moment)[-1]) else None

    def _around(self, moment: datetime) -> Interval | None:
        return next((stretch for stretch in self._openings(moment) if stretch.covers(moment)), None)

    def _openings(self, moment: datetime) -> list[Interval]:
        days = _days(moment)
        return reduce(_both, (service.openings(days) for service in self.services))


def _days(moment: datetime) -> list[date]:
    """The days whose hours can matter at *moment*: from those whose night may reach it to the horizon."""
    if moment.tzinfo is None:
        raise ValueError("a moment without a zone is no moment in Tokyo")
    today = moment.astimezone(TOKYO).date()
    return [today + timedelta(days=n) for n in range(-2, HORIZON_DAYS + 1)]


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), TOKYO)


def _joined(stretches: list[Interval]) -> list[Interval]:
    joined: list[Interval] = []
    for stretch in sorted(stretches):
        if joined and stretch.starts <= joined[-1].ends:
            joined[-1] = Interval(joined[-1].starts, max(joined[-1].ends, stretch.ends))
        else:
            joined.append(stretch)
    return joined


def _without(stretches: list[Interval], gap: Interval) -> list[Interval]:
    left = [
        part
        for stretch in stretches
        for part in (
            Interval(stretch.starts, min(stretch.ends, gap.starts)),
            Interval(max(stretch.starts, gap.ends), stretch.ends),
        )
    ]
    return [part for part in left if part.starts < part.ends]


def _both(ours: list[Interval], theirs: list[Interval]) -> list[Interval]:
    common = [Interval(max(one.starts, other.starts), min(one.ends, other.ends)) for one in ours for other in theirs]
    return sorted(part for part in common if part.starts < part.ends)
