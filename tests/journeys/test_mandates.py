"""A customer's consent to an agency: what it leaves as evidence, how it ends, and what an agent does by it."""

import asyncio
import json

import pytest
from msgspec.structs import replace

from gateway.development import AGENCIES
from gateway.evidence.audit import audit
from gateway.evidence.flaw import Flaw
from gateway.evidence.notary import Notary
from gateway.journeys import acting
from gateway.journeys.accounts import Accounts
from gateway.journeys.evidence import EvidenceRoom
from gateway.journeys.guarding import Guard
from gateway.journeys.orders import Orders
from gateway.journeys.patience import Patience
from gateway.journeys.refusal import Refusal
from gateway.journeys.submission import Submission
from gateway.tokens.issuer import subject
from gateway.viewer import party
from insurers.consent import ActorRole, ConsentKind
from insurers.mandate import GRANTED, REPLACED, REVOKED
from insurers.panel import Panel
from insurers.renewal import RenewalState
from schema.ports import Asker
from schema.problems import ProblemCode
from tests.api.agencies import HANAKO, MANAGER, OTHERS_AGENT, agencies_at_work, agent_alone, consent
from tests.api.conftest import Town
from tests.api.frontend import Frontend, Json, codes
from tests.journeys.insurer import AnInsurer, by_turns
from tests.journeys.mandating import (
    A_DAY,
    AGENT,
    CUSTOMER,
    ISSUER,
    PREPARE,
    READ,
    SUBMIT,
    Desk,
    desk,
    read,
    roll,
)
from tests.store.databases import database_url
from tests.store.invented import NOW, renewal

__all__ = ["agencies_at_work", "database_url", "desk"]


EVIDENCE = """query ($id: ID!) { renewal(id: $id) { evidence { entries { actor role onBehalfOf } } } }"""


# ---- evidence


async def test_every_word_to_an_agency_stays_in_the_words_in_which_it_was_read(desk: Desk) -> None:
    first = await desk.grant(READ, PREPARE)
    desk.clock.advance(A_DAY)
    second = await desk.grant(READ, until=NOW + 9 * A_DAY, key="h")
    await desk.mandates.revoke(CUSTOMER, second.id, key="r")

    replaced, taken_back = await desk.evidence(first), await desk.evidence(second)
    for entries in (replaced, taken_back):
        assert ["", entries[0].hash] == [entry.previous for entry in entries]
        assert {(ConsentKind.AGENT_ACCESS, "sakura", ActorRole.CUSTOMER, CUSTOMER.customer)} == {
            (entry.kind, entry.agency, entry.role, entry.actor) for entry in entries
        }
        assert all("さくら保険サービス" in entry.statement for entry in entries)
    assert [GRANTED.en, REPLACED.en] == [entry.answer for entry in replaced]
    assert [GRANTED.en, REVOKED.en] == [entry.answer for entry in taken_back]
    assert ([("read_policies", "prepare_renewal")] * 2, [("read_policies",)] * 2) == (
        [entry.scopes for entry in replaced],
        [entry.scopes for entry in taken_back],
    )
    assert "It ends at 2026-11-30 10:00 in Tokyo." in taken_back[0].statement


async def test_the_evidence_of_a_consent_is_checked_without_the_gateway(desk: Desk) -> None:
    room = EvidenceRoom(desk.store, desk.clock, Notary(desk.keyring))
    given = await desk.grant(READ, PREPARE)

    async def taken_away(asker: Asker = CUSTOMER) -> str:
        return await room.bundle(asker, given.id) or ""

    audit((await taken_away()).encode())
    await desk.mandates.revoke(CUSTOMER, given.id, key="r")
    whole = json.loads(await taken_away())

    assert [GRANTED.en, REVOKED.en] == [event["answer"] for event in whole["events"]]
    assert "" == await taken_away(AGENT)
    for forged in (
        {"consent": whole["consent"] | {"agency": "hinode"}},
        {"consent": whole["consent"] | {"scopes": ["read_policies"]}},
        {"consent": whole["consent"] | {"customer": "c2"}},
        {"consent": {name: value for name, value in whole["consent"].items() if name != "revoked_at"}},
        {"events": whole["events"][:1], "head": whole["events"][0]["hash"]},
        {"exported_at": "2020-01-01T00:00:00Z"},
    ):
        with pytest.raises(Flaw):
            audit(json.dumps(whole | forged).encode())


async def test_the_same_order_is_one_consent_and_only_the_customer_gives_it(desk: Desk) -> None:
    once, again = await desk.grant(READ), await desk.grant(READ)
    just_this = frozenset({READ})
    by_an_agent = await desk.mandates.grant(AGENT, "sakura", just_this, None, statement=read(just_this), key="g")
    revoked = [await desk.mandates.revoke(CUSTOMER, once.id, key=key) for key in ("r", "r", "s")]

    assert once.id == again.id
    assert [ProblemCode.CUSTOMER_ONLY] == [problem.code for problem in by_an_agent.problems]
    assert {NOW} == {done.thing.revoked_at for done in revoked if done.thing}
    assert 2 == len(await desk.evidence(once))


# ---- how it ends


async def test_it_ends_by_itself_and_the_chore_acts_upon_that_once(desk: Desk) -> None:
    ends = NOW + A_DAY
    given = await desk.grant(READ, until=ends)
    assert (ends, 0) == (await desk.expiring.due(), await desk.expiring.turn())
    assert {READ} == await desk.scopes()
    desk.clock.set(ends)

    assert set() == await desk.scopes()
    assert [1, 0] == [await desk.expiring.turn(), await desk.expiring.turn()]
    assert await desk.expiring.due() is None
    async with desk.store.reading() as work:
        found = await work.mandates.get(given.id)
    assert found == replace(given, expires_at=ends)
    # It ran out, and nobody took it back; the next one stands beside it.
    assert {READ, PREPARE} == (await desk.grant(READ, PREPARE, key="h")).scopes == await desk.scopes()


async def test_whoever_is_no_longer_named_may_do_nothing_at_once(desk: Desk) -> None:
    await desk.grant(READ)
    manager = party(ISSUER, subject(MANAGER))
    before = [await desk.scopes(agent) for agent in (AGENT.actor, manager)]
    left = AGENCIES.read_text(encoding="utf-8").replace(HANAKO, "新人 三郎")
    await desk.agencies.take_over(roll(left))

    assert [{READ}, {READ}] == before
    assert [set(), {READ}] == [await desk.scopes(agent) for agent in (AGENT.actor, manager)]
    assert await desk.agencies.agent(AGENT) is None
    async with desk.store.reading() as work:
        agents = await work.agencies.agents("sakura")
    assert {(HANAKO, False), (MANAGER, True)} <= {(agent.name, agent.active) for agent in agents}
    await desk.agencies.take_over(roll())
    assert {READ} == await desk.scopes()
    assert set() == await desk.scopes(party(ISSUER, subject(OTHERS_AGENT)))


async def test_no_application_is_written_down_for_an_agent_without_leave_however_late_that_is_found(desk: Desk) -> None:
    ready = renewal(state=RenewalState.READY)
    async with desk.store.work() as work:
        await work.renewals.add(ready, due_at=None)
    await desk.grant(READ, PREPARE)
    patience = Patience(A_DAY, chance=lambda: 0.5)
    accounts = Accounts(desk.store, Panel({}), desk.clock, Orders(desk.store, desk.clock), Guard(desk.clock), patience)
    button = Submission(desk.store, Panel({}), desk.clock, accounts, patience, lease=A_DAY, alarm=lambda _: None)

    async def pressed() -> None:
        acting.begin(replace(AGENT, customer=ready.customer))
        await button.begin(ready)

    with pytest.raises(Refusal) as refused:
        await asyncio.create_task(pressed())

    assert [(ProblemCode.CONSENT_REQUIRED, (SUBMIT,))] == [(one.code, one.scopes) for one in refused.value.problems]
    async with desk.store.reading() as work:
        standing = await work.renewals.get(ready.id)
    assert standing is not None
    assert RenewalState.READY is standing.state


# ---- the whole road


@by_turns
async def test_an_agent_prepares_the_customer_confirms_and_the_agent_submits(
    town: Town, taro: Frontend, insurer: AnInsurer, code: str
) -> None:
    await taro.register(code)
    await consent(taro)
    agent = agent_alone(town)
    renewal = (await agent.mutate("RenewalStart", policy={"id": await taro.policy_id(code)}))["renewal"]
    confirmed = 0

    while renewal["status"] == "IN_PROGRESS":
        tried = await agent.answer("RenewalStepAnswer", renewal, renewal["currentStep"])
        if tried["errors"]:
            assert {"CUSTOMER_ONLY"} == set(codes(tried))
            tried = await taro.answer("RenewalStepAnswer", renewal, renewal["currentStep"])
            confirmed += 1
        renewal = tried["renewal"]
    done = await agent.submit(renewal)

    assert ("ACCEPTED", 1) == (done["renewal"]["status"], insurer.presses)
    assert confirmed
    entries: list[Json] = (await taro.raw(EVIDENCE, {"id": renewal["id"]}))["data"]["renewal"]["evidence"]["entries"]
    ((customer, for_nobody),) = {(one["actor"], one["onBehalfOf"]) for one in entries if one["role"] == "CUSTOMER"}
    by_agents = {(one["actor"], one["onBehalfOf"]) for one in entries if one["role"] == "AGENT"}
    assert for_nobody is None
    assert {(party(town.issuer.issuer, subject(HANAKO)), customer)} == by_agents
    assert (await agent.raw(EVIDENCE, {"id": renewal["id"]}))["data"]["renewal"]["evidence"] is None
