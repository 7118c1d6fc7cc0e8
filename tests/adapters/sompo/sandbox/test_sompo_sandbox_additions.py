"""Contracts that join an account after registration at Sompo's sandbox (SJ-REG-12)."""

from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .conftest import Customer

SIX = {
    "MAIL": "six@example.jp",
    "SEI": "六台",
    "MEI": "持男",
    "SEINEN_YMD": "S37.06.06",
    "JYUSYO": "東京都新宿区見本町6-6-6",
    "TEL_NO": "0300006666",
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
NUMBERLESS = {
    "MAIL": "nonumber@example.jp",
    "SEI": "無番",
    "MEI": "号",
    "SEINEN_YMD": "S61.06.26",
    "JYUSYO": "東京都新宿区見本町26-1",
    "TEL_NO": "03-0000-2601",
}
CAR_OF_NUMBERLESS = {"REC": "KEIYAKU", "SYOKEN_NO": "C260000001"}


async def test_who_enters_no_number_is_a_member_without_contracts(customer: "Customer") -> None:
    done = await customer.register(**NUMBERLESS)
    seen = await customer.ask("/keiyaku/syokai")
    mails = await customer.ask("/kaiin/haisin")

    added = await customer.ask("/kaiin/keiyaku_tuika", CAR_OF_NUMBERLESS)
    none = await customer.ask("/kaiin/keiyaku_tuika")

    assert ("00", "0", "0") == (done.code, done["KENSUU"], seen["KENSUU"])
    assert ("1", "0") == (mails["MANKI_MAIL"], mails["MANKI_MAIL_HAISIN"])
    assert ("00", "1", "SYOKEN_NO") == (added.code, added["KENSUU"], none["KOUMOKU"])
    assert "1" == (await customer.ask("/kaiin/haisin"))["MANKI_MAIL_HAISIN"]


async def test_a_sixth_policy_is_refused_and_may_be_added_afterwards(customer: "Customer") -> None:
    six = [f"C60000000{count}" for count in range(1, 7)]
    refused = await customer.provisional(*six, **SIX)
    await customer.register(*six[:5], **SIX)

    added = await customer.ask("/kaiin/keiyaku_tuika", {"REC": "KEIYAKU", "SYOKEN_NO": six[5]})
    again = await customer.ask("/kaiin/keiyaku_tuika", {"REC": "KEIYAKU", "SYOKEN_NO": six[5]})
    foreign = await customer.ask("/kaiin/keiyaku_tuika", {"REC": "KEIYAKU", "SYOKEN_NO": "A123456789"})

    assert "25" == refused.code
    assert ("00", "6", "27", "22") == (added.code, added["KENSUU"], again.code, foreign.code)


async def test_five_mismatches_rest_the_adding_for_half_an_hour(customer: "Customer") -> None:
    await customer.register(**NUMBERLESS)
    foreign = {"REC": "KEIYAKU", "SYOKEN_NO": "A123456789"}

    heard = [(await customer.ask("/kaiin/keiyaku_tuika", foreign)) for _ in range(5)]
    resting = await customer.ask("/kaiin/keiyaku_tuika", CAR_OF_NUMBERLESS)
    customer.clock.advance(timedelta(minutes=29))
    await customer.ask("/kaiin/haisin")
    customer.clock.advance(timedelta(minutes=1))

    assert ["22", "22", "22", "22", "28"] == [answer.code for answer in heard]
    assert ("28", "20261121103000") == (resting.code, resting["KAIJYO_NITIJI"])
    assert "00" == (await customer.ask("/kaiin/keiyaku_tuika", CAR_OF_NUMBERLESS)).code


async def test_policies_are_added_all_or_none(customer: "Customer") -> None:
    await customer.register(**NUMBERLESS)
    foreign = {"REC": "KEIYAKU", "SYOKEN_NO": "A123456789"}

    mixed = await customer.ask("/kaiin/keiyaku_tuika", CAR_OF_NUMBERLESS, foreign)

    assert "22" == mixed.code
    assert "0" == (await customer.ask("/keiyaku/syokai"))["KENSUU"]


async def test_six_at_once_are_too_many_later_too(customer: "Customer") -> None:
    await customer.register(**NUMBERLESS)
    six = [{"REC": "KEIYAKU", "SYOKEN_NO": f"C60000000{count}"} for count in range(1, 7)]

    assert "25" == (await customer.ask("/kaiin/keiyaku_tuika", *six)).code


async def test_what_the_account_has_by_its_predecessor_is_there_already(customer: "Customer") -> None:
    await customer.register("C700000001", **SUCCESSOR)

    successor = await customer.ask("/kaiin/keiyaku_tuika", {"REC": "KEIYAKU", "SYOKEN_NO": "S600000007"})

    assert "27" == successor.code


async def test_a_successor_and_a_group_product_are_refused_later_too(customer: "Customer") -> None:
    await customer.register(**SUCCESSOR)
    successor = await customer.ask("/kaiin/keiyaku_tuika", {"REC": "KEIYAKU", "SYOKEN_NO": "S600000007"})
    await customer.register(**{**GROUP, "MAIL": "group@example.jp"})
    product = await customer.ask("/kaiin/keiyaku_tuika", {"REC": "KEIYAKU", "SYOKEN_NO": "D900000001"})

    assert ("23", "24", "S1001") == (successor.code, product.code, product["DAIRITEN_CD"])
