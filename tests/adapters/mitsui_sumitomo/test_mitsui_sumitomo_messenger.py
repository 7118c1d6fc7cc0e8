"""LINE, for who is registered and who is not (MS-LIN-02, 03, 04)."""

from datetime import timedelta

from insurers.account import (
    Challenge,
    ChallengeKind,
    Channel,
)
from insurers.adapter import Applicant, Insurer
from insurers.errors import (
    AccessDenied,
    Expired,
    Rejected,
)
from insurers.sandbox import Address, TestClock
from tests.adapters.mitsui_sumitomo.walking import (
    FillIn,
    active,
    answer,
    begun,
    number,
    owns,
    refused,
    refused_at_once,
    signed_in,
    writes_in_line,
)


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
