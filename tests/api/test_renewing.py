"""The draft of a renewal: what opens what, what must be confirmed anew, and what a plan can be made into."""

import pytest

from tests.api.conftest import CODES, INSURERS, each_insurer
from tests.api.frontend import Frontend, Json, codes, key

A_COVER = "PERSONAL_LIABILITY"  # Everywhere an option, and nowhere free.

STANDING = "renewal { version status policy { renewal { version status } } } errors { code }"
TWO_DEEDS = f"""
mutation ($select: RenewalPlanSelectInput!, $cancel: RenewalCancelInput!) {{
  first: renewalPlanSelect(input: $select) {{ {STANDING} }}
  second: renewalCancel(input: $cancel) {{ {STANDING} }}
}}
"""

OPENED = "steps { requirements { key ... on DocumentRequirement { openedAt } } }"
WAYS = f"""
query ($id: ID!) {{
  renewal(id: $id) {{ {OPENED} }}
  policies {{ edges {{ node {{ renewal {{ {OPENED} }} }} }} }}
}}
"""


def unsatisfied(renewal: Json) -> set[str]:
    return {need["key"] for step in renewal["steps"] for need in step["requirements"] if not need["satisfied"]}


def cover(plan: Json) -> Json:
    return next(one for one in plan["coverages"] if one["key"] == A_COVER)


def another_option(plan: Json) -> Json:
    """Answer a change of a cover of this plan."""
    value = next(option["value"] for option in cover(plan)["options"] if not option["selected"])
    return {"key": A_COVER, "option": value}


@each_insurer
async def test_steps_open_one_after_the_other(holder: Frontend, code: str) -> None:
    renewal, seen = await holder.start(code), 0
    while renewal["status"] == "IN_PROGRESS":
        states = [step["state"] for step in renewal["steps"]]
        place = [step["id"] for step in renewal["steps"]].index(renewal["currentStep"]["id"])
        assert seen == place
        assert ["DONE"] * place == states[:place]
        assert states[place] in {"READY", "INCOMPLETE", "WAITING"}
        assert {"LOCKED"} >= set(states[place + 1 :])
        for step in renewal["steps"][place + 1 :][-1:]:
            early = await holder.answer(
                "RenewalStepAnswer", renewal, renewal["currentStep"], stepId=step["id"], answers=[]
            )
            assert ["STEP_LOCKED"] == codes(early)
        renewal, seen = await holder.advance(renewal), seen + 1

    assert "READY" == renewal["status"]
    assert {"DONE"} == {step["state"] for step in renewal["steps"]}
    assert set() == {need for need in unsatisfied(renewal) if not need.endswith("_document")}


@each_insurer
async def test_a_document_must_be_opened_before_its_confirmation_counts(holder: Frontend, code: str) -> None:
    def unopened(need: Json) -> Json | None:
        is_one = need["__typename"] == "DocumentRequirement" and need["required"]
        return {"documentOpened": need["document"]["id"]} if is_one else None

    at = await holder.follow(await holder.start(code), until="IMPORTANT_MATTERS")
    needs = [need for need in at["currentStep"]["requirements"] if need["__typename"] == "DocumentRequirement"]

    refused = await holder.answer("RenewalStepAnswer", at, at["currentStep"], unopened)
    opened = await holder.answer("RenewalStepAnswer", at, at["currentStep"])

    (error,) = refused["errors"]
    assert ("INVALID", "answers", "value") == (error["code"], error["field"][0], error["field"][-1])
    assert "先に書類" in error["message"]
    assert at["version"] == refused["renewal"]["version"]
    assert {None} == {need["openedAt"] for need in needs}
    assert [] == codes(opened)


@each_insurer
async def test_an_opened_document_is_told_alike_alone_and_in_a_list(holder: Frontend, code: str) -> None:
    at = await holder.follow(await holder.start(code), until="IMPORTANT_MATTERS")
    need = next(need for need in at["currentStep"]["requirements"] if need["__typename"] == "DocumentRequirement")
    assert 200 == (await holder.http.get(need["document"]["url"])).status

    found = (await holder.raw(WAYS, {"id": at["id"]}))["data"]

    alone, (listed,) = found["renewal"], (edge["node"]["renewal"] for edge in found["policies"]["edges"])
    assert alone == listed
    assert any(need.get("openedAt") for step in alone["steps"] for need in step["requirements"])


@each_insurer
async def test_each_deed_of_a_mutation_shows_what_it_left_behind(holder: Frontend, code: str) -> None:
    renewal = await holder.start(code)
    plan = renewal["plans"][0]
    select = {
        "renewalId": renewal["id"],
        "planId": plan["id"],
        "expectedVersion": renewal["version"],
        "acknowledgedLosses": plan["lossesHash"],
        "idempotencyKey": key(),
    }
    cancel = {"renewalId": renewal["id"], "idempotencyKey": key()}

    done = (await holder.raw(TWO_DEEDS, {"select": select, "cancel": cancel}))["data"]

    for deed, status in (("first", "IN_PROGRESS"), ("second", "WITHDRAWN")):
        shown = done[deed]["renewal"]
        assert (status, []) == (shown["status"], done[deed]["errors"])
        assert {name: shown[name] for name in ("version", "status")} == shown["policy"]["renewal"]


@each_insurer
async def test_a_statement_is_confirmed_only_by_yes(holder: Frontend, code: str) -> None:
    def shrug(need: Json) -> Json | None:
        return {"confirmed": False} if need["__typename"] == "ConfirmationRequirement" else None

    renewal = await holder.start(code)

    refused = await holder.answer("RenewalStepAnswer", renewal, renewal["currentStep"], shrug)

    assert {"INVALID"} == set(codes(refused))
    assert renewal["version"] == refused["renewal"]["version"]


@each_insurer
async def test_another_plan_is_confirmed_anew(holder: Frontend, code: str) -> None:
    ready = await holder.ready(code)
    other = next(plan for plan in ready["plans"] if not plan["selected"])

    after = (await holder.choose(ready, other))["renewal"]
    again = await holder.follow(after)

    assert (None, None, "IN_PROGRESS") == (after["review"], after["reviewHash"], after["status"])
    assert set(INSURERS[code]["bound to the plan"]) <= unsatisfied(after)
    assert other["id"] == after["selectedPlan"]["id"]
    assert "READY" == again["status"]
    assert ready["reviewHash"] != again["reviewHash"]
    assert ready["review"]["premium"]["total"] != again["review"]["premium"]["total"]


@each_insurer
async def test_a_plan_that_was_quoted_anew_is_chosen_and_confirmed_anew(holder: Frontend, code: str) -> None:
    ready = await holder.ready(code)
    plan = next(plan for plan in await holder.covered(ready) if plan["id"] == ready["selectedPlan"]["id"])

    after = (await holder.requote(ready, plan, another_option(plan)))["renewal"]
    again = await holder.follow(after)

    assert (None, "IN_PROGRESS") == (after["reviewHash"], after["status"])
    assert {"plan", *INSURERS[code]["bound to the plan"]} <= unsatisfied(after)
    quoted = next(one for one in after["plans"] if one["id"] == plan["id"])
    assert quoted["premium"]["total"] == again["review"]["premium"]["total"]


@each_insurer
async def test_a_requote_changes_the_premium_and_a_reset_brings_it_back(holder: Frontend, code: str) -> None:
    renewal = await holder.start(code)
    plan = renewal["plans"][0]
    change = another_option(plan)

    edited = await holder.requote(renewal, plan, change)
    changed = (await holder.covered(renewal))[0]
    reset = await holder.requote(edited["renewal"], plan, resetFirst=True)
    back = (await holder.covered(renewal))[0]

    assert [] == codes(edited) == codes(reset)
    assert plan["premium"]["total"] != edited["plan"]["premium"]["total"]
    after, before = (
        next(one for one in done["renewal"]["plans"] if one["id"] == plan["id"]) for done in (edited, reset)
    )
    selected = [option["value"] for option in cover(changed)["options"] if option["selected"]]
    assert (True, [change["option"]]) == (after["customised"], selected)
    assert plan["premium"]["total"] == reset["plan"]["premium"]["total"]
    assert (False, cover(plan)) == (before["customised"], cover(back))


@each_insurer
@pytest.mark.parametrize(("language", "words"), [("ja", "選べるもの"), ("en", "can be had as")])
async def test_an_option_that_is_not_offered_is_refused_with_the_choices(
    holder: Frontend, code: str, language: str, words: str
) -> None:
    renewal = await holder.start(code)
    plan = renewal["plans"][0]
    holder.headers["Accept-Language"] = language

    refused = await holder.requote(renewal, plan, another_option(plan), {"key": A_COVER, "option": "no such"})

    (error,) = refused["errors"]
    assert ("INVALID", ["changes", "1", "option"]) == (error["code"], error["field"])
    assert words in error["message"]
    assert all(option["value"] in error["message"] for option in cover(plan)["options"])
    assert renewal["version"] == refused["renewal"]["version"]


@each_insurer
async def test_a_plan_of_another_renewal_is_not_found(member: Frontend, code: str) -> None:
    renewal, others = await member.start(code), [await member.start(other) for other in CODES if other != code]

    for other in others:
        refused = await member.choose(renewal, other["plans"][0])

        assert ["NOT_FOUND"] == codes(refused)
        assert ["planId"] == refused["errors"][0]["field"]
        assert renewal["version"] == refused["renewal"]["version"]
