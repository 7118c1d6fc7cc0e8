"""What Sompo sells of each cover, in comparable terms (WIRE.md §5.4, §9.2)."""

from collections.abc import Mapping

from msgspec import Struct

from insurers.coverage import CoverageKind, CoverageVariant, Covered, Peril
from insurers.money import NOTHING_BORNE, Deductible, Limit, LimitKind, Yen

_K, _V = CoverageKind, CoverageVariant


class Sold(Struct, frozen=True, kw_only=True):
    """One option of a cover (SENTAKU_CD). What is None does not tell it from the others."""

    code: str
    variant: CoverageVariant | None = None
    limit: Limit | None = None
    deductible: Deductible | None = None


# TAISYO_CD under 一般条件, and under 車対車・限定危険, §5.4.
FULL = dict.fromkeys(Peril, Covered.YES)
LIMITED = {
    **dict.fromkeys(Peril, Covered.NO),
    Peril.COLLISION_WITH_CAR: Covered.CONDITIONAL,
    **dict.fromkeys(
        (Peril.FIRE, Peril.THEFT, Peril.STORM_FLOOD, Peril.VANDALISM, Peril.FLYING_OBJECT),
        Covered.YES,
    ),
}
PERILS: Mapping[CoverageVariant, Mapping[Peril, Covered]] = {_V.FULL: FULL, _V.LIMITED: LIMITED}

_MAN = 10_000
_UNLIMITED = Limit(kind=LimitKind.UNLIMITED)


def _sum(man: int) -> Limit:
    return Limit(kind=LimitKind.AMOUNT, amount=Yen(man * _MAN))


def _borne(first: int, second: int, *, car_to_car_zero: bool = False) -> Deductible:
    return Deductible(first=Yen(first * _MAN), second=Yen(second * _MAN), car_to_car_zero=car_to_car_zero)


def _injury(code: str, variant: CoverageVariant, limit: Limit) -> Sold:
    return Sold(code=code, variant=variant, limit=limit)


def _own_damage(code: str, variant: CoverageVariant, first: int, *, car_to_car_zero: bool = False) -> Sold:
    return Sold(code=code, variant=variant, deductible=_borne(first, 10, car_to_car_zero=car_to_car_zero))


# The options that may be wanted, from the narrowest on; 00 付帯なし is none of them.
SOLD: Mapping[CoverageKind, tuple[Sold, ...]] = {
    _K.BODILY_INJURY_LIABILITY: (Sold(code="01", limit=_UNLIMITED),),
    _K.PROPERTY_DAMAGE_LIABILITY: (
        Sold(code="04", limit=_sum(2_000), deductible=NOTHING_BORNE),
        Sold(code="03", limit=_sum(5_000), deductible=NOTHING_BORNE),
        Sold(code="02", limit=_UNLIMITED, deductible=_borne(5, 5)),
        Sold(code="01", limit=_UNLIMITED, deductible=NOTHING_BORNE),
    ),
    _K.PD_REPAIR_EXCESS: (Sold(code="01", limit=_sum(50)),),
    _K.PERSONAL_INJURY: (
        _injury("01", _V.IN_CAR_ONLY, _sum(3_000)),
        _injury("02", _V.IN_CAR_ONLY, _sum(5_000)),
        _injury("03", _V.IN_CAR_ONLY, _UNLIMITED),
        _injury("11", _V.ALSO_OUTSIDE, _sum(3_000)),
        _injury("12", _V.ALSO_OUTSIDE, _sum(5_000)),
        _injury("13", _V.ALSO_OUTSIDE, _UNLIMITED),
    ),
    _K.PASSENGER_INJURY: (Sold(code="01", limit=_sum(10)),),
    _K.OWN_DAMAGE: (
        _own_damage("22", _V.LIMITED, 10),
        _own_damage("21", _V.LIMITED, 5),
        _own_damage("20", _V.LIMITED, 0),
        _own_damage("12", _V.FULL, 10),
        _own_damage("11", _V.FULL, 5),
        _own_damage("13", _V.FULL, 5, car_to_car_zero=True),
        _own_damage("10", _V.FULL, 0),
    ),
    _K.LAWYER_COST: (Sold(code="01", variant=_V.MOTOR_ONLY), Sold(code="02", variant=_V.MOTOR_AND_DAILY)),
    _K.PERSONAL_LIABILITY: (Sold(code="01", limit=_UNLIMITED),),
    _K.FAMILY_BIKE: (
        Sold(code="02", variant=_V.OWN_ACCIDENT_TYPE),
        Sold(code="01", variant=_V.PERSONAL_INJURY_TYPE),
    ),
    _K.ROAD_ASSISTANCE: (Sold(code="01"),),
    _K.RENTAL_CAR: (
        Sold(code="01", limit=Limit(kind=LimitKind.AMOUNT, amount=Yen(5_000))),
        Sold(code="02", limit=Limit(kind=LimitKind.AMOUNT, amount=Yen(7_000))),
    ),
}
