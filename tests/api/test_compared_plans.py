"""What is compared can be held against anything among it, put side by side with other plans, and found again."""

import pytest

from tests.api.comparing import NUMBERS, compared, deed, do, other, settled
from tests.api.conftest import CODES, Town, each_insurer
from tests.api.frontend import Frontend, Json, codes

pytestmark = pytest.mark.asyncio(loop_scope="module")

HELD_AGAINST = """
query ($id: ID!, $plan: ID) {
  comparison(id: $id) { matrix(referencePlanId: $plan) { key reference { plan { id } } cells { verdict plan { id } } } }
}
"""

SIDE_BY_SIDE = """
query ($plans: [ID!]!) {
  comparePlans(input: { planIds: $plans }) {
    id complete reference { id } offers { id premium { nature } } inquiries { id } policies { id } intention { budget }
    providers { insurer { code } state freshness { state } } matrix { key cells { verdict } } nextActions { kind }
    evidence { head }
  }
}
"""


async def rows(frontend: Frontend, comparison: Json, plan: str | None) -> list[Json]:
    answer = await frontend.raw(HELD_AGAINST, {"id": comparison["id"], "plan": plan})
    return answer["data"]["comparison"]["matrix"]  # type: ignore[no-any-return]  # Whatever was asked for.


async def test_every_plan_is_held_against_the_one_that_is_named(villager: Frontend) -> None:
    comparison = await compared(villager, CODES[0], NUMBERS[CODES[0]])
    (policy,), named = comparison["policies"], comparison["offers"][1]["id"]

    by_itself = await rows(villager, comparison, None)
    by_another = await rows(villager, comparison, named)
    by_the_present = await rows(villager, comparison, policy["current"]["id"])

    assert by_itself == by_the_present
    for row in by_another:
        assert named == row["reference"]["plan"]["id"]
        assert [named] == [cell["plan"]["id"] for cell in row["cells"] if cell["verdict"] == "REFERENCE"]
    assert [] == await rows(villager, comparison, comparison["id"])


async def test_plans_of_a_comparison_stand_beside_those_of_a_renewal(villager: Frontend) -> None:
    comparison = await compared(villager, CODES[0], NUMBERS[CODES[0]])
    renewal = await villager.start(CODES[1])
    plans = [comparison["policies"][0]["current"]["id"], comparison["offers"][-1]["id"], renewal["plans"][0]["id"]]

    found = (await villager.raw(SIDE_BY_SIDE, {"plans": plans}))["data"]["comparePlans"]
    again = (await villager.raw("query ($id: ID!) { node(id: $id) { id } }", {"id": found["id"]}))["data"]["node"]

    assert (True, None, plans) == (found["complete"], found["reference"], [plan["id"] for plan in found["offers"]])
    assert {("OK", "CACHED")} == {(one["state"], one["freshness"]["state"]) for one in found["providers"]}
    # Each car's plans are held against its own cover, and the renewal's against nothing of another car.
    assert {("REFERENCE", "REFERENCE")} == {
        (row["cells"][0]["verdict"], row["cells"][2]["verdict"]) for row in found["matrix"]
    }
    assert found["id"] == again["id"]
    # Nothing was started by it, and so there is nothing to go on with.
    assert ([], [], [], None, None) == (
        found["inquiries"],
        found["policies"],
        found["nextActions"],
        found["intention"],
        found["evidence"],
    )


@each_insurer
async def test_another_insurers_plan_is_written_down_and_the_way_on_is_told(villager: Frontend, code: str) -> None:
    comparison = await compared(villager, code, NUMBERS[code])
    plan = next(plan for plan in comparison["offers"] if plan["insurer"]["code"] != code)

    done = await deed(villager, "ComparisonPlanChoose", planId=plan["id"], acknowledgedLosses=plan["lossesHash"])

    (chosen,), at = done["comparison"]["choices"], plan["insurer"]["code"]
    assert ([], plan["id"], None) == (codes(done), chosen["plan"]["id"], chosen["renewal"])
    assert ({"code": at}, ["CHANGE_NEEDS_AGENCY"]) == (chosen["goesOnWith"], [why["code"] for why in chosen["reasons"]])
    assert all(warning["message"] for warning in chosen["warnings"])
    assert {"AUTO_RENEWAL_ACTIVE", "CAR_ALREADY_COVERED"} >= {warning["code"] for warning in chosen["warnings"]} > set()
    contact, *others = done["comparison"]["nextActions"]
    assert ("CONTACT_AGENCY", {"code": at}, True) == (contact["kind"], contact["insurer"], contact["primary"])
    assert chosen["contacts"][0] == contact["contact"]
    # It binds nobody, and so something else may be chosen after all.
    assert "CHOOSE_PLAN" in {action["kind"] for action in others}
    assert [plan["id"]] == [each["id"] for each in done["comparison"]["offers"] if each["selected"]]


async def test_of_several_policies_each_has_its_own_present_cover(villager: Frontend) -> None:
    policies = [{"number": {"insurer": {"code": code}, "number": NUMBERS[code]}} for code in CODES]
    done = await deed(villager, "ComparisonStart", policies=policies)
    comparison = await settled(villager, done["comparison"])

    assert len(CODES) ** 2 == len(comparison["inquiries"])
    parts = [(each["policy"]["id"], each["insurer"]["code"]) for each in comparison["inquiries"]]
    assert len(CODES) ** 2 == len(set(parts))
    assert parts == [(each["policyId"], each["insurer"]["code"]) for each in comparison["providers"]]
    assert comparison["reference"] is None
    assert {None} == {row["reference"] and row["reference"]["verdict"] for row in comparison["matrix"]}
    offered = [plan["id"] for policy in comparison["policies"] for plan in policy["offers"]]
    assert offered == [plan["id"] for plan in comparison["offers"]]
    assert len(CODES) == len({policy["current"]["id"] for policy in comparison["policies"]})

    ids = [policy["id"] for policy in comparison["policies"]]
    chosen: list[str] = []
    for place, policy in enumerate(comparison["policies"]):
        assert ids[place:] == choosable(comparison)[: len(ids) - place]
        plan = next(plan for plan in comparison["offers"] if plan["id"] == policy["offers"][0]["id"])
        done = await deed(villager, "ComparisonPlanChoose", planId=plan["id"], acknowledgedLosses=plan["lossesHash"])
        comparison, chosen = done["comparison"], [*chosen, plan["id"]]
        assert ([], chosen) == (codes(done), [choice["plan"]["id"] for choice in comparison["choices"]])
    assert ids == [choice["policy"]["id"] for choice in comparison["choices"]]
    onward = [action for action in comparison["nextActions"] if action["kind"] == "CONTINUE_RENEWAL"]
    assert ids == [action["policyId"] for action in onward]


def choosable(comparison: Json) -> list[str]:
    """For which policies a first plan, and then for which another, can be chosen."""
    actions = [action for action in comparison["nextActions"] if action["kind"] == "CHOOSE_PLAN"]
    taken = {choice["policy"]["id"] for choice in comparison["choices"]}
    return [action["policyId"] for action in sorted(actions, key=lambda action: action["policyId"] in taken)]


@each_insurer
async def test_what_cannot_be_compared_is_refused_by_its_place(villager: Frontend, code: str) -> None:
    known = {"number": {"insurer": {"code": code}, "number": NUMBERS[code]}}
    nobodys = {"id": "x"}

    unknown = await deed(villager, "ComparisonStart", policies=[known, nobodys])
    nothing = await deed(villager, "ComparisonStart", policies=[])
    nowhere = await deed(villager, "ComparisonStart", policies=[known], insurers=[{"code": "acme"}])

    assert [("NOT_FOUND", ["policies", "1"])] == [(error["code"], error["field"]) for error in unknown["errors"]]
    assert [("INVALID", ["policies"])] == [(error["code"], error["field"]) for error in nothing["errors"]]
    assert [("NOT_FOUND", ["insurers", "0"])] == [(error["code"], error["field"]) for error in nowhere["errors"]]
    assert {None} == {done["comparison"] for done in (unknown, nothing, nowhere)}


async def test_what_was_not_asked_is_named_and_no_offer_is_hidden(villager: Frontend) -> None:
    wanted = {"mustHave": [{"key": "OWN_DAMAGE", "perils": ["THEFT"]}], "budget": 1, "priorities": ["OWN_DAMAGE"]}
    policy = {"number": {"insurer": {"code": CODES[0]}, "number": NUMBERS[CODES[0]]}}

    done = await deed(villager, "ComparisonStart", policies=[policy], insurers=[{"code": CODES[0]}], intention=wanted)
    comparison = await settled(villager, done["comparison"])

    considered = comparison["considered"]
    assert [other(CODES[0])] == [insurer["code"] for insurer in considered["notAsked"]]
    assert {plan["id"] for plan in comparison["offers"]} == {plan["plan"]["id"] for plan in considered["plans"]}
    assert {("FAILS", None)} == {(plan["fit"], plan["position"]) for plan in considered["plans"]}
    assert [{"key": "OWN_DAMAGE", "perils": ["THEFT"]}] == comparison["intention"]["mustHave"]


async def test_covers_that_a_household_holds_twice_are_found_over_all_insurers(
    village: Town, villager: Frontend
) -> None:
    found = await do(villager, "DuplicateCovers")
    unlinked = await do(village.customer("sayuri"), "DuplicateCovers")

    assert {"OK"} == {provider["state"] for provider in found["providers"]}
    assert ([], {"AUTH_REQUIRED"}) == (unlinked["covers"], {provider["state"] for provider in unlinked["providers"]})
    assert any(set(CODES) == {held["policy"]["insurer"]["code"] for held in cover["held"]} for cover in found["covers"])
    for cover in found["covers"]:
        assert cover["label"]
        assert cover["why"]
        assert cover["toCheck"]
        assert len(cover["held"]) > 1
