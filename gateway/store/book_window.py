"""Which maturities are meant, in the minutes in which the book keeps them."""

from datetime import date, datetime, time, timedelta

from msgspec import Struct

from gateway.store.book_bounds import number
from gateway.store.book_sheet import minutes
from insurers.book import GRADE_WINDOW, LIST_DAYS, BookList, EntryFilter
from insurers.hours import TOKYO

_LAST_MINUTE = time(23, 59)


class Window(Struct, frozen=True):
    """From a minute to another, both inside; None where it is open."""

    first: int | None = None
    last: int | None = None

    def within(self, other: "Window") -> "Window":
        firsts = [first for first in (self.first, other.first) if first is not None]
        lasts = [last for last in (self.last, other.last) if last is not None]
        return Window(max(firsts, default=None), min(lasts, default=None))


def wanted(filter_: EntryFilter, now: datetime) -> Window:
    """Answer which maturities an entry has to be within."""
    first = beginning(filter_.due_from) if filter_.due_from else None
    last = ending(filter_.due_until) if filter_.due_until else None
    asked = Window(first, last)
    return asked.within(listed(filter_.listed, now)) if filter_.listed else asked


def listed(list_: BookList, now: datetime) -> Window:
    """Answer which maturities are in a list at this moment: who has just matured is in EXPIRED, and in no other."""
    today = now.astimezone(TOKYO).date()
    back, ahead = (today + timedelta(days=days) for days in LIST_DAYS[list_])
    if list_ is BookList.EXPIRED:
        return Window(beginning(back), minutes(now))
    return Window(minutes(now) + 1, ending(ahead))


def ahead(now: datetime, days: int) -> Window:
    """Answer who matures from now until the end of the day that comes after so many days."""
    return Window(minutes(now) + 1, ending(now.astimezone(TOKYO).date() + timedelta(days=days)))


def expired(now: datetime) -> Window:
    """Answer who matured while a successor still inherits the grade."""
    return Window(beginning((now.astimezone(TOKYO) - GRADE_WINDOW).date()), minutes(now))


def beginning(day: date) -> int:
    """Answer the first minute of a day in Tokyo."""
    return number(minutes(datetime.combine(day, time(), TOKYO)))


def ending(day: date) -> int:
    """Answer the last minute of a day in Tokyo."""
    return number(minutes(datetime.combine(day, _LAST_MINUTE, TOKYO)))
