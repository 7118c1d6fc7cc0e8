"""The agency's cases, riders, and the edges of time: MS-REN-03, MS-SCP-02, MS-HRS-01/02, MS-SES-01/02."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import aiohttp
import pytest

from insurers.mitsui_sumitomo.sandbox import personas
from insurers.sandbox import TOKYO, TestClock

if TYPE_CHECKING:
    from tests.adapters.mitsui_sumitomo.sandbox.conftest import Customer

SECOND = timedelta(seconds=1)

PAUSE = {"kaishi": "2026-12-31 21:00", "shuryo": "2027-01-03 05:00"}


async def come(customer: Customer, code: str) -> str:
    """Let a registered persona log in; answers the number of the first contract."""
    persona = next(one for one in personas.read().personas if one.code == code)
    assert persona.toroku_zumi
    heard = await customer.log_in(persona.toroku_zumi.user_id, persona.toroku_zumi.password)
    assert 200 == heard.status
    return str(persona.keiyaku[0]["shokenNo"])


async def rows(customer: Customer) -> dict[str, Any]:
    """The renewal list by number; JSON of many shapes, so its type is left open."""
    return {row["shokenNo"]: row for row in (await customer.done("GET", "/portal/keizoku"))["keizoku"]}


async def test_conditions_are_priced_before_anything_is_confirmed(taro: Customer) -> None:
    await taro.enter("0123456789")
    before = await taro.plan(1)

    tried = await taro.post("/eg1/kyotsu-joken", {"kakunin": False, "henko": {"untenshaGentei": "KAZOKU"}})
    priced = await taro.plan(1)
    early = await taro.post("/eg1/plan/1/kettei", {"shisanHash": priced["shisanHash"]})
    await taro.confirm_conditions()

    assert ("KAZOKU", False) == (tried.body["joken"]["untenshaGentei"], tried.body["kakuninZumi"])
    assert before["hokenryo"]["nenkanGokei"] < priced["hokenryo"]["nenkanGokei"]
    assert (409, "out-of-order") == early.said
    assert 200 == (await taro.post("/eg1/plan/1/kettei", {"shisanHash": priced["shisanHash"]})).status


async def test_what_is_changed_after_it_was_confirmed_is_confirmed_anew(taro: Customer) -> None:
    await taro.enter("0123456789")
    await taro.confirm_conditions()

    changed = await taro.post("/eg1/kyotsu-joken", {"kakunin": False, "henko": {"menkyoshoIro": "BLUE"}})

    assert not changed.body["kakuninZumi"]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        # The next term begins on 2026-12-30.
        ({"nenreiJoken": "35SAI", "saijakunenSeinengappi": "1991-12-30"}, (200, None)),
        ({"nenreiJoken": "35SAI", "saijakunenSeinengappi": "1991-12-31"}, (422, "conditions-contradict")),
        ({"saijakunenSeinengappi": "2005-01-01"}, (422, "conditions-contradict")),
        ({"nenreiJoken": "ZENNENREI", "saijakunenSeinengappi": "2005-01-01"}, (200, None)),
        ({"saijakunenSeinengappi": "2026-11-21"}, (422, "choice-unknown")),
    ],
)
async def test_the_youngest_driver_reaches_the_age_condition_by_the_next_term(
    taro: Customer, changes: dict[str, object], said: tuple[int, str | None]
) -> None:
    await taro.enter("0123456789")

    assert said == (await taro.confirm_conditions(**changes)).said


async def test_the_last_screen_and_the_contract_have_the_conditions_as_corrected(taro: Customer) -> None:
    await taro.enter("0123456789")
    await taro.confirm_conditions(shiyoMokuteki="TSUKIN_TSUGAKU")
    await taro.decide(1)
    await taro.answer_matters()

    final = (await taro.fill_in()).body
    paper = {name: final["shorui"][name] for name in ("shoruiId", "hansu", "sha256")}
    named = {"shisanHash": final["shisanHash"], "shorui": paper, "doi": True, "doiBunHash": final["doiBunHash"]}
    successor = (await taro.press(named)).body["keizokugoShokenNo"]

    assert "TSUKIN_TSUGAKU" == final["joken"]["shiyoMokuteki"]
    assert final["joken"] == (await taro.done("GET", f"/portal/keiyaku/{successor}"))["joken"]


async def test_another_car_is_the_agencys_by_the_insurers_records(customer: Customer) -> None:
    await customer.enter(await come(customer, "ms_needs_vehicle_change"))

    heard = await customer.confirm_conditions()

    assert ((403, "agency-only"), "okuruma") == (heard.said, heard.body["komoku"])
    assert "03-0000-0111" == heard.body["toriatsukaiDairiten"]["denwa"]


async def test_a_rider_that_was_declined_is_gone_and_renews_nothing(customer: Customer, clock: TestClock) -> None:
    number = await come(customer, "double_rider_at_ms")

    await customer.control("jitai", {"shokenNo": number})

    told = await customer.done("GET", f"/portal/keiyaku/{number}")
    assert ("NASHI", None) == (told["jidoKeizokuTokuyaku"], (await rows(customer))[number]["jidoKeizoku"])
    clock.advance(timedelta(days=40))
    await come(customer, "double_rider_at_ms")
    assert "UKETSUKE_SHURYO" == (await rows(customer))[number]["keizokuTetsuzuki"]["riyu"]


@pytest.mark.parametrize(
    ("number", "days"), [("0220000015", 0), ("0220000005", 0), ("0220000016", 23)], ids=["none", "renewed", "late"]
)
async def test_a_rider_is_declined_where_there_is_one_and_in_time(
    customer: Customer, clock: TestClock, number: str, days: int
) -> None:
    clock.advance(timedelta(days=days))

    with pytest.raises(AssertionError, match="no rider on it, or it is too late"):
        await customer.control("jitai", {"shokenNo": number})


async def test_an_accident_not_long_ago_is_the_agencys(customer: Customer) -> None:
    number = await come(customer, "any_accident_last_3_months")

    heard = await customer.post(f"/portal/keizoku/{number}/kaishi")

    assert {"FUKA", "JIKO"} <= set((await rows(customer))[number]["keizokuTetsuzuki"].values())
    assert ((403, "not-eligible"), "JIKO") == (heard.said, heard.body["riyu"])
    assert heard.body["toriatsukaiDairiten"]


async def test_a_rider_renews_at_maturity_what_nobody_did(customer: Customer, clock: TestClock) -> None:
    number = await come(customer, "ms_auto_renewal_rider")
    listed = await rows(customer)
    assert {"tokuyakuMei": "継続手続特約", "jitaiKigen": "2026-12-06 16:00"} == listed[number]["jidoKeizoku"]
    assert {"tokuyakuMei": "継続うっかり特約", "tsuikaKigen": "2026-12-10 16:00"} == listed["0220000006"][
        "keizokuUkkari"
    ]

    clock.set(datetime(2026, 12, 20, 15, 30, tzinfo=TOKYO))
    await come(customer, "ms_auto_renewal_rider")
    named = await customer.walk_to_the_button(number)
    clock.set(datetime(2026, 12, 20, 16, 0, tzinfo=TOKYO))
    pressed = await customer.press(named)
    entered = await customer.post(f"/portal/keizoku/{number}/kaishi")
    renewed = (await rows(customer))[number]

    for refused in (pressed, entered):
        assert ((409, "already-renewed"), "JIDO_KEIZOKU") == (refused.said, refused.body["riyu"])
        assert renewed["keizokugoShokenNo"] == refused.body["keizokugoShokenNo"]
    successor = await customer.done("GET", f"/portal/keiyaku/{renewed['keizokugoShokenNo']}")
    assert ("YUKO", "2026-12-20 16:00") == (successor["jotai"], successor["hokenKikan"]["shiki"])
    assert [] == (await customer.ask_control("ledger", method="GET"))["accepted"]


async def test_a_rider_does_nothing_where_the_customer_renewed(customer: Customer, clock: TestClock) -> None:
    number = await come(customer, "ms_auto_renewal_rider")
    accepted = await customer.press(await customer.walk_to_the_button(number))

    clock.set(datetime(2026, 12, 20, 16, 0, tzinfo=TOKYO))
    await come(customer, "ms_auto_renewal_rider")
    old = await customer.done("GET", f"/portal/keiyaku/{number}")

    assert accepted.body["keizokugoShokenNo"] == old["keizokugoShokenNo"]
    heard = await customer.post(f"/portal/keizoku/{number}/kaishi")
    assert ((409, "already-renewed"), "KEIZOKU_ZUMI") == (heard.said, heard.body["riyu"])


@pytest.mark.parametrize(
    ("persona", "was_done", "again"),
    [
        ("any_timeout_after_apply_accepted", (200, None), (201, None)),
        ("any_timeout_after_apply_not_accepted", (404, "application-unknown"), (201, None)),
    ],
)
async def test_the_first_application_may_end_in_silence_done_or_not(
    customer: Customer,
    persona: str,
    was_done: tuple[int, str | None],
    again: tuple[int, str | None],
) -> None:
    number = await come(customer, persona)
    named = await customer.walk_to_the_button(number)

    with pytest.raises(aiohttp.ClientError):
        await customer.press(named)

    assert was_done == (await customer.get("/portal/keizoku/moshikomi/key-1")).said
    assert again == (await customer.press(named)).said
    assert 1 == len((await customer.ask_control("ledger", method="GET"))["accepted"])


@pytest.mark.parametrize("persona", ["any_maturity_today_1559", "any_maturity_today_1601"])
async def test_on_the_day_of_maturity_the_last_second_counts(
    customer: Customer, other: Customer, clock: TestClock, persona: str
) -> None:
    four = clock().replace(hour=16)
    clock.set(four - SECOND)
    number = await come(customer, persona)
    named = await customer.walk_to_the_button(number)

    if persona.endswith("1559"):
        assert 201 == (await customer.press(named)).status
        return
    clock.set(four)
    late = await customer.press(named)
    clock.set(four + timedelta(minutes=1))
    shut = await customer.post(f"/portal/keizoku/{number}/kaishi")

    for refused in (late, shut):
        assert (409, "renewal-closed") == refused.said
        assert "03-0000-0111" == refused.body["toriatsukaiDairiten"]["denwa"]
    assert [] == (await customer.ask_control("ledger", method="GET"))["accepted"]


@pytest.mark.parametrize(("persona", "matured"), [("any_day7", "2026-11-13"), ("any_day8", "2026-11-12")])
async def test_what_matured_days_ago_is_still_listed_and_is_the_agencys(
    customer: Customer, clock: TestClock, persona: str, matured: str
) -> None:
    number = await come(customer, persona)
    row = (await rows(customer))[number]

    heard = await customer.post(f"/portal/keizoku/{number}/kaishi")

    assert matured == row["mankiBi"]
    assert {"FUKA", "UKETSUKE_SHURYO"} <= set(row["keizokuTetsuzuki"].values())
    assert (409, "renewal-closed") == heard.said
    assert heard.body["toriatsukaiDairiten"]
    clock.advance(timedelta(days=30))
    await come(customer, persona)
    assert {} == await rows(customer)


async def test_a_car_may_be_insured_elsewhere_too(customer: Customer) -> None:
    read = await customer.done("GET", f"/portal/keiyaku/{await come(customer, 'switch_ms_to_sj_double')}")

    assert "品川 500 す 77-01" == read["okuruma"]["torokuNo"]
    assert {"sei": "重複", "mei": "一台"} == read["keiyakusha"]["shimei"]


async def test_a_renewal_that_was_left_for_an_hour_is_begun_again_and_ends_the_same(
    customer: Customer, clock: TestClock
) -> None:
    number = await come(customer, "ms_session_60min")
    named = await customer.walk_to_the_button(number)

    clock.advance(timedelta(minutes=60))

    assert (401, "session-expired") == (await customer.press(named)).said
    await come(customer, "ms_session_60min")
    assert named == await customer.walk_to_the_button(number)
    assert 201 == (await customer.press(named)).status


async def test_on_sunday_the_last_application_is_taken_at_25_59(customer: Customer, clock: TestClock) -> None:
    clock.set(datetime(2026, 11, 23, 1, 59, 59, tzinfo=TOKYO))
    number = await come(customer, "ms_sunday_2601")
    named = await customer.walk_to_the_button(number)

    clock.set(datetime(2026, 11, 23, 2, 1, tzinfo=TOKYO))
    closed = await customer.press(named)
    asked = await customer.get("/portal/keizoku/moshikomi/key-1")
    clock.set(datetime(2026, 11, 23, 7, 0, tzinfo=TOKYO))
    await come(customer, "ms_sunday_2601")

    assert ((503, "closed"), "2026-11-23 07:00") == (closed.said, closed.body["saikaiNichiji"])
    assert ((503, "closed"), "2026-11-23 04:00") == (asked.said, asked.body["saikaiNichiji"])
    assert 201 == (await customer.press(await customer.walk_to_the_button(number))).status


@pytest.mark.parametrize(("told", "reopens"), [(True, "2027-01-03 07:00"), (False, None)])
async def test_at_the_turn_of_the_year_e_g1_pauses_and_need_not_say_until_when(
    customer: Customer, clock: TestClock, told: bool, reopens: str | None
) -> None:
    await customer.control("kyushi", PAUSE | {"annai": told})
    clock.set(datetime(2026, 12, 31, 20, 59, tzinfo=TOKYO))
    number = await come(customer, "ms_year_end")
    named = await customer.walk_to_the_button(number)

    clock.set(datetime(2026, 12, 31, 21, 0, tzinfo=TOKYO))
    closed = await customer.press(named)

    assert ((503, "closed"), "EG1", reopens) == (closed.said, closed.body["service"], closed.body["saikaiNichiji"])
    assert 200 == (await customer.get(f"/portal/keiyaku/{number}")).status
    clock.set(datetime(2027, 1, 3, 7, 0, tzinfo=TOKYO))
    await come(customer, "ms_year_end")
    assert 201 == (await customer.press(await customer.walk_to_the_button(number))).status


async def test_the_night_before_a_pause_knows_of_it(customer: Customer, clock: TestClock) -> None:
    await customer.control("kyushi", {"kaishi": "2026-12-31 07:00", "shuryo": "2027-01-04 12:00", "annai": True})
    clock.set(datetime(2026, 12, 31, 3, 0, tzinfo=TOKYO))

    assert "2027-01-04 12:00" == (await customer.get("/eg1/plan")).body["saikaiNichiji"]


@pytest.mark.parametrize(
    ("ends", "told"),
    [("2027-01-03 07:00:40", "2027-01-03 07:01"), ("2027-01-03 07:00:00", "2027-01-03 07:00")],
)
async def test_at_the_time_that_is_told_it_is_open(customer: Customer, clock: TestClock, ends: str, told: str) -> None:
    await customer.control("kyushi", PAUSE | {"shuryo": ends, "annai": True})
    clock.set(datetime(2027, 1, 3, 6, 59, 59, tzinfo=TOKYO))

    closed = await customer.get("/eg1/plan")

    assert ((503, "closed"), told) == (closed.said, closed.body["saikaiNichiji"])
    clock.set(datetime.fromisoformat(f"{told}+09:00"))
    assert 503 != (await customer.get("/eg1/plan")).status
