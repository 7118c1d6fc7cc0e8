"""Locks, user IDs and persons by name: MS-LOG-03, MS-LOG-11, MS-SES-02, MS-CNT-01, D4."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from insurers.mitsui_sumitomo.sandbox import personas
from insurers.sandbox import TestClock

if TYPE_CHECKING:
    from tests.adapters.mitsui_sumitomo.sandbox.conftest import Customer


@pytest.mark.parametrize("user_id", ["sumiko@example.jp", "nobody@example.jp", "080-9999-9999"])
async def test_known_and_unknown_user_ids_lock_alike(customer: Customer, clock: TestClock, user_id: str) -> None:
    clock.advance(timedelta(seconds=9))
    failed = [(await customer.log_in(user_id, "wrong-1")).said for _ in range(5)]
    locked = await customer.log_in(user_id, "wrong-1")

    assert [(401, "login-failed")] * 5 == failed
    assert (423, "account-locked") == locked.said
    assert "2026-11-20 10:30:09" == locked.body["kaijoNichiji"]

    clock.advance(timedelta(minutes=30) - timedelta(seconds=1))
    assert (423, "account-locked") == (await customer.log_in(user_id, "wrong-1")).said
    clock.advance(timedelta(seconds=1))
    assert (401, "login-failed") == (await customer.log_in(user_id, "wrong-1")).said


async def test_a_mobile_number_and_the_mail_address_are_counted_as_one(customer: Customer) -> None:
    for user_id in ["sumiko@example.jp", "08000000001"] * 3:
        heard = await customer.log_in(user_id, "wrong-1")

    assert (423, "account-locked") == heard.said


async def test_a_persona_is_locked_when_the_house_opens(customer: Customer, clock: TestClock) -> None:
    locked = await customer.log_in("jomae@example.jp", "Sandbox-1")
    clock.advance(timedelta(minutes=30))

    assert (423, "account-locked") == locked.said
    assert "2026-11-20 10:30:00" == locked.body["kaijoNichiji"]
    assert 200 == (await customer.log_in("jomae@example.jp", "Sandbox-1")).status


@pytest.mark.parametrize("written", ["090-1111-2222", "０９０１１１１２２２２", "090 1111 2222"])
async def test_a_mobile_number_becomes_the_second_user_id(taro: Customer, other: Customer, written: str) -> None:
    told = await taro.done("PUT", "/portal/keitai-bango", {"keitaiBango": written})

    assert {"keitaiBango": "090-1111-2222"} == told
    assert 200 == (await other.log_in("09011112222", "Tabane-2026")).status
    assert 200 == (await taro.get("/portal/keiyaku")).status


@pytest.mark.parametrize(
    ("number", "said"),
    [
        ("03-1111-2222", (422, "mobile-number-malformed")),
        ("090-1111-222", (422, "mobile-number-malformed")),
        ("080-0000-0001", (409, "user-id-taken")),
    ],
)
async def test_a_mobile_number_is_refused_for_its_reason(
    taro: Customer, number: str, said: tuple[int, str | None]
) -> None:
    assert said == (await taro.call("PUT", "/portal/keitai-bango", {"keitaiBango": number})).said


@pytest.mark.parametrize(
    ("after", "said"),
    [(timedelta(minutes=59, seconds=59), (200, None)), (timedelta(minutes=60), (401, "session-expired"))],
)
async def test_sixty_idle_minutes_end_a_session(
    customer: Customer, clock: TestClock, after: timedelta, said: tuple[int, str | None]
) -> None:
    await customer.log_in("nagai@example.jp", "Sandbox-1")
    clock.advance(after)

    assert said == (await customer.get("/portal/keiyaku")).said


async def test_one_user_id_works_on_two_devices_at_once(customer: Customer, other: Customer) -> None:
    await customer.log_in("nagai@example.jp", "Sandbox-1")
    await other.log_in("nagai@example.jp", "Sandbox-1")

    assert 200 == (await customer.get("/portal/keiyaku")).status
    assert 200 == (await other.get("/portal/keiyaku")).status


async def test_every_person_is_reachable_by_name_with_what_is_held(customer: Customer) -> None:
    told = (await customer.ask_control("personas", method="GET"))["personas"]
    by_code = {one["code"]: one for one in told}

    assert [one.code for one in personas.read().personas] == list(by_code)
    assert {"shokaiUserId": "F100000003", "tetsuzukiCode": "*****", "baitai": "SHOKEN"} == by_code["ms_masked_code"][
        "tetsuzuki"
    ]
    assert ["0123456789", "0123456790"] == by_code["taro"]["shokenNo"]
    assert by_code["ms_email_dead"]["mailFutatsu"]


@pytest.mark.parametrize("code", ["ms_url_keyword", "ms_url_expired", "ms_url_used_twice"])
async def test_who_has_an_employee_number_registers_by_link_and_keyword(customer: Customer, code: str) -> None:
    await customer.register(code)

    assert 200 == (await customer.get("/portal/keiyaku")).status


async def test_the_agency_is_told_with_its_page_and_its_telephone(taro: Customer) -> None:
    agency = (await taro.done("GET", "/portal/keiyaku/0123456789"))["toriatsukaiDairiten"]

    assert "https://agency.example/" == agency["homepage"]
    assert ("03-0000-0111", "平日 9:00～17:00") == (agency["denwa"], agency["uketsukeJikan"])
