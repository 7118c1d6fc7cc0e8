"""What Sompo's sandbox would charge, and that every edit costs something else."""

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from .conftest import Customer

CAR = "A123456789"

# Worked by hand from WIRE.md §9 for grade 16 (470), couple (94), gold (88), leisure (100), 40 yen, 20 % off.
#   900*100% + 700*96% + 40*96% + 420*92% + 110*92% + 54*20*104% = 900 + 672 + 38 + 386 + 101 + 1123 = 3220
#   3220*470‰ = 1513, *94% = 1422, *88% = 1251; + 120 + 80 = 1451; *40 = 58040; *80% = 46432; /12 → 3860 each
SAME_AS_CURRENT = 46_320
CURRENT = 47_160


async def test_three_plans_are_offered_and_one_is_the_current_one(taro: "Customer") -> None:
    plans = (await taro.quotes(CAR)).of("PLAN")

    assert ["おすすめプラン", "現在と同条件プラン", "充実プラン"] == [plan["PLAN_MEI"] for plan in plans]
    assert [("1", "0"), ("0", "1"), ("0", "0")] == [(plan["OSUSUME"], plan["DOUJYOUKEN"]) for plan in plans]
    same = plans[1]
    assert {
        "REC": "PLAN",
        "PLAN_CD": "02",
        "PLAN_MEI": "現在と同条件プラン",
        "HYOJI_JYUN": "2",
        "OSUSUME": "0",
        "DOUJYOUKEN": "1",
        "HENKOU": "0",
        "SISAN_NO": same["SISAN_NO"],
        "SISAN_NITIJI": "20261121100000",
        "YUKOU_KIGEN": "20261205100000",
        "HOKENRYO": str(SAME_AS_CURRENT),
        "ZENNENSA": str(SAME_AS_CURRENT - CURRENT),
        "HARAIKOMI_CD": "10",
        "HARAIKOMI_KAISUU": "12",
        "SIKI_YMD": "20270105",
        "MANKI_YMD": "20280105",
        "TOUKYU": "16",
        "JIKOYU_NEN": "0",
        "TOUKYU_KARI": "1",
    } == same


async def test_each_plan_comes_with_its_covers_perils_and_instalments(taro: "Customer") -> None:
    answer = await taro.quotes(CAR)

    for plan in answer.of("PLAN"):
        mine = {"PLAN_CD": plan["PLAN_CD"], "SISAN_NO": plan["SISAN_NO"]}
        assert (13, 10, 12) == tuple(len(answer.of(kind, **mine)) for kind in ("HOSYOU", "KIKEN", "BUNKATU"))
        assert int(plan["HOKENRYO"]) == sum(int(part["GAKU"]) for part in answer.of("BUNKATU", **mine))
    fuller = {cover["HOSYOU_CD"]: cover["SENTAKU_CD"] for cover in answer.of("HOSYOU", PLAN_CD="03")}
    assert ("13", "10", "02", "01", "02") == tuple(fuller[code] for code in ("21", "31", "41", "42", "52"))


async def test_every_choice_that_is_offered_has_a_price_of_its_own(taro: "Customer") -> None:
    offered = (await taro.quotes(CAR)).of("SENTAKU")
    by_cover: dict[str, list[int]] = {}

    for choice in offered:
        quoted = await taro.quotes(CAR, "02", **{f"c{choice['HOSYOU_CD']}": choice["SENTAKU_CD"]})
        by_cover.setdefault(choice["HOSYOU_CD"], []).append(int(quoted.of("PLAN")[0]["HOKENRYO"]))

    assert all(len(prices) == len(set(prices)) for prices in by_cover.values()), by_cover
    assert all(SAME_AS_CURRENT in prices for prices in by_cover.values())
    assert {"11": 1, "12": 4, "13": 1, "21": 6, "22": 2, "31": 8, "41": 3, "42": 2, "43": 3, "51": 2, "52": 3} | {
        "90": 1,
        "91": 1,
    } == {code: len(prices) for code, prices in by_cover.items()}


async def test_changes_are_the_whole_difference_and_none_is_a_reset(taro: "Customer") -> None:
    (dearer,) = (await taro.quotes(CAR, "02", c42="01", c31="10")).of("PLAN")
    (cheaper,) = (await taro.quotes(CAR, "02", c31="22")).of("PLAN")
    (again,) = (await taro.quotes(CAR, "02")).of("PLAN")

    assert int(cheaper["HOKENRYO"]) < SAME_AS_CURRENT < int(dearer["HOKENRYO"])
    assert ["1", "1", "0"] == [plan["HENKOU"] for plan in (dearer, cheaper, again)]
    assert str(SAME_AS_CURRENT) == again["HOKENRYO"]
    assert 3 == len({plan["SISAN_NO"] for plan in (dearer, cheaper, again)})


@pytest.mark.parametrize(
    ("plan", "changes", "field"),
    [
        ("04", {}, "PLAN_CD"),
        ("", {"c42": "01"}, "PLAN_CD"),
        ("02", {"c99": "01"}, "HOSYOU_CD"),
        ("02", {"c42": "09"}, "SENTAKU_CD"),
        ("02", {"c90": "01"}, "SENTAKU_CD"),
    ],
)
async def test_what_is_not_offered_is_refused(taro: "Customer", plan: str, changes: dict[str, str], field: str) -> None:
    answer = await taro.quotes(CAR, plan, **changes)

    assert ("56", field) == (answer.code, answer["KOUMOKU"])


async def test_somebody_elses_policy_is_quoted_like_an_unknown_one(taro: "Customer") -> None:
    foreign, unknown = await taro.quotes("B987654321"), await taro.quotes("Z000000000")

    assert ("65", foreign.first) == (unknown.code, unknown.first)


async def test_a_second_car_is_not_open_yet(taro: "Customer") -> None:
    assert "60" == (await taro.quotes("A123456790")).code


@pytest.mark.parametrize("order", [{}, {"yen_per_point": "dear"}, {"yen_per_point": None}])
async def test_an_order_that_says_no_price_is_a_bad_one(customer: "Customer", order: dict[str, object]) -> None:
    async with customer.http.post(customer.doors.control_url + "/_control/tariff", json=order) as answer:
        assert 400 == answer.status


async def test_a_revised_tariff_moves_every_premium(taro: "Customer") -> None:
    await taro.control("POST", "/_control/tariff", yen_per_point=41)

    (same,) = (await taro.quotes(CAR, "02")).of("PLAN")

    # 1451 * 41 = 59491, * 80 % = 47592, / 12 → 3960 each.
    assert "47520" == same["HOKENRYO"]


async def test_a_quote_outlives_its_session_but_not_its_fortnight(taro: "Customer") -> None:
    walk = await taro.walk(CAR, until="hosyou")
    taro.clock.advance(timedelta(days=13))
    await taro.sign_in("taro@example.jp", "Himawari2026")
    fresh = await taro.walk(CAR, until="hosyou")
    still_good = await taro.step(fresh, "hosyou", SISAN_NO=walk.quote["SISAN_NO"])
    taro.clock.advance(timedelta(days=1))
    await taro.sign_in("taro@example.jp", "Himawari2026")
    later = await taro.walk(CAR, until="hosyou")

    assert "00" == still_good.code
    assert "52" == (await taro.step(later, "hosyou", SISAN_NO=walk.quote["SISAN_NO"])).code


async def test_nothing_is_quoted_beyond_the_last_minute(customer: "Customer") -> None:
    await customer.sign_in("rider@example.jp")

    (plan,) = (await customer.quotes("C800000001", "02")).of("PLAN")

    assert "20261201160000" == plan["YUKOU_KIGEN"]
