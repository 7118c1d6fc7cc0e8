"""Registering and signing in, against the sandbox."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from aiohttp import web

from insurers.account import Access, Active, Answer, Asks, Challenge, ChallengeKind, Credentials
from insurers.adapter import Applicant, Insurer
from insurers.errors import (
    AccessDenied,
    Closed,
    Drifted,
    ErrorCode,
    Expired,
    InsurerError,
    Locked,
    NotOnline,
    Rejected,
    Unavailable,
    Unconfirmed,
)
from insurers.mitsui_sumitomo import forms, ways
from insurers.mitsui_sumitomo.sandbox import accounts, texts
from insurers.sandbox import REQUESTS, TOKYO, Fault, TestClock
from insurers.script import Confirmation
from tests.adapters.mitsui_sumitomo.conftest import Letterbox, Register

METHOD = "link_and_keyword"
CREDENTIALS = {
    "user_id": "taro@example.jp",
    "password": "Tabane-2026",
    "mail_wanted": "true",
    "credentials_confirmed": "true",
}

# Faults are ordered by the sandbox's own names of its routes.
SENDING = "/portal/toroku/{toroku_no}/soshin"
CLOSING = "/portal/toroku/{toroku_no}/tojiru"

WIRE = (Path(forms.__file__).parent / "WIRE.md").read_text()

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


async def test_a_keyword_that_the_insurer_does_not_take_is_no_wrong_keyword(
    insurer: Insurer, applicant: FillIn
) -> None:
    with pytest.raises(Rejected) as refused:
        await insurer.begin_registration("link_and_keyword", applicant("taro", chosen_keyword="abc"))

    assert ErrorCode.INPUT_REFUSED is refused.value.code


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


def test_each_screen_asks_for_the_box_that_the_leaflet_puts_on_it() -> None:
    boxes = {
        step.key: [need.statement for need in step.requirements if isinstance(need, Confirmation) and need.required]
        for step in ways.LINK_AND_KEYWORD.script
    }

    assert [
        "利用規約に同意します。（利用規約 2026-04版）",
        "お客さま情報の内容を確認し「送信する」を選択ください。",
    ] == boxes["terms"]
    assert ["「入力内容の確認」で確認し「次へ」"] == boxes["credentials"]


def test_the_terms_that_are_agreed_to_are_shown() -> None:
    (terms,) = ways.LINK_AND_KEYWORD.script.step("terms").facts

    assert f"「{terms.value}」" in WIRE
    assert "2026-04" in terms.label.ja


@pytest.mark.parametrize("box", ["terms", "entries_confirmed"])
@pytest.mark.parametrize("tick", ["false", ""])
async def test_nothing_is_sent_that_the_customer_has_not_confirmed(
    insurer: Insurer, applicant: FillIn, sandbox: web.Application, box: str, tick: str
) -> None:
    with pytest.raises(Rejected) as refused:
        await begun(insurer, applicant("taro", **{box: tick}))

    assert ErrorCode.CONFIRMATION_REQUIRED is refused.value.code
    assert 0 == sandbox[REQUESTS].total()


async def test_user_id_and_password_are_not_sent_before_they_are_confirmed(
    insurer: Insurer, applicant: FillIn, letterbox: Letterbox, sandbox: web.Application
) -> None:
    keyword = await answered(insurer, await begun(insurer, applicant("taro")), link=letterbox.link())
    credentials = await answered(insurer, keyword, keyword="Abc123")

    with pytest.raises(Rejected) as refused:
        await insurer.answer(credentials, Answer(values=CREDENTIALS | {"credentials_confirmed": "false"}))

    assert ErrorCode.CONFIRMATION_REQUIRED is refused.value.code
    assert 0 == sandbox[REQUESTS]["POST /portal/toroku/id-password"]
    assert isinstance(await insurer.answer(credentials, Answer(values=CREDENTIALS)), Active)


async def test_what_the_insurer_read_otherwise_than_it_was_entered_is_not_sent(
    insurer: Insurer, applicant: FillIn, letterbox: Letterbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(accounts, "mail_address", lambda text: f"x{text}")

    with pytest.raises(Drifted):
        await begun(insurer, applicant("taro"))

    assert [] == letterbox.letters


async def test_a_user_id_that_the_insurer_read_otherwise_is_not_registered(
    insurer: Insurer,
    applicant: FillIn,
    letterbox: Letterbox,
    sandbox: web.Application,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    keyword = await answered(insurer, await begun(insurer, applicant("taro")), link=letterbox.link())
    credentials = await answered(insurer, keyword, keyword="Abc123")
    monkeypatch.setattr(accounts, "mail_address", lambda text: f"x{text}")

    with pytest.raises(Drifted):
        await insurer.answer(credentials, Answer(values=CREDENTIALS))

    assert 0 == sandbox[REQUESTS]["POST /portal/toroku/kanryo"]


async def test_the_insurer_may_write_what_was_entered_its_own_way(insurer: Insurer, applicant: FillIn) -> None:
    otherwise = applicant("taro", email="Taro@Example.jp", family_kana="ﾐｽﾐ", family_name=" 三住")

    assert ChallengeKind.MAIL_LINK is (await begun(insurer, otherwise)).kind


async def test_terms_of_another_edition_than_is_shown_are_not_agreed_to(
    insurer: Insurer, applicant: FillIn, letterbox: Letterbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(texts, "TERMS_EDITION", "2027-04")

    with pytest.raises(Drifted):
        await begun(insurer, applicant("taro"))

    assert [] == letterbox.letters


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


async def test_an_answer_that_was_lost_at_the_first_screen_of_the_sign_in_is_got_over(
    insurer: Insurer, faults: Callable[..., None]
) -> None:
    faults("/portal/login/user-id", Fault.SILENCE)

    assert isinstance(await insurer.sign_in(Credentials(user_id="sumiko@example.jp", password="Sandbox-1")), Active)


async def test_a_sign_in_that_gets_no_answer_at_all_may_be_tried_again(
    insurer: Insurer, faults: Callable[..., None]
) -> None:
    credentials = Credentials(user_id="sumiko@example.jp", password="Sandbox-1")
    faults("/portal/login/password", Fault.SILENCE)

    with pytest.raises(Unconfirmed):
        await insurer.sign_in(credentials)
    assert isinstance(await insurer.sign_in(credentials), Active)


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
    for _ in range(5):
        with pytest.raises(Rejected) as refused:
            await insurer.sign_in(Credentials(user_id="sumiko@example.jp", password="wrong"))
        assert ErrorCode.CREDENTIALS_REJECTED is refused.value.code
    opens = clock() + timedelta(minutes=30)
    with pytest.raises(Locked) as shut:
        await insurer.sign_in(Credentials(user_id="sumiko@example.jp", password="Sandbox-1"))
    assert opens == shut.value.until

    # The session has died by now, and the lock has not.
    clock.advance(timedelta(minutes=20))
    with pytest.raises(Locked) as locked:
        await insurer.policies(active.access)
    assert opens == locked.value.until

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
