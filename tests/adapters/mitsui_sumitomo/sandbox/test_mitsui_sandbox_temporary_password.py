"""No card: a temporary password by mail, changed at first login: MS-REG-23, MS-REG-24, MS-LOG-10, MS-CNT-02."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from insurers.sandbox import TestClock

if TYPE_CHECKING:
    from tests.adapters.mitsui_sumitomo.sandbox.conftest import Customer, Letterbox

CHANGE = "/portal/login/password-henko"
NEW = {"password": "Tabane-2026", "passwordKakunin": "Tabane-2026", "mailKibo": False, "kantanLogin": True}
DAY = timedelta(hours=24)
SECOND = timedelta(seconds=1)


async def test_a_temporary_password_is_changed_and_then_the_customer_is_in(customer: Customer, other: Customer) -> None:
    password = await customer.temporary_password("ms_no_card")
    heard = await customer.log_in("ms_no_card@example.jp", password)
    before = await customer.get("/portal/keiyaku")
    changed = await customer.done("POST", CHANGE, NEW)

    assert {"tejun": "PASSWORD_HENKO", "yukoKigen": "2026-11-21 10:00:00"} == heard.body
    assert (401, "not-logged-in") == before.said
    assert "ms_no_card@example.jp" == changed["userId"]
    assert changed["kantanLoginToken"]
    assert 200 == (await customer.get("/portal/keiyaku")).status
    assert (401, "login-failed") == (await other.log_in("ms_no_card@example.jp", password)).said
    assert "KANRYO" == (await other.log_in("ms_no_card@example.jp", "Tabane-2026")).body["tejun"]


@pytest.mark.parametrize("family_name", ["山﨑", "山崎", "山 嵜"])
@pytest.mark.parametrize("kana", ["ヤマサキ", "やまさき", "ﾔﾏｻｷ"])
async def test_variants_of_a_name_are_the_same_name(customer: Customer, family_name: str, kana: str) -> None:
    filled = customer.named(
        "ms_no_card",
        keiyakushaShimei={"sei": family_name, "mei": "札無"},
        keiyakushaKana={"sei": kana, "mei": "フダナシ"},
    )

    heard = await customer.post("/portal/toroku/shinki", filled | {"mailAddress": "x@example.jp"})

    assert 201 == heard.status
    assert family_name == heard.body["kakunin"]["keiyakushaShimei"]["sei"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"keiyakushaShimei": {"sei": "山田", "mei": "札無"}},
        {"keiyakushaKana": {"sei": "ヤマダ", "mei": "フダナシ"}},
        {"seinengappi": "1970-05-26"},
        {"shokenNo": "0210000004"},
        {"shokenNo": "0000000000"},
    ],
)
async def test_a_mismatch_never_says_which_field(customer: Customer, wrong: dict[str, object]) -> None:
    filled = customer.named("ms_no_card", **wrong) | {"mailAddress": "x@example.jp"}

    heard = await customer.post("/portal/toroku/shinki", filled)

    assert (422, "identity-mismatch") == heard.said
    assert {"type", "title", "status", "code", "detail"} == set(heard.body)


@pytest.mark.parametrize("code", ["corporate_policyholder", "group_contract"])
async def test_a_corporation_and_a_group_contract_are_sent_to_the_agency(customer: Customer, code: str) -> None:
    heard = await customer.post("/portal/toroku/shinki", customer.named(code) | {"mailAddress": "x@example.jp"})

    assert (403, "not-eligible") == heard.said
    assert "S1001" == heard.body["toriatsukaiDairiten"]["dairitenCode"]


@pytest.mark.parametrize(("after", "said"), [(DAY - SECOND, (200, None)), (DAY, (410, "temporary-password-expired"))])
async def test_a_temporary_password_lives_for_a_day_to_the_second(
    customer: Customer, clock: TestClock, after: timedelta, said: tuple[int, str | None]
) -> None:
    password = await customer.temporary_password("ms_no_card")
    clock.advance(after)

    assert said == (await customer.log_in("ms_no_card@example.jp", password)).said


async def test_a_wrong_temporary_password_is_a_failed_login_even_when_it_has_expired(
    customer: Customer, clock: TestClock
) -> None:
    await customer.temporary_password("ms_no_card")
    clock.advance(DAY)

    assert (401, "login-failed") == (await customer.log_in("ms_no_card@example.jp", "wrong-1")).said


async def test_the_verdict_on_the_new_password_is_the_insurers_and_another_may_be_tried(customer: Customer) -> None:
    await customer.log_in("ms_no_card@example.jp", await customer.temporary_password("ms_no_card"))

    weak = await customer.post(CHANGE, NEW | {"password": "7890123456", "passwordKakunin": "7890123456"})
    differs = await customer.post(CHANGE, NEW | {"passwordKakunin": "Tabane-2027"})

    assert (422, "password-refused") == weak.said
    assert "6文字以上" in weak.body["kisoku"]
    assert (422, "password-differs") == differs.said
    assert 201 == (await customer.post(CHANGE, NEW)).status


async def test_a_mail_goes_out_once(customer: Customer, letterbox: Letterbox) -> None:
    filled = customer.named("ms_no_card") | {"mailAddress": "x@example.jp"}
    number = (await customer.done("POST", "/portal/toroku/shinki", filled))["torokuNo"]

    sent = await customer.done("POST", f"/portal/toroku/shinki/{number}/soshin")
    again = await customer.post(f"/portal/toroku/shinki/{number}/soshin")

    assert "x***@example.jp" == sent["soshinsaki"]
    assert ("2026-11-20 10:00:00", "2026-11-21 10:00:00") == (sent["soshinNichiji"], sent["yukoKigen"])
    assert (409, "already-sent") == again.said
    assert ["【三井住友海上】仮パスワードのご案内"] == [letter.subject for letter in letterbox.letters]


async def test_somebody_elses_user_id_is_taken_when_the_mailbox_is_proved(customer: Customer) -> None:
    filled = customer.named("ms_no_card") | {"mailAddress": "sumiko@example.jp"}
    number = (await customer.done("POST", "/portal/toroku/shinki", filled))["torokuNo"]
    await customer.done("POST", f"/portal/toroku/shinki/{number}/soshin")
    password = customer.letterbox.letters[-1].text.split("仮パスワード:")[1].split()[0]
    await customer.log_in("sumiko@example.jp", password)

    assert (409, "user-id-taken") == (await customer.post(CHANGE, NEW)).said


async def test_a_change_is_for_who_came_in_by_a_temporary_password(taro: Customer) -> None:
    assert (401, "not-logged-in") == (await taro.post(CHANGE, NEW)).said


@pytest.mark.parametrize("code", ["ms_masked_code", "ms_app_code"])
async def test_who_has_no_code_that_works_takes_this_way(customer: Customer, code: str) -> None:
    await customer.log_in(f"{code}@example.jp", await customer.temporary_password(code))

    assert 201 == (await customer.post(CHANGE, NEW)).status


async def test_every_mail_names_its_sender_and_the_shorter_hours_of_the_desk(
    customer: Customer, letterbox: Letterbox
) -> None:
    await customer.temporary_password("ms_no_card")
    await customer.forget("wasureda@example.jp", "1974-09-29")
    await customer.ask_for_link("taro")

    for letter in letterbox.letters:
        assert "三井住友海上 <noreply@ms-ins.example>" == letter.sender
        assert "お問い合わせは承りかねます" in letter.text
        assert "9:00～17:00" in letter.text
    assert 3 == len(letterbox.letters)


async def test_a_temporary_password_is_changed_once_by_whichever_session_comes_first(
    customer: Customer, other: Customer
) -> None:
    password = await customer.temporary_password("ms_no_card")
    for one in (customer, other):
        assert "PASSWORD_HENKO" == (await one.log_in("ms_no_card@example.jp", password)).body["tejun"]
    await customer.done("POST", CHANGE, NEW)

    late = await other.post(CHANGE, NEW | {"password": "Another-2026", "passwordKakunin": "Another-2026"})

    assert (401, "not-logged-in") == late.said
    assert 200 == (await customer.get("/portal/keiyaku")).status
    assert "KANRYO" == (await other.log_in("ms_no_card@example.jp", "Tabane-2026")).body["tejun"]
