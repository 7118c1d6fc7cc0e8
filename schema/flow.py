"""Flows: resumable processes at an insurer, drawn from their steps and driven by their next actions."""

from datetime import datetime
from enum import Enum
from typing import Annotated, TypeAlias

import strawberry

from insurers.account import Challenge as ChallengeWord
from insurers.account import ChallengeKind, Channel
from insurers.answers import Standing, StepState
from insurers.flow_event import FlowEvent as EventWord
from insurers.identity import InsurerCode
from insurers.registration import Registration as RegistrationWord
from insurers.registration import Trouble as TroubleWord
from insurers.renewal import Renewal as RenewalWord
from insurers.script import (
    Confirmation,
    DocumentToOpen,
    Field,
    InputKind,
    OutOfBand,
    PlanChoice,
    SecretAsked,
    StepKind,
)
from insurers.script import (
    Fact as FactWord,
)
from insurers.script import (
    Option as OptionWord,
)
from insurers.script import (
    Requirement as Need,
)
from insurers.text import Text
from schema.connection import PageInfo
from schema.context import Info
from schema.document import Document
from schema.freshness import Freshness
from schema.insurer import Insurer
from schema.node import Node
from schema.plan import Plan
from schema.ports import Role
from schema.scalars import URL, Locale

FlowWord: TypeAlias = RegistrationWord | RenewalWord


@strawberry.type(description="A question of the insurer: a one-time password, a keyword, a link from a mail.")
class Challenge(Node):
    node_type = "Challenge"
    word: strawberry.Private[ChallengeWord]
    insurer_code: strawberry.Private[InsurerCode]
    owner: strawberry.Private[tuple[str, str]]

    def node_parts(self) -> tuple[str, ...]:
        return self.owner

    @strawberry.field(description="What it asks for.")
    def kind(self) -> ChallengeKind:
        return self.word.kind

    @strawberry.field(description="Who asks.")
    def insurer(self, info: Info) -> Insurer:
        return Insurer(manifest=info.context.host.manifests[self.insurer_code])

    @strawberry.field(description="What to tell the person.")
    def prompt(self, info: Info) -> str:
        return info.context.say(self.word.prompt)

    @strawberry.field(description="Where the insurer sent something.")
    def channel(self) -> Channel | None:
        return self.word.channel

    @strawberry.field(description="To whom, masked.")
    def sent_to(self) -> str | None:
        return self.word.sent_to

    @strawberry.field(description="When it dies, counted from sending.")
    def expires_at(self) -> datetime | None:
        return self.word.expires_at

    @strawberry.field(description="How often it may still be answered wrongly, where the insurer says so.")
    def attempts_left(self) -> int | None:
        return self.word.attempts_left

    @strawberry.field(description="Whether the answer may make this gateway a trusted device.")
    def trust_device_offered(self) -> bool:
        return self.word.trust_device_offered

    @strawberry.field(
        description="A keyword that the insurer shows this one time: the person must note it down. Null ever after."
    )
    def display_once(self) -> str | None:
        return self.word.display_once


@strawberry.interface(
    description="Something that a step still needs. New kinds may appear: show `label` and `fallbackUrl` for those."
)
class Requirement:
    need: strawberry.Private[Need]
    met: strawberry.Private[bool]
    flow: strawberry.Private[FlowWord]

    @strawberry.field(description="Name it in the answer.")
    def key(self) -> str:
        return self.need.key

    @strawberry.field(description="What to show beside it.")
    def label(self, info: Info, locale: Locale | None = None) -> str:
        return info.context.say(self.need.label, locale)

    @strawberry.field(description="Whether the step needs it.")
    def required(self) -> bool:
        return self.need.required

    @strawberry.field(description="Whether it needs nothing more.")
    def satisfied(self) -> bool:
        return self.met

    @strawberry.field(description="Where a person can do it by hand at the insurer.")
    def fallback_url(self, info: Info) -> URL | None:
        return URL(info.context.host.manifests[_insurer(self.flow)].portal.url)


@strawberry.type(description="A selectable value.")
class Option:
    word: strawberry.Private[OptionWord]

    @strawberry.field(description="Pass it as `choice`.")
    def value(self) -> str:
        return self.word.value

    @strawberry.field(description="What to show.")
    def label(self, info: Info, locale: Locale | None = None) -> str:
        return info.context.say(self.word.label, locale)

    @strawberry.field(description="Whether the insurer recommends it.")
    def recommended(self) -> bool:
        return self.word.recommended


@strawberry.type(description="A value to type or pick.")
class FieldRequirement(Requirement):
    need: strawberry.Private[Field]

    @strawberry.field(description="How to draw it.")
    def input_kind(self) -> InputKind:
        return self.need.input

    @strawberry.field(description="A regular expression that the value matches.")
    def pattern(self) -> str | None:
        return self.need.pattern

    @strawberry.field(description="Fewest characters.")
    def min_length(self) -> int | None:
        return self.need.min_length

    @strawberry.field(description="Most characters.")
    def max_length(self) -> int | None:
        return self.need.max_length

    @strawberry.field(description="How many values at most, where several are accepted.")
    def max_values(self) -> int | None:
        return self.need.at_most

    @strawberry.field(description="What can be picked; empty for a value to type.")
    def options(self) -> list[Option]:
        return [Option(word=option) for option in self.need.options]

    @strawberry.field(description="What the insurer has now. Never given for a declaration.")
    def suggested(self) -> str | None:
        return self.need.suggested

    @strawberry.field(description="Pass it as `secret`; it is used once and never stored.")
    def sensitive(self) -> bool:
        return self.need.sensitive


@strawberry.type(description="A box that the insurer makes the customer tick, with the exact words.")
class ConfirmationRequirement(Requirement):
    need: strawberry.Private[Confirmation]

    @strawberry.field(description="The insurer's words. Show all of them.")
    def statement(self) -> str:
        return self.need.statement

    @strawberry.field(description="The language of the statement, which is not translated.")
    def statement_locale(self) -> Locale:
        return Locale("ja")

    @strawberry.field(description="When it was confirmed, as it stands.")
    def confirmed_at(self) -> datetime | None:
        answer = self.flow.answers.get(self.need.key)
        return answer.at if answer and self.met else None


@strawberry.type(description="A document that must be opened (and kept) before its confirmation counts.")
class DocumentRequirement(Requirement):
    need: strawberry.Private[DocumentToOpen]

    @strawberry.field(description="The document. Fetching its `url` counts as opening it.")
    def document(self) -> Document | None:
        if not isinstance(self.flow, RenewalWord):
            return None
        return Document(word=self.need.document, ref=self.flow.ref, renewal=self.flow.id)

    @strawberry.field(description="Whether it must be opened.")
    def must_open(self) -> bool:
        return self.need.must_open

    @strawberry.field(description="When this version was opened.")
    def opened_at(self) -> datetime | None:
        return self.flow.opened.get(self.need.document.sha256) if isinstance(self.flow, RenewalWord) else None


@strawberry.type(description="Pick one of `Renewal.plans`.")
class PlanRequirement(Requirement):
    need: strawberry.Private[PlanChoice]

    @strawberry.field(description="The plan that was picked.")
    def selected(self) -> Plan | None:
        if not isinstance(self.flow, RenewalWord) or self.flow.plan is None:
            return None
        return Plan(word=self.flow.plan, offered_by=self.flow)


@strawberry.type(description="Something outside this API: a mail with a link, to be handed in as `link`.")
class OutOfBandRequirement(Requirement):
    need: strawberry.Private[OutOfBand]

    @strawberry.field(description="How it comes.")
    def channel(self) -> Channel:
        return self.need.channel

    @strawberry.field(description="To whom it was sent, masked.")
    def sent_to(self) -> str | None:
        challenge = _challenge(self.flow)
        return challenge.sent_to if challenge else None

    @strawberry.field(description="When it dies, counted from sending.")
    def expires_at(self) -> datetime | None:
        challenge = _challenge(self.flow)
        return challenge.expires_at if challenge else None

    @strawberry.field(description="Whether it works only once.")
    def single_use(self) -> bool | None:
        challenge = _challenge(self.flow)
        return challenge.single_use if challenge else None


@strawberry.type(description="A secret that the insurer asks for now; hand it in as `secret`.")
class ChallengeRequirement(Requirement):
    need: strawberry.Private[SecretAsked]

    @strawberry.field(description="What kind of secret.")
    def challenge_kind(self) -> ChallengeKind:
        return self.need.kind

    @strawberry.field(description="The question; null until the insurer has put it.")
    def challenge(self) -> Challenge | None:
        challenge = _challenge(self.flow)
        if challenge is None or not isinstance(self.flow, RegistrationWord):
            return None
        return Challenge(word=challenge, insurer_code=self.flow.insurer, owner=("registration", self.flow.id))


@strawberry.type(description="A fact in the order and words of the insurer.")
class Fact:
    word: strawberry.Private[FactWord]

    @strawberry.field(description="Stable within the insurer.")
    def key(self) -> str:
        return self.word.key

    @strawberry.field(description="What it is.")
    def label(self, info: Info, locale: Locale | None = None) -> str:
        return info.context.say(self.word.label, locale)

    @strawberry.field(description="The insurer's words.")
    def value(self) -> str:
        return self.word.value

    @strawberry.field(description="Whether it differs from the present term.")
    def changed(self) -> bool:
        return self.word.changed

    @strawberry.field(description="False where only the agency can change it.")
    def changeable_online(self) -> bool:
        return self.word.changeable_online


@strawberry.type(description="One step of a flow, in the insurer's order.")
class FlowStep:
    word: strawberry.Private[Standing]
    flow: strawberry.Private[FlowWord]

    @strawberry.field(description="Name it in the answer.")
    def id(self, info: Info) -> strawberry.ID:
        return info.context.ids.seal("FlowStep", self.flow.id, self.word.step.key)

    @strawberry.field(description="Stable within an insurer, for analytics and deep links; never switch on it.")
    def key(self) -> str:
        return self.word.step.key

    @strawberry.field(description="What it is about.")
    def kind(self) -> StepKind:
        return self.word.step.kind

    @strawberry.field(description="Its title.")
    def title(self, info: Info, locale: Locale | None = None) -> str:
        return info.context.say(self.word.step.title, locale)

    @strawberry.field(description="What the insurer says to help.")
    def help(self, info: Info, locale: Locale | None = None) -> str | None:
        return info.context.say(self.word.step.help, locale) if self.word.step.help else None

    @strawberry.field(description="Where it stands.")
    def state(self) -> StepState:
        return self.word.state

    @strawberry.field(description="Draw the form from these, in order.")
    def requirements(self) -> list[Requirement]:
        return [
            _VIEWS[type(need)](need=need, met=need.key in self.word.satisfied, flow=self.flow)
            for need in self.word.step.requirements
        ]

    @strawberry.field(description="Read-only facts to show on this step.")
    def facts(self) -> list[Fact]:
        return [Fact(word=fact) for fact in self.word.step.facts]

    @strawberry.field(description="Its place, from 0.")
    def position(self) -> int:
        return self.word.position


_VIEWS: dict[type[Need], type[Requirement]] = {
    Field: FieldRequirement,
    Confirmation: ConfirmationRequirement,
    DocumentToOpen: DocumentRequirement,
    PlanChoice: PlanRequirement,
    OutOfBand: OutOfBandRequirement,
    SecretAsked: ChallengeRequirement,
}


@strawberry.enum(description="Kinds of next action.")
class ActionKind(Enum):
    ANSWER_STEP = "answer_step"
    ANSWER_CHALLENGE = "answer_challenge"
    RESEND_MESSAGE = "resend_message"
    SELECT_PLAN = "select_plan"
    REQUOTE = "requote"
    SUBMIT = "submit"
    CANCEL = "cancel"
    LINK_ACCOUNT = "link_account"
    REFRESH = "refresh"
    CONTACT_AGENCY = "contact_agency"
    OPEN_PORTAL = "open_portal"


@strawberry.enum(description="How much an action binds.")
class Consequence(Enum):
    NONE = "none"
    SENDS_MESSAGE = "sends_message"
    BINDING = "binding"


@strawberry.type(description="What the viewer can do next; drives buttons.")
class NextAction:
    kind: ActionKind = strawberry.field(description="What it does.")
    words: strawberry.Private[Text]
    mutation: str | None = strawberry.field(description="Schema coordinate of the mutation; null for a person's act.")
    step: FlowStep | None = strawberry.field(description="The step it is about.")
    primary: bool = strawberry.field(description="Whether it is the one to offer first.")
    consequence: Consequence = strawberry.field(description="How much it binds.")

    @strawberry.field(description="What to write on the button.")
    def label(self, info: Info, locale: Locale | None = None) -> str:
        return info.context.say(self.words, locale)


def action(
    kind: ActionKind,
    words: Text,
    mutation: str | None,
    *,
    step: FlowStep | None = None,
    primary: bool = False,
    consequence: Consequence = Consequence.NONE,
) -> NextAction:
    coordinate = f"Mutation.{mutation}" if mutation else None
    return NextAction(kind=kind, words=words, mutation=coordinate, step=step, primary=primary, consequence=consequence)


def link_account(info: Info) -> NextAction:
    """The way back in for an insurer that does not know us."""
    return action(
        ActionKind.LINK_ACCOUNT, Text("ログインして連携する", "Sign in and link"), "insurerLinkCreate", primary=True
    )


@strawberry.type(description="Who did something, and in which role.")
class Actor:
    display: str = strawberry.field(description="Who, in words.")
    role: Role | None = strawberry.field(description="In which role; null for the gateway itself.")


@strawberry.type(description="Something that happened in a flow.")
class FlowEvent:
    word: strawberry.Private[EventWord]

    @strawberry.field(description="Unique within the flow.")
    def id(self) -> strawberry.ID:
        return strawberry.ID(self.word.id)

    @strawberry.field(description="When.")
    def at(self) -> datetime:
        return self.word.at

    @strawberry.field(description="Who did it.")
    def actor(self, info: Info) -> Actor:
        asker = info.context.asker
        if asker is not None and asker.customer == self.word.actor:
            return Actor(display=asker.display_name, role=Role.CUSTOMER)
        return Actor(display="Tabane", role=None)

    @strawberry.field(description="What happened.")
    def summary(self, info: Info, locale: Locale | None = None) -> str:
        return info.context.say(self.word.summary, locale)

    @strawberry.field(description="In which step.")
    def step_key(self) -> str | None:
        return self.word.step


@strawberry.type(description="Edge of a flow event page.")
class FlowEventEdge:
    cursor: str = strawberry.field(description="Where this event stands; pass it as `after`.")
    node: FlowEvent = strawberry.field(description="The event.")


@strawberry.type(description="Page of flow events, newest first.")
class FlowEventConnection:
    edges: list[FlowEventEdge] = strawberry.field(description="The events of this page.")
    page_info: PageInfo = strawberry.field(description="What comes before and after.")


async def history(info: Info, flow: str, *, first: int, after: str | None) -> FlowEventConnection:
    known = info.context.ids.parts(after, "Cursor") if after else None
    events, more = await info.context.host.history.page(
        flow, first=min(max(first, 1), 100), before=known[0] if known else None
    )
    edges = [
        FlowEventEdge(cursor=info.context.ids.seal("Cursor", event.id), node=FlowEvent(word=event)) for event in events
    ]
    return FlowEventConnection(
        edges=edges,
        page_info=PageInfo(
            has_next_page=more,
            has_previous_page=known is not None,
            start_cursor=edges[0].cursor if edges else None,
            end_cursor=edges[-1].cursor if edges else None,
        ),
    )


@strawberry.type(description="Why a flow stands where it stands.")
class Trouble:
    word: strawberry.Private[TroubleWord]

    @strawberry.field(description="In code, lower case with underscores; new ones may appear.")
    def code(self) -> str:
        return self.word.code.value

    @strawberry.field(description="In words.")
    def message(self, info: Info, locale: Locale | None = None) -> str:
        return info.context.say(self.word.message, locale)

    @strawberry.field(description="In the insurer's words.")
    def insurer_message(self) -> str | None:
        return self.word.insurer_words


@strawberry.interface(
    description="A resumable process of several steps at an insurer. One form renderer drives any insurer from"
    " `steps` and `nextActions`."
)
class Flow:
    word: strawberry.Private[FlowWord]

    def _standings(self, info: Info) -> list[Standing]:
        raise NotImplementedError

    def _actions(self, info: Info) -> list[NextAction]:
        raise NotImplementedError

    @strawberry.field(description="Opaque and stable: store it and compare it, nothing else.")
    def id(self, info: Info) -> strawberry.ID:
        return info.context.ids.seal(type(self).__name__, self.word.id)

    @strawberry.field(description="At which insurer.")
    def insurer(self, info: Info) -> Insurer:
        return Insurer(manifest=info.context.host.manifests[_insurer(self.word)])

    @strawberry.field(description="Optimistic lock: send it back with every answer.")
    def version(self) -> int:
        return self.word.version

    @strawberry.field(description="All steps, in the insurer's order.")
    def steps(self, info: Info) -> list[FlowStep]:
        return [FlowStep(word=standing, flow=self.word) for standing in self._standings(info)]

    @strawberry.field(description="The one open step; null when none is.")
    def current_step(self, info: Info) -> FlowStep | None:
        return open_step(self.word, self._standings(info))

    @strawberry.field(description="What the viewer can do next.")
    def next_actions(self, info: Info) -> list[NextAction]:
        return self._actions(info)

    @strawberry.field(description="Why it does not go on by itself; null when nothing is wrong.")
    def trouble(self) -> Trouble | None:
        return Trouble(word=self.word.trouble) if self.word.trouble else None

    @strawberry.field(description="How old this is: a flow is kept by the gateway, so it is never stale.")
    def freshness(self) -> Freshness:
        return Freshness.live(self.word.updated_at)

    @strawberry.field(description="What happened, newest first. Nothing is ever taken out.")
    async def events(self, info: Info, first: int = 20, after: str | None = None) -> FlowEventConnection:
        return await history(info, self.word.id, first=first, after=after)


OPEN = frozenset({StepState.READY, StepState.INCOMPLETE, StepState.WAITING, StepState.BLOCKED})

LazyFlow: TypeAlias = Annotated[Flow, strawberry.lazy("schema.flow")]


def open_step(flow: FlowWord, standings: list[Standing]) -> FlowStep | None:
    found = next((standing for standing in standings if standing.state in OPEN), None)
    return FlowStep(word=found, flow=flow) if found else None


def _insurer(flow: FlowWord) -> InsurerCode:
    return flow.insurer if isinstance(flow, RegistrationWord) else flow.ref.insurer


def _challenge(flow: FlowWord) -> ChallengeWord | None:
    return flow.challenge if isinstance(flow, RegistrationWord) else None
