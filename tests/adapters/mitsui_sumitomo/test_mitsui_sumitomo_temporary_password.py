"""Registering without a card, by a temporary password (MS-REG-23, MS-LOG-10)."""

from datetime import timedelta

import pytest

from insurers.account import (
    ANSWER,
    Asks,
    Challenge,
    ChallengeKind,
    Channel,
    Credentials,
)
from insurers.adapter import Insurer
from insurers.errors import (
    ErrorCode,
    Expired,
    Mismatch,
    NotOnline,
    Rejected,
)
from insurers.sandbox import TestClock
from tests.adapters.mitsui_sumitomo.conftest import Letterbox
from tests.adapters.mitsui_sumitomo.walking import (
    NEW_PASSWORD,
    SECOND,
    FillIn,
    active,
    answer,
    asked,
    begun,
    number,
    owns,
    refused,
    refused_at_once,
    signed_in,
    temporary_password,
)


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
