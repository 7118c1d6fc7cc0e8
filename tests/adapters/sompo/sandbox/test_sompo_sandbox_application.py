"""The button of Sompo's sandbox: pressed once, signed once, whatever is heard."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import aiohttp
import pytest

from insurers.sandbox import TOKYO

if TYPE_CHECKING:
    from .conftest import Customer, Walk

CAR = "A123456789"


async def test_the_straight_road_ends_with_the_successors_number(taro: "Customer") -> None:
    walk = await taro.walk(CAR, plan="01")
    done = await taro.apply(walk, ANNAI_CD="20")

    number = done["KOUKAIGO_SYOKEN_NO"]
    assert {
        "KEKKA_CD": "00",
        "KEKKA_BUN": "正常",
        "SYORI_NITIJI": "20261121100000",
        "KOUKAIGO_SYOKEN_NO": number,
        "SYOKEN_NO": CAR,
        "SIKI_YMD": "20270105",
        "MANKI_YMD": "20280105",
        "HOKENRYO": walk.quote["HOKENRYO"],
        "UKETUKE_NITIJI": "20261121100000",
    } == done.first
    mail = taro.tray.letters[-1]
    assert "【御礼】自動車保険のお手続きありがとうございました/損保ジャパン" == mail.subject
    assert number in mail.text
    listed = await taro.renewal(CAR)
    assert ("40", number) == (listed["KOUSIN_JYOTAI"], listed["KOUKAIGO_SYOKEN_NO"])


async def test_the_successor_joins_the_account_as_it_was_bought(taro: "Customer") -> None:
    walk = await taro.walk(CAR, plan="03")
    number = (await taro.apply(walk))["KOUKAIGO_SYOKEN_NO"]

    answer = await taro.ask("/keiyaku/syokai")

    assert [CAR, number, "A123456790"] == [policy["SYOKEN_NO"] for policy in answer.of("KEIYAKU")]
    (term,) = answer.of("KEIYAKU", SYOKEN_NO=number)
    assert ("10", CAR, walk.quote["HOKENRYO"], "16", "1") == (
        term["KEIYAKU_JYOTAI"],
        term["MAE_SYOKEN_NO"],
        term["HOKENRYO"],
        term["TOUKYU"],
        term["TOUKYU_KARI"],
    )
    assert "10" == (await taro.renewal(number))["KOUSIN_JYOTAI"]
    chosen = {cover["HOSYOU_CD"]: cover["SENTAKU_CD"] for cover in answer.of("HOSYOU", SYOKEN_NO=number)}
    assert ("13", "02") == (chosen["21"], chosen["52"])


async def test_how_to_be_told_the_next_time_is_kept_for_the_next_time(taro: "Customer") -> None:
    """SJ-REN-10."""
    number = (await taro.apply(await taro.walk(CAR), ANNAI_CD="30"))["KOUKAIGO_SYOKEN_NO"]
    taro.clock.set(datetime(2027, 12, 1, 10, tzinfo=TOKYO))
    await taro.sign_in("taro@example.jp", "Himawari2026")

    (asked,) = (await taro.ask("/koukai/tejyun", SYOKEN_NO=number)).of("KOUMOKU", KOUMOKU_CD="ANNAI_CD")

    assert ("次回満期時のご案内方法を選択します。", "30") == (asked["BUN"], asked["GENZAI_ATAI"])


async def test_a_second_press_is_told_that_it_is_done_and_no_number(taro: "Customer") -> None:
    first, second = await taro.walk(CAR), await taro.walk(CAR, until="juyou")
    await taro.open_paper(second)
    await taro.step(second, "juyou")
    done = await taro.apply(first)

    heard = [await taro.apply(first), await taro.apply(second)]

    assert "00" == done.code
    assert {"62"} == {answer.code for answer in heard}
    assert all({"KEKKA_CD", "KEKKA_BUN", "SYORI_NITIJI"} == set(answer.first) for answer in heard)
    assert "3" == (await taro.ask("/keiyaku/syokai"))["KENSUU"]


async def test_silence_has_signed_and_an_inquiry_finds_it(taro: "Customer") -> None:
    walk = await taro.walk(CAR)
    await taro.control("POST", "/_control/faults", path="/koukai/moshikomi", fault="silence", times=1)

    with pytest.raises(aiohttp.ClientError):
        await taro.apply(walk)

    found = await taro.renewal(CAR)
    (policy,) = (await taro.ask("/keiyaku/syokai", {"REC": "KEIYAKU", "SYOKEN_NO": CAR})).of("KEIYAKU")
    assert "40" == found["KOUSIN_JYOTAI"]
    assert found["KOUKAIGO_SYOKEN_NO"] == policy["KOUKAIGO_SYOKEN_NO"] != ""
    assert "62" == (await taro.apply(walk)).code


async def test_busy_has_done_nothing(taro: "Customer") -> None:
    walk = await taro.walk(CAR)
    await taro.control("POST", "/_control/faults", path="/koukai/moshikomi", fault="busy")

    with pytest.raises(AssertionError, match="503"):
        await taro.apply(walk)

    assert "20" == (await taro.renewal(CAR))["KOUSIN_JYOTAI"]
    assert "00" == (await taro.apply(walk)).code


async def test_a_premium_that_moved_since_it_was_confirmed_is_not_signed(taro: "Customer") -> None:
    walk = await taro.walk(CAR)
    await taro.control("POST", "/_control/tariff", yen_per_point=41)

    assert "51" == (await taro.apply(walk)).code
    assert "20" == (await taro.renewal(CAR))["KOUSIN_JYOTAI"]
    assert "00" == (await taro.apply(await taro.walk(CAR))).code


async def test_a_document_revised_since_it_was_confirmed_is_not_signed(taro: "Customer") -> None:
    walk = await taro.walk(CAR)
    await taro.control("POST", "/_control/important-matters")
    refused = await taro.apply(walk)

    assert ("53", "JY-202610-01") == (refused.code, refused["SYORUI_NO"])
    assert "20" == (await taro.renewal(CAR))["KOUSIN_JYOTAI"]
    assert "00" == (await taro.apply(await taro.walk(CAR))).code


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"HOKENRYO": "1"}, "51"),
        ({"SISAN_NO": "0" * 32}, "52"),
        ({"SHA256": "0" * 64}, "53"),
        ({"SYORUI_NO": "JY-202610-07"}, "53"),
        ({"ANNAI_CD": "99"}, "10"),
        ({"HOKENRYO": "４６３２０"}, "10"),
        ({"TETUZUKI_NO": "0" * 32}, "71"),
    ],
)
async def test_what_is_signed_is_what_was_confirmed(taro: "Customer", fields: dict[str, str], code: str) -> None:
    walk = await taro.walk(CAR)

    assert code == (await taro.apply(walk, **fields)).code
    assert "20" == (await taro.renewal(CAR))["KOUSIN_JYOTAI"]
    assert "00" == (await taro.apply(walk)).code


async def test_another_quote_than_the_one_that_was_chosen_is_refused(taro: "Customer") -> None:
    walk = await taro.walk(CAR)
    (other,) = (await taro.quotes(CAR, "03")).of("PLAN")

    refused = await taro.apply(walk, SISAN_NO=other["SISAN_NO"], HOKENRYO=other["HOKENRYO"])

    assert "52" == refused.code


@pytest.mark.parametrize(
    ("moment", "code"),
    [
        (datetime(2027, 1, 5, 15, 59, 59, tzinfo=TOKYO), "00"),
        (datetime(2027, 1, 5, 16, 0, tzinfo=TOKYO), "61"),
    ],
)
async def test_the_last_moment_is_one_second_before_four(taro: "Customer", moment: datetime, code: str) -> None:
    taro.clock.set(datetime(2027, 1, 5, 15, 50, tzinfo=TOKYO))
    await taro.sign_in("taro@example.jp", "Himawari2026")
    walk = await taro.walk(CAR)

    taro.clock.set(moment)

    assert code == (await taro.apply(walk)).code


async def test_an_unlisted_code_has_signed_all_the_same(customer: "Customer") -> None:
    await customer.sign_in("unlisted@example.jp")
    walk = await customer.walk("C140000001")

    answer = await customer.apply(walk)

    assert "01" == answer.code
    assert "KOUKAIGO_SYOKEN_NO" not in answer.first
    assert "40" == (await customer.renewal("C140000001"))["KOUSIN_JYOTAI"]


@pytest.mark.parametrize(
    ("mail", "number", "code"),
    [("premium@example.jp", "C120000001", "51"), ("document@example.jp", "C130000001", "53")],
)
async def test_a_persona_moves_at_the_last_moment_and_only_once(
    customer: "Customer", mail: str, number: str, code: str
) -> None:
    await customer.sign_in(mail)

    first = await customer.apply(await customer.walk(number))
    second = await customer.apply(await customer.walk(number))

    assert (code, "00") == (first.code, second.code)


async def test_a_contract_with_the_rider_can_be_renewed_by_hand_before(customer: "Customer") -> None:
    await customer.sign_in("rider@example.jp")
    await customer.apply(await customer.walk("C800000001", plan="01"))
    customer.clock.set(datetime(2026, 12, 1, 17, tzinfo=TOKYO))
    await customer.sign_in("rider@example.jp")

    assert "40" == (await customer.renewal("C800000001"))["KOUSIN_JYOTAI"]


async def test_a_contract_that_the_rider_renewed_meanwhile_is_answered_64(customer: "Customer") -> None:
    customer.clock.set(datetime(2026, 12, 1, 15, 50, tzinfo=TOKYO))
    await customer.sign_in("rider@example.jp")
    walk = await customer.walk("C800000001")
    customer.clock.set(datetime(2026, 12, 1, 16, 0, tzinfo=TOKYO))

    refused = await customer.apply(walk)

    assert "64" == refused.code
    assert {"KEKKA_CD", "KEKKA_BUN", "SYORI_NITIJI"} == set(refused.first)


async def silent(customer: "Customer", walk: "Walk") -> None:
    with pytest.raises(aiohttp.ClientError):
        await customer.apply(walk)


async def named_by(customer: "Customer", number: str) -> tuple[str, str]:
    """The successor by the renewal list, and by the contract itself."""
    (policy,) = (await customer.ask("/keiyaku/syokai", {"REC": "KEIYAKU", "SYOKEN_NO": number})).of("KEIYAKU")
    return (await customer.renewal(number))["KOUKAIGO_SYOKEN_NO"], policy["KOUKAIGO_SYOKEN_NO"]


async def test_what_was_signed_in_silence_shows_on_the_contract_and_after_a_minute_in_the_list(
    customer: "Customer",
) -> None:
    await customer.sign_in("silent-accepted@example.jp")
    await silent(customer, await customer.walk("C310000001"))
    early = await named_by(customer, "C310000001")
    customer.clock.advance(timedelta(seconds=60))

    assert ("", "S700000001") == early
    assert ("S700000001", "S700000001") == await named_by(customer, "C310000001")


async def test_what_was_not_signed_in_silence_can_be_applied_for(customer: "Customer") -> None:
    await customer.sign_in("silent-lost@example.jp")
    walk = await customer.walk("C320000001")
    await silent(customer, walk)

    assert ("", "") == await named_by(customer, "C320000001")
    assert "00" == (await customer.apply(walk)).code


async def test_what_lies_on_a_desk_shows_nowhere_and_is_the_only_one(customer: "Customer") -> None:
    await customer.sign_in("desk@example.jp")
    walk = await customer.walk("C330000001")
    await silent(customer, walk)
    early = await named_by(customer, "C330000001")
    again = await customer.apply(walk)
    anew = await customer.ask("/koukai/sisan", SYOKEN_NO="C330000001")
    customer.clock.advance(timedelta(seconds=45))

    assert (("", ""), "62", "62") == (early, again.code, anew.code)
    assert ("S700000001", "S700000001") == await named_by(customer, "C330000001")
    assert "S700000001" in customer.tray.letters[-1].text


@pytest.mark.parametrize(("minute", "code"), [(59, "00"), (61, "61")])
async def test_maturity_today_is_open_until_four(customer: "Customer", minute: int, code: str) -> None:
    """Personas any_maturity_today_1559 and _1601."""
    mail, number = {"00": ("before-four@example.jp", "C350000001"), "61": ("after-four@example.jp", "C360000001")}[code]
    customer.clock.set(datetime(2026, 11, 21, 15, 0, tzinfo=TOKYO) + timedelta(minutes=minute))
    await customer.sign_in(mail)

    assert code == (await customer.quotes(number)).code


async def test_a_mail_of_thanks_that_cannot_go_out_changes_nothing(taro: "Customer") -> None:
    """SJ-REN-11. It may come late or never."""
    walk = await taro.walk(CAR)
    taro.tray.is_shut = True

    assert "00" == (await taro.apply(walk)).code
    assert "40" == (await taro.renewal(CAR))["KOUSIN_JYOTAI"]
