"""The plan that the customer chose in a comparison."""

from datetime import datetime

import strawberry

from insurers.comparison import Choice as ChoiceWord
from insurers.comparison import Comparison as ComparisonWord
from schema import flows
from schema.context import Info
from schema.insurer import Contact
from schema.offered import Quoted
from schema.plan import Plan
from schema.renewal import Renewal


@strawberry.type(description="The plan that the customer chose, and how it goes on.")
class ComparisonChoice:
    comparison: strawberry.Private[ComparisonWord]
    word: strawberry.Private[ChoiceWord]

    @strawberry.field(description="The plan, as it stood when it was chosen.")
    def plan(self) -> Plan | None:
        inquiry = self.comparison.inquiry(self.word.inquiry)
        return Plan(word=self.word.plan, offered_by=Quoted(self.comparison, inquiry)) if inquiry else None

    @strawberry.field(description="When it was chosen.")
    def chosen_at(self) -> datetime:
        return self.word.chosen_at

    @strawberry.field(description="`lossesHash` of what was acknowledged; null where there was nothing to.")
    def acknowledged_losses(self) -> str | None:
        return self.word.acknowledged

    @strawberry.field(
        description="The renewal in which it goes on, where the insurer that has the contract offers the plan. Null for"
        " another insurer's plan: a new contract is made with an agency of that insurer."
    )
    async def renewal(self, info: Info) -> Renewal | None:
        found = await flows.renewal(info, self.word.renewal) if self.word.renewal else None
        return Renewal(word=found) if found else None

    @strawberry.field(description="Whom to ask for a contract, where it does not go on in a renewal.")
    def contacts(self, info: Info) -> list[Contact]:
        if self.word.renewal is not None:
            return []
        return [Contact(word=contact) for contact in info.context.host.manifests[self.word.plan.insurer].contacts]
