"""The eleven steps at Sompo's sandbox: in order, every tick, or not at all."""

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from .conftest import Customer

CAR = "A123456789"
CODES = {"jizen": "03", "kihon": "04", "hosyou": "05", "syousai": "06", "kettei": "07", "siharai": "08", "juyou": "09"}


async def test_the_steps_are_told_before_they_begin(taro: "Customer") -> None:
    answer = await taro.ask("/koukai/tejyun", SYOKEN_NO=CAR)

    assert "8" == answer["KENSUU"]
    assert ["03", "04", "05", "06", "07", "08", "09", "10"] == [step["STEP_CD"] for step in answer.of("STEP")]
    assert (9, 1) == (len(answer.of("KOUMOKU", SYUBETU="10")), len(answer.of("KOUMOKU", SYUBETU="20")))
    shown = {(line["STEP_CD"], line["MEISYO"]): line["ATAI"] for line in answer.of("HYOJI")}
    assert "本人・配偶者限定" == shown["04", "運転者の限定"]
    assert "35歳以上補償" == shown["04", "運転者年齢条件"]
    assert "見本物産グループ団体扱" == shown["08", "団体名"]
    assert "2027年01月05日午後4時から2028年01月05日午後4時まで" == shown["10", "更新後の保険期間"]
    (must_open,) = answer.of("SYORUI", HISSU="1")
    assert ("09", "JY-202610-00") == (must_open["STEP_CD"], must_open["SYORUI_NO"])
    assert ["10", "20", "30"] == [choice["ATAI"] for choice in answer.of("SENTAKUSI", KOUMOKU_CD="ANNAI_CD")]


async def test_declarations_and_ticks_are_never_filled_in_beforehand(taro: "Customer") -> None:
    answer = await taro.ask("/koukai/tejyun", SYOKEN_NO=CAR)

    on_file = {ask["KOUMOKU_CD"]: ask["GENZAI_ATAI"] for ask in answer.of("KOUMOKU") if ask["GENZAI_ATAI"]}
    assert {"MENKYO_KOUSIN_YM": "R10.02", "SAIJYAKUNEN_YMD": "S52.03.03"} == on_file


async def test_the_walk_shows_at_its_end_what_would_be_signed(taro: "Customer") -> None:
    walk = await taro.walk(CAR, until="kettei", plan="03")
    decided = await taro.step(walk, "kettei")
    await taro.step(walk, "siharai")
    await taro.open_paper(walk)
    ready = await taro.step(walk, "juyou")

    assert ("充実プラン", walk.quote["HOKENRYO"], "08") == (
        decided["PLAN_MEI"],
        decided["HOKENRYO"],
        decided["TUGI_STEP"],
    )
    assert {
        "SISAN_NO": walk.quote["SISAN_NO"],
        "PLAN_MEI": "充実プラン",
        "HOKENRYO": walk.quote["HOKENRYO"],
        "SYORUI_NO": walk.paper["SYORUI_NO"],
        "SHA256": walk.paper["SHA256"],
        "TUGI_STEP": "10",
    }.items() <= ready.first.items()
    assert "20" == (await taro.renewal(CAR))["KOUSIN_JYOTAI"]


@pytest.mark.parametrize("due", CODES)
async def test_only_the_step_that_is_due_is_taken(taro: "Customer", due: str) -> None:
    walk = await taro.walk(CAR, until=due)
    others = [name for name in CODES if name != due]

    heard = [await taro.step(walk, name) for name in others]
    heard.append(await taro.apply(walk))

    assert {("72", CODES[due])} == {(answer.code, answer["GENZAI_STEP"]) for answer in heard}


@pytest.mark.parametrize(
    ("name", "tick"),
    [
        ("jizen", "KAKUNIN_01"),
        ("kihon", "KAKUNIN_02"),
        ("kihon", "POPUP_OK"),
        ("kihon", "KAKUNIN_03"),
        ("hosyou", "KAKUNIN_04"),
        ("syousai", "KAKUNIN_05"),
        ("kettei", "KAKUNIN_06"),
        ("siharai", "KAKUNIN_07"),
        ("juyou", "KAKUNIN_08"),
        ("juyou", "KAKUNIN_09"),
    ],
)
async def test_every_tick_is_wanted(taro: "Customer", name: str, tick: str) -> None:
    walk = await taro.walk(CAR, until=name)
    if name == "juyou":
        await taro.open_paper(walk)

    without = await taro.step(walk, name, **{tick: ""})
    unticked = await taro.step(walk, name, **{tick: "0"})
    ticked = await taro.step(walk, name)

    assert [("54", tick)] * 2 == [(answer.code, answer["KOUMOKU"]) for answer in (without, unticked)]
    assert "00" == ticked.code


async def test_the_important_matters_must_be_opened_in_the_procedure(taro: "Customer") -> None:
    walk = await taro.walk(CAR, until="juyou")

    unopened = await taro.step(walk, "juyou")
    await taro.open_paper(walk)

    assert "55" == unopened.code
    assert "00" == (await taro.step(walk, "juyou")).code


async def test_another_edition_than_the_one_in_force_is_refused(taro: "Customer") -> None:
    walk = await taro.walk(CAR, until="juyou")
    await taro.open_paper(walk)
    await taro.control("POST", "/_control/important-matters")

    refused = await taro.step(walk, "juyou")
    forged = await taro.step(walk, "juyou", SYORUI_NO="JY-202610-01")

    assert ("53", "JY-202610-01") == (refused.code, refused["SYORUI_NO"])
    assert "53" == forged.code


@pytest.mark.parametrize("declaration", ["KOKUTI_GAITOU", "TUUTI_GAITOU"])
async def test_a_declaration_that_applies_goes_to_the_agency(taro: "Customer", declaration: str) -> None:
    walk = await taro.walk(CAR, until="juyou")
    await taro.open_paper(walk)

    referred = await taro.step(walk, "juyou", **{declaration: "1"})

    assert ("63", "03", "S1001") == (referred.code, referred["RIYUU_CD"], referred["DAIRITEN_CD"])
    assert "71" == (await taro.step(walk, "juyou")).code
    assert "20" == (await taro.renewal(CAR))["KOUSIN_JYOTAI"]


async def test_declarations_must_be_answered(taro: "Customer") -> None:
    walk = await taro.walk(CAR, until="juyou")
    await taro.open_paper(walk)

    answer = await taro.step(walk, "juyou", KOKUTI_GAITOU="", TUUTI_GAITOU="")

    assert ("10", "KOKUTI_GAITOU,TUUTI_GAITOU") == (answer.code, answer["KOUMOKU"])


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"MENKYO_KOUSIN_YM": "R08.10"}, "MENKYO_KOUSIN_YM"),
        ({"MENKYO_KOUSIN_YM": "R14.12"}, "MENKYO_KOUSIN_YM"),
        ({"MENKYO_KOUSIN_YM": "202802"}, "MENKYO_KOUSIN_YM"),
        ({"SAIJYAKUNEN_YMD": "R08.11.21"}, "SAIJYAKUNEN_YMD"),
        ({"SAIJYAKUNEN_YMD": "S64.01.08"}, "SAIJYAKUNEN_YMD"),
    ],
)
async def test_details_out_of_range_are_refused(taro: "Customer", fields: dict[str, str], told: str) -> None:
    walk = await taro.walk(CAR, until="syousai")

    answer = await taro.step(walk, "syousai", **fields)

    assert ("10", told) == (answer.code, answer["KOUMOKU"])


@pytest.mark.parametrize(("born", "code"), [("H04.01.05", "00"), ("H04.01.06", "57")])
async def test_the_youngest_driver_must_fit_the_age_condition_at_inception(
    taro: "Customer", born: str, code: str
) -> None:
    """35 and over, for a term that begins on 2027-01-05."""
    walk = await taro.walk(CAR, until="syousai")

    assert code == (await taro.step(walk, "syousai", SAIJYAKUNEN_YMD=born)).code


async def test_a_procedure_is_worth_nothing_in_another_session(taro: "Customer") -> None:
    walk = await taro.walk(CAR, until="kihon")
    await taro.sign_in("taro@example.jp", "Himawari2026")

    assert "71" == (await taro.step(walk, "kihon")).code


async def test_a_procedure_begins_only_for_the_term_that_is_meant(taro: "Customer") -> None:
    answer = await taro.ask("/koukai/kaisi", SYOKEN_NO=CAR, SIKI_YMD="20270105")

    assert ("10", "SIKI_YMD") == (answer.code, answer["KOUMOKU"])


async def test_a_premium_that_moved_is_refused_at_the_plan(taro: "Customer") -> None:
    walk = await taro.walk(CAR, until="hosyou")
    await taro.control("POST", "/_control/tariff", yen_per_point=41)

    assert "51" == (await taro.step(walk, "hosyou")).code
