"""
What of a plan may filter and order it, and nothing else (P-11).

Neither who offers it, nor under what name or code, nor whether its insurer recommends it is in here,
so none of it can count.
"""

import math
from datetime import datetime
from typing import TypeAlias

from msgspec import Struct

from insurers.comparison import ComparedPolicy
from insurers.coverage import CoverageKind, CoverageVariant, Covered, Peril
from insurers.labels import label
from insurers.losses import losses
from insurers.money import LimitBasis, LimitKind, Yen
from insurers.plan import Plan, PremiumNature
from insurers.risk import WantedCover
from insurers.text import Text


class Quantity(Struct, frozen=True):
    """
    One thing of a plan, better the more there is: the least and the most that it may be.

    The two are one number where it is told, and as far apart as it can be where it is not.
    """

    name: Text
    least: float
    most: float

    @classmethod
    def told(cls, name: Text, value: float) -> "Quantity":
        return cls(name, value, value)

    @property
    def is_told(self) -> bool:
        return self.least == self.most

    def exceeds(self, other: "Quantity") -> bool:
        """Whether it is known to be more, for which both have to be told."""
        return self.least > other.most

    def reaches(self, other: "Quantity") -> bool:
        """Whether it is not less, as far as is told; what neither tells is no difference."""
        return self == other or self.least >= other.most


# One row stands before another only where none of its quantities may be less and one is more;
# otherwise the two cannot be ordered.
Row: TypeAlias = tuple[Quantity, ...]


class Measured(Struct, frozen=True, kw_only=True):
    """
    One plan's premium for the term in yen, and its covers in comparable terms.

    `stands` is whether the quote had not run out, and `reduced` how many of the present covers the
    plan loses, narrows, or leaves untold. Of the covers that are `unstated` nobody says whether it has them.
    """

    premium: Yen
    nature: PremiumNature
    stands: bool
    covers: tuple[WantedCover, ...]
    reduced: int
    unstated: tuple[CoverageKind, ...] = ()

    @classmethod
    def of(cls, plan: Plan, policy: ComparedPolicy, at: datetime) -> "Measured":
        """Measure what would come in the place of *policy*, as it is at that moment."""
        return cls(
            premium=plan.premium.total,
            nature=plan.premium.nature,
            stands=at < policy.stands_until(plan),
            covers=tuple(WantedCover.of(cover) for cover in plan.coverages if cover.included),
            reduced=len(losses(plan, policy.current)),
            unstated=tuple(cover.kind for cover in plan.coverages if not cover.stated),
        )

    def cover(self, kind: CoverageKind) -> WantedCover | None:
        """Answer the cover that is had, and None where a plan only names it."""
        found = next((cover for cover in self.covers if cover.kind is kind), None)
        nothing = found and found.limit and found.limit.kind is LimitKind.NOT_COVERED
        return None if nothing else found


def premium(plan: Measured) -> Row:
    return (Quantity.told(Text("保険料", "the premium"), -plan.premium.amount),)


def kept(plan: Measured) -> Row:
    return (Quantity.told(Text("現在の補償", "the present covers"), -plan.reduced),)


# What an insurer puts under OTHER is what it has no word for, and each has other words.
NAMED = tuple(peril for peril in Peril if peril is not Peril.OTHER)

_COVERED = {Covered.NO: 0, Covered.CONDITIONAL: 1, Covered.YES: 2}


def perils(plan: Measured) -> Row:
    """Answer whether there is own-damage cover, and then for each peril in `NAMED` how it is covered."""
    cover = plan.cover(CoverageKind.OWN_DAMAGE)
    if cover is None:
        return (_had(CoverageKind.OWN_DAMAGE, None), *(Quantity.told(label(peril), 0) for peril in NAMED))
    told = {part.peril: _COVERED.get(part.covered) for part in cover.perils}
    return (_had(CoverageKind.OWN_DAMAGE, cover), *(_peril(peril, told.get(peril)) for peril in NAMED))


def _peril(peril: Peril, covered: int | None) -> Quantity:
    if covered is None:
        return Quantity(label(peril), min(_COVERED.values()), max(_COVERED.values()))
    return Quantity.told(label(peril), covered)


def _had(kind: CoverageKind, cover: WantedCover | None) -> Quantity:
    return Quantity.told(label(kind), cover is not None)


def borne(plan: Measured) -> Row:
    """Answer what the customer bears when the car is damaged, the first time and from the second on."""
    cover = plan.cover(CoverageKind.OWN_DAMAGE)
    if cover is None:
        return (*(Quantity.told(_BORNE, -math.inf) for _ in range(2)), Quantity.told(_BORNE, 0))
    if cover.deductible is None:
        return (*(Quantity(_BORNE, -math.inf, 0) for _ in range(2)), Quantity(_BORNE, 0, 1))
    part = cover.deductible
    # Who bears nothing the first time anyhow is spared no less between cars.
    spared = part.car_to_car_zero or not part.first.amount
    return (
        Quantity.told(_BORNE, -part.first.amount),
        Quantity.told(_BORNE, -part.second.amount),
        Quantity.told(_BORNE, spared),
    )


_BORNE = Text("自己負担額", "what is to be borne")

# What is owed to others after an accident.
TO_OTHERS = (CoverageKind.BODILY_INJURY_LIABILITY, CoverageKind.PROPERTY_DAMAGE_LIABILITY)


def liability(plan: Measured) -> Row:
    return tuple(quantity for kind in TO_OTHERS for quantity in reach(plan, kind))


def personal_injury(plan: Measured) -> Row:
    cover = plan.cover(CoverageKind.PERSONAL_INJURY)
    untold = cover is not None and cover.variant in (None, CoverageVariant.UNKNOWN)
    outside = cover is not None and cover.variant is CoverageVariant.ALSO_OUTSIDE
    return (*reach(plan, CoverageKind.PERSONAL_INJURY), Quantity(_OUTSIDE, outside, untold or outside))


_OUTSIDE = Text("車の外の事故を対象とするか", "whether accidents outside the car are covered")


def reach(plan: Measured, kind: CoverageKind) -> Row:
    """
    Say whether a cover is had, and how far it reaches: for each person, for an accident, and for a day.

    Limits of two of these cannot be ordered, so either is nothing of the other.
    """
    cover, name = plan.cover(kind), label(kind)
    words = Text(f"{name.ja}の補償額", f"how much is paid: {name.en}")
    return (_had(kind, cover), *(Quantity(words, *_span(cover, basis)) for basis in LimitBasis))


def _span(cover: WantedCover | None, basis: LimitBasis) -> tuple[float, float]:
    if cover is None:
        return 0, 0
    limit = cover.limit
    if limit is not None and limit.kind is LimitKind.UNLIMITED:
        return math.inf, math.inf
    if limit is None or limit.amount is None:
        return 0, math.inf
    amount = float(limit.amount.amount) if limit.basis is basis else 0.0
    return amount, amount
