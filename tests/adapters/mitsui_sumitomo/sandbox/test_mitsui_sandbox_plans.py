"""e-G1 stage 1: conditions, plans, edits and prices: MS-REN-02…07, MS-VID-01…04, MS-SCP-02."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from insurers.mitsui_sumitomo.sandbox.choices import ITEMS
from insurers.sandbox import TestClock

if TYPE_CHECKING:
    from tests.adapters.mitsui_sumitomo.sandbox.conftest import Customer

CAR = "0123456789"
EVERY_EDIT = [(item, code) for item, offered in ITEMS.items() for code in offered.choices]


@pytest.fixture
async def inside(taro: Customer) -> Customer:
    await taro.enter(CAR)
    return taro


async def test_a_ticket_opens_once_and_soon(taro: Customer, clock: TestClock) -> None:
    first = (await taro.done("POST", f"/portal/keizoku/{CAR}/kaishi"))["kippu"]
    second = (await taro.done("POST", f"/portal/keizoku/{CAR}/kaishi"))["kippu"]
    await taro.done("POST", "/eg1/nyujo", {"kippu": first})
    clock.advance(timedelta(minutes=5))

    assert (401, "ticket-invalid") == (await taro.post("/eg1/nyujo", {"kippu": first})).said
    assert (401, "ticket-invalid") == (await taro.post("/eg1/nyujo", {"kippu": second})).said


async def test_the_door_tells_the_last_visit(taro: Customer) -> None:
    first = await taro.enter(CAR)
    second = await taro.enter(CAR)

    assert first["zenkaiLoginNichiji"] is None
    assert "2026-11-20 10:00" == second["zenkaiLoginNichiji"]
    assert {"shiki": "2026-12-30 16:00", "manki": "2027-12-30 16:00"} == first["jikiHokenKikan"]


async def test_the_film_outlives_the_visit_and_not_the_contract(
    taro: Customer, other: Customer, clock: TestClock
) -> None:
    film = (await taro.enter(CAR))["setsumeiDoga"]
    path = film["url"].removeprefix(other.address.url)
    assert 300 == film["byosu"]

    clock.advance(timedelta(hours=2))
    assert "人身傷害" in (await other.get(path)).raw.decode()
    await taro.log_in_easily()
    assert film == (await taro.enter(CAR))["setsumeiDoga"]

    clock.set(clock().replace(month=12, day=30, hour=16, minute=0))
    assert 404 == (await other.get(path)).status


async def test_plan_three_alone_has_no_film(customer: Customer) -> None:
    await customer.register("ms_plan3_only")
    entered = await customer.enter("0200000014")
    plans = (await customer.done("GET", "/eg1/plan"))["plan"]

    assert entered["setsumeiDoga"]["url"] is None
    assert "プラン3" in entered["setsumeiDoga"]["fukaRiyu"]
    assert [(3, True)] == [(plan["planNo"], plan["osusume"]) for plan in plans]


async def test_an_e_g1_session_dies_by_itself_after_sixty_minutes(inside: Customer, clock: TestClock) -> None:
    clock.advance(timedelta(minutes=30))
    await inside.done("GET", "/portal/keiyaku")
    clock.advance(timedelta(minutes=30))

    assert (401, "session-expired") == (await inside.get("/eg1/plan")).said
    assert 200 == (await inside.get("/portal/keiyaku")).status


async def test_conditions_change_the_price_and_drop_the_edits(inside: Customer) -> None:
    before = await inside.plan(1)
    await inside.done("PUT", "/eg1/plan/1/henko", {"henko": {"RENTAL": "7000"}})

    changed = await inside.confirm_conditions(menkyoshoIro="BLUE")
    after = await inside.plan(1)

    assert "BLUE" == changed.body["joken"]["menkyoshoIro"]
    assert changed.body["kakuninZumi"]
    assert before["hokenryo"]["nenkanGokei"] < after["hokenryo"]["nenkanGokei"]
    assert ("KETTEI", False) == (after["botan"], after["henkoZumi"])


async def test_conditions_confirmed_as_shown_leave_the_edits(inside: Customer) -> None:
    await inside.done("PUT", "/eg1/plan/1/henko", {"henko": {"RENTAL": "7000"}})

    await inside.confirm_conditions(menkyoshoIro="GOLD")

    assert "SAIKEISAN" == (await inside.plan(1))["botan"]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"okuruma": {"torokuNo": "品川 300 あ 99-99"}}, (403, "agency-only")),
        ({"keiyakusha": {}}, (403, "agency-only")),
        ({"menkyoshoIro": "PURPLE"}, (422, "choice-unknown")),
        ({"menkyoshoIro": ["GOLD"]}, (422, "choice-unknown")),
        ({"saijakunenSeinengappi": "someday"}, (422, "choice-unknown")),
        ({"color": "GOLD"}, (422, "choice-unknown")),
    ],
)
async def test_a_condition_is_refused_for_its_reason(
    inside: Customer, changes: dict[str, object], said: tuple[int, str]
) -> None:
    assert said == (await inside.confirm_conditions(**changes)).said


async def test_unconfirmed_conditions_are_not_taken_for_confirmed(inside: Customer) -> None:
    heard = await inside.post("/eg1/kyotsu-joken", {"kakunin": False, "henko": {}})
    plan = await inside.plan(1)
    decided = await inside.post("/eg1/plan/1/kettei", {"shisanHash": plan["shisanHash"]})

    assert (422, "confirmation-missing") == heard.said
    assert (409, "out-of-order") == decided.said


async def test_three_plans_are_indications_for_the_next_term(inside: Customer) -> None:
    plans = (await inside.done("GET", "/eg1/plan"))["plan"]

    assert [(1, False, True), (2, True, False), (3, False, False)] == [
        (plan["planNo"], plan["osusume"], plan["genkeiyakuDoitsu"]) for plan in plans
    ]
    # By hand from WIRE.md §11, grade 16: 61,000 × 700 × 920 × 930 × 880 ‰ = 32,149; + 14,040 + 20,900; × 850 ‰.
    assert 57_020 == plans[0]["hokenryo"]["nenkanGokei"]
    assert 57_020 - 58_190 == plans[0]["hokenryo"]["genkeiyakuSa"]
    assert {"GAISAN"} == {plan["hokenryo"]["seishitsu"] for plan in plans}
    assert plans[2]["hokenryo"]["nenkanGokei"] < 57_020 < plans[1]["hokenryo"]["nenkanGokei"]
    assert 3 == len({plan["shisanHash"] for plan in plans})


@pytest.mark.parametrize(("item", "code"), EVERY_EDIT)
async def test_each_edit_changes_the_price(inside: Customer, item: str, code: str) -> None:
    before = await inside.plan(1)
    present = next(row["genzai"] for row in before["henkoKomoku"] if row["komoku"] == item)

    edited = await inside.done("PUT", "/eg1/plan/1/henko", {"henko": {item: code}})
    priced = await inside.done("POST", "/eg1/plan/1/saikeisan")

    same = code == present
    assert ("KETTEI" if same else "SAIKEISAN") == edited["botan"]
    assert same == (before["hokenryo"]["nenkanGokei"] == priced["hokenryo"]["nenkanGokei"])
    assert same == (before["shisanHash"] == priced["shisanHash"])


async def test_an_edited_plan_has_no_price_until_it_is_quoted_again(inside: Customer) -> None:
    await inside.confirm_conditions()
    first = await inside.plan(1)

    edited = await inside.done("PUT", "/eg1/plan/1/henko", {"henko": {"JINSHIN_KINGAKU": "1OKU"}})
    decided = await inside.post("/eg1/plan/1/kettei", {"shisanHash": first["shisanHash"]})
    quoted = await inside.done("POST", "/eg1/plan/1/saikeisan")
    stale = await inside.post("/eg1/plan/1/kettei", {"shisanHash": first["shisanHash"]})
    fresh = await inside.post("/eg1/plan/1/kettei", {"shisanHash": quoted["shisanHash"]})

    assert (None, None, None) == (edited["hokenryo"], edited["shisanHash"], edited["shisanNichiji"])
    assert (409, "plan-not-requoted") == decided.said
    assert (409, "premium-changed") == stale.said
    assert {"dankai": "JUYO_JIKO"} == fresh.body


async def test_reset_leads_back_to_the_initial_settings(inside: Customer) -> None:
    first = await inside.plan(2)
    await inside.done("PUT", "/eg1/plan/2/henko", {"henko": {"SHARYO_KATA": "NASHI", "RENTAL": "7000"}})

    reset = await inside.done("POST", "/eg1/plan/2/reset")

    assert first == reset


async def test_the_same_edits_in_a_fresh_visit_have_the_same_hash(inside: Customer) -> None:
    hashes = set()
    for _ in range(2):
        await inside.enter(CAR)
        await inside.done("PUT", "/eg1/plan/1/henko", {"henko": {"RENTAL": "5000"}})
        hashes.add((await inside.done("POST", "/eg1/plan/1/saikeisan"))["shisanHash"])

    assert 1 == len(hashes)


async def test_without_own_damage_there_is_no_deductible(inside: Customer) -> None:
    bare = await inside.done("PUT", "/eg1/plan/1/henko", {"henko": {"SHARYO_KATA": "NASHI"}})
    refused = await inside.call("PUT", "/eg1/plan/1/henko", {"henko": {"SHARYO_MENSEKI": "0-10"}})
    covered = await inside.done("PUT", "/eg1/plan/1/henko", {"henko": {"SHARYO_KATA": "IPPAN"}})
    own_damage = next(row for row in covered["hosho"] if row["code"] == "SHARYO")

    assert "SHARYO_MENSEKI" not in {row["komoku"] for row in bare["henkoKomoku"]}
    assert (422, "choice-not-applicable") == refused.said
    assert {"shokai": 50_000, "nikaime": 100_000} == own_damage["menseki"]


@pytest.mark.parametrize("edits", [{"RENTAL": "9000"}, {"TAIJIN": "NASHI"}, {"RENTAL": "7000", "ROAD": "NASHI"}])
async def test_an_unknown_choice_changes_nothing(inside: Customer, edits: dict[str, str]) -> None:
    before = await inside.plan(1)

    heard = await inside.call("PUT", "/eg1/plan/1/henko", {"henko": edits})

    assert (422, "choice-unknown") == heard.said
    assert before == await inside.plan(1)


async def test_ten_gentei_leaves_out_poles_and_falling(inside: Customer) -> None:
    plan = await inside.plan(1)
    own_damage = next(row for row in plan["hosho"] if row["code"] == "SHARYO")

    assert "10GENTEI" == own_damage["kata"]
    assert {"DENCHU_GUARDRAIL", "TENPUKU_TSUIRAKU"} == {
        peril["code"] for peril in own_damage["jikoKeitai"] if peril["hosho"] == "NASHI"
    }


async def test_a_plan_that_is_not_offered_is_unknown(inside: Customer) -> None:
    assert (404, "plan-unknown") == (await inside.post("/eg1/plan/4/saikeisan")).said
