"""A renewal from its first step to the button: what opens what, what must be confirmed anew, and the ways out."""

import pytest

from tests.api.conftest import CODES, INSURERS, Town, each_insurer
from tests.api.frontend import Frontend, Json

REFERRING = [(code, requirement) for code in CODES for requirement in INSURERS[code]["refers to the agency"]]

A_COVER = "PERSONAL_LIABILITY"  # Everywhere an option, and nowhere free.


def codes(done: Json) -> list[str]:
    return [error["code"] for error in done["errors"]]


def unsatisfied(renewal: Json) -> set[str]:
    return {need["key"] for step in renewal["steps"] for need in step["requirements"] if not need["satisfied"]}


def cover(plan: Json) -> Json:
    return next(one for one in plan["coverages"] if one["key"] == A_COVER)


def another_option(plan: Json) -> Json:
    """Answer a change of a cover of this plan."""
    value = next(option["value"] for option in cover(plan)["options"] if not option["selected"])
    return {"key": A_COVER, "option": value}


async def requoted(holder: Frontend, renewal: Json, plan: Json, *changes: Json, **fields: object) -> Json:
    return await holder.mutate(
        "RenewalRequote",
        renewalId=renewal["id"],
        planId=plan["id"],
        expectedVersion=renewal["version"],
        changes=list(changes),
        **fields,
    )


async def chosen(holder: Frontend, renewal: Json, plan: Json) -> Json:
    return await holder.mutate(
        "RenewalPlanSelect", renewalId=renewal["id"], planId=plan["id"], expectedVersion=renewal["version"]
    )


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
        for step in renewal["steps"][place + 1 :]:
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

    after = (await chosen(holder, ready, other))["renewal"]
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
    plan = next(plan for plan in ready["plans"] if plan["selected"])

    after = (await requoted(holder, ready, plan, another_option(plan)))["renewal"]
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

    edited = await requoted(holder, renewal, plan, change)
    reset = await requoted(holder, edited["renewal"], plan, resetFirst=True)

    assert [] == codes(edited) == codes(reset)
    assert plan["premium"]["total"] != edited["plan"]["premium"]["total"]
    after, before = (
        next(one for one in done["renewal"]["plans"] if one["id"] == plan["id"]) for done in (edited, reset)
    )
    selected = [option["value"] for option in cover(after)["options"] if option["selected"]]
    assert (True, [change["option"]]) == (after["customised"], selected)
    assert plan["premium"]["total"] == reset["plan"]["premium"]["total"]
    assert (False, cover(plan)) == (before["customised"], cover(before))


@each_insurer
@pytest.mark.parametrize(("language", "words"), [("ja", "選べるもの"), ("en", "can be had as")])
async def test_an_option_that_is_not_offered_is_refused_with_the_choices(
    holder: Frontend, code: str, language: str, words: str
) -> None:
    renewal = await holder.start(code)
    plan = renewal["plans"][0]
    holder.headers["Accept-Language"] = language

    refused = await requoted(holder, renewal, plan, another_option(plan), {"key": A_COVER, "option": "no such"})

    (error,) = refused["errors"]
    assert ("INVALID", ["changes", "1", "option"]) == (error["code"], error["field"])
    assert words in error["message"]
    assert all(option["value"] in error["message"] for option in cover(plan)["options"])
    assert renewal["version"] == refused["renewal"]["version"]


@each_insurer
async def test_a_plan_of_another_renewal_is_not_found(member: Frontend, code: str) -> None:
    renewal, others = await member.start(code), [await member.start(other) for other in CODES if other != code]

    for other in others:
        refused = await chosen(member, renewal, other["plans"][0])

        assert ["NOT_FOUND"] == codes(refused)
        assert ["planId"] == refused["errors"][0]["field"]
        assert renewal["version"] == refused["renewal"]["version"]


@pytest.mark.parametrize(("code", "requirement"), REFERRING)
async def test_an_answer_that_only_the_agency_can_deal_with_refers_to_it(
    holder: Frontend, code: str, requirement: str
) -> None:
    said = INSURERS[code]["refers to the agency"][requirement]

    referred = await holder.follow(await holder.start(code), lambda need: said if need["key"] == requirement else None)

    assert "REFERRED" == referred["status"]
    assert referred["reasons"]
    assert all(reason["message"] for reason in referred["reasons"])
    first = referred["nextActions"][0]
    assert ("CONTACT_AGENCY", None, True) == (first["kind"], first["mutation"], first["primary"])
    assert "SUBMIT" not in {action["kind"] for action in referred["nextActions"]}
    refused = await holder.mutate(
        "RenewalSubmit", renewalId=referred["id"], expectedVersion=referred["version"], reviewHash="x"
    )
    assert ["STEP_LOCKED"] == codes(refused)


@each_insurer
async def test_an_older_review_cannot_be_signed(town: Town, holder: Frontend, code: str) -> None:
    old = await holder.ready(code)
    plan = next(plan for plan in old["plans"] if not plan["selected"])
    present = await holder.follow((await chosen(holder, old, plan))["renewal"])
    town.forget_requests()

    refused = [await holder.submit(present, reviewHash=review) for review in (old["reviewHash"], "", "x")]

    for done in refused:
        assert ["REVIEW_CHANGED"] == codes(done)
        assert ["reviewHash"] == done["errors"][0]["field"]
        assert present["reviewHash"] == done["renewal"]["reviewHash"]
    assert 0 == town.requests(code).get(INSURERS[code]["button"], 0)


@each_insurer
async def test_nothing_is_signed_before_every_step_is_done(holder: Frontend, code: str) -> None:
    last = await holder.follow(await holder.start(code), until="APPLICATION")
    assert last["reviewHash"]

    refused = await holder.submit(last)

    assert ["STEP_LOCKED"] == codes(refused)
    assert "IN_PROGRESS" == refused["renewal"]["status"]


@each_insurer
@pytest.mark.parametrize(("language", "words"), [("ja", "年"), ("en", "2027")])
async def test_a_renewal_that_is_not_open_yet_is_refused_with_the_date(
    holder: Frontend, code: str, language: str, words: str
) -> None:
    holder.headers["Accept-Language"] = language

    refused = await holder.mutate("RenewalStart", policy={"id": await holder.policy_id(code, 1)})

    (error,) = refused["errors"]
    assert ("EligibilityError", "NOT_ELIGIBLE") == (error["__typename"], error["code"])
    assert ["TOO_EARLY"] == [reason["code"] for reason in error["reasons"]]
    assert error["reasons"][0]["contact"]["phone"]
    assert words in error["message"]
    assert "2027" in error["message"]
    assert refused["renewal"] is None


@each_insurer
async def test_a_policy_that_was_renewed_is_not_renewed_again(town: Town, holder: Frontend, code: str) -> None:
    done = await holder.submit(await holder.ready(code))

    again = await holder.mutate("RenewalStart", policy={"id": await holder.policy_id(code)})

    assert ["ALREADY_DONE"] == codes(again)
    assert done["renewal"]["id"] == again["renewal"]["id"]
    assert 1 == town.requests(code)[INSURERS[code]["button"]]
    assert [] == done["renewal"]["nextActions"]


@each_insurer
@pytest.mark.parametrize("ready", [True, False])
async def test_a_renewal_that_was_abandoned_takes_nothing_more_and_another_may_begin(
    town: Town, holder: Frontend, code: str, ready: bool
) -> None:
    renewal = await holder.ready(code) if ready else await holder.start(code)
    step = renewal["steps"][0]["id"]

    stopped = await holder.mutate("RenewalCancel", renewalId=renewal["id"])
    twice = await holder.mutate("RenewalCancel", renewalId=renewal["id"])
    now: Json = {"expectedVersion": stopped["renewal"]["version"]}
    refused = [
        await holder.mutate("RenewalStepAnswer", flowId=renewal["id"], stepId=step, answers=[], **now),
        await chosen(holder, stopped["renewal"], renewal["plans"][0]),
        await requoted(holder, stopped["renewal"], renewal["plans"][0]),
        await holder.mutate("RenewalSubmit", renewalId=renewal["id"], reviewHash=renewal["reviewHash"] or "x", **now),
    ]
    another = await holder.start(code)

    assert [("WITHDRAWN", [])] * 2 == [(done["renewal"]["status"], done["errors"]) for done in (stopped, twice)]
    assert [["STEP_LOCKED"]] * 4 == [codes(done) for done in refused]
    assert [] == stopped["renewal"]["nextActions"]
    assert renewal["id"] != another["id"]
    assert 0 == town.requests(code).get(INSURERS[code]["button"], 0)


@each_insurer
async def test_next_actions_name_mutations_that_exist(taro: Frontend, code: str) -> None:
    schema = (await taro.raw('{ __type(name: "Mutation") { fields { name } } }'))["data"]["__type"]
    known = {f"Mutation.{field['name']}" for field in schema["fields"]}
    named: set[str | None] = set()
    registration = await taro.begin(code)
    while registration["currentStep"]:
        named |= {action["mutation"] for action in registration["nextActions"]}
        registration = await taro.advance(registration)
    renewal = await taro.start(code)
    while renewal["status"] == "IN_PROGRESS":
        named |= {action["mutation"] for action in renewal["nextActions"]}
        renewal = await taro.advance(renewal)
    named |= {action["mutation"] for action in renewal["nextActions"]}

    assert named <= known
    assert {"Mutation.registrationStepAnswer", "Mutation.renewalStepAnswer", "Mutation.renewalSubmit"} <= named


@each_insurer
async def test_the_history_tells_what_happened_newest_first_and_by_whom(holder: Frontend, code: str) -> None:
    done = await holder.submit(await holder.ready(code))

    events = [edge["node"] for edge in (await holder.read(done["renewal"]))["events"]["edges"]]

    assert ("The insurer issued the next policy", "Begun") == (events[0]["summary"], events[-1]["summary"])
    assert {"三住 太郎", "Tabane"} == {event["actor"]["display"] for event in events}
