"""A forgotten password, end to end over a real socket (SJ-LOG-10)."""

from datetime import datetime, timedelta

import pytest

from insurers.account import Access, Active, Answer, Asks, Challenge, ChallengeKind, Credentials
from insurers.adapter import Applicant, Insurer
from insurers.errors import AccessDenied, ErrorCode, Expired, Locked, Rejected, Unconfirmed
from insurers.sandbox import TOKYO, Fault, TestClock
from insurers.sompo.access import Keys, sealed
from tests.adapters.sompo.conftest import MEMBERS_PASSWORD, Letterbox, Order, persona

WHO = "sj_password_forgotten"
NEW = "Wasurenai2026"


def form(email: str = "forgot@example.jp", birth_date: str = "1974-04-24") -> Applicant:
    return Applicant(values={"email": email, "birth_date": birth_date})


def asked(answer: Asks | Active) -> Challenge:
    assert isinstance(answer, Asks)
    return answer.challenge


@pytest.fixture
def device() -> Access:
    """What was kept of this member before the password was forgotten."""
    return sealed(Keys(device=persona(WHO)["member"]["device_keys"][0]))


@pytest.fixture
async def brought(insurer: Insurer, letterbox: Letterbox) -> Challenge:
    mailed = asked(await insurer.begin_registration("password_reset", form()))
    return asked(await insurer.answer(mailed, Answer(values={"link": letterbox.link()})))


async def test_a_forgotten_password_is_set_anew_by_the_link_in_a_mail(insurer: Insurer, letterbox: Letterbox) -> None:
    mailed = asked(await insurer.begin_registration("password_reset", form()))

    assert (ChallengeKind.MAIL_LINK, "reset_link", True) == (mailed.kind, mailed.step, mailed.single_use)
    assert datetime(2026, 11, 21, 10, 0, tzinfo=TOKYO) == mailed.expires_at

    link = asked(await insurer.answer(mailed, Answer(values={"link": letterbox.link()})))

    assert (ChallengeKind.NEW_PASSWORD, "new_password") == (link.kind, link.step)
    assert mailed.expires_at == link.expires_at

    active = await insurer.answer(link, Answer(values={"password": NEW, "trusted_device": "true"}))

    assert isinstance(active, Active)
    assert "fo***@example.jp" == active.user_hint
    assert NEW.encode() not in active.access.secret
    assert ["C240000001"] == [str(number) for number in await insurer.policies(active.access)]


async def test_no_device_is_trusted_any_more(insurer: Insurer, brought: Challenge, device: Access) -> None:
    assert await insurer.policies(device)

    await insurer.answer(brought, Answer(values={"password": NEW}))

    with pytest.raises(AccessDenied):
        await insurer.policies(device)


async def test_only_the_new_password_opens_the_door(insurer: Insurer, brought: Challenge) -> None:
    await insurer.answer(brought, Answer(values={"password": NEW}))

    with pytest.raises(Rejected):
        await insurer.sign_in(Credentials(user_id="forgot@example.jp", password=MEMBERS_PASSWORD))
    passcode = asked(await insurer.sign_in(Credentials(user_id="forgot@example.jp", password=NEW)))
    assert ChallengeKind.ONE_TIME_PASSWORD is passcode.kind


@pytest.mark.parametrize("entered", [form(email="nobody@example.jp"), form(birth_date="1974-04-25")])
async def test_who_is_no_member_is_answered_like_a_member_and_gets_no_mail(
    insurer: Insurer, letterbox: Letterbox, entered: Applicant
) -> None:
    told = asked(await insurer.begin_registration("password_reset", entered))

    assert [] == letterbox.letters
    known = asked(await insurer.begin_registration("password_reset", form()))
    assert (known.kind, known.step, known.prompt, known.expires_at) == (
        told.kind,
        told.step,
        told.prompt,
        told.expires_at,
    )


async def test_a_birth_date_that_no_era_has_is_refused(insurer: Insurer) -> None:
    with pytest.raises(Rejected) as refused:
        await insurer.begin_registration("password_reset", form(birth_date="1867-12-31"))

    assert ErrorCode.INPUT_REFUSED is refused.value.code


async def test_a_password_that_will_not_do_leaves_the_link_alive(insurer: Insurer, brought: Challenge) -> None:
    with pytest.raises(Rejected) as refused:
        await insurer.answer(brought, Answer(values={"password": "wasurenai"}))

    assert ErrorCode.PASSWORD_NOT_ACCEPTED is refused.value.code
    assert isinstance(await insurer.answer(brought, Answer(values={"password": NEW})), Active)


@pytest.mark.parametrize(("gone", "alive"), [(timedelta(hours=24, seconds=-1), True), (timedelta(hours=24), False)])
async def test_the_link_lives_a_day_from_sending(
    insurer: Insurer, brought: Challenge, clock: TestClock, gone: timedelta, alive: bool
) -> None:
    clock.advance(gone)
    new = Answer(values={"password": NEW})

    if alive:
        assert isinstance(await insurer.answer(brought, new), Active)
        return
    with pytest.raises(Expired) as dead:
        await insurer.answer(brought, new)
    assert ErrorCode.LINK_EXPIRED is dead.value.code


async def test_the_link_works_once(insurer: Insurer, brought: Challenge) -> None:
    await insurer.answer(brought, Answer(values={"password": NEW}))

    with pytest.raises(Expired) as used:
        await insurer.answer(brought, Answer(values={"password": NEW}))

    assert ErrorCode.LINK_ALREADY_USED is used.value.code


async def test_a_new_password_of_which_nobody_heard_was_set(
    insurer: Insurer, brought: Challenge, plan_fault: Order
) -> None:
    plan_fault("/login/saisettei", Fault.SILENCE)

    with pytest.raises(Unconfirmed):
        await insurer.answer(brought, Answer(values={"password": NEW}))

    passcode = asked(await insurer.sign_in(Credentials(user_id="forgot@example.jp", password=NEW)))
    assert ChallengeKind.ONE_TIME_PASSWORD is passcode.kind


async def test_the_link_of_a_registration_resets_nothing(insurer: Insurer, letterbox: Letterbox) -> None:
    mailed = asked(await insurer.begin_registration("password_reset", form()))
    other = letterbox.link().replace("/login/saisettei_url", "/touroku/honnin")

    with pytest.raises(Rejected):
        await insurer.answer(mailed, Answer(values={"link": other}))


async def test_a_new_password_ends_a_lock_out(insurer: Insurer, letterbox: Letterbox) -> None:
    wrong = Credentials(user_id="forgot@example.jp", password="Oboete2026")
    for _ in range(4):
        with pytest.raises(Rejected):
            await insurer.sign_in(wrong)
    with pytest.raises((Rejected, Locked)):
        await insurer.sign_in(wrong)
    with pytest.raises(Locked):
        await insurer.sign_in(wrong)

    mailed = asked(await insurer.begin_registration("password_reset", form()))
    link = asked(await insurer.answer(mailed, Answer(values={"link": letterbox.link()})))
    await insurer.answer(link, Answer(values={"password": NEW}))

    passcode = asked(await insurer.sign_in(Credentials(user_id="forgot@example.jp", password=NEW)))
    assert ChallengeKind.ONE_TIME_PASSWORD is passcode.kind
