"""Streams end in good order: with their token, and when the gateway goes down; and nobody reads a traceback."""

import asyncio
import logging
from collections.abc import AsyncIterator

import aiohttp
import pytest
import pytest_asyncio

from tests.api.arriving import APOLLO, APOLLO_SUBSCRIPTION, events, parts
from tests.api.endpoint import Endpoint, endpoint
from tests.api.live import PATIENCE_SECONDS

pytestmark = pytest.mark.asyncio(loop_scope="module")

ROOMS = "subscription { rooms { name } }"
EVENTS = "text/event-stream"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def at() -> AsyncIterator[Endpoint]:
    async with endpoint() as opened:
        yield opened


async def test_events_end_with_the_token_and_say_so(at: Endpoint) -> None:
    async with asyncio.timeout(PATIENCE_SECONDS), at.ask(ROOMS, EVENTS, Authorization="Bearer 0.2") as answer:
        first, last = [event async for event in events(answer)]

    assert {"rooms": {"name": "茶の間"}} == first["data"]
    assert "UNAUTHENTICATED" == last["errors"][0]["extensions"]["code"]
    assert "rooms" in at.house.ended


async def test_parts_of_a_subscription_end_with_the_token_and_say_so(at: Endpoint) -> None:
    async with (
        asyncio.timeout(PATIENCE_SECONDS),
        at.ask(ROOMS, APOLLO_SUBSCRIPTION, Authorization="Bearer 0.2") as answer,
    ):
        first, last = [part async for part in parts(answer) if part]

    assert {"rooms": {"name": "茶の間"}} == first["payload"]["data"]
    assert last["payload"] is None
    assert "UNAUTHENTICATED" == last["errors"][0]["extensions"]["code"]


async def test_whoever_watches_is_let_go_when_the_gateway_goes_down(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    going = endpoint()
    at = await going.__aenter__()
    async with aiohttp.ClientSession() as http:
        at.http, own = http, at.http
        streaming = await at.ask(ROOMS, EVENTS)
        telling = await at.ask(ROOMS, APOLLO_SUBSCRIPTION)
        deferring = await at.ask("{ room { name ... @defer { waiting } } }", APOLLO)
        socket = await http.ws_connect(at.url, protocols=["graphql-transport-ws"])
        await socket.send_json({"type": "connection_init"})
        await socket.send_json({"type": "subscribe", "id": "1", "payload": {"query": ROOMS}})
        assert ["connection_ack", "next"] == [(await socket.receive_json())["type"] for _ in range(2)]
        assert b"next" in await streaming.content.readuntil(b"\n\n")
        at.http = own
        closing = asyncio.create_task(going.__aexit__(None, None, None))
        async with asyncio.timeout(PATIENCE_SECONDS):
            # A `complete` would say that there is nothing more to come.
            assert b"" == await streaming.content.read()
            *_, last = [part async for part in parts(telling) if part]
            message = await socket.receive()
            at.house.gate.set()
            frames = [frame async for frame in parts(deferring)]
            await closing

    assert "UNAVAILABLE" == last["errors"][0]["extensions"]["code"]
    assert (aiohttp.WSMsgType.CLOSE, 1012) == (message.type, message.data)
    assert {"waiting": "opened"} == frames[-1]["incremental"][0]["data"]
    assert ["rooms", "rooms", "rooms", "waiting"] == sorted(at.house.ended)
    assert "Traceback" not in caplog.text
    assert [] == [record for record in caplog.records if record.levelno > logging.INFO]
