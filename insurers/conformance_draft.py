"""The answers of a customer who has nothing to declare, and what else might be answered."""

from collections.abc import Iterator, Mapping

from insurers.answers import NO, YES, Value
from insurers.conformance_script import binds
from insurers.identity import PolicyNumber
from insurers.plan import Plan
from insurers.renewal import Draft
from insurers.script import Binds, Field, InputKind, PlanChoice, Referral, Requirement, Script
from insurers.typed import read


def complete(number: PolicyNumber, plan: Plan, script: Script, said: Mapping[str, Value] | None = None) -> Draft:
    """
    Answer all of *script*, up to the review, as a customer with nothing to declare.

    Boxes are ticked, documents opened, suggestions and recommendations kept, and nothing is
    answered that leads to the agency. *said* answers what has no such answer of its own.
    """
    known = said or {}
    needs = [need for step in script for need in step.requirements if not binds(need, Binds.REVIEW)]
    values = {need.key: known.get(need.key) or _easiest(need, plan) for need in needs if need.required}
    return Draft(number=number, plan=plan, values=values, documents=script.documents())


def conditions(script: Script) -> list[Field]:
    """Answer the fields whose answers are conditions of every quote."""
    return [need for step in script for need in step.requirements if isinstance(need, Field) and need.reprices]


def other_conditions(script: Script) -> Iterator[dict[str, str]]:
    """Answer every condition that could be picked in the place of one that is shown."""
    for field in conditions(script):
        yield from ({field.key: option.value} for option in field.options if option.value != field.suggested)


def referrals(script: Script) -> Iterator[tuple[Field, Referral]]:
    for step in script:
        for need in step.requirements:
            if isinstance(need, Field):
                yield from ((need, referral) for referral in need.refers)


def leading_away(field: Field, referral: Referral) -> Value:
    """Answer *field* so that only the agency can go on."""
    return read(field, referral.when[0] if referral.when else str(referral.at_least))


def _easiest(need: Requirement, plan: Plan) -> Value:
    match need:
        case PlanChoice():
            return plan.code
        case Field():
            return read(need, _typed(need))
    return YES


def _typed(field: Field) -> str:
    if field.suggested is not None:
        return field.suggested
    if field.input is InputKind.BOOLEAN:
        return YES if any(NO in rule.when for rule in field.refers) else NO
    if field.input is InputKind.INTEGER:
        return "1"
    for option in sorted(field.options, key=lambda option: not option.recommended):
        return option.value
    raise LookupError(f"`said` has no answer to {field.key}, and the script suggests none")
