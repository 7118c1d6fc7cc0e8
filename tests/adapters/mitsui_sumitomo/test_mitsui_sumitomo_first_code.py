"""A code of the certificate or a postcard, on the web and in the app (MS-REG-20, 21, 22)."""

from datetime import timedelta

import pytest
from aiohttp import web

from insurers.account import (
    ChallengeKind,
)
from insurers.adapter import Applicant, Insurer
from insurers.errors import (
    ErrorCode,
    Locked,
    Mismatch,
    Rejected,
)
from insurers.sandbox import REQUESTS, TestClock
from tests.adapters.mitsui_sumitomo.walking import (
    CREDENTIALS,
    FillIn,
    active,
    answer,
    begun,
    card,
    number,
    owns,
    refused_at_once,
)


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
