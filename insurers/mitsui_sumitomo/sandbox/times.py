"""How this insurer spells a time, and when its two doors are open (WIRE.md §1, §2)."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from insurers.sandbox import TOKYO

MONDAY = 0

# MS-HRS-03, MS-HRS-04.
PORTAL_SHUT_FROM, PORTAL_SHUT_UNTIL = time(2, 0), time(4, 0)

# MS-HRS-01: 07:00–26:30, which is half past two the next morning.
EG1_OPENS, EG1_CLOSES = time(7, 0), time(2, 30)

# Cover begins and ends at four in the afternoon (domain 2.7).
FOUR_PM = time(16, 0)


class Service(StrEnum):
    PORTAL = "PORTAL"
    EG1 = "EG1"


@dataclass(frozen=True, kw_only=True)
class Pause:
    """E-G1 rests, as over the turn of the year; `told` when it says until when."""

    begins: datetime
    ends: datetime
    told: bool

    def covers(self, moment: datetime) -> bool:
        return self.begins <= moment < self.ends


def spell(moment: datetime) -> str:
    return moment.astimezone(TOKYO).strftime("%Y-%m-%d %H:%M")


def spell_exact(moment: datetime) -> str:
    """To the second, as the ends of links, keywords, codes and locks are told (WIRE.md §1)."""
    return moment.astimezone(TOKYO).strftime("%Y-%m-%d %H:%M:%S")


def spell_reopening(moment: datetime) -> str:
    """To the minute, and never before the doors are open: rounded up (WIRE.md §2)."""
    return spell(moment + timedelta(minutes=1) - moment.resolution)


def read_time(text: str) -> datetime:
    """Read a time as `spell` or `spell_exact` writes it."""
    return datetime.fromisoformat(text).replace(tzinfo=TOKYO)


def whole_second(moment: datetime) -> datetime:
    """What is counted from here ends at the very second that is told."""
    return moment.replace(microsecond=0)


def spell_or_none(moment: datetime | None) -> str | None:
    return spell(moment) if moment else None


def business_day(moment: datetime) -> date:
    """The day on which e-G1 opened that is still open at *moment*: before 26:30 it is yesterday."""
    local = moment.astimezone(TOKYO)
    return local.date() - timedelta(days=1 if local.time() < EG1_CLOSES else 0)


def at_four_pm(day: date) -> datetime:
    return datetime.combine(day, FOUR_PM, TOKYO)


def years_later(day: date, years: int) -> date:
    """The same day of another year; the 29th of February becomes the 28th."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def portal_is_open(moment: datetime) -> bool:
    local = moment.astimezone(TOKYO)
    return not (local.weekday() == MONDAY and PORTAL_SHUT_FROM <= local.time() < PORTAL_SHUT_UNTIL)


def eg1_is_open(moment: datetime) -> bool:
    local = moment.astimezone(TOKYO).time()
    return local >= EG1_OPENS or local < EG1_CLOSES


def shut(service: Service, moment: datetime, pause: Pause | None = None) -> Service | None:
    """The service on account of which a call to *service* cannot be answered; an e-G1 session stands on the portal."""
    if not portal_is_open(moment):
        return Service.PORTAL
    resting = pause is not None and pause.covers(moment)
    if service is Service.EG1 and (resting or not eg1_is_open(moment)):
        return Service.EG1
    return None


def reopening(service: Service, moment: datetime, pause: Pause | None) -> datetime | None:
    """The next time at which a call to *service* is answered, or `None` where a pause does not tell."""
    opens = next_opening(service, moment)
    if service is Service.PORTAL or pause is None or not (pause.covers(moment) or pause.covers(opens)):
        return opens
    if not pause.told:
        return None
    return pause.ends if shut(service, pause.ends) is None else next_opening(service, pause.ends)


def next_opening(service: Service, moment: datetime) -> datetime:
    """As the days are; doors open at 04:00 and 07:00 only."""
    today = moment.astimezone(TOKYO).date()
    candidates = (
        datetime.combine(today + timedelta(days=days), opening, TOKYO)
        for days in range(3)
        for opening in (PORTAL_SHUT_UNTIL, EG1_OPENS)
    )
    return next(at for at in candidates if at > moment and shut(service, at) is None)
