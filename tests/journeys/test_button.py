"""The one irreversible act: what each trouble at the button leaves behind, and that nothing is ever sent twice."""

from datetime import datetime, timedelta

import pytest

from insurers.sandbox import Fault
from tests.api.conftest import Town
from tests.api.frontend import Frontend, Json
from tests.journeys.insurer import AnInsurer, by_turns


@by_turns
@pytest.mark.parametrize("fault", [Fault.SILENCE, Fault.GIBBERISH])
async def test_what_nobody_heard_is_looked_up_and_never_sent_again(
    town: Town, taro: Frontend, insurer: AnInsurer, ready: Json, fault: Fault
) -> None:
    insurer.order(insurer.places.button, fault)

    silent = (await taro.submit(ready))["renewal"]

    assert "UNCONFIRMED" == silent["status"]
    assert silent["result"] is None
    assert "OUTCOME_UNKNOWN" == silent["trouble"]["code"]
    assert [("REFRESH", None)] == [(act["kind"], act["mutation"]) for act in silent["nextActions"]]

    # Whoever asks again is told the same, and the worker waits until the insurer's records are settled.
    assert "UNCONFIRMED" == (await taro.submit(ready))["renewal"]["status"]
    assert 0 == await town.gateway.worker.turn()
    town.clock.advance(insurer.settles_within)
    assert 1 == await town.gateway.worker.turn()

    found = await taro.read(ready)
    assert "ACCEPTED" == found["status"]
    assert found["trouble"] is None
    assert [found["result"]["newPolicyNumber"]] == await insurer.successors(taro)
    assert 1 == insurer.presses


async def test_an_insurer_that_cannot_say_yet_is_asked_again_later(
    town: Town, taro: Frontend, insurer: AnInsurer, ready: Json
) -> None:
    insurer.order(insurer.places.button, Fault.SILENCE)
    await taro.submit(ready)
    town.clock.advance(insurer.settles_within)
    town.trouble(insurer.code, Fault.BUSY)

    assert 1 == await town.gateway.worker.turn()

    assert "UNCONFIRMED" == (await taro.read(ready))["status"]
    assert 0 == await town.gateway.worker.turn()
    town.relieve()
    town.clock.advance(timedelta(hours=1))
    await town.gateway.worker.turn()
    assert "ACCEPTED" == (await taro.read(ready))["status"]
    assert 1 == insurer.presses


@pytest.mark.parametrize("place", ["door", "button"])
async def test_an_insurer_too_busy_to_take_it_gets_it_later(
    town: Town, taro: Frontend, insurer: AnInsurer, ready: Json, place: str
) -> None:
    busy = getattr(insurer.places, place)
    insurer.order(busy, Fault.BUSY, times=2)

    queued = (await taro.submit(ready))["renewal"]

    insurer.calm()
    assert "QUEUED" == queued["status"]
    assert queued["result"] is None
    assert ["renewalWithdraw", "renewalCancel"] == [
        act["mutation"].removeprefix("Mutation.") for act in queued["nextActions"]
    ]
    assert [] == await insurer.successors(taro)
    refused = insurer.presses
    assert (1 if place == "button" else 0) == refused
    assert 0 == await town.gateway.worker.turn()
    town.clock.set(datetime.fromisoformat(queued["willSubmitAt"]))
    assert 1 == await town.gateway.worker.turn()

    found = await taro.read(ready)
    assert "ACCEPTED" == found["status"]
    assert [found["result"]["newPolicyNumber"]] == await insurer.successors(taro)
    assert refused + 1 == insurer.presses


@pytest.mark.parametrize("what", ["premium", "document"])
async def test_what_changed_since_the_review_is_not_signed(
    taro: Frontend, insurer: AnInsurer, ready: Json, what: str
) -> None:
    await insurer.change(getattr(insurer.places, what), taro)

    done = await taro.submit(ready)

    assert ["REVIEW_CHANGED"] == [error["code"] for error in done["errors"]]
    changed = done["renewal"]
    assert "IN_PROGRESS" == changed["status"]
    assert changed["review"] is None
    assert [] == await insurer.successors(taro)
    before, now = ({plan["id"]: plan["premium"]["total"] for plan in one["plans"]} for one in (ready, changed))
    assert (what == "premium") == (before != now)

    # What was confirmed about other words is asked again, and then it goes through.
    again = await taro.follow(changed)
    assert "READY" == again["status"]
    assert ready["reviewHash"] != again["reviewHash"]
    accepted = (await taro.submit(again))["renewal"]
    assert "ACCEPTED" == accepted["status"]
    assert 1 == len(await insurer.successors(taro))


async def test_an_insurer_that_cannot_be_reached_gets_it_later(
    town: Town, taro: Frontend, insurer: AnInsurer, ready: Json
) -> None:
    town.trouble(insurer.code, Fault.BUSY)

    queued = (await taro.submit(ready))["renewal"]

    assert "QUEUED" == queued["status"]
    assert 0 == insurer.presses
    town.relieve()
    town.clock.set(datetime.fromisoformat(queued["willSubmitAt"]))
    await town.gateway.worker.turn()
    assert "ACCEPTED" == (await taro.read(ready))["status"]
    assert 1 == insurer.presses


async def test_a_queue_that_meets_a_changed_premium_asks_the_customer(
    town: Town, taro: Frontend, insurer: AnInsurer, ready: Json
) -> None:
    insurer.order(insurer.places.button, Fault.BUSY)
    queued = (await taro.submit(ready))["renewal"]
    await insurer.change(insurer.places.premium, taro)
    town.clock.set(datetime.fromisoformat(queued["willSubmitAt"]))

    await town.gateway.worker.turn()

    changed = await taro.read(ready)
    assert "IN_PROGRESS" == changed["status"]
    assert "PREMIUM_CHANGED" == changed["trouble"]["code"]
    assert [] == await insurer.successors(taro)
    assert "ACCEPTED" == (await taro.submit(await taro.follow(changed)))["renewal"]["status"]
