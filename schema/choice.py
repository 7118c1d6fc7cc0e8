"""The plan that the customer chose in a comparison."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import strawberry

from insurers.comparison import Choice as ChoiceWord
from insurers.comparison import Comparison as ComparisonWord
from schema import flows
from schema.context import Info
from schema.insurer import Contact, Insurer
from schema.offered import Quoted
from schema.plan import Plan
from schema.policy import RenewabilityReason
from schema.renewal import Renewal

if TYPE_CHECKING:
    from schema.compared_policy import ComparedPolicy


@strawberry.type(description="The plan that the customer chose for one policy, and how it goes on.")
class ComparisonChoice:
    comparison: strawberry.Private[ComparisonWord]
    word: strawberry.Private[ChoiceWord]

    @strawberry.field(description="The policy in whose place it comes.")
    def policy(self) -> Annotated["ComparedPolicy", strawberry.lazy("schema.compared_policy")]:
        from schema.compared_policy import ComparedPolicy

        return ComparedPolicy(comparison=self.comparison, word=self.comparison.policy(self.word.policy))

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

    @strawberry.field(
        description="The insurer at which it goes on without this gateway, by an agency: tell it `plan.reference`. Null"
        " where it goes on in `renewal`."
    )
    def goes_on_with(self, info: Info) -> Insurer | None:
        manifest = info.context.host.manifests.get(self.word.plan.insurer)
        return Insurer(manifest=manifest) if manifest and self.word.renewal is None else None

    @strawberry.field(description="Why it does not go on in a renewal here, and what to do; empty where it does.")
    def reasons(self) -> list[RenewabilityReason]:
        return [RenewabilityReason(word=reason) for reason in self.word.reasons]

    @strawberry.field(
        description="What would make two contracts of one car, as it stood when the plan was chosen: an application"
        " that is under way, a rider that renews the present contract by itself, or that contract, were it renewed."
    )
    def warnings(self) -> list[RenewabilityReason]:
        return [RenewabilityReason(word=warning) for warning in self.word.warnings]

    @strawberry.field(description="Whom to ask, where it does not go on in a renewal; the first one knows the most.")
    def contacts(self, info: Info) -> list[Contact]:
        if self.word.renewal is not None:
            return []
        manifest = info.context.host.manifests.get(self.word.plan.insurer)
        named = [reason.contact for reason in self.word.reasons if reason.contact]
        known = dict.fromkeys((*named, *(manifest.contacts if manifest else ())))
        return [Contact(word=contact) for contact in known]
