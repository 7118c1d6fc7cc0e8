"""Plans and premiums."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated

import strawberry

from insurers.coverage import CoverageKind
from insurers.losses import Loss as LossWord
from insurers.losses import fingerprint, losses
from insurers.money import Yen
from insurers.plan import Departure as DepartureWord
from insurers.plan import PaymentMethod, PremiumNature
from insurers.plan import Plan as PlanWord
from insurers.renewal import Renewal as RenewalWord
from insurers.vehicle import AgeCondition, DriverLimitation, UsePurpose
from schema.arguments import InLanguage
from schema.context import Info
from schema.coverage import Coverage
from schema.directives import ENTITY, PERSONAL
from schema.freshness import Freshness
from schema.grade import NonFleetGrade
from schema.insurer import Insurer
from schema.lasting import lasting
from schema.losses import Loss
from schema.node import Node
from schema.offered import OfferedBy, age, has_run_out, is_chosen, place, priced
from schema.present_cover import present_cover

if TYPE_CHECKING:
    from schema.renewal import Renewal


@lasting()
@strawberry.type(description="One instalment.")
class Instalment:
    due_on: date = strawberry.field(description="When it is due.")
    amount: Yen = strawberry.field(description="How much is paid then.")


@lasting()
@strawberry.type(description="What one term costs, and how it is paid.")
class Premium:
    nature: PremiumNature = strawberry.field(description="Whether this is what will be charged.")
    total: Yen = strawberry.field(description="Yen for the whole term, whatever the instalments.")
    payment: PaymentMethod = strawberry.field(description="How it is paid.")
    instalments: list[Instalment] = strawberry.field(description="Its parts; empty for one lump sum.")
    change_from_current: Yen | None = strawberry.field(description="Against the term that ends.")


@lasting()
@strawberry.type(description="The insurer's explanation of a plan as a film, or why there is none.")
class PlanVideo:
    url: str | None = strawberry.field(description="Where to watch it; null where there is none.")
    duration_seconds: int | None = strawberry.field(description="How long it is, in seconds.")
    unavailable_reason: str | None = strawberry.field(description="Why there is none, in the insurer's words.")


@lasting()
@strawberry.type(description="Who may drive, and for what, with the insurer's own words beside it.")
class PlanConditions:
    limitation: DriverLimitation = strawberry.field(description="Limitation of drivers.")
    age_condition: AgeCondition = strawberry.field(
        description="From which age one may drive; younger drivers are not covered."
    )
    use: UsePurpose = strawberry.field(description="What the car is used for.")
    insurer_limitation: str = strawberry.field(description="The limitation in the insurer's words.")
    insurer_age_condition: str = strawberry.field(description="The age condition in the insurer's words.")
    insurer_use: str = strawberry.field(description="The use in the insurer's words.")


@lasting()
@strawberry.type(description="Where an offer differs from what was asked for.")
class Departure:
    word: strawberry.Private[DepartureWord]

    @strawberry.field(description="The cover that it is about; null for who drives, the group, and other conditions.")
    def key(self) -> CoverageKind | None:
        return self.word.kind

    @strawberry.field(description="What was asked for.")
    def requested(self, info: Info, locale: InLanguage = None) -> str:
        return info.context.say(self.word.requested, locale)

    @strawberry.field(description="What is offered instead.")
    def offered(self, info: Info, locale: InLanguage = None) -> str:
        return info.context.say(self.word.offered, locale)

    @strawberry.field(description="Why, in one sentence.")
    def reason(self, info: Info, locale: InLanguage = None) -> str:
        return info.context.say(self.word.why, locale)


@lasting()
@strawberry.type(description="A plan that an insurer offers for the next term, as last quoted.", directives=[ENTITY])
class Plan(Node):
    node_type = "Plan"
    word: strawberry.Private[PlanWord]
    offered_by: strawberry.Private[OfferedBy]

    def node_parts(self) -> tuple[str, ...]:
        return place(self.offered_by), self.word.code

    @strawberry.field(description="Who offers it.")
    def insurer(self, info: Info) -> Insurer:
        return Insurer(manifest=info.context.host.manifests[self.word.insurer])

    @strawberry.field(description="The renewal that offers it; null for a plan of a comparison.")
    def renewal(self) -> Annotated["Renewal", strawberry.lazy("schema.renewal")] | None:
        from schema.renewal import Renewal

        return Renewal(word=self.offered_by) if isinstance(self.offered_by, RenewalWord) else None

    @strawberry.field(description="The insurer's name for it.")
    def name(self) -> str:
        return self.word.name

    @strawberry.field(description="Where the insurer puts it, from 1.")
    def position(self) -> int:
        return self.word.position

    @strawberry.field(description="Whether the insurer recommends it. Tabane recommends nothing.")
    def recommended_by_insurer(self) -> bool:
        return self.word.recommended

    @strawberry.field(description="Whether it is the present cover unchanged.")
    def same_as_current(self) -> bool:
        return self.word.same_as_current

    @strawberry.field(description="Whether covers were changed against the insurer's initial settings.")
    def customised(self) -> bool:
        return bool(self.word.changes)

    @strawberry.field(description="Whether it is the chosen one.")
    def selected(self) -> bool:
        return is_chosen(self.offered_by, self.word)

    @strawberry.field(description="Its quote has run out: quote it again before it can be chosen.")
    def needs_requote(self, info: Info) -> bool:
        return has_run_out(self.offered_by, self.word, info.context.host.now())

    @strawberry.field(description="What it costs for the whole next term.")
    def premium(self) -> Premium:
        # GraphQL reads the language's value by attribute; a Premium here is a description of it.
        return priced(self.offered_by, self.word)  # type: ignore[return-value]

    @strawberry.field(description="What it covers.")
    def coverages(self) -> list[Coverage]:
        # As above.
        return list(self.word.coverages)  # type: ignore[arg-type]

    @strawberry.field(description="When the insurer quoted it.")
    def quoted_at(self) -> datetime:
        return self.word.quoted_at

    @strawberry.field(description="Until when the quote stands, where the insurer says so.")
    def valid_until(self) -> datetime | None:
        return self.word.valid_until

    @strawberry.field(
        description="The insurer's own number of the quote, by which an agency finds it; null where there is none.",
        directives=[PERSONAL],
    )
    def reference(self) -> str | None:
        return self.word.reference

    @strawberry.field(
        description="How old the quote is. STALE when it has run out, at the latest a day after it was quoted where its"
        " insurer says no `validUntil`, or when the term would have begun; and when its insurer was asked again and did"
        " not answer anew. Not a price to count on then: quote it again."
    )
    def freshness(self, info: Info) -> Freshness:
        return age(self.offered_by, self.word, info.context.host.now())

    @strawberry.field(description="Where the offer differs from what was asked for; empty where it does not.")
    def departures(self) -> list[Departure]:
        return [Departure(word=departure) for departure in self.word.departures]

    @strawberry.field(
        description="Who may drive, and for what, at this price; null where the insurer does not say it with the plan."
    )
    def conditions(self) -> PlanConditions | None:
        # As above.
        return self.word.conditions  # type: ignore[return-value]

    @strawberry.field(
        description="The grade that it is quoted with; null where the insurer does not say it with the plan."
    )
    def grade(self) -> NonFleetGrade | None:
        # As above.
        return self.word.grade  # type: ignore[return-value]

    @strawberry.field(description="What the price rests on and nobody has checked yet.")
    def assumptions(self, info: Info, locale: InLanguage = None) -> list[str]:
        say = info.context.say
        return [say(text, locale) for text in self.word.assumptions]

    @strawberry.field(
        description="What it loses or narrows against the present contract, or may; empty where nothing is. Null where"
        " the present contract cannot be read now."
    )
    async def losses(self, info: Info) -> list[Loss] | None:
        found = await self._losses(info)
        return None if found is None else [Loss(word=loss) for loss in found]

    @strawberry.field(
        description="What to send once `losses` were read, and the plan is to be chosen nevertheless; null where there"
        " is nothing to acknowledge."
    )
    async def losses_hash(self, info: Info) -> str | None:
        return fingerprint(await self._losses(info) or ())

    async def _losses(self, info: Info) -> Sequence[LossWord] | None:
        current = await present_cover(info, self.offered_by)
        return None if current is None else losses(self.word, current)

    @strawberry.field(description="The insurer's film about it.")
    def video(self) -> PlanVideo | None:
        # As above.
        return self.word.video  # type: ignore[return-value]
