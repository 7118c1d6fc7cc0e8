"""A comparison asks every insurer by itself, keeps what it hears, and loses nothing with the process that asked."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import timedelta

import msgspec
import pytest

from gateway.journeys.asking import MOST_ATTEMPTS, Errand
from gateway.settings import Settings
from gateway.store import Claimed
from insurers.comparison import MOST_POLICIES, ComparisonEvent, Inquiry, InquiryState
from insurers.coverage import Coverage, CoverageChange
from insurers.identity import InsurerCode, PolicyNumber, PolicyRef
from insurers.losses import fingerprint, losses
from insurers.policy import RenewabilityCode, RenewabilityReason
from insurers.renewal import RenewalState
from insurers.sandbox import Fault
from insurers.setback import SetbackKind
from insurers.text import Text
from schema.ports import Asker
from tests.api.conftest import CODES, Town
from tests.api.frontend import Frontend, key
from tests.journeys.comparing import Machine, asker, done, fields, let_act, machine, part, refs, there
from tests.journeys.insurer import AnInsurer, by_turns
from tests.store.invented import renewal

E = ComparisonEvent
S = InquiryState

# An impatient comparison waits for this long, and an insurer that is slow takes the other.
WAITS_SECONDS = 0.05
SLOW_SECONDS = 0.3


@pytest.fixture
def code(address_of_database: str) -> InsurerCode:
    """Another insurer on the other database: between them both are seen, and no test needs to run twice for it."""
    return CODES[-1] if address_of_database.startswith("postgresql") else CODES[0]


@pytest.fixture
async def office(town: Town, settings: Settings) -> AsyncIterator[Machine]:
    async with machine(town, settings) as opened:
        yield opened


@pytest.fixture
async def who(town: Town, settings: Settings, taro: Frontend, code: InsurerCode) -> Asker:
    """Taro, who has an account at the insurer that the test is about."""
    await taro.register(code)
    return await asker(town, settings, taro)


async def own(office: Machine, who: Asker, taro: Frontend, code: InsurerCode) -> Inquiry:
    """The settled part of a comparison that asks only the insurer which has the contract."""
    begun = done(await office.desks.comparisons.start(who, refs(taro, code)[:1], [code], None, key=key()))
    return there(await office.desks.comparisons.settled(who, part(begun, code).id))


async def slow(town: Town, office: Machine, who: Asker, asked: Inquiry, fault: Fault = Fault.SLOW) -> None:
    """From now on the insurer is slow in just what it is asked in a comparison."""
    town.forget_requests()
    await office.desks.comparisons.refresh(who, asked.comparison, None, key=key())
    there(await office.desks.comparisons.settled(who, asked.id))
    first = next(iter(town.requests(asked.insurer))).partition(" ")[2]
    AnInsurer(asked.insurer, *town.houses[asked.insurer]).order(first, fault, times=1, seconds=SLOW_SECONDS)


@by_turns
async def test_an_order_makes_one_comparison_and_its_customer_alone_finds_it(
    town: Town, settings: Settings, office: Machine, who: Asker, taro: Frontend, code: InsurerCode
) -> None:
    desk = office.desks.comparisons
    order = key()

    async with machine(town, settings) as other:
        desks = (desk, desk, other.desks.comparisons)
        first, *again = await asyncio.gather(
            *(one.start(who, refs(taro, code), None, None, key=order) for one in desks)
        )
        assert [done(first).id] * 2 == [done(one).id for one in again]
    # What the other machine asked it has given back, and one turn takes no more than has a place.
    while await town.gateway.worker.turn():
        pass
    parts = [await desk.settled(who, inquiry.id) for inquiry in done(first).inquiries]

    found = there(await desk.get(who, done(first).id))
    assert list(found.inquiries) == parts
    assert found.is_complete
    others = msgspec.structs.replace(who, customer="somebody else", actor="somebody else")
    assert await desk.get(others, found.id) is None
    assert await desk.settled(others, found.inquiries[0].id) is None
    assert found == await desk.get(await let_act(office, who), found.id)
    own = part(found, code)
    assert (S.ANSWERED, None) == (own.state, own.setback)
    assert own.plans
    assert [] == [inquiry.insurer for inquiry in found.inquiries if inquiry.asked_at and not inquiry.is_own]


async def test_what_cannot_be_compared_is_refused_by_its_place(
    office: Machine, who: Asker, taro: Frontend, code: InsurerCode
) -> None:
    desk = office.desks.comparisons
    mine, nobodys = refs(taro, code)[0], PolicyRef(code, PolicyNumber.parse("0000000000"))
    many = [PolicyRef(code, PolicyNumber.parse(f"{number:010}")) for number in range(MOST_POLICIES + 1)]
    unknown = InsurerCode("nobody")

    assert {"policies": "invalid"} == fields(await desk.start(who, [], None, None, key=key()))
    assert {"policies": "invalid"} == fields(await desk.start(who, many, None, None, key=key()))
    assert {"insurers": "invalid"} == fields(await desk.start(who, [mine], [], None, key=key()))
    assert {"insurers.1": "not_found"} == fields(await desk.start(who, [mine], [code, unknown], None, key=key()))
    assert {"policies.1": "not_found"} == fields(await desk.start(who, [mine, nobodys], None, None, key=key()))


@by_turns
async def test_a_late_answer_is_taken_and_the_comparison_did_not_wait_for_it(
    town: Town, settings: Settings, office: Machine, who: Asker, taro: Frontend, code: InsurerCode
) -> None:
    asked = await own(office, who, taro, code)
    await slow(town, office, who, asked)
    impatient = settings.model_copy(update={"comparison_deadline_seconds": WAITS_SECONDS})

    async with machine(town, impatient) as other:
        desk = other.desks.comparisons
        again = done(await desk.refresh(who, asked.comparison, None, key=key()))
        late = there(await desk.settled(who, asked.id))
        async with other.desks.updates.subscribe(f"comparison:{asked.comparison}") as news:
            whole = there(await desk.get(who, asked.comparison))
            while (answered := await office.inquiry(asked.id)).state is S.LATE:
                await anext(news)

    assert (S.ASKED, asked.plans) == (part(again, code).state, part(again, code).plans)
    assert (S.LATE, SetbackKind.LATE, asked.plans) == (late.state, there(late.setback).kind, late.plans)
    assert whole.is_complete
    assert (S.ANSWERED, None) == (answered.state, answered.setback)
    await office.audited(asked.comparison)
    assert [E.ASKED, E.LATE, E.ANSWERED] == [event for event, _ in await office.told(asked.comparison)][-3:]


async def test_a_process_that_goes_leaves_its_questions_to_another(
    town: Town, settings: Settings, office: Machine, who: Asker, taro: Frontend, code: InsurerCode
) -> None:
    """Told to stop, it gives them back at once; dead, it leaves a lease that runs out."""
    asked = await own(office, who, taro, code)
    await slow(town, office, who, asked)
    async with machine(town, settings) as other:
        done(await other.desks.comparisons.refresh(who, asked.comparison, None, key=key()))

    assert 1 == await town.gateway.worker.turn()
    assert S.ANSWERED is (await office.inquiry(asked.id)).state

    await left(office, asked)
    assert 0 == await town.gateway.worker.turn()
    town.clock.advance(timedelta(seconds=settings.worker_lease_seconds))
    seen = there(await office.desks.comparisons.settled(who, asked.id))
    assert 1 == await town.gateway.worker.turn()
    assert [S.LATE, S.ANSWERED] == [seen.state, (await office.inquiry(asked.id)).state]

    errand = await left(office, asked)
    again = Claimed(aggregate=errand.inquiry, lease=errand.lease, attempts=MOST_ATTEMPTS + 1)
    town.forget_requests()
    await office.desks.asking.take_up(again)
    given_up = await office.inquiry(asked.id)
    assert (S.FAILED, SetbackKind.DRIFTED) == (given_up.state, there(given_up.setback).kind)
    assert not town.requests(asked.insurer)


async def left(office: Machine, asked: Inquiry) -> Errand:
    """Write down what a process asks that is gone before anybody hears of it."""
    errand = office.desks.asking.errand(await office.inquiry(asked.id))
    async with office.store.work() as work:
        was, due_at = errand.inquiry.version - 1, errand.inquiry.updated_at
        await work.inquiries.save(errand.inquiry, was=was, due_at=due_at, lease=errand.lease)
    return errand


async def test_an_insurer_that_cannot_answer_stays_in_sight_beside_its_older_plans(
    town: Town, office: Machine, who: Asker, taro: Frontend, code: InsurerCode
) -> None:
    desk = office.desks.comparisons
    asked = await own(office, who, taro, code)
    town.trouble(code, Fault.BUSY)

    done(await desk.refresh(who, asked.comparison, [code], key=key()))
    failed = there(await desk.settled(who, asked.id))
    town.relieve()
    done(await desk.refresh(await let_act(office, who), asked.comparison, [code], key=key()))
    answered = there(await desk.settled(who, asked.id))

    assert (S.FAILED, SetbackKind.UNAVAILABLE) == (failed.state, there(failed.setback).kind)
    assert asked.plans == failed.plans
    assert (S.ANSWERED, None) == (answered.state, answered.setback)


@by_turns
async def test_a_plan_is_edited_in_two_tabs_and_chosen_with_its_edits(
    office: Machine, who: Asker, taro: Frontend, code: InsurerCode
) -> None:
    desk = office.desks.comparisons
    asked = await own(office, who, taro, code)
    tabs = [(plan, _first_change(plan.coverages)) for plan in asked.plans[:2]]

    await asyncio.gather(
        *(desk.requote(who, asked.id, plan.code, [change], reset=False, key=key()) for plan, change in tabs)
    )
    done(await desk.refresh(who, asked.comparison, None, key=key()))
    fresh = there(await desk.settled(who, asked.id))
    for plan, change in tabs:
        assert (change,) == there(fresh.plan(plan.code)).changes

    chosen = there(fresh.plan(tabs[0][0].code))
    lost = losses(chosen, there(await desk.get(who, asked.comparison)).policies[0].current)
    unread = await desk.choose(who, asked.id, chosen.code, None, key=key())
    agents = await desk.choose(await let_act(office, who), asked.id, chosen.code, fingerprint(lost), key=key())
    (choice,) = done(await desk.choose(who, asked.id, chosen.code, fingerprint(lost), key=key())).choices

    assert {"acknowledgedLosses": "losses_not_acknowledged"} == fields(unread)
    assert {"acknowledgedLosses": "customer_only"} == fields(agents)
    renewal = there(await office.desks.renewals.get(who, there(choice.renewal)))
    assert (chosen.code, chosen.fingerprint) == (renewal.selected, there(renewal.plan).fingerprint)
    assert (fingerprint(lost), chosen) == (choice.acknowledged, choice.plan)
    assert [E.CHOSEN] == [event for event, _ in await office.told(asked.comparison)][-1:]
    await office.audited(asked.comparison)


async def test_a_plan_is_chosen_beside_a_renewal_that_only_its_agency_can_go_on_with(
    office: Machine, who: Asker, taro: Frontend, code: InsurerCode
) -> None:
    """What was chosen is written down for the agency; an application that went out is not chosen away."""
    desk = office.desks.comparisons
    asked = await own(office, who, taro, code)
    (policy,), plan = there(await desk.get(who, asked.comparison)).policies, asked.plans[0]
    lost = fingerprint(losses(plan, policy.current))
    why = RenewabilityReason(code=RenewabilityCode.RECENT_ACCIDENT, message=Text("事故", "An accident"))
    referred = renewal(
        customer=who.customer, ref=policy.ref, maturity=policy.maturity, state=RenewalState.REFERRED, reasons=(why,)
    )
    async with office.store.work() as work:
        await work.renewals.add(referred, due_at=None)

    chosen = await desk.choose(who, asked.id, plan.code, lost, key=key())
    sent = msgspec.structs.replace(referred, state=RenewalState.UNCONFIRMED, version=2)
    async with office.store.work() as work:
        await work.renewals.save(sent, was=1, due_at=None)
    unchosen = await desk.choose(who, asked.id, plan.code, lost, key=key())

    (choice,) = done(chosen).choices
    assert (plan, [why.code]) == (choice.plan, [reason.code for reason in choice.reasons])
    assert {"planId": "step_locked"} == fields(unchosen)
    assert [RenewabilityCode.CAR_ALREADY_COVERED] == [reason.code for reason in unchosen.problems[0].reasons]
    await office.audited(asked.comparison)


def _first_change(covers: Sequence[Coverage]) -> CoverageChange:
    cover = next(cover for cover in covers if any(not option.selected for option in cover.options))
    return CoverageChange(kind=cover.kind, option=next(one.value for one in cover.options if not one.selected))
