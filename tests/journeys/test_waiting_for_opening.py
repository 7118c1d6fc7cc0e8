"""An insurer that is closed: a wish waits, is never shown as granted, and may be taken back."""

import asyncio
from datetime import datetime, timedelta

import pytest

from insurers.capability import Capability
from insurers.hours import Hours, Openness
from insurers.identity import InsurerCode
from insurers.panel import find
from insurers.sandbox import Fault
from tests.api.conftest import CODES, FRIDAY, Town
from tests.api.frontend import Frontend, Json
from tests.journeys.insurer import AnInsurer, on_both_databases

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


def hours(code: str) -> Hours:
    return find(InsurerCode(code)).MANIFEST.hours[Capability.RENEWAL]


# An insurer that is always open cannot be waited for.
CLOSING = [code for code in CODES if hours(code).closes_at(FRIDAY) is not None]

closing = pytest.mark.parametrize("code", CLOSING)


@pytest.fixture
def closed(town: Town, insurer: AnInsurer, ready: Json) -> datetime:
    """Everything is answered, and it is the minute in which the insurer closes; answers when it opens."""
    closes_at = hours(insurer.code).closes_at(FRIDAY)
    assert closes_at is not None
    town.clock.set(closes_at)
    opens_at = hours(insurer.code).opens_at(closes_at)
    assert opens_at is not None
    return opens_at


@closing
@on_both_databases
async def test_a_wish_waits_for_the_opening(
    town: Town, taro: Frontend, insurer: AnInsurer, ready: Json, closed: datetime
) -> None:
    queued = (await taro.submit(ready))["renewal"]

    assert "QUEUED" == queued["status"]
    assert closed == datetime.fromisoformat(queued["willSubmitAt"])
    assert queued["result"] is None
    town.clock.set(closed - MINUTE)
    assert 0 == await town.gateway.worker.turn()
    assert queued["version"] == (await taro.read(ready))["version"]
    assert 0 == insurer.presses

    town.clock.set(closed)
    assert 1 == await town.gateway.worker.turn()

    assert "ACCEPTED" == (await taro.read(ready))["status"]
    assert 1 == insurer.presses
    assert 0 == await town.gateway.worker.turn()


@closing
async def test_two_workers_at_the_opening_press_once(
    town: Town, taro: Frontend, insurer: AnInsurer, ready: Json, closed: datetime
) -> None:
    await taro.submit(ready)
    town.clock.set(closed)

    turns = await asyncio.gather(town.gateway.worker.turn(), town.gateway.worker.turn())

    assert [0, 1] == sorted(turns)
    assert 1 == insurer.presses


@closing
async def test_a_wish_that_is_taken_back_is_never_sent(
    town: Town, taro: Frontend, insurer: AnInsurer, ready: Json, closed: datetime
) -> None:
    queued = (await taro.submit(ready))["renewal"]

    withdrawn = await taro.mutate("RenewalCancel", renewalId=queued["id"])

    assert "WITHDRAWN" == withdrawn["renewal"]["status"]
    town.clock.set(closed + HOUR)
    assert 0 == await town.gateway.worker.turn()
    assert 0 == insurer.presses
    assert [] == await insurer.successors(taro)
    # The term may be renewed after all.
    assert queued["id"] != (await taro.start(insurer.code))["id"]


@closing
async def test_what_changed_while_it_waited_is_not_signed(
    town: Town, taro: Frontend, insurer: AnInsurer, ready: Json, closed: datetime
) -> None:
    await taro.submit(ready)
    await insurer.change(insurer.places.premium, taro)
    town.clock.set(closed)

    await town.gateway.worker.turn()

    changed = await taro.read(ready)
    assert ("IN_PROGRESS", None) == (changed["status"], changed["willSubmitAt"])
    assert [] == await insurer.successors(taro)


async def test_a_wish_in_the_last_minute_is_granted_at_once_or_refused_at_once(
    town: Town, taro: Frontend, insurer: AnInsurer, ready: Json
) -> None:
    last_minute = datetime.fromisoformat(ready["dueBy"]) - MINUTE
    town.clock.set(last_minute)

    done = await taro.submit(ready)

    # Where no source tells the hours, nobody promises that it will open in time.
    is_open = hours(insurer.code).openness(last_minute) is Openness.OPEN
    expected = ("ACCEPTED", []) if is_open else ("READY", ["PROVIDER_CLOSED"])
    assert expected == (done["renewal"]["status"], [error["code"] for error in done["errors"]])
    assert int(is_open) == insurer.presses


async def test_a_wish_after_the_term_is_refused(town: Town, taro: Frontend, insurer: AnInsurer, ready: Json) -> None:
    town.clock.set(datetime.fromisoformat(ready["dueBy"]))

    done = await taro.submit(ready)

    assert ["NOT_ELIGIBLE"] == [error["code"] for error in done["errors"]]
    assert 0 == insurer.presses


async def test_a_term_that_ends_with_nothing_sent_lapses(
    town: Town, taro: Frontend, insurer: AnInsurer, ready: Json
) -> None:
    town.clock.set(datetime.fromisoformat(ready["dueBy"]) - MINUTE)
    assert 0 == await town.gateway.worker.turn()
    town.clock.advance(MINUTE)

    assert 1 == await town.gateway.worker.turn()

    assert "LAPSED" == (await taro.read(ready))["status"]
    assert 0 == insurer.presses


async def test_an_application_that_may_have_happened_outlives_the_term(
    town: Town, taro: Frontend, insurer: AnInsurer, ready: Json
) -> None:
    insurer.order(insurer.places.button, Fault.SILENCE)
    await taro.submit(ready)
    town.clock.set(datetime.fromisoformat(ready["dueBy"]) + HOUR)

    await town.gateway.worker.turn()

    assert "ACCEPTED" == (await taro.read(ready))["status"]
