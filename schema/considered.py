"""What was considered for a customer, and why it stands where it stands, as GraphQL shows it."""

from collections.abc import Sequence
from datetime import datetime

import strawberry

from insurers.comparison import Comparison as ComparisonWord
from insurers.comparison import offers
from insurers.considered import Considered as ConsideredWord
from insurers.considered import considered
from insurers.fit import Fit
from insurers.identity import PolicyNumber
from insurers.summary import Summary, summary
from schema.arguments import InLanguage
from schema.compared_policy import ComparedPolicy
from schema.context import Info
from schema.inquiry import status_of
from schema.insurer import Insurer
from schema.offered import Quoted
from schema.plan import Plan
from schema.provider import ProviderStatus


@strawberry.type(description="One plan, whether it is what the customer asked for, and why it stands where it stands.")
class ConsideredPlan:
    word: strawberry.Private[ConsideredWord]
    comparison: strawberry.Private[ComparisonWord]

    @strawberry.field(description="The plan that was looked at.")
    def plan(self) -> Plan:
        offer = self.word.offer
        return Plan(word=offer.plan, offered_by=Quoted(self.comparison, offer.inquiry))

    @strawberry.field(description="The policy in whose place it would come.")
    def policy(self) -> ComparedPolicy:
        return ComparedPolicy(comparison=self.comparison, word=self.comparison.policy(self.word.offer.inquiry.policy))

    @strawberry.field(description="Number of that policy, as its insurer counts.")
    def policy_number(self) -> PolicyNumber:
        return self.word.offer.inquiry.policy.number

    @strawberry.field(description="Whether it is what was asked for.")
    def fit(self) -> Fit:
        return self.word.fit

    @strawberry.field(
        description="Its place among the plans for the same policy, from 1; equals share one. A quote that has run out"
        " stands behind those that stand. Null for one that FAILS."
    )
    def position(self) -> int | None:
        return self.word.position

    @strawberry.field(description="Why, one sentence each (提案理由).")
    def reasons(self, info: Info, locale: InLanguage = None) -> list[str]:
        return [info.context.say(reason, locale) for reason in self.word.reasons]


@strawberry.type(
    description="What was considered, by the customer's recorded intention and stated rules alone, and what was not:"
    " insurers that gave no offer, and insurers that are not handled online here."
)
class Considered:
    word: strawberry.Private[ComparisonWord]
    found: strawberry.Private[Sequence[ConsideredWord]]

    @strawberry.field(
        description="Every plan that has come: for each policy in order, and last those that are not what was asked"
        " for."
    )
    def plans(self) -> list[ConsideredPlan]:
        return [ConsideredPlan(word=each, comparison=self.word) for each in self.found]

    @strawberry.field(description="The rules that filtered and ordered them, in words, the first most important.")
    def rules(self, info: Info, locale: InLanguage = None) -> list[str]:
        return [info.context.say(rule, locale) for rule in self._summary(info).rules]

    @strawberry.field(description="Why the first plan for each policy is the first (提案理由).")
    def proposals(self, info: Info, locale: InLanguage = None) -> list[str]:
        return [info.context.say(proposal, locale) for proposal in self._summary(info).proposals]

    @strawberry.field(
        description="The whole of it for a record, sentence by sentence: whose plans were considered, whose were not"
        " and why, which are out of reach here, the rules, and the proposals."
    )
    def record(self, info: Info, locale: InLanguage = None) -> list[str]:
        return [info.context.say(sentence, locale) for sentence in self._summary(info).record]

    @strawberry.field(description="Insurers of this comparison that gave no offer, and why.")
    async def without_offer(self, info: Info) -> list[ProviderStatus]:
        return [await status_of(info, self.word, inquiry) for inquiry in self.word.inquiries if not inquiry.plans]

    @strawberry.field(description="Insurers that this gateway reaches and that were not asked.")
    def not_asked(self, info: Info) -> list[Insurer]:
        asked = {inquiry.insurer for inquiry in self.word.inquiries}
        return [
            Insurer(manifest=manifest) for code, manifest in info.context.host.manifests.items() if code not in asked
        ]

    def _summary(self, info: Info) -> Summary:
        names = {code: manifest.name for code, manifest in info.context.host.manifests.items()}
        return summary(self.word, self.found, names)


def considered_in(comparison: ComparisonWord, now: datetime) -> Considered | None:
    """Nothing is put in an order before the customer said what is wanted."""
    if comparison.intention is None:
        return None
    found = considered(offers(comparison), comparison.policies, comparison.intention, now)
    return Considered(word=comparison, found=found)
