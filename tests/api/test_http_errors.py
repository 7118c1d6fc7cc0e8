"""Errors in every transport: a code, an id that is also in the log, and nothing that is nobody's business."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator
from urllib.parse import urlsplit

import pytest
import pytest_asyncio

from tests.api.arriving import APOLLO, APOLLO_SUBSCRIPTION, events, parts
from tests.api.endpoint import SECRET, Endpoint, endpoint
from tests.api.frontend import Json

pytestmark = pytest.mark.asyncio(loop_scope="module")

EVENTS = "text/event-stream"
BROKEN = "{ room { name broken } }"
LATE = "{ room { name ... @defer { broken } } }"
RUINS = "subscription { ruins { name broken } }"
FALLING = "subscription { ruins { name } }"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def at() -> AsyncIterator[Endpoint]:
    async with endpoint() as opened:
        yield opened


def errors(said: object) -> list[Json]:
    """Every error in an answer, wherever it stands."""
    if isinstance(said, dict):
        own = said.get("errors", [])
        return [*own, *(error for key, value in said.items() if key != "errors" for error in errors(value))]
    return [error for item in said for error in errors(item)] if isinstance(said, list) else []


async def heard(at: Endpoint, document: str, accept: str, request: str) -> list[Json]:
    """Ask over HTTP, and answer everything that comes."""
    async with at.ask(document, accept, **{"X-Request-ID": request}) as answer:
        assert request == answer.headers["X-Request-ID"]
        if answer.content_type == EVENTS:
            return [event async for event in events(answer)]
        if answer.content_type == "multipart/mixed":
            return [part async for part in parts(answer)]
        return [await answer.json()]


@pytest.mark.parametrize(
    ("document", "accept"),
    [
        (BROKEN, "application/json"),
        (BROKEN, "application/graphql-response+json"),
        (BROKEN, APOLLO),
        (BROKEN, EVENTS),
        (LATE, APOLLO),
        (LATE, EVENTS),
        (LATE, "application/json"),
        (RUINS, EVENTS),
        (RUINS, APOLLO_SUBSCRIPTION),
        (FALLING, EVENTS),
        (FALLING, APOLLO_SUBSCRIPTION),
    ],
)
async def test_what_nobody_expected_is_one_sentence_and_an_id_that_is_in_the_log(
    at: Endpoint, document: str, accept: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    at.house.gate.set()

    told = await heard(at, document, accept, "request-of-a-test")

    found = errors(told)
    assert found
    assert {"INTERNAL"} == {error["extensions"]["code"] for error in found}
    assert {"request-of-a-test"} == {error["extensions"]["requestId"] for error in found}
    assert "unexpected RuntimeError, request request-of-a-test" in caplog.text
    assert SECRET not in json.dumps(told) + caplog.text
    assert "Traceback" not in json.dumps(told)


async def test_what_nobody_expected_is_masked_on_a_socket_too(at: Endpoint, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    at.house.gate.set()
    told: list[Json] = []
    async with at.connect() as live:
        for document in (BROKEN, LATE, RUINS, FALLING, "{ noSuchField }"):
            await live.subscribe(document)
            while (said := await live.hear())["type"] == "next":
                told.append(said["payload"])
            told.append({"errors": said.get("payload", [])})

    found = errors(told)
    ids = {error["extensions"]["requestId"] for error in found}
    assert {"INTERNAL", "BAD_REQUEST"} == {error["extensions"]["code"] for error in found}
    assert 1 == len(ids)
    assert f"unexpected RuntimeError, request {ids.pop()}" in caplog.text
    assert SECRET not in json.dumps(told) + caplog.text


@pytest.mark.parametrize(
    ("document", "code", "path"),
    [
        ("{", "BAD_REQUEST", None),
        ("{ noSuchField }", "BAD_REQUEST", None),
        ("{ room { refused } }", "FORBIDDEN", ["room", "refused"]),
        ("{ room { name " * 20, "BAD_REQUEST", None),
    ],
)
async def test_every_error_has_a_code(at: Endpoint, document: str, code: str, path: list[str] | None) -> None:
    (told,) = await heard(at, document, "application/json", "request-of-a-test")

    for error in told["errors"]:
        assert (code, "request-of-a-test") == (error["extensions"]["code"], error["extensions"]["requestId"])
        assert path == error.get("path")


async def test_what_nobody_expected_beside_an_operation_is_masked_too(
    at: Endpoint, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    headers = {"Authorization": "Bearer broken", "X-Request-ID": "request-of-a-test"}
    async with at.ask(BROKEN, **headers) as answer:
        text, status = await answer.text(), answer.status
    async with at.knock() as live:
        await live.say("connection_init", payload=headers)
        closed = await live.socket.receive()

    (error,) = json.loads(text)["errors"]
    assert (500, "INTERNAL", "request-of-a-test") == (
        status,
        *(error["extensions"][name] for name in ("code", "requestId")),
    )
    assert (1011, "Internal error") == (closed.data, closed.extra)
    assert 2 == caplog.text.count("unexpected RuntimeError")
    assert SECRET not in text + caplog.text


async def test_a_client_that_leaves_before_it_has_asked_is_no_trouble(
    at: Endpoint, caplog: pytest.LogCaptureFixture
) -> None:
    host, port = urlsplit(at.url).netloc.split(":")
    _, writer = await asyncio.open_connection(host, int(port))
    writer.write(b"POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{")
    writer.close()
    await writer.wait_closed()

    assert await heard(at, "{ room { name } }", "application/json", "request-of-a-test")
    assert "Traceback" not in caplog.text


@pytest.mark.parametrize("document", ["{", "query A { room { name } } query B { room { name } }"])
async def test_what_is_refused_while_it_is_read_is_told_on_every_transport(at: Endpoint, document: str) -> None:
    told = [
        (await heard(at, document, accept, "request-of-a-test"))[0] for accept in ("application/json", APOLLO, EVENTS)
    ]
    (part,) = [part for part in await heard(at, document, APOLLO_SUBSCRIPTION, "request-of-a-test") if part]
    async with at.connect() as live:
        await live.subscribe(document)
        refused = await live.hear()

    assert "error" == refused["type"]
    said = [*told, part["payload"], {"errors": refused["payload"]}]
    assert 1 == len({answer["errors"][0]["message"] for answer in said})


@pytest.mark.parametrize(("spoken", "words"), [("ja", "予期しない"), ("en", "Something unexpected")])
async def test_what_nobody_expected_is_said_in_the_clients_language(at: Endpoint, spoken: str, words: str) -> None:
    async with at.ask(BROKEN, **{"Accept-Language": spoken}) as answer:
        (error,) = (await answer.json())["errors"]

    assert error["message"].startswith(words)
    assert " / " not in error["message"]


@pytest.mark.parametrize(
    "variables",
    [
        {"n": "Himitsu-8"},
        {"n": 1, "s": ["Himitsu-8"]},
        {"n": 1, "s": {"Himitsu-8": "Himitsu-8"}},
        {"n": 1, "k": "Himitsu-8"},
        {"n": 1, "k": ["Himitsu-8"]},
        {"n": {"a": "Himitsu-8"}},
        {"n": 1, "d": "Himitsu-8"},
        {"n": 1, "d": {"Himitsu-8": "Himitsu-8"}},
    ],
)
async def test_no_error_repeats_what_a_client_sent(at: Endpoint, variables: Json) -> None:
    asked = """query ($n: Int!, $s: String! = "", $k: Kind! = WIDE, $d: Date) {
        twice(number: $n, secret: $s, kind: $k, day: $d)
    }"""
    async with at.post({"query": asked, "variables": variables}) as answer:
        text = await answer.text()

    assert "BAD_REQUEST" in text
    assert "Himitsu" not in text


@pytest.mark.parametrize("written", ['"Himitsu-8"', '"""Himitsu-8"""', "8080", "80.80"])
async def test_no_error_repeats_a_value_of_a_document_that_is_none(at: Endpoint, written: str) -> None:
    async with at.ask(f"{{ room {written} }}") as answer:
        text = await answer.text()

    assert "Syntax Error: Expected Name, found" in text
    assert written.strip('"') not in text
