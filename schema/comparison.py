"""A comparison as GraphQL shows it: one that is kept, or plans side by side for once."""

from collections.abc import Sequence
from datetime import datetime

import strawberry

from insurers.comparison import Comparison as ComparisonWord
from insurers.identity import InsurerCode
from schema.action import NextAction
from schema.arguments import HeldAgainst
from schema.choice import ComparisonChoice
from schema.compared_policy import ComparedPolicy
from schema.comparison_action import next_actions
from schema.considered import Considered, considered_in
from schema.context import Info
from schema.directives import CUSTOMERS, ENTITY
from schema.disclosure import Disclosure, disclosed
from schema.evidence import Evidence, evidence
from schema.freshness import Freshness
from schema.inquiry import ComparisonInquiry, status_of
from schema.intention import Intention
from schema.matrix import ComparisonConditionRow, ComparisonRow
from schema.node import Node
from schema.offered import together
from schema.plan import Plan
from schema.provider import ProviderStatus
from schema.side_by_side import SideBySide, of_comparison, of_plans
from schema.streaming import arriving, is_awaited, is_streamed


@strawberry.type(
    description="Plans side by side, across insurers, line by line and without a score. One that was started is kept:"
    " it shows the same after a reload, and late answers still arrive.",
    directives=[ENTITY],
)
class Comparison(Node):
    node_type = "Comparison"
    word: strawberry.Private[ComparisonWord]
    side_by_side: strawberry.Private[SideBySide]

    @classmethod
    def of(cls, word: ComparisonWord) -> "Comparison":
        return cls(word=word, side_by_side=of_comparison(word))

    @classmethod
    def of_plans(cls, plans: Sequence[Plan], customer: str, at: datetime) -> "Comparison":
        """Answer a comparison of what is already quoted, of which nothing is kept."""
        word = ComparisonWord(id="", customer=customer, version=0, requested_at=at, updated_at=at, policies=())
        return cls(word=word, side_by_side=of_plans(plans))

    def node_parts(self) -> tuple[str, ...]:
        if self.word.id:
            return (self.word.id,)
        return tuple(part for plan in self.side_by_side.plans for part in plan.node_parts())

    @strawberry.field(description="When it was asked for, or put together.")
    def requested_at(self) -> datetime:
        return self.word.requested_at

    @strawberry.field(
        description="Whether nobody is awaited any more: everybody who was asked has answered, failed, or had its time."
        " Who may not be asked yet does not hold it up, and stays visible."
    )
    def complete(self) -> bool:
        return self.word.is_complete

    @strawberry.field(description="The policies that are compared; empty for plans that were only put side by side.")
    def policies(self) -> list[ComparedPolicy]:
        return [ComparedPolicy(comparison=self.word, word=policy) for policy in self.word.policies]

    @strawberry.field(description="What is asked of whom: one for each policy and insurer, whatever became of it.")
    def inquiries(self) -> list[ComparisonInquiry]:
        return [ComparisonInquiry(comparison=self.word, word=inquiry) for inquiry in self.word.inquiries]

    @strawberry.field(
        description="The plans that have come, in a stable order: by policy and insurer, and as the insurer does. With"
        " `@stream` they come as insurers answer, until the comparison is complete; those of an insurer that is being"
        " asked anew come once it has answered, or those from before once it fails or is late."
    )
    async def offers(self, info: Info) -> strawberry.Streamable[Plan]:
        streamed = is_streamed(info)
        for plan in self.side_by_side.plans:
            if not (streamed and is_awaited(self.word, plan)):
                yield plan
        if streamed:
            async for plan in arriving(info, self.word):
                yield plan

    @strawberry.field(
        description="The plan that the others are held against: the present cover, or the first plan where there is"
        " none such. Null where several policies are compared, each with its own `policies.current`."
    )
    def reference(self) -> Plan | None:
        return self.side_by_side.reference

    @strawberry.field(
        description="A row for each kind of cover that any plan has. Every plan is held against the present cover of"
        " its own policy, unless another plan for that is named; empty for a plan that is not among these."
    )
    def matrix(self, info: Info, reference_plan_id: HeldAgainst = None) -> list[ComparisonRow]:
        return self.side_by_side.rows(info, reference_plan_id)

    @strawberry.field(description="Who may drive, from which age and for what, held against as in `matrix`.")
    def conditions(self, info: Info, reference_plan_id: HeldAgainst = None) -> list[ComparisonConditionRow]:
        return self.side_by_side.conditions(info, reference_plan_id)

    @strawberry.field(description="How each insurer did, for each policy. None is left out, whatever became of it.")
    async def providers(self, info: Info) -> list[ProviderStatus]:
        if self.word.id:
            return [await status_of(info, self.word, inquiry) for inquiry in self.word.inquiries]
        ages: dict[InsurerCode, list[Freshness]] = {}
        for plan in self.side_by_side.plans:
            ages.setdefault(plan.word.insurer, []).append(plan.freshness(info))
        manifests, at = info.context.host.manifests, self.word.requested_at
        return [ProviderStatus.ok(manifests[code], at, together(found)) for code, found in ages.items()]

    @strawberry.field(
        description="What each insurer that has none of the contracts is or would be told of them, to be read before"
        " anything is sent."
    )
    def disclosures(self, info: Info) -> list[Disclosure]:
        asked = dict.fromkeys(inquiry.insurer for inquiry in self.word.inquiries if not inquiry.is_own)
        told = (disclosed(info, self.word, code) for code in asked)
        return [Disclosure(word=each) for each in told if each is not None]

    @strawberry.field(description="What the customer wants; null until it is recorded.")
    def intention(self) -> Intention | None:
        return Intention(word=self.word.intention) if self.word.intention else None

    @strawberry.field(
        description="What was considered for what the customer wants, in which order and why; null until that is"
        " recorded."
    )
    def considered(self, info: Info) -> Considered | None:
        return considered_in(self.word, info.context.host.now())

    @strawberry.field(description="The plans that the customer chose, at most one for each policy.")
    def choices(self) -> list[ComparisonChoice]:
        known = {inquiry.id for inquiry in self.word.inquiries}
        return [
            ComparisonChoice(comparison=self.word, word=choice)
            for choice in self.word.choices
            if choice.inquiry in known
        ]

    @strawberry.field(
        description="What was told, answered, agreed to and chosen, to read and to take away. It is the customer's own:"
        " null for an agent.",
        directives=[CUSTOMERS],
    )
    async def evidence(self, info: Info) -> Evidence | None:
        return await evidence(info, self.word.id) if self.word.id else None

    @strawberry.field(description="What the viewer can do next.")
    async def next_actions(self, info: Info) -> list[NextAction]:
        return await next_actions(info, self.word) if self.word.id else []
