"""Sockets as graphql-transport-ws has them: every code with which one ends, and what does not end one."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import aiohttp
import pytest
import pytest_asyncio

from schema.execution.socket import MOST_SOCKETS
from tests.api.endpoint import Endpoint, endpoint
from tests.api.live import PATIENCE_SECONDS, PROTOCOL, Live

pytestmark = pytest.mark.asyncio(loop_scope="module")

ROOMS = {"query": "subscription { rooms { name } }"}
NAME = {"query": "{ room { name } }"}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def at() -> AsyncIterator[Endpoint]:
    async with endpoint() as opened:
        yield opened


async def ending(live: Live) -> tuple[int | None, str]:
    """Answer with which code and words a socket ends."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while (message := await live.socket.receive()).type is aiohttp.WSMsgType.TEXT:
            pass
    assert aiohttp.WSMsgType.CLOSE is message.type
    return live.socket.close_code, str(message.extra)


async def ending_behind_hello(live: Live) -> tuple[int | None, str]:
    assert "connection_ack" == (await live.hear())["type"]
    return await ending(live)


@pytest.mark.parametrize(
    "said",
    [
        "{",
        "5",
        "null",
        "[]",
        '"subscribe"',
        "{}",
        '{"type": 5}',
        '{"type": []}',
        '{"type": "start"}',
        '{"type": "connection_init", "payload": 5}',
        '{"type": "ping", "payload": "x"}',
        '{"type": "subscribe"}',
        '{"type": "subscribe", "id": "1"}',
        '{"type": "subscribe", "id": 1, "payload": {}}',
        '{"type": "subscribe", "id": {}, "payload": {}}',
        '{"type": "subscribe", "id": "", "payload": {"query": "{ room { name } }"}}',
        '{"type": "subscribe", "id": "1", "payload": []}',
        '{"type": "subscribe", "id": "1", "payload": null}',
        '{"type": "subscribe", "id": "1", "payload": {"query": 5}}',
        '{"type": "subscribe", "id": "1", "payload": {"query": "x", "variables": []}}',
        '{"type": "subscribe", "id": "1", "payload": {"query": "x", "operationName": 5}}',
        '{"type": "complete"}',
        '{"type": "complete", "id": 5}',
        "[" * 100_000,
    ],
)
async def test_what_is_no_message_ends_it_with_4400(at: Endpoint, said: str) -> None:
    async with at.connect() as live:
        await live.socket.send_str(said)
        code, _ = await ending(live)

    assert 4400 == code


async def test_bytes_end_it_with_4400(at: Endpoint) -> None:
    async with at.connect() as live:
        await live.socket.send_bytes(b"{}")

        assert 4400 == (await ending(live))[0]


async def test_who_asks_before_saying_hello_is_4401(at: Endpoint) -> None:
    async with at.knock() as live:
        await live.say("subscribe", id="1", payload=NAME)

        assert (4401, "Unauthorized") == await ending(live)


async def test_who_brings_a_wrong_token_is_4403_and_who_cannot_be_judged_comes_again(at: Endpoint) -> None:
    codes = []
    for token in ("wrong", "unsure"):
        async with at.knock() as live:
            await live.say("connection_init", payload={"Authorization": f"Bearer {token}"})
            codes.append((await ending(live))[0])

    assert [4403, 1013] == codes


@pytest.mark.parametrize("said", [5, {}, ["Bearer 60"], "60", "Basic 60"])
async def test_what_is_no_token_is_4403_and_does_not_make_its_bearer_nobody(at: Endpoint, said: object) -> None:
    async with at.knock() as live:
        await live.say("connection_init", payload={"Authorization": said})

        assert 4403 == (await ending(live))[0]


async def test_a_token_may_be_said_in_the_head_already(at: Endpoint) -> None:
    async with at.knock(Authorization="Bearer wrong") as live:
        await live.say("connection_init")
        assert 4403 == (await ending(live))[0]
    async with at.knock(Authorization="Bearer 0") as live:
        await live.say("connection_init")
        # One that is believed is over at once.
        assert (4401, "Token expired") == await ending_behind_hello(live)


@pytest.mark.parametrize("name", ["Authorization", "authorization", "AUTHORIZATION"])
async def test_what_is_said_on_the_socket_goes_before_its_head_in_letters_of_either_case(
    at: Endpoint, name: str
) -> None:
    async with at.knock(Authorization="Bearer wrong") as live:
        await live.say("connection_init", payload={name: "Bearer 0"})

        assert (4401, "Token expired") == await ending_behind_hello(live)


async def test_nothing_may_be_said_as_null(at: Endpoint) -> None:
    async with at.knock() as live:
        await live.say("connection_init", payload=None)
        assert "connection_ack" == (await live.hear())["type"]
        await live.say("ping", payload=None)
        assert "pong" == (await live.hear())["type"]
        await live.say("pong", payload=None)
        await live.say("subscribe", id="1", payload=NAME)
        assert "next" == (await live.hear())["type"]


async def test_who_speaks_another_protocol_is_4406(at: Endpoint) -> None:
    async with at.knock("graphql-ws") as live:
        assert 4406 == (await ending(live))[0]


async def test_who_says_nothing_is_4408() -> None:
    async with endpoint(init_seconds=0.05) as at, at.knock() as live:
        assert 4408 == (await ending(live))[0]


async def test_an_id_that_is_taken_ends_it_with_4409(at: Endpoint) -> None:
    async with at.connect() as live:
        for _ in range(2):
            await live.say("subscribe", id="束" * 100, payload=ROOMS)

        code, words = await ending(live)
    assert 4409 == code
    assert words.startswith("Subscriber for 束")


async def test_an_id_is_free_again_when_its_operation_is_complete(at: Endpoint) -> None:
    async with at.connect() as live:
        for _ in range(2):
            await live.say("subscribe", id="1", payload=NAME)
            assert ["next", "complete"] == [(await live.hear())["type"] for _ in range(2)]
        await live.say("complete", id="1")
        await live.say("subscribe", id="1", payload=ROOMS)
        assert "next" == (await live.hear())["type"]
        await live.say("complete", id="1")
        await live.say("subscribe", id="1", payload=NAME)
        assert ["next", "complete"] == [(await live.hear())["type"] for _ in range(2)]


async def test_saying_hello_twice_ends_it_with_4429(at: Endpoint) -> None:
    async with at.connect() as live:
        await live.say("connection_init")

        assert 4429 == (await ending(live))[0]


async def test_it_ends_with_its_token(at: Endpoint) -> None:
    async with at.connect("0.2") as live:
        await live.say("subscribe", id="1", payload=ROOMS)
        assert "next" == (await live.hear())["type"]

        assert (4401, "Token expired") == await ending(live)


async def test_a_ping_is_answered(at: Endpoint) -> None:
    async with at.knock() as live:
        await live.say("ping")

        assert "pong" == (await live.hear())["type"]


async def test_operations_have_a_limit_and_one_too_many_is_refused_alone(at: Endpoint) -> None:
    most = at.view.max_subscriptions_per_connection
    assert most is not None
    async with at.connect() as live:
        for number in range(most):
            await live.say("subscribe", id=str(number), payload=ROOMS)
            assert "next" == (await live.hear())["type"]
        await live.say("subscribe", id="one more", payload=NAME)
        refused = await live.hear()
        await live.say("complete", id="0")
        await live.say("subscribe", id="one more", payload=NAME)
        again = await live.hear()

    assert ("one more", "error", "RATE_LIMITED") == (
        refused["id"],
        refused["type"],
        refused["payload"][0]["extensions"]["code"],
    )
    assert ("one more", "next") == (again["id"], again["type"])


async def test_somebody_may_have_so_many_sockets_and_nobody_is_counted_apart(at: Endpoint) -> None:
    async with AsyncExitStack() as held:
        for _ in range(MOST_SOCKETS):
            await held.enter_async_context(at.connect("3600"))
        async with at.connect():
            pass
        async with at.knock() as live:
            await live.say("connection_init", payload={"authorization": "Bearer 3600"})
            assert (1013, "Too many connections") == await ending(live)

    async with at.connect("3600") as live:
        await live.say("subscribe", id="1", payload=NAME)
        assert "next" == (await live.hear())["type"]


async def test_a_socket_that_does_not_say_who_it_is_counts_for_its_address(
    at: Endpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("schema.execution.socket.MOST_SOCKETS_OF_NOBODY", 3)
    async with AsyncExitStack() as held:
        await held.enter_async_context(at.connect("3600"))
        for _ in range(3):
            await held.enter_async_context(at.knock())
        async with at.knock() as live:
            assert (1013, "Too many connections") == await ending(live)

    async with at.connect():
        pass


async def test_a_message_that_is_too_long_is_not_read(at: Endpoint) -> None:
    async with at.http.ws_connect(at.url, protocols=[PROTOCOL]) as socket:
        await socket.send_str(" " * (2 << 20))

        assert 1009 == (await ending(Live(socket)))[0]
