"""How this insurer writes dates and times (WIRE.md §1)."""

import re
from datetime import date, datetime, time, timedelta

from insurers.hours import TOKYO

_TIME = re.compile(r"(\d{4}-\d\d-\d\d) (\d\d):([0-5]\d)(?::([0-5]\d))?", re.ASCII)


def moment(text: str) -> datetime:
    """Read a time, seconds or none, whose hour may pass 24: `2026-11-28 26:30` is half past two on the 29th (D2)."""
    if not (found := _TIME.fullmatch(text)):
        raise ValueError("not a time of this wire")
    day, hours, minutes, seconds = found.groups()
    midnight = datetime.combine(date.fromisoformat(day), time(), TOKYO)
    return midnight + timedelta(hours=int(hours), minutes=int(minutes), seconds=int(seconds or 0))


def month(text: str) -> date:
    """Read a year and month as the first day of it."""
    return date.fromisoformat(f"{text}-01")
