"""簡単登録 by certificate or postcard, and the procedure code in the app: MS-REG-20…22."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from insurers.sandbox import TestClock

if TYPE_CHECKING:
    from tests.adapters.mitsui_sumitomo.sandbox.conftest import Customer

AGREED = {"riyoKiyakuDoi": True, "riyoKiyakuHansu": "2026-04"}


def card(user_id: str, code: str) -> dict[str, object]:
    return AGREED | {"shokaiUserId": user_id, "shokaiPassword": code}


def app_code(number: str, code: str, born: str) -> dict[str, object]:
    return AGREED | {"shokenNo": number, "tetsuzukiCode": code, "seinengappi": born}


@pytest.mark.parametrize(
    ("user_id", "code"),
    [
        ("F100000001", "K7M2P9QA"),
        ("Ｆ１０００００００１", "k7m2-p9qa"),
        ("0210000001", "K7M2P9QA"),
        ("0210000002", "Ｒ４Ｔ８ Ｗ３ＸＢ"),
    ],
)
async def test_the_first_id_and_the_first_password_open_the_registration(
    customer: Customer, user_id: str, code: str
) -> None:
    opened = await customer.done("POST", "/portal/toroku/kantan", card(user_id, code))
    completed = await customer.choose("hatsuko@example.jp")

    assert {"tejun": "ID_PASSWORD"} == opened
    assert "hatsuko@example.jp" == completed["userId"]
    assert 200 == (await customer.get("/portal/keiyaku")).status


async def test_the_app_opens_the_registration_by_procedure_code(customer: Customer) -> None:
    typed = app_code("0210000004", "H5N6C2DE", "1969-04-24")

    assert {"tejun": "ID_PASSWORD"} == await customer.done("POST", "/portal/app/tetsuzuki-code", typed)
    await customer.choose("appuri@example.jp")
    assert 200 == (await customer.get("/portal/keiyaku")).status


@pytest.mark.parametrize("stars", ["*****", "＊＊＊＊＊", "***"])
@pytest.mark.parametrize("number", ["0210000003", "0210000001", "0000000000"])
async def test_a_code_printed_as_asterisks_is_refused_with_its_reason(
    customer: Customer, number: str, stars: str
) -> None:
    by_card = await customer.post("/portal/toroku/kantan", card(number, stars))
    by_app = await customer.post("/portal/app/tetsuzuki-code", app_code(number, stars, "1968-03-23"))

    assert (422, "code-masked") == by_card.said == by_app.said
    assert "nokoriKaisu" not in by_card.body


@pytest.mark.parametrize("number", ["0210000003", "F100000003", "0210000002", "0000000000", "0123456789"])
async def test_masked_unknown_and_wrong_are_refused_alike(customer: Customer, number: str) -> None:
    heard = await customer.post("/portal/toroku/kantan", card(number, "AAAA1111"))
    known = await customer.post("/portal/toroku/kantan", card("F100000001", "AAAA1111"))

    assert (422, "code-mismatch") == heard.said
    assert known.body == heard.body
    assert 4 == heard.body["nokoriKaisu"]


async def test_the_app_refuses_a_wrong_birth_date_like_a_wrong_code(customer: Customer) -> None:
    wrong_birth = await customer.post("/portal/app/tetsuzuki-code", app_code("0210000004", "H5N6C2DE", "1969-04-25"))
    wrong_code = await customer.post("/portal/app/tetsuzuki-code", app_code("0210000004", "H5N6C2DF", "1969-04-24"))

    assert (422, "code-mismatch") == wrong_birth.said
    assert wrong_birth.body | {"nokoriKaisu": 3} == wrong_code.body


@pytest.mark.parametrize("number", ["0210000002", "0000000000"])
async def test_the_fifth_wrong_code_locks_until_the_second_that_is_told(
    customer: Customer, clock: TestClock, number: str
) -> None:
    clock.advance(timedelta(seconds=17))
    wrong = [await customer.post("/portal/toroku/kantan", card(number, "AAAA1111")) for _ in range(5)]
    right = await customer.post("/portal/toroku/kantan", card(number, "R4T8W3XB"))
    by_app = await customer.post("/portal/app/tetsuzuki-code", app_code(number, "R4T8W3XB", "1967-02-22"))
    clock.advance(timedelta(minutes=30) - timedelta(seconds=1))
    still = await customer.post("/portal/toroku/kantan", card(number, "R4T8W3XB"))
    clock.advance(timedelta(seconds=1))
    at_last = await customer.post("/portal/toroku/kantan", card(number, "R4T8W3XB"))

    assert [4, 3, 2, 1] == [heard.body["nokoriKaisu"] for heard in wrong[:4]]
    assert (423, "code-locked") == wrong[4].said == right.said == by_app.said == still.said
    assert "2026-11-20 10:30:17" == wrong[4].body["kaijoNichiji"]
    assert (200 if number == "0210000002" else 422) == at_last.status


async def test_a_code_is_used_up_by_a_registration_and_not_before(customer: Customer, other: Customer) -> None:
    await customer.done("POST", "/portal/toroku/kantan", card("F100000001", "K7M2P9QA"))
    await customer.done("POST", "/portal/toroku/kantan", card("F100000001", "K7M2P9QA"))
    await customer.choose("hatsuko@example.jp")

    assert (422, "code-mismatch") == (await other.post("/portal/toroku/kantan", card("F100000001", "K7M2P9QA"))).said


async def test_the_terms_come_first(customer: Customer) -> None:
    unticked = card("F100000001", "*****") | {"riyoKiyakuDoi": False}

    assert (422, "terms-not-accepted") == (await customer.post("/portal/toroku/kantan", unticked)).said


async def test_a_registration_by_code_asks_no_keyword(customer: Customer) -> None:
    await customer.done("POST", "/portal/toroku/kantan", card("F100000001", "K7M2P9QA"))

    heard = await customer.post("/portal/toroku/keyword", {"keyword": "Abc123"})

    assert (409, "out-of-order") == heard.said
    assert "ID_PASSWORD" == heard.body["tejun"]


async def test_a_code_registers_once_by_whichever_session_comes_first(customer: Customer, other: Customer) -> None:
    chosen = {"userId": "ato@example.jp", "password": "Tabane-2026", "passwordKakunin": "Tabane-2026"}
    for one in (customer, other):
        await one.done("POST", "/portal/toroku/kantan", card("F100000001", "K7M2P9QA"))
    await other.done("POST", "/portal/toroku/id-password", chosen | {"mailKibo": False})
    await customer.choose("hatsuko@example.jp")

    late = await other.post("/portal/toroku/kanryo", {"kantanLogin": True})

    assert (401, "not-logged-in") == late.said
    assert 200 == (await customer.get("/portal/keiyaku")).status
    assert (401, "login-failed") == (await other.log_in("ato@example.jp", "Tabane-2026")).said
