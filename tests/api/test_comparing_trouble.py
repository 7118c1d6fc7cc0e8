"""An insurer that cannot answer, or may not be asked, stays in sight with its reason and what can be done about it."""

from datetime import datetime, timedelta

import pytest

from insurers.panel import find
from insurers.sandbox import Fault
from tests.api.agencies import let_act
from tests.api.comparing import FACTS, NUMBERS, at, compared, deed, do, other, settled, shared, signed_in, started
from tests.api.conftest import CODES, FRIDAY, Town, each_insurer
from tests.api.frontend import Frontend, Json, codes
from tests.api.live import Live, connected

pytestmark = pytest.mark.asyncio(loop_scope="module")

# Past the time that any insurer has for an answer, and within its session.
A_MINUTE = timedelta(minutes=1)

# A slow insurer's time, in which whatever has to be seen before its answer is seen.
SLOW_SECONDS = 0.4

# An insurer that quotes only for whoever has an account there.
WITH_ACCOUNT = [code for code in CODES if (terms := find(code).MANIFEST.quoting) is not None and terms.with_account]

# Whoever agreed that it be told may take that back, whatever came of it.
TOLD = ["ANSWER_SHARING"]

CLOSES = [code for code in CODES if "closed at" in FACTS[code]]

WATCHED = """
subscription ($id: ID!) {
  comparisonUpdated(id: $id) {
    __typename
    ... on ComparisonOfferArrived { plan { id insurer { code } } comparison { complete offers { id } } }
    ... on ComparisonProviderChanged { provider { state code insurer { code } } comparison { complete } }
    ... on ComparisonCompleted { comparison { complete offers { id } } }
    ... on ComparisonChanged { comparison { id } }
  }
}
"""

STREAMED = """
query ($id: ID!) {
  comparison(id: $id) { offers @stream { id insurer { code } freshness { state fetchedAt } } }
}
"""


def seen(inquiry: Json) -> tuple[str, str, str | None]:
    return inquiry["state"], inquiry["provider"]["state"], inquiry["provider"]["code"]


def kinds(inquiry: Json) -> list[str]:
    return [action["kind"] for action in inquiry["provider"]["nextActions"]]


@pytest.mark.parametrize("code", WITH_ACCOUNT)
async def test_who_quotes_only_with_an_account_says_so_until_there_is_one(village: Town, code: str) -> None:
    sayuri, own = village.customer("sayuri"), other(code)
    await sayuri.register(own)
    number = sayuri.person["policies"][own][0]

    comparison = await started(sayuri, own, number)
    await sayuri.register(code)
    after = await do(sayuri, "ComparisonRead", id=comparison["id"])
    asked = await deed(sayuri, "ComparisonRefresh", comparisonId=comparison["id"], insurers=[{"code": code}])

    assert ("FAILED", "AUTH_REQUIRED", "NOT_LINKED") == seen(at(comparison, code))
    assert at(comparison, code)["provider"]["message"]
    assert (["LINK_ACCOUNT"], ["REFRESH"]) == (kinds(at(comparison, code)), kinds(at(after, code)))
    assert ("CONSENT_NEEDED", "CONSENT_REQUIRED", "CONSENT_REQUIRED") == seen(at(asked["comparison"], code))


@pytest.mark.parametrize("code", CLOSES)
async def test_a_closed_insurer_says_when_it_opens_and_is_asked_then(
    village: Town, villager: Frontend, code: str
) -> None:
    opens_at = FACTS[code]["opens at"]
    village.clock.set(datetime.fromisoformat(FACTS[code]["closed at"]))
    try:
        closed = await compared(villager, other(code), NUMBERS[other(code)])
        village.clock.set(datetime.fromisoformat(opens_at))
        open_ = await do(villager, "ComparisonRead", id=closed["id"])
        await deed(villager, "ComparisonRefresh", comparisonId=closed["id"])
        answered = await settled(villager, closed)
    finally:
        village.clock.set(FRIDAY)

    provider = at(closed, code)["provider"]
    assert ("FAILED", "MAINTENANCE", "OUTSIDE_SERVICE_HOURS") == seen(at(closed, code))
    assert (opens_at, opens_at, TOLD) == (provider["opensAt"], provider["retryAfter"], kinds(at(closed, code)))
    assert {other(code)} == {plan["insurer"]["code"] for plan in closed["offers"]}
    assert closed["complete"]
    assert ["REFRESH", *TOLD] == kinds(at(open_, code))
    assert ("ANSWERED", "OK", None) == seen(at(answered, code))


@each_insurer
async def test_who_does_not_take_a_risk_says_no_in_its_own_words(village: Town, code: str) -> None:
    person = await signed_in(village, "refused")

    comparison = await compared(person, other(code), FACTS["people"]["refused"]["policies"][other(code)])

    expected = FACTS[code]["turns away"]
    assert ("FAILED", "REFUSED", expected["code"]) == seen(at(comparison, code))
    assert [*expected["kinds"], *TOLD] == kinds(at(comparison, code))
    assert at(comparison, code)["provider"]["message"]


@each_insurer
async def test_where_an_offer_departs_from_the_wish_both_are_shown_and_why(village: Town, code: str) -> None:
    person = await signed_in(village, "departing")

    comparison = await compared(person, other(code), FACTS["people"]["departing"]["policies"][other(code)])

    departures = [each for plan in comparison["offers"] for each in plan["departures"]]
    assert departures
    assert all(each["requested"] and each["offered"] and each["reason"] for each in departures)
    assert {code} == {plan["insurer"]["code"] for plan in comparison["offers"] if plan["departures"]}


@each_insurer
async def test_who_may_not_be_told_is_asked_nothing_and_stays_in_sight(villager: Frontend, code: str) -> None:
    there = other(code)
    comparison = await started(villager, code, NUMBERS[code])

    other_words = await shared(villager, comparison, there, disclosureHash="0" * 64)
    too_little = await shared(villager, comparison, there, categories=["LICENCE"])
    declined = (await shared(villager, comparison, there, granted=False))["comparison"]
    nobody = await shared(villager, comparison, there, granted=False, insurer={"code": "no insurer of ours"})
    after_all = (await shared(villager, comparison, there))["comparison"]
    after_all = await settled(villager, after_all)

    assert (["DISCLOSURE_CHANGED"], ["disclosureHash"]) == (codes(other_words), other_words["errors"][0]["field"])
    assert (["INVALID"], ["categories"]) == (codes(too_little), too_little["errors"][0]["field"])
    assert [("NOT_FOUND", ["insurer"])] == [(error["code"], error["field"]) for error in nobody["errors"]]
    assert ("DECLINED", "DECLINED", "DECLINED") == seen(at(declined, there))
    assert ["ANSWER_SHARING"] == kinds(at(declined, there))
    assert [] == at(declined, there)["categories"]
    assert (("ANSWERED", "OK", None), TOLD) == (seen(at(after_all, there)), kinds(at(after_all, there)))


async def test_an_agent_is_told_what_only_the_customer_can_say(village: Town, villager: Frontend) -> None:
    code = CODES[0]
    agent = await let_act(village, villager)
    comparison = await started(villager, code, NUMBERS[code])

    looked_at = await do(agent, "ComparisonRead", id=comparison["id"])
    shares = await shared(agent, comparison, other(code))
    wishes = {"priorities": ["LOW_PREMIUM"]}
    intends = await deed(agent, "ComparisonIntentionSet", comparisonId=comparison["id"], intention=wishes)
    await shared(villager, comparison, other(code))
    lossy = next(plan for plan in (await settled(villager, comparison))["offers"] if plan["lossesHash"])
    chooses = await deed(agent, "ComparisonPlanChoose", planId=lossy["id"], acknowledgedLosses=lossy["lossesHash"])

    assert ["ASK_CUSTOMER"] == kinds(at(looked_at, other(code)))
    assert "SET_INTENTION" not in {action["kind"] for action in looked_at["nextActions"]}
    assert looked_at["evidence"] is None
    assert [["CUSTOMER_ONLY"]] * 3 == [codes(done) for done in (shares, intends, chooses)]
    assert "CONSENT_NEEDED" == at(shares["comparison"], other(code))["state"]
    assert [] == chooses["comparison"]["choices"]


@each_insurer
async def test_who_is_busy_is_asked_again_and_what_was_offered_before_is_told_with_its_age(
    village: Town, villager: Frontend, code: str
) -> None:
    there = other(code)
    comparison = await compared(villager, code, NUMBERS[code])
    before = [plan["id"] for plan in at(comparison, there)["plans"]]

    village.trouble(there, Fault.LOST)
    await deed(villager, "ComparisonRefresh", comparisonId=comparison["id"], insurers=[{"code": there}])
    failed = await settled(villager, comparison)
    village.relieve()

    assert ("FAILED", "UNAVAILABLE", "CONNECTION_FAILED") == seen(at(failed, there))
    assert ["REFRESH", *TOLD] == kinds(at(failed, there))
    assert before == [plan["id"] for plan in at(failed, there)["plans"]]
    assert {"STALE"} == {plan["freshness"]["state"] for plan in failed["offers"] if plan["id"] in before}
    assert "STALE" == at(failed, there)["provider"]["freshness"]["state"]


@each_insurer
async def test_a_late_answer_is_told_as_late_and_arrives_while_somebody_watches(
    village: Town, villager: Frontend, code: str
) -> None:
    there = other(code)
    comparison = await started(villager, code, NUMBERS[code])
    village.order(there, FACTS[there]["quotes at"], Fault.SLOW, seconds=SLOW_SECONDS)

    async with connected(villager) as live:
        await live.subscribe(WATCHED, id=comparison["id"])
        first = await live.state()
        asked = (await shared(villager, comparison, there))["comparison"]
        village.clock.advance(A_MINUTE)
        late = await do(villager, "ComparisonRead", id=comparison["id"])
        events = await until_completed(live, there)
    village.clock.set(FRIDAY)

    assert ("ComparisonCompleted", True) == (first["__typename"], first["comparison"]["complete"])
    assert (("ASKED", "PENDING", None), False) == (seen(at(asked, there)), asked["complete"])
    assert (("LATE", "PENDING", "TIMEOUT"), True) == (seen(at(late, there)), late["complete"])
    arrived = [event["plan"]["id"] for event in events if event["__typename"] == "ComparisonOfferArrived"]
    answered = await do(villager, "ComparisonRead", id=comparison["id"])
    assert arrived == [plan["id"] for plan in at(answered, there)["plans"]]
    assert ("ANSWERED", "OK", None) == seen(at(answered, there))
    told = [event["provider"]["state"] for event in events if event["__typename"] == "ComparisonProviderChanged"]
    assert ("PENDING", "OK") == (told[0], told[-1])


async def test_who_streams_while_an_insurer_is_asked_again_gets_what_it_answers(
    village: Town, villager: Frontend
) -> None:
    """And who watches hears of a choice, too."""
    code, there = CODES[0], other(CODES[0])
    comparison = await compared(villager, code, NUMBERS[code])
    village.clock.advance(A_MINUTE)
    village.order(there, FACTS[there]["quotes at"], Fault.SLOW, seconds=SLOW_SECONDS)
    asked_again = {"comparisonId": comparison["id"], "insurers": [{"code": there}]}
    lost = {plan["id"]: plan["lossesHash"] for plan in comparison["offers"]}

    async with connected(villager) as live:
        await live.subscribe(WATCHED, id=comparison["id"])
        await live.state()
        await deed(villager, "ComparisonRefresh", **asked_again)
        streamed = (await villager.raw(STREAMED, {"id": comparison["id"]}))["data"]["comparison"]["offers"]
        await until_completed(live, there)
        plan = streamed[0]["id"]
        chosen = await deed(villager, "ComparisonPlanChoose", planId=plan, acknowledgedLosses=lost[plan])
        while (event := await live.state())["__typename"] != "ComparisonChanged":
            assert event["__typename"] in ("ComparisonProviderChanged", "ComparisonCompleted")
    village.clock.set(FRIDAY)

    assert sorted(lost) == sorted(each["id"] for each in streamed)
    assert {code: FRIDAY, there: FRIDAY + A_MINUTE} == {
        each["insurer"]["code"]: datetime.fromisoformat(each["freshness"]["fetchedAt"]) for each in streamed
    }
    assert chosen["comparison"]["id"] == event["comparison"]["id"]


async def until_completed(live: Live, code: str) -> list[Json]:
    """Hear events until this insurer is said to have answered."""
    events = [await live.state()]
    while (events[-1].get("provider") or {}).get("state") != "OK":
        events.append(await live.state())
    return events


async def test_a_watch_on_what_is_not_ones_own_ends_at_once(village: Town, villager: Frontend) -> None:
    comparison = await started(villager, CODES[0], NUMBERS[CODES[0]])

    async with connected(village.customer("sayuri")) as live:
        await live.subscribe(WATCHED, id=comparison["id"])
        heard = await live.hear()

    assert "complete" == heard["type"]
