"""A customer's consent to an agency: what it leaves as evidence, how it ends, and whose policies it is about."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime, timedelta

import pytest
from msgspec.structs import replace

from gateway import agency_file
from gateway import store as stores
from gateway.development import AGENCIES
from gateway.events import LocalBus
from gateway.evidence.audit import audit
from gateway.evidence.flaw import Flaw
from gateway.evidence.notary import Notary
from gateway.journeys import acting
from gateway.journeys.accounts import Accounts
from gateway.journeys.agencies import Agencies
from gateway.journeys.authority import Authority
from gateway.journeys.book import Books
from gateway.journeys.evidence import EvidenceRoom
from gateway.journeys.expiring import Expiring
from gateway.journeys.guarding import Guard
from gateway.journeys.knowing import AGAIN_AFTER, MOST_ATTEMPTS, Knowing, Known
from gateway.journeys.mandated import MandatedReading
from gateway.journeys.mandates import Mandates
from gateway.journeys.orders import Orders
from gateway.journeys.patience import Patience
from gateway.journeys.recent_reading import RecentReading
from gateway.journeys.refusal import Refusal
from gateway.journeys.submission import Submission
from gateway.store import Store
from gateway.tokens.issuer import subject
from gateway.vault import Keyring
from gateway.viewer import party
from insurers.account import LinkState
from insurers.agency import ConsentScope, Mandate
from insurers.book import Blocker, EntryFilter, EntryOrder
from insurers.canonical import sha256
from insurers.consent import ActorRole, Consent, ConsentKind
from insurers.errors import Unavailable
from insurers.identity import InsurerCode, PolicyNumber, PolicyRef
from insurers.mandate import GRANTED, REPLACED, REVOKED, statement
from insurers.panel import Panel
from insurers.policy import Policy, RenewalOffer
from insurers.renewal import RenewalState
from insurers.sandbox import TestClock
from insurers.text import Language
from schema.ports import Asker, Done, Role, Told
from schema.problems import ProblemCode
from tests.api.agencies import HANAKO, JIRO, MANAGER, OTHERS_AGENT, agencies_at_work, agent_alone, consent
from tests.api.conftest import Town
from tests.api.frontend import Frontend, Json, codes
from tests.journeys.insurer import AnInsurer, by_turns
from tests.journeys.keys import key
from tests.store import booked
from tests.store.databases import database_url
from tests.store.invented import ACME, NOW, REF, link, renewal

__all__ = ["agencies_at_work", "database_url"]

ISSUER = "https://issuer.example"
READ, PREPARE, SUBMIT = ConsentScope
A_DAY = timedelta(days=1)

EVIDENCE = """query ($id: ID!) { renewal(id: $id) { evidence { entries { actor role onBehalfOf } } } }"""


def asker(id_: str, role: Role) -> Asker:
    return Asker(
        customer=id_,
        actor=id_,
        display_name="",
        actor_name="",
        name=None,
        roles=frozenset({role}),
        expires_at=NOW + A_DAY,
        language=Language.EN,
    )


CUSTOMER = asker(link().customer, Role.CUSTOMER)
AGENT = asker(party(ISSUER, subject(HANAKO)), Role.AGENT)


class AnAccount:
    """An insurer that answers with one policy, unless it cannot be asked."""

    def __init__(self, store: Store, clock: TestClock) -> None:
        self.store = store
        self.known = Known(store, clock)
        self.is_down = False
        self.asked = 0
        self.numbers = [REF.number]

    async def read(self, customer: str, insurer: InsurerCode, numbers: None) -> Mapping[PolicyNumber, Policy]:
        self.asked += 1
        if self.is_down:
            raise Unavailable(insurer)
        await self.known.note(await key(self.store), self.numbers, whole=True)
        return {}


class Desk:
    """Everything about consents on one store, with a clock to move."""

    def __init__(self, store: Store, keyring: Keyring) -> None:
        self.store = store
        self.keyring = keyring
        self.clock = TestClock(NOW, frozen=True)
        self.account = AnAccount(store, self.clock)
        self.knowing = Knowing(store, self.clock, self.account.read)
        self.expiring = Expiring(store, self.clock)
        self.agencies = Agencies(store)
        self.authority = Authority(store, self.clock)
        self.mandates = Mandates(store, self.clock, Orders(store, self.clock), self.knowing)

    async def grant(self, *scopes: ConsentScope, until: datetime | None = None, key: str = "g") -> Mandate:
        given = frozenset(scopes)
        done: Done[Mandate] = await self.mandates.grant(
            CUSTOMER, "sakura", given, until, statement=read(given, until), key=key
        )
        assert done.thing is not None, done.problems
        return done.thing

    async def evidence(self, mandate: Mandate) -> list[Consent]:
        async with self.store.reading() as work:
            return [entry for entry in await work.consents.of(mandate.id) if isinstance(entry, Consent)]

    async def scopes(self, agent: str = AGENT.actor) -> frozenset[ConsentScope]:
        return await self.authority.scopes(agent, CUSTOMER.customer)


def read(scopes: frozenset[ConsentScope], until: datetime | None = None) -> str:
    return sha256(statement("さくら保険サービス", scopes, until).en)


def roll(text: str | None = None) -> agency_file.Roll:
    around = agency_file.Surroundings(issuer=ISSUER, insurers=[ACME], variables={}, subject=subject)
    return agency_file.read(text or AGENCIES.read_text(encoding="utf-8"), around)


@pytest.fixture
async def desk(database_url: str) -> AsyncIterator[Desk]:
    keyring = Keyring.fresh()
    async with stores.opened(database_url, keyring=keyring, bus=LocalBus()) as store:
        desk = Desk(store, keyring)
        await desk.agencies.take_over(roll())
        async with store.work() as work:
            await work.links.put(link())
        yield desk


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


# ---- whose policies


async def owners(desk: Desk) -> list[str]:
    found = await desk.authority.owners(AGENT, [REF, PolicyRef(ACME, PolicyNumber("NOBODYS1"))])
    assert {REF} >= set(found)
    return list(found.get(REF, ()))


async def test_with_a_consent_the_accounts_tell_whose_policies_they_are(desk: Desk) -> None:
    assert [] == await owners(desk)
    given = await desk.grant(READ)

    assert [CUSTOMER.customer] == await owners(desk)
    assert await desk.knowing.due() is None
    await desk.mandates.revoke(CUSTOMER, given.id, key="r")
    assert [] == await owners(desk)


async def test_an_insurer_that_cannot_be_asked_is_asked_later_and_not_for_ever(desk: Desk) -> None:
    desk.account.is_down = True
    await desk.grant(READ)
    assert ([], 1) == (await owners(desk), desk.account.asked)
    assert NOW + AGAIN_AFTER[0] == await desk.knowing.due()

    desk.clock.advance(AGAIN_AFTER[0])
    assert [1, 0] == [await desk.knowing.turn(), await desk.knowing.turn()]
    assert desk.clock() + AGAIN_AFTER[1] == await desk.knowing.due()
    desk.account.is_down = False
    desk.clock.advance(AGAIN_AFTER[1])
    assert 1 == await desk.knowing.turn()

    assert ([CUSTOMER.customer], 3) == (await owners(desk), desk.account.asked)
    assert await desk.knowing.due() is None
    desk.account.is_down = True
    await desk.grant(READ, PREPARE, key="h")
    for _ in range(MOST_ATTEMPTS):
        desk.clock.advance(AGAIN_AFTER[-1])
        assert 1 == await desk.knowing.turn()
    assert await desk.knowing.due() is None


async def test_an_account_that_is_linked_after_the_consent_is_read_and_so_is_a_renewed_one(desk: Desk) -> None:
    async with desk.store.work() as work:
        await work.links.delete(link().id, at=NOW)
    await desk.grant(READ)
    assert ([], 0, None) == (await owners(desk), desk.account.asked, await desk.knowing.due())

    async with desk.store.work() as work:
        await work.links.put(link())
    assert [1, 0] == [await desk.knowing.turn(), await desk.knowing.turn()]
    assert [CUSTOMER.customer] == await owners(desk)
    going_out = renewal(state=RenewalState.SUBMITTING)
    async with desk.store.work() as work:
        await work.renewals.add(going_out, due_at=None)
    assert await desk.knowing.due() is None
    async with desk.store.work() as work:
        accepted = replace(going_out, state=RenewalState.ACCEPTED, version=going_out.version + 1)
        await work.renewals.save(accepted, was=going_out.version, due_at=None)
    assert (1, 2) == (await desk.knowing.turn(), desk.account.asked)


async def test_what_an_account_has_no_more_is_nobodys_to_see_in_it(desk: Desk) -> None:
    await booked.fill(desk.store, desk.keyring, [booked.record(str(REF.number))])
    await desk.grant(READ, PREPARE)
    assert ([CUSTOMER.customer], Blocker.NOTHING) == (await owners(desk), (await waits_for(desk))[0])
    known = desk.account.known

    await known.note(await key(desk.store), [], whole=False)
    assert [CUSTOMER.customer] == await owners(desk)
    await known.note(await key(desk.store), [PolicyNumber("NEXTTERM")], whole=True)
    assert ([], (Blocker.NOT_LINKED, None)) == (await owners(desk), await waits_for(desk))

    await known.note(await key(desk.store), [REF.number], whole=False)
    assert [CUSTOMER.customer] == await owners(desk)
    async with desk.store.work() as work:
        await work.links.delete(link().id, at=NOW)
    assert ([], (Blocker.NOT_LINKED, None)) == (await owners(desk), await waits_for(desk))
    await known.note(await key(desk.store), [REF.number], whole=True)
    assert [] == await owners(desk)


class SlowReading(RecentReading):
    """Tells offers, and takes so long for it that the agency's book is read meanwhile."""

    def __init__(self, desk: Desk, branch: str) -> None:
        self.document_url = lambda *_, **__: ""
        self._desk = desk
        self._row = booked.record(str(REF.number), branch=branch)

    async def renewal_offers(
        self, asker: Asker, insurer: InsurerCode, numbers: Sequence[PolicyNumber]
    ) -> Told[Mapping[PolicyNumber, RenewalOffer]]:
        await booked.fill(self._desk.store, self._desk.keyring, [self._row])
        offers = {number: RenewalOffer(ref=PolicyRef(insurer, number), online=True) for number in numbers}
        return Told(value=offers, at=NOW, until=NOW)


@pytest.mark.parametrize(("branch", "told"), [("01", False), ("02", True)])
async def test_what_comes_to_another_branch_while_its_insurer_is_asked_is_not_told(
    desk: Desk, branch: str, told: bool
) -> None:
    await desk.grant(READ)
    jiro = replace(asker(party(ISSUER, subject(JIRO)), Role.AGENT), customer=CUSTOMER.customer)
    reading = MandatedReading(SlowReading(desk, branch), desk.authority, desk.clock)

    found = await reading.renewal_offers(jiro, ACME, [REF.number])

    assert told is (REF.number in found.value)


@pytest.mark.parametrize(("branch", "told"), [("01", False), ("02", True)])
@pytest.mark.parametrize("way", ["of a policy", "of a renewal"])
async def test_what_is_found_or_done_of_what_comes_to_another_branch_meanwhile_is_not_told(
    desk: Desk, way: str, branch: str, told: bool
) -> None:
    await desk.grant(READ, PREPARE)
    jiro = replace(asker(party(ISSUER, subject(JIRO)), Role.AGENT), customer=CUSTOMER.customer)
    begun = renewal()
    async with desk.store.work() as work:
        await work.renewals.add(begun, due_at=None)
    about, in_flow = desk.authority.about, desk.authority.in_flow
    errand = await (about(jiro, [REF], PREPARE) if way == "of a policy" else in_flow(jiro, begun.id))
    assert errand is not None

    async def found(_: Asker) -> str:
        await booked.fill(desk.store, desk.keyring, [booked.record(str(REF.number), branch=branch)])
        return "found"

    async def done(who: Asker) -> Done[str]:
        return Done(thing=await found(who))

    shown = await desk.authority.shown(errand, found)
    outcome = await desk.authority.done(errand, PREPARE, done, found)

    assert ("found" if told else None) == shown == outcome.thing
    assert ([] if told else [ProblemCode.NOT_FOUND]) == [problem.code for problem in outcome.problems]


async def test_of_several_who_have_a_policy_who_lets_the_agency_do_most_comes_first_everywhere(desk: Desk) -> None:
    await booked.fill(desk.store, desk.keyring, [booked.record(str(REF.number))])
    await desk.grant(READ)
    further = replace(CUSTOMER, customer="zz", actor="zz")
    async with desk.store.work() as work:
        await work.links.put(replace(link(), id="another", customer="zz"))
        await work.known.note("zz", ACME, [REF.number], at=NOW)
    desk.clock.advance(A_DAY)
    scopes = frozenset({READ, PREPARE})
    done = await desk.mandates.grant(further, "sakura", scopes, None, statement=read(scopes), key="g")
    assert not done.problems

    assert (["zz", CUSTOMER.customer], "zz") == (await owners(desk), (await waits_for(desk))[1])
    errand = await desk.authority.about(AGENT, [REF], PREPARE)
    assert errand is not None
    assert ("zz", frozenset({READ, PREPARE})) == (errand.asker.customer, errand.scopes)


# ---- the book


async def waits_for(desk: Desk) -> tuple[Blocker, str | None]:
    """Answer what the one entry of the book waits for, and whose it is."""
    wanted = EntryFilter()
    (entry,) = (
        await Books(desk.store, desk.clock).page(
            booked.MANAGER, wanted, EntryOrder.DUE, descending=False, first=2, after=None, count=False
        )
    ).entries
    return entry.blocker, entry.customer


async def test_the_book_tells_at_once_what_the_agency_can_do_for_a_customer(desk: Desk) -> None:
    await booked.fill(desk.store, desk.keyring, [booked.record(str(REF.number))])
    not_linked, mine = Blocker.NOT_LINKED, CUSTOMER.customer
    assert not_linked == (await waits_for(desk))[0]

    given = await desk.grant(READ)
    assert (not_linked, mine) == await waits_for(desk)
    given = await desk.grant(READ, PREPARE, until=NOW + A_DAY, key="h")
    assert (Blocker.NOTHING, mine) == await waits_for(desk)
    async with desk.store.work() as work:
        await work.links.put(replace(link(), state=LinkState.CHALLENGE_PENDING))
    assert (Blocker.WAITING_FOR_PASSCODE, mine) == await waits_for(desk)
    async with desk.store.work() as work:
        await work.links.delete(link().id, at=NOW)
    assert not_linked == (await waits_for(desk))[0]
    async with desk.store.work() as work:
        await work.links.put(replace(link(), state=LinkState.LINKED))
    assert 1 == await desk.knowing.turn()
    assert (Blocker.NOTHING, mine) == await waits_for(desk)
    desk.clock.advance(A_DAY)
    assert 1 == await desk.expiring.turn()
    assert not_linked == (await waits_for(desk))[0]

    given = await desk.grant(READ, PREPARE, key="i")
    assert (Blocker.NOTHING, mine) == await waits_for(desk)
    await desk.mandates.revoke(CUSTOMER, given.id, key="r")
    assert not_linked == (await waits_for(desk))[0]


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
