"""e-G1 stages 2 and 3 and the application: MS-REN-08…15, MS-SES-01."""

from __future__ import annotations

import asyncio
import hashlib
from typing import TYPE_CHECKING

import aiohttp
import pytest

from insurers.sandbox import TestClock

if TYPE_CHECKING:
    from tests.adapters.mitsui_sumitomo.sandbox.conftest import Customer, Letterbox

CAR = "0123456789"


async def test_the_straight_road_leads_to_the_successor(taro: Customer, letterbox: Letterbox) -> None:
    named = await taro.walk_to_the_button(CAR, plan_number=2)

    accepted = await taro.press(named)
    successor = accepted.body["keizokugoShokenNo"]
    old = await taro.done("GET", f"/portal/keiyaku/{CAR}")
    new = await taro.done("GET", f"/portal/keiyaku/{successor}")
    row = next(row for row in (await taro.done("GET", "/portal/keizoku"))["keizoku"] if row["shokenNo"] == CAR)

    assert 201 == accepted.status
    assert {"shiki": "2026-12-30 16:00", "manki": "2027-12-30 16:00"} == accepted.body["hokenKikan"]
    assert successor == old["keizokugoShokenNo"] == row["keizokugoShokenNo"]
    assert "KEIZOKU_ZUMI" == row["keizokuTetsuzuki"]["riyu"]
    assert ("KAISHIMAE", CAR) == (new["jotai"], new["keizokumotoShokenNo"])
    assert accepted.body["hokenryo"] == new["hokenryo"]
    assert 16 == new["tokyu"]["tokyu"]
    assert new["tokyu"]["zantei"]
    assert "【三井住友海上】自動車保険 継続手続き完了のお知らせ" == letterbox.letters[-1].subject
    assert successor in letterbox.letters[-1].text


async def test_the_last_screen_binds_and_shows_five_steps(taro: Customer) -> None:
    await taro.enter(CAR)
    await taro.decide(1)
    await taro.answer_matters()

    final = await taro.done("GET", "/eg1/saishu-kakunin")

    assert [1, 2, 3, 4, 5] == [step["no"] for step in final["step"]]
    assert ("KAKUTEI", "2026-11-27 26:30") == (final["hokenryo"]["seishitsu"], final["hokenryo"]["yukoKigen"])
    assert not final["hokenryoHenko"]
    assert not final["nyuryokuZumi"]
    assert [("WEB_ETSURAN_NOMI", True), ("SHOKEN_YUSO", False), ("YUSO", False)] == [
        (form["code"], form["osusume"]) for form in final["shokenKeishiki"]
    ]
    assert hashlib.sha256(final["doiBun"].encode()).hexdigest() == final["doiBunHash"]
    assert "上記について内容を同意のうえ申し込む" == final["moshikomiBotan"]


@pytest.mark.parametrize(
    ("moment", "until"),
    [("2026-11-21T02:29:00+09:00", "2026-11-27 26:30"), ("2026-12-29T10:00:00+09:00", "2026-12-30 16:00")],
)
async def test_a_premium_binds_by_business_days_and_never_beyond_maturity(
    taro: Customer, clock: TestClock, moment: str, until: str
) -> None:
    clock.set(clock().fromisoformat(moment))
    await taro.log_in_easily()
    await taro.enter(CAR)
    await taro.decide(1)
    await taro.answer_matters()

    assert until == (await taro.done("GET", "/eg1/saishu-kakunin"))["hokenryo"]["yukoKigen"]


async def test_there_is_no_back(taro: Customer) -> None:
    await taro.enter(CAR)
    early = await taro.get("/eg1/saishu-kakunin")
    await taro.decide(1)
    back = await taro.get("/eg1/plan")
    await taro.answer_matters()
    further_back = await taro.get("/eg1/juyo-jiko")

    assert ((409, "out-of-order"), "PLAN") == (early.said, early.body["dankai"])
    assert ((409, "out-of-order"), "JUYO_JIKO") == (back.said, back.body["dankai"])
    assert ((409, "out-of-order"), "SAISHU_KAKUNIN") == (further_back.said, further_back.body["dankai"])


async def test_what_will_be_confirmed_can_be_read_before_a_plan_is_decided_and_not_answered(taro: Customer) -> None:
    await taro.enter(CAR)

    paper = (await taro.done("GET", "/eg1/juyo-jiko"))["shorui"]
    read = await taro.get(paper["url"])
    answered = await taro.answer_matters()

    assert paper["sha256"] == hashlib.sha256(read.raw).hexdigest()
    assert ((409, "out-of-order"), "PLAN") == (answered.said, answered.body["dankai"])


@pytest.mark.parametrize(("given", "why"), [({1: "GAITO_SHINAI"}, "DANTAI_JOKEN"), ({2: "GAITO_ARI"}, "KOKUCHI_JIKO")])
async def test_an_answer_may_lead_to_the_agency(taro: Customer, given: dict[int, str], why: str) -> None:
    await taro.enter(CAR)
    await taro.decide(1)

    heard = await taro.answer_matters(given)

    assert (409, "referred-to-agency") == heard.said
    assert why == heard.body["riyu"]
    assert "03-0000-0111" == heard.body["toriatsukaiDairiten"]["denwa"]
    assert (401, "not-logged-in") == (await taro.get("/eg1/juyo-jiko")).said


@pytest.mark.parametrize(
    ("persona", "number", "why"),
    [
        ("ms_group_condition_fails", "0200000011", "DANTAI_JOKEN"),
        ("ms_disclosure_applies", "0200000012", "KOKUCHI_JIKO"),
    ],
)
async def test_the_insurer_may_know_better(customer: Customer, persona: str, number: str, why: str) -> None:
    await customer.register(persona)
    await customer.enter(number)
    await customer.decide(1)

    heard = await customer.answer_matters()

    assert ((409, "referred-to-agency"), why) == (heard.said, heard.body["riyu"])


async def test_every_matter_wants_its_answer(taro: Customer) -> None:
    await taro.enter(CAR)
    await taro.decide(1)

    unanswered = await taro.answer_matters({2: "", 4: ""})
    unknown = await taro.answer_matters({3: "MAYBE"})

    assert ((422, "unanswered"), [2, 4]) == (unanswered.said, unanswered.body["no"])
    assert (422, "choice-unknown") == unknown.said
    assert 200 == (await taro.answer_matters()).status


async def test_a_paper_is_opened_before_it_is_confirmed(taro: Customer) -> None:
    await taro.enter(CAR)
    await taro.decide(1)

    assert (409, "document-not-opened") == (await taro.answer_matters(read=False)).said


async def test_the_important_matters_are_the_pdf_that_their_hash_names(taro: Customer) -> None:
    await taro.enter(CAR)
    await taro.decide(1)
    paper = (await taro.done("GET", "/eg1/juyo-jiko"))["shorui"]

    heard = await taro.get(paper["url"])

    assert heard.raw.startswith(b"%PDF-")
    assert paper["sha256"] == hashlib.sha256(heard.raw).hexdigest()
    assert f'"{paper["sha256"]}"' == heard.headers["ETag"]
    assert "確認・保管しました" == paper["kakuninBun"]


async def test_a_paper_revised_while_it_is_read_is_shown_anew(taro: Customer) -> None:
    await taro.enter(CAR)
    await taro.decide(1)
    old = (await taro.done("GET", "/eg1/juyo-jiko"))["shorui"]
    await taro.done("GET", old["url"])
    await taro.control("juyo-jiko")
    kept = {name: old[name] for name in ("shoruiId", "hansu", "sha256")} | {"kakuninHokan": True}
    answers = [{"no": 1, "kaito": "GAITO_SURU"}, {"no": 2, "kaito": "GAITO_NASHI"}]
    answers += [{"no": 3, "kaito": "KAKUNIN_SHITA"}, {"no": 4, "kaito": "KAKUNIN_SHITA"}]

    heard = await taro.post("/eg1/juyo-jiko", {"kaito": answers, "shorui": kept})

    assert (409, "document-changed") == heard.said
    assert ("2026-10-1", "2026-10-2") == (old["hansu"], heard.body["shorui"]["hansu"])


@pytest.mark.parametrize(("cars", "said"), [(9, (200, None)), (10, (409, "referred-to-agency"))])
async def test_ten_cars_are_the_agencys(taro: Customer, cars: int, said: tuple[int, str | None]) -> None:
    await taro.enter(CAR)
    await taro.decide(1)
    await taro.answer_matters()

    assert said == (await taro.fill_in(cars=cars)).said


async def test_ten_cars_are_the_agencys_also_when_the_insurer_counted(customer: Customer) -> None:
    await customer.register("ms_ten_cars")
    await customer.enter("0200000013")
    await customer.decide(1)
    await customer.answer_matters()

    heard = await customer.fill_in(cars=1)

    assert ((409, "referred-to-agency"), "SHOYU_DAISU") == (heard.said, heard.body["riyu"])


async def test_each_of_the_five_steps_is_confirmed(taro: Customer) -> None:
    await taro.enter(CAR)
    await taro.decide(1)
    await taro.answer_matters()
    inputs = {"stepKakunin": [1, 2, 4], "shoyuDaisu": 1, "shokenKeishiki": "WEB_ETSURAN_NOMI"}

    heard = await taro.post("/eg1/saishu-kakunin", inputs)

    assert ((422, "confirmation-missing"), [3, 5]) == (heard.said, heard.body["no"])


async def test_the_button_waits_for_the_inputs(taro: Customer) -> None:
    named = await taro.walk_to_the_button(CAR)
    await taro.enter(CAR)
    await taro.decide(1)
    await taro.answer_matters()

    assert (409, "out-of-order") == (await taro.press(named)).said


async def test_what_was_named_in_one_visit_holds_in_the_next(taro: Customer) -> None:
    named = await taro.walk_to_the_button(CAR)
    again = await taro.walk_to_the_button(CAR)

    assert named == again
    assert 201 == (await taro.press(named)).status


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"doi": False}, (422, "consent-missing")),
        ({"doiBunHash": "0" * 64}, (409, "consent-changed")),
        ({"shorui": {"shoruiId": "JUYO-JIKO", "hansu": "2026-09-1", "sha256": "0"}}, (409, "document-changed")),
        ({"shisanHash": "0" * 64}, (409, "premium-changed")),
        ({"surplus": 1}, (400, "bad-request")),
    ],
)
async def test_a_refused_application_does_nothing(
    taro: Customer, change: dict[str, object], said: tuple[int, str]
) -> None:
    named = await taro.walk_to_the_button(CAR)

    refused = await taro.press(named | change)

    assert said == refused.said
    assert (404, "application-unknown") == (await taro.get("/portal/keizoku/moshikomi/key-1")).said
    assert 201 == (await taro.press(named)).status


@pytest.mark.parametrize("key", ["", "with space", "x" * 65])
async def test_an_application_wants_a_key(taro: Customer, key: str) -> None:
    named = await taro.walk_to_the_button(CAR)

    assert (400, "key-missing") == (await taro.press(named, key)).said


async def test_a_premium_that_moved_is_refused_with_the_present_one(taro: Customer) -> None:
    named = await taro.walk_to_the_button(CAR)
    await taro.control("ryoritsu", {"shokenNo": CAR, "permille": 1050})

    refused = await taro.press(named)
    again = await taro.walk_to_the_button(CAR)

    assert (409, "premium-changed") == refused.said
    assert 57_020 * 1050 // 1000 // 10 * 10 == refused.body["hokenryo"]["nenkanGokei"]
    assert refused.body["shisanHash"] == again["shisanHash"] != named["shisanHash"]
    assert 201 == (await taro.press(again)).status


async def test_a_premium_that_moved_before_the_last_screen_is_said_there(taro: Customer) -> None:
    await taro.enter(CAR)
    await taro.decide(1)
    await taro.control("ryoritsu", {"shokenNo": CAR, "permille": 1050})
    await taro.answer_matters()

    assert (await taro.done("GET", "/eg1/saishu-kakunin"))["hokenryoHenko"]


async def test_a_document_that_moved_is_refused_and_confirmed_in_a_new_visit(taro: Customer) -> None:
    named = await taro.walk_to_the_button(CAR)
    await taro.control("juyo-jiko")

    refused = await taro.press(named)
    renamed = await taro.press(
        named | {"shorui": {k: refused.body["shorui"][k] for k in ("shoruiId", "hansu", "sha256")}}
    )

    assert (409, "document-changed") == refused.said
    assert (409, "document-changed") == renamed.said
    assert 201 == (await taro.press(await taro.walk_to_the_button(CAR))).status


@pytest.mark.parametrize(
    ("persona", "number", "code"),
    [
        ("any_premium_changed_before_submit", "0200000021", "premium-changed"),
        ("any_document_changed", "0200000022", "document-changed"),
    ],
)
async def test_something_may_move_as_the_button_is_pressed(
    customer: Customer, persona: str, number: str, code: str
) -> None:
    await customer.register(persona)

    first = await customer.press(await customer.walk_to_the_button(number))
    second = await customer.press(await customer.walk_to_the_button(number))

    assert (409, code) == first.said
    assert 201 == second.status


async def test_the_same_key_gets_the_same_answer_and_one_contract(taro: Customer, letterbox: Letterbox) -> None:
    named = await taro.walk_to_the_button(CAR)

    first = await taro.press(named)
    second = await taro.press(named)
    asked = await taro.get("/portal/keizoku/moshikomi/key-1")

    assert first.body == second.body == asked.body
    assert "Idempotency-Replayed" not in first.headers
    assert "true" == second.headers["Idempotency-Replayed"]
    assert 3 == len((await taro.done("GET", "/portal/keiyaku"))["keiyaku"])
    assert 1 == sum("継続手続き完了" in letter.subject for letter in letterbox.letters)


async def test_two_presses_at_once_are_one_application(taro: Customer) -> None:
    named = await taro.walk_to_the_button(CAR)

    first, second = await asyncio.gather(taro.press(named), taro.press(named))

    assert first.body == second.body
    assert 3 == len((await taro.done("GET", "/portal/keiyaku"))["keiyaku"])


async def test_a_key_stands_for_one_application(taro: Customer) -> None:
    named = await taro.walk_to_the_button(CAR)
    await taro.press(named)

    assert (422, "key-reused") == (await taro.press(named | {"shisanHash": "0" * 64})).said


async def test_another_key_does_not_renew_a_second_time(taro: Customer, other: Customer) -> None:
    other.token = taro.token
    await other.log_in_easily()
    named = await taro.walk_to_the_button(CAR)
    await other.walk_to_the_button(CAR)
    accepted = await taro.press(named, "key-1")

    refused = await other.press(named, "key-2")

    assert (409, "already-renewed") == refused.said
    assert accepted.body["keizokugoShokenNo"] == refused.body["keizokugoShokenNo"]
    assert (409, "already-renewed") == (await taro.post(f"/portal/keizoku/{CAR}/kaishi")).said


async def test_the_agency_may_have_been_faster(taro: Customer) -> None:
    named = await taro.walk_to_the_button(CAR)
    await taro.control("keizoku", {"shokenNo": CAR})

    assert (409, "already-renewed") == (await taro.press(named)).said


async def test_an_application_at_four_on_the_last_day_is_too_late(taro: Customer, clock: TestClock) -> None:
    clock.set(clock().replace(month=12, day=30, hour=15, minute=59))
    await taro.log_in_easily()
    named = await taro.walk_to_the_button(CAR)

    clock.set(clock().replace(hour=16, minute=0))

    assert (409, "renewal-closed") == (await taro.press(named)).said


async def test_silence_does_the_deed_and_the_key_finds_it(taro: Customer) -> None:
    named = await taro.walk_to_the_button(CAR)
    await taro.control("faults", {"path": "/eg1/moshikomi", "fault": "silence"})

    with pytest.raises(aiohttp.ClientError):
        await taro.press(named, "key-of-silence")
    await taro.log_in_easily()
    asked = await taro.get("/portal/keizoku/moshikomi/key-of-silence")

    assert 200 == asked.status
    assert CAR == asked.body["shokenNo"]
    assert asked.body["keizokugoShokenNo"] == (await taro.done("GET", f"/portal/keiyaku/{CAR}"))["keizokugoShokenNo"]


async def test_busy_does_nothing(taro: Customer) -> None:
    named = await taro.walk_to_the_button(CAR)
    await taro.control("faults", {"path": "/eg1/moshikomi", "fault": "busy"})

    assert 503 == (await taro.press(named)).status
    assert (404, "application-unknown") == (await taro.get("/portal/keizoku/moshikomi/key-1")).said
    assert 201 == (await taro.press(named)).status


async def test_a_key_is_asked_for_by_its_own_customer_only(taro: Customer, other: Customer) -> None:
    await taro.press(await taro.walk_to_the_button(CAR))
    await other.register("sayuri")

    assert (404, "application-unknown") == (await other.get("/portal/keizoku/moshikomi/key-1")).said


async def test_a_mail_that_cannot_be_posted_undoes_no_contract(taro: Customer, letterbox: Letterbox) -> None:
    named = await taro.walk_to_the_button(CAR)
    letterbox.out_of_order = True

    assert 201 == (await taro.press(named)).status
