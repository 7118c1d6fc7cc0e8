"""Login, sessions, contracts and the renewal list: MS-LOG-02/03, MS-SES-02, MS-REN-20, MS-LIN-04."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from insurers.sandbox import TestClock

if TYPE_CHECKING:
    from tests.adapters.mitsui_sumitomo.sandbox.conftest import Customer, Heard


async def log_in(customer: Customer, user_id: str, password: str, *, easy: bool = False) -> Heard:
    await customer.done("POST", "/portal/login/user-id", {"userId": user_id})
    return await customer.post("/portal/login/password", {"password": password, "kantanLogin": easy})


@pytest.mark.parametrize("user_id", ["sumiko@example.jp", "080-0000-0001", "08000000001"])
async def test_a_user_id_is_an_address_or_a_mobile_number(customer: Customer, user_id: str) -> None:
    heard = await log_in(customer, user_id, "Sandbox-1")

    assert 200 == heard.status
    assert {"sei": "登録", "mei": "済子"} == heard.body["keiyakushaShimei"]
    assert heard.body["zenkaiLoginNichiji"] is None
    assert heard.body["kantanLoginToken"] is None


async def test_the_last_login_is_told(customer: Customer) -> None:
    await log_in(customer, "sumiko@example.jp", "Sandbox-1")

    assert "2026-11-20 10:00" == (await log_in(customer, "sumiko@example.jp", "Sandbox-1")).body["zenkaiLoginNichiji"]


async def test_an_unknown_user_id_sounds_like_a_wrong_password(customer: Customer) -> None:
    unknown = await log_in(customer, "nobody@example.jp", "Sandbox-1")
    wrong = await log_in(customer, "sumiko@example.jp", "Sandbox-2")

    assert (401, "login-failed") == unknown.said
    assert unknown.body == wrong.body


async def test_five_failures_lock_the_account_for_half_an_hour(customer: Customer, clock: TestClock) -> None:
    token = (await log_in(customer, "sumiko@example.jp", "Sandbox-1", easy=True)).body["kantanLoginToken"]
    for _ in range(5):
        assert (401, "login-failed") == (await log_in(customer, "sumiko@example.jp", "wrong-1")).said

    locked = await log_in(customer, "sumiko@example.jp", "Sandbox-1")
    easily = await customer.post("/portal/login/kantan", {"kantanLoginToken": token})
    clock.advance(timedelta(minutes=30))
    later = await log_in(customer, "sumiko@example.jp", "Sandbox-1")

    assert (423, "account-locked") == locked.said
    assert "2026-11-20 10:30:00" == locked.body["kaijoNichiji"]
    assert (423, "account-locked") == easily.said
    assert 200 == later.status


async def test_easy_login_lasts_until_it_is_ended(taro: Customer, clock: TestClock) -> None:
    clock.advance(timedelta(days=200))
    await taro.log_in_easily()

    ended = await taro.call("DELETE", "/portal/login/kantan", {"kantanLoginToken": taro.token})

    assert 204 == ended.status
    again = await taro.post("/portal/login/kantan", {"kantanLoginToken": taro.token})
    assert (401, "easy-login-revoked") == again.said


@pytest.mark.parametrize(
    ("idle", "said"),
    [(timedelta(minutes=60) - timedelta(seconds=1), (200, None)), (timedelta(minutes=60), (401, "session-expired"))],
)
async def test_sixty_idle_minutes_end_a_session(
    taro: Customer, clock: TestClock, idle: timedelta, said: tuple[int, str | None]
) -> None:
    clock.advance(idle)

    assert said == (await taro.get("/portal/keiyaku")).said


async def test_every_call_begins_the_sixty_minutes_anew(taro: Customer, clock: TestClock) -> None:
    for _ in range(3):
        clock.advance(timedelta(minutes=59))
        assert 200 == (await taro.get("/portal/keiyaku")).status


async def test_a_stranger_is_not_logged_in(customer: Customer) -> None:
    assert (401, "not-logged-in") == (await customer.get("/portal/keiyaku")).said
    await customer.done("POST", "/portal/login/user-id", {"userId": "sumiko@example.jp"})
    assert (401, "not-logged-in") == (await customer.get("/portal/keiyaku")).said


async def test_logging_out_ends_the_session(taro: Customer) -> None:
    assert 204 == (await taro.post("/portal/logout")).status
    assert (401, "not-logged-in") == (await taro.get("/portal/keiyaku")).said


async def test_contracts_are_listed_and_read_one_by_one(taro: Customer) -> None:
    listed = (await taro.done("GET", "/portal/keiyaku"))["keiyaku"]
    read = await taro.done("GET", "/portal/keiyaku/0123456789")

    assert ["0123456789", "0123456790"] == [row["shokenNo"] for row in listed]
    assert "YUKO" == read["jotai"]
    assert {"shiki": "2025-12-30 16:00", "manki": "2026-12-30 16:00"} == read["hokenKikan"]
    assert "サンプリオ" == read["okuruma"]["shamei"]
    assert 58_190 == read["hokenryo"]["nenkanGokei"]
    assert "見本物産グループ団体扱" == read["dantai"]["dantaiMei"]
    assert read["keizokugoShokenNo"] is None
    assert 13 == len(read["hosho"])


async def test_instalments_sum_to_the_premium(taro: Customer) -> None:
    premium = (await taro.done("GET", "/portal/keiyaku/0123456789"))["hokenryo"]
    parts = premium["bunkatsu"]

    assert 12 == len(parts)
    assert premium["nenkanGokei"] == sum(part["kin"] for part in parts)
    assert ["2026-02-25", "2027-01-25"] == [parts[0]["haraikomiBi"], parts[-1]["haraikomiBi"]]


@pytest.mark.parametrize("number", ["0987654321", "0000000000", "123"])
async def test_another_persons_contract_is_not_found_like_one_that_is_not(taro: Customer, number: str) -> None:
    for heard in (
        await taro.get(f"/portal/keiyaku/{number}"),
        await taro.post(f"/portal/keizoku/{number}/kaishi"),
    ):
        assert (404, "contract-not-found") == heard.said
    assert (404, "document-unknown") == (await taro.get(f"/portal/shorui/SHOKEN-{number}")).said


async def test_the_certificate_is_the_pdf_that_its_hash_names(taro: Customer) -> None:
    paper = (await taro.done("GET", "/portal/keiyaku/0123456789"))["shorui"][0]

    heard = await taro.get(paper["url"])

    assert "application/pdf" == heard.headers["Content-Type"]
    assert heard.raw.startswith(b"%PDF-")
    assert paper["sha256"] == hashlib.sha256(heard.raw).hexdigest()


async def test_the_renewal_list_tells_the_window(taro: Customer) -> None:
    first, second = (await taro.done("GET", "/portal/keizoku"))["keizoku"]

    assert {
        "kahi": "KA",
        "riyu": None,
        "uketsukeKaishi": "2026-10-31 07:00",
        "uketsukeShuryo": "2026-12-30 16:00",
    } == first["keizokuTetsuzuki"]
    assert ("FUKA", "UKETSUKE_MAE") == (second["keizokuTetsuzuki"]["kahi"], second["keizokuTetsuzuki"]["riyu"])
    assert "2026-12-30" == first["mankiBi"]


@pytest.mark.parametrize(
    ("persona", "number", "why", "said"),
    [
        ("taro", "0123456790", "UKETSUKE_MAE", (409, "renewal-not-open")),
        ("already_renewed", "0200000023", "KEIZOKU_ZUMI", (409, "already-renewed")),
        ("group_contract", "0200000025", "DANTAI_KEIYAKU", (403, "not-eligible")),
        ("ms_agency_only", "0200000027", "DAIRITEN", (403, "not-eligible")),
        ("ms_agency_only", "0200000028", "DAIRITEN", (403, "not-eligible")),
    ],
)
async def test_a_contract_that_cannot_renew_online_says_why(
    customer: Customer, persona: str, number: str, why: str, said: tuple[int, str]
) -> None:
    await customer.register(persona)
    rows = {row["shokenNo"]: row for row in (await customer.done("GET", "/portal/keizoku"))["keizoku"]}

    assert why == rows[number]["keizokuTetsuzuki"]["riyu"]
    assert said == (await customer.post(f"/portal/keizoku/{number}/kaishi")).said


async def test_the_window_closes_at_four_on_the_last_day(taro: Customer, clock: TestClock) -> None:
    maturity = clock().replace(month=12, day=30, hour=16)
    clock.set(maturity - timedelta(seconds=1))
    await taro.log_in_easily()
    assert 201 == (await taro.post("/portal/keizoku/0123456789/kaishi")).status

    clock.set(maturity)

    assert (409, "renewal-closed") == (await taro.post("/portal/keizoku/0123456789/kaishi")).said
    assert "MANRYO" == (await taro.done("GET", "/portal/keiyaku/0123456789"))["jotai"]


async def test_what_does_not_exist_is_refused_in_the_same_form(customer: Customer) -> None:
    assert (404, "not-found") == (await customer.get("/portal/nowhere")).said
    assert (405, "method-not-allowed") == (await customer.get("/portal/toroku")).said
    assert "application/problem+json; charset=utf-8" == (await customer.get("/eg1/nowhere")).headers["Content-Type"]


async def test_a_reset_forgets_everything_but_the_personas(taro: Customer) -> None:
    await taro.control("reset")

    assert (401, "not-logged-in") == (await taro.get("/portal/keiyaku")).said
    assert 201 == (await taro.post("/portal/toroku", taro.form("taro"))).status
