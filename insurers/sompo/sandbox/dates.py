"""Dates as this wire writes them: digits, and Japanese eras (和暦) in letters, as JIS X 0301 has them."""

import calendar
import re
from datetime import date, datetime
from typing import TypeVar

# The first day of each era, newest first.
ERAS = (
    ("R", date(2019, 5, 1)),
    ("H", date(1989, 1, 8)),
    ("S", date(1926, 12, 25)),
    ("T", date(1912, 7, 30)),
    ("M", date(1868, 1, 25)),
)
Day = TypeVar("Day", date, datetime)

ERA_DAY = re.compile(r"([MTSHR])(\d\d)\.(\d\d)\.(\d\d)", re.ASCII)
ERA_MONTH = re.compile(r"([MTSHR])(\d\d)\.(\d\d)", re.ASCII)


def ymd(value: date) -> str:
    return f"{value:%Y%m%d}"


def read_ymd(text: str) -> date:
    """
    Read `20270105`.

    Raises:
        ValueError: another shape, or no such day.
    """
    if not re.fullmatch(r"\d{8}", text, re.ASCII):
        raise ValueError("not a day")
    return date(int(text[:4]), int(text[4:6]), int(text[6:]))


def stamp(moment: datetime) -> str:
    return f"{moment:%Y%m%d%H%M%S}"


def era_day(value: date) -> str:
    return f"{_era_year(value)}.{value:%m.%d}"


def era_month(value: date) -> str:
    """Write a month by the era in which it ends."""
    return f"{_era_year(_last_day(value))}.{value:%m}"


def read_era_day(text: str) -> date:
    """
    Read `S50.01.01`.

    Raises:
        ValueError: another shape, no such day, or not a day of that era.
    """
    letter, year, month, day = _parts(ERA_DAY, text)
    read = date(_western_year(letter, year), int(month), int(day))
    if _era(read)[0] != letter:
        raise ValueError("not a day of that era")
    return read


def read_era_month(text: str) -> date:
    """
    Read `R10.02` as the first day of that month.

    Raises:
        ValueError: another shape, no such month, or a month outside that era.
    """
    letter, year, month = _parts(ERA_MONTH, text)
    first = date(_western_year(letter, year), int(month), 1)
    if letter not in {_era(first)[0], _era(_last_day(first))[0]}:
        raise ValueError("not a month of that era")
    return first


def a_year_after(moment: Day) -> Day:
    """Answer the same day next year, at the same hour if it has one; 29 February becomes the 28th."""
    day = 28 if (moment.month, moment.day) == (2, 29) else moment.day
    return moment.replace(year=moment.year + 1, day=day)


def months_after(value: date, months: int, day: int) -> date:
    """Answer *day* of the month that comes *months* after the month of *value*."""
    years, month = divmod(value.month - 1 + months, 12)
    return date(value.year + years, month + 1, day)


def _parts(shape: re.Pattern[str], text: str) -> tuple[str, ...]:
    found = shape.fullmatch(text)
    if found is None:
        raise ValueError("not an era date")
    return found.groups()


def _western_year(letter: str, year: str) -> int:
    if year == "00":
        raise ValueError("eras begin with the year 01")
    return dict(ERAS)[letter].year + int(year) - 1


def _era_year(value: date) -> str:
    letter, began = _era(value)
    return f"{letter}{value.year - began.year + 1:02d}"


def _era(value: date) -> tuple[str, date]:
    for letter, began in ERAS:
        if value >= began:
            return letter, began
    raise ValueError("before the first era of the table")


def _last_day(value: date) -> date:
    return value.replace(day=calendar.monthrange(value.year, value.month)[1])
