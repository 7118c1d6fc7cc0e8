"""Deadlines of a registration: shown, warned of before they pass, and minded for many at once."""

import asyncio
from datetime import datetime, timedelta

from tests.api.conftest import Town, each_insurer
from tests.api.frontend import Frontend, Json
from tests.api.live import connected
from tests.api.test_watching import until

SECOND = timedelta(seconds=1)
MANY = 12

WATCHED = "subscription ($id: ID!) { registrationUpdated(id: $id) { id version status expiresAt expiresSoon } }"


async def waiting(frontend: Frontend, code: str) -> Json:
    """Register up to the mail, whose link is then waited for."""
    registration = await frontend.begin(code)
    while registration["status"] != "WAITING_FOR_LINK":
        registration = await frontend.advance(registration)
    return registration


async def summaries(frontend: Frontend, registration: Json) -> list[str]:
    history = await frontend.do("History", id=registration["id"])
    return [edge["node"]["summary"] for edge in history["events"]["edges"]]


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


@each_insurer
async def test_a_deadline_is_shown_and_nothing_expires_soon_at_first(town: Town, taro: Frontend, code: str) -> None:
    begun = await taro.begin(code)
    asked = await waiting(taro, code)

    assert (None, False) == (begun["expiresAt"], begun["expiresSoon"])
    assert asked["challenge"]["expiresAt"] == asked["expiresAt"]
    assert asked["challenge"]["singleUse"]
    assert town.clock() < moment(asked["expiresAt"])
    assert not asked["expiresSoon"]


@each_insurer
async def test_whoever_watches_is_warned_before_the_deadline_and_told_when_it_has_passed(
    town: Town, taro: Frontend, code: str
) -> None:
    asked = await waiting(taro, code)
    dies_at = moment(asked["expiresAt"])
    async with connected(taro) as live:
        await live.subscribe(WATCHED, id=asked["id"])
        first = await live.state()
        town.clock.set(dies_at - SECOND)
        await town.gateway.worker.turn()
        warned = (await until(live, "expiresSoon", True))[-1]
        town.clock.set(dies_at)
        await town.gateway.worker.turn()
        over = (await until(live, "status", "EXPIRED"))[-1]

    assert ("WAITING_FOR_LINK", False) == (first["status"], first["expiresSoon"])
    assert ("WAITING_FOR_LINK", asked["expiresAt"]) == (warned["status"], warned["expiresAt"])
    assert (None, False) == (over["expiresAt"], over["expiresSoon"])


@each_insurer
async def test_the_warning_comes_while_there_is_time_left_and_once(town: Town, taro: Frontend, code: str) -> None:
    asked = await waiting(taro, code)
    left = moment(asked["expiresAt"]) - town.clock()
    town.clock.advance(left / 2)
    assert 0 == await town.gateway.worker.turn()
    town.clock.advance(left / 2 - SECOND)

    turns = [await town.gateway.worker.turn() for _ in range(3)]

    assert [1, 0, 0] == turns
    assert 1 == (await summaries(taro, asked)).count("It expires soon")
    # The warning is no answer: the link works as before.
    assert "COMPLETED" == (await taro.follow_registration(await taro.do("RegistrationRead", id=asked["id"])))["status"]


@each_insurer
async def test_the_history_tells_of_the_warning_and_of_the_end(town: Town, taro: Frontend, code: str) -> None:
    asked = await waiting(taro, code)
    town.clock.set(moment(asked["expiresAt"]) - SECOND)
    await town.gateway.worker.turn()
    town.clock.advance(SECOND)
    await town.gateway.worker.turn()

    told = await summaries(taro, asked)

    assert {"It expires soon", "It expired"} <= set(told)
    assert abs(told.index("It expires soon") - told.index("It expired")) == 1


@each_insurer
async def test_many_die_in_one_turn_and_their_drafts_live_on(town: Town, taro: Frontend, code: str) -> None:
    asked = [await waiting(taro, code) for _ in range(MANY)]
    town.clock.set(max(moment(each["expiresAt"]) for each in asked))

    minded = await town.gateway.worker.turn()

    read = [await taro.do("RegistrationRead", id=each["id"]) for each in asked]
    assert MANY == minded
    assert {"EXPIRED"} == {each["status"] for each in read}
    assert {"RESEND_MESSAGE"} == {each["nextActions"][0]["kind"] for each in read}
    again = await taro.mutate("RegistrationMessageResend", registrationId=read[0]["id"])
    done = await taro.follow_registration(again["registration"])
    assert "COMPLETED" == done["status"]


@each_insurer
async def test_an_answer_after_the_deadline_is_refused_also_when_nobody_minded_it(
    town: Town, taro: Frontend, code: str
) -> None:
    asked = await waiting(taro, code)
    town.clock.set(moment(asked["expiresAt"]))
    town.forget_requests()

    late = await taro.answer("RegistrationStepAnswer", asked, asked["currentStep"])

    assert ["EXPIRED"] == [error["code"] for error in late["errors"]]
    assert "EXPIRED" == late["registration"]["status"]
    assert {} == town.requests(code)


@each_insurer
async def test_two_workers_at_once_mind_each_deadline_once(town: Town, taro: Frontend, code: str) -> None:
    asked = [await waiting(taro, code) for _ in range(3)]
    town.clock.set(max(moment(each["expiresAt"]) for each in asked))

    turns = await asyncio.gather(*(town.gateway.worker.turn() for _ in range(2)))

    assert len(asked) == sum(turns)
    assert 1 == (await summaries(taro, asked[0])).count("It expired")
