"""Hours that run past midnight, pause on Mondays, and are told by nobody at the year's end."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from insurers.hours import TOKYO, DailyHours, Hours, Openness, Service, WeeklyGap, YearlyPeriod

OPEN, CLOSED, UNKNOWN = Openness.OPEN, Openness.CLOSED, Openness.UNKNOWN

# MS-HRS-03: the portal pauses on Monday from 2:00 to 4:00.
PORTAL = Service(name="portal", gaps=(WeeklyGap(weekday=0, starts=120, ends=240),), source="MS-HRS-03")
# MS-HRS-01: renewals from 7:00 to 26:30.
COUNTER = Service(name="counter", daily=DailyHours(opens=420, closes=1590), source="MS-HRS-01")
YEAR_END = YearlyPeriod(first=(12, 29), last=(1, 3))
PAUSING = Service(name="counter", daily=COUNTER.daily, unstated=(YEAR_END,), source="MS-HRS-02")
SECRETIVE = Service(name="all day, but for the year's end", unstated=(YEAR_END,), source="D14")

ALWAYS = Hours(services=(Service(name="all day", source="SJ-HRS-01"),))
COUNTER_ALONE = Hours(services=(COUNTER,))
PORTAL_ALONE = Hours(services=(PORTAL,))
RENEWAL = Hours(services=(PORTAL, COUNTER))
RENEWAL_AT_YEAR_END = Hours(services=(PORTAL, PAUSING))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=TOKYO)


# 2026-11-22 is a Sunday.
@pytest.mark.parametrize(
    ("hours", "moment", "openness", "opens_at", "closes_at"),
    [
        # The opening minute is inside, the closing minute is not.
        (COUNTER_ALONE, "2026-11-20 06:59:59", CLOSED, "2026-11-20 07:00", None),
        (COUNTER_ALONE, "2026-11-20 07:00", OPEN, "2026-11-20 07:00", "2026-11-21 02:30"),
        (COUNTER_ALONE, "2026-11-20 23:59:59", OPEN, "2026-11-20 23:59:59", "2026-11-21 02:30"),
        (COUNTER_ALONE, "2026-11-21 00:00", OPEN, "2026-11-21 00:00", "2026-11-21 02:30"),
        (COUNTER_ALONE, "2026-11-21 02:29:59", OPEN, "2026-11-21 02:29:59", "2026-11-21 02:30"),
        (COUNTER_ALONE, "2026-11-21 02:30", CLOSED, "2026-11-21 07:00", None),
        # Sunday's business day ends at 26:00, because the portal shuts (D1).
        (RENEWAL, "2026-11-23 01:59:59", OPEN, "2026-11-23 01:59:59", "2026-11-23 02:00"),
        (RENEWAL, "2026-11-23 02:00", CLOSED, "2026-11-23 07:00", None),
        (RENEWAL, "2026-11-22 12:00", OPEN, "2026-11-22 12:00", "2026-11-23 02:00"),
        # Any other night it is 26:30.
        (RENEWAL, "2026-11-24 02:15", OPEN, "2026-11-24 02:15", "2026-11-24 02:30"),
        # The portal alone is back at four, and then open for a week.
        (PORTAL_ALONE, "2026-11-23 02:00", CLOSED, "2026-11-23 04:00", None),
        (PORTAL_ALONE, "2026-11-23 04:00", OPEN, "2026-11-23 04:00", "2026-11-30 02:00"),
        # What never closes has no end.
        (ALWAYS, "2026-11-23 02:00", OPEN, "2026-11-23 02:00", None),
        (ALWAYS, "2026-12-31 23:59", OPEN, "2026-12-31 23:59", None),
        # A month, a year and a leap day are crossed like any midnight.
        (COUNTER_ALONE, "2026-12-01 02:00", OPEN, "2026-12-01 02:00", "2026-12-01 02:30"),
        (COUNTER_ALONE, "2027-01-01 02:00", OPEN, "2027-01-01 02:00", "2027-01-01 02:30"),
        (COUNTER_ALONE, "2028-02-29 02:30", CLOSED, "2028-02-29 07:00", None),
        # At the year's end nobody knows, from the first midnight to the last business day's end (D14).
        (RENEWAL_AT_YEAR_END, "2026-12-28 23:00", OPEN, "2026-12-28 23:00", "2026-12-29 00:00"),
        (RENEWAL_AT_YEAR_END, "2026-12-29 00:00", UNKNOWN, "2027-01-04 07:00", None),
        (RENEWAL_AT_YEAR_END, "2026-12-31 12:00", UNKNOWN, "2027-01-04 07:00", None),
        (RENEWAL_AT_YEAR_END, "2027-01-04 01:00", UNKNOWN, "2027-01-04 07:00", None),
        (RENEWAL_AT_YEAR_END, "2027-01-04 02:30", CLOSED, "2027-01-04 07:00", None),
        (RENEWAL_AT_YEAR_END, "2027-01-04 07:00", OPEN, "2027-01-04 07:00", "2027-01-05 02:30"),
        (Hours(services=(SECRETIVE,)), "2026-12-28 12:00", OPEN, "2026-12-28 12:00", "2026-12-29 00:00"),
        (Hours(services=(SECRETIVE,)), "2027-01-02 12:00", UNKNOWN, "2027-01-04 00:00", None),
        (Hours(services=(SECRETIVE,)), "2027-01-04 00:00", OPEN, "2027-01-04 00:00", None),
    ],
)
def test_hours_tell_whether_from_when_and_until_when(
    hours: Hours, moment: str, openness: Openness, opens_at: str, closes_at: str | None
) -> None:
    assert openness is hours.openness(at(moment))
    assert at(opens_at) == hours.opens_at(at(moment))
    assert (at(closes_at) if closes_at else None) == hours.closes_at(at(moment))


def test_the_zone_of_the_asker_does_not_matter() -> None:
    late_on_sunday = datetime(2026, 11, 22, 17, 0, tzinfo=UTC)  # Monday 2:00 in Tokyo

    assert CLOSED is RENEWAL.openness(late_on_sunday)
    assert at("2026-11-23 07:00") == RENEWAL.opens_at(late_on_sunday)


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="without a zone"):
        RENEWAL.openness(at("2026-11-22 12:00").replace(tzinfo=None))


@pytest.mark.parametrize(("opens", "closes"), [(600, 600), (700, 600), (-1, 600), (0, 2881)])
def test_impossible_business_days_are_refused(opens: int, closes: int) -> None:
    with pytest.raises(ValueError, match="no such business day"):
        DailyHours(opens=opens, closes=closes)


def test_a_service_that_nobody_knows_to_open_again_has_no_opening() -> None:
    whole_year = Service(name="silent", unstated=(YearlyPeriod(first=(1, 1), last=(12, 31)),), source="D14")

    assert Hours(services=(whole_year,)).opens_at(at("2026-11-20 12:00")) is None


def test_services_that_are_never_open_together_have_no_opening() -> None:
    morning = Service(name="morning", daily=DailyHours(opens=0, closes=720), source="invented")
    evening = Service(name="evening", daily=DailyHours(opens=720), source="invented")

    assert Hours(services=(morning, evening)).opens_at(at("2026-11-20 12:00")) is None


@pytest.mark.parametrize(
    ("hours", "label"),
    [
        (DailyHours(opens=420, closes=1590), "7:00～26:30"),
        (DailyHours(), "0:00～24:00"),
        (DailyHours(opens=545), "9:05～24:00"),
    ],
)
def test_hours_are_labelled_as_leaflets_print_them(hours: DailyHours, label: str) -> None:
    assert label == hours.label


@pytest.mark.parametrize(
    ("period", "inside", "outside"),
    [
        (
            YEAR_END,
            ["2026-12-29", "2026-12-31", "2027-01-01", "2027-01-03"],
            ["2026-12-28", "2027-01-04", "2026-07-01"],
        ),
        (YearlyPeriod(first=(8, 13), last=(8, 16)), ["2026-08-13", "2026-08-16"], ["2026-08-12", "2026-08-17"]),
        (YearlyPeriod(first=(2, 29), last=(2, 29)), ["2028-02-29"], ["2027-02-28", "2027-03-01"]),
    ],
)
def test_a_yearly_period_has_both_its_ends(period: YearlyPeriod, inside: list[str], outside: list[str]) -> None:
    assert all(period.has(at(day).date()) for day in inside)
    assert not any(period.has(at(day).date()) for day in outside)


MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2029, 1, 1)).map(lambda moment: moment.replace(tzinfo=TOKYO))  # noqa: DTZ001 - the zone is put on at once
EVERYBODY = st.sampled_from([ALWAYS, COUNTER_ALONE, PORTAL_ALONE, RENEWAL, RENEWAL_AT_YEAR_END])

INSTANT = timedelta(microseconds=1)


@given(EVERYBODY, MOMENTS)
def test_it_is_open_when_it_says_it_opens(hours: Hours, moment: datetime) -> None:
    opens_at = hours.opens_at(moment)

    assert opens_at is not None
    assert moment <= opens_at
    assert OPEN is hours.openness(opens_at)
    assert opens_at == moment or OPEN is not hours.openness(opens_at - INSTANT)


@given(EVERYBODY, MOMENTS)
def test_it_is_open_until_it_closes_and_not_then(hours: Hours, moment: datetime) -> None:
    closes_at = hours.closes_at(moment)

    if closes_at is not None:
        assert OPEN is hours.openness(moment)
        assert OPEN is hours.openness(closes_at - INSTANT)
        assert OPEN is not hours.openness(closes_at)


@given(MOMENTS)
def test_what_needs_two_services_is_open_exactly_when_both_are(moment: datetime) -> None:
    both = OPEN is PORTAL_ALONE.openness(moment) and OPEN is COUNTER_ALONE.openness(moment)

    assert both == (OPEN is RENEWAL.openness(moment))


@given(MOMENTS)
def test_a_minute_is_inside_by_the_clock_on_the_wall(moment: datetime) -> None:
    minute = moment.hour * 60 + moment.minute
    by_the_clock = any(420 <= late < 1590 for late in (minute, minute + 24 * 60))

    assert by_the_clock == (OPEN is COUNTER_ALONE.openness(moment))
