"""Q4: a renewal with its plans, steps and whatever the steps ask for."""

from collections.abc import Callable, Mapping
from typing import Any

from insurers.answers import Standing, StepState
from insurers.proof import is_customers_alone
from insurers.renewal import Renewal
from insurers.script import Confirmation, DocumentToOpen, Field, PlanChoice, StepKind
from schema.ports import Asker
from schema.renewal import STATUS_LABELS
from schema.step import OPEN
from tests.benchmarks.requests.place import Answer, House, Said


async def answer(house: House, asker: Asker, said: Said) -> Answer:
    parts = house.ids.parts(said["id"], "Renewal")
    renewal = await house.desks.renewals.get(asker, parts[0]) if parts else None
    return {"renewal": _renewal(house, renewal) if renewal else None}


def _renewal(house: House, renewal: Renewal) -> Answer:
    steps = [_step(house, renewal, standing) for standing in renewal.standings]
    code = renewal.ref.insurer
    return {
        "id": house.ids.seal("Renewal", renewal.id),
        "version": renewal.version,
        "status": renewal.state.name,
        "statusLabel": STATUS_LABELS[renewal.state].ja,
        "dueBy": renewal.maturity.isoformat(),
        "insurer": {"code": code, "name": house.desks.manifests[code].name.ja},
        "plans": [
            {
                "id": house.ids.seal("Plan", renewal.id, plan.code),
                "name": plan.name,
                "position": plan.position,
                "premium": {"total": plan.premium.total.amount},
            }
            for plan in renewal.plans
        ],
        "selectedPlan": _selected(house, renewal),
        "currentStep": next(({"id": step["id"], "key": step["key"]} for step in steps if step["state"] in _OPEN), None),
        "steps": steps,
    }


_OPEN = {state.name for state in OPEN}


def _step(house: House, renewal: Renewal, standing: Standing) -> Answer:
    step = standing.step
    return {
        "id": house.ids.seal("FlowStep", renewal.id, step.key),
        "key": step.key,
        "kind": step.kind.name,
        "title": step.title.ja,
        "state": _state(renewal, standing).name,
        "position": standing.position,
        "facts": [
            {"key": fact.key, "label": fact.label.ja, "value": fact.value, "changed": fact.changed}
            for fact in step.facts
        ],
        "requirements": [
            {
                "__typename": f"{_NAMES[type(need)]}Requirement",
                "key": need.key,
                "label": need.label.ja,
                "required": need.required,
                "satisfied": need.key in standing.satisfied,
                "customerOnly": is_customers_alone(step, need),
                **_MORE[type(need)](house, renewal, standing, need),
            }
            for need in step.requirements
        ],
    }


def _state(renewal: Renewal, standing: Standing) -> StepState:
    waits = renewal.proposal is None and standing.step.kind is StepKind.APPLICATION
    return StepState.WAITING if waits and standing.state is not StepState.LOCKED else standing.state


def _field(house: House, renewal: Renewal, standing: Standing, need: Field) -> Answer:
    return {
        "inputKind": need.input.name,
        "pattern": need.pattern,
        "minLength": need.min_length,
        "maxLength": need.max_length,
        "options": [
            {"value": option.value, "label": option.label.ja, "recommended": option.recommended}
            for option in need.options
        ],
        "suggested": need.suggested,
        "reprices": need.reprices,
        "sensitive": need.sensitive,
    }


def _confirmation(house: House, renewal: Renewal, standing: Standing, need: Confirmation) -> Answer:
    answer = renewal.answers.get(need.key)
    confirmed_at = answer.at.isoformat() if answer and need.key in standing.satisfied else None
    return {"statement": need.statement, "confirmedAt": confirmed_at}


def _document(house: House, renewal: Renewal, standing: Standing, need: DocumentToOpen) -> Answer:
    opened, document = renewal.opened.get(need.document.sha256), need.document
    code, number = renewal.ref.insurer, renewal.ref.number.text
    return {
        "mustOpen": need.must_open,
        "openedAt": opened.isoformat() if opened else None,
        "document": {
            "id": house.ids.seal("Document", code, number, document.id, renewal.id),
            "sha256": document.sha256,
        },
    }


def _plan(house: House, renewal: Renewal, standing: Standing, need: PlanChoice) -> Answer:
    return {"selected": _selected(house, renewal)}


def _selected(house: House, renewal: Renewal) -> Answer | None:
    return {"id": house.ids.seal("Plan", renewal.id, renewal.plan.code)} if renewal.plan else None


_NAMES = {Field: "Field", Confirmation: "Confirmation", DocumentToOpen: "Document", PlanChoice: "Plan"}
# Each takes a need of its own kind.
_MORE: Mapping[type, Callable[[House, Renewal, Standing, Any], Answer]] = {
    Field: _field,
    Confirmation: _confirmation,
    DocumentToOpen: _document,
    PlanChoice: _plan,
}
