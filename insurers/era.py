"""Dates the way people in Japan write them, in the era or in the common calendar (domain 5.3)."""

import re
import unicodedata
from calendar import monthrange
from datetime import date, timedelta

from msgspec import Struct

from insurers.identity import DASHES
from insurers.numerals import in_digits
from insurers.text import Text
from insurers.unreadable import Unreadable


class Era(Struct, frozen=True):
    """An era (元号), from its first day until the first day of the next."""

    letter: str  # JIS X 0301
    kanji: str
    english: str
    first: date

    def year(self, day: date) -> int:
        return day.year - _YEAR_ONE[self.letter] + 1


# The latest first. Until 明治5年 Japan had a lunar calendar, whose days are other days.
ERAS = (
    Era("R", "令和", "Reiwa", date(2019, 5, 1)),
    Era("H", "平成", "Heisei", date(1989, 1, 8)),
    Era("S", "昭和", "Showa", date(1926, 12, 25)),
    Era("T", "大正", "Taisho", date(1912, 7, 30)),
    Era("M", "明治", "Meiji", date(1873, 1, 1)),
)
_YEAR_ONE = {era.letter: era.first.year for era in ERAS} | {"M": 1868}
_NAMED = {name: era for era in ERAS for name in (era.letter, era.kanji, era.kanji[0])}

_ERA = "|".join(sorted(_NAMED, key=len, reverse=True))
_TO_MONTH, _TO_DAY = r"(?:年|[./-])", r"(?:月|[./-])"
_IN_ERA = re.compile(rf"({_ERA})\.?([0-9]{{1,2}}){_TO_MONTH}([0-9]{{1,2}})(?:{_TO_DAY}([0-9]{{1,2}})日?|月?)")
_IN_ERA_TIGHT = re.compile(r"([MTSHR])([0-9]{2})([0-9]{2})([0-9]{2})?")
_COMMON = re.compile(rf"(西暦)?([0-9]{{4}}){_TO_MONTH}([0-9]{{1,2}})(?:{_TO_DAY}([0-9]{{1,2}})日?|月?)")
_COMMON_TIGHT = re.compile(r"(西暦)?([0-9]{4})([0-9]{2})([0-9]{2})?")


def read_date(text: str) -> date:
    """
    Read `令和2年6月23日`, `R02.06.23`, `平成元年1月8日`, `1975年1月1日`, `1975/1/1` or `19750101`.

    Raises:
        Unreadable: the era had no such day.
        ValueError: it is no date.
    """
    era, year, month, day = _parts(text)
    if day is None:
        raise ValueError("a date has a day")
    read = date(_common_year(era, year), month, day)
    if era is not None and in_era(read) is not era:
        raise _beyond(era)
    return read


def read_month(text: str) -> date:
    """
    Read `令和8年6月`, `R8.06`, `2026-06` or `202606` as the first day of that month.

    Raises:
        Unreadable: the era had no day of that month.
        ValueError: it is no month.
    """
    era, year, month, day = _parts(text)
    if day is not None:
        raise ValueError("a month has no day")
    first = date(_common_year(era, year), month, 1)
    last = first.replace(day=monthrange(first.year, first.month)[1])
    if era is not None and era not in (in_era(first), in_era(last)):
        raise _beyond(era)
    return first


def in_era(day: date) -> Era | None:
    """The era of *day*; none before 明治6年 (1873)."""
    return next((era for era in ERAS if day >= era.first), None)


def with_kanji(day: date) -> str:
    """
    Write `令和2年6月23日`, the first year as 元年.

    Raises:
        ValueError: the day is before 1873.
    """
    era = _era(day)
    year = era.year(day)
    return f"{era.kanji}{'元' if year == 1 else year}年{day.month}月{day.day}日"


def with_letter(day: date) -> str:
    """
    Write `R02.06.23` (JIS X 0301).

    Raises:
        ValueError: the day is before 1873.
    """
    era = _era(day)
    return f"{era.letter}{era.year(day):02}.{day.month:02}.{day.day:02}"


def _parts(text: str) -> tuple[Era | None, int, int, int | None]:
    plain = re.sub(r"\s", "", unicodedata.normalize("NFKC", text)).upper()
    plain = in_digits(re.sub(rf"[{DASHES}]", "-", plain).replace("元年", "1年"))
    for shape in (_IN_ERA, _IN_ERA_TIGHT, _COMMON, _COMMON_TIGHT):
        if found := shape.fullmatch(plain):
            era, year, month, day = found.groups()
            return _NAMED.get(era), int(year), int(month), int(day) if day else None
    raise ValueError("no date")


def _common_year(era: Era | None, year: int) -> int:
    if era is None:
        return year
    if year == 0:
        raise ValueError("an era begins with its year 1")
    return _YEAR_ONE[era.letter] + year - 1


def _era(day: date) -> Era:
    era = in_era(day)
    if era is None:
        raise ValueError("no era before 明治6年")
    return era


def _beyond(era: Era) -> Unreadable:
    later = ERAS.index(era) - 1
    if later < 0:
        return Unreadable(
            Text(f"{era.kanji}は{_said(era.first)}からです。", f"{era.english} began on {era.first.isoformat()}.")
        )
    last = ERAS[later].first - timedelta(days=1)
    return Unreadable(
        Text(
            f"{era.kanji}の日付は{_said(era.first)}から{_said(last)}までです。",
            f"A date in {era.english} is from {era.first.isoformat()} to {last.isoformat()}.",
        )
    )


def _said(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日（{with_kanji(day).partition('年')[0]}年）"
