"""The forgotten password at Sompo's sandbox (SJ-LOG-10)."""

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from .conftest import Customer

MEMBERS_PASSWORD = "Mihon2026"
FORGOTTEN = {"MAIL": "forgot@example.jp", "SEINEN_YMD": "S49.04.24"}
FORGOTTEN_DEVICE = "24" * 32
NEW = {"PASSWORD": "Atarasii2026", "SINRAI_TANMATU": "0"}


async def test_a_forgotten_password_is_set_anew_by_mail(customer: "Customer") -> None:
    before = (await customer.ask("/login/tanmatu", TANMATU_KAGI=FORGOTTEN_DEVICE))["KAIIN_TOKEN"]
    for _ in range(5):
        await customer.ask("/login/ninsyo", MAIL=FORGOTTEN["MAIL"], PASSWORD="Wrong2026")

    asked = await customer.ask("/login/saisettei_uketuke", **FORGOTTEN)
    async with customer.http.get(customer.tray.link) as page:
        assert "shift_jis" == (page.charset or "").lower()
    done = await customer.ask("/login/saisettei", KAGI=customer.tray.key, **NEW)

    assert ("00", "20261122100000") == (asked.code, asked["KIGEN"])
    customer.token = done["KAIIN_TOKEN"]
    assert ["C240000001"] == [policy["SYOKEN_NO"] for policy in (await customer.ask("/keiyaku/syokai")).of("KEIYAKU")]
    customer.token = before
    assert "46" == (await customer.ask("/keiyaku/syokai")).code
    assert "45" == (await customer.ask("/login/tanmatu", TANMATU_KAGI=FORGOTTEN_DEVICE)).code
    assert "40" == (await customer.ask("/login/ninsyo", MAIL=FORGOTTEN["MAIL"], PASSWORD=MEMBERS_PASSWORD)).code
    assert "41" == (await customer.ask("/login/ninsyo", MAIL=FORGOTTEN["MAIL"], PASSWORD=NEW["PASSWORD"])).code
    assert [
        "パスワード再設定のご案内（損保ジャパン）",
        "パスワード再設定完了のお知らせ（損保ジャパン）",
        "ワンタイムパスワードのお知らせ（損保ジャパン）",
    ] == [letter.subject for letter in customer.tray.letters]


@pytest.mark.parametrize("wrong", [{"MAIL": "nobody@example.jp"}, {"SEINEN_YMD": "S49.04.25"}])
async def test_who_is_nobody_is_answered_like_a_member_and_gets_no_mail(
    customer: "Customer", wrong: dict[str, str]
) -> None:
    told = await customer.ask("/login/saisettei_uketuke", **{**FORGOTTEN, **wrong})
    none = list(customer.tray.letters)
    member = await customer.ask("/login/saisettei_uketuke", **FORGOTTEN)

    assert told.first == member.first
    assert (0, 1) == (len(none), len(customer.tray.letters))


@pytest.mark.parametrize(("waited", "code"), [(timedelta(hours=24, seconds=-1), "00"), (timedelta(hours=24), "32")])
async def test_the_link_for_a_new_password_dies_a_day_after_sending(
    customer: "Customer", waited: timedelta, code: str
) -> None:
    await customer.ask("/login/saisettei_uketuke", **FORGOTTEN)
    customer.clock.advance(waited)

    assert code == (await customer.ask("/login/saisettei", KAGI=customer.tray.key, **NEW)).code


async def test_the_link_for_a_new_password_works_once_and_only_if_it_is_the_newest(customer: "Customer") -> None:
    await customer.ask("/login/saisettei_uketuke", **FORGOTTEN)
    older = customer.tray.key
    await customer.ask("/login/saisettei_uketuke", **FORGOTTEN)
    newer = customer.tray.key
    refused = await customer.ask("/login/saisettei", KAGI=newer, **{**NEW, "PASSWORD": "short1"})

    heard = [(await customer.ask("/login/saisettei", KAGI=key, **NEW)).code for key in (older, newer, newer, "0" * 32)]

    assert ("10", "PASSWORD") == (refused.code, refused["KOUMOKU"])
    assert ["32", "00", "35", "31"] == heard
