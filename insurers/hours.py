"""Opening hours that may run past midnight, their gaps, and what two services that must both be open allow."""

from datetime import date, datetime, time, timedelta
from enum import StrEnum
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

    def openings(self, first: date, last: date) -> list[Interval]:
        days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
        stretches = _joined([self.daily.on(day) for day in days])
        for gap in [gap for day in days for rule in self.gaps if (gap := rule.on(day))]:
            stretches = _without(stretches, gap)
        return stretches


class Hours(Struct, frozen=True, kw_only=True):
    """When something can be done that needs all of these services at once (D1)."""

    services: tuple[Service, ...]

    def openness(self, moment: datetime) -> Openness:
        if self._unstated(moment):
            return Openness.UNKNOWN
        return Openness.OPEN if self._around(moment) else Openness.CLOSED

    def opens_at(self, moment: datetime) -> datetime | None:
        """Answer *moment* itself when open, else the next opening, or None where no source tells one."""
        if self.openness(moment) is Openness.OPEN:
            return moment
        later = (stretch.starts for stretch in self._openings(moment) if stretch.starts > moment)
        return next((start for start in later if not self._unstated(start)), None)

    def closes_at(self, moment: datetime) -> datetime | None:
        """Answer the end of the present opening; None when closed, or open beyond the horizon."""
        if self.openness(moment) is not Openness.OPEN or (now := self._around(moment)) is None:
            return None
        horizon = _midnight(moment.astimezone(TOKYO).date() + timedelta(days=HORIZON_DAYS))
        return now.ends if now.ends < horizon else None

    def _around(self, moment: datetime) -> Interval | None:
        return next((stretch for stretch in self._openings(moment) if stretch.covers(moment)), None)

    def _unstated(self, moment: datetime) -> bool:
        day = moment.astimezone(TOKYO).date()
        return any(period.has(day) for service in self.services for period in service.unstated)

    def _openings(self, moment: datetime) -> list[Interval]:
        today = moment.astimezone(TOKYO).date()
        first, last = today - timedelta(days=2), today + timedelta(days=HORIZON_DAYS)
        open_for_all = self.services[0].openings(first, last)
        for service in self.services[1:]:
            open_for_all = _both(open_for_all, service.openings(first, last))
        return open_for_all


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
