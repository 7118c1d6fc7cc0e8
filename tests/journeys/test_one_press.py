"""However often a wish is uttered, it is granted once."""

import asyncio

from insurers.sandbox import Fault
from tests.api.conftest import Town
from tests.api.frontend import Frontend, Json
from tests.journeys.insurer import AnInsurer, by_turns

# Long enough for the other tab to come, and short enough to wait for.
THINKING_SECONDS = 0.3


async def test_a_second_submit_with_another_key_is_told_what_the_first_did(
    taro: Frontend, insurer: AnInsurer, ready: Json
) -> None:
    first = await taro.submit(ready)
    second = await taro.submit(ready)

    assert ("ACCEPTED", "ACCEPTED") == (first["renewal"]["status"], second["renewal"]["status"])
    assert first["renewal"]["result"] == second["renewal"]["result"]
    assert [] == second["errors"]
    assert 1 == insurer.presses


@by_turns
async def test_two_tabs_at_once_press_once(taro: Frontend, insurer: AnInsurer, ready: Json) -> None:
    insurer.order(insurer.places.button, Fault.SLOW, seconds=THINKING_SECONDS)

    done = await asyncio.gather(*(taro.submit(ready) for _ in range(3)))

    # Whoever was late is told how far it has come, or that it has moved on; nobody is told that it failed.
    assert {"ACCEPTED", "SUBMITTING"} >= {one["renewal"]["status"] for one in done}
    assert {"VERSION_CONFLICT"} >= {error["code"] for one in done for error in one["errors"]}
    assert 1 == sum("ACCEPTED" == one["renewal"]["status"] for one in done)
    assert 1 == insurer.presses
    assert 1 == len(await insurer.successors(taro))


@by_turns
async def test_one_key_that_comes_twice_at_once_gets_one_answer(
    taro: Frontend, insurer: AnInsurer, ready: Json
) -> None:
    insurer.order(insurer.places.button, Fault.SLOW, seconds=THINKING_SECONDS)

    one, other = await asyncio.gather(*(taro.submit(ready, idempotencyKey="one-wish") for _ in range(2)))

    assert one["renewal"] == other["renewal"]
    assert "ACCEPTED" == one["renewal"]["status"]
    assert {True, False} == {one["replayed"], other["replayed"]}
    assert 1 == insurer.presses

    late = await taro.submit(ready, idempotencyKey="one-wish")
    assert one["renewal"] == late["renewal"]
    assert late["replayed"]
    assert 1 == insurer.presses


async def test_a_key_that_meant_something_else_is_refused(taro: Frontend, insurer: AnInsurer, ready: Json) -> None:
    await taro.submit(ready, idempotencyKey="one-wish", reviewHash="0" * 64)

    done = await taro.submit(ready, idempotencyKey="one-wish")

    assert ["IDEMPOTENCY_KEY_REUSED"] == [error["code"] for error in done["errors"]]
    assert 0 == insurer.presses


async def test_a_client_that_leaves_takes_nothing_back(
    town: Town, taro: Frontend, insurer: AnInsurer, ready: Json
) -> None:
    insurer.order(insurer.places.button, Fault.SLOW, seconds=THINKING_SECONDS)
    asking = asyncio.create_task(taro.submit(ready, idempotencyKey="one-wish"))
    await insurer.called(insurer.places.button)

    asking.cancel()

    done = await taro.submit(ready, idempotencyKey="one-wish")
    assert "ACCEPTED" == done["renewal"]["status"]
    assert 1 == insurer.presses


async def test_a_document_opened_while_the_insurer_thinks_does_not_drown_its_answer(
    town: Town, taro: Frontend, insurer: AnInsurer
) -> None:
    documents: list[str] = []

    def remember(need: Json) -> None:
        if "document" in need:
            documents.append(need["document"]["url"])

    await town.settle(taro, insurer.code)
    ready = await taro.ready(insurer.code, remember)
    insurer.order(insurer.places.button, Fault.SLOW, seconds=THINKING_SECONDS)
    asking = asyncio.create_task(taro.submit(ready))
    await insurer.called(insurer.places.button)
    # Only an edition that nobody has opened yet leaves a note.
    await insurer.change(insurer.places.document, taro)

    for url in documents:
        async with taro.http.get(url) as response:
            assert 200 == response.status

    done = await asking
    assert ["REVIEW_CHANGED"] == [error["code"] for error in done["errors"]]
    assert "IN_PROGRESS" == (await taro.read(ready))["status"]


async def test_a_renewal_is_begun_once(town: Town, taro: Frontend, insurer: AnInsurer) -> None:
    await town.settle(taro, insurer.code)

    started = await asyncio.gather(*(taro.start(insurer.code) for _ in range(3)))

    assert 1 == len({renewal["id"] for renewal in started})
    assert started[0]["id"] == (await taro.start(insurer.code))["id"]


async def test_a_renewed_policy_is_not_renewed_again(taro: Frontend, insurer: AnInsurer, ready: Json) -> None:
    await taro.submit(ready)
    policy = await taro.policy_id(insurer.code)

    done = await taro.mutate("RenewalStart", policy={"id": policy})

    assert ["ALREADY_DONE"] == [error["code"] for error in done["errors"]]
    assert 1 == insurer.presses
