"""One insurer's part of a comparison as GraphQL shows it."""

from datetime import datetime

import msgspec
import strawberry

from insurers.comparison import Comparison as ComparisonWord
from insurers.comparison import Inquiry as InquiryWord
from insurers.comparison import InquiryState
from insurers.identity import PolicyNumber
from insurers.risk import DataCategory
from schema.access import asker
from schema.compared_policy import ComparedPolicy
from schema.context import Info
from schema.directives import ENTITY
from schema.inquiry_status import provider_status
from schema.insurer import Insurer
from schema.node import Node
from schema.offered import Quoted, age, together
from schema.plan import Plan
from schema.provider import ProviderStatus


@strawberry.type(
    description="What one insurer is asked about one policy: its renewal's plans where it has the contract, else a"
    " quote for the same risk.",
    directives=[ENTITY],
)
class ComparisonInquiry(Node):
    node_type = "ComparisonInquiry"
    comparison: strawberry.Private[ComparisonWord]
    word: strawberry.Private[InquiryWord]

    def node_parts(self) -> tuple[str, ...]:
        return self.word.comparison, self.word.id

    @strawberry.field(description="Which insurer.")
    def insurer(self, info: Info) -> Insurer:
        return Insurer(manifest=info.context.host.manifests[self.word.insurer])

    @strawberry.field(description="The policy that it is about.")
    def policy(self) -> ComparedPolicy:
        return ComparedPolicy(comparison=self.comparison, word=self.comparison.policy(self.word.policy))

    @strawberry.field(description="Number of the policy that it is about, as its insurer counts.")
    def policy_number(self) -> PolicyNumber:
        return self.word.policy.number

    @strawberry.field(
        description="Whether this insurer has the contract, and so is told nothing that it does not know."
    )
    def has_contract(self) -> bool:
        return self.word.is_own

    @strawberry.field(description="How far it is.")
    def state(self) -> InquiryState:
        return self.word.state

    @strawberry.field(description="What the customer lets this insurer be told of a contract elsewhere.")
    def categories(self) -> list[DataCategory]:
        return [category for category in DataCategory if category in self.word.categories]

    @strawberry.field(description="When the customer agreed to that; null where nobody did.")
    def agreed_at(self) -> datetime | None:
        return self.word.agreed_at

    @strawberry.field(description="When it was last asked; null before that.")
    def asked_at(self) -> datetime | None:
        return self.word.asked_at

    @strawberry.field(description="When it will be called late; what it answers after that is taken all the same.")
    def waits_until(self) -> datetime | None:
        return self.word.waits_until

    @strawberry.field(description="When it last answered; null before that.")
    def answered_at(self) -> datetime | None:
        return self.word.answered_at

    @strawberry.field(
        description="What it offers, in its order. While it is asked anew, or when it then fails, those from before"
        " stay."
    )
    def plans(self) -> list[Plan]:
        offered_by = Quoted(self.comparison, self.word)
        return [Plan(word=plan, offered_by=offered_by) for plan in self.word.plans]

    @strawberry.field(description="How this insurer does, why its part is missing, and what can be done about it.")
    async def provider(self, info: Info) -> ProviderStatus:
        return await status_of(info, self.comparison, self.word)

    @strawberry.field(
        description="The same once nobody needs to wait for it any more: at once, or when this insurer has answered,"
        " failed, or is late. For `@defer`, so that no insurer waits for another."
    )
    async def settled(self, info: Info) -> "ComparisonInquiry":
        settled = await info.context.host.comparisons.settled(asker(info), self.word.id)
        return self if settled is None else ComparisonInquiry(comparison=_with(self.comparison, settled), word=settled)


async def status_of(info: Info, comparison: ComparisonWord, inquiry: InquiryWord) -> ProviderStatus:
    # Only what failed may have to do with an account.
    links = await info.context.loaders.links.load(None) if inquiry.setback else []
    link = next((link for link in links if link.insurer == inquiry.insurer), None)
    offered_by, now = Quoted(comparison, inquiry), info.context.host.now()
    freshness = together([age(offered_by, plan, now) for plan in inquiry.plans])
    return provider_status(info.context.host.manifests[inquiry.insurer], inquiry, link, freshness)


def _with(comparison: ComparisonWord, fresh: InquiryWord) -> ComparisonWord:
    inquiries = tuple(fresh if inquiry.id == fresh.id else inquiry for inquiry in comparison.inquiries)
    return msgspec.structs.replace(comparison, inquiries=inquiries)
