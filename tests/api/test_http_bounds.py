"""What one request may take: so much time to the last of its parts, and so many bytes."""

import asyncio
import json
from collections.abc import AsyncIterator
from urllib.parse import urlsplit

import pytest
import pytest_asyncio

from schema.execution.running import Bounds
from tests.api.arriving import APOLLO, APOLLO_SUBSCRIPTION, events, parts
from tests.api.endpoint import Endpoint, endpoint
from tests.api.frontend import Json

pytestmark = pytest.mark.asyncio(loop_scope="module")

RESPONSE = "application/graphql-response+json"
EVENTS = "text/event-stream"
WAITING = "{ room { name waiting } }"
WAITING_LATER = "{ room { name ... @defer { waiting } } }"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def at() -> AsyncIterator[Endpoint]:
    async with endpoint(Bounds(seconds=0.2, answer_bytes=1000)) as opened:
        yield opened


def codes(told: Json) -> list[str]:
    return [error["extensions"]["code"] for error in told.get("errors", ())]


@pytest.mark.parametrize(("accept", "status"), [("application/json", 200), (RESPONSE, 504), (APOLLO, 504)])
async def test_what_takes_too_long_is_broken_off(at: Endpoint, accept: str, status: int) -> None:
    at.house.ended.clear()
    async with at.ask(WAITING, accept) as answer:
        told = await answer.json()

        assert status == answer.status
    assert ["DEADLINE_EXCEEDED"] == codes(told)
    assert "data" not in told
    assert ["waiting"] == at.house.ended


async def test_parts_that_take_too_long_are_told_to_be_missing(at: Endpoint) -> None:
    for accept, read in ((APOLLO, parts), (EVENTS, events)):
        async with at.ask(WAITING_LATER, accept) as answer:
            first, last = [frame async for frame in read(answer)]

        (done,) = last["completed"]
        assert {"room": {"name": "茶の間"}} == first["data"]
        assert [first["pending"][0]["id"]] == [done["id"]]
        assert ["DEADLINE_EXCEEDED"] == codes(done)
        assert last["hasNext"] is False


async def test_a_query_on_a_stream_or_a_socket_has_no_more_time_and_a_subscription_has(at: Endpoint) -> None:
    async with at.ask(WAITING, EVENTS) as answer:
        (told,) = [event async for event in events(answer)]
    async with at.connect() as live:
        await live.say("subscribe", id="watching", payload={"query": "subscription { rooms { name } }"})
        assert "next" == (await live.hear())["type"]
        await live.subscribe(WAITING)
        refused = await live.hear()
        at.house.gate.set()
        assert ("watching", "next") == ((later := await live.hear())["id"], later["type"])
        at.house.gate.clear()

    assert ["DEADLINE_EXCEEDED"] == codes(told)
    assert ("error", ["DEADLINE_EXCEEDED"]) == (refused["type"], codes({"errors": refused["payload"]}))


async def test_a_body_that_does_not_come_is_not_waited_for(at: Endpoint) -> None:
    host, port = urlsplit(at.url).netloc.split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(b"POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{")
    head = await reader.readuntil(b"\r\n")
    writer.close()

    assert b"408" in head


@pytest.mark.parametrize(("accept", "status"), [("application/json", 200), (RESPONSE, 400), (APOLLO, 400)])
async def test_an_answer_that_is_too_long_is_not_sent(at: Endpoint, accept: str, status: int) -> None:
    async with at.ask("{ room { long(letters: 1000) ... @defer { name } } }", accept) as answer:
        told = await answer.json()

        assert status == answer.status
    assert ["ANSWER_TOO_LARGE"] == codes(told)


async def test_parts_that_are_too_long_together_are_told_to_be_missing(at: Endpoint) -> None:
    document = "{ room { name ... @defer { long(letters: 1000) } } }"
    for accept, read in ((APOLLO, parts), (EVENTS, events)):
        async with at.ask(document, accept) as answer:
            first, last = [frame async for frame in read(answer)]

        (done,) = last["completed"]
        assert [first["pending"][0]["id"]] == [done["id"]]
        assert ["ANSWER_TOO_LARGE"] == codes(done)


async def test_an_event_that_is_too_long_is_not_sent_and_the_next_may_be(at: Endpoint) -> None:
    at.house.gate.set()
    document = "subscription { rooms { long(letters: 1000) } }"
    async with at.ask(document, EVENTS) as answer:
        told = [event async for event in events(answer)]
    async with at.ask(document, APOLLO_SUBSCRIPTION) as answer:
        told += [part["payload"] async for part in parts(answer) if part]
    async with at.connect() as live:
        await live.subscribe(document)
        while (said := await live.hear())["type"] == "next":
            told.append(said["payload"])

    assert [["ANSWER_TOO_LARGE"]] * 6 == [codes(event) for event in told]
    assert all(len(json.dumps(event)) < 1000 for event in told)
