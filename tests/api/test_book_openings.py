"""A renewal that its insurer has yet to open is offered to nobody; what it waits for is said in rows and in counts."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest

from insurers.hours import TOKYO
from insurers.sandbox import Fault
from tests.api import booking
from tests.api.agencies import MANAGER, agencies_at_work, agent_alone, consent
from tests.api.conftest import Town, each_insurer
from tests.api.frontend import Frontend, Json, key

__all__ = ["agencies_at_work"]

# As far as a summary counts.
DAYS = 120
A_SECOND = timedelta(seconds=1)
READY_TO_START = {"statuses": ["NOT_STARTED"], "blockers": ["NOTHING"]}
BLOCKERS = """{ __type(name: "Blocker") { enumValues { name } } }"""
ROW = """id policyNumber status blocker blockerLabel insurer { code } deadlines { kind at source confidence }
  nextActions { kind mutation primary }"""
START = """mutation ($input: BookRenewalsStartInput!) { bookRenewalsStart(input: $input) { rows {
  errors { code message } entry { blocker } } } }"""
POLICIES = """{ policies { edges { node { renewability { opensAt } } } } }"""
COUNTS = """query ($of: BookEntryFilter) { book { summary(dueWithinDays: 120) { byBlocker { blocker count } }
  renewals(filter: $of) { totalCount } } }"""


@pytest.fixture
def address_of_database(database_url: str) -> str:
    return database_url


async def rows_of(agent: Frontend, code: str, **said: object) -> dict[str, Json]:
    """The rows of one insurer by their policies' numbers."""
    rows = await booking.everything(agent, ROW, filter={"insurers": [{"code": code}], **said})
    return {row["policyNumber"]: row for row in rows}


async def unopened(agent: Frontend, code: str) -> Json:
    """The one row that waits for its insurer to open."""
    (row,) = (await rows_of(agent, code, blockers=["INSURER_CLOSED"])).values()
    return row


async def start(agent: Frontend, row: Json) -> Json:
    answer = await agent.raw(START, {"input": {"entryIds": [row["id"]], "idempotencyKey": key()}})
    (started,) = answer["data"]["bookRenewalsStart"]["rows"]
    return dict(started)


def opening(row: Json) -> datetime:
    ((at, source, confidence),) = [
        (each["at"], each["source"], each["confidence"]) for each in row["deadlines"] if each["kind"] == "RENEWAL_OPENS"
    ]
    assert ("保険会社の更新一覧", "INSURER_SAID") == (source, confidence)
    return datetime.fromisoformat(at)


def offered(row: Json) -> Sequence[str]:
    return [action["kind"] for action in row["nextActions"]]


def is_ahead(row: Json, at: datetime) -> bool:
    """Whether a row is among those that a summary counts."""
    return at < datetime.fromisoformat(row["dueAt"]) and row["daysLeft"] <= DAYS


async def agree(agent: Frontend, code: str, at: datetime) -> None:
    """What each row waits for is what it is found by, and what is counted."""
    shown = (await rows_of(agent, code)).values()
    told = (await agent.raw(COUNTS, {"of": None}))["data"]["book"]["summary"]["byBlocker"]
    ahead = [row for row in await booking.everything(agent, "blocker dueAt daysLeft") if is_ahead(row, at)]
    for blocker in [value["name"] for value in (await agent.raw(BLOCKERS))["data"]["__type"]["enumValues"]]:
        of = {"insurers": [{"code": code}], "blockers": [blocker]}
        fitting = {row["id"] for row in shown if row["blocker"] == blocker}
        assert fitting == {row["id"] for row in (await rows_of(agent, code, blockers=[blocker])).values()}
        counted = (await agent.raw(COUNTS, {"of": of}))["data"]["book"]["renewals"]["totalCount"]
        assert len(fitting) == counted
        summed = next((one["count"] for one in told if one["blocker"] == blocker), 0)
        assert summed == sum(row["blocker"] == blocker for row in ahead)


@each_insurer
async def test_what_an_insurer_has_yet_to_open_waits_for_it_until_that_very_moment(
    town: Town, taro: Frontend, code: str
) -> None:
    await booking.fill_books(town)
    agent = agent_alone(town, MANAGER)
    await taro.register(code)
    await consent(taro)

    row = await unopened(agent, code)
    assert ("NOT_STARTED", "保険会社の受付開始待ち") == (row["status"], row["blockerLabel"])
    assert ("REFRESH", True) == (offered(row)[0], row["nextActions"][0]["primary"])
    assert "START_RENEWAL" not in offered(row)
    refused = await start(agent, row)
    opens = opening(row).astimezone(TOKYO)
    assert ["NOT_ELIGIBLE"] == [error["code"] for error in refused["errors"]]
    assert f"{opens.year}年{opens.month}月{opens.day}日 {opens:%H:%M}" in refused["errors"][0]["message"]
    for other in (await rows_of(agent, code, **READY_TO_START)).values():
        assert ("START_RENEWAL", []) == (offered(other)[0], (await start(agent, other))["errors"])
    await agree(agent, code, town.clock())

    town.clock.set(opens - A_SECOND)
    await booking.fill_books(town)
    assert row["id"] == (await unopened(agent, code))["id"]
    await agree(agent, code, town.clock())
    town.clock.set(opens)
    (now,) = (await rows_of(agent, code, search=row["policyNumber"])).values()
    # A button needs nobody who looks at the clock for it.
    assert "START_RENEWAL" == offered(now)[0]
    await booking.fill_books(town)
    (now,) = (await rows_of(agent, code, search=row["policyNumber"])).values()
    assert ("NOTHING", "START_RENEWAL") == (now["blocker"], offered(now)[0])
    assert {} == await rows_of(agent, code, blockers=["INSURER_CLOSED"])
    await agree(agent, code, town.clock())


@pytest.fixture
async def unasked(town: Town, taro: Frontend, code: str) -> Frontend:
    """An agent who may start renewals of which nobody could ask since when, because the insurer was busy."""
    await booking.fill_books(town)
    agent = agent_alone(town, MANAGER)
    await taro.register(code)
    await taro.policies()
    town.trouble(code, Fault.BUSY)
    await consent(taro)
    town.relieve()
    assert {} == await rows_of(agent, code, blockers=["INSURER_CLOSED"])
    return agent


@each_insurer
async def test_what_nobody_could_ask_is_known_once_it_was_refused(town: Town, unasked: Frontend, code: str) -> None:
    started = [await start(unasked, row) for row in (await rows_of(unasked, code, **READY_TO_START)).values()]

    assert ["INSURER_CLOSED"] == [one["entry"]["blocker"] for one in started if one["errors"]]
    assert opening(await unopened(unasked, code)) > town.clock()
    await agree(unasked, code, town.clock())


@each_insurer
async def test_what_nobody_could_ask_is_known_once_its_customer_looked(
    town: Town, taro: Frontend, unasked: Frontend, code: str
) -> None:
    answer = await taro.raw(POLICIES)

    told = [one["node"]["renewability"]["opensAt"] for one in answer["data"]["policies"]["edges"]]
    assert opening(await unopened(unasked, code)) in [datetime.fromisoformat(at) for at in told if at]
    await agree(unasked, code, town.clock())


@each_insurer
async def test_a_feed_that_comes_later_finds_what_is_known(town: Town, taro: Frontend, code: str) -> None:
    await taro.register(code)
    await consent(taro)
    await booking.fill_books(town)

    agent = agent_alone(town, MANAGER)
    assert opening(await unopened(agent, code)) > town.clock()
    await agree(agent, code, town.clock())


@each_insurer
async def test_whoever_may_no_longer_prepare_is_told_nothing_of_an_opening(
    town: Town, taro: Frontend, code: str
) -> None:
    await booking.fill_books(town)
    agent = agent_alone(town, MANAGER)
    await taro.register(code)
    await consent(taro)
    row = await unopened(agent, code)

    await consent(taro, "READ_POLICIES")

    (now,) = (await rows_of(agent, code, search=row["policyNumber"])).values()
    assert "NOT_LINKED" == now["blocker"]
    assert "RENEWAL_OPENS" not in [each["kind"] for each in now["deadlines"]]
    await agree(agent, code, town.clock())
