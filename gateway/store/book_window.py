"""Which maturities are meant, in the minutes in which the book keeps them."""

from datetime import date, datetime, time, timedelta

from msgspec import Struct

from gateway.store.book_sheet import minutes
from insurers.book import GRADE_WINDOW, LIST_DAYS, BookList, EntryFilter
from insurers.hours import TOKYO

DAY = timedelta(days=1)


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
    last = beginning(filter_.due_until + DAY) - 1 if filter_.due_until else None
    asked = Window(first, last)
    return asked.within(listed(filter_.listed, now)) if filter_.listed else asked


def listed(list_: BookList, now: datetime) -> Window:
    """Answer which maturities are in a list at this moment: who has just matured is in EXPIRED, and in no other."""
    today = now.astimezone(TOKYO).date()
    back, ahead = (today + timedelta(days=days) for days in LIST_DAYS[list_])
    if list_ is BookList.EXPIRED:
        return Window(beginning(back), minutes(now))
    return Window(minutes(now) + 1, beginning(ahead + DAY) - 1)


def ahead(now: datetime, days: int) -> Window:
    """Answer who matures from now until the end of the day that comes after so many days."""
    return Window(minutes(now) + 1, beginning(now.astimezone(TOKYO).date() + timedelta(days=days) + DAY) - 1)


def expired(now: datetime) -> Window:
    """Answer who matured while a successor still inherits the grade."""
    return Window(beginning((now.astimezone(TOKYO) - GRADE_WINDOW).date()), minutes(now))


def beginning(day: date) -> int:
    return minutes(datetime.combine(day, time(), TOKYO))
