"""Plans across insurers: asked for, each told where it stands, and nobody told more than the customer said."""

from datetime import datetime

import pytest

from schema.context import MOST_QUOTES
from tests.api.comparing import (
    FACTS,
    NUMBERS,
    at,
    compared,
    deed,
    do,
    fields,
    folded,
    heard,
    other,
    plain,
    settled,
    shared,
    started,
)
from tests.api.conftest import CODES, FRIDAY, Town, each_insurer
from tests.api.frontend import Frontend, Json, codes

pytestmark = pytest.mark.asyncio(loop_scope="module")

# What one insurer knows of a person and another never hears, besides what stands in the contract.
PRIVATE = ("family_name", "given_name", "family_kana", "given_kana", "email", "phone", "address", "employee_number")


@each_insurer
async def test_whoever_has_the_contract_answers_and_the_others_wait_for_a_word(villager: Frontend, code: str) -> None:
    comparison = await started(villager, code, NUMBERS[code])

    own, elsewhere, button = at(comparison, code), at(comparison, other(code)), comparison["nextActions"][0]
    assert comparison["complete"]
    assert ("ANSWERED", True, "OK") == (own["state"], own["hasContract"], own["provider"]["state"])
    assert ("CONSENT_NEEDED", "CONSENT_REQUIRED") == (elsewhere["state"], elsewhere["provider"]["state"])
    assert elsewhere["provider"]["message"]
    assert ("ANSWER_SHARING", True, other(code)) == (button["kind"], button["primary"], button["insurer"]["code"])
    assert {code} == {plan["insurer"]["code"] for plan in comparison["offers"]}
    assert {code, other(code)} == {each["insurer"]["code"] for each in comparison["providers"]}


@each_insurer
async def test_nothing_of_a_contract_is_elsewhere_before_consent_and_then_only_what_was_named(
    village: Town, villager: Frontend, code: str
) -> None:
    there, facts = other(code), FACTS[other(code)]
    for each in CODES:
        await heard(village, each)

    comparison = await started(villager, code, NUMBERS[code])
    before = await heard(village, there)
    (told,) = comparison["disclosures"]
    named = [category for category in told["categories"] if category not in facts["withheld"]]
    done = await shared(villager, comparison, there, categories=named)
    await settled(villager, comparison)
    less = await heard(village, there)
    await shared(villager, comparison, there)
    await settled(villager, comparison)
    all_of_it = await heard(village, there)

    assert [] == codes(done)
    assert [] == before
    for received, agreed in ((less, named), (all_of_it, told["categories"])):
        (quote,) = [each for each in received if each["path"] == facts["quotes at"]]
        said = fields(quote["body"])
        assert set(agreed) == {
            category for category, names in facts["tells"].items() if any(name in said for name in names)
        }
        # Whatever else it heard was the customer's own key to it, and said nothing of the contract elsewhere.
        whole = plain(received)
        assert [] == [secret for secret in FACTS[code]["keeps to itself"] if secret in whole]
        assert [] == [name for name in PRIVATE if folded(villager.person["fields"][name]) in plain([quote])]
    assert {"LICENCE", "GROUP_SCHEME"} <= set(told["categories"]) - set(named)


@each_insurer
async def test_plans_stand_beside_the_present_cover_line_by_line_with_a_reason(villager: Frontend, code: str) -> None:
    comparison = await compared(villager, code, NUMBERS[code])

    (policy,) = comparison["policies"]
    offers, current = comparison["offers"], policy["current"]
    assert {code, other(code)} == {plan["insurer"]["code"] for plan in offers}
    assert current["id"] == comparison["reference"]["id"]
    for row in comparison["matrix"]:
        assert [plan["id"] for plan in offers] == [cell["plan"]["id"] for cell in row["cells"]]
        assert "REFERENCE" == row["reference"]["verdict"]
        assert all(cell["reason"] for cell in row["cells"])
        assert row["differs"] == any(cell["verdict"] not in ("EQUAL", "REFERENCE") for cell in row["cells"])
    own_damage = next(row for row in comparison["matrix"] if row["key"] == "OWN_DAMAGE")
    assert all(cell["coverage"]["perils"] for cell in own_damage["cells"] if cell["coverage"]["included"])
    assert ["DRIVERS", "AGE", "USE"] == [row["key"] for row in comparison["conditions"]]
    for place, plan in enumerate(offers):
        lost = {row["key"] for row in comparison["matrix"] if row["cells"][place]["verdict"] in LOSSES}
        assert lost == {loss["key"] for loss in plan["losses"] if loss["key"]}
        assert bool(plan["losses"]) == bool(plan["lossesHash"])


LOSSES = ("LOST", "WORSE", "DIFFERENT", "UNKNOWN")


@each_insurer
async def test_a_price_says_what_it_is(village: Town, villager: Frontend, code: str) -> None:
    comparison = await compared(villager, code, NUMBERS[code])

    (policy,) = comparison["policies"]
    today = policy["current"]["premium"]["total"]
    elsewhere = [plan for plan in comparison["offers"] if plan["insurer"]["code"] != code]
    assert {"INDICATION"} == {plan["premium"]["nature"] for plan in comparison["offers"]}
    assert {village.clock().isoformat()} == {plan["quotedAt"] for plan in comparison["offers"]}
    assert {"CACHED"} == {plan["freshness"]["state"] for plan in comparison["offers"]}
    for plan in comparison["offers"]:
        assert plan["premium"]["total"] - today == plan["premium"]["changeFromCurrent"]
        assert plan["premium"]["total"] == sum(part["amount"] for part in plan["premium"]["instalments"])
    assert all(plan["validUntil"] and plan["assumptions"] for plan in elsewhere)
    assert {True} == {plan["grade"]["provisional"] for plan in elsewhere}

    village.clock.set(max(datetime.fromisoformat(plan["validUntil"]) for plan in elsewhere))
    later = await do(villager, "ComparisonRead", id=comparison["id"])
    stale, untold = later["offers"], [plan for plan in comparison["offers"] if plan["validUntil"] is None]
    refused = [
        codes(await deed(villager, "ComparisonPlanChoose", planId=plan["id"], acknowledgedLosses=plan["lossesHash"]))
        for plan in (elsewhere[0], *untold)
    ]
    village.clock.set(FRIDAY)

    assert {(True, "STALE")} == {
        (plan["needsRequote"], plan["freshness"]["state"])
        for plan in stale
        if plan["validUntil"] is None or plan["insurer"]["code"] != code
    }
    assert {("QUOTE_EXPIRED",)} == {tuple(codes) for codes in refused}
    choosable = any(not plan["needsRequote"] for plan in stale)
    assert choosable == ("CHOOSE_PLAN" in {action["kind"] for action in later["nextActions"]})
    assert {plan["insurer"]["code"] for plan in stale if plan["needsRequote"]} == {
        one["insurer"]["code"] for one in later["providers"] if one["freshness"]["state"] == "STALE"
    }


@each_insurer
async def test_a_plan_is_edited_any_number_of_times_and_each_change_alone_has_its_price(
    villager: Frontend, code: str
) -> None:
    comparison = await compared(villager, code, NUMBERS[code])

    for there in CODES:
        plan = next(plan for plan in comparison["offers"] if plan["insurer"]["code"] == there)
        found = await do(villager, "PremiumDifferences", plan=plan["id"])
        priced = {(each["key"], each["option"]): each for each in found["differences"] if each["offered"]}
        change, alone = next((change, each) for change, each in priced.items() if each["difference"])
        edit = {"planId": plan["id"], "changes": [{"key": change[0], "option": change[1]}]}
        edited = await deed(villager, "ComparisonRequote", **edit)
        again = await deed(villager, "ComparisonRequote", planId=plan["id"], changes=[], resetFirst=True)

        assert "OK" == found["provider"]["state"]
        assert [
            cover["key"] for cover in plan["coverages"] for option in cover["options"] if not option["selected"]
        ] == [each["key"] for each in found["differences"]]
        assert all(each["optionLabel"] and each["coverage"] for each in priced.values())
        assert alone["premium"]["total"] == of(edited["comparison"], plan)["premium"]["total"]
        assert alone["difference"] == alone["premium"]["total"] - plan["premium"]["total"]
        assert plan["premium"]["total"] == of(again["comparison"], plan)["premium"]["total"]


async def test_one_request_has_no_more_quoted_than_a_plan_has_options(village: Town, villager: Frontend) -> None:
    comparison = await compared(villager, CODES[0], NUMBERS[CODES[0]])
    plan = next(plan for plan in comparison["offers"] if plan["insurer"]["code"] != CODES[0])
    change = next(
        {"key": cover["key"], "option": option["value"]}
        for cover in plan["coverages"]
        for option in cover["options"]
        if not option["selected"]
    )
    asked = "premiumDifferences(planId: $plan, changes: $all) { provider { code message } differences { offered } }"
    query = f"query ($plan: ID!, $all: [CoverageChangeInput!]) {{ one: {asked} other: {asked} }}"

    found = (await villager.raw(query, {"plan": plan["id"], "all": [change] * MOST_QUOTES}))["data"]
    none, every = sorted(found.values(), key=lambda each: len(each["differences"]))

    assert ([], MOST_QUOTES) == (none["differences"], len(every["differences"]))
    assert ("RATE_LIMITED", None) == (none["provider"]["code"], every["provider"]["code"])
    assert str(MOST_QUOTES) in none["provider"]["message"]


def of(comparison: Json, plan: Json) -> Json:
    return next(each for each in comparison["offers"] if each["id"] == plan["id"])


@each_insurer
async def test_another_person_sees_nothing_of_it(village: Town, villager: Frontend, code: str) -> None:
    comparison = await started(villager, code, NUMBERS[code])
    plan, current = comparison["offers"][0], comparison["policies"][0]["current"]
    ids = [comparison["id"], plan["id"], current["id"], comparison["inquiries"][0]["id"]]
    everything = "query ($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }"

    seen = (await villager.raw(everything, {"ids": ids}))["data"]["nodes"]
    assert ids == [node["id"] for node in seen]
    for stranger in (village.customer("sayuri"), village.nobody()):
        assert [None] * len(ids) == (await stranger.raw(everything, {"ids": ids}))["data"]["nodes"]
        assert await do(stranger, "ComparisonRead", id=comparison["id"]) is None
        assert await do(stranger, "PremiumDifferences", plan=plan["id"]) is None
        side_by_side = "query ($ids: [ID!]!) { comparePlans(input: { planIds: $ids }) { id } }"
        assert (await stranger.raw(side_by_side, {"ids": [plan["id"], current["id"]]}))["data"]["comparePlans"] is None
    sayuri, told = village.customer("sayuri"), comparison["disclosures"][0]["hash"]
    for operation, said in {
        "ComparisonSharingAnswer": {"insurer": {"code": other(code)}, "granted": True, "disclosureHash": told},
        "ComparisonRefresh": {},
        "ComparisonIntentionSet": {"intention": {"priorities": ["LOW_PREMIUM"]}},
    }.items():
        done = await deed(sayuri, operation, comparisonId=comparison["id"], **said)
        assert (["NOT_FOUND"], None) == (codes(done), done["comparison"]), operation
    for operation in ("ComparisonRequote", "ComparisonPlanChoose"):
        said = {"changes": []} if operation == "ComparisonRequote" else {}
        done = await deed(sayuri, operation, planId=plan["id"], **said)
        assert (["NOT_FOUND"], None) == (codes(done), done["comparison"]), operation
