"""No field of one insurer's contract is at another before its customer said so, and then only what was said."""

import asyncio
from datetime import datetime
from typing import TypeGuard
from urllib.parse import parse_qs, unquote_plus

import msgspec
import pytest

from gateway.journeys import applied
from gateway.journeys.again import READ_ANEW_AFTER
from gateway.journeys.comparable import COMPARED_AFTER_MATURITY
from gateway.journeys.editing import MOST_DIFFERENCES, choices
from gateway.settings import Settings
from insurers.comparison import Comparison, ComparisonEvent, InquiryState
from insurers.consent import Consent, ConsentKind
from insurers.coverage import CoverageKind
from insurers.evidence import Compared, Evidence
from insurers.intention import Intention, MustHave
from insurers.labels import label
from insurers.losses import fingerprint, losses
from insurers.money import Yen
from insurers.policy import RenewabilityCode
from insurers.renewal import RenewalState
from insurers.risk import DataCategory
from insurers.sandbox import RECEIVED, TOKYO, Fault
from insurers.setback import SetbackKind
from insurers.text import Text
from insurers.vehicle import UsePurpose
from schema.ports import Asker, Done
from tests.api.conftest import FRIDAY, Town
from tests.api.frontend import Frontend, key
from tests.journeys.comparing import Machine, agent_for, asker, done, fields, let_act, machine, part, refs, there
from tests.journeys.insurer import AnInsurer, on_both_databases
from tests.journeys.sharing import OTHER, OWN, SLOW_SECONDS, begun, office, received, share, shown, who
from tests.store.invented import renewal

__all__ = ["begun", "office", "who"]

S = InquiryState

# When an application that waits here will be sent.
SENT = datetime(2026, 11, 24, 7, tzinfo=TOKYO)

CALLED = Text("A社", "Insurer A")

TURNS = 3

# In which an insurer may have been spoken to.
ENCODINGS = ("utf-8", "cp932")


async def test_nothing_is_sent_before_consent_and_then_only_what_was_agreed(
    town: Town, office: Machine, who: Asker, begun: Comparison, taro: Frontend
) -> None:
    told = shown(office, begun)
    some = frozenset({*told.needed, *sorted(told.categories - told.needed)[:1]})

    assert S.CONSENT_NEEDED is part(begun, OTHER).state
    too_few = told.needed - {min(told.needed)}
    assert {"disclosureHash": "disclosure_changed"} == fields(await share(office, who, begun, disclosure="other"))
    assert {"insurer": "customer_only"} == fields(await share(office, await let_act(office, who), begun))
    too_little = await share(office, who, begun, categories=too_few)
    assert {"categories": "invalid"} == fields(too_little)
    (why,) = [problem.message for problem in too_little.problems]
    assert all(label(category).ja in why.ja and label(category).en in why.en for category in told.needed)
    assert not any(category.name in why.ja + why.en for category in DataCategory)
    assert {"insurer": "not_found"} == fields(await share(office, who, begun, insurer=OWN))
    assert [] == received(town)

    asked = part(done(await share(office, who, begun, categories=some)), OTHER)
    answered = there(await office.desks.comparisons.settled(who, asked.id))
    partly = received(town)
    await share(office, who, begun)
    await office.desks.comparisons.settled(who, asked.id)
    wholly = received(town)[len(partly) :]

    assert (S.ASKED, S.ANSWERED, some) == (asked.state, answered.state, answered.categories)
    assert answered.plans
    assert _names(partly) < _names(wholly)
    told_there = [_read(body, encoding) for body in (*partly, *wholly) for encoding in ENCODINGS]
    private = [str(begun.policies[0].ref.number), *taro.person["fields"].values()]
    assert [] == [secret for secret in private if any(secret in body for body in told_there)]
    await office.audited(begun.id)


async def test_the_evidence_holds_what_was_read_what_was_agreed_and_what_was_told(
    office: Machine, who: Asker, begun: Comparison
) -> None:
    told = shown(office, begun)
    await share(office, who, begun, categories=told.needed)
    await office.desks.comparisons.settled(who, part(begun, OTHER).id)
    declined = part(done(await share(office, who, begun, granted=False)), OTHER)

    entries = await office.evidence(begun.id)
    consents = [entry for entry in entries if isinstance(entry, Consent)]
    asked = [entry for entry in entries if isinstance(entry, Compared) and entry.event is ComparisonEvent.ASKED]
    assert [ConsentKind.CROSS_INSURER_DATA_SHARING] * 2 == [consent.kind for consent in consents]
    assert [OTHER, OTHER] == [consent.insurer for consent in consents]
    assert [told.statement.ja, told.statement.ja] == [consent.statement for consent in consents]
    assert [told.needed, frozenset()] == [frozenset(there(consent.categories)) for consent in consents]
    assert {line.value.ja for line in told.lines if line.category in told.needed} == {
        shown.value for shown in consents[0].shown
    }
    assert [(OWN, None), (OTHER, told.needed)] == [
        (one.insurer, one.categories and frozenset(one.categories)) for one in asked
    ]
    assert entries.index(consents[0]) < entries.index(asked[1])
    assert (S.DECLINED, frozenset(), None) == (declined.state, declined.categories, declined.agreed_at)
    await office.audited(begun.id)


@on_both_databases
async def test_whoever_says_no_is_asked_about_no_more_whatever_was_under_way(
    town: Town, settings: Settings, office: Machine, who: Asker, begun: Comparison
) -> None:
    desk = office.desks.comparisons
    done(await share(office, who, begun))
    answered = there(await desk.settled(who, part(begun, OTHER).id))
    slow = AnInsurer(OTHER, *town.houses[OTHER])
    slow.order(_last_path(town), Fault.SLOW, seconds=SLOW_SECONDS)
    asked = part(done(await desk.refresh(who, begun.id, [OTHER], key=key())), OTHER)

    async with machine(town, settings) as other:
        declined = part(done(await share(other, who, begun, granted=False)), OTHER)
    heard = len(received(town))
    refreshed = part(done(await desk.refresh(who, begun.id, None, key=key())), OTHER)
    plan = answered.plans[0]
    edited = await desk.requote(who, answered.id, plan.code, [], reset=True, key=key())

    assert [S.ASKED, S.DECLINED, S.DECLINED] == [asked.state, declined.state, refreshed.state]
    assert {"insurer": "consent_required"} == fields(edited)
    assert 0 == await town.gateway.worker.turn()
    assert heard == len(received(town))
    assert S.DECLINED is (await office.inquiry(asked.id)).state
    await office.audited(begun.id)


async def test_what_changed_in_a_contract_is_told_only_after_another_word(
    town: Town, office: Machine, who: Asker, begun: Comparison
) -> None:
    """And a contract that no plan can follow any more is asked about no more."""
    desk = office.desks.comparisons
    await _was_once(office, begun, use=UsePurpose.BUSINESS)
    before = there(await desk.get(who, begun.id))
    done(await share(office, who, before))
    await desk.settled(who, part(begun, OTHER).id)
    heard = len(received(town))
    town.clock.advance(READ_ANEW_AFTER)

    refreshed = done(await desk.refresh(who, begun.id, None, key=key()))
    unsaid = part(refreshed, OTHER)
    await office.audited(begun.id)
    outdated = await share(office, who, before)
    done(await share(office, who, refreshed))
    answered = there(await desk.settled(who, unsaid.id))
    await office.audited(begun.id)
    town.clock.set(begun.policies[0].maturity + COMPARED_AFTER_MATURITY)
    over = await desk.refresh(who, begun.id, None, key=key())

    assert begun.policies[0].risk == refreshed.policies[0].risk
    assert (S.CONSENT_NEEDED, None, ()) == (unsaid.state, unsaid.agreed_at, unsaid.plans)
    assert {"disclosureHash": "disclosure_changed"} == fields(outdated)
    assert (S.ANSWERED, True) == (answered.state, heard < len(received(town)))
    (entry,) = [entry for entry in await office.evidence(begun.id) if _tells(entry, ComparisonEvent.CHANGED)]
    assert [DataCategory.USE] == list(there(entry.changed))
    assert {"comparisonId": "not_eligible"} == fields(over)
    assert {S.ANSWERED} == {inquiry.state for inquiry in there(over.thing).inquiries}


async def _was_once(office: Machine, begun: Comparison, **risk: object) -> None:
    """Let the contract have been another one when the comparison began."""
    (policy,) = begun.policies
    other = msgspec.structs.replace(policy, risk=msgspec.structs.replace(policy.risk, **risk))
    async with office.store.work() as work:
        await work.comparisons.save(msgspec.structs.replace(begun, policies=(other,)), was=begun.version)


def _tells(entry: Evidence, event: ComparisonEvent) -> TypeGuard[Compared]:
    return isinstance(entry, Compared) and entry.event is event


async def test_another_insurers_plan_is_written_down_and_the_way_on_is_told(
    office: Machine, who: Asker, begun: Comparison
) -> None:
    desk = office.desks.comparisons
    done(await share(office, who, begun))
    offered = there(await desk.settled(who, part(begun, OTHER).id))
    plan = offered.plans[0]
    lost = losses(plan, begun.policies[0].current)

    unread = await desk.choose(who, offered.id, plan.code, "what another plan loses", key=key())
    order = key()
    chosen, again = [await desk.choose(who, offered.id, plan.code, fingerprint(lost), key=order) for _ in range(2)]

    if lost:
        assert {"acknowledgedLosses": "losses_not_acknowledged"} == fields(unread)
        assert lost == unread.problems[0].losses
    (choice,) = done(chosen).choices
    assert (plan, fingerprint(lost), None) == (choice.plan, choice.acknowledged, choice.renewal)
    (way,), (warning,) = choice.reasons, choice.warnings
    assert (RenewabilityCode.CHANGE_NEEDS_AGENCY, True) == (way.code, way.contact is not None)
    assert there(plan.reference) in way.message.ja
    assert RenewabilityCode.AUTO_RENEWAL_ACTIVE is warning.code
    assert ((choice,), True) == (done(again).choices, again.replayed)
    kinds = [entry.kind for entry in await office.evidence(begun.id) if isinstance(entry, Consent)]
    assert kinds.count(ConsentKind.COVER_REDUCTION) == (1 if lost else 0)
    await office.audited(begun.id)


async def test_whoever_has_applied_here_hears_so_before_another_insurers_agency(
    town: Town, office: Machine, who: Asker, begun: Comparison
) -> None:
    """Also while the present insurer cannot be asked (P-1)."""
    desk = office.desks.comparisons
    done(await share(office, who, begun))
    offered = there(await desk.settled(who, part(begun, OTHER).id))
    (policy,), plan, waits = begun.policies, offered.plans[0], RenewalState.QUEUED
    queued = renewal(customer=who.customer, ref=policy.ref, maturity=policy.maturity, state=waits, will_submit_at=SENT)
    async with office.store.work() as work:
        await work.renewals.add(queued, due_at=None)
    town.trouble(OWN, Fault.BUSY)

    chosen = await desk.choose(who, offered.id, plan.code, fingerprint(losses(plan, policy.current)), key=key())

    ((warning,),) = [choice.warnings for choice in done(chosen).choices]
    assert RenewabilityCode.CAR_ALREADY_COVERED is warning.code
    assert "2026-11-24 at 07:00" in warning.message.en


def test_what_was_applied_for_stands_in_the_way_and_a_draft_does_not() -> None:
    told = {state: applied.reason(renewal(state=state), at=CALLED, contact=None) for state in RenewalState}

    assert {
        RenewalState.QUEUED: RenewabilityCode.CAR_ALREADY_COVERED,
        RenewalState.SUBMITTING: RenewabilityCode.CAR_ALREADY_COVERED,
        RenewalState.UNCONFIRMED: RenewabilityCode.CAR_ALREADY_COVERED,
        RenewalState.ACCEPTED: RenewabilityCode.ALREADY_RENEWED,
    } == {state: why.code for state, why in told.items() if why is not None}


async def test_each_change_alone_says_what_it_costs_at_either_insurer_and_in_a_renewal(
    office: Machine, who: Asker, begun: Comparison
) -> None:
    desk = office.desks.comparisons
    done(await share(office, who, begun))
    parts = [there(await desk.settled(who, inquiry.id)) for inquiry in begun.inquiries]
    renewal = done(await office.desks.renewals.start(who, begun.policies[0].ref, key=key()))
    for flow, plan in [*((one.id, one.plans[0]) for one in parts), (renewal.id, renewal.plans[0])]:
        every = there(await desk.differences(who, flow, plan.code, ()))
        offered = [one for one in every.found if one.plan is not None]

        assert offered
        assert plan.premium == every.base.premium
        assert all(there(one.difference) == there(one.plan).premium.total - plan.premium.total for one in offered)
        (one,) = there(await desk.differences(who, flow, plan.code, [offered[0].change])).found
        assert (offered[0].change, offered[0].difference) == (one.change, one.difference)
        many = await desk.differences(who, flow, plan.code, [offered[0].change] * (MOST_DIFFERENCES + 1))
        assert MOST_DIFFERENCES == len(there(many).found)
        assert await desk.differences(agent_for(_somebody(who)), flow, plan.code, ()) is None
    await office.audited(begun.id)

    # What was quoted long ago is no price to take from today's.
    before = await office.inquiry(parts[0].id)
    cheap = msgspec.structs.replace(before.plans[0].premium, total=Yen(1))
    aged = msgspec.structs.replace(before.plans[0], premium=cheap)
    async with office.store.work() as work:
        later = msgspec.structs.replace(before, version=before.version + 1, plans=(aged, *before.plans[1:]))
        await work.inquiries.save(later, was=before.version, due_at=None)
    moved = there(await desk.differences(who, before.id, aged.code, [choices(aged)[0]]))
    assert before.plans[0].premium == moved.base.premium
    assert there(moved.found[0].plan).premium.total - moved.base.premium.total == moved.found[0].difference


async def test_what_the_customer_wants_is_the_customers_to_say(
    office: Machine, who: Asker, begun: Comparison, taro: Frontend
) -> None:
    desk = office.desks.comparisons
    wanted = Intention(recorded_at=FRIDAY, statement="車両保険を付けたい")

    agent = await let_act(office, who)
    agents = await desk.intend(agent, begun.id, wanted, key=key())
    begins = await desk.start(agent, refs(taro, OWN)[:1], [OWN], wanted, key=key())
    nothing = MustHave(kind=CoverageKind.PERSONAL_INJURY, at_least=Yen(-1))
    senseless = Intention(budget=Yen(0), must_have=(nothing,), recorded_at=FRIDAY)
    unsaid = await desk.intend(who, begun.id, senseless, key=key())
    unbegun = await desk.start(who, refs(taro, OWN)[:1], [OWN], senseless, key=key())
    said = done(await desk.intend(who, begun.id, wanted, key=key()))
    first = done(await desk.start(who, refs(taro, OWN)[:1], [OWN], wanted, key=key()))

    assert [{"intention": "customer_only"}] * 2 == [fields(agents), fields(begins)]
    invalid = {"intention.budget": "invalid", "intention.mustHave.0.atLeast": "invalid"}
    assert [invalid, invalid] == [fields(unsaid), fields(unbegun)]
    assert [wanted, wanted] == [said.intention, first.intention]
    for comparison in (said, first):
        consents = [entry for entry in await office.evidence(comparison.id) if isinstance(entry, Consent)]
        assert [(ConsentKind.INTENTION_CONFIRMED, wanted.statement)] == [(one.kind, one.statement) for one in consents]
        await office.audited(comparison.id)


async def test_whoever_quotes_in_an_account_of_its_own_waits_for_one(
    town: Town, settings: Settings, office: Machine, taro: Frontend
) -> None:
    await taro.register(OTHER)
    who = await asker(town, settings, taro)
    desk = office.desks.comparisons
    begun = done(await desk.start(who, refs(taro, OTHER)[:1], [OWN], None, key=key()))
    unlinked = part(begun, OWN)
    await taro.register(OWN)
    linked = part(done(await desk.refresh(who, begun.id, None, key=key())), OWN)
    told = shown(office, begun, OWN)
    before = len(received(town, OWN))

    done(await share(office, who, begun, insurer=OWN, categories=told.categories, disclosure=told.fingerprint))
    answered = there(await desk.settled(who, linked.id))

    assert (S.FAILED, SetbackKind.NOT_LINKED) == (unlinked.state, there(unlinked.setback).kind)
    assert (S.CONSENT_NEEDED, None) == (linked.state, linked.setback)
    assert (S.ANSWERED, None) == (answered.state, answered.setback)
    assert answered.plans
    assert str(begun.policies[0].ref.number) not in "".join(received(town, OWN)[before:])
    await office.audited(begun.id)


@pytest.mark.parametrize("address_of_database", ["postgresql"], indirect=True)
async def test_many_hands_at_once_neither_block_each_other_nor_break_the_chain(
    town: Town, settings: Settings, office: Machine, who: Asker, taro: Frontend
) -> None:
    """Two machines agree, refuse and ask again while insurers answer. Every one of them writes in the same chain."""
    begun = done(await office.desks.comparisons.start(who, refs(taro, OWN), None, None, key=key()))

    async def hurry(at: Machine) -> list[Done[Comparison]]:
        answers = [await share(at, who, begun, granted=turn % 3 != 2) for turn in range(TURNS)]
        return [*answers, await at.desks.comparisons.refresh(who, begun.id, None, key=key())]

    async with machine(town, settings) as other:
        answers = await asyncio.gather(hurry(office), hurry(other), hurry(office))

    assert [()] * 3 * (TURNS + 1) == [answer.problems for each in answers for answer in each]
    await town.gateway.worker.turn()
    for inquiry in begun.inquiries:
        await office.desks.comparisons.settled(who, inquiry.id)
    await office.audited(begun.id)


def _somebody(who: Asker) -> Asker:
    return msgspec.structs.replace(who, customer="somebody else")


def _names(bodies: list[str]) -> set[str]:
    """What was told, by name, whatever the values."""
    return {name for body in bodies for name, values in parse_qs(body).items() if any(values)}


def _read(body: str, encoding: str) -> str:
    return unquote_plus(body, encoding=encoding, errors="replace")


def _last_path(town: Town) -> str:
    return town.houses[OTHER][0][RECEIVED][-1].path
