"""A risk in words that no insurer has: what another one's contract may look like from here."""

import msgspec

from insurers.coverage import Coverage, CoverageKind, CoverageVariant
from insurers.money import Deductible, Limit, LimitKind, Yen
from insurers.risk import Risk, WantedCover
from insurers.vehicle import AgeCondition

replace = msgspec.structs.replace

# Sums that lie between those that insurers sell.
LIMIT = Yen(40_000_000)
DEDUCTIBLE = Deductible(first=Yen(70_000), second=Yen(100_000))

LIMITED = frozenset({CoverageKind.PROPERTY_DAMAGE_LIABILITY, CoverageKind.PERSONAL_INJURY})

# From an age between those that most insurers tell apart.
AGE = AgeCondition.AGE_30_PLUS


def strange(risk: Risk) -> Risk:
    """Answer the same risk with sums, types and an age condition that are not on anybody's list."""
    drivers = risk.drivers and replace(risk.drivers, age_condition=AGE)
    wanted = {cover.kind: _strange(cover) for cover in risk.coverages or ()}
    for kind, variant in ((CoverageKind.LAWYER_COST, CoverageVariant.UNKNOWN), (CoverageKind.OTHER, None)):
        wanted[kind] = WantedCover(kind=kind, variant=variant)
    return replace(risk, drivers=drivers, coverages=tuple(wanted.values()))


def _strange(cover: WantedCover) -> WantedCover:
    if cover.kind in LIMITED and cover.limit:
        return replace(cover, limit=Limit(kind=LimitKind.AMOUNT, amount=LIMIT, per_person=cover.limit.per_person))
    return replace(cover, deductible=DEDUCTIBLE) if cover.kind is CoverageKind.OWN_DAMAGE else cover


def as_cover(wanted: WantedCover, offered: Coverage | None) -> Coverage:
    """Read a wish as a cover. What a car is worth is for the insurer to say that would pay it."""
    value = wanted.limit is not None and wanted.limit.kind is LimitKind.ACTUAL_VALUE
    return Coverage(
        kind=wanted.kind,
        insurer_label=wanted.kind,
        included=True,
        variant=wanted.variant,
        limit=offered.limit if value and offered and offered.included else wanted.limit,
        deductible=wanted.deductible,
        perils=wanted.perils,
    )
