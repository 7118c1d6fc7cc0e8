"""Which plan of a renewal is chosen, and whether it may be: as last quoted, and with open eyes (P-8)."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from gateway.journeys import acting
from gateway.journeys.refusal import Refusal
from insurers.answers import Answered, bound
from insurers.consent import ConsentKind
from insurers.coverage import CoverageChange
from insurers.identity import PlanCode
from insurers.losses import Loss, fingerprint
from insurers.plan import Plan
from insurers.renewal import Renewal
from insurers.script import PlanChoice
from insurers.text import Text
from schema.ports import Given
from schema.problems import Problem, ProblemCode, invalid, unacknowledged, unknown


def offered(renewal: Renewal, code: PlanCode) -> Plan:
    plan = next((plan for plan in renewal.plans if plan.code == code), None)
    if plan is None:
        raise Refusal(unknown("planId"), renewal)
    return plan


def chosen(renewal: Renewal, code: PlanCode, acknowledged: str | None, now: datetime, *within: str) -> Renewal:
    """
    Answer the renewal with this plan chosen: every requirement that asks for a plan is answered by it.

    *acknowledged* is the fingerprint of the losses that were read, and *within* where in the input it stands.

    Raises:
        Refusal: there is none, its quote has run out, or it loses what nobody who may has acknowledged (P-8, P-14).
    """
    plan = offered(renewal, code)
    if plan.valid_until is not None and plan.valid_until <= now:
        raise Refusal(_QUOTE_EXPIRED, renewal)
    stays = code == renewal.selected and not renewal.unacknowledged(plan)
    lost = renewal.acknowledged if stays else _read(renewal, plan, acknowledged, *within, "acknowledgedLosses")
    after = msgspec.structs.replace(renewal, selected=code, acknowledged=lost, proposal=None)
    choices = (need for step in renewal.script for need in step.requirements if isinstance(need, PlanChoice))
    answers = {need.key: Answered(value=code, bound=bound(need, after.subject), at=now) for need in choices}
    return msgspec.structs.replace(after, answers={**renewal.answers, **answers})


def picked(renewal: Renewal, given: Sequence[Given], now: datetime) -> Renewal:
    """
    Answer the renewal with the plan chosen that is among the answers, so that other answers can be about it.

    Raises:
        Refusal: it cannot be chosen.
    """
    for position, one in enumerate(given):
        if one.plan is not None:
            return chosen(renewal, one.plan, one.acknowledged, now, "answers", str(position))
    return renewal


def choosable(renewal: Renewal, plan: Plan, changes: Sequence[CoverageChange]) -> None:
    """
    Raises:
        Refusal: a cover of the plan cannot be had like that.
    """
    options = {cover.kind: {option.value for option in cover.options} for cover in plan.coverages}
    for position, change in enumerate(changes):
        known = options.get(change.kind, set())
        if change.option not in known:
            choices = "、".join(sorted(known)) or "—"
            message = Text(
                f"この補償で選べるものは次のとおりです: {choices}", f"This cover can be had as one of: {choices}"
            )
            raise Refusal(invalid(message, "changes", str(position), "option"), renewal)


def _read(renewal: Renewal, plan: Plan, acknowledged: str | None, *field: str) -> tuple[Loss, ...]:
    """Answer what the plan loses, all of which the customer has read."""
    lost = renewal.losses(plan)
    if lost and not acting.may_confirm(ConsentKind.COVER_REDUCTION):
        raise Refusal(acting.customer_only(_CHOOSING_LESS, *field), renewal)
    if lost and acknowledged != fingerprint(lost):
        raise Refusal(msgspec.structs.replace(unacknowledged(lost), field=field), renewal)
    return lost


_CHOOSING_LESS = Text("補償がなくなる・狭くなるプランの選択", "Choosing a plan that loses or narrows covers")
_QUOTE_EXPIRED = Problem(
    code=ProblemCode.QUOTE_EXPIRED,
    message=Text("試算の有効期限が切れています。もう一度試算してください。", "The quote has run out: quote again."),
    field=("planId",),
)
