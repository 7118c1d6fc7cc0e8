"""Quotes for a car that another insurer covers, as WIRE.md §16 has them: MS-REN-04, 05, 07, MS-HRS-01, MS-VID-03."""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import insurers.mitsui_sumitomo
from insurers.mitsui_sumitomo.sandbox.models import MODELS, Model, full_years
from insurers.sandbox import TestClock

if TYPE_CHECKING:
    from tests.adapters.mitsui_sumitomo.sandbox.conftest import Customer, Heard

WIRE = (Path(insurers.mitsui_sumitomo.__file__).parent / "WIRE.md").read_text(encoding="utf-8")

WANTED = {
    "TAIBUTSU_KINGAKU": "MUSEIGEN",
    "TAIBUTSU_CHOKA": "ARI",
    "JINSHIN_KINGAKU": "3000MAN",
    "SHARYO_KATA": "10GENTEI",
    "SHARYO_MENSEKI": "5-10",
    "BENGOSHI": "JIDOSHA",
}
RISK: dict[str, Any] = {
    "hokenShiki": "2027-01-04",
    "okuruma": {
        "katashiki": "MHN10",
        "shamei": "ハイランダ",
        "shodoToroku": "2021-06",
        "yotoShashu": "自家用普通乗用車",
    },
    "untensha": {"untenshaGentei": "FUFU", "nenreiJoken": "35SAI", "saijakunenSeinengappi": "1977-03-03"},
    "shiyoMokuteki": "NICHIJO_LEISURE",
    "zenKeiyaku": {"tokyu": 15, "jikoAriKikan": 0, "manki": "2027-01-04"},
    "menkyoshoIro": "GOLD",
    "hosho": WANTED,
    "dantaiMei": "見本物産グループ団体扱",
    "planNo": None,
    "henko": {},
    "betsuan": [],
}


PARTS = frozenset({"okuruma", "untensha", "zenKeiyaku"})


@pytest.fixture
async def sumiko(customer: Customer) -> Customer:
    await customer.log_in("sumiko@example.jp", "Sandbox-1")
    return customer


def risk(**told: Any) -> dict[str, object]:
    """The risk, with some of it told otherwise; what is a part of it is put into that part."""
    parts = {name: RISK[name] | part for name, part in told.items() if name in PARTS}
    return RISK | told | parts


async def ask(customer: Customer, **told: Any) -> Heard:
    return await customer.post("/portal/mitsumori", risk(**told))


async def quoted(customer: Customer, **told: Any) -> Any:
    heard = await ask(customer, **told)
    assert 200 == heard.status, heard.body
    return heard.body


def differing(plan: Any) -> set[tuple[str, str, str, str]]:
    return {(one["komoku"], one["kibo"], one["teiji"], one["riyu"]) for one in plan["sai"]}


async def test_three_plans_are_indications_for_a_term_that_begins_when_the_other_ends(sumiko: Customer) -> None:
    answer = await quoted(sumiko)
    plans = answer["plan"]

    # By hand from WIRE.md §11 and §16.3, class 8, grade 16, value 1,950,000 (five years, half of 3,900,000):
    # 64,000 × 700 × 920 × 930 × 880 ‰ = 33,730; + 3,900 + 480 + 5,400 + 1,900 + 21,450; × 850 ‰.
    assert 56_830 == plans[0]["hokenryo"]["nenkanGokei"]
    assert {"shiki": "2027-01-04 16:00", "manki": "2028-01-04 16:00"} == answer["hokenKikan"]
    assert {"tokyu": 16, "jikoAriKikan": 0, "zantei": True} == answer["tokyu"]
    assert [(1, False), (2, True), (3, False)] == [(plan["planNo"], plan["osusume"]) for plan in plans]
    assert {("GAISAN", None, "KYUYO_KOJO", 12)} == {
        tuple(plan["hokenryo"][name] for name in ("seishitsu", "genkeiyakuSa", "haraikomiHoho", "haraikomiKaisu"))
        for plan in plans
    }
    assert {"2026-12-20 26:30"} == {plan["hokenryo"]["yukoKigen"] for plan in plans}
    assert set() == differing(plans[0])
    assert {"TOKYU_ZANTEI", "SHARYO_KAGAKU", "KOKUCHI", "DANTAI_JOKEN"} == {one["code"] for one in answer["zentei"]}
    assert answer["setsumeiDoga"]["url"] is None


async def test_what_is_recommended_otherwise_says_so(sumiko: Customer) -> None:
    least = (await quoted(sumiko))["plan"][2]

    assert {("SHARYO_MENSEKI", "5-10", "10-10", "PLAN")} == differing(least)


async def test_one_plan_is_edited_and_varied_at_once_and_nothing_of_it_stays(sumiko: Customer) -> None:
    plain = await quoted(sumiko, planNo=1)
    varied = await quoted(
        sumiko,
        planNo=1,
        henko={"RENTAL": "5000"},
        betsuan=[{"RENTAL": "7000"}, {"RENTAL": "9000"}, {"SHARYO_KATA": "NASHI"}],
    )
    more, nothing, bare = varied["betsuan"]
    prices = [plan["hokenryo"]["nenkanGokei"] for plan in (bare, plain["plan"][0], varied["plan"][0], more)]

    assert sorted(set(prices)) == prices
    assert nothing is None
    assert varied["plan"][0]["henkoZumi"]
    assert set() == differing(more)
    assert plain == await quoted(sumiko, planNo=1)


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"shiyoMokuteki": "GYOMU"}, (409, "referred-to-agency")),
        ({"hokenShiki": "2026-11-19"}, (422, "term-not-quotable")),
        ({"hokenShiki": "2027-11-22"}, (422, "term-not-quotable")),
        ({"hokenShiki": "2027-01-03"}, (422, "term-not-quotable")),
        ({"okuruma": {"katashiki": "MKL99"}}, (422, "model-unknown")),
        ({"okuruma": {"yotoShashu": "自家用軽四輪乗用車"}}, (422, "conditions-contradict")),
        ({"okuruma": {"shodoToroku": "2021-13"}}, (422, "choice-unknown")),
        ({"untensha": {"nenreiJoken": "30SAI"}}, (422, "choice-unknown")),
        ({"untensha": {"saijakunenSeinengappi": "1992-01-05"}}, (422, "conditions-contradict")),
        ({"zenKeiyaku": {"tokyu": 21}}, (422, "choice-unknown")),
        ({"zenKeiyaku": {"tokyu": 3, "jikoAriKikan": 1}}, (422, "risk-refused")),
        ({"hosho": {"TAIBUTSU_KINGAKU": "5000MAN"}}, (422, "choice-unknown")),
        ({"hosho": {"SHARYO_MENSEKI": "5-10"}}, (422, "choice-not-applicable")),
        ({"planNo": 4}, (404, "plan-unknown")),
        ({"planNo": 1, "henko": {"TAIJIN": "NASHI"}}, (422, "choice-unknown")),
        ({"henko": {"RENTAL": "5000"}}, (400, "bad-request")),
        ({"okuruma": {"torokuNo": "品川 300 あ 12-34"}}, (400, "bad-request")),
    ],
)
async def test_what_is_not_quoted_for_is_refused_for_its_reason(
    sumiko: Customer, told: dict[str, object], said: tuple[int, str]
) -> None:
    assert said == (await ask(sumiko, **told)).said


async def test_business_use_names_the_agency(sumiko: Customer) -> None:
    heard = await ask(sumiko, shiyoMokuteki="GYOMU")

    assert ("GYOMU", "03-0000-0111") == (heard.body["riyu"], heard.body["toriatsukaiDairiten"]["denwa"])


@pytest.mark.parametrize(
    ("told", "departed"),
    [
        ({"untensha": {"untenshaGentei": "HONNIN"}}, ("untenshaGentei", "HONNIN", "FUFU", "SHINKI_GAI")),
        ({"dantaiMei": "見本電機グループ団体扱"}, ("dantaiMei", "見本電機グループ団体扱", "NASHI", "DANTAI_GAI")),
        ({"zenKeiyaku": {"manki": "2026-12-27"}}, ("tokyu", "15", "6", "TOKYU_KIKAN")),
        ({"zenKeiyaku": {"manki": "2026-12-27", "tokyu": 5}}, ("tokyu", "5", "5", "TOKYU_KIKAN")),
        ({"okuruma": {"shodoToroku": "2011-01"}}, ("SHARYO_KATA", "10GENTEI", "NASHI", "SHARYO_NENSU")),
    ],
)
async def test_what_is_offered_otherwise_says_why(
    sumiko: Customer, told: dict[str, object], departed: tuple[str, ...]
) -> None:
    for plan in (await quoted(sumiko, **told))["plan"]:
        assert departed in differing(plan)


async def test_a_group_that_is_not_handled_has_no_discount_and_pays_at_once(sumiko: Customer) -> None:
    ours = (await quoted(sumiko, planNo=1))["plan"][0]["hokenryo"]
    others = await quoted(sumiko, planNo=1, dantaiMei="見本電機グループ団体扱")
    theirs = others["plan"][0]["hokenryo"]

    assert others["dantai"] is None
    assert ours["nenkanGokei"] < theirs["nenkanGokei"]
    assert ("KOZA_FURIKAE", 1) == (theirs["haraikomiHoho"], len(theirs["bunkatsu"]))


async def test_an_old_car_cannot_be_edited_into_own_damage_cover(sumiko: Customer) -> None:
    old = {"shodoToroku": "2011-01"}
    plan = (await quoted(sumiko, planNo=1, okuruma=old))["plan"][0]
    choices = {row["komoku"]: [one["code"] for one in row["sentakushi"]] for row in plan["henkoKomoku"]}

    assert ["NASHI"] == choices["SHARYO_KATA"]
    assert (422, "choice-not-applicable") == (
        await ask(sumiko, planNo=1, okuruma=old, henko={"SHARYO_KATA": "IPPAN"})
    ).said


async def test_the_last_day_of_the_carry_over_is_the_seventh(sumiko: Customer) -> None:
    in_time = await quoted(sumiko, zenKeiyaku={"manki": "2026-12-28"})

    assert 16 == in_time["tokyu"]["tokyu"]


async def test_only_plan_three_is_recommended_while_an_accident_term_runs(sumiko: Customer) -> None:
    answer = await quoted(sumiko, zenKeiyaku={"jikoAriKikan": 2})

    assert [(3, True)] == [(plan["planNo"], plan["osusume"]) for plan in answer["plan"]]
    assert "プラン3" in answer["setsumeiDoga"]["fukaRiyu"]
    assert (404, "plan-unknown") == (await ask(sumiko, zenKeiyaku={"jikoAriKikan": 2}, planNo=1)).said


async def test_what_is_not_told_is_assumed_and_said_to_be(sumiko: Customer) -> None:
    answer = await quoted(
        sumiko, menkyoshoIro=None, hosho=None, dantaiMei=None, untensha={"saijakunenSeinengappi": None}
    )

    assert {"MENKYOSHO_KATEI", "HOSHO_KATEI", "SAIJAKUNEN_KATEI"} <= {one["code"] for one in answer["zentei"]}
    assert ("BLUE", "1992-01-04") == (answer["joken"]["menkyoshoIro"], answer["joken"]["saijakunenSeinengappi"])
    assert [set(), set(), set()] == [differing(plan) for plan in answer["plan"]]


async def test_a_quote_needs_an_account_and_e_g1_to_be_open(
    sumiko: Customer, other: Customer, clock: TestClock
) -> None:
    assert (401, "not-logged-in") == (await ask(other)).said
    clock.set(clock().replace(hour=2, minute=30) + timedelta(days=1))

    closed = await ask(sumiko)

    assert ((503, "closed"), "EG1", "2026-11-21 07:00") == (
        closed.said,
        closed.body["service"],
        closed.body["saikaiNichiji"],
    )


def test_the_models_are_those_of_the_table() -> None:
    rows = re.findall(r"^\| `([A-Z0-9-]+)` \| (\S+) \| (自家用\S+) \| (\d+) \| ([\d,]+) \|$", WIRE, re.MULTILINE)

    assert MODELS == {
        code: Model(name, kind, int(rating_class), int(yen.replace(",", "")))
        for code, name, kind, rating_class, yen in rows
    }


def test_every_car_of_every_sandbox_is_a_model() -> None:
    """Another insurer's customers are asked for here, and this one's there."""
    files = Path(insurers.mitsui_sumitomo.__file__).parents[1].glob("*/sandbox/personas.json")
    texts = [file.read_text(encoding="utf-8") for file in files]
    models = {code for text in texts for code in re.findall(r'"(?:model|katashiki)": "([^"]+)"', text)}

    assert 1 < len(texts)
    # A model that few know is there to be refused.
    assert {"MKL99"} >= models - MODELS.keys()


@pytest.mark.parametrize(
    ("first", "on", "years"),
    [
        (date(2021, 6, 1), date(2027, 1, 4), 5),
        (date(2022, 1, 1), date(2027, 1, 4), 5),
        (date(2027, 6, 1), date(2027, 1, 4), 0),
    ],
)
def test_years_are_full(first: date, on: date, years: int) -> None:
    assert years == full_years(first, on)


def test_a_cars_value_falls_to_a_tenth_and_no_further() -> None:
    assert [3_900_000, 1_950_000, 350_000, 350_000] == [MODELS["MHN10"].value(years) for years in (0, 5, 9, 30)]
