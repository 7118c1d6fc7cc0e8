"""Answers in parts and events over HTTP and sockets: what clients of the trade expect, and nothing that leaks."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime
from typing import Any, cast

import aiohttp
import pytest
import strawberry

import schema
from gateway import serving
from gateway.rates import without_limits
from schema.context import Info
from schema.execution.gate import GatedSchema
from schema.execution.view import GraphQLView
from schema.node import NodeIds
from schema.ports import Host
from tests.api.arriving import (
    APOLLO,
    APOLLO_2022,
    APOLLO_SUBSCRIPTION,
    URQL,
    URQL_SUBSCRIPTION,
    asked,
    by_ids,
    by_paths,
    events,
    parts,
)
from tests.api.frontend import Json
from tests.api.live import PROTOCOL, Live
from tests.compiler import COMPILED

JSON = "application/json"
RESPONSE = "application/graphql-response+json"
EVENTS = "text/event-stream"
SECRET = "the password of the database"
PATIENCE_SECONDS = 5


class Street:
    """What the resolvers below wait for, and what ended."""

    gate: asyncio.Event
    ended: asyncio.Queue[str]


STREET = Street()


class Nowhere:
    """What there is of a host where no insurer is asked."""

    rates = without_limits()

    def now(self) -> datetime:
        return datetime.now(UTC)


def fail() -> Any:
    raise RuntimeError(SECRET)


@strawberry.type
class Room:
    number: int

    @strawberry.field
    async def view(self) -> str:
        await STREET.gate.wait()
        return f"view {self.number}"

    @strawberry.field
    async def broken(self) -> str | None:
        await STREET.gate.wait()
        return cast(str, fail())

    @strawberry.field
    async def owed(self) -> str:
        await STREET.gate.wait()
        return cast(str, fail())


@strawberry.type
class House:
    name: str

    @strawberry.field
    async def room(self) -> Room:
        return Room(number=0)

    @strawberry.field
    async def rooms(self) -> strawberry.Streamable[Room]:
        try:
            for number in range(1, 5):
                yield Room(number=number)
                if number == 2:
                    await STREET.gate.wait()
        finally:
            STREET.ended.put_nowait("rooms")

    @strawberry.field
    async def rubble(self) -> strawberry.Streamable[Room]:
        yield Room(number=1)
        await STREET.gate.wait()
        fail()

    @strawberry.field
    async def waiting(self) -> bool:
        try:
            await STREET.gate.wait()
            return True
        finally:
            STREET.ended.put_nowait("waiting")

    @strawberry.field
    async def apart(self, info: Info) -> bool:
        """Whether no other operation has changed what this one has read."""
        before = info.context.loaders
        await STREET.gate.wait()
        return info.context.loaders is before


@strawberry.type
class Query:
    @strawberry.field
    def house(self) -> House:
        return House(name="糸")


@strawberry.type
class Mutation:
    @strawberry.field
    def build(self) -> House:
        return House(name="束")


@strawberry.type
class Subscription:
    @strawberry.subscription
    async def built(self) -> AsyncIterator[House]:
        try:
            yield House(name="一")
            await STREET.gate.wait()
            yield House(name="二")
        finally:
            STREET.ended.put_nowait("built")


ARRIVING = """{
  house { name
    ... @defer(label: "later") { room { number ... @defer { view } } late: rooms @stream(initialCount: 1) { number } }
    rooms @stream(initialCount: 1, label: "one by one") { number ... @defer { view } }
  }
}"""
WHOLE = {
    "house": {
        "name": "糸",
        "room": {"number": 0, "view": "view 0"},
        "rooms": [{"number": number, "view": f"view {number}"} for number in range(1, 5)],
        "late": [{"number": number} for number in range(1, 5)],
    }
}
BUILT = "subscription { built { name } }"


@pytest.fixture
async def url() -> AsyncIterator[str]:
    """An endpoint over a house instead of insurers, with all that stands between a request and our own schema."""
    STREET.gate, STREET.ended = asyncio.Event(), asyncio.Queue()
    built = GatedSchema(
        query=Query,
        mutation=Mutation,
        subscription=Subscription,
        extensions=schema.build().extensions,
        config=schema.build().config,
    )

    async def nobody(token: str) -> Any:
        raise AssertionError(token)

    view = GraphQLView(
        built, host=cast(Host, Nowhere()), ids=NodeIds(bytes(64)), authenticate=nobody, compiled=COMPILED
    )
    async with serving.serve(view, grace_seconds=1) as address:
        yield address


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


@asynccontextmanager
async def socket(http: aiohttp.ClientSession, url: str) -> AsyncIterator[Live]:
    async with http.ws_connect(f"{url}/graphql", protocols=[PROTOCOL]) as opened:
        live = Live(opened)
        await live.say("connection_init", payload={})
        assert "connection_ack" == (await live.hear())["type"]
        yield live


async def arrived(http: aiohttp.ClientSession, url: str, accept: str, document: str) -> list[Json]:
    """Answer all frames; whatever waits for the gate comes only after the first of them is here."""
    read = events if accept == EVENTS else parts
    async with asked(http, url, accept, document) as response:
        frames = []
        async for frame in read(response):
            frames.append(frame)
            STREET.gate.set()
    return frames


@pytest.mark.parametrize("accept", [APOLLO, EVENTS])
async def test_parts_come_as_they_are_ready_and_make_the_same_whole_for_either_draft(
    http: aiohttp.ClientSession, url: str, accept: str
) -> None:
    frames, again = [await arrived(http, url, accept, ARRIVING) for _ in range(2)]

    assert {"name": "糸", "rooms": [{"number": 1}]} == frames[0]["data"]["house"]
    assert {"later", "one by one"} <= {one.get("label") for one in frames[0]["pending"]}
    assert all("extensions" not in frame for frame in frames[1:])
    assert WHOLE == by_ids(frames)
    assert WHOLE == by_paths(again)


async def test_who_takes_one_piece_gets_all_of_it_and_who_takes_parts_gets_parts(
    http: aiohttp.ClientSession, url: str
) -> None:
    STREET.gate.set()
    kinds = {}
    for accept in ("", JSON, "*/*", f"{JSON}, {EVENTS}", APOLLO_2022, URQL, "multipart/mixed", EVENTS):
        async with asked(http, url, accept, ARRIVING) as response:
            kinds[accept] = response.content_type
            if response.content_type == JSON:
                assert WHOLE == (await response.json())["data"]

    assert (
        dict.fromkeys(("", JSON, "*/*", f"{JSON}, {EVENTS}"), JSON)
        | {
            **dict.fromkeys((APOLLO_2022, URQL, "multipart/mixed"), "multipart/mixed"),
            EVENTS: EVENTS,
        }
        == kinds
    )


async def test_who_would_take_parts_gets_json_when_there_is_only_one(http: aiohttp.ClientSession, url: str) -> None:
    wants = [
        "{ house { name } }",
        "mutation { build { name } }",
        "{ house { noSuchField } }",
        "",
        "{ house { rooms @stream(initialCount: -1) { number } } }",
    ]
    told: list[Json] = []
    for accept in (APOLLO, URQL):
        for document in wants:
            async with asked(http, url, accept, document) as response:
                assert RESPONSE == response.content_type
                told.append(await response.json())

    names, built, wrong, nothing, negative = told[: len(wants)]
    assert told[: len(wants)] == told[len(wants) :]
    assert {"house": {"name": "糸"}} == names["data"]
    assert {"build": {"name": "束"}} == built["data"]
    assert "noSuchField" in wrong["errors"][0]["message"]
    assert "query" in nothing["errors"][0]["message"]
    assert "BAD_USER_INPUT" == negative["errors"][0]["extensions"]["code"]


async def test_a_socket_answers_in_one_piece_and_each_operation_from_what_it_read_itself(
    http: aiohttp.ClientSession, url: str
) -> None:
    async with socket(http, url) as live:
        await live.say("subscribe", id="first", payload={"query": "{ house { apart } }"})
        await live.subscribe("{ house { name } }")
        assert {"name": "糸"} == await live.state()
        assert "complete" == (await live.hear())["type"]
        STREET.gate.set()
        assert {"apart": True} == await live.state()
        assert "complete" == (await live.hear())["type"]
        await live.subscribe(ARRIVING)
        assert WHOLE["house"] == await live.state()


async def test_what_a_late_part_stumbles_over_reaches_no_client_and_no_log(
    http: aiohttp.ClientSession, url: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    STREET.gate.set()
    lates = ("... @defer { room { broken } }", "... @defer { room { owed } }", "rubble @stream { number }")

    said = {}
    for late in lates:
        for accept in (APOLLO, EVENTS, JSON):
            async with asked(http, url, accept, f"{{ house {{ name {late} }} }}") as response:
                said[late, accept] = (await response.read()).decode()

    for what, text in said.items():
        assert 1 == text.count("INTERNAL"), what
        assert SECRET not in text, what
    assert len(said) == caplog.text.count("unexpected RuntimeError")
    assert SECRET not in caplog.text


async def test_a_subscription_comes_as_events_or_in_parts_and_nobody_on_the_way_holds_it_back(
    http: aiohttp.ClientSession, url: str
) -> None:
    STREET.gate.set()
    for accept in (EVENTS, URQL_SUBSCRIPTION, URQL, f"{JSON}, {EVENTS}"):
        async with asked(http, url, accept, BUILT) as response:
            assert "no" == response.headers["X-Accel-Buffering"]
            assert "no-store, no-transform" == response.headers["Cache-Control"]
            assert ["一", "二"] == [event["data"]["built"]["name"] async for event in events(response)]

    async with asked(http, url, APOLLO_SUBSCRIPTION, BUILT) as response:
        assert "no" == response.headers["X-Accel-Buffering"]
        heard = [part["payload"]["data"]["built"]["name"] async for part in parts(response) if part]
    # A browser's own EventSource can only GET.
    async with http.get(f"{url}/graphql", params={"query": BUILT}, headers={"Accept": EVENTS}) as response:
        gotten = [event["data"]["built"]["name"] async for event in events(response)]

    assert ["一", "二"] == heard == gotten


async def test_a_subscription_that_cannot_be_told_is_refused_in_words(http: aiohttp.ClientSession, url: str) -> None:
    for accept in ("", JSON, "*/*", APOLLO):
        async with asked(http, url, accept, BUILT) as response:
            assert 400 == response.status
            (error,) = (await response.json())["errors"]

        assert "受け取ってください" in error["message"]
        assert "text/event-stream" in error["message"]


async def test_what_was_begun_for_a_client_ends_when_it_leaves(http: aiohttp.ClientSession, url: str) -> None:
    async with AsyncExitStack() as here:
        watching = await here.enter_async_context(asked(http, url, EVENTS, BUILT))
        reading = await here.enter_async_context(
            asked(http, url, APOLLO, "{ house { rooms @stream { number } ... @defer { waiting } } }")
        )
        live = await here.enter_async_context(socket(http, url))
        await live.subscribe(BUILT)
        assert "一" == (await live.state())["name"]
        assert "一" == (await anext(events(watching)))["data"]["built"]["name"]
        assert {"rooms": []} == (await anext(parts(reading)))["data"]["house"]
        watching.close()
        reading.close()

    async with asyncio.timeout(PATIENCE_SECONDS):
        assert ["built", "built", "rooms", "waiting"] == sorted([await STREET.ended.get() for _ in range(4)])
