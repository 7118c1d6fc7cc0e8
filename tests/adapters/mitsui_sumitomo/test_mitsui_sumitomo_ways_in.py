"""Every way in but link and keyword, walked against the sandbox by the person it is made for."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from insurers.account import (
    ANSWER,
    Access,
    Active,
    Answer,
    Asks,
    Challenge,
    ChallengeKind,
    Channel,
    Credentials,
    SecretOrigin,
)
from insurers.adapter import Applicant, Insurer
from insurers.errors import (
    AccessDenied,
    ErrorCode,
    Expired,
    InsurerError,
    Locked,
    Mismatch,
    NotOnline,
    Rejected,
)
from insurers.sandbox import REQUESTS, Address, TestClock
from tests.adapters.mitsui_sumitomo.conftest import Letterbox, persona

FillIn = Callable[..., Applicant]

CREDENTIALS = {"password": "Tabane-2026", "mail_wanted": "true", "credentials_confirmed": "true"}
NEW_PASSWORD = {"password": "Tabane-2026", "mail_wanted": "true"}
SECOND = timedelta(seconds=1)


def asked(answered: Asks | Active) -> Challenge:
    assert isinstance(answered, Asks)
    return answered.challenge


def active(answered: Asks | Active) -> Active:
    assert isinstance(answered, Active)
    return answered


async def begun(insurer: Insurer, method: str, applicant: Applicant, access: Access | None = None) -> Challenge:
    return asked(await insurer.begin_registration(method, applicant, access))


async def answer(insurer: Insurer, challenge: Challenge, **values: str) -> Asks | Active:
    return await insurer.answer(challenge, Answer(values=values))


async def refused(insurer: Insurer, challenge: Challenge, **values: str) -> InsurerError:
    with pytest.raises(InsurerError) as raised:
        await answer(insurer, challenge, **values)
    return raised.value


async def refused_at_once(insurer: Insurer, method: str, applicant: Applicant) -> InsurerError:
    with pytest.raises(InsurerError) as raised:
        await insurer.begin_registration(method, applicant)
    return raised.value


async def owns(insurer: Insurer, access: Access, code: str) -> bool:
    numbers = [str(number) for number in await insurer.policies(access)]
    return numbers == [contract["shokenNo"] for contract in persona(code)["keiyaku"]]


def number(code: str) -> str:
    shoken: str = persona(code)["keiyaku"][0]["shokenNo"]
    return shoken


def card(code: str, **changes: str) -> Applicant:
    """What the card or the postcard says."""
    printed: dict[str, Any] = persona(code)["tetsuzuki"]
    values = {
        "first_user_id": printed["shokaiUserId"],
        "procedure_code": printed["tetsuzukiCode"],
        "policy_number": number(code),
        "birth_date": persona(code)["keiyakusha"]["seinengappi"],
        "terms": "true",
    }
    return Applicant(values=values | changes)


def temporary_password(letterbox: Letterbox) -> str:
    found = re.search(r"仮パスワード[::]\s*([A-Za-z0-9]{10})\s", letterbox.letters[-1].text)
    assert found
    return found[1]


def reset_link(letterbox: Letterbox) -> str:
    found = re.search(r"https?://\S+/portal/SS\?cd=\S+", letterbox.letters[-1].text)
    assert found
    return found[0]


def forgot(code: str) -> Applicant:
    one = persona(code)
    return Applicant(values={"email": one["torokuZumi"]["userId"], "birth_date": one["keiyakusha"]["seinengappi"]})


async def signed_in(insurer: Insurer, user_id: str, password: str = "Sandbox-1") -> Active:
    return active(await insurer.sign_in(Credentials(user_id=user_id, password=password)))


async def writes_in_line(address: Address, user: str, text: str) -> None:
    async with aiohttp.ClientSession() as session:
        body = {"lineUserId": user, "text": text}
        async with session.post(f"{address.control_url}/_control/line", json=body) as answered:
            assert 200 == answered.status, await answered.text()


# ---- a code in hand


async def test_a_first_user_id_opens_the_account(insurer: Insurer) -> None:
    credentials = await begun(insurer, "first_id", card("ms_first_id"))

    assert (ChallengeKind.NEW_CREDENTIALS, "credentials") == (credentials.kind, credentials.step)
    opened = active(await answer(insurer, credentials, user_id="hatsuko@example.jp", **CREDENTIALS))
    assert "ha***@example.jp" == opened.user_hint
    assert await owns(insurer, opened.access, "ms_first_id")


async def test_a_postcard_opens_it_by_policy_number(insurer: Insurer) -> None:
    applicant = card("ms_postcard", first_user_id=number("ms_postcard"), procedure_code="r4t8-w3xb")
    credentials = await begun(insurer, "first_id", applicant)

    opened = active(await answer(insurer, credentials, user_id="hagaki@example.jp", **CREDENTIALS))
    assert await owns(insurer, opened.access, "ms_postcard")


async def test_the_app_takes_the_procedure_code(insurer: Insurer) -> None:
    credentials = await begun(insurer, "procedure_code", card("ms_app_code"))

    opened = active(await answer(insurer, credentials, user_id="apuri@example.jp", **CREDENTIALS))
    assert await owns(insurer, opened.access, "ms_app_code")


@pytest.mark.parametrize("method", ["first_id", "procedure_code"])
@pytest.mark.parametrize("code", ["*****", "＊＊＊＊＊"])
async def test_a_code_printed_as_asterisks_is_refused_with_its_reason(insurer: Insurer, method: str, code: str) -> None:
    error = await refused_at_once(insurer, method, card("ms_masked_code", procedure_code=code))

    assert isinstance(error, Rejected)
    assert ErrorCode.FIRST_PASSWORD_MASKED is error.code


@pytest.mark.parametrize("method", ["first_id", "procedure_code"])
async def test_a_code_is_guessed_five_times_and_the_lock_says_when_it_opens(
    insurer: Insurer, clock: TestClock, method: str
) -> None:
    wrong = card("ms_first_id", first_user_id=number("ms_first_id"), procedure_code="AAAA1111")
    for left in (4, 3, 2, 1):
        error = await refused_at_once(insurer, method, wrong)
        assert isinstance(error, Mismatch)
        assert left == error.attempts_left

    for applicant in (wrong, card("ms_first_id", first_user_id=number("ms_first_id"))):
        locked = await refused_at_once(insurer, method, applicant)
        assert isinstance(locked, Locked)
        assert clock() + timedelta(minutes=30) == locked.until


@pytest.mark.parametrize("method", ["first_id", "procedure_code", "temporary_password", "line"])
async def test_without_the_terms_nothing_is_sent(
    insurer: Insurer, applicant: FillIn, sandbox: web.Application, method: str
) -> None:
    values = {**card("ms_first_id").values, **applicant("ms_first_id").values, "terms": "false"}

    error = await refused_at_once(insurer, method, Applicant(values=values))

    assert ErrorCode.CONFIRMATION_REQUIRED is error.code
    assert 0 == sandbox[REQUESTS].total()


# ---- no card


async def with_temporary_password(insurer: Insurer, applicant: FillIn) -> Challenge:
    form = applicant("ms_no_card", policy_number=number("ms_no_card"), family_name="山崎", email="fudanashi@example.jp")
    return await begun(insurer, "temporary_password", form)


async def test_without_a_card_a_temporary_password_comes_by_mail_and_is_changed(
    insurer: Insurer, applicant: FillIn, letterbox: Letterbox, clock: TestClock
) -> None:
    mailed = await with_temporary_password(insurer, applicant)
    assert (ChallengeKind.TEMPORARY_PASSWORD, Channel.EMAIL) == (mailed.kind, mailed.channel)
    assert clock() + timedelta(hours=24) == mailed.expires_at

    change = asked(await answer(insurer, mailed, temporary_password=temporary_password(letterbox)))
    assert (ChallengeKind.NEW_PASSWORD, "new_password") == (change.kind, change.step)

    opened = active(await answer(insurer, change, **NEW_PASSWORD))
    assert "fu***@example.jp" == opened.user_hint
    assert await owns(insurer, opened.access, "ms_no_card")
    assert await owns(
        insurer, (await signed_in(insurer, "fudanashi@example.jp", NEW_PASSWORD["password"])).access, "ms_no_card"
    )


async def test_a_temporary_password_at_the_ordinary_login_asks_for_another(
    insurer: Insurer, applicant: FillIn, letterbox: Letterbox
) -> None:
    await with_temporary_password(insurer, applicant)
    password = temporary_password(letterbox)

    change = asked(await insurer.sign_in(Credentials(user_id="fudanashi@example.jp", password=password)))
    assert (ChallengeKind.NEW_PASSWORD, None) == (change.kind, change.step)

    too_simple = await refused(insurer, change, **{ANSWER: "a"})
    assert ErrorCode.PASSWORD_NOT_ACCEPTED is too_simple.code
    opened = active(await answer(insurer, change, **{ANSWER: "Tabane-2026"}))
    assert await owns(insurer, opened.access, "ms_no_card")


async def test_a_temporary_password_lives_for_a_day(
    insurer: Insurer, applicant: FillIn, letterbox: Letterbox, clock: TestClock
) -> None:
    mailed = await with_temporary_password(insurer, applicant)
    password = temporary_password(letterbox)
    clock.advance(timedelta(hours=24) - SECOND)
    assert ChallengeKind.NEW_PASSWORD is asked(await answer(insurer, mailed, temporary_password=password)).kind
    clock.advance(SECOND)

    error = await refused(insurer, mailed, temporary_password=password)

    assert isinstance(error, Expired)
    assert ErrorCode.TEMPORARY_PASSWORD_EXPIRED is error.code


async def test_a_wrong_temporary_password_may_be_tried_again(
    insurer: Insurer, applicant: FillIn, letterbox: Letterbox
) -> None:
    mailed = await with_temporary_password(insurer, applicant)

    wrong = await refused(insurer, mailed, temporary_password="0000000000")
    assert isinstance(wrong, Rejected)
    assert ErrorCode.CREDENTIALS_REJECTED is wrong.code
    assert isinstance(await answer(insurer, mailed, temporary_password=temporary_password(letterbox)), Asks)


@pytest.mark.parametrize("field", ["birth_date", "family_name", "policy_number"])
@pytest.mark.parametrize("method", ["temporary_password", "line"])
async def test_nobody_learns_which_field_differs(
    insurer: Insurer, applicant: FillIn, letterbox: Letterbox, method: str, field: str
) -> None:
    wrong = {"birth_date": "1990-01-01", "family_name": "鈴木", "policy_number": "0123456789"}[field]
    form = applicant("ms_no_card", **({"policy_number": number("ms_no_card")} | {field: wrong}))

    error = await refused_at_once(insurer, method, form)

    assert isinstance(error, Mismatch)
    assert (ErrorCode.IDENTITY_MISMATCH, []) == (error.code, letterbox.letters)


@pytest.mark.parametrize("method", ["temporary_password", "line"])
async def test_a_company_is_sent_to_its_agency(insurer: Insurer, applicant: FillIn, method: str) -> None:
    form = applicant("corporate_policyholder", policy_number=number("corporate_policyholder"))

    error = await refused_at_once(insurer, method, form)

    assert isinstance(error, NotOnline)
    assert ErrorCode.CONTRACT_NOT_ELIGIBLE is error.code
    assert error.reason.contact is not None


# ---- forgotten


async def test_who_forgot_chooses_anew_by_link_and_keyword(
    insurer: Insurer, letterbox: Letterbox, clock: TestClock
) -> None:
    before = await signed_in(insurer, "wasureda@example.jp")
    link = await begun(insurer, "credential_reset", forgot("ms_reset"))
    assert (ChallengeKind.MAIL_LINK, "mail_link") == (link.kind, link.step)
    assert clock() + timedelta(hours=24) == link.expires_at
    assert link.display_once
    assert link.display_once not in letterbox.letters[-1].text

    keyword = asked(await answer(insurer, link, link=reset_link(letterbox)))
    assert (ChallengeKind.KEYWORD, SecretOrigin.INSURER, 5) == (keyword.kind, keyword.origin, keyword.attempts_left)
    credentials = asked(await answer(insurer, keyword, keyword=link.display_once))
    opened = active(await answer(insurer, credentials, user_id="omoide@example.jp", **CREDENTIALS))

    assert await owns(insurer, opened.access, "ms_reset")
    with pytest.raises(AccessDenied):
        await insurer.policies(before.access)


async def test_a_reset_keyword_dies_after_a_day_before_and_after_the_link(
    insurer: Insurer, letterbox: Letterbox, clock: TestClock
) -> None:
    link = await begun(insurer, "credential_reset", forgot("ms_reset_keyword_expired"))
    assert link.display_once
    clock.advance(timedelta(hours=24) - SECOND)
    keyword = asked(await answer(insurer, link, link=reset_link(letterbox)))
    assert link.expires_at == keyword.expires_at
    again = await begun(insurer, "credential_reset", forgot("ms_reset_keyword_expired"))
    clock.advance(SECOND)

    typed_late = await refused(insurer, keyword, keyword=link.display_once)
    clock.advance(timedelta(hours=24))
    opened_late = await refused(insurer, again, link=reset_link(letterbox))

    for error in (typed_late, opened_late):
        assert isinstance(error, Expired)
        assert ErrorCode.KEYWORD_EXPIRED is error.code


async def test_a_reset_link_opens_once(insurer: Insurer, letterbox: Letterbox) -> None:
    link = await begun(insurer, "credential_reset", forgot("ms_reset"))
    await answer(insurer, link, link=reset_link(letterbox))

    error = await refused(insurer, link, link=reset_link(letterbox))

    assert isinstance(error, Expired)
    assert ErrorCode.LINK_ALREADY_USED is error.code


async def test_a_link_of_a_registration_resets_nothing(insurer: Insurer, letterbox: Letterbox) -> None:
    link = await begun(insurer, "credential_reset", forgot("ms_reset"))

    error = await refused(insurer, link, link=reset_link(letterbox).replace("/portal/SS", "/portal/SI"))

    assert ErrorCode.INPUT_REFUSED is error.code


@pytest.mark.parametrize(
    "values",
    [
        {"email": "nobody@example.jp", "birth_date": "1974-09-29"},
        {"email": "wasureda@example.jp", "birth_date": "1974-09-30"},
        {"email": "futatsu@example.jp", "birth_date": "1976-11-01"},
    ],
)
async def test_a_reset_looks_alike_whether_or_not_the_account_exists(
    insurer: Insurer, letterbox: Letterbox, values: dict[str, str]
) -> None:
    real = await begun(insurer, "credential_reset", forgot("ms_reset"))
    mails = len(letterbox.letters)

    made_up = await begun(insurer, "credential_reset", Applicant(values=values))

    assert mails == len(letterbox.letters)
    assert (real.kind, real.expires_at, real.prompt, real.single_use) == (
        made_up.kind,
        made_up.expires_at,
        made_up.prompt,
        made_up.single_use,
    )
    assert made_up.display_once
    assert len(real.display_once or "") == len(made_up.display_once)


# ---- LINE


async def line_begun(insurer: Insurer, applicant: FillIn) -> Challenge:
    return await begun(insurer, "line", applicant("ms_line", policy_number=number("ms_line")))


async def test_who_is_not_registered_registers_by_line(
    insurer: Insurer, applicant: FillIn, address: Address, clock: TestClock
) -> None:
    code = await line_begun(insurer, applicant)
    assert (ChallengeKind.LINKING_CODE, Channel.LINE, "line_message") == (code.kind, code.channel, code.step)
    assert clock() + timedelta(minutes=30) == code.expires_at
    assert code.single_use
    assert code.display_once

    not_yet = await refused(insurer, code, line_sent="true")
    assert isinstance(not_yet, Rejected)
    await writes_in_line(address, "U-tomoko", code.display_once)
    opened = active(await answer(insurer, code, line_sent="true"))

    assert opened.user_hint is None
    assert await owns(insurer, opened.access, "ms_line")


async def test_a_string_that_did_not_come_in_time_is_dead(
    insurer: Insurer, applicant: FillIn, clock: TestClock
) -> None:
    code = await line_begun(insurer, applicant)
    clock.advance(timedelta(minutes=30))

    assert isinstance(await refused(insurer, code, line_sent="true"), Expired)


async def test_who_is_registered_links_line_and_keeps_the_access(insurer: Insurer, address: Address) -> None:
    before = await signed_in(insurer, "tomoya@example.jp")
    code = await begun(insurer, "line_link", Applicant(values={"add_friend": "true"}), before.access)
    assert (ChallengeKind.LINKING_CODE, Channel.LINE) == (code.kind, code.channel)
    assert code.display_once

    not_yet = await refused(insurer, code, line_sent="true")
    assert isinstance(not_yet, Rejected)
    await writes_in_line(address, "U-tomoya", code.display_once)
    linked = active(await answer(insurer, code, line_sent="true"))

    assert before.access == linked.access
    assert await owns(insurer, linked.access, "ms_line_registered")


async def test_a_string_for_an_account_dies_after_half_an_hour(insurer: Insurer, clock: TestClock) -> None:
    before = await signed_in(insurer, "tomoya@example.jp")
    code = await begun(insurer, "line_link", Applicant(values={"add_friend": "true"}), before.access)
    clock.advance(timedelta(minutes=30))

    assert isinstance(await refused(insurer, code, line_sent="true"), Expired)


async def test_line_is_linked_to_no_account_without_its_key(insurer: Insurer) -> None:
    error = await refused_at_once(insurer, "line_link", Applicant(values={"add_friend": "true"}))

    assert isinstance(error, AccessDenied)


# ---- signing in


@pytest.mark.parametrize(
    "user_id",
    ["080-0000-0001", "08000000001", "０８０－００００－０００１", "080 0000 0001", "ｓｕｍｉｋｏ＠example.jp "],
)
async def test_a_user_id_may_be_typed_in_any_width_and_with_any_hyphens(insurer: Insurer, user_id: str) -> None:
    assert await owns(insurer, (await signed_in(insurer, user_id)).access, "ms_registered")


async def test_a_locked_account_says_when_it_opens(insurer: Insurer, clock: TestClock) -> None:
    started = clock()
    with pytest.raises(Locked) as locked:
        await insurer.sign_in(Credentials(user_id="jomae@example.jp", password="Sandbox-1"))
    assert started + timedelta(minutes=30) == locked.value.until
    clock.advance(timedelta(minutes=30))

    assert await owns(insurer, (await signed_in(insurer, "jomae@example.jp")).access, "ms_locked")


async def test_an_unknown_user_id_locks_like_a_known_one(insurer: Insurer) -> None:
    nobody = Credentials(user_id="nobody@example.jp", password="x")
    for _ in range(5):
        with pytest.raises(Rejected):
            await insurer.sign_in(nobody)

    with pytest.raises(Locked):
        await insurer.sign_in(nobody)


async def test_a_session_that_idled_for_an_hour_is_opened_anew_by_itself(
    insurer: Insurer, sandbox: web.Application, clock: TestClock
) -> None:
    opened = await signed_in(insurer, "nagai@example.jp")
    before = sandbox[REQUESTS]["POST /portal/login/kantan"]
    clock.advance(timedelta(minutes=60) - SECOND)
    assert await owns(insurer, opened.access, "ms_session_60min")
    assert before == sandbox[REQUESTS]["POST /portal/login/kantan"]
    clock.advance(timedelta(minutes=60))

    assert await owns(insurer, opened.access, "ms_session_60min")
    assert before + 1 == sandbox[REQUESTS]["POST /portal/login/kantan"]


async def test_a_challenge_that_is_not_ours_is_dead(insurer: Insurer, letterbox: Letterbox) -> None:
    link = await begun(insurer, "credential_reset", forgot("ms_reset"))
    strange = Challenge(kind=link.kind, prompt=link.prompt, step="no_such_step", state=link.state)
    spoilt = Challenge(kind=link.kind, prompt=link.prompt, step=link.step, state=b"?")

    for challenge in (strange, spoilt):
        assert isinstance(await refused(insurer, challenge, link=reset_link(letterbox)), Expired)
