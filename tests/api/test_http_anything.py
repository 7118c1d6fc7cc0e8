"""Whatever is sent to the endpoint, it is answered in GraphQL's words, and it is never our failure."""

import asyncio
import json
from collections.abc import Sequence
from itertools import count
from typing import Any
from urllib.parse import urlencode

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.types import ASGIApp

from gateway.telemetry import Heard, Telemetry
from tests.api.conftest import Town
from tests.api.live import PROTOCOL

pytestmark = pytest.mark.asyncio(loop_scope="module")

OUR_FAILURE = 500
EXAMPLES = 150
NUMBERS = count()
# The town is the same for every example, and none changes it.
SHARED = HealthCheck.function_scoped_fixture

DOCUMENTS = (
    "{ viewer { id } }",
    "{ __schema { types { name } } }",
    "{ insurers { edges { node { code } } } ",
    "query A { viewer { id } } query B { viewer { id } }",
    "query ($n: Int, $i: [ID!]) { policies(first: $n) { totalCount } nodes(ids: $i) { id } }",
    'mutation { registrationCancel(input: { registrationId: "x", idempotencyKey: "k" }) { replayed } }',
    'subscription { renewalUpdated(id: "x") { id } }',
    "{ ...F } fragment F on Query { ...F }",
    "{ viewer { id ... @defer { displayName } } }",
    "",
    "{",
)
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | st.sampled_from(DOCUMENTS),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
PARTS = ("query", "variables", "operationName", "extensions", "documentId", "id", "n", "i")
REQUEST = st.dictionaries(st.sampled_from(PARTS), ANYTHING, max_size=5) | st.fixed_dictionaries(
    {"query": st.sampled_from(DOCUMENTS)}, optional={"variables": ANYTHING, "operationName": ANYTHING}
)
BODY = st.binary(max_size=60) | (REQUEST | ANYTHING | st.lists(REQUEST, max_size=2)).map(
    lambda said: json.dumps(said).encode()
)
VALUE = st.binary(max_size=30) | st.sampled_from(
    (
        b"application/json",
        b"application/graphql-response+json;q=0.5, */*;q=0.1",
        b"text/event-stream",
        b"multipart/mixed;incrementalSpec=v0.2",
        b"multipart/mixed;boundary=graphql;subscriptionSpec=1.0",
        b"text/html",
        b"text/plain;charset=utf-16",
        b"Bearer x",
        b"12",
    )
)
HEADERS = st.dictionaries(
    st.sampled_from(
        (
            b"accept",
            b"accept-language",
            b"authorization",
            b"content-length",
            b"content-type",
            b"origin",
            b"x-request-id",
        )
    ),
    VALUE,
    max_size=4,
)
ADDRESS = st.binary(max_size=30) | REQUEST.map(
    lambda said: urlencode({name: json.dumps(value) for name, value in said.items()}).encode()
)
METHODS = st.sampled_from(("GET", "GET", "POST", "POST", "POST", "HEAD", "OPTIONS", "PUT", "X"))


def somebody() -> tuple[str, int]:
    """A client from whom nothing came before, so that none has asked too much."""
    number = next(NUMBERS)
    return f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}", 5


async def answered(
    app: ASGIApp, method: str, query: bytes, headers: Sequence[tuple[bytes, bytes]], body: bytes
) -> tuple[int, dict[bytes, bytes], bytes]:
    """Ask the app itself: no server or client of HTTP is between, which would let only good requests through."""
    brought = asyncio.Queue[dict[str, Any]]()
    brought.put_nowait({"type": "http.request", "body": body, "more_body": False})
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": "/graphql",
        "raw_path": b"/graphql",
        "root_path": "",
        "query_string": query,
        "headers": headers,
        "client": somebody(),
        "server": ("127.0.0.1", 8000),
    }
    await app(scope, brought.get, send)
    start, *rest = sent
    return start["status"], dict(start["headers"]), b"".join(message.get("body", b"") for message in rest)


@given(method=METHODS, query=ADDRESS, headers=HEADERS, body=BODY)
@settings(max_examples=EXAMPLES, suppress_health_check=[SHARED])
async def test_no_request_is_our_failure(
    village: Town, method: str, query: bytes, headers: dict[bytes, bytes], body: bytes
) -> None:
    app = Heard(village.gateway.app, Telemetry())
    usual = {b"content-type": b"application/json"} if method == "POST" and len(body) % 3 else {}

    status, told, content = await answered(app, method, query, list((usual | headers).items()), body)

    assert status < OUR_FAILURE, content
    assert told[b"x-request-id"]
    if told[b"content-type"].split(b";")[0] in (b"application/json", b"application/graphql-response+json"):
        answer = msgspec.json.decode(content)
        assert {"data", "errors"} & set(answer)
        for error in answer.get("errors", ()):
            assert error["message"]
            assert "INTERNAL" != error["extensions"]["code"]
            assert told[b"x-request-id"].decode() == error["extensions"]["requestId"]


MESSAGE = st.fixed_dictionaries(
    {
        "type": st.sampled_from(("subscribe", "subscribe", "complete", "ping", "pong", "connection_init", "x"))
        | ANYTHING
    },
    optional={"id": st.sampled_from(("1", "2")) | ANYTHING, "payload": REQUEST | ANYTHING},
)
SAID = st.lists(MESSAGE | ANYTHING, max_size=4)


@given(said=SAID, welcome=st.booleans())
@settings(max_examples=EXAMPLES // 2, suppress_health_check=[SHARED])
async def test_no_message_on_a_socket_is_our_failure(village: Town, said: list[object], welcome: bool) -> None:
    hello = [{"type": "connection_init"}] if welcome else []
    brought = asyncio.Queue[dict[str, Any]]()
    brought.put_nowait({"type": "websocket.connect"})
    for message in (*hello, *said):
        brought.put_nowait({"type": "websocket.receive", "text": json.dumps(message)})
    brought.put_nowait({"type": "websocket.disconnect", "code": 1000})
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {
        "type": "websocket",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "scheme": "ws",
        "path": "/graphql",
        "raw_path": b"/graphql",
        "root_path": "",
        "query_string": b"",
        "headers": [(b"host", b"x")],
        "subprotocols": [PROTOCOL],
        "client": somebody(),
        "server": ("127.0.0.1", 8000),
    }
    await village.gateway.app(scope, brought.get, send)

    accepted, *rest = sent
    assert PROTOCOL == accepted["subprotocol"]
    closed = [message["code"] for message in rest if message["type"] == "websocket.close"]
    assert set(closed) <= {4400, 4401, 4409, 4429}
    assert len(closed) <= 1
    assert "INTERNAL" not in json.dumps(sent, default=str)
