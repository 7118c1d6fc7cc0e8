"""Registrations that do not go straight: dead links, wrong secrets, and insurers that fall silent or are not there."""

from datetime import datetime, timedelta

from insurers.sandbox import Fault
from tests.api.conftest import Town
from tests.api.frontend import Frontend, Json
from tests.journeys.insurer import AnInsurer, by_turns
from tests.journeys.registering import STEP, guessed, mailed, read, resent, secret_asked

SECOND = timedelta(seconds=1)

# More than any insurer lets somebody guess.
MANY = 10


async def test_a_link_dies_by_the_clock_and_the_draft_lives_on(town: Town, taro: Frontend, insurer: AnInsurer) -> None:
    asked = await mailed(taro, await taro.begin(insurer.code))
    dies_at = datetime.fromisoformat(asked["challenge"]["expiresAt"])
    town.clock.set(dies_at - SECOND)
    # The warning is due by then, and nothing else.
    assert 1 == await town.gateway.worker.turn()
    assert 0 == await town.gateway.worker.turn()
    assert "EXPIRED" != (await read(taro, asked))["status"]
    town.clock.set(dies_at)

    assert 1 == await town.gateway.worker.turn()

    expired = await read(taro, asked)
    assert ("EXPIRED", None) == (expired["status"], expired["challenge"])
    assert "registrationMessageResend" in [act["mutation"].removeprefix("Mutation.") for act in expired["nextActions"]]
    again = await resent(taro, expired)
    # Nothing is asked again but what the sending step asks each time.
    before = [step["state"] for step in again["steps"] if step["id"] != again["currentStep"]["id"]]
    assert {"DONE", "LOCKED"} >= set(before)
    assert sorted(before) == before
    assert "COMPLETED" == (await taro.follow_registration(again))["status"]


async def test_a_dead_link_is_refused_and_a_fresh_one_completes(taro: Frontend, insurer: AnInsurer) -> None:
    asked = await mailed(taro, await taro.begin(insurer.code))
    old = taro.link()
    opened = (await taro.answer(STEP, asked, asked["currentStep"]))["registration"]
    again = await mailed(taro, await resent(taro, opened))

    def bring_the_old_one(need: Json) -> Json | None:
        return {"link": old} if need["__typename"] == "OutOfBandRequirement" else None

    refused = await taro.follow_registration(again, bring_the_old_one)

    assert ["EXPIRED"] == [error["code"] for error in refused["errors"]]
    assert "EXPIRED" == refused["status"]
    assert refused["link"] is None
    assert "COMPLETED" == (await taro.follow_registration(await resent(taro, refused)))["status"]


@by_turns
async def test_silence_while_the_mail_is_sent_asks_to_send_it_again(
    town: Town, taro: Frontend, insurer: AnInsurer
) -> None:
    insurer.order(insurer.places.sends, Fault.SILENCE)

    silent = await mailed(taro, await taro.begin(insurer.code))

    assert ["OUTCOME_UNKNOWN"] == [error["code"] for error in silent["errors"]]
    assert "UNCONFIRMED" == silent["status"]
    assert 1 == insurer.calls(insurer.places.sends)
    # A second mail is the customer's to ask for, not ours.
    town.clock.advance(timedelta(hours=1))
    assert 0 == await town.gateway.worker.turn()
    assert "COMPLETED" == (await taro.follow_registration(await resent(taro, silent)))["status"]


async def test_an_insurer_that_is_not_there_costs_nothing(taro: Frontend, insurer: AnInsurer) -> None:
    insurer.order(insurer.places.sends, Fault.BUSY)

    refused = await mailed(taro, await taro.begin(insurer.code))

    assert ["PROVIDER_UNAVAILABLE"] == [error["code"] for error in refused["errors"]]
    assert "COLLECTING" == refused["status"]
    assert refused["trouble"] is not None
    answered = [step["key"] for step in refused["steps"] if step["state"] == "DONE"]
    assert answered == [step["key"] for step in refused["steps"]][: len(answered)]
    assert "COMPLETED" == (await taro.follow_registration(refused))["status"]


async def test_a_wrong_secret_can_be_corrected(taro: Frontend, insurer: AnInsurer) -> None:
    asked = await secret_asked(taro, insurer.code)

    refused = await guessed(taro, asked)

    assert 1 == len(refused["errors"])
    assert asked["currentStep"]["id"] == refused["currentStep"]["id"]
    assert "COMPLETED" == (await taro.follow_registration(refused))["status"]


async def test_guessing_comes_to_an_end(taro: Frontend, insurer: AnInsurer) -> None:
    asked = await secret_asked(taro, insurer.code)

    guesses = 0
    while asked["currentStep"] is not None and guesses < MANY and "EXPIRED" != asked["status"]:
        asked = await guessed(taro, asked)
        guesses += 1

    assert guesses < MANY
    assert "EXPIRED" == asked["status"]
    assert asked["link"] is None
    assert "COMPLETED" == (await taro.follow_registration(await resent(taro, asked)))["status"]


async def test_an_answer_to_a_registration_that_moved_on_is_refused(taro: Frontend, insurer: AnInsurer) -> None:
    begun = await taro.begin(insurer.code)
    await taro.answer(STEP, begun, begun["currentStep"])

    done = await taro.answer(STEP, begun, begun["currentStep"])

    assert ["VERSION_CONFLICT"] == [error["code"] for error in done["errors"]]


async def test_silence_at_the_last_step_leaves_a_way_on(taro: Frontend, insurer: AnInsurer) -> None:
    insurer.order(insurer.places.opens, Fault.SILENCE)

    silent = await taro.register(insurer.code)

    assert "UNCONFIRMED" == silent["status"]
    assert 1 == insurer.calls(insurer.places.opens)
    assert {"RESEND_MESSAGE", "CANCEL"} <= {act["kind"] for act in silent["nextActions"]}


async def test_a_registration_given_up_is_over(town: Town, taro: Frontend, insurer: AnInsurer) -> None:
    asked = await mailed(taro, await taro.begin(insurer.code))

    await taro.mutate("RegistrationCancel", registrationId=asked["id"])

    town.clock.set(datetime.fromisoformat(asked["challenge"]["expiresAt"]) + SECOND)
    await town.gateway.worker.turn()
    over = await read(taro, asked)
    assert ("CANCELLED", []) == (over["status"], over["nextActions"])
    assert "COMPLETED" == (await taro.register(insurer.code))["status"]
