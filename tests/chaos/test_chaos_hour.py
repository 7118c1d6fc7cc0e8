"""The hour of a trial: whoever starts one need not look at the clock."""

from datetime import datetime, timedelta

import pytest

from insurers import panel
from insurers.hours import TOKYO, Openness
from tests.chaos.hour import open_for

LASTING = timedelta(hours=1)


@pytest.mark.parametrize(
    ("now", "hours_ahead"),
    [
        (datetime(2026, 11, 20, 10, tzinfo=TOKYO), 0),
        (datetime(2026, 11, 21, 1, 45, tzinfo=TOKYO), 5.5),
        (datetime(2026, 11, 23, 2, 30, tzinfo=TOKYO), 4.5),
        (datetime(2026, 12, 29, 10, tzinfo=TOKYO), 6 * 24 - 3),
    ],
)
def test_a_trial_takes_place_when_every_insurer_is_open(now: datetime, hours_ahead: float) -> None:
    at = open_for(LASTING, now)

    hours = [hours for code in panel.discover() for hours in panel.find(code).MANIFEST.hours.values()]
    assert timedelta(hours=hours_ahead) == at - now
    assert {Openness.OPEN} == {each.openness(at + part * LASTING) for each in hours for part in (0.0, 0.5, 0.99)}
