"""The ways into an account at an insurer, and which of them suits whom."""

import strawberry

from insurers.advice import Advice, Way
from insurers.registration import Possession, RegistrationPurpose
from insurers.registration import RegistrationMethod as MethodWord
from insurers.script import Step, StepKind
from schema import enums as enums
from schema.arguments import InLanguage
from schema.context import Info
from schema.note import LocalizedNote


@strawberry.type(description="A step as announced before a flow starts.")
class FlowStepTemplate:
    word: strawberry.Private[Step]

    @strawberry.field(description="Stable within the insurer.")
    def key(self) -> str:
        return self.word.key

    @strawberry.field(description="What it is about.")
    def kind(self) -> StepKind:
        return self.word.kind

    @strawberry.field(description="Its title.")
    def title(self, info: Info, locale: InLanguage = None) -> str:
        return info.context.say(self.word.title, locale)


@strawberry.type(description="One way to register at an insurer.")
class RegistrationMethod:
    word: strawberry.Private[MethodWord]

    @strawberry.field(description="Pass it to `registrationStart`.")
    def key(self) -> str:
        return self.word.key

    @strawberry.field(description="Why one takes it. Those within an account need a link to the insurer first.")
    def purpose(self) -> RegistrationPurpose:
        return self.word.purpose

    @strawberry.field(description="Its name.")
    def label(self, info: Info, locale: InLanguage = None) -> str:
        return info.context.say(self.word.label, locale)

    @strawberry.field(description="What the customer must hold: a policy number, a mailbox, an employee number.")
    def needs(self, info: Info) -> list[LocalizedNote]:
        return [LocalizedNote.of(info, text) for text in self.word.needs]

    @strawberry.field(description="How long it takes, by the insurer's leaflet.")
    def estimated_minutes(self) -> int | None:
        return self.word.estimated_minutes

    @strawberry.field(description="The steps to come.")
    def steps(self) -> list[FlowStepTemplate]:
        return [FlowStepTemplate(word=step) for step in self.word.script]


@strawberry.type(description="One way, seen by a customer who holds certain things.")
class RegistrationWay:
    word: strawberry.Private[Way]

    @strawberry.field(description="The way to register that is weighed here.")
    def method(self) -> RegistrationMethod:
        return RegistrationMethod(word=self.word.method)

    @strawberry.field(description="Whether it is open to this customer.")
    def open(self) -> bool:
        return self.word.open

    @strawberry.field(description="Why it is, or why not.")
    def why(self, info: Info, locale: InLanguage = None) -> str:
        return info.context.say(self.word.why, locale)

    @strawberry.field(description="What would open it; empty where it is open.")
    def missing(self) -> list[Possession]:
        return sorted(self.word.missing)


@strawberry.type(description="Which way to take into an account, and why.")
class RegistrationAdvice:
    word: strawberry.Private[Advice]

    @strawberry.field(description="What the advised way is for: who cannot reset the credentials registers anew.")
    def purpose(self) -> RegistrationPurpose:
        return self.word.purpose

    @strawberry.field(description="The way to take: the easiest that is open; null where none is.")
    def method(self) -> RegistrationMethod | None:
        return RegistrationMethod(word=self.word.way.method) if self.word.way else None

    @strawberry.field(description="Why this one, or why none.")
    def why(self, info: Info, locale: InLanguage = None) -> str:
        return info.context.say(self.word.why, locale)

    @strawberry.field(description="All ways that were looked at, in the insurer's order.")
    def ways(self) -> list[RegistrationWay]:
        return [RegistrationWay(word=way) for way in self.word.ways]
