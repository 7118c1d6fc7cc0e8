"""What one asker may spend in a minute and try in a while, whoever else asks, and how that is told."""

import re
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from gateway.rates import TRIES
from gateway.settings import Given, Settings, read
from schema.execution.limits import LIMITS
from schema.execution.passage import COST_OF_REFUSAL
from schema.execution.reading import COST_OF_READING, cost_of_reading
from schema.spending import Tries
from tests.api.conftest import FRIDAY, Town
from tests.api.frontend import Frontend, Json
from tests.api.live import connected
from tests.compiler import COMPILED
from tests.store.databases import sqlite_migrated

pytestmark = pytest.mark.asyncio(loop_scope="module")

COST_PER_MINUTE = 60_000
COST_FOR_NOBODY = 100
RESPONSE = "application/graphql-response+json"

STANDING = "{ rateLimit { cost largest limit remaining resetAt } }"


@pytest.fixture(scope="module")
def village_settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    folder: Path = tmp_path_factory.mktemp("village")
    return read(
        Given,
        data_folder=folder / "data",
        database_url=sqlite_migrated(folder),
        environment="test",
        cost_per_minute=COST_PER_MINUTE,
        cost_per_minute_for_nobody=COST_FOR_NOBODY,
        compiled=COMPILED,
    )


async def post(who: Frontend, document: str, accept: str = "*/*") -> tuple[int, Any, Json]:
    headers = who.headers | {"Accept": accept}
    async with who.http.post(f"{who.url}/graphql", json={"query": document}, headers=headers) as answer:
        return answer.status, answer.headers, await answer.json()


async def remaining(who: Frontend) -> int:
    return int((await post(who, STANDING))[2]["extensions"]["cost"]["remaining"])


def stranger(village: Town, name: str) -> Frontend:
    return Frontend(village.http, village.url, village.issuer.mint(name), "taro", [])


async def test_every_answer_tells_what_it_cost_and_what_is_left(village: Town) -> None:
    taro = village.customer("taro")
    await post(village.customer("sayuri"), STANDING)
    _, headers, first = await post(taro, STANDING)
    wrong = "{ insurers(first: 7) { edges { node { code } } } nope }"
    _, _, second = await post(taro, wrong)

    told = first["data"]["rateLimit"]
    assert first["extensions"]["cost"] == told
    assert (1, LIMITS.cost, COST_PER_MINUTE, COST_PER_MINUTE - 1) == (
        told["cost"],
        told["largest"],
        told["limit"],
        told["remaining"],
    )
    assert FRIDAY < datetime.fromisoformat(told["resetAt"]) <= FRIDAY + timedelta(minutes=1)
    assert f'"cost";q={COST_PER_MINUTE};w=60' == headers["RateLimit-Policy"]
    assert re.fullmatch(rf'"cost";r={COST_PER_MINUTE - 1};t=(59|60)', headers["RateLimit"])
    # What is wrong was looked at, too, and that again each time.
    assert [16, COST_PER_MINUTE - 17 - cost_of_reading(wrong)] == [
        second["extensions"]["cost"][name] for name in ("cost", "remaining")
    ]


async def test_who_has_spent_all_is_told_when_to_come_again_and_others_are_served(village: Town) -> None:
    nobody, sayuri = village.nobody(), village.customer("sayuri")
    dear = "{ insurers(first: 40) { edges { node { code } } } }"
    await post(sayuri, dear)
    await post(sayuri, STANDING)
    first, second = await post(nobody, dear), await post(nobody, dear)
    status, headers, refused = await post(nobody, dear, RESPONSE)
    still = await post(sayuri, dear)

    assert (200, 81, 19) == (first[0], *(first[2]["extensions"]["cost"][name] for name in ("cost", "remaining")))
    (error,) = refused["errors"]
    assert ("RATE_LIMITED", 429) == (error["extensions"]["code"], status)
    assert 0 < error["extensions"]["retryAfter"] <= 60
    assert str(error["extensions"]["retryAfter"]) == headers["Retry-After"]
    assert "data" not in refused
    assert (200, "RATE_LIMITED") == (second[0], second[2]["errors"][0]["extensions"]["code"])
    assert 40 > len(still[2]["data"]["insurers"]["edges"]) > 0
    # What is left is still there for who asks for less.
    assert "data" in (await post(nobody, STANDING))[2]


async def test_a_document_that_nobody_sent_before_costs_that_it_is_read(village: Town) -> None:
    new = f"{{ {uuid4().hex.translate(str.maketrans('0123456789', 'ghijklmnop'))}: rateLimit {{ remaining }} }}"
    left = [next(iter((await post(stranger(village, name), new))[2]["data"].values())) for name in ("先", "後")]

    assert [COST_PER_MINUTE - 1 - cost_of_reading(new), COST_PER_MINUTE - 1] == [one["remaining"] for one in left]


async def test_what_is_refused_for_its_size_costs_what_it_took_to_see_that(village: Town) -> None:
    ichiro = stranger(village, "見本 一郎")
    refused = ["{ nodes(ids: [" + '"x" ' * 2001 + "]) { id } }", "{ viewer", "{ viewer { id } }" + " " * 100_000]
    answers = [(await post(ichiro, document))[2] for document in refused]

    assert ["OPERATION_TOO_EXPENSIVE", "BAD_REQUEST", "OPERATION_TOO_EXPENSIVE"] == [
        answer["errors"][0]["extensions"]["code"] for answer in answers
    ]
    costs = [cost_of_reading(refused[0]) + COST_OF_REFUSAL, cost_of_reading(refused[1]), COST_OF_READING]
    assert [COST_PER_MINUTE - sum(costs[:times]) for times in (1, 2, 3)] == [
        answer["extensions"]["cost"]["remaining"] for answer in answers
    ]


@pytest.mark.parametrize("asked", [{"operationName": "none"}, {}], ids=["a name it has not", "no name"])
async def test_a_document_of_which_nothing_can_be_run_costs_that_it_was_read(village: Town, asked: Json) -> None:
    jiro = stranger(village, f"見本 次郎 {asked}")
    document = "query A { rateLimit { remaining } } query B { rateLimit { remaining } }"
    before = await remaining(jiro)
    async with jiro.http.post(f"{jiro.url}/graphql", json={"query": document, **asked}, headers=jiro.headers) as answer:
        assert "errors" in await answer.json()

    assert before - cost_of_reading(document) - 1 == await remaining(jiro)


async def test_each_message_on_a_socket_costs_like_a_request(village: Town) -> None:
    watching = 'subscription { renewalUpdated(id: "nobody") { id } }'
    for document in (STANDING, watching):
        async with connected(village.customer("sayuri")) as live:
            await live.subscribe(document)
            await live.hear()
    async with connected(stranger(village, "見本 花子")) as live:
        left = []
        for _ in range(3):
            await live.subscribe(STANDING)
            left.append((await live.state())["remaining"])
            assert "complete" == (await live.hear())["type"]
        await live.subscribe(watching)
        assert "complete" == (await live.hear())["type"]
        await live.subscribe(STANDING)
        after = (await live.state())["remaining"]

    assert [COST_PER_MINUTE - 1, COST_PER_MINUTE - 2, COST_PER_MINUTE - 3] == left
    assert COST_PER_MINUTE - 24 == after


KEY = 'idempotencyKey: "k"'
STEP = f'flowId: "x", stepId: "x", expectedVersion: 1, answers: [], {KEY}'
TRIED = {
    Tries.SIGN_IN: f'renewalResume(input: {{ renewalId: "x", {KEY} }})',
    Tries.PASSCODE: f'challengeAnswer(input: {{ challengeId: "x", answer: "123456", {KEY} }})',
    Tries.REGISTRATION: f'registrationMessageResend(input: {{ registrationId: "x", {KEY} }})',
    Tries.REGISTRATION_ANSWER: f"registrationStepAnswer(input: {{ {STEP} }})",
    Tries.SUBMIT: f'renewalSubmit(input: {{ renewalId: "x", expectedVersion: 1, reviewHash: "x", {KEY} }})',
}


async def tried(who: Frontend, deed: str, times: int) -> list[Json]:
    """Try a deed so often, twenty times in a request: whoever guesses would not send one request for each guess."""
    found: list[Json] = []
    while len(found) < times:
        names = range(min(20, times - len(found)))
        document = " ".join(f"a{name}: {deed} {{ errors {{ code retryAt message }} }}" for name in names)
        answer = await who.raw(f"mutation {{ {document} }}")
        assert "errors" not in answer, answer["errors"]
        found += [payload["errors"][0] for payload in answer["data"].values()]
    return found


@pytest.mark.parametrize("kind", Tries)
async def test_what_must_not_be_tried_often_is_counted_by_itself(village: Town, kind: Tries) -> None:
    many, minutes = TRIES[kind]
    deed = TRIED[kind]
    codes = [error["code"] for error in await tried(village.customer("taro"), deed, many)]
    (late,) = await tried(village.customer("taro"), deed, 1)
    (other,) = await tried(village.customer("sayuri"), deed, 1)

    assert "RATE_LIMITED" not in {*codes, other["code"]}
    assert "RATE_LIMITED" == late["code"]
    assert FRIDAY < datetime.fromisoformat(late["retryAt"]) <= FRIDAY + timedelta(minutes=minutes)
    assert "お試しください" in late["message"]
