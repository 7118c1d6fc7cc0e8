"""
Where a comparison stood when its evidence was written: what was compared, who was asked, what was considered, chosen.

Amounts are in yen. A hash tells a plan and what it costs, as in the entries.
"""

from datetime import datetime

from insurers.comparison import Choice, Comparison, Inquiry, offers
from insurers.considered import Considered, considered, stated
from insurers.identity import PolicyRef
from insurers.intention import Intention
from insurers.measured import Measured
from insurers.person import Private
from insurers.text import Text


class Contract(Private, frozen=True, kw_only=True):
    """One policy that is compared; `premium_yen` is what its present term costs."""

    insurer: str
    policy_number: str
    matures_at: datetime
    premium_yen: int


class Part(Private, frozen=True, kw_only=True, omit_defaults=True):
    """
    What one insurer is asked about one policy.

    `categories` is what it may be told of a contract that is not its own. A part with no `plans` was
    not handled, and `setback` says why.
    """

    inquiry: str
    insurer: str
    policy: str
    state: str
    categories: tuple[str, ...] = ()
    plans: int = 0
    asked_at: datetime | None = None
    answered_at: datetime | None = None
    setback: str | None = None
    reason: Text | None = None


class Weighed(Private, frozen=True, kw_only=True, omit_defaults=True):
    """
    A plan that was considered: whether it is what was asked for, its place by the stated rules, and why.

    `measured` is all of it that the rules looked at.
    """

    inquiry: str
    plan: str
    fingerprint: str
    fit: str
    measured: Measured
    position: int | None = None
    reasons: tuple[Text, ...] = ()


class Weighing(Private, frozen=True, kw_only=True):
    """What filtered and ordered the plans: what the customer wants, by these rules, and nothing else."""

    intention: Intention
    rules: tuple[Text, ...]
    plans: tuple[Weighed, ...]


class Chosen(Private, frozen=True, kw_only=True, omit_defaults=True):
    """
    The plan that was chosen for one policy.

    `losses` is the fingerprint of what it loses, `renewal` what it went on in.
    """

    policy: str
    inquiry: str
    plan: str
    fingerprint: str
    premium_yen: int
    chosen_at: datetime
    losses: str | None = None
    renewal: str | None = None


class ComparisonStanding(Private, frozen=True, kw_only=True, omit_defaults=True):
    id: str
    customer: str
    requested_at: datetime
    policies: tuple[Contract, ...]
    parts: tuple[Part, ...]
    considered: Weighing | None = None
    choices: tuple[Chosen, ...] = ()


def standing(comparison: Comparison, at: datetime) -> ComparisonStanding:
    return ComparisonStanding(
        id=comparison.id,
        customer=comparison.customer,
        requested_at=comparison.requested_at,
        policies=tuple(
            Contract(
                insurer=policy.ref.insurer,
                policy_number=str(policy.ref.number),
                matures_at=policy.maturity,
                premium_yen=policy.current.premium.total.amount,
            )
            for policy in comparison.policies
        ),
        parts=tuple(_part(inquiry) for inquiry in comparison.inquiries),
        considered=_weighing(comparison, comparison.intention, at) if comparison.intention else None,
        choices=tuple(_chosen(choice) for choice in comparison.choices),
    )


def _part(inquiry: Inquiry) -> Part:
    setback = inquiry.setback
    return Part(
        inquiry=inquiry.id,
        insurer=inquiry.insurer,
        policy=named(inquiry.policy),
        state=inquiry.state,
        categories=tuple(sorted(inquiry.categories)),
        plans=len(inquiry.plans),
        asked_at=inquiry.asked_at,
        answered_at=inquiry.answered_at,
        setback=setback.kind if setback else None,
        reason=setback.reason if setback else None,
    )


def named(policy: PolicyRef) -> str:
    """Two insurers may print the same number."""
    return f"{policy.insurer} {policy.number}"


def _weighing(comparison: Comparison, intention: Intention, at: datetime) -> Weighing:
    return Weighing(
        intention=intention,
        rules=stated(intention),
        plans=tuple(_weighed(each) for each in considered(offers(comparison), comparison.policies, intention, at)),
    )


def _weighed(each: Considered) -> Weighed:
    plan = each.offer.plan
    return Weighed(
        inquiry=each.offer.inquiry.id,
        plan=plan.name,
        fingerprint=plan.fingerprint,
        fit=each.fit,
        measured=each.measured,
        position=each.position,
        reasons=each.reasons,
    )


def _chosen(choice: Choice) -> Chosen:
    return Chosen(
        policy=named(choice.policy),
        inquiry=choice.inquiry,
        plan=choice.plan.name,
        fingerprint=choice.plan.fingerprint,
        premium_yen=choice.plan.premium.total.amount,
        chosen_at=choice.chosen_at,
        losses=choice.acknowledged,
        renewal=choice.renewal,
    )
