"""What an agency wants of a customer, as the customer sees it."""

from datetime import datetime

import strawberry

from insurers import mandate
from insurers.agency import ConsentScope
from insurers.agency_request import AgencyRequest as RequestWord
from insurers.agency_request import RequestKind
from insurers.text import Text
from schema import flows
from schema.action import ActionKind, NextAction, action, link_account
from schema.agency import MultiAgency
from schema.context import Info
from schema.directives import ENTITY, PERSONAL
from schema.insurer import Insurer
from schema.node import Node
from schema.renewal import Renewal

strawberry.enum(
    RequestKind,
    name="AgencyRequestKind",
    description="What an agency wants of a customer: consent to act, an account that is linked or signed in to anew, or"
    " a confirmation that is the customer's alone.",
)

_WORDS = {
    RequestKind.CONSENT: Text(
        "更新の準備への同意のお願い", "Your agency asks for your consent to prepare your renewal"
    ),
    RequestKind.LINK: Text(
        "保険会社のアカウント連携のお願い", "Your agency asks you to link your account at the insurer"
    ),
    RequestKind.CONFIRM: Text("更新内容のご確認のお願い", "Your agency has prepared your renewal; please confirm it"),
}
_SUBMISSION = Text("申込みの送信への同意のお願い", "Your agency asks for your consent to send your application")
_AGREE = Text("内容を確認して同意する", "Read what is asked, and agree to it")
_CONFIRM = Text("更新の内容を確認する", "Look at the renewal, and confirm it")


@strawberry.type(
    description="What an agency wants of the viewer about one policy, because only its customer can give it. It closes"
    " by itself once that is there, and is then seen no more.",
    directives=[ENTITY],
)
class AgencyRequest(Node):
    node_type = "AgencyRequest"
    word: strawberry.Private[RequestWord]

    def node_parts(self) -> tuple[str, ...]:
        return (self.word.id,)

    @strawberry.field(description="What is wanted.")
    def kind(self) -> RequestKind:
        return self.word.kind

    @strawberry.field(description="What is wanted, in words.")
    def label(self, info: Info) -> str:
        return info.context.say(_SUBMISSION if _submits(self.word) else _WORDS[self.word.kind])

    @strawberry.field(description="Who wants it.")
    async def agency(self, info: Info) -> MultiAgency | None:
        found = await info.context.book.agency.load(self.word.agency)
        return MultiAgency(word=found) if found else None

    @strawberry.field(description="The agent who asked last.", directives=[PERSONAL])
    def agent_name(self) -> str:
        return self.word.agent_name

    @strawberry.field(description="The insurer of the policy; null where this gateway reaches it no more.")
    def insurer(self, info: Info) -> Insurer | None:
        manifest = info.context.host.manifests.get(self.word.insurer)
        return Insurer(manifest=manifest) if manifest else None

    @strawberry.field(
        description="The number of the policy, which an account of the viewer's proved to be theirs.",
        directives=[PERSONAL],
    )
    def policy_number(self) -> str:
        return str(self.word.number)

    @strawberry.field(
        description="How far the agency wants to act, for CONSENT, with what it may do already; pass it to"
        " `consentGrant`.",
    )
    def scopes(self) -> list[ConsentScope]:
        return mandate.in_order(self.word.scopes)

    @strawberry.field(description="The renewal to look at, for CONFIRM and for CONSENT to send it.")
    async def renewal(self, info: Info) -> Renewal | None:
        found = await flows.renewal(info, self.word.renewal) if self.word.renewal else None
        return Renewal(word=found) if found else None

    @strawberry.field(description="When it was asked first.")
    def opened_at(self) -> datetime:
        return self.word.opened_at

    @strawberry.field(description="When the last mail about it was written; null where none was.")
    def mailed_at(self) -> datetime | None:
        return self.word.mailed_at

    @strawberry.field(description="What the viewer can do about it.")
    def next_actions(self, info: Info) -> list[NextAction]:
        match self.word.kind:
            case RequestKind.CONSENT:
                return [action(ActionKind.GRANT_CONSENT, _AGREE, "consentGrant", primary=True)]
            case RequestKind.LINK:
                return [link_account(info)]
            case RequestKind.CONFIRM:
                return [action(ActionKind.CONTINUE_RENEWAL, _CONFIRM, None, primary=True)]


def _submits(word: RequestWord) -> bool:
    """Whether consent is wanted for a renewal that is ready to be sent."""
    return word.kind is RequestKind.CONSENT and word.renewal is not None


async def requests(info: Info) -> list[AgencyRequest]:
    asker = info.context.asker
    found = await info.context.host.requests.of(asker) if asker else ()
    return [AgencyRequest(word=word) for word in found]


async def by_ticket(info: Info, ticket: str) -> AgencyRequest | None:
    asker = info.context.asker
    found = await info.context.host.requests.by_ticket(asker, ticket) if asker else None
    return AgencyRequest(word=found) if found else None


async def request_node(info: Info, parts: tuple[str, ...]) -> Node | None:
    return next((one for one in await requests(info) if one.word.id == parts[0]), None)
