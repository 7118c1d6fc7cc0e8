"""Plans side by side, each beside the one that it is held against."""

from collections.abc import Sequence
from dataclasses import dataclass

import strawberry

from insurers.comparison import ComparedPolicy, Comparison
from insurers.identity import PolicyRef
from insurers.matrix import Column, conditions, matrix
from schema.context import Info
from schema.matrix import ComparisonConditionRow, ComparisonRow
from schema.offered import OfferedBy, Present, Quoted, about
from schema.plan import Plan


@dataclass(frozen=True)
class SideBySide:
    """
    `references` are what the plans are held against, in the order of the plans.

    `others` are what they may be held against instead, besides each other.
    """

    plans: Sequence[Plan]
    references: Sequence[Plan]
    others: Sequence[Plan] = ()

    @property
    def reference(self) -> Plan | None:
        """The one reference of all; None where each policy has its own."""
        words = {id(reference.word): reference for reference in (*self.references, *self.others)}
        return next(iter(words.values())) if len(words) == 1 else None

    def rows(self, info: Info, reference: strawberry.ID | None) -> list[ComparisonRow]:
        against = self._against(info, reference)
        if against is None:
            return []
        one, columns = against.reference, against.columns
        return [ComparisonRow(word=row, plans=against.plans, held_against=one) for row in matrix(columns)]

    def conditions(self, info: Info, reference: strawberry.ID | None) -> list[ComparisonConditionRow]:
        against = self._against(info, reference)
        if against is None:
            return []
        one, columns = against.reference, against.columns
        return [ComparisonConditionRow(word=row, plans=against.plans, held_against=one) for row in conditions(columns)]

    @property
    def columns(self) -> list[Column]:
        """The one reference first, where there is one, and then the plans."""
        one = self.reference
        beside = [Column(plan.word, held.word) for plan, held in zip(self.plans, self.references, strict=True)]
        return [Column(one.word, one.word), *beside] if one else beside

    def _against(self, info: Info, id_: strawberry.ID | None) -> "SideBySide | None":
        """Hold against this plan whatever is offered for the same policy; None where it is not among these."""
        if id_ is None:
            return self
        named = next((plan for plan in (*self.others, *self.plans) if plan.id(info) == id_), None)
        if named is None:
            return None
        policy = about(named.offered_by)
        references = [
            named if about(plan.offered_by) == policy else beside
            for plan, beside in zip(self.plans, self.references, strict=True)
        ]
        return SideBySide(self.plans, references)


def of_policy(comparison: Comparison, policy: ComparedPolicy) -> SideBySide:
    """What is offered for one policy, held against its present cover."""
    plans = [
        Plan(word=plan, offered_by=Quoted(comparison, inquiry))
        for inquiry in comparison.inquiries
        if inquiry.policy == policy.ref
        for plan in inquiry.plans
    ]
    current = Plan(word=policy.current, offered_by=Present(comparison, policy))
    return SideBySide(plans, [current] * len(plans), [current])


def of_comparison(comparison: Comparison) -> SideBySide:
    """What is offered for all policies, each plan held against the present cover of its own."""
    parts = [of_policy(comparison, policy) for policy in comparison.policies]
    return SideBySide(
        [plan for part in parts for plan in part.plans],
        [reference for part in parts for reference in part.references],
        [current for part in parts for current in part.others],
    )


def of_plans(plans: Sequence[Plan]) -> SideBySide:
    """Plans from anywhere, each held against the one of its own policy: two cars have no cover in common (P-11)."""
    references = {policy: _reference(plans, policy) for policy in dict.fromkeys(map(_about, plans))}
    beside = [reference for reference in references.values() if reference not in plans]
    return SideBySide(plans, [references[_about(plan)] for plan in plans], beside)


def _about(plan: Plan) -> PolicyRef:
    return about(plan.offered_by)


def _reference(plans: Sequence[Plan], policy: PolicyRef) -> Plan:
    """The present cover, or a plan that is the same, where one is among them or known; or else the policy's first."""
    own = [plan for plan in plans if _about(plan) == policy]
    present = (_present(plan.offered_by) for plan in own)
    known = [*(plan for plan in own if plan.word.same_as_current), *(plan for plan in present if plan is not None)]
    return next(iter(known), own[0])


def _present(offered_by: OfferedBy) -> Plan | None:
    match offered_by:
        case Quoted(comparison, inquiry):
            policy = comparison.policy(inquiry.policy)
            return Plan(word=policy.current, offered_by=Present(comparison, policy))
    return None
