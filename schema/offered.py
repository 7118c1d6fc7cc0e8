"""Where a plan stands: in a renewal, in an insurer's part of a comparison, or as the cover that there is today."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

import msgspec

from insurers import quotation
from insurers.comparison import ComparedPolicy, Comparison, Inquiry, InquiryState
from insurers.identity import PolicyRef
from insurers.plan import Plan, Premium
from insurers.renewal import Renewal
from schema.freshness import Freshness, FreshnessState


@dataclass(frozen=True)
class Quoted:
    """What an insurer answered in a comparison."""

    comparison: Comparison
    inquiry: Inquiry


@dataclass(frozen=True)
class Present:
    """The cover of today, which nobody offers."""

    comparison: Comparison
    policy: ComparedPolicy


OfferedBy: TypeAlias = Renewal | Quoted | Present


def place(offered_by: OfferedBy) -> str:
    """Answer what, together with a plan's code, finds the plan again. A renewal's is its id alone."""
    match offered_by:
        case Renewal(id=id_):
            return id_
        case Quoted(comparison, inquiry):
            return f"{comparison.id}/{inquiry.id}"
        case Present(comparison, policy):
            return f"{comparison.id}/{policy.ref.insurer}/{policy.ref.number}"


def within(comparison: Comparison, place: str) -> Quoted | Present | None:
    """Find again what `place` answered, behind the comparison's own id."""
    _, _, rest = place.partition("/")
    found = comparison.inquiry(rest)
    if found is not None:
        return Quoted(comparison, found)
    named = (policy for policy in comparison.policies if rest == f"{policy.ref.insurer}/{policy.ref.number}")
    return next((Present(comparison, policy) for policy in named), None)


def about(offered_by: OfferedBy) -> PolicyRef:
    """Answer the policy in whose place the plan would come."""
    match offered_by:
        case Renewal(ref=ref):
            return ref
        case Quoted(_, inquiry):
            return inquiry.policy
        case Present(_, policy):
            return policy.ref


def owner(offered_by: OfferedBy) -> str:
    """Answer the customer to whom it is offered."""
    match offered_by:
        case Renewal(customer=customer):
            return customer
        case Quoted(comparison) | Present(comparison):
            return comparison.customer


def plans(offered_by: OfferedBy) -> tuple[Plan, ...]:
    match offered_by:
        case Renewal(plans=offered):
            return offered
        case Quoted(_, inquiry):
            return inquiry.plans
        case Present(_, policy):
            return (policy.current,)


def is_chosen(offered_by: OfferedBy, plan: Plan) -> bool:
    match offered_by:
        case Renewal(selected=code):
            return plan.code == code
        case Quoted(comparison, inquiry):
            choice = comparison.choice(inquiry.policy)
            # What was edited or quoted otherwise since then is not what was chosen.
            return choice is not None and (inquiry.id, plan.bought) == (choice.inquiry, choice.plan.bought)
        case Present():
            return False


def priced(offered_by: OfferedBy, plan: Plan) -> Premium:
    """Say what a plan costs; another insurer does not know what is paid today, but we do."""
    if plan.premium.change_from_current is not None or not isinstance(offered_by, Quoted):
        return plan.premium
    today = offered_by.comparison.policy(offered_by.inquiry.policy).current.premium.total
    return msgspec.structs.replace(plan.premium, change_from_current=plan.premium.total - today)


def stands_until(offered_by: OfferedBy, plan: Plan) -> datetime | None:
    """Answer when a quote runs out; None for the cover of today, which was not quoted."""
    match offered_by:
        case Renewal(maturity=maturity):
            return quotation.stands_until(plan, maturity)
        case Quoted(comparison, inquiry):
            return comparison.policy(inquiry.policy).stands_until(plan)
        case Present():
            return None


def has_run_out(offered_by: OfferedBy, plan: Plan, now: datetime) -> bool:
    """Say whether a plan can no longer be chosen as it was quoted; a renewal prices it anew before anything is sent."""
    until = plan.valid_until if isinstance(offered_by, Renewal) else stands_until(offered_by, plan)
    return until is not None and until <= now


def age(offered_by: OfferedBy, plan: Plan, now: datetime) -> Freshness:
    """Say how old a quote is: STALE where it has run out, or where the insurer was asked again and gave no other."""
    until = stands_until(offered_by, plan)
    unanswered = isinstance(offered_by, Quoted) and offered_by.inquiry.state in _UNANSWERED
    stale = unanswered or (until is not None and until <= now)
    return Freshness(
        state=FreshnessState.STALE if stale else FreshnessState.CACHED,
        fetched_at=plan.quoted_at,
        fresh_until=until or plan.quoted_at,
    )


# What is there then was quoted before the insurer was last asked.
_UNANSWERED = frozenset({InquiryState.LATE, InquiryState.FAILED})


def together(ages: Sequence[Freshness]) -> Freshness | None:
    """Say how old several quotes are at the most; None of none."""
    if not ages:
        return None
    stale = any(each.state is FreshnessState.STALE for each in ages)
    return Freshness(
        state=FreshnessState.STALE if stale else FreshnessState.CACHED,
        fetched_at=min(each.fetched_at for each in ages),
        fresh_until=min(each.fresh_until for each in ages),
    )
