"""A renewal as GraphQL shows it."""

from collections.abc import Mapping
from datetime import datetime
from functools import cached_property

import msgspec
import strawberry

from insurers.answers import Standing, StepState
from insurers.errors import InsurerError
from insurers.renewal import FINAL, RenewalState
from insurers.renewal import Renewal as RenewalWord
from insurers.script import StepKind
from insurers.text import Text
from schema.action import NextAction
from schema.arguments import InLanguage
from schema.context import Info
from schema.directives import CUSTOMERS, ENTITY, PERSONAL
from schema.evidence import Evidence, evidence
from schema.flow import Flow, Manifests
from schema.insurer import Contact
from schema.lasting import lasting
from schema.node import Node
from schema.plan import Plan, Premium
from schema.policy import Policy, RenewabilityReason
from schema.renewal_action import next_actions
from schema.step import open_step

STATUS_LABELS: Mapping[RenewalState, Text] = {
    RenewalState.IN_PROGRESS: Text("手続き中", "In progress"),
    RenewalState.REFERRED: Text("取扱代理店でのお手続きが必要です", "Only the agency can go on"),
    RenewalState.READY: Text("申込み前（内容の確認はお済みです）", "Ready to apply"),
    RenewalState.QUEUED: Text(
        "送信待ち（保険会社はまだ受け付けていません）", "Waiting to be sent; the insurer has not accepted it yet"
    ),
    RenewalState.SUBMITTING: Text("申込み送信中", "Being sent"),
    RenewalState.UNCONFIRMED: Text("送信済み（結果を確認しています）", "Sent; finding out what became of it"),
    RenewalState.ACCEPTED: Text("更新完了", "Renewed"),
    RenewalState.WITHDRAWN: Text("取りやめ", "Withdrawn"),
    RenewalState.LAPSED: Text("満期経過（申込みは送信されていません）", "The term ended with nothing sent"),
}

# Before these nothing has reached the insurer, whatever was tried.
_WENT_OUT = frozenset({RenewalState.SUBMITTING, RenewalState.UNCONFIRMED, RenewalState.ACCEPTED, RenewalState.REFERRED})

_RECEIPT = Text(
    "お申込みをお預かりしました。保険会社はまだ受け付けていません。受付開始後に内容を確かめ、変更がなければ送信します。"
    "送信までは取り下げられます。",
    "We have taken your application, and the insurer has not accepted it yet. Once it opens we check that nothing has "
    "changed, and send it. Until then you may take it back.",
)


@lasting()
@strawberry.type(description="What the insurer answered to an application.")
class RenewalResult:
    new_policy_number: str = strawberry.field(
        description="Number of the next term. Not usable where a current number is asked for until it is in force.",
        directives=[PERSONAL],
    )
    completed_at: datetime = strawberry.field(description="When the insurer's answer was written down.")


@lasting()
@strawberry.type(description="What would be signed, as the insurer showed it on its last screen before the button.")
class RenewalReview:
    hash: str = strawberry.field(description="Send it to `renewalSubmit`, so that nothing changes before the click.")
    plan: Plan = strawberry.field(description="The plan, at its bindable premium.")
    premium: Premium = strawberry.field(description="What will be charged.")
    statement: str = strawberry.field(description="The insurer's words above its button.")
    rehearsed_at: datetime = strawberry.field(description="When the insurer showed it.")


@lasting()
@strawberry.type(
    description="What the gateway acknowledged while the insurer was closed: it will apply, and the insurer knows"
    " nothing of it yet."
)
class RenewalReceipt:
    number: str = strawberry.field(
        description="Number of this receipt; the gateway's own, and no policy number.", directives=[PERSONAL]
    )
    given_at: datetime = strawberry.field(description="When the gateway took the application.")
    review_hash: str = strawberry.field(description="The `review.hash` that will be applied for, and no other.")

    @strawberry.field(description="What was promised, and what was not, in words.")
    def statement(self, info: Info, locale: InLanguage = None) -> str:
        return info.context.say(_RECEIPT, locale)


@lasting(shows="word")
@strawberry.type(description="A renewal of one policy, from quote to the new policy number.", directives=[ENTITY])
class Renewal(Node, Flow):
    node_type = "Renewal"
    word: strawberry.Private[RenewalWord]

    def node_parts(self) -> tuple[str, ...]:
        return (self.word.id,)

    def _standings(self, manifests: Manifests) -> list[Standing]:
        return self._shown

    @cached_property
    def _shown(self) -> list[Standing]:
        """Its steps, worked out once for all fields that show them."""
        if self.word.state in FINAL:
            return [_closed(standing) for standing in self.word.standings]
        if self.word.proposal is None:
            return [_waiting(standing) for standing in self.word.standings]
        return self.word.standings

    def _actions(self, info: Info) -> list[NextAction]:
        return next_actions(info, self.word, open_step(self.word, self._standings(info.context.host.manifests)))

    @strawberry.field(description="The policy that is renewed; null where the insurer cannot be asked now.")
    async def policy(self, info: Info) -> Policy | None:
        found = await info.context.loaders.policy.load(self.word.ref)
        if found is None or isinstance(found, InsurerError):
            return None
        return Policy(word=found, readings=info.context.loaders.readings)

    @strawberry.field(description="Where the renewal stands; only ACCEPTED means that a contract was made.")
    def status(self) -> RenewalState:
        return self.word.state

    @strawberry.field(description="`status` in words.")
    def status_label(self, info: Info, locale: InLanguage = None) -> str:
        return info.context.say(STATUS_LABELS[self.word.state], locale)

    @strawberry.field(description="When the present term ends, and with it the time to renew.")
    def due_by(self) -> datetime:
        return self.word.maturity

    @strawberry.field(description="When a queued renewal will be sent.")
    def will_submit_at(self) -> datetime | None:
        return self.word.will_submit_at

    @strawberry.field(description="What was acknowledged when it was queued; null unless it waits to be sent.")
    def receipt(self) -> RenewalReceipt | None:
        receipt = self.word.receipt
        if receipt is None or self.word.state is not RenewalState.QUEUED:
            return None
        return RenewalReceipt(number=receipt.number, given_at=receipt.given_at, review_hash=receipt.review)

    @strawberry.field(
        description="The insurer's own last moment for an application; null where it tells none, and then `dueBy` is."
    )
    def closes_at(self) -> datetime | None:
        return self.word.closes_at

    @strawberry.field(description="When the application first went out; null while nothing was sent.")
    def submitted_at(self) -> datetime | None:
        return self.word.submitted_at if self.word.state in _WENT_OUT else None

    @strawberry.field(
        description="Since when people are called to look at an application that nobody confirms; null as a rule."
    )
    def alarmed_at(self) -> datetime | None:
        return self.word.alarmed_at

    @strawberry.field(description="Whom to ask about this policy, where the insurer tells.")
    def agency_contact(self) -> Contact | None:
        return Contact(word=self.word.agency) if self.word.agency else None

    @strawberry.field(description="What the insurer offers, as last quoted, in its order.")
    def plans(self) -> list[Plan]:
        return [Plan(word=plan, offered_by=self.word) for plan in self.word.plans]

    @strawberry.field(description="The plan that was chosen.")
    def selected_plan(self) -> Plan | None:
        return Plan(word=self.word.plan, offered_by=self.word) if self.word.plan else None

    @strawberry.field(description="What would be signed; null until every step before it is done and rehearsed.")
    def review(self) -> RenewalReview | None:
        proposal = self.word.proposal
        if proposal is None:
            return None
        return RenewalReview(
            hash=proposal.fingerprint,
            plan=Plan(word=proposal.plan, offered_by=self.word),
            # GraphQL reads the language's value by attribute; a Premium here is a description of it.
            premium=proposal.plan.premium,  # type: ignore[arg-type]
            statement=proposal.statement,
            rehearsed_at=proposal.rehearsed_at,
        )

    @strawberry.field(description="`review.hash`: what `renewalSubmit` must name.")
    def review_hash(self) -> str | None:
        return self.word.review_hash

    @strawberry.field(description="What the insurer answered; null until it accepted.")
    def result(self) -> RenewalResult | None:
        if self.word.successor is None or self.word.completed_at is None:
            return None
        return RenewalResult(new_policy_number=str(self.word.successor), completed_at=self.word.completed_at)

    @strawberry.field(
        description="What was confirmed and what came of it, to read and to take away. It is the customer's own: null"
        " for an agent, which does not mean that nothing was confirmed.",
        directives=[CUSTOMERS],
    )
    async def evidence(self, info: Info) -> Evidence | None:
        return await evidence(info, self.word.id)

    @strawberry.field(description="Why only the agency can go on, when so.")
    def reasons(self) -> list[RenewabilityReason]:
        return [RenewabilityReason(word=reason) for reason in self.word.reasons]


def _waiting(standing: Standing) -> Standing:
    """The consent above the button cannot be given before the insurer has shown what it is about."""
    if standing.step.kind is not StepKind.APPLICATION or standing.state is StepState.LOCKED:
        return standing
    return msgspec.structs.replace(standing, state=StepState.WAITING)


def _closed(standing: Standing) -> Standing:
    """When all is over, what was done stays done, and nothing more can be."""
    return standing if standing.state is StepState.DONE else msgspec.structs.replace(standing, state=StepState.LOCKED)
