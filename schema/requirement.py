"""What a step still needs, each kind with what a form must know."""

from datetime import datetime
from typing import TypeAlias

import strawberry

from insurers.account import Challenge as ChallengeWord
from insurers.account import ChallengeKind, Channel
from insurers.identity import InsurerCode
from insurers.proof import is_customers_alone
from insurers.registration import Registration as RegistrationWord
from insurers.renewal import Renewal as RenewalWord
from insurers.script import (
    Confirmation,
    DocumentToOpen,
    Field,
    InputKind,
    OutOfBand,
    PlanChoice,
    SecretAsked,
    Step,
)
from insurers.script import Option as OptionWord
from insurers.script import Requirement as Need
from schema.arguments import InLanguage
from schema.challenge import Challenge
from schema.context import Info
from schema.directives import PERSONAL
from schema.document import Document
from schema.lasting import lasting
from schema.plan import Plan
from schema.scalars import URL, Locale

FlowWord: TypeAlias = RegistrationWord | RenewalWord


@strawberry.interface(
    description="Something that a step still needs. New kinds may appear: show `label` and `fallbackUrl` for those."
)
class Requirement:
    need: strawberry.Private[Need]
    step: strawberry.Private[Step]
    met: strawberry.Private[bool]
    flow: strawberry.Private[FlowWord]

    @strawberry.field(description="Name it in the answer (`AnswerInput.requirementKey`).")
    def key(self) -> str:
        return self.need.key

    @strawberry.field(description="What to show beside it.")
    def label(self, info: Info, locale: InLanguage = None) -> str:
        return info.context.say(self.need.label, locale)

    @strawberry.field(description="Whether the step needs it.")
    def required(self) -> bool:
        return self.need.required

    @strawberry.field(description="Whether it is answered, or needs no answer.")
    def satisfied(self) -> bool:
        return self.met

    @strawberry.field(description="Whether only the customer may give it, and nobody who acts for the customer.")
    def customer_only(self) -> bool:
        return isinstance(self.flow, RegistrationWord) or is_customers_alone(self.step, self.need)

    @strawberry.field(description="Where a person can do it by hand at the insurer.")
    def fallback_url(self, info: Info) -> URL | None:
        return URL(info.context.host.manifests[insurer_of(self.flow)].portal.url)


@lasting()
@strawberry.type(description="A value to choose, with what to show for it.")
class Option:
    word: strawberry.Private[OptionWord]

    @strawberry.field(description="The value itself; pass it as `choice`.")
    def value(self) -> str:
        return self.word.value

    @strawberry.field(description="What to show for it, in the viewer's language.")
    def label(self, info: Info, locale: InLanguage = None) -> str:
        return info.context.say(self.word.label, locale)

    @strawberry.field(description="Whether the insurer recommends it.")
    def recommended(self) -> bool:
        return self.word.recommended


@lasting()
@strawberry.type(description="A value to type or pick.")
class FieldRequirement(Requirement):
    need: strawberry.Private[Field]

    @strawberry.field(description="How to draw it, and what is accepted in it.")
    def input_kind(self) -> InputKind:
        return self.need.input

    @strawberry.field(description="A regular expression that the value matches.")
    def pattern(self) -> str | None:
        return self.need.pattern

    @strawberry.field(description="The fewest characters it may have; null where there is no limit.")
    def min_length(self) -> int | None:
        return self.need.min_length

    @strawberry.field(description="The most characters it may have; null where there is no limit.")
    def max_length(self) -> int | None:
        return self.need.max_length

    @strawberry.field(description="How many values at most, where several are accepted.")
    def max_values(self) -> int | None:
        return self.need.at_most

    @strawberry.field(description="What can be picked; empty for a value to type.")
    def options(self) -> list[Option]:
        return [Option(word=option) for option in self.need.options]

    @strawberry.field(description="What the insurer has now. Never given for a declaration.", directives=[PERSONAL])
    def suggested(self) -> str | None:
        return self.need.suggested

    @strawberry.field(
        description="An answer other than `suggested` changes what every plan costs: they are quoted anew with it."
    )
    def reprices(self) -> bool:
        return self.need.reprices

    @strawberry.field(description="Pass it as `secret`; it is used once and never stored.")
    def sensitive(self) -> bool:
        return self.need.sensitive


@lasting()
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


@lasting()
@strawberry.type(
    description="A document of the insurer's to read; with `mustOpen` it has to be opened before the step is done."
)
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


@lasting()
@strawberry.type(description="Pick one of `Renewal.plans`.")
class PlanRequirement(Requirement):
    need: strawberry.Private[PlanChoice]

    @strawberry.field(description="The plan that was picked.")
    def selected(self) -> Plan | None:
        if not isinstance(self.flow, RenewalWord) or self.flow.plan is None:
            return None
        return Plan(word=self.flow.plan, offered_by=self.flow)


@lasting()
@strawberry.type(description="Something outside this API: a mail with a link, to be handed in as `link`.")
class OutOfBandRequirement(Requirement):
    need: strawberry.Private[OutOfBand]

    @strawberry.field(description="How the message comes.")
    def channel(self) -> Channel:
        return self.need.channel

    @strawberry.field(description="To whom it was sent, masked.", directives=[PERSONAL])
    def sent_to(self) -> str | None:
        challenge = challenge_of(self.flow)
        return challenge.sent_to if challenge else None

    @strawberry.field(description="Until when it works, counted from sending.")
    def expires_at(self) -> datetime | None:
        challenge = challenge_of(self.flow)
        return challenge.expires_at if challenge else None

    @strawberry.field(description="Whether it works only once.")
    def single_use(self) -> bool | None:
        challenge = challenge_of(self.flow)
        return challenge.single_use if challenge else None


@lasting()
@strawberry.type(description="A secret that the insurer asks for now; hand it in as `secret`.")
class ChallengeRequirement(Requirement):
    need: strawberry.Private[SecretAsked]

    @strawberry.field(description="What kind of secret.")
    def challenge_kind(self) -> ChallengeKind:
        return self.need.kind

    @strawberry.field(description="The question; null until the insurer has put it.")
    def challenge(self) -> Challenge | None:
        challenge = challenge_of(self.flow)
        if challenge is None or not isinstance(self.flow, RegistrationWord):
            return None
        return Challenge(word=challenge, insurer_code=self.flow.insurer, owner=("registration", self.flow.id))


_VIEWS: dict[type[Need], type[Requirement]] = {
    Field: FieldRequirement,
    Confirmation: ConfirmationRequirement,
    DocumentToOpen: DocumentRequirement,
    PlanChoice: PlanRequirement,
    OutOfBand: OutOfBandRequirement,
    SecretAsked: ChallengeRequirement,
}


def insurer_of(flow: FlowWord) -> InsurerCode:
    return flow.insurer if isinstance(flow, RegistrationWord) else flow.ref.insurer


def challenge_of(flow: FlowWord) -> ChallengeWord | None:
    return flow.challenge if isinstance(flow, RegistrationWord) else None


def view(need: Need, *, step: Step, met: bool, flow: FlowWord) -> Requirement:
    return _VIEWS[type(need)](need=need, step=step, met=met, flow=flow)
