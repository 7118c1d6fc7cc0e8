"""Nobody loses a cover in silence (P-8): a plan that loses or narrows one is chosen by who has read which."""

from gateway.evidence.audit import audit
from tests.api.agencies import agencies_at_work, let_act
from tests.api.conftest import Town, each_insurer
from tests.api.frontend import Frontend, Json, codes

__all__ = ["agencies_at_work"]

LOSSES = """query ($id: ID!) { renewal(id: $id) {
  plans { id lossesHash losses { label reason } }
  evidence { bundle entries { role ... on ConsentEntry { kind statement answer } } } } }"""
REFUSED = """mutation ($input: RenewalPlanSelectInput!) { renewalPlanSelect(input: $input) {
  renewal { id selectedPlan { id } }
  errors { __typename code field message ... on LossesError { lossesHash losses { label reason } } } } }"""


async def seen(customer: Frontend, renewal: Json) -> Json:
    answer = await customer.raw(LOSSES, {"id": renewal["id"]})
    assert "errors" not in answer, answer["errors"]
    return answer["data"]["renewal"]  # type: ignore[no-any-return]  # Whatever was asked for.


async def losing(customer: Frontend, renewal: Json, place: int) -> tuple[Json, Json, Json]:
    """Edit a plan that loses nothing until it does; answer the change, the renewal and the plan."""
    plan = renewal["plans"][place]
    for cover in plan["coverages"]:
        for option in (option for option in cover["options"] if not option["selected"]):
            change = {"key": cover["key"], "option": option["value"]}
            renewal = (await customer.requote(renewal, plan, change, resetFirst=True))["renewal"]
            if renewal["plans"][place]["lossesHash"]:
                return change, renewal, renewal["plans"][place]
    raise AssertionError("no edit loses anything")


@each_insurer
async def test_a_plan_that_loses_a_cover_is_chosen_only_by_who_has_read_which(
    town: Town, holder: Frontend, code: str
) -> None:
    begun = await holder.start(code)
    same = next(place for place, plan in enumerate(begun["plans"]) if plan["lossesHash"] is None)
    _, renewal, plan = await losing(holder, begun, same)
    agent = await let_act(town, holder)
    said = {"renewalId": renewal["id"], "planId": plan["id"], "expectedVersion": renewal["version"]}

    answer = await holder.raw(REFUSED, {"input": {**said, "idempotencyKey": "unread"}})
    (error,) = answer["data"]["renewalPlanSelect"]["errors"]
    wrong = await holder.choose(renewal, plan, acknowledgedLosses="0" * 64)
    agents = await agent.choose(renewal, plan)
    step = (await holder.follow(renewal, until="PLAN"))["currentStep"]
    chosen = await holder.choose(await holder.read(renewal), plan)

    shown = await seen(holder, renewal)
    lost = next(one for one in shown["plans"] if one["id"] == plan["id"])
    assert ("LossesError", "LOSSES_NOT_ACKNOWLEDGED", ["acknowledgedLosses"]) == (
        error["__typename"],
        error["code"],
        error["field"],
    )
    assert lost["lossesHash"] == error["lossesHash"] == plan["lossesHash"]
    assert [(loss["label"], loss["reason"]) for loss in lost["losses"]] == [
        (loss["label"], loss["reason"]) for loss in error["losses"]
    ]
    assert None is answer["data"]["renewalPlanSelect"]["renewal"]["selectedPlan"]
    assert (["LOSSES_NOT_ACKNOWLEDGED"], ["CUSTOMER_ONLY"], []) == (codes(wrong), codes(agents), codes(chosen))
    assert {"acknowledgedLosses"} == {one["errors"][0]["field"][-1] for one in (wrong, agents)}
    assert "PLAN" == step["kind"]
    assert plan["id"] == chosen["renewal"]["selectedPlan"]["id"]
    (consent,) = [entry for entry in shown["evidence"]["entries"] if entry.get("kind") == "COVER_REDUCTION"]
    assert ("CUSTOMER", lost["lossesHash"]) == (consent["role"], consent["answer"])
    assert [f"・{loss['label']}: {loss['reason']}" for loss in lost["losses"]] == consent["statement"].split("\n")[1:]

    ready = await holder.follow(chosen["renewal"])
    done = await holder.submit(ready)

    assert ("READY", "ACCEPTED") == (ready["status"], done["renewal"]["status"])
    bundle = (await seen(holder, renewal))["evidence"]["bundle"]
    sent = next(event for event in audit(bundle.encode()).bundle.events if event.get("event") == "submit")
    assert lost["lossesHash"] in [one.get("answer") for one in sent["required"]]


@each_insurer
async def test_a_step_is_no_way_past_the_losses(town: Town, holder: Frontend, code: str) -> None:
    begun = await holder.start(code)
    same = next(place for place, plan in enumerate(begun["plans"]) if plan["lossesHash"] is None)
    _, renewal, plan = await losing(holder, begun, same)
    asked = await holder.follow(renewal, until="PLAN")
    (need,) = (need for need in asked["currentStep"]["requirements"] if need["__typename"] == "PlanRequirement")
    picked = {"requirementKey": need["key"], "value": {"planId": plan["id"]}}
    agent = await let_act(town, holder)

    tried = [
        await who.answer("RenewalStepAnswer", asked, asked["currentStep"], answers=[picked | read])
        for who, read in (
            (holder, {}),
            (holder, {"acknowledgedLosses": "0" * 64}),
            (agent, {"acknowledgedLosses": plan["lossesHash"]}),
        )
    ]

    assert ["LOSSES_NOT_ACKNOWLEDGED", "LOSSES_NOT_ACKNOWLEDGED", "CUSTOMER_ONLY"] == [codes(one)[0] for one in tried]
    assert {("answers", "0", "acknowledgedLosses")} == {tuple(one["errors"][0]["field"]) for one in tried}
    assert {None} == {one["renewal"]["selectedPlan"] for one in tried}
    left = (await seen(holder, asked))["evidence"]["entries"]
    assert [] == [entry for entry in left if entry.get("kind") == "COVER_REDUCTION"]


@each_insurer
async def test_a_quote_with_new_losses_drops_the_choice_and_one_without_keeps_it(holder: Frontend, code: str) -> None:
    begun = await holder.start(code)
    same = next(place for place, plan in enumerate(begun["plans"]) if plan["lossesHash"] is None)
    change, renewal, _ = await losing(holder, begun, same)
    whole = (await holder.requote(renewal, renewal["plans"][same], resetFirst=True))["renewal"]
    plan = whole["plans"][same]
    chosen = (await holder.choose(whole, plan))["renewal"]

    kept = (await holder.requote(chosen, plan, resetFirst=True))["renewal"]
    dropped = (await holder.requote(kept, plan, change))["renewal"]
    again = (await holder.choose(dropped, dropped["plans"][same]))["renewal"]
    back = (await holder.requote(again, plan, resetFirst=True))["renewal"]

    assert (plan["id"], None) == (kept["selectedPlan"]["id"], dropped["selectedPlan"])
    assert (plan["id"], plan["id"]) == (again["selectedPlan"]["id"], back["selectedPlan"]["id"])
    assert (True, None) == (bool(dropped["plans"][same]["lossesHash"]), back["plans"][same]["lossesHash"])
