"""Forgotten user ID or password: MS-RST-01…05, MS-LOG-05."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from insurers.sandbox import TestClock

if TYPE_CHECKING:
    from tests.adapters.mitsui_sumitomo.sandbox.conftest import Customer, Letterbox

MAIL, BORN = "wasureda@example.jp", "1974-09-29"
DAY = timedelta(hours=24)
SECOND = timedelta(seconds=1)


async def test_a_reset_replaces_everything_that_opened_the_account(customer: Customer, other: Customer) -> None:
    await other.log_in(MAIL, "Sandbox-1")
    keyword, code = await customer.forget(MAIL, BORN)
    opened = await customer.done("POST", "/portal/SS", {"cd": code})
    await customer.done("POST", "/portal/toroku/keyword", {"keyword": keyword})
    untouched = await other.get("/portal/keiyaku")
    completed = await customer.choose("omoide@example.jp", "Anew-2026", wants_mail=True)

    assert {"tejun": "KEYWORD", "nokoriKaisu": 5} == opened
    assert 200 == untouched.status
    assert "omoide@example.jp" == completed["userId"]
    assert "反映されるまで" in completed["oshirase"]
    assert 200 == (await customer.get("/portal/keiyaku")).status
    assert (401, "not-logged-in") == (await other.get("/portal/keiyaku")).said
    easy = await other.post("/portal/login/kantan", {"kantanLoginToken": other.token})
    assert (401, "easy-login-revoked") == easy.said
    assert (401, "login-failed") == (await other.log_in(MAIL, "Sandbox-1")).said
    assert 200 == (await other.log_in("omoide@example.jp", "Anew-2026")).status
    assert 200 == (await other.log_in("080-0000-0209", "Anew-2026")).status


async def test_the_keyword_is_on_the_screen_only(customer: Customer, letterbox: Letterbox) -> None:
    keyword, code = await customer.forget(MAIL, BORN)
    letter = letterbox.letters[-1]

    assert "【三井住友海上】ユーザーID・パスワード再登録に関するご案内" == letter.subject
    assert f"\n{customer.address.url}/portal/SS?cd={code}\n" in letter.text
    assert keyword not in letter.text
    assert "キーワードをご案内していません" in letter.text


@pytest.mark.parametrize(
    ("mailbox", "born"),
    [(MAIL, BORN), (MAIL, "1974-09-30"), ("nobody@example.jp", BORN), ("taro@example.jp", "1975-01-01")],
)
async def test_who_is_not_registered_is_answered_like_who_is(
    customer: Customer, letterbox: Letterbox, mailbox: str, born: str
) -> None:
    heard = await customer.post("/portal/saitoroku", {"mailAddress": mailbox, "seinengappi": born})

    assert 201 == heard.status
    assert {"keyword", "keywordShutten", "soshinsaki", "soshinNichiji", "yukoKigen"} == set(heard.body)
    assert 10 == len(heard.body["keyword"])
    assert ("TOSHA", "2026-11-21 10:00:00") == (heard.body["keywordShutten"], heard.body["yukoKigen"])
    assert f"{mailbox[0]}***@example.jp" == heard.body["soshinsaki"]
    assert [MAIL] * (mailbox == MAIL and born == BORN) == [letter.to for letter in letterbox.letters]


@pytest.mark.parametrize(
    ("after", "said"),
    [(DAY - SECOND, (200, None)), (DAY, (410, "keyword-expired")), (DAY + SECOND, (410, "keyword-expired"))],
)
async def test_the_keyword_of_a_reset_lives_for_a_day_to_the_second(
    customer: Customer, clock: TestClock, after: timedelta, said: tuple[int, str | None]
) -> None:
    keyword, code = await customer.forget("tokita@example.jp", "1975-10-30")
    clock.advance(after - timedelta(minutes=5))
    await customer.done("POST", "/portal/SS", {"cd": code})
    clock.advance(timedelta(minutes=5))

    assert said == (await customer.post("/portal/toroku/keyword", {"keyword": keyword})).said


@pytest.mark.parametrize(("after", "said"), [(DAY - SECOND, (200, None)), (DAY, (410, "keyword-expired"))])
async def test_the_link_of_a_reset_opens_as_long_as_its_keyword_lives(
    customer: Customer, clock: TestClock, after: timedelta, said: tuple[int, str | None]
) -> None:
    _, code = await customer.forget(MAIL, BORN)
    clock.advance(after)

    assert said == (await customer.post("/portal/SS", {"cd": code})).said


async def test_the_link_of_a_reset_opens_once_and_a_browser_does_not_use_it_up(
    customer: Customer, other: Customer
) -> None:
    _, code = await customer.forget(MAIL, BORN)
    page = await customer.get(f"/portal/SS?cd={code}")
    elsewhere = await customer.post("/portal/SI", {"cd": code})
    first = await customer.post("/portal/SS", {"cd": code})

    assert (200, (404, "link-unknown"), 200) == (page.status, elsewhere.said, first.status)
    assert (410, "link-used") == (await other.post("/portal/SS", {"cd": code})).said


async def test_the_fifth_wrong_keyword_ends_the_reset_and_changes_nothing(customer: Customer, other: Customer) -> None:
    keyword, code = await customer.forget(MAIL, BORN)
    await customer.done("POST", "/portal/SS", {"cd": code})

    wrong = [await customer.post("/portal/toroku/keyword", {"keyword": "wrong"}) for _ in range(5)]
    right = await customer.post("/portal/toroku/keyword", {"keyword": keyword})

    assert (410, "keyword-locked") == wrong[4].said == right.said
    assert 200 == (await other.log_in(MAIL, "Sandbox-1")).status


async def test_to_a_dead_mailbox_nothing_comes_and_a_new_registration_replaces_the_old(
    customer: Customer, other: Customer, letterbox: Letterbox
) -> None:
    asked = {"mailAddress": "futatsu@example.jp", "seinengappi": "1976-11-01"}
    heard = await customer.post("/portal/saitoroku", asked)

    assert 201 == heard.status
    assert [] == letterbox.letters

    await customer.register("ms_email_dead")

    assert 200 == (await customer.get("/portal/keiyaku")).status
    assert (401, "login-failed") == (await other.log_in("futatsu@example.jp", "Sandbox-1")).said


async def test_an_address_that_is_none_is_the_only_thing_told(customer: Customer) -> None:
    heard = await customer.post("/portal/saitoroku", {"mailAddress": "nobody", "seinengappi": BORN})

    assert (422, "mail-address-malformed") == heard.said
