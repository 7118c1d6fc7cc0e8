"""Covers and money. These types read the common language's values as they are, by attribute."""

import strawberry

from insurers import labels
from insurers.coverage import CoverageKind, CoverageVariant, Covered, Peril
from insurers.money import LimitBasis, LimitKind, Yen
from schema import enums as enums
from schema.arguments import InLanguage
from schema.context import Info
from schema.lasting import lasting


@lasting()
@strawberry.type(description="How far a cover goes (保険金額).")
class CoverageLimit:
    kind: LimitKind = strawberry.field(description="Whether it is an amount at all.")
    amount: Yen | None = strawberry.field(description="The most that is paid, where it is an amount.")
    per_person: bool = strawberry.field(description="Whether the amount is for each person.")
    basis: LimitBasis = strawberry.field(description="For whom, or for how long, it is the most that is paid.")
    abroad: Yen | None = strawberry.field(
        description="The most that is paid for what happens abroad; null where the insurer draws no such line."
    )

    @strawberry.field(description="Whether there is no upper end (無制限).")
    def unlimited(self) -> bool:
        return self.kind is LimitKind.UNLIMITED


@lasting()
@strawberry.type(description="What the customer bears (免責金額), in yen.")
class Deductible:
    first: Yen = strawberry.field(description="The first time in a term.")
    second: Yen = strawberry.field(description="From the second time on.")
    car_to_car_zero: bool = strawberry.field(description="Nothing when another car did it (車対車免ゼロ).")


@lasting()
@strawberry.type(description="One peril of own-damage cover.")
class PerilCover:
    peril: Peril = strawberry.field(description="What happens to the car.")
    covered: Covered = strawberry.field(description="Whether it is covered.")
    note: str | None = strawberry.field(description="On what condition, in the insurer's words.")


@lasting()
@strawberry.type(description="One way in which a cover can be had.")
class CoverageOption:
    value: str = strawberry.field(description="Pass it as `option` of a change (`CoverageChangeInput`).")
    label: str = strawberry.field(description="In the insurer's words.")
    selected: bool = strawberry.field(description="Whether this plan has it so.")


@lasting()
@strawberry.type(description="One cover in comparable terms, with the insurer's own words beside it.")
class Coverage:
    kind: strawberry.Private[CoverageKind]
    insurer_label: str = strawberry.field(description="The insurer's name for it.")
    included: bool = strawberry.field(description="Whether this plan has it.")
    stated: bool = strawberry.field(
        description="Whether the insurer says at all if the contract has it; where not, `included` is false, and it may"
        " be there all the same."
    )
    variant: CoverageVariant | None = strawberry.field(description="Its type; null where it is not sold in types.")
    insurer_variant: str | None = strawberry.field(description="Its type, in the insurer's words.")
    limit: CoverageLimit | None = strawberry.field(description="How far it goes; null where not stated.")
    deductible: Deductible | None = strawberry.field(
        description="What the customer bears, 0 and 0 where nothing; null where not stated."
    )
    perils: list[PerilCover] = strawberry.field(
        description="For own-damage cover, peril by peril. Labels of two insurers are not comparable; perils are."
    )
    note: str | None = strawberry.field(description="What else the insurer says about it.")
    options: list[CoverageOption] = strawberry.field(
        description="How it can be had in this plan; empty where nothing can be chosen."
    )

    @strawberry.field(description="What it is, in the vocabulary that all insurers map to.")
    def key(self) -> CoverageKind:
        return self.kind

    @strawberry.field(description="`key` in words, which are the same for all insurers.")
    def label(self, info: Info, locale: InLanguage = None) -> str:
        return info.context.say(labels.label(self.kind), locale)
