"""A customer and an agent (募集人), two tabs, two machines: at once, and each as who they are (P-2, P-14)."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from pathlib import Path

import pytest

from gateway.settings import Settings, read
from insurers.capability import Capability
from insurers.identity import InsurerCode
from insurers.panel import find
from insurers.sandbox import Fault, TestClock
from tests.api.agencies import agencies_at_work, agent_alone, agent_for, let_act
from tests.api.conftest import CODES, FRIDAY, Houses, Town, each_insurer, open_town
from tests.api.frontend import Frontend, Json, codes, key
from tests.journeys.insurer import AnInsurer, on_both_databases
from tests.journeys.slow_post import SlowPost

__all__ = ["agencies_at_work"]

# Every gateway of a test believes the same tokens, so that one customer is the same person at each.
ISSUER = "http://issuer.example"
AGENT = "募集 花子"
# Long enough for the other to come, and short enough to wait for.
THINKING_SECONDS = 0.3

WHO = "query ($id: ID!) { renewal(id: $id) { events(first: 100) { edges { node { actor { display role } } } } } }"
EVIDENCE = """query ($id: ID!) { renewal(id: $id) { evidence { entries {
  actor role onBehalfOf ... on ConsentEntry { kind }
} } } }"""

# What only the customer may confirm, as GraphQL names it.
ALONE = {"IMPORTANT_MATTERS", "ELECTRONIC_DELIVERY", "DECLARATION", "APPLICATION", "QUEUE_SUBMISSION"}


@pytest.fixture
def settings(tmp_path: Path, address_of_database: str) -> Settings:
    return read(
        data_folder=tmp_path / "data",
        database_url=address_of_database,
        environment="test",
        token_issuer=ISSUER,
        graphiql=False,
    )


@pytest.fixture
async def agent(town: Town, taro: Frontend) -> Frontend:
    """An agent who acts for Taro, as Taro lets the agency."""
    return await let_act(town, taro)


async def actors(frontend: Frontend, renewal: Json) -> set[tuple[str, str | None]]:
    edges = (await frontend.raw(WHO, {"id": renewal["id"]}))["data"]["renewal"]["events"]["edges"]
    return {(edge["node"]["actor"]["display"], edge["node"]["actor"]["role"]) for edge in edges}


# ---- who may do what


@each_insurer
async def test_an_agent_fills_in_and_submits_what_the_customer_confirmed(
    taro: Frontend, agent: Frontend, insurer: AnInsurer, code: str
) -> None:
    await taro.register(code)
    renewal = await agent.start(code)
    by_the_customer = []

    while renewal["status"] == "IN_PROGRESS":
        step = renewal["currentStep"]
        tried = await agent.answer("RenewalStepAnswer", renewal, step)
        if not tried["errors"]:
            renewal = tried["renewal"]
            continue
        assert {"CUSTOMER_ONLY"} == set(codes(tried)), tried["errors"]
        assert all(step["title"] in error["message"] for error in tried["errors"])
        places = [int(error["field"][1]) for error in tried["errors"]]
        assert all(step["requirements"][place]["__typename"] != "PlanRequirement" for place in places)
        assert (renewal["version"], step["id"]) == (tried["renewal"]["version"], tried["renewal"]["currentStep"]["id"])
        by_the_customer.append(step["kind"])
        renewal = (await taro.answer("RenewalStepAnswer", renewal, step))["renewal"]

    assert {"IMPORTANT_MATTERS", "APPLICATION"} <= set(by_the_customer)
    done = await agent.submit(renewal)
    assert ("ACCEPTED", 1) == (done["renewal"]["status"], insurer.presses)
    assert {("三住 太郎", "CUSTOMER"), (AGENT, "AGENT"), ("Tabane", None)} == await actors(taro, renewal)
    assert await actors(taro, renewal) == await actors(agent, renewal)
    entries = (await taro.raw(EVIDENCE, {"id": renewal["id"]}))["data"]["renewal"]["evidence"]["entries"]
    assert {"CUSTOMER"} == {entry["role"] for entry in entries if entry.get("kind") in ALONE}
    agents = [entry for entry in entries if entry["role"] == "AGENT"]
    customers = {entry["actor"] for entry in entries if entry["role"] == "CUSTOMER"}
    assert agents
    assert customers == {entry["onBehalfOf"] for entry in agents}


@each_insurer
async def test_what_an_agent_opened_the_customer_has_not(taro: Frontend, agent: Frontend, code: str) -> None:
    await taro.register(code)
    matters = await taro.follow(await taro.start(code), until="IMPORTANT_MATTERS")
    seen = await agent.read(matters)

    for need in seen["currentStep"]["requirements"]:
        if need["__typename"] == "DocumentRequirement":
            assert await agent.opened(need, seen)

    unread = [
        {"requirementKey": need["key"], "value": {"documentOpened": need["document"]["id"]}}
        for need in matters["currentStep"]["requirements"]
        if need["__typename"] == "DocumentRequirement"
    ]
    refused = await taro.mutate(
        "RenewalStepAnswer",
        flowId=matters["id"],
        stepId=matters["currentStep"]["id"],
        expectedVersion=matters["version"],
        answers=unread,
    )
    assert unread
    assert {"INVALID"} == set(codes(refused))
    assert "READY" == (await taro.follow(matters))["status"]


CLOSING = [code for code in CODES if find(InsurerCode(code)).MANIFEST.hours[Capability.RENEWAL].closes_at(FRIDAY)]


@pytest.mark.parametrize("code", CLOSING)
async def test_leave_to_send_it_later_is_the_customers_to_give(
    town: Town, taro: Frontend, agent: Frontend, ready: Json, code: str
) -> None:
    closing = find(InsurerCode(code)).MANIFEST.hours[Capability.RENEWAL].closes_at(town.clock())
    assert closing
    town.clock.set(closing)

    refused, closed = await agent.submit(ready), await agent.submit(ready, whenClosed="REFUSE")

    assert (["CUSTOMER_ONLY"], ["PROVIDER_CLOSED"]) == (codes(refused), codes(closed))
    assert "READY" == closed["renewal"]["status"]
    assert "QUEUED" == (await taro.submit(ready))["renewal"]["status"]


async def test_an_agent_signs_in_nowhere_for_a_customer(taro: Frontend, agent: Frontend) -> None:
    mine = await taro.begin(CODES[0])
    method = await taro.method(CODES[0])
    tries = {
        "RegistrationStart": {"insurer": {"code": CODES[0]}, "methodKey": method},
        "RegistrationStepAnswer": {
            "flowId": mine["id"],
            "stepId": mine["currentStep"]["id"],
            "expectedVersion": mine["version"],
            "answers": [],
        },
        "RegistrationCancel": {"registrationId": mine["id"]},
        "InsurerLinkCreate": {"insurer": {"code": CODES[0]}, "userId": "x", "password": "y"},
        "InsurerLinkDelete": {"linkId": "x"},
        "ChallengeAnswer": {"challengeId": "x", "answer": "1"},
    }

    told = {name: await agent.run(name, input={"idempotencyKey": key(), **said}) for name, said in tries.items()}

    assert dict.fromkeys(tries, "FORBIDDEN") == {
        name: answer["errors"][0]["extensions"]["code"] for name, answer in told.items()
    }


async def test_an_agent_who_acts_for_nobody_touches_nothing(town: Town, taro: Frontend) -> None:
    code = CODES[0]
    await taro.register(code)
    renewal = await taro.start(code)
    alone = agent_alone(town)

    answers = [
        await alone.mutate("RenewalStart", policy={"id": await taro.policy_id(code)}),
        await alone.mutate("RenewalCancel", renewalId=renewal["id"]),
    ]

    assert [["NOT_FOUND"], ["NOT_FOUND"]] == [codes(answer) for answer in answers]
    assert (await alone.run("RenewalRead", id=renewal["id"]))["data"]["renewal"] is None
    assert renewal["version"] == (await taro.read(renewal))["version"]


async def test_an_agent_for_one_customer_is_nobody_to_another(town: Town, taro: Frontend) -> None:
    await taro.register(CODES[0])
    renewal = await taro.start(CODES[0])
    hers = agent_for(town, town.customer("sayuri"))

    done = await hers.mutate("RenewalCancel", renewalId=renewal["id"])

    assert ["NOT_FOUND"] == codes(done)
    assert (await hers.run("RenewalRead", id=renewal["id"]))["data"]["renewal"] is None


async def test_whoever_acts_without_being_an_agent_is_not_believed(town: Town, taro: Frontend) -> None:
    token = town.issuer.mint(taro.person["name"], agent=AGENT, roles=("customer",))

    async with town.http.post(
        f"{town.url}/graphql", json={"query": "{ viewer { id } }"}, headers={"Authorization": f"Bearer {token}"}
    ) as answer:
        assert 401 == answer.status


async def test_the_viewer_is_the_agent_and_the_customer_is_the_customer(taro: Frontend, agent: Frontend) -> None:
    asked = "{ viewer { id displayName roles customer { id name { family } } } }"

    own, acting = [(await who.raw(asked))["data"]["viewer"] for who in (taro, agent)]

    assert (AGENT, ["AGENT"]) == (acting["displayName"], acting["roles"])
    assert own["customer"] == acting["customer"]
    assert own["id"] != acting["id"]


# ---- at once


@each_insurer
@on_both_databases
async def test_of_two_answers_at_once_one_counts_and_the_other_sees_the_present_state(
    taro: Frontend, agent: Frontend, code: str
) -> None:
    await taro.register(code)
    begun = await taro.start(code)
    plans = begun["plans"][:2]

    done = await asyncio.gather(
        taro.choose(begun, plans[0]), agent.choose(begun, plans[-1]), taro.choose(begun, plans[-1])
    )

    (won,) = (one for one in done if not one["errors"])
    lost = [one for one in done if one["errors"]]
    assert [["VERSION_CONFLICT"]] * 2 == [codes(one) for one in lost]
    assert {won["renewal"]["version"]} == {one["errors"][0]["currentVersion"] for one in lost}
    assert {won["renewal"]["selectedPlan"]["id"]} == {one["renewal"]["selectedPlan"]["id"] for one in lost}


@each_insurer
async def test_a_customer_and_an_agent_who_submit_at_once_press_once(
    taro: Frontend, agent: Frontend, insurer: AnInsurer, ready: Json, code: str
) -> None:
    insurer.order(insurer.places.button, Fault.SLOW, seconds=THINKING_SECONDS)

    done = await asyncio.gather(taro.submit(ready), agent.submit(ready), taro.submit(ready))

    assert {"ACCEPTED", "SUBMITTING"} >= {one["renewal"]["status"] for one in done}
    assert {"VERSION_CONFLICT"} >= {error for one in done for error in codes(one)}
    assert 1 == insurer.presses


async def test_a_key_of_the_agent_is_not_the_customers(taro: Frontend, agent: Frontend) -> None:
    await taro.register(CODES[0])
    begun = await taro.start(CODES[0])
    sent = {"renewalId": begun["id"], "expectedVersion": begun["version"], "idempotencyKey": "the-same-key"}

    one = await agent.mutate("RenewalPlanSelect", **sent, planId=begun["plans"][0]["id"])
    other = await taro.mutate("RenewalPlanSelect", **sent, planId=begun["plans"][-1]["id"])

    assert ([], ["VERSION_CONFLICT"]) == (codes(one), codes(other))


# ---- on two machines


@pytest.fixture
async def machines(
    settings: Settings, clock: TestClock, letterbox: SlowPost, houses: Houses
) -> AsyncIterator[Mapping[str, Frontend]]:
    """Two gateways that share a database and nothing else, with the customer before both."""
    async with (
        open_town(settings, clock, letterbox, houses) as here,
        open_town(settings, clock, letterbox, houses) as there,
    ):
        yield {"here": here.customer("taro"), "there": there.customer("taro")}


@pytest.mark.parametrize("address_of_database", ["postgresql"], indirect=True)
@each_insurer
async def test_two_machines_are_as_one(machines: Mapping[str, Frontend], houses: Houses, code: str) -> None:
    here, there = machines["here"], machines["there"]
    insurer = AnInsurer(InsurerCode(code), *houses[InsurerCode(code)])
    await here.register(code)

    begun, same = await asyncio.gather(here.start(code), there.start(code))
    assert begun["id"] == same["id"]

    plans = begun["plans"]
    chosen = await asyncio.gather(here.choose(begun, plans[0]), there.choose(begun, plans[-1]))
    assert [[], ["VERSION_CONFLICT"]] == sorted(codes(one) for one in chosen)
    assert chosen[0]["renewal"]["version"] == chosen[1]["renewal"]["version"]

    ready = await there.follow(await here.read(begun))
    insurer.order(insurer.places.button, Fault.SLOW, seconds=THINKING_SECONDS)
    done = await asyncio.gather(
        here.submit(ready, idempotencyKey="one-wish"),
        there.submit(ready, idempotencyKey="one-wish"),
        there.submit(ready),
    )
    assert {"ACCEPTED", "SUBMITTING"} >= {one["renewal"]["status"] for one in done}
    assert 1 == insurer.presses
    assert "ACCEPTED" == (await there.read(ready))["status"] == (await here.read(ready))["status"]
    # Whether this one is repeated is for the three to say: where the key of its own was first, both of its orders have
    # only looked on, and neither has an answer that would be kept.
    late = await here.submit(ready, idempotencyKey="one-wish")
    assert "ACCEPTED" == late["renewal"]["status"]
    alone = [await machine.submit(ready, idempotencyKey="a-late-wish") for machine in (here, there)]
    assert [("ACCEPTED", False), ("ACCEPTED", True)] == [(one["renewal"]["status"], one["replayed"]) for one in alone]
    assert 1 == insurer.presses
