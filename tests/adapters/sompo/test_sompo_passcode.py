"""A device that is itself asked for a passcode, in the middle of a read (WIRE.md §4.5)."""

import asyncio
from collections import Counter
from datetime import timedelta

import pytest

from insurers.account import ANSWER, Access, Active, Answer, Challenge, ChallengeKind
from insurers.adapter import Applicant, Insurer
from insurers.errors import AccessDenied, Drifted, ErrorCode, Expired, InsurerError, NeedsCustomer, Unavailable
from insurers.identity import PolicyNumber
from insurers.plan import PlanQuery
from insurers.sandbox import Fault, TestClock
from insurers.sompo.access import Keys, opened, sealed
from tests.adapters.sompo.conftest import Complete, Letterbox, Order, SignIn, persona

NUMBER = PolicyNumber.parse("C280000001")


@pytest.fixture
def device() -> Access:
    return sealed(Keys(device=persona("sj_otp_in_the_middle")["member"]["device_keys"][0], hint="mi***@example.jp"))


async def question(insurer: Insurer, access: Access) -> Challenge:
    with pytest.raises(NeedsCustomer) as asked:
        await insurer.policies(access)
    assert asked.value.challenge
    return asked.value.challenge


async def test_a_read_tells_that_a_passcode_went_out(insurer: Insurer, device: Access, letterbox: Letterbox) -> None:
    with pytest.raises(NeedsCustomer) as asked:
        await insurer.policies(device)

    assert ErrorCode.ONE_TIME_PASSWORD_REQUIRED is asked.value.code
    challenge = asked.value.challenge
    assert challenge
    assert (ChallengeKind.ONE_TIME_PASSWORD, None) == (challenge.kind, challenge.step)
    assert ("mi***@example.jp", True, 3) == (
        challenge.sent_to,
        challenge.trust_device_offered,
        challenge.attempts_left,
    )
    assert 1 == len(letterbox.letters)


@pytest.mark.parametrize(("fault", "kind"), [(Fault.SILENCE, Unavailable), (Fault.GIBBERISH, Drifted)])
async def test_a_passcode_of_which_nobody_heard_is_not_sent_twice_by_itself(
    insurer: Insurer,
    device: Access,
    letterbox: Letterbox,
    plan_fault: Order,
    fault: Fault,
    kind: type[InsurerError],
) -> None:
    plan_fault("/login/tanmatu", fault)

    with pytest.raises(kind):
        await insurer.policies(device)

    assert 1 == len(letterbox.letters)


async def test_a_device_that_is_trusted_anew_has_a_new_key(
    insurer: Insurer, device: Access, letterbox: Letterbox
) -> None:
    challenge = await question(insurer, device)

    active = await insurer.answer(challenge, Answer(values={ANSWER: letterbox.passcode()}, trust_device=True))

    assert isinstance(active, Active)
    assert "mi***@example.jp" == active.user_hint
    assert (True, "") == (opened(active.access).device != opened(device).device, opened(active.access).token)
    assert [NUMBER] == list(await insurer.policies(active.access))


async def test_a_key_and_the_one_it_was_given_for_are_forgotten_together(
    insurer: Insurer, device: Access, letterbox: Letterbox
) -> None:
    challenge = await question(insurer, device)
    active = await insurer.answer(challenge, Answer(values={ANSWER: letterbox.passcode()}, trust_device=True))
    assert isinstance(active, Active)

    # The new key was never used, so the older one is still alive (WIRE.md §4.2).
    await insurer.forget(active.access)

    for access in (active.access, device):
        with pytest.raises(AccessDenied):
            await insurer.policies(access)


async def test_a_device_that_is_not_trusted_anew_goes_on_with_its_session(
    insurer: Insurer, device: Access, letterbox: Letterbox, completed: Complete, requests: Counter[str]
) -> None:
    challenge = await question(insurer, device)

    active = await insurer.answer(challenge, Answer(values={ANSWER: letterbox.passcode()}))

    assert isinstance(active, Active)
    requests.clear()
    assert [NUMBER] == list(await insurer.policies(active.access))
    # A walk wants a fresh session, and must not cost another passcode.
    proposal = await insurer.rehearse(active.access, await completed(active.access, NUMBER))
    assert NUMBER == proposal.ref.number
    assert 0 == requests["POST /login/tanmatu"]


async def test_a_device_that_is_not_trusted_anew_is_asked_again(
    insurer: Insurer, device: Access, letterbox: Letterbox, clock: TestClock
) -> None:
    challenge = await question(insurer, device)
    active = await insurer.answer(challenge, Answer(values={ANSWER: letterbox.passcode()}))
    assert isinstance(active, Active)

    clock.advance(timedelta(minutes=31))

    again = await question(insurer, active.access)
    assert challenge != again
    assert isinstance(await insurer.answer(again, Answer(values={ANSWER: letterbox.passcode()})), Active)


async def test_reads_side_by_side_send_one_passcode(insurer: Insurer, device: Access, letterbox: Letterbox) -> None:
    reads = [insurer.policies(device), insurer.renewal_offers(device, [NUMBER]), insurer.policies(device)]
    read = await asyncio.gather(*reads, insurer.plans(device, PlanQuery(number=NUMBER)), return_exceptions=True)

    challenges = [error.challenge for error in read if isinstance(error, NeedsCustomer)]
    assert [challenges[0]] * 4 == challenges
    assert 1 == len(letterbox.letters)


async def test_a_passcode_that_died_is_asked_for_anew(
    insurer: Insurer, device: Access, letterbox: Letterbox, clock: TestClock
) -> None:
    older = await question(insurer, device)
    clock.advance(timedelta(minutes=10))

    newer = await question(insurer, device)

    assert older != newer
    assert 2 == len(letterbox.letters)


async def test_a_passcode_that_is_used_up_is_asked_for_anew(
    insurer: Insurer, device: Access, letterbox: Letterbox
) -> None:
    older = await question(insurer, device)
    wrong = Answer(values={ANSWER: f"{(int(letterbox.passcode()) + 1) % 1_000_000:06}"})
    for _ in range(3):
        with pytest.raises(InsurerError):
            await insurer.answer(older, wrong)
    with pytest.raises(Expired):
        await insurer.answer(older, wrong)

    assert older != await question(insurer, device)


async def test_more_policies_wait_for_the_passcode_too(insurer: Insurer, device: Access) -> None:
    with pytest.raises(NeedsCustomer):
        await insurer.begin_registration("add_policies", Applicant(values={"policy_numbers": ("C1",)}), device)


async def test_a_device_that_would_be_asked_can_be_forgotten(
    insurer: Insurer, device: Access, letterbox: Letterbox
) -> None:
    await insurer.forget(device)
    await insurer.forget(device)

    with pytest.raises(AccessDenied):
        await insurer.policies(device)
    assert [] == letterbox.letters


@pytest.mark.parametrize("trust", [True, False])
async def test_what_was_forgotten_opens_no_session(insurer: Insurer, sign_in: SignIn, trust: bool) -> None:
    access = await sign_in("sj_otp", trust_device=trust)
    other = await sign_in("sj_otp")
    assert await insurer.policies(access)

    await insurer.forget(access)

    with pytest.raises(AccessDenied):
        await insurer.policies(access)
    # The member's other devices go on.
    assert await insurer.policies(other)


async def test_forgetting_that_failed_is_done_whole_the_next_time(
    insurer: Insurer, sign_in: SignIn, plan_fault: Order, requests: Counter[str]
) -> None:
    access = await sign_in("sj_otp")
    plan_fault("/login/tanmatu_sakujyo", Fault.LOST, times=2)
    with pytest.raises(Unavailable):
        await insurer.forget(access)
    requests.clear()

    await insurer.forget(access)

    assert {"POST /login/tanmatu_sakujyo": 1, "POST /login/logout": 1} == dict(requests)
