"""What a customer types, ticks and picks, from what is asked."""

from datetime import datetime
from random import Random

from gateway.demo.customer import ANSWERS
from insurers.losses import fingerprint
from insurers.renewal import Renewal
from insurers.script import Confirmation, DocumentToOpen, Field, InputKind, PlanChoice, Requirement
from schema.ports import Given


def given(need: Requirement, renewal: Renewal, chance: Random) -> Given | None:
    """Answer what is asked; None where somebody with an ordinary policy has nothing to say."""
    match need:
        case Confirmation():
            return Given(requirement=need.key, confirmed=True)
        case DocumentToOpen():
            return Given(requirement=need.key, opened=need.document.id)
        case PlanChoice():
            plan = chance.choice(renewal.plans)
            read = fingerprint(renewal.losses(plan))
            return Given(requirement=need.key, plan=plan.code, acknowledged=read)
        case Field():
            return _field(need, renewal.maturity)
    return None


def _field(need: Field, matures: datetime) -> Given | None:
    if need.input is InputKind.YEAR_MONTH:
        return Given(requirement=need.key, value=f"{matures.year + 2}-06")
    known = ANSWERS.get(need.key) or need.suggested
    if need.options:
        offered = [option.value for option in need.options]
        return Given(requirement=need.key, value=known if known in offered else offered[0])
    if known is None and not need.required:
        return None
    return Given(requirement=need.key, value=known or "1")
