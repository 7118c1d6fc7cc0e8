"""What was promised while the insurer was closed or silent: kept, taken back, referred in time, or called out."""

from datetime import datetime, timedelta

import pytest

from insurers.sandbox import Fault
from tests.api.conftest import Town
from tests.api.frontend import Frontend, Json
from tests.journeys.insurer import PLACES, AnInsurer
from tests.journeys.test_waiting_for_opening import closed, closing, hours

__all__ = ["closed"]

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


FIELDS = """query ($id: ID!) { renewal(id: $id) { steps { requirements {
  key ... on FieldRequirement { reprices suggested options { value } } } } } }"""


async def repricing(customer: Frontend, renewal: Json) -> list[Json]:
    """Everything that is asked in any step, and decides what the plans cost."""
    steps = (await customer.raw(FIELDS, {"id": renewal["id"]}))["data"]["renewal"]["steps"]
    return [need for step in steps for need in step["requirements"] if need.get("reprices")]


def codes(done: Json) -> list[str]:
    return [error["code"] for error in done["errors"]]


def acts(renewal: Json) -> list[str]:
    return [act["kind"] for act in renewal["nextActions"]]


@closing
async def test_a_receipt_tells_what_was_promised_and_what_was_not(
    taro: Frontend, insurer: AnInsurer, ready: Json, closed: datetime
) -> None:
    queued = (await taro.submit(ready))["renewal"]

    receipt = queued["receipt"]
    assert ready["reviewHash"] == receipt["reviewHash"]
    assert datetime.fromisoformat(receipt["givenAt"]) < closed
    assert "保険会社はまだ受け付けていません" in receipt["statement"]
    assert receipt["number"] == (await taro.submit(ready))["renewal"]["receipt"]["number"]
    assert queued["submittedAt"] is None
    assert ["WITHDRAW", "CANCEL"] == acts(queued)


@closing
async def test_an_application_taken_back_goes_back_into_its_review_and_may_be_made_again(
    town: Town, taro: Frontend, insurer: AnInsurer, ready: Json, closed: datetime
) -> None:
    queued = (await taro.submit(ready))["renewal"]

    back = (await taro.mutate("RenewalWithdraw", renewalId=queued["id"]))["renewal"]

    assert ("READY", None, None) == (back["status"], back["receipt"], back["willSubmitAt"])
    assert ready["reviewHash"] == back["reviewHash"]
    town.clock.set(closed + HOUR)
    await town.gateway.worker.turn()
    assert 0 == insurer.presses
    assert "ACCEPTED" == (await taro.submit(back))["renewal"]["status"]
    assert 1 == insurer.presses


async def test_what_was_sent_cannot_be_taken_back(taro: Frontend, insurer: AnInsurer, ready: Json) -> None:
    accepted = (await taro.submit(ready))["renewal"]

    done = await taro.mutate("RenewalWithdraw", renewalId=accepted["id"])

    assert ["STEP_LOCKED"] == codes(done)
    assert "ACCEPTED" == done["renewal"]["status"]


@closing
async def test_who_will_not_wait_is_told_from_when_to_when_the_insurer_is_open(
    taro: Frontend, insurer: AnInsurer, ready: Json, closed: datetime
) -> None:
    done = await taro.submit(ready, whenClosed="REFUSE")

    (error,) = done["errors"]
    assert ("PROVIDER_CLOSED", False) == (error["code"], error["openNow"])
    assert closed == datetime.fromisoformat(error["opensAt"])
    assert hours(insurer.code).closes_at(closed) == datetime.fromisoformat(error["closesAt"])
    assert "READY" == done["renewal"]["status"]


@closing
async def test_at_the_opening_it_is_walked_once_more_and_then_pressed(
    town: Town, taro: Frontend, insurer: AnInsurer, ready: Json, closed: datetime
) -> None:
    await taro.submit(ready)
    town.clock.set(closed)
    insurer.count_anew()

    await town.gateway.worker.turn()

    # Once for the walk and once for the press, which walks by itself.
    assert 2 == insurer.calls(insurer.places.door)
    assert 1 == insurer.presses
    assert "ACCEPTED" == (await taro.read(ready))["status"]


@closing
async def test_an_insurer_in_trouble_at_its_opening_is_tried_again_and_the_promise_stands(
    town: Town, taro: Frontend, insurer: AnInsurer, ready: Json, closed: datetime
) -> None:
    await taro.submit(ready)
    town.clock.set(closed)
    town.trouble(insurer.code, Fault.BUSY)
    await town.gateway.worker.turn()
    waiting = await taro.read(ready)

    town.relieve()
    town.clock.set(datetime.fromisoformat(waiting["willSubmitAt"]))
    await town.gateway.worker.turn()

    assert "QUEUED" == waiting["status"]
    assert closed < datetime.fromisoformat(waiting["willSubmitAt"])
    assert "ACCEPTED" == (await taro.read(ready))["status"]
    assert 1 == insurer.presses


@closing
async def test_a_promise_that_cannot_be_kept_is_handed_to_the_agency_and_called_out(
    town: Town, taro: Frontend, insurer: AnInsurer, ready: Json, closed: datetime
) -> None:
    await taro.submit(ready)
    town.trouble(insurer.code, Fault.BUSY)
    town.clock.set(closed)
    await town.gateway.worker.turn()
    town.clock.advance(2 * HOUR)
    await town.gateway.worker.turn()
    late = await taro.read(ready)

    town.clock.set(datetime.fromisoformat(ready["closesAt"] or ready["dueBy"]))
    await town.gateway.worker.turn()

    assert "QUEUED" == late["status"]
    assert late["alarmedAt"] is not None
    assert "CONTACT_AGENCY" in acts(late)
    referred = await taro.read(ready)
    last_moment = ready["closesAt"] or ready["dueBy"]
    assert ("LAPSED" if last_moment == ready["dueBy"] else "REFERRED") == referred["status"]
    assert ["TOO_LATE"] == [reason["code"] for reason in referred["reasons"]]
    assert ready["agencyContact"] == referred["reasons"][0]["contact"] is not None
    assert 0 == insurer.presses


async def test_an_application_that_nobody_confirms_is_called_out_once_and_goes_on_being_looked_up(
    town: Town, taro: Frontend, insurer: AnInsurer, ready: Json
) -> None:
    insurer.order(insurer.places.button, Fault.SILENCE)
    await taro.submit(ready)
    town.trouble(insurer.code, Fault.BUSY)
    for _ in range(2):
        town.clock.advance(2 * HOUR)
        await town.gateway.worker.turn()

    called = await taro.read(ready)

    assert "UNCONFIRMED" == called["status"]
    assert called["alarmedAt"] is not None
    assert ["REFRESH", "CONTACT_AGENCY"] == acts(called)
    told = [edge["node"]["summary"] for edge in called["events"]["edges"]]
    assert 1 == sum("never apply twice" in line for line in told)
    town.relieve()
    town.clock.advance(HOUR)
    await town.gateway.worker.turn()
    assert "ACCEPTED" == (await taro.read(ready))["status"]
    assert 1 == insurer.presses


async def test_a_premium_that_the_insurer_no_longer_stands_by_is_walked_anew_before_the_press(
    town: Town, taro: Frontend, insurer: AnInsurer, ready: Json
) -> None:
    until = ready["review"]["plan"]["validUntil"]
    if until is not None:
        # At the next hour at which the insurer is open for sure.
        after = datetime.fromisoformat(until) + MINUTE
        town.clock.set(hours(insurer.code).opens_at(after) or after)
    insurer.count_anew()

    done = await taro.submit(ready)

    assert [] == done["errors"]
    assert "ACCEPTED" == done["renewal"]["status"]
    assert (1 if until is None else 2) == insurer.calls(insurer.places.door)
    assert 1 == insurer.presses


async def test_who_looks_at_another_plan_and_comes_back_confirms_the_review_again_and_goes_on(
    taro: Frontend, insurer: AnInsurer, ready: Json
) -> None:
    chosen, other = ready["selectedPlan"], next(plan for plan in ready["plans"] if not plan["selected"])
    away = (await taro.choose(ready, other))["renewal"]
    back = (await taro.choose(await taro.follow(away), chosen))["renewal"]

    again = await taro.follow(back)

    assert "READY" == again["status"]
    assert ready["reviewHash"] == again["reviewHash"]
    assert "ACCEPTED" == (await taro.submit(again))["renewal"]["status"]


@closing
async def test_without_leave_nothing_waits_for_another_opening(
    town: Town, taro: Frontend, insurer: AnInsurer, ready: Json, closed: datetime
) -> None:
    town.clock.set(town.clock() - timedelta(seconds=1))
    town.trouble(insurer.code, Fault.BUSY)

    done = await taro.submit(ready, whenClosed="REFUSE")

    town.relieve()
    assert ("READY", None) == (done["renewal"]["status"], done["renewal"]["willSubmitAt"])
    assert ["PROVIDER_CLOSED"] == codes(done)
    town.clock.set(closed + HOUR)
    await town.gateway.worker.turn()
    assert 0 == insurer.presses
    assert "READY" == (await taro.read(ready))["status"]


@closing
async def test_what_is_tried_again_until_the_insurer_closes_goes_back_to_its_customer(
    town: Town, taro: Frontend, insurer: AnInsurer, ready: Json, closed: datetime
) -> None:
    town.clock.set(town.clock() - HOUR)
    town.trouble(insurer.code, Fault.BUSY)
    waiting = (await taro.submit(ready))["renewal"]
    town.clock.set(closed - MINUTE)
    await town.gateway.worker.turn()

    released = await taro.read(ready)

    assert "QUEUED" == waiting["status"]
    assert ("READY", None) == (released["status"], released["willSubmitAt"])
    assert "もう一度お申し込みください" in released["trouble"]["message"]
    assert 0 == insurer.presses


async def test_an_application_that_was_lost_tells_its_customer_to_apply_again(
    town: Town, taro: Frontend, insurer: AnInsurer, ready: Json
) -> None:
    insurer.order(insurer.places.button, Fault.LOST)
    await taro.submit(ready)
    town.clock.advance(insurer.settles_within)

    await town.gateway.worker.turn()

    lost = await taro.read(ready)
    assert ("READY", "APPLICATION_NOT_RECEIVED") == (lost["status"], lost["trouble"]["code"])
    assert "もう一度お申し込みください" in lost["trouble"]["message"]
    again = (await taro.submit(lost))["renewal"]
    assert ("ACCEPTED", None) == (again["status"], again["trouble"])


@closing
async def test_the_history_tells_of_a_press_that_came_after_trouble(
    town: Town, taro: Frontend, insurer: AnInsurer, ready: Json, closed: datetime
) -> None:
    await taro.submit(ready)
    town.clock.set(closed)
    town.trouble(insurer.code, Fault.BUSY)
    await town.gateway.worker.turn()
    town.relieve()
    town.clock.set(datetime.fromisoformat((await taro.read(ready))["willSubmitAt"]))

    await town.gateway.worker.turn()

    told = [edge["node"]["summary"] for edge in (await taro.read(ready))["events"]["edges"]]
    assert ["The insurer issued the next policy", "The application goes out"] == told[:2]


async def test_whoever_signs_in_again_does_not_make_a_not_found_of_what_has_not_settled(
    town: Town, taro: Frontend, insurer: AnInsurer, ready: Json
) -> None:
    insurer.order(insurer.places.button, Fault.LOST)
    await taro.submit(ready)

    await taro.sign_in(insurer.code)
    await town.gateway.worker.turn()

    assert "UNCONFIRMED" == (await taro.read(ready))["status"]
    town.clock.advance(insurer.settles_within)
    await town.gateway.worker.turn()
    assert "READY" == (await taro.read(ready))["status"]


@closing
async def test_what_was_promised_and_lost_is_sent_again_and_once(
    town: Town, taro: Frontend, insurer: AnInsurer, ready: Json, closed: datetime
) -> None:
    queued = (await taro.submit(ready))["renewal"]
    insurer.order(insurer.places.button, Fault.LOST)
    town.clock.set(closed)
    await town.gateway.worker.turn()
    town.clock.advance(insurer.settles_within)
    await town.gateway.worker.turn()
    again = await taro.read(ready)

    await town.gateway.worker.turn()

    assert ("QUEUED", queued["receipt"]) == (again["status"], again["receipt"])
    accepted = await taro.read(ready)
    assert [accepted["result"]["newPolicyNumber"]] == await insurer.successors(taro)


@closing
async def test_people_are_called_for_silence_although_they_were_called_for_a_wait(
    town: Town, taro: Frontend, insurer: AnInsurer, ready: Json, closed: datetime
) -> None:
    await taro.submit(ready)
    town.trouble(insurer.code, Fault.BUSY)
    town.clock.set(closed + 2 * HOUR)
    await town.gateway.worker.turn()
    first = await taro.read(ready)
    town.relieve()
    insurer.order(insurer.places.button, Fault.SILENCE)
    town.clock.advance(HOUR)
    await town.gateway.worker.turn()
    pressed = await taro.read(ready)

    town.trouble(insurer.code, Fault.BUSY)
    town.clock.advance(2 * HOUR)
    await town.gateway.worker.turn()

    assert first["alarmedAt"] is not None
    assert ("UNCONFIRMED", None) == (pressed["status"], pressed["alarmedAt"])
    assert (await taro.read(ready))["alarmedAt"] is not None


@pytest.mark.parametrize("code", [code for code, places in PLACES.items() if places.corrects])
async def test_a_condition_that_is_corrected_prices_every_plan_anew_and_is_signed_as_corrected(
    town: Town, taro: Frontend, insurer: AnInsurer
) -> None:
    await town.settle(taro, insurer.code)
    renewal = await taro.start(insurer.code)
    (need,) = [need for need in await repricing(taro, renewal) if need["key"] == insurer.places.corrects]
    other = next(option["value"] for option in need["options"] if option["value"] != need["suggested"])

    def corrected(asked: Json) -> Json | None:
        return {"choice": other} if asked["key"] == insurer.places.corrects else None

    answered = await taro.answer("RenewalStepAnswer", renewal, renewal["currentStep"], corrected)
    finished = await taro.follow(answered["renewal"], corrected)

    prices = [[plan["premium"]["total"] for plan in stage["plans"]] for stage in (renewal, answered["renewal"])]
    assert [] == answered["errors"]
    assert all(before != after for before, after in zip(*prices, strict=True))
    assert "READY" == finished["status"]
    signed = (await taro.submit(finished))["renewal"]
    assert "ACCEPTED" == signed["status"]
    assert finished["review"]["premium"]["total"] in prices[1]


@pytest.mark.parametrize("code", [code for code, places in PLACES.items() if not places.corrects])
async def test_where_nothing_can_be_corrected_nothing_is_asked_that_reprices(
    town: Town, taro: Frontend, insurer: AnInsurer
) -> None:
    await town.settle(taro, insurer.code)

    renewal = await taro.start(insurer.code)

    assert [] == await repricing(taro, renewal)
