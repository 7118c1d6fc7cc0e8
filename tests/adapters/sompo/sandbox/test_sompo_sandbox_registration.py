"""Registration at Sompo's sandbox: the straight road, and every way off it."""

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from .conftest import Customer

MISMATCHED = {
    "MAIL": "mismatch@example.jp",
    "SEI": "相違",
    "MEI": "有子",
    "SEINEN_YMD": "H02.04.01",
    "JYUSYO": "東京都新宿区見本町4-4-4",
    "TEL_NO": "03-0000-4444",
}
SUCCESSOR = {
    "SEI": "更新",
    "MEI": "済子",
    "SEINEN_YMD": "S46.11.11",
    "JYUSYO": "東京都新宿区見本町7-7-7",
    "TEL_NO": "03-0000-7777",
}
GROUP = {
    "SEI": "団体",
    "MEI": "加入",
    "SEINEN_YMD": "S54.09.09",
    "JYUSYO": "東京都新宿区見本町9-9-9",
    "TEL_NO": "03-0000-9999",
}
FINAL = {"PASSWORD": "Himawari2026", "SINRAI_TANMATU": "0"}


async def test_the_straight_road_ends_signed_in(customer: "Customer") -> None:
    provisional = await customer.provisional("A123456789", "A123456790")
    done = await customer.ask("/touroku/hontouroku", KAGI=customer.tray.key, **FINAL)

    assert "20261122100000" == provisional["KIGEN"]
    assert ("00", "2", "") == (done.code, done["KENSUU"], done["TANMATU_KAGI"])
    assert [
        "マイページ会員登録のご確認（損保ジャパン）",
        "マイページ会員登録完了のご連絡（損保ジャパン）",
    ] == [letter.subject for letter in customer.tray.letters]
    assert "三住 太郎様へ" in customer.tray.letters[0].text
    assert {"taro@example.jp"} == {letter.to for letter in customer.tray.letters}
    customer.token = done["KAIIN_TOKEN"]
    assert "2" == (await customer.ask("/keiyaku/syokai"))["KENSUU"]


async def test_the_input_is_shown_for_confirmation_without_the_password(customer: "Customer") -> None:
    agreed = await customer.ask("/touroku/doui", KIYAKU_BAN="2026-04", DOUI="1")
    fields = {**SUCCESSOR, "MAIL": "a@example.jp", "PASSWORD": "Geheim2026", "YUBIN_NO": "1600099", "MANKI_MAIL": "0"}
    shown = await customer.ask(
        "/touroku/nyuryoku",
        {"REC": "KEIYAKU", "SYOKEN_NO": "ｃ７０００－０００１".replace("－", "−")},
        {"REC": "KEIYAKU", "SYOKEN_NO": "c700000001"},
        UKETUKE_NO=agreed["UKETUKE_NO"],
        **fields,
    )

    assert "10" == shown.code
    assert "SYOKEN_NO" == shown["KOUMOKU"]
    shown = await customer.ask(
        "/touroku/nyuryoku",
        {"REC": "KEIYAKU", "SYOKEN_NO": "ｃ７０００−００００１"},
        UKETUKE_NO=agreed["UKETUKE_NO"],
        **fields,
    )
    assert [{"REC": "KEIYAKU", "SYOKEN_NO": "C700000001"}] == shown.records
    assert ("更新", "S46.11.11", "0") == (shown["SEI"], shown["SEINEN_YMD"], shown["MANKI_MAIL"])
    assert "Geheim2026" not in str(shown)


@pytest.mark.parametrize("number", ["C200000001", "C200000002", "C200000003", "C200000004", "Z999999999"])
async def test_a_mismatch_never_says_in_what(customer: "Customer", number: str) -> None:
    """Name, address, birth date, phone, and a number that nobody has: one answer for all."""
    answer = await customer.provisional(number, **MISMATCHED)

    assert ("22", "ご入力内容とご契約情報が一致しません") == (answer.code, answer["KEKKA_BUN"])
    assert ["KEKKA_CD", "KEKKA_BUN", "SYORI_NITIJI"] == list(answer.first)
    assert [] == customer.tray.letters


@pytest.mark.parametrize(
    "address",
    [
        "東京都千代田区神田見本町３−９",
        "東京都千代田区神田見本町三丁目９番",
        "東京都千代田区 神田見本町3丁目9番地",
        "東京都千代田区神田見本町3-9 見本ビル201",
        "東京都千代田区神田見本町3-9 201号室",
        "千代田区大字神田見本町三丁目九番",
        "東京都千代田区神田見本町３ー９",
    ],
)
async def test_an_address_is_the_same_however_it_is_written(customer: "Customer", address: str) -> None:
    assert "00" == (await customer.provisional("A123456789", JYUSYO=address)).code


@pytest.mark.parametrize("address", ["東京都千代田区神田見本町3-90", "東京都千代田区神田見本町3-9-1", "東京都"])
async def test_another_house_is_a_mismatch(customer: "Customer", address: str) -> None:
    assert "22" == (await customer.provisional("A123456789", JYUSYO=address)).code


async def test_one_policy_that_does_not_match_keeps_all_out(customer: "Customer") -> None:
    assert "22" == (await customer.provisional("A123456789", "B987654321")).code


async def test_the_fifth_mismatch_sends_to_the_agency(customer: "Customer") -> None:
    agreed = await customer.ask("/touroku/doui", KIYAKU_BAN="2026-04", DOUI="1")
    reception = {"UKETUKE_NO": agreed["UKETUKE_NO"]}
    fields = {**MISMATCHED, "PASSWORD": "Geheim2026", "YUBIN_NO": "1600099", "MANKI_MAIL": "0"}
    entered = await customer.ask(
        "/touroku/nyuryoku", {"REC": "KEIYAKU", "SYOKEN_NO": "A123456789"}, **reception, **fields
    )

    heard = [(await customer.ask("/touroku/kakutei", **reception)).code for _ in range(6)]

    assert "00" == entered.code
    assert ["22", "22", "22", "22", "26", "13"] == heard


async def test_a_successors_number_is_refused_and_said_so(customer: "Customer") -> None:
    successor = await customer.provisional("S600000007", **SUCCESSOR)
    somebody_else = await customer.provisional("S600000007")
    current = await customer.provisional("C700000001", **SUCCESSOR)

    assert ("23", "更新後の証券番号は登録できません") == (successor.code, successor["KEKKA_BUN"])
    assert "22" == somebody_else.code
    assert "00" == current.code


async def test_a_group_product_is_refused_to_its_holder_with_the_agency(customer: "Customer") -> None:
    """Somebody else does not even learn that there is such a contract."""
    refused = await customer.provisional("D900000001", **GROUP)
    somebody_else = await customer.provisional("D900000001")

    assert ("24", "S1001", "03-0000-1001") == (refused.code, refused["DAIRITEN_CD"], refused["DAIRITEN_TEL"])
    assert ("22", ["KEKKA_CD", "KEKKA_BUN", "SYORI_NITIJI"]) == (somebody_else.code, list(somebody_else.first))


@pytest.mark.parametrize(
    ("edition", "agreed"),
    [("2026-04", "0"), ("2025-04", "1")],
)
async def test_nobody_registers_without_the_rules(customer: "Customer", edition: str, agreed: str) -> None:
    assert "14" == (await customer.ask("/touroku/doui", KIYAKU_BAN=edition, DOUI=agreed)).code


async def test_all_malformed_fields_are_named_at_once(customer: "Customer") -> None:
    answer = await customer.provisional(
        "A1",
        MAIL="ｔａｒｏ＠ｅｘａｍｐｌｅ．ｊｐ",
        PASSWORD="short1",
        SEI="",
        SEINEN_YMD="1975-01-01",
        YUBIN_NO="101-0099",
        MANKI_MAIL="",
    )

    assert "10" == answer.code
    assert "MAIL,PASSWORD,SEI,SEINEN_YMD,YUBIN_NO,MANKI_MAIL,SYOKEN_NO" == answer["KOUMOKU"]


@pytest.mark.parametrize("password", ["abcdefgh", "12345678", "Abc1234", "Abc123!x", "A1" * 17])
async def test_a_password_is_letters_and_digits(customer: "Customer", password: str) -> None:
    assert "PASSWORD" == (await customer.provisional("A123456789", PASSWORD=password))["KOUMOKU"]


@pytest.mark.parametrize(("waited", "code"), [(timedelta(hours=24, seconds=-1), "00"), (timedelta(hours=24), "32")])
async def test_the_link_dies_a_day_after_sending(customer: "Customer", waited: timedelta, code: str) -> None:
    await customer.provisional("A123456789")

    await customer.control("PUT", "/_control/clock", advance_seconds=waited.total_seconds())

    assert code == (await customer.ask("/touroku/hontouroku", KAGI=customer.tray.key, **FINAL)).code


async def test_opening_the_link_in_a_browser_consumes_nothing(customer: "Customer") -> None:
    await customer.provisional("A123456789")

    for _ in range(2):
        async with customer.http.get(customer.tray.link) as page:
            assert "shift_jis" == (page.charset or "").lower()
            assert "下のURLを、お手続き中のアプリケーションに貼り付けて" in await page.text()

    assert "00" == (await customer.ask("/touroku/hontouroku", KAGI=customer.tray.key, **FINAL)).code


async def test_the_link_works_once(customer: "Customer") -> None:
    await customer.provisional("A123456789")
    key = customer.tray.key
    await customer.ask("/touroku/hontouroku", KAGI=key, **FINAL)

    assert "35" == (await customer.ask("/touroku/hontouroku", KAGI=key, **FINAL)).code


async def test_a_link_that_was_never_sent_is_nothing(customer: "Customer") -> None:
    assert "31" == (await customer.ask("/touroku/hontouroku", KAGI="0" * 32, **FINAL)).code


async def test_a_newer_mail_kills_the_older_link(customer: "Customer") -> None:
    await customer.provisional("A123456789")
    older = customer.tray.key
    await customer.provisional("A123456789")

    assert "32" == (await customer.ask("/touroku/hontouroku", KAGI=older, **FINAL)).code
    assert "00" == (await customer.ask("/touroku/hontouroku", KAGI=customer.tray.key, **FINAL)).code


async def test_the_password_is_compared_with_its_case_and_five_times(customer: "Customer") -> None:
    await customer.provisional("A123456789")
    wrong = {"KAGI": customer.tray.key, "PASSWORD": "himawari2026", "SINRAI_TANMATU": "0"}

    heard = [await customer.ask("/touroku/hontouroku", **wrong) for _ in range(6)]

    assert ["33", "33", "33", "33", "34", "34"] == [answer.code for answer in heard]
    assert ["4", "3", "2", "1"] == [answer["NOKORI"] for answer in heard[:4]]
    assert "34" == (await customer.ask("/touroku/hontouroku", KAGI=customer.tray.key, **FINAL)).code


async def test_an_address_that_is_a_members_already_is_refused(customer: "Customer") -> None:
    await customer.register("A123456789")

    assert "20" == (await customer.provisional("A123456789", MAIL="TARO@example.jp")).code


async def test_a_reception_lives_an_hour(customer: "Customer") -> None:
    agreed = await customer.ask("/touroku/doui", KIYAKU_BAN="2026-04", DOUI="1")

    customer.clock.advance(timedelta(minutes=60))

    assert "13" == (await customer.ask("/touroku/kakutei", UKETUKE_NO=agreed["UKETUKE_NO"])).code


async def test_silence_at_the_last_step_has_registered(customer: "Customer") -> None:
    await customer.provisional("A123456789")
    await customer.control("POST", "/_control/faults", path="/touroku/hontouroku", fault="gibberish")

    kind, body = await customer.post(
        "/touroku/hontouroku", f"KAGI={customer.tray.key}&PASSWORD=Himawari2026&SINRAI_TANMATU=0".encode()
    )

    assert "Shift_JIS" not in kind
    assert b"KEKKA_CD" not in body
    assert "41" == (await customer.ask("/login/ninsyo", MAIL="taro@example.jp", PASSWORD="Himawari2026")).code


NUMBERLESS = {
    "MAIL": "nonumber@example.jp",
    "SEI": "無番",
    "MEI": "号",
    "SEINEN_YMD": "S61.06.26",
    "JYUSYO": "東京都新宿区見本町26-1",
    "TEL_NO": "03-0000-2601",
}


@pytest.mark.parametrize(
    ("wished", "numbers", "comes"), [("1", ["A123456789"], "1"), ("1", [], "0"), ("0", ["A123456789"], "0")]
)
async def test_maturity_mails_come_if_wished_and_a_number_was_entered(
    customer: "Customer", wished: str, numbers: list[str], comes: str
) -> None:
    agreed = await customer.ask("/touroku/doui", KIYAKU_BAN="2026-04", DOUI="1")
    reception = agreed["UKETUKE_NO"]
    too_early = await customer.ask("/touroku/haisin", UKETUKE_NO=reception)
    lines = [{"REC": "KEIYAKU", "SYOKEN_NO": number} for number in numbers]
    fields = {**NUMBERLESS, "PASSWORD": "Himawari2026", "YUBIN_NO": "1600099", "MANKI_MAIL": wished}
    shown = await customer.ask("/touroku/nyuryoku", *lines, UKETUKE_NO=reception, **fields)
    told = await customer.ask("/touroku/haisin", UKETUKE_NO=reception)

    assert "13" == too_early.code
    assert (wished, comes) == (told["MANKI_MAIL"], told["MANKI_MAIL_HAISIN"])
    assert 0 < len(told["HAISIN_BUN"]) <= 200
    assert ("証券番号を入力されていない" in shown["TYUUI_BUN"]) is (wished == "1" and not numbers)


async def test_without_a_number_nobody_learns_whose_address_it_is(customer: "Customer") -> None:
    stranger = await customer.provisional(**NUMBERLESS)
    member = await customer.provisional(**{**NUMBERLESS, "MAIL": "otp@example.jp"})

    assert ("00", stranger["KIGEN"], stranger["ANNAI_BUN"]) == (member.code, member["KIGEN"], member["ANNAI_BUN"])
    assert "otp@example.jp" == customer.tray.letters[-1].to
    assert "http" not in customer.tray.letters[-1].text


async def test_provisional_registration_opens_nothing(customer: "Customer") -> None:
    told = await customer.provisional("A123456789")

    assert "本登録は完了していませんのでご注意ください。" == told["ANNAI_BUN"]
    assert "40" == (await customer.ask("/login/ninsyo", MAIL="taro@example.jp", PASSWORD="Himawari2026")).code


async def test_who_forgot_the_password_registers_anew(customer: "Customer") -> None:
    await customer.provisional("A123456789")
    for _ in range(5):
        told = await customer.ask("/touroku/hontouroku", KAGI=customer.tray.key, PASSWORD="X1", SINRAI_TANMATU="0")
    await customer.provisional("A123456789", PASSWORD="Betsuno2026")
    done = await customer.ask("/touroku/hontouroku", KAGI=customer.tray.key, PASSWORD="Betsuno2026", SINRAI_TANMATU="0")

    assert ("34", "00") == (told.code, done.code)


async def test_there_is_a_way_back_until_the_confirmation_and_none_behind_it(customer: "Customer") -> None:
    agreed = await customer.ask("/touroku/doui", KIYAKU_BAN="2026-04", DOUI="1")
    reception = agreed["UKETUKE_NO"]
    fields = {**NUMBERLESS, "PASSWORD": "Himawari2026", "YUBIN_NO": "1600099", "MANKI_MAIL": "1"}

    async def enter() -> str:
        return (await customer.ask("/touroku/nyuryoku", UKETUKE_NO=reception, **fields)).code

    before = [await enter(), await enter()]
    await customer.ask("/touroku/kakutei", UKETUKE_NO=reception)

    assert ["00", "00", "13"] == [*before, await enter()]


async def test_who_has_registered_may_renew_at_once(customer: "Customer") -> None:
    """The car and its inception tell which contract it is (SJ-REN-20)."""
    await customer.register("A123456789", "A123456790")

    listed = (await customer.ask("/koukai/itiran")).of("KOUSIN")
    walk = await customer.begin("A123456789")

    assert 2 == len({(one["SYAMEI"], one["SIKI_YMD"]) for one in listed})
    assert 32 == len(walk.procedure)


@pytest.mark.parametrize("hour", range(0, 24, 3))
async def test_registration_is_open_at_any_hour(customer: "Customer", hour: int) -> None:
    customer.clock.advance(timedelta(hours=hour))

    assert "00" == (await customer.register("A123456789")).code
