"""How Sompo writes dates, months and moments (WIRE.md §1, notation of values)."""

import re
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

TOKYO = ZoneInfo("Asia/Tokyo")

# First days of the eras, the latest first, and the year before their year 01.
ERAS = (
    ("R", date(2019, 5, 1), 2018),
    ("H", date(1989, 1, 8), 1988),
    ("S", date(1926, 12, 25), 1925),
    ("T", date(1912, 7, 30), 1911),
    ("M", date(1868, 1, 25), 1867),
)

# Most of what is read is one of these, and looking a pattern up takes longer than matching it.
_ERA_YMD = re.compile(r"[A-Z](\d{2})\.(\d{2})\.(\d{2})", re.ASCII)
_ERA_YM = re.compile(r"[A-Z](\d{2})\.(\d{2})", re.ASCII)
_NUMBER = re.compile(r"-?[0-9]+")
_CODE = re.compile(r"[A-Za-z0-9]+")

# By an era's letter: the year before its year 01, its first day, and the first day of the next one.
_SPANS = {
    letter: (before, first, following)
    for (letter, first, before), following in zip(ERAS, (date.max, *(first for _, first, _ in ERAS)), strict=False)
}


def read_ymd(text: str) -> date:
    """Read `20270105`."""
    return date.fromisoformat(_digits(text, 8))


def read_moment(ymd: str, hhmm: str) -> datetime:
    """Read `20270105` and `1600`, a moment in Tokyo."""
    digits = _digits(hhmm, 4)
    return datetime.combine(read_ymd(ymd), time(int(digits[:2]), int(digits[2:])), TOKYO)


def read_ts(text: str) -> datetime:
    """Read `20261121184500`, a moment in Tokyo."""
    digits = _digits(text, 14)
    hour, minute, second = int(digits[8:10]), int(digits[10:12]), int(digits[12:])
    return datetime.combine(read_ymd(digits[:8]), time(hour, minute, second), TOKYO)


def read_era_ymd(text: str) -> date:
    """
    Read `S50.01.01`.

    Raises:
        ValueError: it is no day of that era, such as `R01.04.30`.
    """
    before, first, following = _span(text)
    year, month, day = _parts(_ERA_YMD, text)
    read = date(before + year, month, day)
    if not first <= read < following:
        raise ValueError("not a day of that era")
    return read


def read_era_ym(text: str) -> date:
    """
    Read `R10.02` as the first day of that month.

    Raises:
        ValueError: no day of that month is in that era.
    """
    before, first, following = _span(text)
    year, month = _parts(_ERA_YM, text)
    read = date(before + year, month, 1)
    if not first.replace(day=1) <= read < following:
        raise ValueError("not a month of that era")
    return read


def read_number(text: str) -> int:
    """Read digits, perhaps with a leading minus."""
    if not (text.isdecimal() and text.isascii()) and not _NUMBER.fullmatch(text):
        raise ValueError("not a number of the wire")
    return int(text)


def read_code(text: str) -> str:
    """Read letters and digits that must be there."""
    if not _CODE.fullmatch(text):
        raise ValueError("not a code of the wire")
    return text


def read_flag(text: str) -> bool:
    """Read `1` or `0`."""
    if text not in ("0", "1"):
        raise ValueError("not a flag of the wire")
    return text == "1"


def ymd(day: date) -> str:
    """Write `20270105`."""
    return f"{day:%Y%m%d}"


def era_ymd(day: date) -> str:
    """Write `S50.01.01`."""
    return f"{era_ym(day)}.{day.day:02}"


def era_ym(day: date) -> str:
    """Write `R10.02`, in the era of *day* itself."""
    for letter, first, before in ERAS:
        if day >= first:
            return f"{letter}{day.year - before:02}.{day.month:02}"
    raise ValueError("no era has this day")


def flag(said: bool) -> str:
    return "1" if said else "0"


def _span(text: str) -> tuple[int, date, date]:
    span = _SPANS.get(text[:1])
    if span is None:
        raise ValueError("not an era of the wire")
    return span


def _digits(text: str, many: int) -> str:
    if len(text) != many or not text.isdecimal() or not text.isascii():
        raise ValueError("not a date of the wire")
    return text


def _parts(pattern: re.Pattern[str], text: str) -> tuple[int, ...]:
    found = pattern.fullmatch(text)
    if found is None:
        raise ValueError("not a date of the wire")
    return tuple(int(part) for part in found.groups())
