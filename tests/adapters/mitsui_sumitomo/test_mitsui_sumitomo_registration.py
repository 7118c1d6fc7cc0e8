"""Registering and signing in, against the sandbox."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from insurers.account import Access, Active, Answer, Asks, Challenge, ChallengeKind, Credentials
from insurers.adapter import Applicant, Insurer
from insurers.errors import (
    AccessDenied,
    Closed,
    ErrorCode,
    Expired,
    InsurerError,
    NotOnline,
    Rejected,
    Unavailable,
    Unconfirmed,
)
from insurers.sandbox import TOKYO, Fault, TestClock
from tests.adapters.mitsui_sumitomo.conftest import Letterbox, Register

METHOD = "link_and_keyword"
CREDENTIALS = {"user_id": "taro@example.jp", "password": "Tabane-2026", "mail_wanted": "true"}

# Faults are ordered by the sandbox's own names of its routes.
SENDING = "/portal/toroku/{toroku_no}/soshin"
CLOSING = "/portal/toroku/{toroku_no}/tojiru"

FillIn = Callable[..., Applicant]


async def begun(insurer: Insurer, applicant: Applicant) -> Challenge:
    asks = await insurer.begin_registration(METHOD, applicant)
    assert isinstance(asks, Asks)
    return asks.challenge


async def answered(insurer: Insurer, challenge: Challenge, **values: str) -> Challenge:
    asks = await insurer.answer(challenge, Answer(values=values))
    assert isinstance(asks, Asks)
    return asks.challenge


async def test_a_registration_goes_from_mail_to_keyword_to_password(
    insurer: Insurer, applicant: FillIn, letterbox: Letterbox, clock: TestClock
) -> None:
    link = await begun(insurer, applicant("taro"))

    assert (ChallengeKind.MAIL_LINK, "mail_link", True) == (link.kind, link.step, link.single_use)
    assert clock() + timedelta(hours=48) == link.expires_at
    assert "t***@example.jp" == link.sent_to
    assert link.display_once is None

    keyword = await answered(insurer, link, link=f"  {letterbox.link()}\n")
    assert (ChallengeKind.KEYWORD, 5) == (keyword.kind, keyword.attempts_left)

    credentials = await answered(insurer, keyword, keyword="Abc123")
    assert ChallengeKind.NEW_CREDENTIALS is credentials.kind

    active = await insurer.answer(credentials, Answer(values=CREDENTIALS))
    assert isinstance(active, Active)
    assert "ta***@example.jp" == active.user_hint
    assert 2 == len(await insurer.policies(active.access))


async def test_a_keyword_that_the_insurer_issued_is_shown_once_and_is_not_in_the_mail(
    insurer: Insurer, applicant: FillIn, letterbox: Letterbox
) -> None:
    link = await begun(insurer, applicant("taro", chosen_keyword=""))

    assert link.display_once
    assert link.display_once not in letterbox.letters[-1].text
    keyword = await answered(insurer, link, link=letterbox.link())
    assert (await answered(insurer, keyword, keyword=link.display_once)).kind is ChallengeKind.NEW_CREDENTIALS


@pytest.mark.parametrize(
    "link",
    ["", "abc", "https://evil.example/steal?cd=1", "ftp://x/portal/SI?cd=1", "/portal/SI?cd=1", "http://x/portal/SI"],
)
async def test_what_is_not_the_link_of_the_mail_is_refused_and_the_link_lives_on(
    insurer: Insurer, applicant: FillIn, letterbox: Letterbox, link: str
) -> None:
    challenge = await begun(insurer, applicant("taro"))

    with pytest.raises(Rejected) as refused:
        await insurer.answer(challenge, Answer(values={"link": link}))

    assert ErrorCode.INPUT_REFUSED is refused.value.code
    assert ChallengeKind.KEYWORD is (await answered(insurer, challenge, link=letterbox.link())).kind


async def test_a_link_opens_once(insurer: Insurer, applicant: FillIn, letterbox: Letterbox) -> None:
    challenge = await begun(insurer, applicant("taro"))
    await answered(insurer, challenge, link=letterbox.link())

    with pytest.raises(Expired) as refused:
        await insurer.answer(challenge, Answer(values={"link": letterbox.link()}))

    assert ErrorCode.LINK_ALREADY_USED is refused.value.code


async def test_a_link_dies_48_hours_after_sending(
    insurer: Insurer, applicant: FillIn, letterbox: Letterbox, clock: TestClock
) -> None:
    challenge = await begun(insurer, applicant("taro"))
    clock.advance(timedelta(hours=48))

    with pytest.raises(Expired) as refused:
        await insurer.answer(challenge, Answer(values={"link": letterbox.link()}))

    assert ErrorCode.LINK_EXPIRED is refused.value.code


async def test_five_wrong_keywords_end_it(insurer: Insurer, applicant: FillIn, letterbox: Letterbox) -> None:
    keyword = await answered(insurer, await begun(insurer, applicant("taro")), link=letterbox.link())

    for left in (4, 3, 2, 1):
        with pytest.raises(Rejected) as refused:
            await insurer.answer(keyword, Answer(values={"keyword": "abc123"}))
        assert (ErrorCode.KEYWORD_REJECTED, left) == (refused.value.code, refused.value.attempts_left)
    with pytest.raises(Expired) as locked:
        await insurer.answer(keyword, Answer(values={"keyword": "abc123"}))

    assert ErrorCode.TOO_MANY_ATTEMPTS is locked.value.code


async def test_the_insurers_verdict_on_a_password_is_told_and_another_may_be_tried(
    insurer: Insurer, applicant: FillIn, letterbox: Letterbox
) -> None:
    keyword = await answered(insurer, await begun(insurer, applicant("taro")), link=letterbox.link())
    credentials = await answered(insurer, keyword, keyword="Abc123")

    with pytest.raises(Rejected) as refused:
        await insurer.answer(credentials, Answer(values=CREDENTIALS | {"password": "a"}))

    assert ErrorCode.PASSWORD_NOT_ACCEPTED is refused.value.code
    assert refused.value.words
    assert isinstance(await insurer.answer(credentials, Answer(values=CREDENTIALS)), Active)


async def test_somebody_elses_user_id_is_refused(insurer: Insurer, applicant: FillIn, letterbox: Letterbox) -> None:
    keyword = await answered(insurer, await begun(insurer, applicant("taro")), link=letterbox.link())
    credentials = await answered(insurer, keyword, keyword="Abc123")

    with pytest.raises(Rejected) as refused:
        await insurer.answer(credentials, Answer(values=CREDENTIALS | {"user_id": "sumiko@example.jp"}))

    assert ErrorCode.EMAIL_ALREADY_REGISTERED is refused.value.code


async def test_a_company_is_sent_to_its_agency(insurer: Insurer, applicant: FillIn) -> None:
    with pytest.raises(NotOnline) as refused:
        await begun(insurer, applicant("corporate_policyholder"))

    assert refused.value.reason.contact is not None
    assert refused.value.reason.contact.phone


async def test_a_screen_waits_for_an_hour_and_no_longer(
    insurer: Insurer, applicant: FillIn, letterbox: Letterbox, clock: TestClock
) -> None:
    keyword = await answered(insurer, await begun(insurer, applicant("taro")), link=letterbox.link())
    assert keyword.expires_at == clock() + timedelta(minutes=60)
    clock.advance(timedelta(minutes=60))

    with pytest.raises(Expired):
        await insurer.answer(keyword, Answer(values={"keyword": "Abc123"}))


@pytest.mark.parametrize(
    ("fault", "error"),
    [(Fault.SILENCE, Unconfirmed), (Fault.GIBBERISH, Unconfirmed), (Fault.BUSY, Unavailable)],
)
async def test_trouble_at_the_sending_says_whether_it_may_have_been_sent(
    insurer: Insurer,
    applicant: FillIn,
    faults: Callable[..., None],
    fault: Fault,
    error: type[InsurerError],
) -> None:
    faults(SENDING, fault)

    with pytest.raises(error):
        await begun(insurer, applicant("taro"))


async def walked(insurer: Insurer, applicant: Applicant, letterbox: Letterbox) -> Asks | Active:
    keyword = await answered(insurer, await begun(insurer, applicant), link=letterbox.link())
    return await insurer.answer(await answered(insurer, keyword, keyword="Abc123"), Answer(values=CREDENTIALS))


@pytest.mark.parametrize("path", ["/portal/SI", "/portal/toroku/keyword", "/portal/toroku/kanryo"])
@pytest.mark.parametrize("fault", [Fault.SILENCE, Fault.GIBBERISH])
async def test_an_answer_to_a_challenge_that_nobody_acknowledged_is_unconfirmed(
    insurer: Insurer, applicant: FillIn, letterbox: Letterbox, faults: Callable[..., None], path: str, fault: Fault
) -> None:
    faults(path, fault)

    with pytest.raises(Unconfirmed):
        await walked(insurer, applicant("taro"), letterbox)


async def test_the_screen_for_the_password_may_be_sent_again(
    insurer: Insurer, applicant: FillIn, letterbox: Letterbox, faults: Callable[..., None]
) -> None:
    faults("/portal/toroku/id-password", Fault.SILENCE)

    assert isinstance(await walked(insurer, applicant("taro"), letterbox), Active)


async def test_a_keyword_screen_that_could_not_be_closed_is_closed_when_the_link_is_opened(
    insurer: Insurer, applicant: FillIn, letterbox: Letterbox, clock: TestClock, faults: Callable[..., None]
) -> None:
    faults(CLOSING, Fault.BUSY, times=2)
    challenge = await begun(insurer, applicant("taro"))
    # The link lives far longer than the screens before it.
    clock.advance(timedelta(hours=47))

    assert ChallengeKind.KEYWORD is (await answered(insurer, challenge, link=letterbox.link())).kind


@pytest.mark.parametrize("user_id", ["sumiko@example.jp", "080-0000-0001"])
async def test_who_is_registered_signs_in_by_mail_address_or_mobile_number(insurer: Insurer, user_id: str) -> None:
    active = await insurer.sign_in(Credentials(user_id=user_id, password="Sandbox-1"))

    assert isinstance(active, Active)
    assert "0200000001" in [str(number) for number in await insurer.policies(active.access)]


@pytest.mark.parametrize("screen", ["user-id", "password"])
async def test_an_answer_that_was_lost_at_the_sign_in_is_got_over(
    insurer: Insurer, faults: Callable[..., None], screen: str
) -> None:
    faults(f"/portal/login/{screen}", Fault.SILENCE)

    assert isinstance(await insurer.sign_in(Credentials(user_id="sumiko@example.jp", password="Sandbox-1")), Active)


async def test_a_sign_in_that_gets_no_answer_at_all_may_be_tried_again(
    insurer: Insurer, faults: Callable[..., None]
) -> None:
    faults("/portal/login/password", Fault.SILENCE, times=4)

    with pytest.raises(Unavailable):
        await insurer.sign_in(Credentials(user_id="sumiko@example.jp", password="Sandbox-1"))


@pytest.mark.parametrize(
    ("user_id", "password"), [("sumiko@example.jp", "Sandbox-2"), ("nobody@example.jp", "Sandbox-1")]
)
async def test_nobody_learns_which_of_user_id_and_password_was_wrong(
    insurer: Insurer, user_id: str, password: str
) -> None:
    with pytest.raises(Rejected) as refused:
        await insurer.sign_in(Credentials(user_id=user_id, password=password))

    assert ErrorCode.CREDENTIALS_REJECTED is refused.value.code


async def test_a_locked_account_refuses_for_a_while_and_keeps_its_key(insurer: Insurer, clock: TestClock) -> None:
    active = await insurer.sign_in(Credentials(user_id="sumiko@example.jp", password="Sandbox-1"))
    assert isinstance(active, Active)
    clock.advance(timedelta(minutes=40))
    codes = []
    for _ in range(6):
        with pytest.raises(Rejected) as refused:
            await insurer.sign_in(Credentials(user_id="sumiko@example.jp", password="wrong"))
        codes.append(refused.value.code)
    assert (ErrorCode.CREDENTIALS_REJECTED, ErrorCode.ACCOUNT_LOCKED) == (codes[0], codes[-1])

    # The session has died by now, and the lock has not.
    clock.advance(timedelta(minutes=20))
    with pytest.raises(Unavailable) as locked:
        await insurer.policies(active.access)
    assert ErrorCode.ACCOUNT_LOCKED is locked.value.code

    clock.advance(timedelta(minutes=10))
    assert await insurer.policies(active.access)


async def test_a_new_registration_ends_the_old_key(insurer: Insurer, register: Register, access: Access) -> None:
    renewed = await register("taro")

    with pytest.raises(AccessDenied):
        await insurer.policies(access)
    assert await insurer.policies(renewed)


async def test_while_the_portal_is_shut_nothing_is_sent(
    insurer: Insurer, applicant: FillIn, letterbox: Letterbox, clock: TestClock
) -> None:
    clock.set(datetime(2026, 11, 23, 2, 0, tzinfo=TOKYO))

    with pytest.raises(Closed) as shut:
        await begun(insurer, applicant("taro"))

    assert datetime(2026, 11, 23, 4, 0, tzinfo=TOKYO) == shut.value.opens_at
    assert [] == letterbox.letters
