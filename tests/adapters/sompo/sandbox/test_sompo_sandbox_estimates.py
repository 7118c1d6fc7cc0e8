"""Quotes for cars that are insured elsewhere, asked for by nobody in particular (WIRE.md §13)."""

import re
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import pytest

import insurers.sompo
from insurers.sompo.sandbox import wishes
from insurers.sompo.sandbox.estimates import ASSUMPTIONS, DIFFERENCES
from insurers.sompo.sandbox.groups import GROUPS
from insurers.sompo.sandbox.models import MODELS, WORTH

from .conftest import Answer, read

if TYPE_CHECKING:
    from .conftest import Customer

WIRE = (Path(insurers.sompo.__file__).parent / "WIRE.md").read_text(encoding="utf-8")

# The clock stands at 2026-11-21.
CAR = {
    "SIKI_YMD": "20270105",
    "KATASIKI": "ZZA-AB10",
    "SYAMEI": "サンプリオ",
    "SYODO_YM": "R03.04",
    "YOTO_SYASYU_CD": "01",
    "SIYOU_CD": "10",
    "GENTEI_CD": "20",
    "NENREI_CD": "35",
    "SAIJYAKUNEN_YMD": "S50.01.01",
    "MENKYO_IRO_CD": "10",
    "ZEN_TOUKYU": "15",
    "ZEN_JIKOYU_NEN": "0",
    "ZEN_MANKI_YMD": "20270105",
    "DANTAI_CD": "",
    "DANTAI_MEI": "見本物産グループ団体扱",
    "PLAN_CD": "",
}
KEI = {"KATASIKI": "MBX50", "YOTO_SYASYU_CD": "03"}
COVERS = {"11": "01", "12": "01", "13": "01", "21": "03", "31": "11", "41": "01", "42": "01", "51": "01"}

# Rated: 900*92% + 700*96% + 40*96% + 560*92% + 54*19*100% = 828+672+38+515+1026 = 3079, *470‰ = 1447, *94% = 1360,
# *88% = 1196; fixed 120+170+80 = 370: 1566 points, *40 = 62640, *80 % = 50112, /12 → 4170 each.
AS_WISHED = 50_040


NOTHING: Mapping[str, str] = {}


async def estimate(
    customer: "Customer",
    fields: Mapping[str, str] = NOTHING,
    *,
    covers: Mapping[str, str] = COVERS,
    changes: Mapping[str, str] = NOTHING,
) -> Answer:
    """Ask without a token, which `Customer.ask` would send."""
    lines = [{**CAR, **fields}]
    lines += [{"REC": "KIBOU", "HOSYOU_CD": cover, "SENTAKU_CD": option} for cover, option in covers.items()]
    lines += [{"REC": "HENKOU", "HOSYOU_CD": cover, "SENTAKU_CD": option} for cover, option in changes.items()]
    body = "".join(urlencode(line, encoding="shift_jis") + "\r\n" for line in lines)
    return read((await customer.post("/mitumori/sisan", body.encode("ascii")))[1])


def told(answer: Answer) -> list[tuple[str, ...]]:
    names = ("KOUMOKU", "HOSYOU_CD", "KIBOU", "TEIKYOU", "TIGAI_CD")
    return [tuple(line[name] for name in names) for line in answer.of("TIGAI")]


def chosen(answer: Answer, plan: str) -> dict[str, str]:
    return {line["HOSYOU_CD"]: line["SENTAKU_CD"] for line in answer.of("HOSYOU", PLAN_CD=plan)}


async def test_anybody_is_quoted_three_plans_at_any_hour(customer: "Customer") -> None:
    answer = await estimate(customer)

    assert ("00", "20270105", "3") == (answer.code, answer["SIKI_YMD"], answer["KENSUU"])
    assert ["おすすめプラン", "ご希望プラン", "充実プラン"] == [plan["PLAN_MEI"] for plan in answer.of("PLAN")]
    wished = answer.of("PLAN")[1]
    assert {
        "DOUJYOUKEN": "0",
        "HENKOU": "0",
        "SISAN_NITIJI": "20261121100000",
        "YUKOU_KIGEN": "20261205100000",
        "HOKENRYO": str(AS_WISHED),
        "ZENNENSA": "",
        "HARAIKOMI_CD": "10",
        "HARAIKOMI_KAISUU": "12",
        "SIKI_YMD": "20270105",
        "MANKI_YMD": "20280105",
        "TOUKYU": "16",
        "JIKOYU_NEN": "0",
        "TOUKYU_KARI": "1",
    }.items() <= wished.items()
    for plan in answer.of("PLAN"):
        mine = {"PLAN_CD": plan["PLAN_CD"], "SISAN_NO": plan["SISAN_NO"]}
        assert (13, 10, 12) == tuple(len(answer.of(kind, **mine)) for kind in ("HOSYOU", "KIKEN", "BUNKATU"))
    (conditions,) = answer.of("JYOKEN")
    assert ("20", "35", "07080709", "1900000", "M0012345") == tuple(
        conditions[name] for name in ("GENTEI_CD", "NENREI_CD", "RYORITU_CLASS", "KYOUTEI_GAKU", "DANTAI_CD")
    )
    assert [] == told(answer)
    assert ["01", "02", "07", "08"] == [line["ZENTEI_CD"] for line in answer.of("ZENTEI")]


async def test_no_plan_falls_below_what_is_wanted(customer: "Customer") -> None:
    answer = await estimate(customer)

    assert COVERS.items() <= chosen(answer, "02").items()
    assert ("13", "02") == tuple(chosen(answer, "01")[code] for code in ("21", "41"))
    fuller = chosen(answer, "03")
    assert ("13", "10", "02", "01", "02") == tuple(fuller[code] for code in ("21", "31", "41", "22", "52"))
    assert ("00", "01") == tuple(chosen(answer, "02")[code] for code in ("90", "91"))


async def test_changes_are_the_whole_difference_and_none_is_a_reset(customer: "Customer") -> None:
    edited = await estimate(customer, {"PLAN_CD": "02"}, changes={"31": "22", "42": "00"})
    again = await estimate(customer, {"PLAN_CD": "02"})

    assert ("22", "00") == tuple(chosen(edited, "02")[code] for code in ("31", "42"))
    assert [("1", "1"), ("1", "0")] == [(one["KENSUU"], one.of("PLAN")[0]["HENKOU"]) for one in (edited, again)]
    assert str(AS_WISHED) == again.of("PLAN")[0]["HOKENRYO"]


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({"KAIIN_TOKEN": "8c1f"}, "KAIIN_TOKEN"),
        ({"TOROKU_NO": "横浜"}, "TOROKU_NO"),
        ({"SYOKEN_NO": "A123456789"}, "SYOKEN_NO"),
        ({"SIKI_YMD": "20261120"}, "SIKI_YMD"),
        ({"SIKI_YMD": "20271122"}, "SIKI_YMD"),
        ({"SIKI_YMD": "R09.01.05", "ZEN_MANKI_YMD": "20270229"}, "SIKI_YMD,ZEN_MANKI_YMD"),
        ({"NENREI_CD": "30"}, "NENREI_CD"),
        ({"SYODO_YM": "R09.02"}, "SYODO_YM"),
        ({"SAIJYAKUNEN_YMD": "R09.01.05"}, "SAIJYAKUNEN_YMD"),
        ({"ZEN_TOUKYU": ""}, "ZEN_TOUKYU"),
        ({"ZEN_TOUKYU": "21"}, "ZEN_TOUKYU"),
        ({"ZEN_JIKOYU_NEN": "7"}, "ZEN_JIKOYU_NEN"),
        ({"ZEN_MANKI_YMD": "20270106"}, "ZEN_MANKI_YMD"),
        ({"KATASIKI": "", "SIYOU_CD": "", "GENTEI_CD": "40"}, "KATASIKI,SIYOU_CD,GENTEI_CD"),
    ],
)
async def test_what_nobody_asked_for_or_can_be_is_refused(
    customer: "Customer", fields: dict[str, str], named: str
) -> None:
    answer = await estimate(customer, fields)

    assert ("10", named) == (answer.code, answer["KOUMOKU"])


@pytest.mark.parametrize(
    ("fields", "beside"),
    [
        ({"KATASIKI": "MKL99"}, {"KEKKA_CD": "66"}),
        ({"ZEN_TOUKYU": "6", "ZEN_JIKOYU_NEN": "4"}, {"KEKKA_CD": "67", "RIYUU_CD": "11"}),
        ({"SYODO_YM": "H14.01"}, {"KEKKA_CD": "67", "RIYUU_CD": "12"}),
        (
            {"SIYOU_CD": "30", "NENREI_CD": "00"},
            {"KEKKA_CD": "63", "RIYUU_CD": "05", "DAIRITEN_TEL": "03-0000-1001"},
        ),
    ],
)
async def test_a_risk_that_is_not_taken_says_why(
    customer: "Customer", fields: dict[str, str], beside: dict[str, str]
) -> None:
    assert beside.items() <= (await estimate(customer, fields)).first.items()


@pytest.mark.parametrize(
    "fields",
    [
        {"ZEN_TOUKYU": "7", "ZEN_JIKOYU_NEN": "6"},
        {"ZEN_TOUKYU": "1", "ZEN_JIKOYU_NEN": "3"},
        {"SYODO_YM": "H14.02"},
        {"SIYOU_CD": "30", "NENREI_CD": "21"},
    ],
)
async def test_a_risk_on_the_right_side_of_the_line_is_taken(customer: "Customer", fields: dict[str, str]) -> None:
    assert "00" == (await estimate(customer, fields)).code


@pytest.mark.parametrize(
    ("covers", "changes", "plan", "field"),
    [
        ({}, {}, "04", "PLAN_CD"),
        ({}, {"42": "01"}, "", "PLAN_CD"),
        ({"99": "01"}, {}, "", "HOSYOU_CD"),
        ({"90": "01"}, {}, "", "HOSYOU_CD"),
        ({"31": "00"}, {}, "", "SENTAKU_CD"),
        ({"31": "09"}, {}, "", "SENTAKU_CD"),
        ({}, {"42": "09"}, "02", "SENTAKU_CD"),
        ({}, {"99": "01"}, "02", "HOSYOU_CD"),
        ({}, {"52": "02"}, "02", "SENTAKU_CD"),
    ],
)
async def test_what_is_not_sold_is_refused(
    customer: "Customer", covers: dict[str, str], changes: dict[str, str], plan: str, field: str
) -> None:
    answer = await estimate(customer, {**KEI, "PLAN_CD": plan}, covers=covers, changes=changes)

    assert ("56", field) == (answer.code, answer["KOUMOKU"])


async def test_more_lines_than_a_path_takes_and_lines_of_another_kind_are_refused(customer: "Customer") -> None:
    wish = urlencode({"REC": "KIBOU", "HOSYOU_CD": "11", "SENTAKU_CD": "01"})
    stranger = urlencode({"REC": "KEIYAKU", "SYOKEN_NO": "A123456789"})
    first = urlencode(CAR, encoding="shift_jis")

    codes = [
        read((await customer.post("/mitumori/sisan", "\r\n".join([first, *lines]).encode("ascii")))[1]).code
        for lines in ([wish] * 20, [wish] * 21, [stranger])
    ]

    assert ["00", "11", "10"] == codes


@pytest.mark.parametrize(
    ("fields", "covers", "difference"),
    [
        ({**KEI, "GENTEI_CD": "30"}, COVERS, ("GENTEI_CD", "", "30", "20", "01")),
        ({"SAIJYAKUNEN_YMD": "H13.01.06"}, COVERS, ("NENREI_CD", "", "35", "21", "02")),
        ({"SAIJYAKUNEN_YMD": "H20.01.06"}, COVERS, ("NENREI_CD", "", "35", "00", "02")),
        ({"DANTAI_MEI": "見本商事団体扱"}, COVERS, ("DANTAI_MEI", "", "見本商事団体扱", "", "03")),
        ({"SYODO_YM": "H27.01"}, COVERS, ("HOSYOU_CD", "31", "11", "00", "11")),
        ({"SYODO_YM": ""}, COVERS, ("HOSYOU_CD", "31", "11", "00", "12")),
        (KEI, {**COVERS, "52": "02"}, ("HOSYOU_CD", "52", "02", "01", "13")),
        (KEI, {**COVERS, "31": "10"}, ("HOSYOU_CD", "31", "10", "11", "13")),
        ({}, {code: option for code, option in COVERS.items() if code != "12"}, ("HOSYOU_CD", "12", "", "04", "14")),
    ],
)
async def test_what_differs_from_the_wish_is_told_with_its_reason(
    customer: "Customer", fields: dict[str, str], covers: dict[str, str], difference: tuple[str, ...]
) -> None:
    answer = await estimate(customer, fields, covers=covers)

    assert [difference] == told(answer)
    if difference[0] == "HOSYOU_CD":
        assert difference[3] == chosen(answer, "02")[difference[1]]
    elif difference[0] in answer.of("JYOKEN")[0]:
        assert difference[3] == answer.of("JYOKEN")[0][difference[0]]


async def test_a_group_has_its_own_discount_by_code_or_by_name(customer: "Customer") -> None:
    premiums = [
        (plan["HOKENRYO"], plan["HARAIKOMI_CD"])
        for fields in (
            {"DANTAI_MEI": "見本物産 グループ 団体扱"},
            {"DANTAI_CD": "M0067890", "DANTAI_MEI": ""},
            {"DANTAI_MEI": ""},
        )
        for plan in (await estimate(customer, {"PLAN_CD": "02", **fields})).of("PLAN")
    ]

    # 62640 * 88 % = 55123, / 12 → 4590 each; 62640 / 12 → 5220 each.
    assert [(str(AS_WISHED), "10"), ("55080", "10"), ("62640", "20")] == premiums


@pytest.mark.parametrize(
    ("fields", "grade", "assumption"),
    [
        ({"ZEN_MANKI_YMD": "20261229"}, ("16", "0"), "02"),
        ({"ZEN_MANKI_YMD": "20261228"}, ("6", "0"), "04"),
        ({"ZEN_TOUKYU": "20"}, ("20", "0"), "02"),
        ({"ZEN_TOUKYU": "9", "ZEN_JIKOYU_NEN": "2"}, ("10", "1"), "02"),
        ({"ZEN_TOUKYU": "3", "ZEN_JIKOYU_NEN": "3", "ZEN_MANKI_YMD": "20261101"}, ("4", "2"), "04"),
        ({"ZEN_TOUKYU": "", "ZEN_JIKOYU_NEN": "", "ZEN_MANKI_YMD": ""}, ("6", "0"), "03"),
    ],
)
async def test_a_grade_is_carried_over_within_seven_days_and_what_is_bad_sticks(
    customer: "Customer", fields: dict[str, str], grade: tuple[str, str], assumption: str
) -> None:
    answer = await estimate(customer, fields)

    plan = answer.of("PLAN")[0]
    assert (*grade, "1") == (plan["TOUKYU"], plan["JIKOYU_NEN"], plan["TOUKYU_KARI"])
    assert assumption in {line["ZENTEI_CD"] for line in answer.of("ZENTEI")}


async def test_a_term_is_quoted_until_it_begins(customer: "Customer") -> None:
    today = {"SIKI_YMD": "20261121", "ZEN_MANKI_YMD": "20261121"}
    customer.clock.advance(timedelta(hours=5, minutes=59))
    before = await estimate(customer, today)
    customer.clock.advance(timedelta(minutes=1))
    too_late = await estimate(customer, today)

    assert "20261121160000" == before.of("PLAN")[0]["YUKOU_KIGEN"]
    assert ("10", "SIKI_YMD") == (too_late.code, too_late["KOUMOKU"])


async def test_what_nobody_told_is_assumed_and_said(customer: "Customer") -> None:
    answer = await estimate(
        customer, {"MENKYO_IRO_CD": "", "SAIJYAKUNEN_YMD": "", "YOTO_SYASYU_CD": "02", "DANTAI_MEI": ""}
    )

    assert ["01", "02", "05", "06", "08", "09"] == [line["ZENTEI_CD"] for line in answer.of("ZENTEI")]
    assert ("20", "01") == tuple(answer.of("JYOKEN")[0][name] for name in ("MENKYO_IRO_CD", "YOTO_SYASYU_CD"))


async def test_a_band_that_is_abolished_stands_on_old_contracts_and_their_renewals(customer: "Customer") -> None:
    await customer.sign_in("thirty@example.jp")
    number = "C420000001"

    (policy,) = (await customer.ask("/keiyaku/syokai")).of("KEIYAKU")
    (conditions,) = (await customer.quotes(number)).of("JYOKEN")

    assert (number, "30", "10", "20", "") == tuple(
        policy[name] for name in ("SYOKEN_NO", "NENREI_CD", "KEIYAKU_KEITAI", "HARAIKOMI_CD", "DANTAI_CD")
    )
    assert "30" == conditions["NENREI_CD"]
    assert "10" == (await estimate(customer, {"NENREI_CD": "30"})).code


def rows(heading: str, shape: str) -> list[tuple[str, ...]]:
    """The cells that *shape* finds in each row of a table of WIRE.md."""
    section = WIRE.split(heading, 1)[1].split("\n#", 1)[0]
    return [found.groups() for found in re.finditer(shape, section, re.MULTILINE)]


def test_models_values_and_groups_are_those_of_the_wire() -> None:
    models = rows("## 13.6", r"^\| `([\w-]+)` \| (\S+) \| `(\d\d)` \| `(\d{8})` \| ([\d,]+) \|")
    ((percents,),) = rows("## 13.4", r"^\| percent \|(.+)\|$")
    groups = rows("## 13.7", r"^\| `(\w+)` \| (\S+) \| (\d+) % \|")

    assert models == [
        (one.code, one.name, one.kind, "".join(f"{number:02}" for number in one.classes), f"{one.new_value:,}")
        for one in MODELS.values()
    ]
    assert list(WORTH) == [int(percent) for percent in percents.split("|")]
    assert groups == [(group.code, group.name, str(group.discount)) for group in GROUPS]


def test_texts_and_plans_are_those_of_the_wire() -> None:
    assert list(DIFFERENCES.items()) == rows("## 13.2", r"^\| `(\d\d)` \| .+ \| (\S+) \|$")
    assert list(ASSUMPTIONS.items()) == rows("## 13.3", r"^\| `(\d\d)` \| (\S+) \|$")
    plans = [(code, plan.name) for code, plan in wishes.OFFERED.items()]
    assert plans == rows("## 13.5", r"^\| `(\d\d)` \| (\w+)")


def test_a_car_loses_its_value_by_full_years() -> None:
    model = MODELS["ZZA-AB10"]

    assert [3_600_000, 1_900_000, 500_000, 500_000] == [model.value(years) for years in (0, 5, 11, 40)]
