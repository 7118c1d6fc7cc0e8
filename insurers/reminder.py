"""Reminders of a maturity: the schedule that an agency sets, and which of its steps has come for whom."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from enum import StrEnum

from msgspec import Struct

from insurers.person import Private


class ReminderSchedule(Private, frozen=True, kw_only=True):
    """
    When an agency's customers are reminded: so many days before maturity, at `at_hour` in Tokyo.

    `days_before` comes down, each once. `words` are the agency's own, and stand in every mail.
    """

    agency: str
    days_before: tuple[int, ...]
    at_hour: int
    enabled: bool
    set_by: str
    set_at: datetime
    words: str | None = None
    version: int = 1

    def windows(self, day: date) -> Iterator["Window"]:
        """
        Answer, soonest maturity first, for whom which step is the last that has come on *day*.

        Whoever was not reminded in time gets that one step, and none of those before it.
        """
        first = day
        for step in sorted(self.days_before):
            last = day + timedelta(days=step)
            yield Window(step=step, first=first, last=last)
            first = last + timedelta(days=1)


class Window(Struct, frozen=True, kw_only=True):
    """The days of maturity, both inside, of those for whom `step` is the last one that has come."""

    step: int
    first: date
    last: date


class ReminderState(StrEnum):
    """What became of a reminder."""

    WAITING = "waiting"
    SENT = "sent"
    UNCONFIRMED = "unconfirmed"  # handed to the mail server, which did not answer; never sent again
    FAILED = "failed"  # no mail server took it
    WITHDRAWN = "withdrawn"  # the renewal was settled before it went out
    UNSENT = "unsent"  # there was no mail to be sent; the reason stands beside it


class Unsent(StrEnum):
    """Why a customer was not reminded."""

    NO_ADDRESS = "no_address"
    BAD_ADDRESS = "bad_address"  # what the feed has is no mail address
    NOT_CONNECTED = "not_connected"  # this gateway reaches the insurer no more, so there is nothing to lead to


class Reminder(Struct, frozen=True, kw_only=True):
    """
    One reminder of one entry's maturity; `step` is the schedule's, and None for one by hand.

    `unsent` is why no mail was written.
    """

    id: str
    agency: str
    entry: str
    maturity: datetime
    at: datetime
    state: ReminderState
    step: int | None = None
    unsent: Unsent | None = None
