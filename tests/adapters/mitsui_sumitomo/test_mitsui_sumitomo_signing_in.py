"""Signing in, locks, and sessions that die of idleness (MS-LOG-03, MS-SES-02)."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from aiohttp import web

from insurers.account import (
    Challenge,
    Credentials,
)
from insurers.adapter import Insurer
from insurers.errors import (
    AccessDenied,
    Expired,
    Locked,
    Rejected,
    Unconfirmed,
)
from insurers.sandbox import REQUESTS, Fault, TestClock
from tests.adapters.mitsui_sumitomo.conftest import Letterbox
from tests.adapters.mitsui_sumitomo.walking import SECOND, begun, forgot, owns, refused, reset_link, signed_in


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


async def test_a_password_whose_answer_was_lost_is_not_tried_again(
    insurer: Insurer, sandbox: web.Application, faults: Callable[..., None]
) -> None:
    faults("/portal/login/password", Fault.SILENCE)

    with pytest.raises(Unconfirmed):
        await signed_in(insurer, "nagai@example.jp")

    assert 1 == sandbox[REQUESTS]["POST /portal/login/password"]
    assert await owns(insurer, (await signed_in(insurer, "nagai@example.jp")).access, "ms_session_60min")


async def test_who_is_forgotten_is_logged_out(insurer: Insurer, sandbox: web.Application) -> None:
    opened = await signed_in(insurer, "nagai@example.jp")
    for _ in range(2):
        await insurer.forget(opened.access)

    assert 1 == sandbox[REQUESTS]["POST /portal/logout"]
    with pytest.raises(AccessDenied):
        await insurer.policies(opened.access)


async def test_the_key_ends_also_where_logging_out_fails(insurer: Insurer, faults: Callable[..., None]) -> None:
    opened = await signed_in(insurer, "nagai@example.jp")
    faults("/portal/logout", Fault.BUSY, times=2)
    await insurer.forget(opened.access)

    with pytest.raises(AccessDenied):
        await insurer.policies(opened.access)


async def test_a_challenge_that_is_not_ours_is_dead(insurer: Insurer, letterbox: Letterbox) -> None:
    link = await begun(insurer, "credential_reset", forgot("ms_reset"))
    strange = Challenge(kind=link.kind, prompt=link.prompt, step="no_such_step", state=link.state)
    spoilt = Challenge(kind=link.kind, prompt=link.prompt, step=link.step, state=b"?")

    for challenge in (strange, spoilt):
        assert isinstance(await refused(insurer, challenge, link=reset_link(letterbox)), Expired)
