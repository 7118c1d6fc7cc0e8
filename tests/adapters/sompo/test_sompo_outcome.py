"""What became of an application that nobody answered: asked of Sompo, by whichever process."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from aiohttp import web
from msgspec.structs import replace

import insurers.sompo
from insurers.account import Access
from insurers.adapter import Insurer
from insurers.answers import Value
from insurers.errors import Duplicate, ErrorCode, Unavailable, Unconfirmed
from insurers.identity import PolicyNumber
from insurers.plan import PlanQuery
from insurers.renewal import Draft, Proposal
from insurers.sandbox import FAULTS, LEDGER, REQUESTS, TOKYO, Address, Fault, TestClock
from insurers.sompo.sandbox.office import OFFICE
from insurers.sompo.sandbox.plans import PLANS
from tests.adapters.sompo.conftest import Complete, Letterbox, SignIn

KEY = UUID(int=7)
BUTTON = "POST /koukai/moshikomi"
SETTLED = insurers.sompo.MANIFEST.settles_within


@pytest.fixture
async def another(address: Address, clock: TestClock) -> AsyncIterator[Insurer]:
    """A gateway that was started after the button was pressed, and knows nothing of that."""
    async with insurers.sompo.connect(base_url=address.url, clock=clock) as insurer:
        yield insurer


async def silent(insurer: Insurer, access: Access, proposal: Proposal) -> None:
    with pytest.raises(Unconfirmed):
        await insurer.apply(access, proposal, KEY)


async def test_the_manifest_says_how_long_not_found_proves_nothing() -> None:
    """WIRE.md 6.1."""
    assert timedelta(seconds=60) == SETTLED


async def test_silence_and_signed_is_found_while_the_renewal_list_is_late(
    insurer: Insurer,
    another: Insurer,
    sign_in: SignIn,
    completed: Complete,
    sandbox: web.Application,
    clock: TestClock,
    letterbox: Letterbox,
) -> None:
    """Persona any_timeout_after_apply_accepted: the list still says "open", and the contract knows."""
    access, number = await sign_in("any_timeout_after_apply_accepted"), PolicyNumber.parse("C310000001")
    proposal = await insurer.rehearse(access, await completed(access, number))
    await silent(insurer, access, proposal)
    assert (await insurer.renewal_offers(access, [number]))[number].online

    early = await another.outcome(access, proposal, KEY)
    clock.advance(SETTLED)
    late = await another.outcome(access, proposal, KEY)

    (accepted,) = sandbox[LEDGER]()
    assert accepted.successor == str(early) == str(late)
    assert accepted.successor in letterbox.letters[-1].text
    assert (await insurer.renewal_offers(access, [number]))[number].successor == late
    assert 1 == sandbox[REQUESTS][BUTTON]


async def test_silence_and_not_signed_is_absent_once_it_has_settled_and_can_be_applied_for_again(
    insurer: Insurer,
    another: Insurer,
    sign_in: SignIn,
    completed: Complete,
    sandbox: web.Application,
    clock: TestClock,
) -> None:
    """Persona any_timeout_after_apply_not_accepted."""
    access, number = await sign_in("any_timeout_after_apply_not_accepted"), PolicyNumber.parse("C320000001")
    proposal = await insurer.rehearse(access, await completed(access, number))
    await silent(insurer, access, proposal)
    clock.advance(SETTLED)

    assert await another.outcome(access, proposal, KEY) is None
    successor = await another.apply(access, proposal, UUID(int=8))

    assert [str(successor)] == [accepted.successor for accepted in sandbox[LEDGER]()]


async def test_an_application_on_somebodys_desk_is_found_once_it_has_settled_and_no_other_is_taken(
    insurer: Insurer, another: Insurer, sign_in: SignIn, completed: Complete, sandbox: web.Application, clock: TestClock
) -> None:
    """Persona sj_worked_on_after_apply: for 45 seconds it shows nowhere."""
    access, number = await sign_in("sj_worked_on_after_apply"), PolicyNumber.parse("C330000001")
    proposal = await insurer.rehearse(access, await completed(access, number))
    await silent(insurer, access, proposal)
    assert () == sandbox[LEDGER]()

    with pytest.raises(Duplicate):
        await another.apply(access, proposal, UUID(int=8))
    clock.advance(SETTLED)

    (accepted,) = sandbox[LEDGER]()
    assert accepted.successor == str(await another.outcome(access, proposal, KEY))


async def test_a_code_that_is_not_listed_is_unconfirmed_and_the_list_knows_better(
    insurer: Insurer, another: Insurer, sign_in: SignIn, completed: Complete
) -> None:
    access, number = await sign_in("sj_unlisted_code_after_apply"), PolicyNumber.parse("C140000001")
    proposal = await insurer.rehearse(access, await completed(access, number))
    await silent(insurer, access, proposal)

    found = (await insurer.policies(access, [number]))[number].successor
    assert found
    assert found == await another.outcome(access, proposal, KEY)


@pytest.mark.parametrize("path", ["/koukai/itiran", "/keiyaku/syokai"])
@pytest.mark.parametrize("fault", [Fault.SILENCE, Fault.BUSY])
async def test_an_insurer_that_cannot_say_has_not_said_no(
    insurer: Insurer, access: Access, draft: Draft, sandbox: web.Application, path: str, fault: Fault
) -> None:
    proposal = await insurer.rehearse(access, draft)
    sandbox[FAULTS].plan(path, fault, times=2)

    with pytest.raises(Unavailable):
        await insurer.outcome(access, proposal, KEY)


async def test_a_contract_that_left_the_account_says_nothing(
    insurer: Insurer, access: Access, draft: Draft, sandbox: web.Application
) -> None:
    proposal = await insurer.rehearse(access, draft)
    sandbox[OFFICE].members.by_mail("taro@example.jp").contracts.clear()

    with pytest.raises(Unavailable) as unknown:
        await insurer.outcome(access, proposal, KEY)

    assert ErrorCode.OUTCOME_UNKNOWN is unknown.value.code


@pytest.mark.parametrize(
    ("yen_per_point", "covers"),
    [(40, {"31": "00"}), (41, {})],
    ids=["without own damage", "at another price"],
)
async def test_a_renewal_by_the_agency_is_not_told_as_ours(
    insurer: Insurer,
    access: Access,
    draft: Draft,
    sandbox: web.Application,
    yen_per_point: int,
    covers: dict[str, str],
) -> None:
    proposal = await insurer.rehearse(access, draft)
    book = sandbox[OFFICE].book
    contract = book.contracts[str(draft.number)]
    book.yen_per_point = yen_per_point
    book.sign(contract, {**PLANS[str(draft.plan.code)].covers(contract), **covers})

    with pytest.raises(Duplicate) as refused:
        await insurer.outcome(access, proposal, KEY)

    assert ErrorCode.RENEWAL_ALREADY_SUBMITTED is refused.value.code


async def test_what_the_rider_renewed_is_not_told_as_ours_though_it_is_the_same(
    insurer: Insurer, sign_in: SignIn, completed: Complete, clock: TestClock, sandbox: web.Application
) -> None:
    """Persona sj_auto_renewal_rider, with the plan that changes nothing: only the list can tell whose it is."""
    access, number = await sign_in("sj_auto_renewal_rider"), PolicyNumber.parse("C800000001")
    draft = await completed(access, number)
    (as_it_is,) = [plan for plan in await insurer.plans(access, PlanQuery(number=number)) if plan.same_as_current]
    values: dict[str, Value] = {**draft.values, "plan": as_it_is.code}
    proposal = await insurer.rehearse(access, replace(draft, plan=as_it_is, values=values))
    sandbox[FAULTS].plan("/koukai/moshikomi", Fault.LOST)
    await silent(insurer, access, proposal)
    clock.set(datetime(2026, 11, 30, 16, 0, tzinfo=TOKYO))

    with pytest.raises(Duplicate) as renewed:
        await insurer.outcome(access, proposal, KEY)

    assert ErrorCode.AUTO_RENEWAL_ACTIVE is renewed.value.code
    assert () == sandbox[LEDGER]()
