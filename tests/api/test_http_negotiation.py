"""GraphQL over HTTP: which type, which status, which method, and words for everything that is none of it."""

import asyncio
import json
from collections.abc import AsyncIterator
from io import BytesIO
from typing import Any

import aiohttp
import pytest
import pytest_asyncio

from insurers.text import Language
from schema.execution.asking import LARGEST_BODY_BYTES
from schema.execution.negotiation import JSON, RESPONSE, language, wishes
from schema.execution.running import Bounds
from tests.api.arriving import APOLLO, APOLLO_SUBSCRIPTION, URQL
from tests.api.endpoint import Endpoint, endpoint

pytestmark = pytest.mark.asyncio(loop_scope="module")

NAME = "{ room { name } }"
NAMED = {"data": {"room": {"name": "茶の間"}}}
BROKEN = "{ room { name broken } }"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def at() -> AsyncIterator[Endpoint]:
    # What an operation costs stands in every other answer.
    async with endpoint(Bounds(partial_status=294), gated=False) as opened:
        yield opened


@pytest.mark.parametrize(
    ("accept", "one_piece"),
    [
        ("", JSON),
        ("*/*", JSON),
        ("application/*", JSON),
        (JSON, JSON),
        (RESPONSE, RESPONSE),
        (f"{RESPONSE}; charset=utf-8, {JSON}; charset=utf-8", RESPONSE),
        (f"{JSON}, {RESPONSE}", RESPONSE),
        (f"{JSON}, {RESPONSE};q=0.9", JSON),
        (f"{JSON};q=0.8, {RESPONSE};q=0.9", RESPONSE),
        (f"{RESPONSE}, */*", RESPONSE),
        (f"{JSON};q=0, */*", RESPONSE),
        (f"{RESPONSE};q=0.1, */*;q=0.9", JSON),
        (f"{JSON.upper()}", JSON),
        (APOLLO, RESPONSE),
        (APOLLO_SUBSCRIPTION, JSON),
        (URQL, RESPONSE),
        ("text/event-stream", None),
        ("multipart/mixed", None),
        ("text/html", None),
        (f"{JSON};q=0", None),
        (f"{JSON};q=nan, {RESPONSE};q=-1", None),
        (f"{JSON};charset=shift_jis", None),
        (",;,=;q", None),
    ],
)
async def test_a_client_gets_the_type_that_it_likes_best(accept: str, one_piece: str | None) -> None:
    assert one_piece == wishes(accept).one_piece


@pytest.mark.parametrize(
    ("accepted", "spoken"),
    [
        ("", None),
        ("*", None),
        ("fr", None),
        ("en-GB,ja;q=0.5", Language.EN),
        ("en;q=0.2,ja-JP;q=0.9", Language.JA),
        ("en;q=0", None),
    ],
)
async def test_a_client_hears_the_language_that_it_likes_best(accepted: str, spoken: Language | None) -> None:
    assert spoken == language(accepted)


@pytest.mark.parametrize(
    ("document", "json_status", "status"),
    [
        (NAME, 200, 200),
        (BROKEN, 200, 294),
        ("{", 200, 400),
        ("{ noSuchField }", 200, 400),
        ("query ($n: Int!) { twice(number: $n) }", 200, 400),
        ("query A { room { name } } query B { room { name } }", 200, 400),
        ("", 400, 400),
        ("subscription { rooms { name } }", 400, 400),
        ("fragment F on Room { name }", 200, 400),
    ],
)
async def test_a_status_says_how_it_went_to_those_who_can_trust_it(
    at: Endpoint, document: str, json_status: int, status: int
) -> None:
    for accept, expected in ((JSON, json_status), (RESPONSE, status)):
        async with at.ask(document, accept) as answer:
            told = await answer.json()

            assert (expected, accept, "utf-8") == (answer.status, answer.content_type, answer.charset)
            assert "Accept, Accept-Language" == answer.headers["Vary"]
            assert "no-store" == answer.headers["Cache-Control"]
        assert ("data" in told) is (document in (NAME, BROKEN))
        assert all(error["extensions"]["requestId"] for error in told.get("errors", ()))


@pytest.mark.parametrize(
    ("method", "accept", "media", "body", "status", "code"),
    [
        ("PUT", "", JSON, b"{}", 405, "METHOD_NOT_ALLOWED"),
        ("DELETE", "", JSON, b"", 405, "METHOD_NOT_ALLOWED"),
        ("OPTIONS", "", JSON, b"", 405, "METHOD_NOT_ALLOWED"),
        ("PATCH", "", JSON, b"", 405, "METHOD_NOT_ALLOWED"),
        ("POST", "image/png", JSON, b"{}", 406, "NOT_ACCEPTABLE"),
        ("POST", "text/html", JSON, b"{}", 406, "NOT_ACCEPTABLE"),
        ("POST", "", "text/plain", b"{}", 415, "UNSUPPORTED_MEDIA_TYPE"),
        ("POST", "", "application/x-www-form-urlencoded", b"query=x", 415, "UNSUPPORTED_MEDIA_TYPE"),
        ("POST", "", "multipart/form-data; boundary=x", b"--x--", 415, "UNSUPPORTED_MEDIA_TYPE"),
        ("POST", "", "application/json; charset=shift_jis", b"{}", 415, "UNSUPPORTED_MEDIA_TYPE"),
        ("POST", "", "application/json, text/plain", b"{}", 415, "UNSUPPORTED_MEDIA_TYPE"),
        ("POST", "", JSON, b"[]", 400, "BAD_REQUEST"),
        ("POST", "", JSON, b'[{"query": "{ room { name } }"}]', 400, "BAD_REQUEST"),
        ("POST", "", JSON, b"[" * 100_000, 400, "BAD_REQUEST"),
        ("POST", "", JSON, b" " * (LARGEST_BODY_BYTES + 1), 413, "PAYLOAD_TOO_LARGE"),
    ],
)
async def test_what_is_no_request_is_told_why(
    at: Endpoint, method: str, accept: str, media: str, body: bytes, status: int, code: str
) -> None:
    headers = {"Content-Type": media, "Accept": accept or "*/*"}
    async with at.http.request(method, at.url, data=BytesIO(body), headers=headers) as answer:
        (error,) = (await answer.json())["errors"]

        assert (status, code) == (answer.status, error["extensions"]["code"])
        assert answer.headers["X-Request-ID"] == error["extensions"]["requestId"]
        assert " / " in error["message"]
        assert ("Allow" in answer.headers) is (status == 405)
        assert ("Accept-Post" in answer.headers) is (status == 415)


async def test_a_body_without_a_length_is_not_read_without_end(at: Endpoint) -> None:
    async def endless() -> AsyncIterator[bytes]:
        for _ in range(40):
            yield b" " * (LARGEST_BODY_BYTES // 32)

    async with at.http.post(at.url, data=endless(), headers={"Content-Type": JSON}) as answer:
        assert 413 == answer.status


@pytest.mark.parametrize(
    ("parameters", "status", "told"),
    [
        ({"query": NAME}, 200, NAMED),
        ({"query": NAME, "variables": "", "extensions": "", "operationName": ""}, 200, NAMED),
        ({"query": NAME, "variables": "null", "extensions": "{}"}, 200, NAMED),
        (
            {"query": "query T($n: Int!) { twice(number: $n) }", "variables": '{"n": 4}', "operationName": "T"},
            200,
            {"data": {"twice": 8}},
        ),
        ({"query": NAME, "variables": "{"}, 400, None),
        ({"query": NAME, "variables": "[]"}, 400, None),
        ({"query": NAME, "extensions": "5"}, 400, None),
        ({"query": NAME, "operationName": "Other"}, 200, None),
        ({}, 400, None),
        ({"query": "mutation { build { name } }"}, 405, None),
    ],
)
async def test_a_query_goes_by_get_and_a_mutation_does_not(
    at: Endpoint, parameters: dict[str, str], status: int, told: Any
) -> None:
    async with at.http.get(at.url, params=parameters) as answer:
        found = await answer.json()

        assert status == answer.status
        assert ("POST" if status == 405 else None) == answer.headers.get("Allow")
    assert (told or found) == found
    assert ("errors" in found) is (told is None)


async def test_what_a_request_has_beside_its_parts_is_not_looked_at(at: Endpoint) -> None:
    async with at.post({"query": NAME, "id": 5, "variables": None, "operationName": None}) as answer:
        assert NAMED == await answer.json()


@pytest.mark.parametrize(
    ("spoken", "words"),
    [
        ("ja", "`query` がありません。"),
        ("en", "The request has no `query`."),
        ("", "`query` がありません。 / The request"),
    ],
)
async def test_a_refusal_is_said_in_the_clients_language_or_in_both(at: Endpoint, spoken: str, words: str) -> None:
    async with at.post({}, **({"Accept-Language": spoken} if spoken else {})) as answer:
        (error,) = (await answer.json())["errors"]

        assert spoken or "ja" == answer.headers["Content-Language"]
    assert error["message"].startswith(words)


async def test_what_a_client_takes_may_stand_in_several_heads(at: Endpoint) -> None:
    heads = [("Accept", "text/html"), ("Accept", RESPONSE), ("Accept-Language", "fr"), ("Accept-Language", "en")]

    async with at.http.post(at.url, json={"query": NAME}, headers=heads) as answer:
        assert (RESPONSE, "en") == (answer.content_type, answer.headers["Content-Language"])


@pytest.mark.parametrize(("encoding", "status"), [("gzip", 415), ("br", 415), ("identity", 200), ("", 200)])
async def test_a_body_is_sent_as_it_is(at: Endpoint, encoding: str, status: int) -> None:
    heads = {"Content-Type": JSON, "Content-Encoding": encoding}

    async with at.http.post(at.url, data=json.dumps({"query": NAME}), headers=heads) as answer:
        assert status == answer.status


@pytest.mark.parametrize(
    ("token", "status", "code"), [("wrong", 401, "UNAUTHENTICATED"), ("unsure", 503, "UNAVAILABLE")]
)
async def test_a_token_that_is_not_believed_is_refused_before_the_request_is_read(
    at: Endpoint, token: str, status: int, code: str
) -> None:
    async with at.http.post(
        at.url, data=b"{", headers={"Authorization": f"Bearer {token}", "Content-Type": JSON}
    ) as answer:
        (error,) = (await answer.json())["errors"]

        assert (status, code) == (answer.status, error["extensions"]["code"])
        assert {"WWW-Authenticate", "Retry-After"} & set(answer.headers)


async def test_json_is_written_as_people_read_it(at: Endpoint) -> None:
    async with at.ask(NAME) as answer:
        assert json.dumps(NAMED, ensure_ascii=False, separators=(",", ":")).encode() == await answer.read()


async def test_a_client_that_leaves_ends_what_was_read_for_it(at: Endpoint) -> None:
    with pytest.raises(TimeoutError):
        async with at.http.post(
            at.url, json={"query": "{ room { waiting } }"}, timeout=aiohttp.ClientTimeout(total=0.1)
        ) as answer:
            await answer.read()

    # The gateway begins to look a while after the request came, and on a busy machine later than the client left.
    async with asyncio.timeout(5):
        while not at.house.ended:
            async with at.ask(NAME) as answer:
                await answer.read()
    assert ["waiting"] == at.house.ended


async def test_a_client_that_leaves_does_not_end_what_is_written_for_it(at: Endpoint) -> None:
    at.house.ended.clear()
    with pytest.raises(TimeoutError):
        async with at.http.post(
            at.url, json={"query": "mutation { build { waiting } }"}, timeout=aiohttp.ClientTimeout(total=0.1)
        ) as answer:
            await answer.read()

    async with at.ask(NAME) as answer:
        await answer.read()
    assert [] == at.house.ended
    at.house.gate.set()
    async with at.ask("{ room { waiting } }") as answer:
        await answer.read()
    assert ["waiting", "waiting"] == at.house.ended
