"""A member without contracts, and contracts for a member (SJ-REG-12, SJ-NTF-01)."""

from collections.abc import Awaitable, Callable
from datetime import datetime

import pytest

from insurers.account import Access, Active, Answer, Asks
from insurers.adapter import Applicant, Insurer
from insurers.answers import Value
from insurers.errors import AccessDenied, ErrorCode, InsurerError, Locked, Mismatch, NotOnline, Rejected, Unconfirmed
from insurers.sandbox import TOKYO, Fault
from tests.adapters.sompo.conftest import PASSWORD, FillIn, Letterbox, Order

SIX = tuple(f"C60000000{n}" for n in range(1, 7))
Join = Callable[..., Awaitable[Access]]


def more(*numbers: str) -> Applicant:
    return Applicant(values={"policy_numbers": numbers})


@pytest.fixture
def join(insurer: Insurer, letterbox: Letterbox, applicant: FillIn) -> Join:
    async def joined(name: str, **changes: Value) -> Access:
        asks = await insurer.begin_registration("provisional", applicant(name, **changes))
        assert isinstance(asks, Asks)
        link = await insurer.answer(asks.challenge, Answer(values={"link": letterbox.link()}))
        assert isinstance(link, Asks)
        values = {"password_again": PASSWORD, "trusted_device": "true"}
        active = await insurer.answer(link.challenge, Answer(values=values))
        assert isinstance(active, Active)
        return active.access

    return joined


async def numbers(insurer: Insurer, access: Access) -> list[str]:
    return sorted(str(number) for number in await insurer.policies(access))


async def test_the_sixth_policy_is_added_afterwards(insurer: Insurer, join: Join) -> None:
    access = await join("sj_six_policies")
    assert list(SIX[:5]) == await numbers(insurer, access)

    active = await insurer.begin_registration("add_policies", more(SIX[5]), access)

    assert isinstance(active, Active)
    assert (access, "si***@example.jp") == (active.access, active.user_hint)
    assert list(SIX) == await numbers(insurer, active.access)


@pytest.mark.parametrize("none", [(), ""])
async def test_a_member_may_begin_without_a_contract(insurer: Insurer, join: Join, none: Value) -> None:
    access = await join("sj_six_policies", policy_numbers=none)
    assert [] == await numbers(insurer, access)

    await insurer.begin_registration("add_policies", more(*SIX[:5]), access)

    assert list(SIX[:5]) == await numbers(insurer, access)


async def test_a_form_without_policy_numbers_is_complete(insurer: Insurer, applicant: FillIn) -> None:
    values = {key: value for key, value in applicant("taro").values.items() if key != "policy_numbers"}

    assert isinstance(await insurer.begin_registration("provisional", Applicant(values=values)), Asks)


@pytest.mark.parametrize(
    ("entered", "kind", "code"),
    [
        (SIX[:1], Rejected, ErrorCode.POLICY_ALREADY_REGISTERED),
        (SIX[4:], Rejected, ErrorCode.POLICY_ALREADY_REGISTERED),
        (SIX, Rejected, ErrorCode.TOO_MANY_POLICIES),
        ((), Rejected, ErrorCode.INPUT_REFUSED),
        (("A123456789",), Mismatch, ErrorCode.IDENTITY_MISMATCH),
        ((SIX[5], "A999999999"), Mismatch, ErrorCode.IDENTITY_MISMATCH),
        # Whose four fields do not match does not learn what sort of contract it is.
        (("D900000001",), Mismatch, ErrorCode.IDENTITY_MISMATCH),
    ],
)
async def test_all_are_added_or_none(
    insurer: Insurer, join: Join, entered: tuple[str, ...], kind: type[InsurerError], code: ErrorCode
) -> None:
    access = await join("sj_six_policies")

    with pytest.raises(kind) as refused:
        await insurer.begin_registration("add_policies", more(*entered), access)

    assert (kind, code) == (type(refused.value), refused.value.code)
    assert list(SIX[:5]) == await numbers(insurer, access)


async def test_a_group_contract_of_ones_own_is_sent_to_its_agency(insurer: Insurer, join: Join) -> None:
    access = await join("sj_group_product", policy_numbers=())

    with pytest.raises(NotOnline) as refused:
        await insurer.begin_registration("add_policies", more("D900000001"), access)

    assert ErrorCode.CONTRACT_NOT_ELIGIBLE is refused.value.code
    assert refused.value.reason.contact


async def test_a_successors_number_is_not_the_one_to_add(insurer: Insurer, join: Join) -> None:
    access = await join("sj_successor_number_entered", policy_numbers=())

    with pytest.raises(Rejected) as refused:
        await insurer.begin_registration("add_policies", more("S600000007"), access)

    assert ErrorCode.NUMBER_IS_SUCCESSOR is refused.value.code


async def test_five_mismatches_close_the_counter_for_half_an_hour(insurer: Insurer, join: Join) -> None:
    access = await join("sj_six_policies")
    for _ in range(4):
        with pytest.raises(Mismatch):
            await insurer.begin_registration("add_policies", more("A123456789"), access)

    for number in ("A123456789", SIX[5]):
        with pytest.raises(Locked) as closed:
            await insurer.begin_registration("add_policies", more(number), access)
        assert datetime(2026, 11, 20, 10, 30, tzinfo=TOKYO) == closed.value.until


async def test_an_addition_of_which_nobody_heard_is_looked_up(insurer: Insurer, join: Join, plan_fault: Order) -> None:
    access = await join("sj_six_policies")
    plan_fault("/kaiin/keiyaku_tuika", Fault.SILENCE)

    assert isinstance(await insurer.begin_registration("add_policies", more(SIX[5]), access), Active)

    assert list(SIX) == await numbers(insurer, access)


async def test_an_addition_that_nobody_can_look_up_is_unconfirmed(
    insurer: Insurer, join: Join, plan_fault: Order
) -> None:
    access = await join("sj_six_policies")
    plan_fault("/kaiin/keiyaku_tuika", Fault.SILENCE)
    plan_fault("/keiyaku/syokai", Fault.BUSY, times=2)

    with pytest.raises(Unconfirmed):
        await insurer.begin_registration("add_policies", more(SIX[5]), access)

    with pytest.raises(Rejected) as done:
        await insurer.begin_registration("add_policies", more(SIX[5]), access)
    assert ErrorCode.POLICY_ALREADY_REGISTERED is done.value.code


async def test_nothing_is_added_to_no_account(insurer: Insurer) -> None:
    with pytest.raises(AccessDenied):
        await insurer.begin_registration("add_policies", more(SIX[5]))
