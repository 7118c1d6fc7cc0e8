"""An insurer's card as GraphQL shows it: every difference between insurers is data."""

from datetime import datetime
from enum import Enum
from typing import Annotated

import strawberry

from insurers.advice import advise
from insurers.capability import Capability, Level, Manifest
from insurers.contact import Contact as ContactWord
from insurers.hours import TOKYO, DailyHours, Openness, Service
from insurers.registration import Possession, RegistrationPurpose
from insurers.text import Text
from schema import enums as enums
from schema.arguments import InLanguage
from schema.connection import PageInfo
from schema.context import Info
from schema.directives import ENTITY, PERSONAL
from schema.lasting import lasting
from schema.node import Node
from schema.note import LocalizedNote
from schema.registration_method import RegistrationAdvice, RegistrationMethod
from schema.scalars import URL, LocalTime


@strawberry.type(
    description="A desk that answers questions, with its hours as far as a source tells them, or the customer whom an"
    " agent is to call."
)
class Contact:
    word: strawberry.Private[ContactWord]

    @strawberry.field(description="Who answers there.")
    def label(self, info: Info) -> str:
        return info.context.say(self.word.label)

    @strawberry.field(
        description="Phone number as the source prints it; a customer's own where an agent is to call them.",
        directives=[PERSONAL],
    )
    def phone(self) -> str | None:
        return self.word.phone

    @strawberry.field(description="Its page on the web; null where there is none.")
    def url(self) -> URL | None:
        return URL(self.word.url) if self.word.url else None

    @strawberry.field(description="When it answers, in the source's words.")
    def hours(self) -> str | None:
        return self.word.hours


@strawberry.enum(description="Day of the week.")
class Weekday(Enum):
    MONDAY = 0
    TUESDAY = 1
    WEDNESDAY = 2
    THURSDAY = 3
    FRIDAY = 4
    SATURDAY = 5
    SUNDAY = 6


@strawberry.type(description='A daily window. `07:00` for 1170 minutes says "7:00～26:30" without a 26 o\'clock.')
class ServiceWindow:
    word: strawberry.Private[DailyHours]
    service_name: strawberry.Private[str]

    @strawberry.field(description="The insurer's service that keeps these hours.")
    def service(self) -> str:
        return self.service_name

    @strawberry.field(description="When it opens.")
    def opens_at(self) -> LocalTime:
        return LocalTime(_clock_time(self.word.opens))

    @strawberry.field(description="For how long, in minutes; it may run past midnight.")
    def duration_minutes(self) -> int:
        return self.word.closes - self.word.opens

    @strawberry.field(description="As the insurer prints it, such as `7:00～26:30`.")
    def label(self) -> str:
        return self.word.label


@strawberry.type(description="A weekly pause of one service.")
class ServiceGap:
    service: str = strawberry.field(description="The insurer's service that pauses.")
    weekday: Weekday = strawberry.field(description="On which day.")
    starts_at: LocalTime = strawberry.field(description="From when.")
    duration_minutes: int = strawberry.field(description="For how long, in minutes.")


@strawberry.type(description="Open now, and when. What no source tells is null, and never treated as open.")
class InsurerAvailability:
    manifest: strawberry.Private[Manifest]
    capability: strawberry.Private[Capability]

    def _services(self) -> tuple[Service, ...]:
        return self.manifest.hours[self.capability].services

    @strawberry.field(description="True, false, or null where no source tells (year-end maintenance, for one).")
    def open_now(self, info: Info) -> bool | None:
        openness = self.manifest.hours[self.capability].openness(info.context.host.now())
        return None if openness is Openness.UNKNOWN else openness is Openness.OPEN

    @strawberry.field(description="The zone of every time of day here.")
    def time_zone(self) -> str:
        return TOKYO.key

    @strawberry.field(description="Daily hours of each service that must be open for this.")
    def windows(self) -> list[ServiceWindow]:
        return [ServiceWindow(word=service.daily, service_name=service.name) for service in self._services()]

    @strawberry.field(description="Weekly pauses of those services.")
    def gaps(self) -> list[ServiceGap]:
        return [
            ServiceGap(
                service=service.name,
                weekday=Weekday(gap.weekday),
                starts_at=LocalTime(_clock_time(gap.starts)),
                duration_minutes=gap.ends - gap.starts,
            )
            for service in self._services()
            for gap in service.gaps
        ]

    @strawberry.field(description="Now when open, else the next opening; null where no source tells one.")
    def opens_at(self, info: Info) -> datetime | None:
        return self.manifest.hours[self.capability].opens_at(info.context.host.now())

    @strawberry.field(description="When the present opening ends; null when closed or open without end.")
    def closes_at(self, info: Info) -> datetime | None:
        return self.manifest.hours[self.capability].closes_at(info.context.host.now())

    @strawberry.field(description="Where the hours are from.")
    def sources(self) -> list[str]:
        return [service.source for service in self._services()]


@strawberry.type(
    description="The insurer's printed rule for passwords and user ids: a hint for forms. Its own verdict counts."
)
class CredentialPolicy:
    min_length: int = strawberry.field(description="The fewest characters of a password.")
    max_length: int | None = strawberry.field(description="Most characters, where stated.")
    character_classes_required: int = strawberry.field(description="How many of letters, digits and symbols to mix.")
    mixed_case_required: bool = strawberry.field(description="Whether capitals and small letters must both be there.")
    user_id_is_email: bool = strawberry.field(description="Whether the user id is a mail address.")
    words: strawberry.Private[Text]

    @strawberry.field(description="The rule in words.")
    def hint(self, info: Info, locale: InLanguage = None) -> str:
        return info.context.say(self.words, locale)


@strawberry.type(description="Facts about an insurer's customer portal.")
class InsurerPortal:
    manifest: strawberry.Private[Manifest]

    @strawberry.field(description="What the insurer calls it.")
    def name(self, info: Info, locale: InLanguage = None) -> str:
        return info.context.say(self.manifest.portal.name, locale)

    @strawberry.field(description="Its address.")
    def url(self) -> URL:
        return URL(self.manifest.portal.url)

    @strawberry.field(description="The portal drops an idle session after this many minutes; our draft outlives it.")
    def idle_timeout_minutes(self) -> int | None:
        return self.manifest.portal.idle_timeout_minutes

    @strawberry.field(description="False where the portal loses the work when a step is left.")
    def resumable(self) -> bool:
        return self.manifest.portal.resumable

    @strawberry.field(description="True where a sign-in may be asked for a one-time password.")
    def one_time_password(self) -> bool:
        return self.manifest.portal.one_time_password

    @strawberry.field(description="Its rule for passwords.")
    def credential_policy(self) -> CredentialPolicy:
        rule = self.manifest.portal.credentials
        return CredentialPolicy(
            min_length=rule.min_length,
            max_length=rule.max_length,
            character_classes_required=rule.character_classes,
            mixed_case_required=rule.mixed_case,
            user_id_is_email=rule.user_id_is_email,
            words=rule.hint,
        )

    @strawberry.field(description="Things to have ready, for example the driving licence.")
    def preparation(self, info: Info) -> list[LocalizedNote]:
        return [LocalizedNote.of(info, text) for text in self.manifest.portal.preparation]


@strawberry.type(description="One capability and how it is had.")
class CapabilityOffer:
    capability: Capability = strawberry.field(description="What can be done.")
    level: Level = strawberry.field(description="By whom it is done: the insurer, the gateway, the agency, or nobody.")


@strawberry.type(description="What a policy number of an insurer looks like.")
class PolicyNumberShape:
    manifest: strawberry.Private[Manifest]

    @strawberry.field(description="A regular expression over the number without spaces and hyphens.")
    def pattern(self) -> str:
        return self.manifest.number_shape.pattern

    @strawberry.field(description="The shape in words.")
    def words(self, info: Info, locale: InLanguage = None) -> str:
        return info.context.say(self.manifest.number_shape.words, locale)

    @strawberry.field(description="An invented number of this shape.")
    def example(self) -> str:
        return self.manifest.number_shape.example


@lasting()
@strawberry.type(description="An insurer that the gateway can talk to.", directives=[ENTITY])
class Insurer(Node):
    node_type = "Insurer"
    manifest: strawberry.Private[Manifest]

    def node_parts(self) -> tuple[str, ...]:
        return (self.manifest.code,)

    @strawberry.field(description="Stable lower-case code, safe in URLs.")
    def code(self) -> str:
        return self.manifest.code

    @strawberry.field(description="Its name.")
    def name(self, info: Info, locale: InLanguage = None) -> str:
        return info.context.say(self.manifest.name, locale)

    @strawberry.field(description="What it calls a renewal (継続, 更新).")
    def renewal_word(self, info: Info, locale: InLanguage = None) -> str:
        return info.context.say(self.manifest.renewal_word, locale)

    @strawberry.field(description="Its customer portal.")
    def portal(self) -> InsurerPortal:
        return InsurerPortal(manifest=self.manifest)

    @strawberry.field(description="What can be done with it, and how. What is not listed cannot be done.")
    def capabilities(self) -> list[CapabilityOffer]:
        return [CapabilityOffer(capability=what, level=how) for what, how in self.manifest.capabilities.items()]

    @strawberry.field(description="When something can be done: renewing, unless another capability is named.")
    def availability(
        self,
        capability: Annotated[
            Capability, strawberry.argument(description="For what it is to be open.")
        ] = Capability.RENEWAL,
    ) -> InsurerAvailability | None:
        if capability not in self.manifest.hours:
            return None
        return InsurerAvailability(manifest=self.manifest, capability=capability)

    @strawberry.field(description="Ways to register, each a flow described as data.")
    def registration_methods(self) -> list[RegistrationMethod]:
        return [RegistrationMethod(word=method) for method in self.manifest.registration_methods]

    @strawberry.field(
        description="Which way suits a customer who has these things in hand, and why. Empty: nothing in hand."
    )
    def registration_advice(
        self,
        holding: Annotated[list[Possession], strawberry.argument(description="What the customer has in hand.")],
        purpose: Annotated[
            RegistrationPurpose, strawberry.argument(description="What the registration is for.")
        ] = RegistrationPurpose.FIRST_TIME,
    ) -> RegistrationAdvice:
        return RegistrationAdvice(word=advise(self.manifest.registration_methods, frozenset(holding), purpose))

    @strawberry.field(description="What its policy numbers look like, for forms.")
    def policy_number_shape(self) -> PolicyNumberShape:
        return PolicyNumberShape(manifest=self.manifest)

    @strawberry.field(description="Whom to ask about this insurer.")
    def contacts(self) -> list[Contact]:
        return [Contact(word=contact) for contact in self.manifest.contacts]


@strawberry.type(description="Edge of an insurer page.")
class InsurerEdge:
    cursor: str = strawberry.field(description="Where this insurer stands; pass it as `after`.")
    node: Insurer = strawberry.field(description="The insurer.")


@strawberry.type(description="Page of insurers.")
class InsurerConnection:
    edges: list[InsurerEdge] = strawberry.field(description="The insurers of this page.")
    page_info: PageInfo = strawberry.field(description="What comes before and after.")


def _clock_time(minutes: int) -> str:
    return f"{minutes // 60 % 24:02}:{minutes % 60:02}"
