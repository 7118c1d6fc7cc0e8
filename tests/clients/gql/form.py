"""The one form renderer: what an open step asks, answered as its customer would. It knows no insurer."""

from typing import Any

import aiohttp

# By the key of what is asked: keys are alike where the question is.
TYPED = {
    "phone": {"text": "090-1234-5678"},
    "vehicle_count": {"number": 2},
    "licence_renewal_month": {"text": "2028-02"},
    "youngest_driver_birth_date": {"date": "1977-03-03"},
    "group_conditions": {"choice": "true"},
}


async def answers(renewal: Any) -> list[dict[str, Any]]:
    """Answer whatever is still open of the current step, as `StepAnswerInput` takes it."""
    plan = _wanted(renewal)
    told = []
    for requirement in renewal["currentStep"]["requirements"]:
        if requirement["satisfied"]:
            continue
        match requirement["__typename"]:
            case "ConfirmationRequirement":
                value: dict[str, Any] | None = {"confirmed": True}
            case "DocumentRequirement":
                value = await _opened(requirement["document"])
            case "PlanRequirement":
                read = {"acknowledgedLosses": plan["lossesHash"]} if plan["lossesHash"] else {}
                told.append({"requirementKey": requirement["key"], "value": {"planId": plan["id"]}, **read})
                continue
            case _:
                value = _typed(requirement)
        if value is not None:
            told.append({"requirementKey": requirement["key"], "value": value})
    return told


def _wanted(renewal: Any) -> Any:
    """The plan that was chosen, or the one that is most like the present contract."""
    chosen = (renewal["selectedPlan"] or {}).get("id")
    plans = {plan["id"]: plan for plan in renewal["plans"]}
    return plans.get(chosen) or next((plan for plan in plans.values() if plan["sameAsCurrent"]), renewal["plans"][0])


async def _opened(document: Any) -> dict[str, Any] | None:
    if not document or not document["url"]:
        return None  # The insurer has not shown it yet.
    async with aiohttp.ClientSession() as http, http.get(document["url"]) as answer:
        answer.raise_for_status()
        await answer.read()
    return {"documentOpened": document["id"]}


def _typed(field: Any) -> dict[str, Any] | None:
    suggested = field["suggested"]
    if suggested is not None and not field["required"]:
        return None  # What stands there is right.
    if field["key"] in TYPED:
        return TYPED[field["key"]]
    if field["inputKind"] == "BOOLEAN":
        return {"choice": "false"}
    if field["options"]:
        recommended = [option for option in field["options"] if option["recommended"]] or field["options"]
        return {"choice": suggested or recommended[0]["value"]}
    return {"text": suggested} if suggested else None
