"""Watching a flow over a socket: its state at once, and again after every change."""

import asyncio
from contextlib import aclosing

import gql
import pytest
from gql.transport.websockets import WebsocketsTransport

from tests.api.conftest import CODES, Town, each_insurer
from tests.api.frontend import Frontend, Json, key
from tests.api.live import PATIENCE_SECONDS, Live, connected

RENEWAL = "subscription ($id: ID!) { renewalUpdated(id: $id) { id version status currentStep { id state } } }"
REGISTRATION = (
    "subscription ($id: ID!) { registrationUpdated(id: $id) { id version status challenge { displayOnce } } }"
)


async def until(live: Live, field: str, value: object) -> list[Json]:
    """Hear states until one says this. Changes that follow each other closely may come as one."""
    heard = [await live.state()]
    while heard[-1][field] != value:
        heard.append(await live.state())
    return heard


@each_insurer
async def test_a_renewal_is_shown_at_once_and_after_every_change(holder: Frontend, code: str) -> None:
    renewal = await holder.start(code)
    async with connected(holder) as live:
        await live.subscribe(RENEWAL, id=renewal["id"])
        first = await live.state()
        after = await holder.advance(renewal)
        second = (await until(live, "version", after["version"]))[-1]
        stopped = await holder.mutate("RenewalCancel", renewalId=renewal["id"])
        heard = await until(live, "status", "WITHDRAWN")

    assert (renewal["id"], renewal["version"]) == (first["id"], first["version"])
    assert after["currentStep"]["id"] == second["currentStep"]["id"]
    assert stopped["renewal"]["version"] == heard[-1]["version"]


@each_insurer
async def test_a_renewal_is_followed_to_its_new_number(holder: Frontend, code: str) -> None:
    ready = await holder.ready(code)
    asked = "subscription ($id: ID!) { renewalUpdated(id: $id) { status result { newPolicyNumber } } }"
    async with connected(holder) as live:
        await live.subscribe(asked, id=ready["id"])
        first = await live.state()
        done = await holder.submit(ready)
        heard = await until(live, "status", "ACCEPTED")

    assert {"status": "READY", "result": None} == first
    assert done["renewal"]["result"]["newPolicyNumber"] == heard[-1]["result"]["newPolicyNumber"]


@each_insurer
async def test_a_registration_is_shown_at_once_and_after_every_change_without_its_keyword(
    taro: Frontend, code: str
) -> None:
    begun = await taro.begin(code)
    async with connected(taro) as live:
        await live.subscribe(REGISTRATION, id=begun["id"])
        first = await live.state()
        await taro.follow_registration(begun)
        heard = await until(live, "status", "COMPLETED")

    versions = [state["version"] for state in (first, *heard)]
    assert begun["version"] == first["version"]
    assert sorted(set(versions)) == versions
    assert {None} == {(state["challenge"] or {}).get("displayOnce") for state in heard}


async def test_nothing_of_another_customer_is_heard(town: Town, taro: Frontend, sayuri: Frontend) -> None:
    his, hers = [await each.begin(CODES[0]) for each in (taro, sayuri)]
    async with connected(sayuri) as live:
        await live.subscribe(REGISTRATION, id=hers["id"])
        assert hers["id"] == (await live.state())["id"]

        await taro.advance(his)
        await sayuri.advance(hers)

        assert hers["id"] == (await live.state())["id"]


async def test_queries_and_mutations_go_over_the_socket_too(taro: Frontend) -> None:
    start = """mutation ($input: RegistrationStartInput!) {
      registrationStart(input: $input) { registration { id status } errors { code } } }"""
    order = {"insurer": {"code": CODES[0]}, "methodKey": await taro.method(CODES[0]), "idempotencyKey": key()}
    async with connected(taro) as live:
        await live.subscribe(start, input=order)
        done = await live.state()
        assert "complete" == (await live.hear())["type"]
        await live.subscribe("{ viewer { displayName } }")
        viewer = await live.state()

    assert ([], "COLLECTING") == (done["errors"], done["registration"]["status"])
    assert {"displayName": taro.person["name"]} == viewer


async def test_each_operation_of_a_socket_reads_for_itself(member: Frontend) -> None:
    asked = "{ policies { edges { node { renewal { status } } } } }"
    async with connected(member) as live:
        states = []
        for act in (lambda: member.start(CODES[0]), lambda: asyncio.sleep(0)):
            await live.subscribe(asked)
            states.append([edge["node"]["renewal"] for edge in (await live.state())["edges"]])
            assert "complete" == (await live.hear())["type"]
            await act()

    assert {None} == {str(renewal) if renewal else None for renewal in states[0]}
    assert {"status": "IN_PROGRESS"} in states[1]


@pytest.mark.parametrize("document", ["{ noSuchField }", "subscription { noSuchField }", ""])
async def test_a_document_that_does_not_hold_ends_the_operation_and_not_the_socket(
    taro: Frontend, document: str
) -> None:
    async with connected(taro) as live:
        await live.subscribe(document)
        assert "error" == (await live.hear())["type"]

        await live.subscribe("{ viewer { displayName } }")
        assert {"displayName": taro.person["name"]} == await live.state()


async def test_a_client_of_the_trade_can_watch(taro: Frontend) -> None:
    begun = await taro.begin(CODES[0])
    transport = WebsocketsTransport(
        url=f"{taro.url.replace('http', 'ws')}/graphql", init_payload={"Authorization": taro.headers["Authorization"]}
    )
    request = gql.GraphQLRequest(REGISTRATION, variable_values={"id": begun["id"]})

    async with (
        asyncio.timeout(PATIENCE_SECONDS),
        gql.Client(transport=transport) as session,
        aclosing(session.subscribe(request)) as states,
    ):
        heard = await anext(states)

    assert begun["id"] == heard["registrationUpdated"]["id"]
