"""A policy as GraphQL shows it."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated

import strawberry

from insurers.deadlines import deadlines
from insurers.identity import PolicyNumber
from insurers.policy import Agency as AgencyWord
from insurers.policy import Confidence, ContractForm, DeadlineKind, PolicyStatus, RenewabilityCode, RenewalOffer
from insurers.policy import Deadline as DeadlineWord
from insurers.policy import Policy as PolicyWord
from insurers.policy import RenewabilityReason as ReasonWord
from insurers.text import Text
from insurers.vehicle import AgeCondition, DriverLimitation, LicenceColour, UsePurpose
from schema.arguments import InLanguage
from schema.batched import for_one, of_many
from schema.connection import PageInfo, cursor
from schema.context import Info
from schema.coverage import Coverage
from schema.directives import ENTITY, PERSONAL
from schema.document import Document
from schema.freshness import Freshness
from schema.grade import NonFleetGrade
from schema.insurer import Contact, Insurer
from schema.lasting import lasting
from schema.node import Node
from schema.plan import Premium
from schema.provider import ProviderStatus
from schema.readings import Readings

if TYPE_CHECKING:
    from schema.renewal import Renewal

STATUS_LABELS: Mapping[PolicyStatus, Text] = {
    PolicyStatus.PENDING: Text("始期前", "Not yet in force"),
    PolicyStatus.IN_FORCE: Text("有効", "In force"),
    PolicyStatus.EXPIRED: Text("満期", "Expired"),
    PolicyStatus.CANCELLED: Text("解約", "Cancelled"),
    PolicyStatus.RENEWED: Text("更新済", "Renewed"),
    PolicyStatus.UNKNOWN: Text("不明", "Unknown"),
}

DEADLINE_LABELS: Mapping[DeadlineKind, Text] = {
    DeadlineKind.RENEWAL_OPENS: Text("更新手続きの開始", "Renewal opens"),
    DeadlineKind.AUTO_RENEWAL_NOTICE: Text("自動更新の申出期限", "Last day to decline the automatic renewal"),
    DeadlineKind.RENEWAL_CLOSES: Text("インターネット手続きの締切", "Last moment to renew online"),
    DeadlineKind.MATURITY: Text("満期日時", "Cover ends"),
    DeadlineKind.GRADE_CARRY_OVER_ENDS: Text("等級継承の期限", "Last day on which the grade carries over"),
    DeadlineKind.LATE_RENEWAL_ENDS: Text("継続うっかり特約の期限", "Last day of the late-renewal rider"),
}


@strawberry.type(description="The insured car, as its policy tells it.")
class Vehicle:
    name: str = strawberry.field(description="Its name, as on the policy.")
    plate: strawberry.Private[str | None]
    first_registered: date | None = strawberry.field(description="First registration (初度登録年月).")
    use: UsePurpose = strawberry.field(description="What it is used for.")
    insurer_use: str | None = strawberry.field(description="The use in the insurer's words.")

    @strawberry.field(description="Its registration plate; null where not told.", directives=[PERSONAL])
    def registration(self) -> str | None:
        return self.plate


@strawberry.type(description="Who may drive the car.")
class DriverScope:
    limitation: DriverLimitation = strawberry.field(description="Limitation of drivers.")
    age_condition: AgeCondition = strawberry.field(
        description="From which age one may drive; younger drivers are not covered."
    )
    insurer_limitation: str = strawberry.field(description="The limitation in the insurer's words.")
    insurer_age_condition: str = strawberry.field(description="The age condition in the insurer's words.")
    youngest_driver_birth_date: date | None = strawberry.field(
        description="Birth date of the youngest driver.", directives=[PERSONAL]
    )
    licence_colour: LicenceColour | None = strawberry.field(description="Licence colour of the named insured.")


@strawberry.type(description="A payroll group (団体扱) through which the premium is collected.")
class GroupScheme:
    name: str = strawberry.field(description="Name of the scheme.", directives=[PERSONAL])
    employer_name: str | None = strawberry.field(
        description="The employer through whose payroll the premium is paid; null where not told.",
        directives=[PERSONAL],
    )
    employee_number_required: bool = strawberry.field(description="Whether registration asks for an employee number.")


@strawberry.type(description="The agency that handles a policy (取扱代理店).")
class Agency:
    word: strawberry.Private[AgencyWord]

    @strawberry.field(description="Its name.")
    def name(self) -> str:
        return self.word.name

    @strawberry.field(description="Its code at this insurer; every insurer gives its own.")
    def code(self) -> str:
        return self.word.code

    @strawberry.field(description="How to reach it.")
    def contact(self) -> Contact:
        return Contact(word=self.word.contact)


@lasting()
@strawberry.type(description="A date that matters for one policy, with where it comes from.")
class Deadline:
    word: strawberry.Private[DeadlineWord]

    @strawberry.field(description="What happens then.")
    def kind(self) -> DeadlineKind:
        return self.word.kind

    @strawberry.field(description="The moment itself, with its offset.")
    def at(self) -> datetime:
        return self.word.at

    @strawberry.field(description="What happens then, in words.")
    def label(self, info: Info, locale: InLanguage = None) -> str:
        return info.context.say(DEADLINE_LABELS[self.word.kind], locale)

    @strawberry.field(description="Where the date is from, in words.")
    def source(self, info: Info, locale: InLanguage = None) -> str:
        return info.context.say(self.word.source, locale)

    @strawberry.field(description="How sure it is.")
    def confidence(self) -> Confidence:
        return self.word.confidence


@lasting()
@strawberry.type(description="Why a policy cannot be renewed online, in code and words, and whom to ask.")
class RenewabilityReason:
    word: strawberry.Private[ReasonWord]

    @strawberry.field(description="The reason in code.")
    def code(self) -> RenewabilityCode:
        return self.word.code

    @strawberry.field(description="The reason in words.")
    def message(self, info: Info) -> str:
        return info.context.say(self.word.message)

    @strawberry.field(description="Whom to ask.")
    def contact(self) -> Contact | None:
        return Contact(word=self.word.contact) if self.word.contact else None


@strawberry.type(description="Whether a policy can be renewed online, and from when to when.")
class Renewability:
    word: strawberry.Private[RenewalOffer]

    @strawberry.field(description="Whether it can be started now, as far as the insurer says.")
    def online(self) -> bool:
        return self.word.online

    @strawberry.field(description="When the insurer opens it.")
    def opens_at(self) -> datetime | None:
        return self.word.opens_at

    @strawberry.field(description="The last moment at which the insurer takes an application; null where not told.")
    def closes_at(self) -> datetime | None:
        return self.word.closes_at

    @strawberry.field(description="Why it cannot be renewed online; empty where it can.")
    def reasons(self) -> list[RenewabilityReason]:
        return [RenewabilityReason(word=reason) for reason in self.word.reasons]


async def _renewals(policies: Sequence["Policy"], info: Info) -> Sequence["Renewal | None"]:
    from schema.renewal import Renewal

    found = await info.context.loaders.renewal.load_many([policy.word.ref for policy in policies])
    return [Renewal(word=one) if one else None for one in found]


async def _renewabilities(policies: Sequence["Policy"], info: Info) -> Sequence[Renewability | None]:
    offers = await info.context.loaders.offer.load_many([policy.word.ref for policy in policies])
    return [Renewability(word=one) if isinstance(one, RenewalOffer) else None for one in offers]


@strawberry.type(description="A policy at one insurer.", directives=[ENTITY])
class Policy(Node):
    node_type = "Policy"
    word: strawberry.Private[PolicyWord]
    # Those that it was read by: a mutation may have others before a part that comes later is told.
    readings: strawberry.Private[Readings]

    def node_parts(self) -> tuple[str, ...]:
        return self.word.ref.insurer, str(self.word.ref.number)

    @strawberry.field(description="The number as its insurer prints it; unique only inside the insurer.")
    def number(self) -> PolicyNumber:
        return self.word.ref.number

    @strawberry.field(description="Who insures it.")
    def insurer(self, info: Info) -> Insurer:
        return Insurer(manifest=info.context.host.manifests[self.word.ref.insurer])

    @strawberry.field(description="Where the policy stands in its life.")
    def status(self) -> PolicyStatus:
        return self.word.status

    @strawberry.field(description="`status` in words.")
    def status_label(self, info: Info, locale: InLanguage = None) -> str:
        return info.context.say(STATUS_LABELS[self.word.status], locale)

    @strawberry.field(description="The insurer's own word for `status`, or its code; null where it has none.")
    def insurer_status(self) -> str | None:
        return self.word.insurer_status

    @strawberry.field(description="Who holds it and who collects.")
    def contract_form(self) -> ContractForm:
        return self.word.form

    @strawberry.field(description="When cover begins.")
    def starts_at(self) -> datetime:
        return self.word.starts_at

    @strawberry.field(description="Cover ends at this minute (16:00 in Tokyo as a rule).")
    def ends_at(self) -> datetime:
        return self.word.ends_at

    @strawberry.field(
        description="Number of the next term; null until it is issued. Not usable where a current number is asked for.",
        directives=[PERSONAL],
    )
    def successor_number(self) -> str | None:
        return str(self.word.successor) if self.word.successor else None

    @strawberry.field(description="What this term costs; null where its insurer does not tell.")
    def premium(self) -> Premium | None:
        # GraphQL reads the language's value by attribute; a Premium here is a description of it.
        return self.word.premium  # type: ignore[return-value]

    @strawberry.field(description="The insured car; null where its insurer does not tell.")
    def insured_vehicle(self) -> Vehicle | None:
        # As above.
        return self.word.vehicle  # type: ignore[return-value]

    @strawberry.field(description="Who may drive the car; null where its insurer does not tell.")
    def driver_scope(self) -> DriverScope | None:
        # As above.
        return self.word.driver_scope  # type: ignore[return-value]

    @strawberry.field(description="Its grade (等級), by which the premium falls; null where its insurer does not tell.")
    def grade(self) -> NonFleetGrade | None:
        # As above.
        return self.word.grade  # type: ignore[return-value]

    @strawberry.field(description="What it covers.")
    def coverages(self) -> list[Coverage]:
        # As above.
        return list(self.word.coverages)  # type: ignore[arg-type]

    @strawberry.field(description="The payroll group through which it is paid; null where there is none.")
    def group_scheme(self) -> GroupScheme | None:
        # As above.
        return self.word.group_scheme  # type: ignore[return-value]

    @strawberry.field(
        description="Whether a rider renews it by itself unless someone says no in time; null where not stated."
    )
    def auto_renewal(self) -> bool | None:
        return self.word.auto_renewal

    @strawberry.field(description="The agency that handles it for its insurer; null where none is told.")
    def agency(self) -> Agency | None:
        return Agency(word=self.word.agency) if self.word.agency else None

    @strawberry.field(description="Every date that matters, soonest first.")
    async def deadlines(self, info: Info) -> list[Deadline]:
        offer = await info.context.loaders.offer.load(self.word.ref)
        known = offer if isinstance(offer, RenewalOffer) else None
        return [Deadline(word=deadline) for deadline in deadlines(self.word, known)]

    @strawberry.field(description="Its certificate and other documents.")
    def documents(self) -> list[Document]:
        return [Document(word=document, ref=self.word.ref, renewal="") for document in self.word.documents]

    @strawberry.field(
        description="The open or last renewal of it through this gateway; null where there was none yet.",
        metadata=of_many(_renewals),
    )
    async def renewal(self, info: Info) -> Annotated["Renewal", strawberry.lazy("schema.renewal")] | None:
        return await for_one(_renewals, self, info)

    @strawberry.field(
        description="Is online renewal possible; null where the insurer cannot be asked now.",
        metadata=of_many(_renewabilities),
    )
    async def renewability(self, info: Info) -> Renewability | None:
        return await for_one(_renewabilities, self, info)

    @strawberry.field(description="How old this is.")
    def freshness(self) -> Freshness:
        return self.readings.freshness(self.word.ref)


@strawberry.type(description="Edge of a policy page.")
class PolicyEdge:
    cursor: str = strawberry.field(resolver=cursor, description="Where this policy stands; pass it as `after`.")
    node: Policy = strawberry.field(description="The policy.")
    cursors: strawberry.Private[Sequence[str]]
    at: strawberry.Private[int]


@strawberry.type(description="Page of policies, with each insurer's outcome beside it.")
class PolicyConnection:
    edges: list[PolicyEdge] = strawberry.field(description="The policies of this page.")
    page_info: PageInfo = strawberry.field(description="What comes before and after.")
    total_count: int | None = strawberry.field(description="How many there are at the insurers that answered.")
    providers: list[ProviderStatus] = strawberry.field(description="Which insurers answered, and why others did not.")
