"""A cover that is wanted, as the option of Sompo's that comes nearest and is not narrower (WIRE.md §9.2)."""

import math
from collections.abc import Callable, Sequence

from insurers.coverage import CoverageKind, CoverageVariant, Covered, Peril
from insurers.money import NOTHING_BORNE, Limit, LimitKind
from insurers.risk import WantedCover
from insurers.sompo.mapping.cover import CODES
from insurers.sompo.mapping.sold import FULL, PERILS, SOLD, Sold

# Of what nobody said how far it goes, the widest is wanted.
_DEGREE = {Covered.NO: 0, Covered.CONDITIONAL: 1, Covered.YES: 2, Covered.UNKNOWN: 2}

Fits = Callable[[Sold, WantedCover], bool]
Width = Callable[[Sold], float]


def wishes(wanted: Sequence[WantedCover]) -> list[tuple[str, str]]:
    """Answer HOSYOU_CD and SENTAKU_CD of every cover that is wanted and has a code here, in their order."""
    return sorted((CODES[cover.kind], nearest(cover).code) for cover in wanted if cover.kind in SOLD)


def nearest(wanted: WantedCover) -> Sold:
    """
    Answer the narrowest option that is as wide as the wish in everything.

    Where none is, what the car is covered against counts before the sum, and the sum before what the
    customer bears; in each the widest there is comes nearest.
    """
    options: Sequence[Sold] = SOLD[wanted.kind]
    for fits, width in _ASPECTS:
        options = [option for option in options if fits(option, wanted)] or _widest(options, width)
    return options[0]


def _widest(options: Sequence[Sold], width: Width) -> list[Sold]:
    most = max(width(option) for option in options)
    return [option for option in options if width(option) == most]


def _covers_as_much(option: Sold, wanted: WantedCover) -> bool:
    if wanted.kind is CoverageKind.OWN_DAMAGE:
        return _perils_fit(option, wanted)
    if option.variant is None or option.variant is wanted.variant:
        return True
    return _breadth(option) == 1 and wanted.variant not in _UNORDERED


def _perils_fit(option: Sold, wanted: WantedCover) -> bool:
    """What a type is called tells nothing between insurers: perils do, and without them everything is wanted."""
    has = _perils(option)
    need = {part.peril: part.covered for part in wanted.perils} or FULL
    return all(_DEGREE[has[peril]] >= _DEGREE[covered] for peril, covered in need.items())


def _perils(option: Sold) -> dict[Peril, Covered]:
    return dict(PERILS[option.variant]) if option.variant else {}


# The wider type of each cover that is sold in types.
_WIDER = frozenset(
    {CoverageVariant.ALSO_OUTSIDE, CoverageVariant.MOTOR_AND_DAILY, CoverageVariant.PERSONAL_INJURY_TYPE}
)
# Types of which nobody says that another one covers as much (ファミリーバイク).
_UNORDERED = frozenset({CoverageVariant.OWN_ACCIDENT_TYPE})


def _breadth(option: Sold) -> float:
    if option.variant in PERILS:
        return sum(_DEGREE[covered] for covered in _perils(option).values())
    return 1 if option.variant in _WIDER else 0


def _pays_as_much(option: Sold, wanted: WantedCover) -> bool:
    return option.limit is None or _height(option.limit) >= (_height(wanted.limit) if wanted.limit else math.inf)


def _height(limit: Limit) -> float:
    """How far a limit reaches, for ordering alone."""
    if limit.kind is LimitKind.NOT_COVERED:
        return 0
    return limit.amount.amount if limit.kind is LimitKind.AMOUNT and limit.amount else math.inf


def _bears_as_little(option: Sold, wanted: WantedCover) -> bool:
    if option.deductible is None:
        return True
    borne = wanted.deductible or NOTHING_BORNE
    # Where an option has no 車対車免ゼロ, what comes nearest is to bear nothing the first time.
    first = 0 if borne.car_to_car_zero and not option.deductible.car_to_car_zero else borne.first.amount
    return option.deductible.first.amount <= first and option.deductible.second.amount <= borne.second.amount


_ASPECTS: tuple[tuple[Fits, Width], ...] = (
    (_covers_as_much, _breadth),
    (_pays_as_much, lambda option: _height(option.limit) if option.limit else 0),
    (_bears_as_little, lambda option: -option.deductible.first.amount if option.deductible else 0),
)
