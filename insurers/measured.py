"""
What of a plan may filter and order it, and nothing else (P-11).

Neither who offers it, nor under what name or code, nor whether its insurer recommends it is in here,
so none of it can count.
"""

import math
from datetime import datetime
from typing import TypeAlias

from msgspec import Struct

from insurers.coverage import CoverageKind, CoverageVariant, Covered, Peril
from insurers.losses import losses
from insurers.money import Limit, LimitKind, Yen
from insurers.plan import Plan
from insurers.risk import WantedCover

# Quantities of which each is better the more there is. One row stands before another only where
# none of its quantities is less; otherwise the two cannot be ordered.
Row: TypeAlias = tuple[float, ...]

NOT_HAD = -1.0
NOT_STATED = 0.0


class Measured(Struct, frozen=True, kw_only=True):
    """
    One plan's premium for the term in yen, its covers in comparable terms, and when it was quoted.

    `reduced` is how many of the present covers it loses, narrows, or leaves untold.
    """

    premium: Yen
    quoted_at: datetime
    covers: tuple[WantedCover, ...]
    reduced: int

    @classmethod
    def of(cls, plan: Plan, current: Plan) -> "Measured":
        return cls(
            premium=plan.premium.total,
            quoted_at=plan.quoted_at,
            covers=tuple(WantedCover.of(cover) for cover in plan.coverages if cover.included),
            reduced=len(losses(plan, current)),
        )

    def cover(self, kind: CoverageKind) -> WantedCover | None:
        return next((cover for cover in self.covers if cover.kind is kind), None)


def premium(plan: Measured) -> Row:
    return (-plan.premium.amount,)


def kept(plan: Measured) -> Row:
    return (-plan.reduced,)


def earliness(plan: Measured) -> Row:
    return (-plan.quoted_at.timestamp(),)


def perils(plan: Measured) -> Row:
    cover = plan.cover(CoverageKind.OWN_DAMAGE)
    if cover is None:
        return (NOT_HAD, *(NOT_STATED for _ in NAMED))
    covered = {part.peril: _COVERED[part.covered] for part in cover.perils}
    return (NOT_STATED, *(covered.get(peril, NOT_STATED) for peril in NAMED))


# What an insurer puts under OTHER is what it has no word for, and each has other words.
NAMED = tuple(peril for peril in Peril if peril is not Peril.OTHER)

# What is not stated is never taken for granted.
_COVERED = {Covered.YES: 2.0, Covered.CONDITIONAL: 1.0, Covered.NO: 0.0, Covered.UNKNOWN: NOT_STATED}


def borne(plan: Measured) -> Row:
    """Answer what the customer bears when the car is damaged, the first time and from the second on."""
    cover = plan.cover(CoverageKind.OWN_DAMAGE)
    if cover is None or cover.deductible is None:
        return -math.inf, -math.inf, 0.0
    part = cover.deductible
    return -part.first.amount, -part.second.amount, float(part.car_to_car_zero)


# What is owed to others after an accident.
TO_OTHERS = (CoverageKind.BODILY_INJURY_LIABILITY, CoverageKind.PROPERTY_DAMAGE_LIABILITY)


def liability(plan: Measured) -> Row:
    people, things = (reach(plan.cover(kind)) for kind in TO_OTHERS)
    return (*people, *things)


def personal_injury(plan: Measured) -> Row:
    cover = plan.cover(CoverageKind.PERSONAL_INJURY)
    outside = cover is not None and cover.variant is CoverageVariant.ALSO_OUTSIDE
    return (*reach(cover), float(outside))


def reach(cover: WantedCover | None) -> tuple[float, float]:
    """
    Say how far a cover reaches: for each person, and for an accident.

    A limit for each person and one for an accident cannot be ordered, so either is nothing of the other.
    """
    if cover is None or (cover.limit is not None and cover.limit.kind is LimitKind.NOT_COVERED):
        return NOT_HAD, NOT_HAD
    return _height(cover.limit) if cover.limit else (NOT_STATED, NOT_STATED)


def _height(limit: Limit) -> tuple[float, float]:
    if limit.kind is LimitKind.UNLIMITED:
        return math.inf, math.inf
    amount = float(limit.amount.amount) if limit.amount else NOT_STATED
    return (amount, NOT_STATED) if limit.per_person else (NOT_STATED, amount)
