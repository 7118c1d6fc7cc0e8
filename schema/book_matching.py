"""Whether an entry is what a filter wants, told of one entry in hand: for whoever watches a book."""

import re
import unicodedata
from collections.abc import Callable
from datetime import date, datetime

from insurers import plate
from insurers.book import CLOSED_ENTRIES, LIST_DAYS, BookList, Entry, EntryFilter
from insurers.hours import TOKYO
from insurers.identity import DASHES, PolicyNumber
from insurers.kana import kana_key
from insurers.name import name_key
from insurers.reading import GAP, reading

# From the most urgent to the least.
_URGENT_FIRST = (BookList.EXPIRED, BookList.EXPIRING, BookList.RENEWAL)

# The number that people remember of a plate, and what they write between its digits.
_SERIAL_DIGITS = 4
_PARTED = re.compile(rf"[\s\-{DASHES}・·.]")


def day_of(moment: datetime) -> date:
    return moment.astimezone(TOKYO).date()


def days_left(entry: Entry, now: datetime) -> int:
    """Answer how many days it is in Tokyo until the term ends; negative after it."""
    return (day_of(entry.record.ends_at) - day_of(now)).days


def lists_of(entry: Entry, now: datetime) -> list[BookList]:
    """Answer the lists of work that *entry* is in, the most urgent first."""
    if entry.status in CLOSED_ENTRIES or entry.gone_at is not None:
        return []
    ended, left = entry.record.ends_at <= now, days_left(entry, now)
    return [
        list_
        for list_ in _URGENT_FIRST
        if (list_ is BookList.EXPIRED) == ended and LIST_DAYS[list_][0] <= left <= LIST_DAYS[list_][1]
    ]


def admits(wanted: EntryFilter, entry: Entry, now: datetime) -> bool:
    """Whether *entry* is in the answer to *wanted*."""
    return all(condition(wanted, entry, now) for condition in _CONDITIONS)


_Condition = Callable[[EntryFilter, Entry, datetime], bool]

_CONDITIONS: tuple[_Condition, ...] = (
    lambda wanted, entry, now: wanted.gone == (entry.gone_at is not None),
    lambda wanted, entry, now: wanted.insurers is None or entry.insurer in wanted.insurers,
    lambda wanted, entry, now: wanted.statuses is None or entry.status in wanted.statuses,
    lambda wanted, entry, now: wanted.blockers is None or entry.blocker in wanted.blockers,
    lambda wanted, entry, now: wanted.due_from is None or wanted.due_from <= day_of(entry.record.ends_at),
    lambda wanted, entry, now: wanted.due_until is None or day_of(entry.record.ends_at) <= wanted.due_until,
    lambda wanted, entry, now: wanted.listed is None or wanted.listed in lists_of(entry, now),
    lambda wanted, entry, now: wanted.branch is None or wanted.branch == entry.branch,
    lambda wanted, entry, now: wanted.assignee is None or wanted.assignee == entry.assignee,
    lambda wanted, entry, now: not wanted.unassigned or entry.assignee is None,
    lambda wanted, entry, now: wanted.person is None or wanted.person == entry.person,
    lambda wanted, entry, now: _changes_by(wanted, entry),
    lambda wanted, entry, now: wanted.search is None or _found(wanted.search, entry),
)


def _changes_by(wanted: EntryFilter, entry: Entry) -> bool:
    if wanted.change_from is None and wanted.change_until is None:
        return True
    change = entry.premium_change
    return (
        change is not None
        and (wanted.change_from is None or wanted.change_from <= change)
        and (wanted.change_until is None or change <= wanted.change_until)
    )


def _found(search: str, entry: Entry) -> bool:
    record = entry.record
    # What folds to nothing would be the beginning of everybody.
    named, read = name_key(search), _kana(search)
    if named and name_key(f"{record.holder.family}{record.holder.given}").startswith(named):
        return True
    if read and (reading(record.holder) or "").replace(GAP, "").startswith(read):
        return True
    if (known := plate.canonical(record.plate)) is not None and _is_plate(search, known):
        return True
    try:
        return PolicyNumber.parse(search) == record.number
    except ValueError:
        return False


def _is_plate(search: str, known: str) -> bool:
    serial = _PARTED.sub("", unicodedata.normalize("NFKC", search))
    digits = serial.isascii() and serial.isdigit() and len(serial) <= _SERIAL_DIGITS
    return plate.canonical(search) == known or (digits and _serial(known) == int(serial))


def _serial(known: str) -> int:
    return int(re.search(r"[0-9]{1,4}$", known)[0])  # type: ignore[index]  # A canonical plate ends with its number.


def _kana(text: str) -> str | None:
    try:
        return kana_key(text)
    except ValueError:
        return None
