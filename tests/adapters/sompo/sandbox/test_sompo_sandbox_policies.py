"""What a member of Sompo's sandbox may read, and what nobody else may."""

import hashlib
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import pytest

from insurers.sandbox import TOKYO

if TYPE_CHECKING:
    from .conftest import Answer, Customer


def keiyaku(*numbers: str) -> list[dict[str, str]]:
    return [{"REC": "KEIYAKU", "SYOKEN_NO": number} for number in numbers]


async def test_many_are_answered_in_one_request(taro: "Customer") -> None:
    answer = await taro.ask("/keiyaku/syokai", *keiyaku("A123456790", "A123456789"))

    assert ("00", "2") == (answer.code, answer["KENSUU"])
    assert ["A123456790", "A123456789"] == [policy["SYOKEN_NO"] for policy in answer.of("KEIYAKU")]


async def test_unknown_and_somebody_elses_are_absent_alike(taro: "Customer") -> None:
    answer = await taro.ask("/keiyaku/syokai", *keiyaku("Z000000000", "B987654321", "A123456789", "nonsense"))

    assert "1" == answer["KENSUU"]
    assert {"A123456789"} == {record["SYOKEN_NO"] for record in answer.records}


async def test_a_policy_is_told_in_full(taro: "Customer") -> None:
    (policy,) = (await taro.ask("/keiyaku/syokai", *keiyaku("A123456789"))).of("KEIYAKU")

    assert {
        "REC": "KEIYAKU",
        "SYOKEN_NO": "A123456789",
        "SYOUHIN_CD": "01",
        "SYOUHIN_MEI": "THE クルマの保険",
        "KEIYAKU_JYOTAI": "20",
        "KEIYAKU_KEITAI": "20",
        "SIKI_YMD": "20260105",
        "SIKI_JI": "1600",
        "MANKI_YMD": "20270105",
        "MANKI_JI": "1600",
        "KEIYAKUSYA_SEI": "三住",
        "KEIYAKUSYA_MEI": "太郎",
        "KIMEI_SEI": "三住",
        "KIMEI_MEI": "太郎",
        "SYOYUSYA_SEI": "三住",
        "SYOYUSYA_MEI": "太郎",
        "DANTAI_CD": "M0012345",
        "DANTAI_MEI": "見本物産グループ団体扱",
        "SYAIN_NO": "*****6789",
        "HOKENRYO": "47160",
        "HARAIKOMI_CD": "10",
        "HARAIKOMI_KAISUU": "12",
        "SYAMEI": "ハイランダ",
        "TOROKU_NO": "横浜　５０１　さ　５６−７８",
        "SYADAI_NO": "MHN10-0045678",
        "KATASIKI": "MHN10",
        "SYODO_YM": "R03.06",
        "YOTO_SYASYU_CD": "01",
        "RYORITU_CLASS": "09080710",
        "KYOUTEI_GAKU": "2000000",
        "SIYOU_CD": "10",
        "GENTEI_CD": "20",
        "NENREI_CD": "35",
        "SAIJYAKUNEN_YMD": "S52.03.03",
        "MENKYO_IRO_CD": "10",
        "MENKYO_KOUSIN_YM": "R10.02",
        "TOUKYU": "15",
        "JIKOYU_NEN": "0",
        "TOUKYU_KARI": "0",
        "ANSIN_KOUSIN": "0",
        "ANSIN_KIGEN": "",
        "MAE_SYOKEN_NO": "",
        "KOUKAIGO_SYOKEN_NO": "",
        "DAIRITEN_CD": "S1001",
        "DAIRITEN_MEI": "さくら保険サービス",
        "DAIRITEN_TEL": "03-0000-1001",
        "DAIRITEN_URL": "https://sakura.example",
    } == policy


async def test_every_cover_is_listed_taken_or_not(taro: "Customer") -> None:
    answer = await taro.ask("/keiyaku/syokai", *keiyaku("A123456789"))

    covers = {cover["HOSYOU_CD"]: cover for cover in answer.of("HOSYOU")}
    assert ["11", "12", "13", "21", "22", "31", "41", "42", "43", "51", "52", "90", "91"] == list(covers)
    assert {
        "REC": "HOSYOU",
        "SYOKEN_NO": "A123456789",
        "HOSYOU_CD": "31",
        "HOSYOU_MEI": "車両保険",
        "SENTAKU_CD": "11",
        "SENTAKU_MEI": "一般条件 免責5-10万円",
        "KANYU": "1",
        "KATA_MEI": "一般条件",
        "GENDO_CD": "30",
        "HOKENKIN": "2000000",
        "GENDO_TANI": "20",
        "MENSEKI_1": "50000",
        "MENSEKI_2": "100000",
        "KURUMATAI_MENZERO": "0",
        "BIKOU": "",
    } == covers["31"]
    assert ("対物全損時修理差額費用特約", "10", "500000") == (
        covers["13"]["HOSYOU_MEI"],
        covers["13"]["GENDO_CD"],
        covers["13"]["HOKENKIN"],
    )
    assert ("0", "00", "付帯なし") == (covers["42"]["KANYU"], covers["42"]["GENDO_CD"], covers["42"]["SENTAKU_MEI"])


async def test_the_two_types_of_own_damage_cover_different_perils(taro: "Customer") -> None:
    answer = await taro.ask("/keiyaku/syokai")

    full = [peril["TAISYO_CD"] for peril in answer.of("KIKEN", SYOKEN_NO="A123456789")]
    car_to_car = [peril["TAISYO_CD"] for peril in answer.of("KIKEN", SYOKEN_NO="A123456790")]
    assert ["10"] * 10 == full
    assert ["20", "00", "00", "00", "10", "10", "10", "10", "10", "00"] == car_to_car


async def test_instalments_add_up_to_the_premium(taro: "Customer") -> None:
    answer = await taro.ask("/keiyaku/syokai", *keiyaku("A123456789"))

    parts = answer.of("BUNKATU")
    assert int(answer.of("KEIYAKU")[0]["HOKENRYO"]) == sum(int(part["GAKU"]) for part in parts)
    assert ("20260225", "20270125") == (parts[0]["HARAIKOMI_YMD"], parts[-1]["HARAIKOMI_YMD"])


async def test_more_than_fifty_are_too_many(taro: "Customer") -> None:
    numbers = [f"A{count:09d}" for count in range(51)]

    assert "11" == (await taro.ask("/keiyaku/syokai", *keiyaku(*numbers))).code
    assert "00" == (await taro.ask("/keiyaku/syokai", *keiyaku(*numbers[:50]))).code


async def document(customer: "Customer", **fields: str) -> tuple[str, bytes]:
    return await customer.post("/syorui/syutoku", urlencode({"KAIIN_TOKEN": customer.token, **fields}).encode())


async def test_the_documents_are_pdfs_of_the_hash_that_was_told(taro: "Customer") -> None:
    answer = await taro.ask("/keiyaku/syokai", *keiyaku("A123456789"))
    steps = await taro.ask("/koukai/tejyun", SYOKEN_NO="A123456789")

    papers = [*answer.of("SYORUI"), *steps.of("SYORUI")]
    assert {"10", "20", "30", "40", "50"} == {paper["SYORUI_SYU"] for paper in papers}
    for paper in papers:
        kind, content = await document(taro, SYORUI_NO=paper["SYORUI_NO"])
        assert ("application/pdf", b"%PDF-") == (kind, content[:5])
        assert (paper["SHA256"], paper["OOKISA"]) == (hashlib.sha256(content).hexdigest(), str(len(content)))


async def test_the_rules_of_membership_are_open_to_everybody(customer: "Customer") -> None:
    rules = await customer.ask("/touroku/kiyaku")

    kind, content = await document(customer, SYORUI_NO=rules["SYORUI_NO"])

    assert "application/pdf" == kind
    assert rules["SHA256"] == hashlib.sha256(content).hexdigest()


async def test_another_members_certificate_does_not_exist(taro: "Customer") -> None:
    kind, body = await document(taro, SYORUI_NO="SK-B987654321")

    assert "text/plain; charset=Shift_JIS" == kind
    assert b"KEKKA_CD=81" in body


async def test_the_renewal_list_says_when_each_opens_and_closes(taro: "Customer") -> None:
    first, second = (await taro.ask("/koukai/itiran")).of("KOUSIN")

    assert ("20", "20261106000000", "20270105160000") == (
        first["KOUSIN_JYOTAI"],
        first["UKETUKE_KAISI"],
        first["UKETUKE_SYURYO"],
    )
    assert ("A123456790", "コミーユ", "10") == (second["SYOKEN_NO"], second["SYAMEI"], second["KOUSIN_JYOTAI"])


@pytest.mark.parametrize(
    ("mail", "number", "standing", "reason", "refusal"),
    [
        ("company@example.jp", "C500000001", "60", "01", "63"),
        ("recent@example.jp", "C340000001", "60", "04", "63"),
        ("day7@example.jp", "C370000001", "90", "", "61"),
        ("day8@example.jp", "C380000001", "90", "", "61"),
        ("renewed@example.jp", "C110000001", "40", "", "62"),
        ("rider@example.jp", "C800000002", "50", "", "64"),
        ("rider@example.jp", "C800000001", "20", "", "00"),
    ],
)
async def test_each_standing_is_listed_and_has_its_refusal(
    customer: "Customer", mail: str, number: str, standing: str, reason: str, refusal: str
) -> None:
    await customer.sign_in(mail)

    listed = await customer.renewal(number)
    asked = [
        await customer.ask("/koukai/sisan", SYOKEN_NO=number),
        await customer.ask("/koukai/tejyun", SYOKEN_NO=number),
        await customer.ask("/koukai/kaisi", SYOKEN_NO=number, SIKI_YMD=listed["SIKI_YMD"]),
    ]

    assert (standing, reason) == (listed["KOUSIN_JYOTAI"], listed["RIYUU_CD"])
    assert bool(listed["KOUKAIGO_SYOKEN_NO"]) == (standing in {"40", "50"})
    assert [refusal] * 3 == [answer.code for answer in asked]
    assert not any("KOUKAIGO_SYOKEN_NO" in answer.first for answer in asked)
    if refusal == "63":
        assert (reason, "03-0000-1001") == (asked[0]["RIYUU_CD"], asked[0]["DAIRITEN_TEL"])


async def test_the_riders_say_until_when(customer: "Customer") -> None:
    await customer.sign_in("rider@example.jp")
    with_rider = await customer.renewal("C800000001")
    await customer.sign_in("recent@example.jp")
    without = await customer.renewal("C340000001")

    assert ("20261201160000", "20261231160000") == (with_rider["ANSIN_KIGEN"], with_rider["UKKARI_KIGEN"])
    assert ("", "20270130160000") == (without["ANSIN_KIGEN"], without["UKKARI_KIGEN"])


async def test_a_rider_that_was_declined_is_gone_and_renews_nothing(customer: "Customer") -> None:
    await customer.sign_in("rider@example.jp")

    await customer.control("POST", "/_control/decline-rider", number="C800000001")

    declined = await customer.renewal("C800000001")
    assert ("20", "0", "") == (declined["KOUSIN_JYOTAI"], declined["ANSIN_KOUSIN"], declined["ANSIN_KIGEN"])
    customer.clock.set(datetime(2026, 12, 1, 16, 0, tzinfo=TOKYO))
    await customer.sign_in("rider@example.jp")
    matured = await customer.renewal("C800000001")
    assert ("90", "") == (matured["KOUSIN_JYOTAI"], matured["KOUKAIGO_SYOKEN_NO"])


async def test_what_has_no_rider_or_was_renewed_by_it_cannot_be_declined(customer: "Customer") -> None:
    for number, status in {"A123456789": 409, "C800000002": 409, "Z000000000": 400}.items():
        order = customer.http.post(customer.doors.control_url + "/_control/decline-rider", json={"number": number})
        async with order as answer:
            assert status == answer.status


async def test_an_accident_is_forgotten_after_ninety_two_days(customer: "Customer") -> None:
    customer.clock.advance(timedelta(days=31))
    await customer.sign_in("recent@example.jp")
    before = await customer.renewal("C340000001")
    customer.clock.advance(timedelta(days=1))
    await customer.sign_in("recent@example.jp")

    assert ("60", "20") == (before["KOUSIN_JYOTAI"], (await customer.renewal("C340000001"))["KOUSIN_JYOTAI"])


async def test_the_rider_renews_by_itself_at_maturity(customer: "Customer") -> None:
    await customer.control("PUT", "/_control/clock", now="2026-12-01T15:59:59+09:00")
    await customer.sign_in("rider@example.jp")
    before = await customer.renewal("C800000001")
    customer.clock.set(datetime(2026, 12, 1, 16, tzinfo=TOKYO))
    after = await customer.renewal("C800000001")

    assert ("20", "50") == (before["KOUSIN_JYOTAI"], after["KOUSIN_JYOTAI"])
    (successor,) = (await customer.ask("/keiyaku/syokai", *keiyaku(after["KOUKAIGO_SYOKEN_NO"]))).of("KEIYAKU")
    assert ("C800000001", "20") == (successor["MAE_SYOKEN_NO"], successor["KEIYAKU_JYOTAI"])


async def opens(customer: "Customer", moment: datetime) -> "Answer":
    customer.clock.set(moment)
    await customer.sign_in("taro@example.jp", "Himawari2026")
    return await customer.ask("/koukai/sisan", SYOKEN_NO="A123456790")


@pytest.mark.parametrize(
    ("moment", "code"),
    [
        (datetime(2027, 4, 9, 23, 59, 59, tzinfo=TOKYO), "60"),
        (datetime(2027, 4, 10, 0, 0, tzinfo=TOKYO), "00"),
        (datetime(2027, 6, 9, 15, 59, 59, tzinfo=TOKYO), "00"),
        (datetime(2027, 6, 9, 16, 0, tzinfo=TOKYO), "61"),
    ],
)
async def test_renewal_is_open_from_sixty_days_before_until_four_on_the_last(
    taro: "Customer", moment: datetime, code: str
) -> None:
    answer = await opens(taro, moment)

    assert code == answer.code
    if code == "60":
        assert "20270410000000" == answer["UKETUKE_KAISI"]
