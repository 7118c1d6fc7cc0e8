"""Where a renewal may end: at the button, at the agency, abandoned, or not begun at all."""

import pytest

from tests.api.conftest import CODES, INSURERS, Town, each_insurer
from tests.api.frontend import Frontend, Json, codes

REFERRING = [(code, requirement) for code in CODES for requirement in INSURERS[code]["refers to the agency"]]


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
    present = await holder.follow((await holder.choose(old, plan))["renewal"])
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
    registered: Frontend, code: str, language: str, words: str
) -> None:
    registered.headers["Accept-Language"] = language

    refused = await registered.mutate("RenewalStart", policy={"id": await registered.policy_id(code, 1)})

    (error,) = refused["errors"]
    assert ("EligibilityError", "NOT_ELIGIBLE") == (error["__typename"], error["code"])
    assert ["TOO_EARLY"] == [reason["code"] for reason in error["reasons"]]
    assert error["reasons"][0]["contact"]["phone"]
    assert error["retryAt"].startswith("2027")
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
        await holder.choose(stopped["renewal"], renewal["plans"][0]),
        await holder.requote(stopped["renewal"], renewal["plans"][0]),
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


@each_insurer
async def test_the_history_says_what_each_revision_was(holder: Frontend, code: str) -> None:
    holder.headers["Accept-Language"] = "en"
    renewal = await holder.start(code)
    step, plan = renewal["currentStep"], renewal["plans"][0]
    chosen = (await holder.choose(renewal, plan))["renewal"]
    await holder.follow(chosen)

    told = [edge["node"]["summary"] for edge in (await holder.read(renewal))["events"]["edges"]][::-1]

    assert ["Begun", "A plan was chosen", f"Answered: {step['title']}"] == told[:3]
    assert "The insurer showed what would be signed" in told
    assert "Revised" not in told
