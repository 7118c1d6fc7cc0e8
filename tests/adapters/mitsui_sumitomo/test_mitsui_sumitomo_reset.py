"""User ID or password forgotten (MS-RST-01…05)."""

from datetime import timedelta

import pytest

from insurers.account import (
    ChallengeKind,
    SecretOrigin,
)
from insurers.adapter import Applicant, Insurer
from insurers.errors import (
    AccessDenied,
    ErrorCode,
    Expired,
)
from insurers.sandbox import TestClock
from tests.adapters.mitsui_sumitomo.conftest import Letterbox
from tests.adapters.mitsui_sumitomo.walking import (
    CREDENTIALS,
    SECOND,
    active,
    answer,
    asked,
    begun,
    forgot,
    owns,
    refused,
    reset_link,
    signed_in,
)


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
