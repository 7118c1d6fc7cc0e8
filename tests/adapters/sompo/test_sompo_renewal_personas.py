"""The people of domain 4.3 who renew, or cannot: each over the socket, as our own words tell it."""

from datetime import datetime, timedelta
from uuid import UUID

import pytest
from aiohttp import web

from insurers.account import Access
from insurers.adapter import Insurer
from insurers.deadlines import deadlines
from insurers.errors import Duplicate, ErrorCode, NotOnline
from insurers.identity import PolicyNumber
from insurers.plan import PlanQuery
from insurers.policy import DeadlineKind, RenewabilityCode, RenewalOffer
from insurers.sandbox import LEDGER, TOKYO, TestClock
from insurers.script import StepKind
from insurers.sompo.sandbox.office import OFFICE
from tests.adapters.sompo.conftest import TODAY, Complete, SignIn, persona

KEY = UUID(int=7)


def only_contract(name: str) -> PolicyNumber:
    (contract,) = persona(name)["contracts"]
    return PolicyNumber.parse(contract["number"])


async def offered(insurer: Insurer, access: Access, number: PolicyNumber) -> RenewalOffer:
    return (await insurer.renewal_offers(access, [number]))[number]


async def test_an_accident_in_the_last_three_months_leads_to_the_agency(
    insurer: Insurer, sign_in: SignIn, clock: TestClock
) -> None:
    """Persona any_accident_last_3_months."""
    access, number = await sign_in("any_accident_last_3_months"), only_contract("any_accident_last_3_months")

    (reason,) = (await offered(insurer, access, number)).reasons
    with pytest.raises(NotOnline) as refused:
        await insurer.script(access, number)

    assert refused.value.reason == reason
    assert RenewabilityCode.RECENT_ACCIDENT is reason.code
    assert "事故" in reason.message.ja
    assert reason.contact
    assert "03-0000-1001" == reason.contact.phone
    clock.advance(timedelta(days=32))
    assert (await offered(insurer, access, number)).online


async def test_a_renewal_that_is_not_open_says_when_it_opens(insurer: Insurer, access: Access) -> None:
    number = PolicyNumber.parse("A123456790")
    with pytest.raises(NotOnline) as refused:
        await insurer.plans(access, PlanQuery(number=number))

    assert RenewabilityCode.TOO_EARLY is refused.value.reason.code
    assert refused.value.opens_at is not None
    assert (await offered(insurer, access, number)).opens_at == refused.value.opens_at


async def test_at_1559_on_the_last_day_it_is_signed(
    insurer: Insurer, sign_in: SignIn, completed: Complete, clock: TestClock, sandbox: web.Application
) -> None:
    """Persona any_maturity_today_1559."""
    clock.set(TODAY.replace(hour=15, minute=59))
    access, number = await sign_in("any_maturity_today_1559"), only_contract("any_maturity_today_1559")
    offer = await offered(insurer, access, number)

    await insurer.apply(access, await insurer.rehearse(access, await completed(access, number)), KEY)

    assert (True, TODAY.replace(hour=16)) == (offer.online, offer.closes_at)
    assert [str(number)] == [accepted.number for accepted in sandbox[LEDGER]()]


async def test_at_1601_on_the_last_day_only_the_agency_can_still_renew(
    insurer: Insurer, sign_in: SignIn, completed: Complete, clock: TestClock, sandbox: web.Application
) -> None:
    """Persona any_maturity_today_1601. What was rehearsed before is refused at the button, or before it."""
    access, number = await sign_in("any_maturity_today_1601"), only_contract("any_maturity_today_1601")
    proposal = await insurer.rehearse(access, await completed(access, number))
    clock.set(TODAY.replace(hour=16, minute=1))

    with pytest.raises(NotOnline) as refused:
        await insurer.apply(access, proposal, KEY)

    assert RenewabilityCode.TOO_LATE is refused.value.reason.code
    assert refused.value.reason.contact
    offer = await offered(insurer, access, number)
    assert (False, TODAY.replace(hour=16) + timedelta(days=30)) == (offer.online, offer.late_until)
    assert await insurer.outcome(access, proposal, KEY) is None
    assert () == sandbox[LEDGER]()


@pytest.mark.parametrize(("name", "days"), [("any_day7", 7), ("any_day8", 8)])
async def test_after_maturity_the_calendar_says_how_long_the_grade_is_kept(
    insurer: Insurer, sign_in: SignIn, name: str, days: int
) -> None:
    access, number = await sign_in(name), only_contract(name)
    policy, offer = (await insurer.policies(access, [number]))[number], await offered(insurer, access, number)

    dates = {deadline.kind: deadline.at for deadline in deadlines(policy, offer)}

    assert TODAY.date() - timedelta(days=days) == policy.ends_at.date()
    assert [RenewabilityCode.TOO_LATE] == [reason.code for reason in offer.reasons]
    assert (days == 7) == (dates[DeadlineKind.GRADE_CARRY_OVER_ENDS].date() == TODAY.date())
    assert policy.ends_at + timedelta(days=30) == offer.late_until
    with pytest.raises(NotOnline):
        await insurer.plans(access, PlanQuery(number=number))


async def test_the_rider_says_until_when_and_where_it_is_declined(insurer: Insurer, sign_in: SignIn) -> None:
    """Persona sj_auto_renewal_rider, before maturity: it can be renewed by hand like any other."""
    access, number = await sign_in("sj_auto_renewal_rider"), PolicyNumber.parse("C800000001")

    offer = await offered(insurer, access, number)
    script = await insurer.script(access, number)

    assert (True, datetime(2026, 11, 30, 16, 0, tzinfo=TOKYO)) == (offer.online, offer.decline_by)
    plan = next(step for step in script if step.kind is StepKind.PLAN)
    (fact,) = [fact for fact in plan.facts if fact.label.ja == "安心更新サポート特約"]
    assert "2026年11月30日午後4時までに取扱代理店へお申し出ください" in fact.value


async def test_the_rider_renews_at_maturity_and_leaves_nothing_to_apply_for(
    insurer: Insurer, sign_in: SignIn, completed: Complete, clock: TestClock, sandbox: web.Application
) -> None:
    """Persona sj_auto_renewal_rider, at 16:00 with nothing done: no second contract (P-1)."""
    access, number = await sign_in("sj_auto_renewal_rider"), PolicyNumber.parse("C800000001")
    proposal = await insurer.rehearse(access, await completed(access, number))
    clock.set(datetime(2026, 11, 30, 16, 0, tzinfo=TOKYO))

    with pytest.raises(Duplicate) as refused:
        await insurer.apply(access, proposal, KEY)

    assert ErrorCode.AUTO_RENEWAL_ACTIVE is refused.value.code
    offer = await offered(insurer, access, number)
    (reason,) = offer.reasons
    assert (False, RenewabilityCode.AUTO_RENEWAL_ACTIVE) == (offer.online, reason.code)
    assert reason.contact
    assert "取扱代理店" in reason.message.ja
    assert offer.successor == (await insurer.policies(access, [number]))[number].successor is not None
    # What was renewed can neither be declined any more nor come late.
    assert (None, None) == (offer.decline_by, offer.late_until)
    assert () == sandbox[LEDGER]()


async def test_a_car_that_is_insured_twice_is_told_by_its_plate(insurer: Insurer, sign_in: SignIn) -> None:
    """Persona switch_ms_to_sj_double; which of two insurers is asked, nobody knows but who asks both (P-1)."""
    access, number = await sign_in("switch_ms_to_sj_double"), only_contract("switch_ms_to_sj_double")

    policy = (await insurer.policies(access, [number]))[number]

    assert policy.vehicle
    assert "品川 500 す 77-01" == policy.vehicle.plate
    assert policy.holder
    assert ("重複", "一台") == (policy.holder.family, policy.holder.given)
    assert (await offered(insurer, access, number)).online


async def test_no_two_contracts_are_on_one_car(sandbox: web.Application) -> None:
    contracts = [one for one in sandbox[OFFICE].book.contracts.values() if not one.previous]

    assert len(contracts) == len({one.car.plate for one in contracts})
