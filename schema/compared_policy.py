"""One policy in a comparison as GraphQL shows it."""

from datetime import datetime

import strawberry

from insurers.comparison import ComparedPolicy as ComparedPolicyWord
from insurers.comparison import Comparison as ComparisonWord
from insurers.errors import InsurerError
from insurers.identity import PolicyNumber
from schema.arguments import HeldAgainst
from schema.choice import ComparisonChoice
from schema.context import Info
from schema.insurer import Contact, Insurer
from schema.matrix import ComparisonConditionRow, ComparisonRow
from schema.node import policy_id
from schema.offered import Present
from schema.plan import Plan
from schema.policy import Policy
from schema.renewal import Renewal
from schema.side_by_side import SideBySide, of_policy


@strawberry.type(description="One policy that is compared: the cover that there is today, and what is offered instead.")
class ComparedPolicy:
    comparison: strawberry.Private[ComparisonWord]
    word: strawberry.Private[ComparedPolicyWord]

    @strawberry.field(description="Id of the policy, also while its insurer cannot be asked.")
    def id(self, info: Info) -> strawberry.ID:
        return policy_id(info, self.word.ref)

    @strawberry.field(description="The policy; null where its insurer cannot be asked now.")
    async def policy(self, info: Info) -> Policy | None:
        found = await info.context.loaders.policy.load(self.word.ref)
        if found is None or isinstance(found, InsurerError):
            return None
        return Policy(word=found, readings=info.context.loaders.readings)

    @strawberry.field(
        description="Its renewal through this gateway that is open, or else the last one; also while its insurer cannot"
        " be asked. An application that waits there is taken back before another plan is applied for."
    )
    async def renewal(self, info: Info) -> Renewal | None:
        found = await info.context.loaders.renewal.load(self.word.ref)
        return Renewal(word=found) if found else None

    @strawberry.field(description="Its number.")
    def number(self) -> PolicyNumber:
        return self.word.ref.number

    @strawberry.field(description="Who insures it today.")
    def insurer(self, info: Info) -> Insurer:
        return Insurer(manifest=info.context.host.manifests[self.word.ref.insurer])

    @strawberry.field(description="When the present term ends.")
    def ends_at(self) -> datetime:
        return self.word.maturity

    @strawberry.field(description="Whom to ask about it, where its insurer tells.")
    def agency_contact(self) -> Contact | None:
        return Contact(word=self.word.agency) if self.word.agency else None

    @strawberry.field(
        description="The cover that there is today, as a plan: what every offer is held against, and what it costs."
    )
    def current(self) -> Plan:
        return Plan(word=self.word.current, offered_by=Present(self.comparison, self.word))

    @strawberry.field(description="The plans that have come for it, by insurer and as the insurer orders them.")
    def offers(self) -> list[Plan]:
        return list(self._side_by_side().plans)

    @strawberry.field(description="The plan that the customer chose for it; null until then.")
    def choice(self) -> ComparisonChoice | None:
        chosen = self.comparison.choice(self.word.ref)
        known = chosen is not None and self.comparison.inquiry(chosen.inquiry) is not None
        return ComparisonChoice(comparison=self.comparison, word=chosen) if chosen and known else None

    @strawberry.field(
        description="A row for each kind of cover that the present contract or any offer has. Held against the present"
        " cover, or another plan for this policy; empty for a plan that is not among them."
    )
    def matrix(self, info: Info, reference_plan_id: HeldAgainst = None) -> list[ComparisonRow]:
        return self._side_by_side().rows(info, reference_plan_id)

    @strawberry.field(description="Who may drive, from which age and for what, held against as in `matrix`.")
    def conditions(self, info: Info, reference_plan_id: HeldAgainst = None) -> list[ComparisonConditionRow]:
        return self._side_by_side().conditions(info, reference_plan_id)

    def _side_by_side(self) -> SideBySide:
        return of_policy(self.comparison, self.word)
