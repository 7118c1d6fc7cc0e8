"""
The `tabane` command at another hour.

    python -m tests.chaos.hour SECONDS_AHEAD serve --port 8000

An insurer's night is no time for a trial, and whoever starts one does not look at the clock first. So the hour of
the gateway is moved to where everybody is open, as that of the sandboxes is; it runs on from there, and all else
is the command itself.
"""

import sys
from collections.abc import Iterable
from datetime import datetime, timedelta
from unittest import mock

from gateway import cli
from insurers import panel
from insurers.hours import TOKYO, Hours, Openness

STEP = timedelta(minutes=30)
# The longest pause that an insurer's hours have is the turn of the year.
HORIZON = timedelta(days=14)


def open_for(lasting: timedelta, now: datetime) -> datetime:
    """Answer the first moment from *now* on at which every insurer stays open for so long."""
    hours = {hours for code in panel.discover() for hours in panel.find(code).MANIFEST.hours.values()}
    moment = now
    while not _open(hours, moment, lasting):
        moment += STEP
        if moment - now > HORIZON:
            raise LookupError("the insurers are never open together")
    return moment


def _open(all_hours: Iterable[Hours], moment: datetime, lasting: timedelta) -> bool:
    return all(
        hours.openness(moment) is Openness.OPEN and (hours.closes_at(moment) or moment + lasting) >= moment + lasting
        for hours in all_hours
    )


def main() -> None:
    ahead = timedelta(seconds=float(sys.argv.pop(1)))

    def now() -> datetime:
        return datetime.now(TOKYO) + ahead

    with mock.patch("gateway.commands.service._now", now):
        cli.main()


if __name__ == "__main__":
    main()
