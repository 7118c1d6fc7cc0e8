"""Documents that are named instead of being sent, over every way in."""

import hashlib
import json
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from gateway.settings import Given, read
from insurers.sandbox import TestClock
from tests.api.conftest import FRIDAY, Houses, Letterbox, Town, open_town
from tests.api.frontend import Json
from tests.api.live import connected
from tests.compiler import COMPILED
from tests.store.databases import sqlite_migrated

pytestmark = pytest.mark.asyncio(loop_scope="module")

NAMES = "{ insurers { nodes { code } } }"
NAMED = "query Insurers($first: Int = 20) { insurers(first: $first) { edges { node { code } } } }"
WATCHED = 'subscription { comparisonUpdated(id: "none") { __typename } }'
LATER = '{ __typename ... @defer(label: "later") { insurers { edges { cursor } } } }'
SCHEMA = "{ __schema { queryType { name } } }"

RESPONSE = "application/graphql-response+json"


def sha(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def apq(text: str) -> Json:
    return {"persistedQuery": {"version": 1, "sha256Hash": sha(text)}}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def strict(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Town]:
    """A town whose gateway runs only what its manifests name, and tells nobody its schema."""
    folder = tmp_path_factory.mktemp("strict")
    manifests = folder / "documents"
    manifests.mkdir()
    (manifests / "relay.json").write_text(json.dumps({"insurers": NAMED, "schema": SCHEMA, "later": LATER}))
    apollo = {
        "format": "apollo-persisted-query-manifest",
        "version": 1,
        "operations": [{"id": sha(WATCHED), "name": "Watched", "type": "subscription", "body": WATCHED}],
    }
    (manifests / "apollo.json").write_text(json.dumps(apollo))
    settings = read(
        Given,
        data_folder=folder / "data",
        database_url=sqlite_migrated(folder),
        environment="test",
        trusted_documents=manifests,
        only_trusted_documents=True,
        introspection=False,
        compiled=COMPILED,
    )
    houses: Houses = {}
    async with open_town(settings, TestClock(FRIDAY, frozen=True), Letterbox(), houses, agencies=False) as town:
        yield town


async def sent(town: Town, body: Json, accept: str = RESPONSE) -> tuple[int, Json]:
    async with town.http.post(f"{town.url}/graphql", json=body, headers={"Accept": accept}) as answer:
        return answer.status, json.loads(await answer.text())


def code(answer: Json) -> str:
    assert "data" not in answer
    return str(answer["errors"][0]["extensions"]["code"])


async def test_a_client_that_names_an_unknown_document_sends_it_once(village: Town) -> None:
    ask = "{ insurers(first: 1) { edges { node { code name } } } }"

    status, unknown = await sent(village, {"extensions": apq(ask)})
    assert (200, "PERSISTED_QUERY_NOT_FOUND") == (status, code(unknown))
    # Apollo and urql look for this very word.
    assert "PersistedQueryNotFound" == unknown["errors"][0]["message"]

    _, told = await sent(village, {"query": ask, "extensions": apq(ask)})
    _, again = await sent(village, {"extensions": apq(ask)})
    assert told["data"] == again["data"]
    assert told["data"]["insurers"]["edges"]


async def test_a_known_document_can_be_asked_for_by_address(village: Town) -> None:
    await sent(village, {"query": NAMED, "extensions": apq(NAMED)})

    by_hash = {"extensions": json.dumps(apq(NAMED)), "variables": '{"first": 1}'}
    by_id = {"documentId": f"sha256:{sha(NAMED)}", "variables": '{"first": 1}'}
    for parameters in (by_hash, by_id):
        async with village.http.get(f"{village.url}/graphql", params=parameters) as answer:
            assert 1 == len((await answer.json())["data"]["insurers"]["edges"])


async def test_a_hash_that_is_of_another_document_is_refused_and_not_remembered(village: Town) -> None:
    ask = "{ viewer { displayName } }"

    status, refused = await sent(village, {"query": NAMES, "extensions": apq(ask)})
    assert (400, "PERSISTED_QUERY_HASH_MISMATCH") == (status, code(refused))

    _, unknown = await sent(village, {"extensions": apq(ask)})
    assert "PERSISTED_QUERY_NOT_FOUND" == code(unknown)


@pytest.mark.parametrize(
    "wrong",
    [
        {"documentId": 5},
        {"documentId": ""},
        {"extensions": {"persistedQuery": "hash"}},
        {"extensions": {"persistedQuery": {"version": 1}}},
        {"extensions": {"persistedQuery": {"sha256Hash": ["a"]}}},
    ],
)
async def test_what_is_no_name_is_a_bad_request(village: Town, wrong: Json) -> None:
    status, refused = await sent(village, wrong)
    assert (400, "BAD_REQUEST") == (status, code(refused))


async def test_a_trusted_document_runs_by_its_name_and_by_its_text(strict: Town) -> None:
    for body in ({"documentId": "insurers"}, {"query": NAMED}, {"query": NAMED, "documentId": "insurers"}):
        status, answer = await sent(strict, body)
        assert 200 == status
        assert [] == answer["data"]["insurers"]["edges"]


@pytest.mark.parametrize(
    "body", [{"query": NAMES}, {"query": NAMES, "extensions": apq(NAMES)}, {"query": SCHEMA + " "}]
)
async def test_nothing_else_is_run(strict: Town, body: Json) -> None:
    status, refused = await sent(strict, body)
    assert (400, "TRUSTED_DOCUMENT_REQUIRED") == (status, code(refused))

    # And nobody can have it remembered.
    _, unknown = await sent(strict, {"extensions": apq(str(body["query"]))})
    assert "PERSISTED_QUERY_NOT_FOUND" == code(unknown)


async def test_sockets_know_documents_by_name_and_nothing_else_where_only_they_are_trusted(strict: Town) -> None:
    async with connected(strict.nobody()) as live:
        # As graphql-ws says it, whose protocol wants a text.
        await live.say("subscribe", id="1", payload={"documentId": "insurers", "query": ""})
        assert {"insurers": {"edges": []}} == (await live.hear())["payload"]["data"]
        assert "complete" == (await live.hear())["type"]

        await live.say("subscribe", id="2", payload={"query": NAMES})
        said = await live.hear()
        assert ("error", "TRUSTED_DOCUMENT_REQUIRED") == (said["type"], said["payload"][0]["extensions"]["code"])


@pytest.mark.parametrize(
    ("name", "accept", "told"),
    [
        # Who sees no such comparison is told nothing of it.
        (sha(WATCHED), "text/event-stream", "event: complete\ndata: \n\n"),
        (sha(WATCHED), "multipart/mixed;subscriptionSpec=1.0", "--graphql--"),
        ("later", "multipart/mixed, application/json", '"label":"later"'),
    ],
    ids=["events", "a subscription in parts", "a query in parts"],
)
async def test_what_arrives_in_parts_is_asked_for_by_name(strict: Town, name: str, accept: str, told: str) -> None:
    async def asked(body: Json) -> str:
        async with strict.http.post(f"{strict.url}/graphql", json=body, headers={"Accept": accept}) as answer:
            return await answer.text()

    named = await asked({"documentId": name})
    assert told in named
    assert "errors" not in named
    assert "TRUSTED_DOCUMENT_REQUIRED" in await asked({"query": NAMES})


async def test_only_a_trusted_document_is_told_a_schema_that_is_not_to_be_asked_for(strict: Town) -> None:
    _, told = await sent(strict, {"documentId": "schema"})
    assert "Query" == told["data"]["__schema"]["queryType"]["name"]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def closed(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Town]:
    """A town whose gateway runs any document and does not tell its schema."""
    folder = tmp_path_factory.mktemp("closed")
    settings = read(
        Given,
        data_folder=folder / "data",
        database_url=sqlite_migrated(folder),
        environment="test",
        introspection=False,
        compiled=COMPILED,
    )
    async with open_town(settings, TestClock(FRIDAY, frozen=True), Letterbox(), {}, agencies=False) as town:
        yield town


@pytest.mark.parametrize(
    "ask",
    [
        SCHEMA,
        '{ __type(name: "Policy") { name } }',
        "{ _service { sdl } }",
        "query { ...all } fragment all on Query { ... on Query { mine: __schema { types { name } } } }",
    ],
)
async def test_the_schema_is_told_to_nobody_where_it_is_not_to_be_asked_for(closed: Town, ask: str) -> None:
    status, refused = await sent(closed, {"query": ask})
    assert (400, "INTROSPECTION_OFF") == (status, code(refused))


async def test_a_mistyped_name_gives_others_away_only_where_the_schema_may_be_asked_for(
    closed: Town, village: Town
) -> None:
    mistyped = {"query": "{ insurer_s { totalCount } }"}
    _, there = await sent(village, mistyped)
    _, here = await sent(closed, mistyped)
    assert "Did you mean" in there["errors"][0]["message"]
    assert "Did you mean" not in here["errors"][0]["message"]
    assert "insurers" not in here["errors"][0]["message"]
