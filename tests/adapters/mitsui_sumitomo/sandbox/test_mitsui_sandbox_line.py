"""LINE, by a one-time string in the chat: MS-LIN-01…04."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from insurers.sandbox import TestClock

if TYPE_CHECKING:
    from tests.adapters.mitsui_sumitomo.sandbox.conftest import Customer

LIVES = timedelta(minutes=30)
LINKED, NOT_LINKED = "連携が完了しました", "連携できませんでした"


async def ask_for_string(customer: Customer) -> tuple[str, str]:
    number = (await customer.done("POST", "/portal/line/toroku", customer.named("ms_line")))["renkeiNo"]
    told = await customer.done("POST", f"/portal/line/toroku/{number}/kakutei")
    assert "2026-11-20 10:30:00" == told["yukoKigen"]
    return number, told["renkeiMojiretsu"]


async def test_who_is_registered_adds_line_by_a_string_in_the_chat(customer: Customer) -> None:
    await customer.log_in("tomoya@example.jp", "Sandbox-1")
    before = await customer.done("GET", "/portal/line")
    issued = await customer.done("POST", "/portal/line/tomodachi-tsuika")
    waiting = await customer.done("GET", "/portal/line")
    said = await customer.write_in_line("U-tomoya", issued["renkeiMojiretsu"])
    after = await customer.done("GET", "/portal/line")

    assert {"renkei": "MI", "renkeiNichiji": None} == before
    assert {"renkei": "MACHI", "renkeiNichiji": None} == waiting
    assert said.startswith(LINKED)
    assert {"renkei": "ZUMI", "renkeiNichiji": "2026-11-20 10:00"} == after
    assert issued["renkeiMojiretsu"].isascii()
    assert issued["renkeiMojiretsu"].isalnum()


async def test_who_is_not_registered_is_let_in_by_easy_login(customer: Customer, other: Customer) -> None:
    number, string = await ask_for_string(customer)
    early = await customer.post(f"/portal/line/toroku/{number}/kanryo")
    said = await customer.write_in_line("U-tomoko", string)
    completed = await customer.done("POST", f"/portal/line/toroku/{number}/kanryo")
    again = await customer.post(f"/portal/line/toroku/{number}/kanryo")
    customer.token = other.token = completed["kantanLoginToken"]
    await other.log_in_easily()

    assert (409, "line-not-linked") == early.said
    assert said.startswith(LINKED)
    assert (None, "2026-11-20 10:00") == (completed["userId"], completed["renkeiNichiji"])
    assert (404, "registration-unknown") == again.said
    held = (await other.done("GET", "/portal/keiyaku"))["keiyaku"]
    assert ["0210000012"] == [contract["shokenNo"] for contract in held]
    assert "ZUMI" == (await other.done("GET", "/portal/line"))["renkei"]


@pytest.mark.parametrize("left_out", ["shokenNo", "seinengappi"])
async def test_the_policy_number_is_required(customer: Customer, left_out: str) -> None:
    filled = customer.named("ms_line")
    del filled[left_out]

    heard = await customer.post("/portal/line/toroku", filled)

    assert (400, "bad-request") == heard.said
    assert [left_out] == heard.body["komoku"]


async def test_a_wrong_policy_number_is_a_mismatch(customer: Customer) -> None:
    heard = await customer.post("/portal/line/toroku", customer.named("ms_line", shokenNo="0210000013"))

    assert (422, "identity-mismatch") == heard.said


async def test_a_used_an_unknown_and_an_expired_string_link_nobody(customer: Customer, clock: TestClock) -> None:
    await customer.log_in("tomoya@example.jp", "Sandbox-1")
    old = (await customer.done("POST", "/portal/line/tomodachi-tsuika"))["renkeiMojiretsu"]
    string = (await customer.done("POST", "/portal/line/tomodachi-tsuika"))["renkeiMojiretsu"]
    void = await customer.write_in_line("U-other", old)
    unknown = await customer.write_in_line("U-other", "NoSuchString")
    used_once = await customer.write_in_line("U-tomoya", string)
    used_twice = await customer.write_in_line("U-other", string)
    late = (await customer.done("POST", "/portal/line/tomodachi-tsuika"))["renkeiMojiretsu"]
    clock.advance(LIVES)
    expired = await customer.write_in_line("U-other", late)

    assert used_once.startswith(LINKED)
    assert void == unknown == used_twice == expired
    assert expired.startswith(NOT_LINKED)


@pytest.mark.parametrize(
    ("after", "said"), [(LIVES - timedelta(seconds=1), (201, None)), (LIVES, (410, "line-code-expired"))]
)
async def test_a_string_lives_for_half_an_hour(
    customer: Customer, clock: TestClock, after: timedelta, said: tuple[int, str | None]
) -> None:
    number, string = await ask_for_string(customer)
    clock.advance(after)
    await customer.write_in_line("U-tomoko", string)

    assert said == (await customer.post(f"/portal/line/toroku/{number}/kanryo")).said


async def test_a_string_is_told_once_and_the_steps_come_in_their_order(customer: Customer) -> None:
    number = (await customer.done("POST", "/portal/line/toroku", customer.named("ms_line")))["renkeiNo"]
    early = await customer.post(f"/portal/line/toroku/{number}/kanryo")
    await customer.done("POST", f"/portal/line/toroku/{number}/kakutei")
    again = await customer.post(f"/portal/line/toroku/{number}/kakutei")

    assert (409, "out-of-order") == early.said
    assert "KAKUTEI" == early.body["tejun"]
    assert (409, "already-sent") == again.said
    assert "renkeiMojiretsu" not in again.body


async def test_a_new_registration_ends_the_link_to_line(customer: Customer) -> None:
    number, string = await ask_for_string(customer)
    await customer.write_in_line("U-tomoko", string)
    await customer.done("POST", f"/portal/line/toroku/{number}/kanryo")

    await customer.register("ms_line")

    assert "MI" == (await customer.done("GET", "/portal/line"))["renkei"]


async def test_line_is_for_who_is_logged_in(customer: Customer) -> None:
    assert (401, "not-logged-in") == (await customer.get("/portal/line")).said
    assert (401, "not-logged-in") == (await customer.post("/portal/line/tomodachi-tsuika")).said
