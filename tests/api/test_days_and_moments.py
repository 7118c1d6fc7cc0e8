"""How days and moments are told us: as RFC 3339 has them, and what comes without an offset is in Tokyo."""

from datetime import UTC, datetime, time, timedelta, timezone
from typing import Any

import pytest
import pytest_asyncio
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from insurers.hours import TOKYO
from tests.api.frontend import Frontend

pytestmark = pytest.mark.asyncio(loop_scope="module")

# The customer is the same for every example, and only asks.
SHARED = HealthCheck.function_scoped_fixture

BEFORE_AND_AFTER = """query ($at: DateTime!) {
  before: policies(filter: { endsBefore: $at }) { totalCount }
  after: policies(filter: { endsAfter: $at }) { totalCount } }"""

# What each kind of value, which is whatever JSON has, is refused with: of either language a word.
NO_STRING = ("文字列", "A string is expected")
NO_MOMENT = ("日時", "RFC 3339")
NO_DAY = ("日付", "YYYY-MM-DD")

OFFSETS = st.none() | st.timedeltas(timedelta(hours=-14), timedelta(hours=14)).map(
    lambda offset: timezone(timedelta(minutes=offset // timedelta(minutes=1)))
)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def ends(villager: Frontend) -> list[datetime]:
    """When the policies of the town's customer end."""
    found = await villager.policies(first=100)
    return [datetime.fromisoformat(edge["node"]["endsAt"]) for edge in found["edges"]]


@given(data=st.data(), offset=OFFSETS, between=st.sampled_from("Tt "))
@settings(suppress_health_check=[SHARED])
async def test_a_moment_is_the_same_however_it_is_written(
    villager: Frontend, ends: list[datetime], data: st.DataObject, offset: timezone | None, between: str
) -> None:
    at = data.draw(st.sampled_from(ends).flatmap(lambda end: st.sampled_from((end, end + timedelta(seconds=1)))))
    written = at.astimezone(offset).isoformat() if offset else at.astimezone(TOKYO).replace(tzinfo=None).isoformat()

    told = (await villager.raw(BEFORE_AND_AFTER, {"at": written.replace("T", between)}))["data"]

    assert sum(end < at for end in ends) == told["before"]["totalCount"]
    assert sum(end > at for end in ends) == told["after"]["totalCount"]


@pytest.mark.parametrize("letter", ["Z", "z"])
async def test_utc_may_be_said_with_one_letter(villager: Frontend, ends: list[datetime], letter: str) -> None:
    written = max(ends).astimezone(UTC).replace(tzinfo=None).isoformat() + letter

    told = (await villager.raw(BEFORE_AND_AFTER, {"at": written}))["data"]

    assert 0 == told["after"]["totalCount"] < told["before"]["totalCount"]


async def test_a_day_alone_is_its_first_moment_in_tokyo(villager: Frontend, ends: list[datetime]) -> None:
    day = max(ends).astimezone(TOKYO).date()

    told = (await villager.raw(BEFORE_AND_AFTER, {"at": day.isoformat()}))["data"]

    assert sum(end > datetime.combine(day, time(), TOKYO) for end in ends) == told["after"]["totalCount"] > 0


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("", NO_MOMENT),
        ("tomorrow", NO_MOMENT),
        ("2026", NO_MOMENT),
        ("2026-11", NO_MOMENT),
        ("2026-W48", NO_MOMENT),
        ("20261130", NO_MOMENT),
        ("2026-11-30_16:00:00", NO_MOMENT),
        ("2026-11-30T24:00:00+09:00", NO_MOMENT),
        ("2026-11-30T16:00:00+09:00:30", NO_MOMENT),
        ("2026-11-31T00:00:00+09:00", NO_MOMENT),
        ("２０２６-11-30T00:00:00+09:00", NO_MOMENT),
        ("2026-11-30T00:00:00+24:00", NO_MOMENT),
        ("\x00", NO_MOMENT),
        # What is a moment there, and none in UTC or in Tokyo.
        ("0001-01-01T00:00:00+14:00", NO_MOMENT),
        ("0001-01-01T00:00:00", NO_MOMENT),
        ("9999-12-31T23:59:59Z", NO_MOMENT),
        (5, NO_STRING),
        ({}, NO_STRING),
    ],
)
async def test_what_is_no_moment_is_refused_in_both_languages(
    villager: Frontend, written: Any, words: tuple[str, str]
) -> None:
    (refusal,) = (await villager.raw(BEFORE_AND_AFTER, {"at": written}))["errors"]

    assert "BAD_USER_INPUT" == refusal["extensions"]["code"]
    assert all(word in refusal["message"] for word in words), refusal


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("", NO_DAY),
        ("tomorrow", NO_DAY),
        ("2026-02-30", NO_DAY),
        ("2026-W48-1", NO_DAY),
        ("20261130", NO_DAY),
        ("2026-2-3", NO_DAY),
        ("２０２６-11-30", NO_DAY),
        ("0000-01-01", NO_DAY),
        (5, NO_STRING),
    ],
)
async def test_what_is_no_day_is_refused_in_both_languages(
    villager: Frontend, written: Any, words: tuple[str, str]
) -> None:
    asked = "query ($at: Date!) { book { renewals(first: 1, filter: { dueFrom: $at }) { totalCount } } }"

    (refusal,) = (await villager.raw(asked, {"at": written}))["errors"]

    assert "BAD_USER_INPUT" == refusal["extensions"]["code"]
    assert all(word in refusal["message"] for word in words), refusal
