"""What an agent may see and do is what the customer lets the agency, at this very moment, and nothing else."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import NamedTuple

import pytest
import pytest_asyncio

from gateway.evidence.audit import audit
from insurers.sandbox import Fault
from tests.api import booking
from tests.api.agencies import (
    EVERYTHING,
    HANAKO,
    HINODE,
    JIRO,
    MANAGER,
    OTHERS_AGENT,
    agent_alone,
    agent_for,
    consent,
    let_act,
    revoke,
    statement,
)
from tests.api.comparing import NUMBERS, settled, started
from tests.api.conftest import CODES, Town
from tests.api.frontend import Frontend, Json, codes, key
from tests.api.live import connected

pytestmark = pytest.mark.asyncio(loop_scope="module")

CODE = CODES[0]
READ, PREPARE, SUBMIT = EVERYTHING
A_MINUTE = timedelta(minutes=1)

SEEN = """query ($policy: PolicyRef!, $renewal: ID!, $comparison: ID!, $plan: ID!) {
  policy(by: $policy) { id documents { url } renewal { id } }
  renewal(id: $renewal) { id policy { id } events(first: 100) { edges { node { actor { role } } } } }
  comparison(id: $comparison) { id }
  node(id: $renewal) { id }
  plan: node(id: $plan) { id }
  differences: premiumDifferences(planId: $plan, changes: []) { plan { id } }
  sideBySide: comparePlans(input: { planIds: [$plan] }) { offers { id } }
}"""
LINKS = "{ viewer { customer { links { id state userIdHint challenge { id } nextActions { kind } } } } }"
DOCUMENT = "query ($policy: PolicyRef!) { policy(by: $policy) { documents { url } } }"
RENEWAL_OF = "query ($policy: PolicyRef!) { policy(by: $policy) { renewal { id } } }"
HISTORY = "events(first: 100) { edges { node { actor { role display } } } }"
RENEWAL = "query ($id: ID!) { renewal(id: $id) { id } }"
WATCHED = "subscription ($id: ID!) { renewalUpdated(id: $id) { version } }"
GIVEN = """query ($first: Int) { viewer { agent { displayName agency { name } } consents(first: $first) {
  edges { node { id active customer { id } scopes agency { name } } } pageInfo { hasNextPage }
} } }"""


PAGED = """query ($after: String) { viewer { consents(first: 2, after: $after) {
  edges { node { id grantedAt } } pageInfo { hasNextPage endCursor }
} } }"""
TRIED = """mutation ($input: %(input)sInput!) { %(name)s(input: $input) {
  %(shown)s { id } errors { __typename code ... on ConsentError { missing } }
} }"""


class Deed(NamedTuple):
    """A mutation, what a customer must have let an agency do for it, and its input."""

    name: str
    scope: str
    said: Json
    takes: str = ""


class Things(NamedTuple):
    """Everything of Taro's that somebody may try to get at."""

    policy: Json
    renewal: Json
    comparison: Json
    plan: str
    quoted: str


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def things(villager: Frontend) -> Things:
    policy = {"number": {"insurer": {"code": CODE}, "number": NUMBERS[CODE]}}
    renewal = await villager.start(CODE)
    comparison = await settled(villager, await started(villager, CODE, NUMBERS[CODE]))
    quoted = comparison["offers"][0]["id"]
    return Things(policy, renewal, comparison, renewal["plans"][0]["id"], quoted)


# ---- who is who


@pytest.fixture
def agents(village: Town, villager: Frontend) -> Mapping[str, Frontend]:
    """Agents of the agency that Taro knows, with a token for him and with one of their own."""
    return {
        "for him": agent_for(village, villager),
        "by themselves": agent_alone(village, HANAKO),
    }


@pytest.fixture
def strangers(village: Town, villager: Frontend) -> Mapping[str, Frontend]:
    """Whoever sees nothing of Taro's, whatever he lets his agency do."""
    return {
        "another customer": village.customer("sayuri"),
        "another agency's agent": agent_alone(village, OTHERS_AGENT),
        "another agency's agent, for him": agent_for(village, villager, OTHERS_AGENT),
        "no agent of any agency": agent_alone(village, "退職 済男"),
        "no agent of any agency, for him": agent_for(village, villager, "退職 済男"),
        "his agency's agent, for another": agent_for(village, village.customer("sayuri")),
        "nobody": village.nobody(),
    }


async def held(frontend: Frontend) -> dict[str, bool]:
    """Answer the consents that they gave or hold, and whether each stands."""
    edges = (await frontend.raw(GIVEN, {"first": 100}))["data"]["viewer"]["consents"]["edges"]
    return {edge["node"]["id"]: edge["node"]["active"] for edge in edges}


# ---- what they try


async def seen(frontend: Frontend, things: Things) -> set[str]:
    """Answer the names of what they get to see."""
    about = {"policy": things.policy, "renewal": things.renewal["id"], "comparison": things.comparison["id"]}
    data = (await frontend.raw(SEEN, {**about, "plan": things.plan}))["data"]
    return {name for name, found in data.items() if found}


EVERYTHING_SEEN = {"policy", "renewal", "comparison", "node", "plan", "differences", "sideBySide"}


def deeds(things: Things) -> Iterator[Deed]:
    """Everything that may be tried; an outdated version changes nothing for who may."""
    renewal, step = things.renewal["id"], things.renewal["currentStep"]["id"]
    flow, old = {"renewalId": renewal}, {"renewalId": renewal, "expectedVersion": 0}
    plan, quoted = {"planId": things.plan}, {"planId": things.quoted}
    yield Deed("RenewalStart", PREPARE, {"policy": things.policy})
    yield Deed("RenewalPlanSelect", PREPARE, {**old, **plan})
    yield Deed("RenewalRequote", PREPARE, {**old, **plan, "changes": []})
    answers = {"flowId": renewal, "stepId": step, "expectedVersion": 0, "answers": []}
    yield Deed("RenewalStepAnswer", PREPARE, answers, takes="StepAnswer")
    yield Deed("RenewalResume", PREPARE, flow)
    yield Deed("RenewalSubmit", SUBMIT, {**old, "reviewHash": "0"})
    yield Deed("RenewalWithdraw", SUBMIT, flow)
    yield Deed("ComparisonRefresh", PREPARE, {"comparisonId": things.comparison["id"], "insurers": []})
    yield Deed("ComparisonRequote", PREPARE, {**quoted, "changes": []})
    yield Deed("ComparisonPlanChoose", PREPARE, {**quoted, "acknowledgedLosses": "0"})


async def refused(frontend: Frontend, things: Things) -> dict[str, str]:
    """Answer what is refused for want of leave, and how; whoever may not see a thing is not shown it either."""
    found = {}
    for one in deeds(things):
        name = one.name[0].lower() + one.name[1:]
        shown = "renewal" if name.startswith("renewal") else "comparison"
        document = TRIED % {"input": one.takes or one.name, "name": name, "shown": shown}
        answer = await frontend.raw(document, {"input": {**one.said, "idempotencyKey": key()}})
        payload = answer["data"][name]
        for error in payload["errors"]:
            if error["code"] == "NOT_FOUND":
                found[one.name] = "NOT_FOUND"
                assert payload[shown] is None
            if error["code"] == "CONSENT_REQUIRED":
                found[one.name] = "CONSENT_REQUIRED"
                assert ("ConsentError", [one.scope]) == (error["__typename"], error["missing"])
    return found


def wanting(things: Things, scopes: Sequence[str]) -> dict[str, str]:
    return {one.name: "CONSENT_REQUIRED" for one in deeds(things) if one.scope not in scopes}


async def test_an_agent_sees_and_does_what_the_customer_lets_the_agency_and_strangers_nothing(
    village: Town, villager: Frontend, things: Things, agents: Mapping[str, Frontend], strangers: Mapping[str, Frontend]
) -> None:
    nothing = {one.name: "NOT_FOUND" for one in deeds(things)}

    async def told(agent: Frontend) -> tuple[set[str], dict[str, str]]:
        return await seen(agent, things), await refused(agent, things)

    for scopes in ((READ,), EVERYTHING):
        standing = await consent(villager, *scopes)
        assert (EVERYTHING_SEEN, wanting(things, scopes)) == await told(agents["for him"]), scopes
    assert (EVERYTHING_SEEN, {}) == await told(agent_alone(village, JIRO)), "a consent is given to an agency"
    for who, stranger in strangers.items():
        assert not await seen(stranger, things), who
    assert nothing == await refused(strangers["his agency's agent, for another"], things)
    await revoke(villager, standing)

    assert dict.fromkeys(agents, (set(), nothing)) == {who: await told(agent) for who, agent in agents.items()}
    assert EVERYTHING_SEEN == await seen(villager, things)


async def test_a_consent_ends_by_the_clock_to_the_moment(
    village: Town, villager: Frontend, things: Things, agents: Mapping[str, Frontend]
) -> None:
    ends = village.clock() + A_MINUTE
    given = await consent(villager, READ, expiresAt=ends.isoformat())
    assert given["active"]
    before = {who: await seen(agent, things) for who, agent in agents.items()}
    village.clock.advance(A_MINUTE)

    assert dict.fromkeys(agents, EVERYTHING_SEEN) == before
    assert {who: set() for who in agents} == {who: await seen(agent, things) for who, agent in agents.items()}
    assert not (await held(villager))[given["id"]]


async def test_whoever_watches_for_the_customer_is_told_nothing_more_once_it_is_taken_back(
    villager: Frontend, things: Things, agents: Mapping[str, Frontend]
) -> None:
    for agent in agents.values():
        given = await consent(villager)
        async with connected(agent) as live:
            await live.subscribe(WATCHED, id=things.renewal["id"])
            assert "version" in await live.state()

            await revoke(villager, given)

            assert "complete" == (await live.hear())["type"]


async def test_a_link_to_a_document_opens_nothing_once_it_is_taken_back(
    villager: Frontend, things: Things, agents: Mapping[str, Frontend]
) -> None:
    given = await consent(villager, READ)
    links = []
    for agent in agents.values():
        policy = (await agent.raw(DOCUMENT, {"policy": things.policy}))["data"]["policy"]
        links.append(policy["documents"][0]["url"])

    async def opened() -> list[int]:
        return [(await villager.http.get(link)).status for link in links]

    assert [200] * len(links) == await opened()
    await revoke(villager, given)
    assert [404] * len(links) == await opened()


async def test_a_document_that_comes_when_the_consent_is_taken_back_is_not_told(
    village: Town, villager: Frontend, things: Things
) -> None:
    given, agent = await consent(villager, READ), agent_alone(village)
    policy = (await agent.raw(DOCUMENT, {"policy": things.policy}))["data"]["policy"]
    village.trouble(CODE, Fault.SLOW, times=1, seconds=0.5)
    coming = asyncio.ensure_future(villager.http.get(policy["documents"][0]["url"]))
    await asyncio.wait([coming], timeout=0.2)

    await revoke(villager, given)
    assert not coming.done()

    assert 404 == (await coming).status
    village.relieve()


async def test_an_agent_sees_that_there_is_an_account_and_nothing_with_which_to_open_it(
    villager: Frontend, agents: Mapping[str, Frontend]
) -> None:
    mine = (await villager.raw(LINKS))["data"]["viewer"]["customer"]["links"]
    given = await consent(villager, READ)

    shown = (await agents["for him"].raw(LINKS))["data"]["viewer"]["customer"]["links"]

    assert [link["state"] for link in mine] == [link["state"] for link in shown]
    assert {None} == {link["userIdHint"] for link in shown}
    assert None not in {link["userIdHint"] for link in mine}
    assert (await agents["by themselves"].raw(LINKS))["data"]["viewer"]["customer"] is None
    await revoke(villager, given)
    assert [] == (await agents["for him"].raw(LINKS))["data"]["viewer"]["customer"]["links"]


async def test_only_the_customer_gives_leave_and_takes_it_back(
    village: Town, villager: Frontend, agents: Mapping[str, Frontend], strangers: Mapping[str, Frontend]
) -> None:
    given = await consent(villager)
    others = [*agents.values(), *(who for name, who in strangers.items() if name != "another customer")]
    agency = given["agency"]["id"]

    for who in others:
        said = {"agencyId": agency, "scopes": [READ], "statementHash": "", "idempotencyKey": "k"}
        granted = await who.run("ConsentGrant", input=said)
        revoked = await who.run("ConsentRevoke", input={"consentId": given["id"], "idempotencyKey": "r"})
        for answer in (granted, revoked):
            assert answer["errors"][0]["extensions"]["code"] in {"FORBIDDEN", "UNAUTHENTICATED"}
    assert ["NOT_FOUND"] == codes(await revoke(strangers["another customer"], given))
    assert (await held(villager))[given["id"]]
    await revoke(villager, given)


async def test_a_consent_is_seen_by_who_gave_it_and_by_the_agency_that_holds_it(
    village: Town, villager: Frontend, agents: Mapping[str, Frontend], strangers: Mapping[str, Frontend]
) -> None:
    given = await consent(villager, READ)
    asked = """query ($id: ID!) { node(id: $id) { ... on Consent { agency { name } customer { id } scopeLabels
      evidence { bundle entries { hash ... on ConsentEntry { kind statement statementHash } } } } } }"""

    held = {who: (await agent.raw(asked, {"id": given["id"]}))["data"]["node"] for who, agent in agents.items()}

    assert {given["agency"]["name"]} == {found["agency"]["name"] for found in held.values()}
    own = (await villager.raw(asked, {"id": given["id"]}))["data"]["node"]["evidence"]
    (entry,), shown = own["entries"], "{ agencies { name consentStatement(scopes: [READ_POLICIES]) { text hash } } }"
    statements = [agency["consentStatement"] for agency in (await villager.raw(shown))["data"]["agencies"]]
    assert "AGENT_ACCESS" == entry["kind"]
    assert [entry["hash"]] == [one.hash for one in audit(own["bundle"].encode()).entries]
    assert 1 == [shown["text"] for shown in statements].count(entry["statement"])
    assert entry["statementHash"] in {shown["hash"] for shown in statements}
    assert {None} == {found["evidence"] for found in held.values()}
    assert held["for him"]["customer"] is not None
    assert held["by themselves"]["customer"] is None
    for who, stranger in strangers.items():
        assert (await stranger.raw(asked, {"id": given["id"]}))["data"]["node"] is None, who
        viewer = (await stranger.raw(GIVEN))["data"]["viewer"]
        assert viewer is None or [] == viewer["consents"]["edges"], who
    viewer = (await agents["by themselves"].raw(GIVEN))["data"]["viewer"]
    assert (HANAKO, given["agency"]["name"]) == (viewer["agent"]["displayName"], viewer["agent"]["agency"]["name"])
    assert given["id"] in {edge["node"]["id"] for edge in viewer["consents"]["edges"]}
    assert (await strangers["no agent of any agency"].raw(GIVEN))["data"]["viewer"]["agent"] is None
    await revoke(villager, given)


async def test_consents_come_in_pages_the_newest_first(village: Town, villager: Frontend) -> None:
    for _ in range(2):
        await revoke(villager, await consent(villager, READ))
    for who in (villager, agent_alone(village), agent_for(village, villager)):
        whole, after, found = list(await held(who)), None, list[str]()
        while True:
            page = (await who.raw(PAGED, {"after": after}))["data"]["viewer"]["consents"]
            found += [edge["node"]["id"] for edge in page["edges"]]
            after = page["pageInfo"]["endCursor"]
            if not page["pageInfo"]["hasNextPage"]:
                break
        assert 2 < len(whole)
        assert whole == found


async def test_what_is_given_again_takes_the_place_of_what_was_given(
    village: Town, villager: Frontend, things: Things
) -> None:
    agent = agent_alone(village)
    first = await consent(villager)
    other = await consent(villager, READ, agency=HINODE)
    second = await consent(villager, READ)

    stands = await held(villager)
    assert (False, True, True) == (stands[first["id"]], stands[other["id"]], stands[second["id"]])
    assert wanting(things, [READ]) == await refused(agent, things)
    for given in (other, second):
        await revoke(villager, given)


@pytest.mark.parametrize(
    ("said", "code", "field"),
    [
        ({"scopes": []}, "INVALID", ["scopes"]),
        ({"scopes": [SUBMIT]}, "INVALID", ["scopes"]),
        ({"expiresAt": "2020-01-01T00:00:00"}, "INVALID", ["expiresAt"]),
        ({"agencyId": "none of ours"}, "NOT_FOUND", ["agencyId"]),
        ({"scopes": [READ, PREPARE]}, "REVIEW_CHANGED", ["statementHash"]),
        ({"expiresAt": "2099-01-01T00:00:00"}, "REVIEW_CHANGED", ["statementHash"]),
        ({"statementHash": ""}, "REVIEW_CHANGED", ["statementHash"]),
    ],
)
async def test_a_consent_that_means_nothing_is_not_taken(
    village: Town, villager: Frontend, said: Json, code: str, field: list[str]
) -> None:
    given = await consent(villager, READ)
    await revoke(villager, given)

    hash_ = (await statement(villager, agencyId=given["agency"]["id"], scopes=[READ]))["hash"]
    whole = {"agencyId": given["agency"]["id"], "scopes": [READ], "statementHash": hash_, **said}
    done = await villager.mutate("ConsentGrant", **whole)

    assert [(code, field)] == [(error["code"], error["field"]) for error in done["errors"]]
    assert done["consent"] is None


async def test_what_is_taken_back_while_the_insurer_is_asked_is_neither_done_nor_told(
    village: Town, villager: Frontend
) -> None:
    code = CODES[-1]
    policy = {"id": await villager.policy_id(code)}
    given, agent = await consent(villager), agent_alone(village)
    village.trouble(code, Fault.SLOW, times=1, seconds=0.5)
    started = asyncio.create_task(agent.mutate("RenewalStart", policy=policy))
    await asyncio.wait([started], timeout=0.2)

    await revoke(villager, given)
    assert not started.done()
    done = await started

    village.relieve()
    assert (["NOT_FOUND"], None) == (codes(done), done["renewal"])
    assert {"renewal": None} == (await villager.raw(RENEWAL_OF, {"policy": policy}))["data"]["policy"]


async def test_an_agent_of_another_branch_sees_nothing_of_what_the_branchs_book_has(
    village: Town, villager: Frontend, things: Things
) -> None:
    given, jiro = await consent(villager), agent_alone(village, JIRO)
    jiro_for_him = agent_for(village, villager, JIRO)
    before = [await seen(one, things) for one in (jiro, jiro_for_him)]
    await booking.fill_books(village)
    mine = {"search": NUMBERS[CODE], "insurers": [{"code": CODE}]}
    (row,) = await booking.everything(agent_alone(village, MANAGER), "branch", filter=mine)

    assert ("01", [EVERYTHING_SEEN] * 2) == (row["branch"], before)
    for one in (jiro, jiro_for_him):
        assert set() == await seen(one, things)
        assert dict.fromkeys((deed.name for deed in deeds(things)), "NOT_FOUND") == await refused(one, things)
    for name in (HANAKO, MANAGER):
        assert EVERYTHING_SEEN == await seen(agent_alone(village, name), things)
    await revoke(villager, given)


async def test_what_the_customer_did_stays_the_customers_whoever_looks(
    village: Town, villager: Frontend, things: Things, agents: Mapping[str, Frontend]
) -> None:
    given = await consent(villager)
    await booking.fill_books(village)
    mine = {"search": NUMBERS[CODE], "insurers": [{"code": CODE}]}
    for_another = agent_for(village, village.customer("sayuri"), MANAGER)

    def told(events: Json) -> list[tuple[str, str]]:
        return [(edge["node"]["actor"]["role"], edge["node"]["actor"]["display"]) for edge in events["edges"]]

    def unnamed(events: list[tuple[str, str]]) -> list[tuple[str, str]]:
        return [(role, "契約者" if role == "CUSTOMER" else display) for role, display in events]

    async def history(who: Frontend) -> list[tuple[str, str]]:
        found = await who.raw(f"query ($id: ID!) {{ renewal(id: $id) {{ {HISTORY} }} }}", {"id": things.renewal["id"]})
        return told(found["data"]["renewal"]["events"])

    own = await history(villager)
    assert ("CUSTOMER", "契約者") != own[-1] != unnamed(own)[-1]
    assert own == await history(agents["for him"])
    assert unnamed(own) == await history(agents["by themselves"])
    (row,) = await booking.everything(for_another, f"renewal {{ {HISTORY} }}", filter=mine, first=10)
    assert unnamed(own) == told(row["renewal"]["events"])
    await revoke(villager, given)


async def test_an_agent_who_is_a_customer_too_finds_their_own_and_then_their_customers(
    village: Town, villager: Frontend, things: Things
) -> None:
    token = village.issuer.mint(HANAKO, roles=["customer", "agent"])
    both = Frontend(village.http, village.url, token, "taro", village.letterbox.letters)

    async def found() -> bool:
        return (await both.raw(RENEWAL, {"id": things.renewal["id"]}))["data"]["renewal"] is not None

    assert not await found()
    given = await consent(villager)
    assert await found()
    await revoke(villager, given)
    assert not await found()


async def test_an_agent_who_may_gives_a_renewal_up(village: Town, villager: Frontend) -> None:
    begun = await villager.start(CODES[-1])
    agent = await let_act(village, villager)

    done = await agent_alone(village).mutate("RenewalCancel", renewalId=begun["id"])

    assert ([], "WITHDRAWN") == (codes(done), done["renewal"]["status"])
    for id_, stands in (await held(agent)).items():
        if stands:
            await revoke(villager, {"id": id_})
