"""Registration by link and keyword: MS-REG-01…06, 13…18, MS-PWD-01/02."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from insurers.mitsui_sumitomo.sandbox import book
from insurers.mitsui_sumitomo.sandbox.registration import Credentials
from insurers.sandbox import TOKYO, TestClock

if TYPE_CHECKING:
    from tests.adapters.mitsui_sumitomo.sandbox.conftest import Customer, Letterbox


async def test_the_straight_road_ends_logged_in_with_a_token(customer: Customer) -> None:
    await customer.register("taro")

    assert 200 == (await customer.get("/portal/keiyaku")).status
    assert customer.token


async def test_the_mail_carries_the_link_and_its_end_and_never_the_keyword(
    customer: Customer, letterbox: Letterbox
) -> None:
    code = await customer.ask_for_link("taro", keyword="Kagi2026")
    letter = letterbox.letters[-1]

    assert "【三井住友海上】初回利用登録に関するご案内" == letter.subject
    assert "taro@example.jp" == letter.to
    assert f"\n{customer.address.url}/portal/SI?cd={code}\n" in letter.text
    assert "ご利用期限:2026年11月22日10時まで" in letter.text
    assert "Kagi2026" not in letter.text


async def test_a_keyword_is_the_customers_own_or_issued_and_told_once(customer: Customer) -> None:
    issued = await customer.done("POST", "/portal/toroku", customer.form("taro", keyword=None))
    sent = await customer.done("POST", f"/portal/toroku/{issued['torokuNo']}/soshin")
    again = await customer.post(f"/portal/toroku/{issued['torokuNo']}/soshin")

    assert "TOSHA" == sent["keywordShutten"]
    assert 10 == len(sent["keyword"])
    assert "t***@example.jp" == sent["soshinsaki"]
    assert "2026-11-22 10:00:00" == sent["yukoKigen"]
    assert (409, "already-sent") == again.said
    assert "keyword" not in again.body


@pytest.mark.parametrize(
    "wrong",
    [
        {"keiyakushaShimei": {"sei": "三住", "mei": "次郎"}},
        {"keiyakushaKana": {"sei": "ミツズミ", "mei": "タロウ"}},
        {"seinengappi": "1975-01-02"},
        {"shainNo": "123456780"},
        {"shainNo": None},
    ],
)
async def test_a_mismatch_sounds_the_same_whatever_was_wrong(customer: Customer, wrong: dict[str, object]) -> None:
    heard = await customer.post("/portal/toroku", customer.form("taro", **wrong))

    assert (422, "identity-mismatch") == heard.said
    assert {"type", "title", "status", "code", "detail"} == set(heard.body)
    assert "ご入力の内容では、ご契約を確認できませんでした。" == heard.body["detail"]


async def test_width_and_spaces_do_not_matter_in_names_and_numbers(customer: Customer) -> None:
    wide = customer.form(
        "taro",
        keiyakushaShimei={"sei": " 三住", "mei": "太郎　"},
        keiyakushaKana={"sei": "ﾐｽﾐ", "mei": "ﾀﾛｳ"},
        shainNo="１２３４５６７８９",
    )

    assert 201 == (await customer.post("/portal/toroku", wide)).status


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"riyoKiyakuDoi": False}, (422, "terms-not-accepted")),
        ({"riyoKiyakuHansu": "2025-04"}, (409, "terms-changed")),
        ({"mailAddress": "ｔａｒｏ@example.jp"}, (422, "mail-address-malformed")),
        ({"mailAddress": "taro at example"}, (422, "mail-address-malformed")),
        ({"keyword": "abc"}, (422, "keyword-malformed")),
        ({"seinengappi": "01/01/1975"}, (400, "bad-request")),
        ({"middleName": "x"}, (400, "bad-request")),
    ],
)
async def test_a_form_is_refused_for_its_reason(
    customer: Customer, changes: dict[str, object], said: tuple[int, str]
) -> None:
    assert said == (await customer.post("/portal/toroku", customer.form("taro", **changes))).said


async def test_a_field_is_named_and_what_it_held_is_not(customer: Customer) -> None:
    heard = await customer.post("/portal/toroku", customer.form("taro", seinengappi="01/01/1975"))

    assert ["seinengappi"] == heard.body["komoku"]
    assert "1975" not in heard.raw.decode()


async def test_a_corporation_is_sent_to_the_agency(customer: Customer) -> None:
    heard = await customer.post("/portal/toroku", customer.form("corporate_policyholder"))

    assert (403, "not-eligible") == heard.said
    assert "S1001" == heard.body["toriatsukaiDairiten"]["dairitenCode"]


@pytest.mark.parametrize("code", ["taro", "group_contract", "ms_agency_only"])
async def test_name_and_birth_date_alone_open_nothing(customer: Customer, code: str) -> None:
    heard = await customer.post("/portal/toroku", customer.form(code, shainNo=None))

    assert (422, "identity-mismatch") == heard.said


def test_who_has_no_group_handled_contract_may_not_register() -> None:
    opened = book.opened(datetime(2026, 11, 20, 10, 0, tzinfo=TOKYO))
    someone = opened.personas["ms_agency_only"]
    assert opened.may_register(someone)

    del opened.contracts["0200000027"]

    assert ["KOJIN"] == [contract.keiyaku_keitai for contract in opened.of(someone.code)]
    assert not opened.may_register(someone)


async def test_a_browser_that_opens_the_link_does_not_use_it_up(customer: Customer) -> None:
    code = await customer.ask_for_link("taro")

    page = await customer.get(f"/portal/SI?cd={code}")

    assert 200 == page.status
    assert "text/html; charset=utf-8" == page.headers["Content-Type"]
    assert "Set-Cookie" not in page.headers
    assert 200 == (await customer.post("/portal/SI", {"cd": code})).status


async def test_a_link_opens_once(customer: Customer, other: Customer) -> None:
    code = await customer.ask_for_link("taro")

    assert 200 == (await customer.post("/portal/SI", {"cd": code})).status
    assert (410, "link-used") == (await other.post("/portal/SI", {"cd": code})).said


@pytest.mark.parametrize(
    ("after", "said"),
    [
        (timedelta(hours=48) - timedelta(seconds=1), (200, None)),
        (timedelta(hours=48), (410, "link-expired")),
        (timedelta(hours=48, seconds=1), (410, "link-expired")),
    ],
)
async def test_a_link_lives_for_forty_eight_hours(
    customer: Customer, clock: TestClock, after: timedelta, said: tuple[int, str | None]
) -> None:
    code = await customer.ask_for_link("taro")

    clock.advance(after)

    assert said == (await customer.post("/portal/SI", {"cd": code})).said


async def test_the_link_waits_until_the_keyword_screen_is_closed(customer: Customer) -> None:
    number = (await customer.done("POST", "/portal/toroku", customer.form("taro")))["torokuNo"]
    too_soon = await customer.post(f"/portal/toroku/{number}/tojiru")
    await customer.done("POST", f"/portal/toroku/{number}/soshin")
    code = customer.letterbox.letters[-1].text.split("?cd=")[1].split()[0]

    waiting = await customer.post("/portal/SI", {"cd": code})
    closed = await customer.post(f"/portal/toroku/{number}/tojiru")
    opened = await customer.post("/portal/SI", {"cd": code})

    assert (409, "out-of-order") == too_soon.said
    assert (409, "keyword-screen-open") == waiting.said
    assert 204 == closed.status
    assert 200 == opened.status


async def test_the_fifth_wrong_keyword_ends_the_registration(customer: Customer) -> None:
    await customer.done("POST", "/portal/SI", {"cd": await customer.ask_for_link("taro")})

    wrong = [await customer.post("/portal/toroku/keyword", {"keyword": "abc123"}) for _ in range(5)]
    right = await customer.post("/portal/toroku/keyword", {"keyword": "Abc123"})

    assert [4, 3, 2, 1] == [heard.body["nokoriKaisu"] for heard in wrong[:4]]
    assert (410, "keyword-locked") == wrong[4].said
    assert (410, "keyword-locked") == right.said


@pytest.mark.parametrize(
    ("password", "said"),
    [
        ("abc123", (200, None)),  # Printed as an example, though it has no capital (MS-PWD-02).
        ("SP@CN123", (200, None)),
        ("7890123456", (422, "password-refused")),  # Printed as an example as well; one kind only.
        ("Abc12", (422, "password-refused")),
        ("Ａbc123", (422, "password-refused")),
    ],
)
async def test_the_verdict_on_a_password_is_the_insurers(
    customer: Customer, password: str, said: tuple[int, str | None]
) -> None:
    await customer.done("POST", "/portal/SI", {"cd": await customer.ask_for_link("taro")})
    await customer.done("POST", "/portal/toroku/keyword", {"keyword": "Abc123"})

    heard = await customer.post(
        "/portal/toroku/id-password",
        {"userId": "taro@example.jp", "password": password, "passwordKakunin": password, "mailKibo": True},
    )

    assert said == heard.said
    assert heard.status == 200 or "6文字以上" in heard.body["kisoku"]


async def test_screens_come_in_their_order(customer: Customer) -> None:
    await customer.done("POST", "/portal/SI", {"cd": await customer.ask_for_link("taro")})

    heard = await customer.post("/portal/toroku/kanryo", {"kantanLogin": True})

    assert (409, "out-of-order") == heard.said
    assert "KEYWORD" == heard.body["tejun"]


async def test_a_new_registration_replaces_the_old_one(taro: Customer, other: Customer) -> None:
    await other.register("taro")

    assert (401, "not-logged-in") == (await taro.get("/portal/keiyaku")).said
    easy = await taro.post("/portal/login/kantan", {"kantanLoginToken": taro.token})
    assert (401, "easy-login-revoked") == easy.said


async def test_another_persons_user_id_is_taken(taro: Customer, other: Customer) -> None:
    await other.done("POST", "/portal/SI", {"cd": await other.ask_for_link("sayuri")})
    await other.done("POST", "/portal/toroku/keyword", {"keyword": "Abc123"})

    heard = await other.post(
        "/portal/toroku/id-password",
        {"userId": "TARO@example.jp", "password": "abc123", "passwordKakunin": "abc123", "mailKibo": True},
    )

    assert (409, "user-id-taken") == heard.said


async def test_a_form_that_is_not_sent_within_the_hour_is_forgotten(customer: Customer, clock: TestClock) -> None:
    number = (await customer.done("POST", "/portal/toroku", customer.form("taro")))["torokuNo"]

    clock.advance(timedelta(minutes=60))

    assert (404, "registration-unknown") == (await customer.post(f"/portal/toroku/{number}/soshin")).said


@pytest.mark.parametrize(
    ("after", "said"),
    [
        (timedelta(hours=48) - timedelta(seconds=1), (204, None)),
        (timedelta(hours=48), (404, "registration-unknown")),
    ],
)
async def test_a_keyword_screen_can_be_closed_as_long_as_the_link_lives(
    customer: Customer, clock: TestClock, after: timedelta, said: tuple[int, str | None]
) -> None:
    number = (await customer.done("POST", "/portal/toroku", customer.form("taro")))["torokuNo"]
    await customer.done("POST", f"/portal/toroku/{number}/soshin")

    clock.advance(after)

    assert said == (await customer.post(f"/portal/toroku/{number}/tojiru")).said


async def test_a_mail_that_cannot_be_posted_is_sent_another_time(customer: Customer, letterbox: Letterbox) -> None:
    number = (await customer.done("POST", "/portal/toroku", customer.form("taro")))["torokuNo"]
    letterbox.out_of_order = True
    busy = await customer.post(f"/portal/toroku/{number}/soshin")
    letterbox.out_of_order = False
    sent = await customer.post(f"/portal/toroku/{number}/soshin")

    assert (503, None) == busy.said
    assert "Abc123" == sent.body["keyword"]


def test_what_was_typed_does_not_show_itself() -> None:
    typed = Credentials(user_id="taro@example.jp", password="Geheim-1", password_kakunin="Geheim-1", mail_kibo=True)

    assert "Credentials(…)" == repr(typed)
