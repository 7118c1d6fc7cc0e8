"""
What is wanted for a car that another insurer covers, in this insurer's codes (WIRE.md §16).

Where it has no code for it, the next wider one is taken, and the widest where nobody says; what comes of it
is told by `departures`.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime

from insurers.coverage import CoverageKind, CoverageVariant, Covered, Peril
from insurers.hours import TOKYO
from insurers.mitsui_sumitomo.choices import DEDUCTIBLE, OWN_DAMAGE
from insurers.mitsui_sumitomo.wire import mitsumori
from insurers.money import Deductible, Limit, LimitKind
from insurers.risk import RatedDrivers, RatedVehicle, Risk, WantedCover
from insurers.vehicle import AgeCondition, DriverLimitation, LicenceColour, NonFleetGrade, UsePurpose, VehicleKind

# WIRE.md §8.3.
LIMITATION: Mapping[DriverLimitation, str] = {
    DriverLimitation.NONE: "NASHI",
    DriverLimitation.FAMILY: "KAZOKU",
    DriverLimitation.SELF_AND_SPOUSE: "FUFU",
    DriverLimitation.SELF_ONLY: "HONNIN",
    DriverLimitation.UNKNOWN: "NASHI",
}
AGE_CONDITION: Mapping[AgeCondition, str] = {
    AgeCondition.ALL_AGES: "ZENNENREI",
    AgeCondition.AGE_21_PLUS: "21SAI",
    AgeCondition.AGE_26_PLUS: "26SAI",
    AgeCondition.AGE_30_PLUS: "26SAI",
    AgeCondition.AGE_35_PLUS: "35SAI",
    AgeCondition.UNKNOWN: "ZENNENREI",
}
# There is none that is the widest, so a use that is not known is not quoted for.
USE: Mapping[UsePurpose, str] = {
    UsePurpose.DAILY_LEISURE: "NICHIJO_LEISURE",
    UsePurpose.COMMUTE_SCHOOL: "TSUKIN_TSUGAKU",
    UsePurpose.BUSINESS: "GYOMU",
}
LICENCE: Mapping[LicenceColour, str] = {
    LicenceColour.GOLD: "GOLD",
    LicenceColour.BLUE: "BLUE",
    LicenceColour.GREEN: "GREEN",
}
VEHICLE_KIND: Mapping[VehicleKind, str | None] = {
    VehicleKind.ORDINARY: "自家用普通乗用車",
    VehicleKind.SMALL: "自家用小型乗用車",
    VehicleKind.KEI: "自家用軽四輪乗用車",
    VehicleKind.UNKNOWN: None,
}

# WIRE.md §8.8: how far each choice reaches, in yen and in ascending order; the last where nothing reaches as far.
UNLIMITED = "MUSEIGEN"
PROPERTY = ((30_000_000, "3000MAN"),)
INJURY = ((30_000_000, "3000MAN"), (50_000_000, "5000MAN"), (100_000_000, "1OKU"))
RENTAL = ((5_000, "5000"),)
RENTAL_MOST = "7000"

# What the customer bears first, in yen and in descending order: the second time it is always ¥100,000.
DEDUCTIBLES = ((100_000, "10-10"), (50_000, "5-10"))
LEAST_BORNE = "0-10"

# What 10補償限定 leaves out (WIRE.md §8.4).
LEFT_OUT = frozenset({Peril.COLLISION_WITH_OBJECT, Peril.ROLLOVER})

AREA = {CoverageVariant.IN_CAR_ONLY: "SHANAI"}
LAWYER = {CoverageVariant.MOTOR_ONLY: "JIDOSHA"}
BIKE = {CoverageVariant.OWN_ACCIDENT_TYPE: "JISON"}


def kibo(risk: Risk) -> mitsumori.Kibo:
    """
    Write a risk as the insurer is told of it. What is None in it is not told.

    Raises:
        ValueError: something is missing without which there is no quote.
    """
    if not (risk.inception and risk.vehicle and risk.drivers and risk.use and risk.grade):
        raise ValueError("not enough is known of the risk")
    if risk.use not in USE:
        raise ValueError("nobody knows what the car is used for")
    ends_at = risk.maturity or risk.inception
    return mitsumori.Kibo(
        hoken_shiki=_day(risk.inception),
        okuruma=_car(risk.vehicle),
        untensha=_drivers(risk.drivers),
        shiyo_mokuteki=USE[risk.use],
        zen_keiyaku=_previous(risk.grade, _day(ends_at)),
        menkyosho_iro=LICENCE[risk.licence_colour] if risk.licence_colour else None,
        hosho=None if risk.coverages is None else dict(pair for cover in risk.coverages for pair in choices(cover)),
        dantai_mei=risk.group.name if risk.group else None,
    )


def _day(moment: datetime) -> str:
    return moment.astimezone(TOKYO).date().isoformat()


def _car(car: RatedVehicle) -> mitsumori.KiboOkuruma:
    if car.first_registered is None:
        raise ValueError("nobody knows how old the car is")
    return mitsumori.KiboOkuruma(
        katashiki=car.model,
        shamei=car.name,
        shodo_toroku=car.first_registered.strftime("%Y-%m"),
        yoto_shashu=VEHICLE_KIND[car.kind],
    )


def _drivers(drivers: RatedDrivers) -> mitsumori.KiboUntensha:
    youngest = drivers.youngest_birth_date
    return mitsumori.KiboUntensha(
        untensha_gentei=LIMITATION[drivers.limitation],
        nenrei_joken=AGE_CONDITION[drivers.age_condition],
        saijakunen_seinengappi=youngest.isoformat() if youngest else None,
    )


def _previous(grade: NonFleetGrade, ends: str) -> mitsumori.ZenKeiyaku:
    return mitsumori.ZenKeiyaku(tokyu=grade.grade, jiko_ari_kikan=grade.accident_term, manki=ends)


def choices(cover: WantedCover) -> Iterator[tuple[str, str]]:
    """Answer the choices that come nearest to a cover; none where it cannot be chosen here (WIRE.md §8.8)."""
    match cover.kind:
        case CoverageKind.PROPERTY_DAMAGE_LIABILITY:
            yield "TAIBUTSU_KINGAKU", _reaching(cover.limit, PROPERTY, UNLIMITED)
        case CoverageKind.PD_REPAIR_EXCESS:
            yield "TAIBUTSU_CHOKA", "ARI"
        case CoverageKind.PERSONAL_INJURY:
            yield "JINSHIN_KINGAKU", _reaching(cover.limit, INJURY, UNLIMITED)
            yield "JINSHIN_HANI", AREA.get(cover.variant, "SHAGAI") if cover.variant else "SHAGAI"
        case CoverageKind.PASSENGER_INJURY:
            yield "SHOGAI_ICHIJI", "ARI"
        case CoverageKind.OWN_DAMAGE:
            yield OWN_DAMAGE, _own_damage(cover)
            yield DEDUCTIBLE, _bearing(cover.deductible)
        case CoverageKind.LAWYER_COST:
            yield "BENGOSHI", LAWYER.get(cover.variant, "JIDOSHA_NICHIJO") if cover.variant else "JIDOSHA_NICHIJO"
        case CoverageKind.PERSONAL_LIABILITY:
            yield "NICHIJO_BAISHO", "ARI"
        case CoverageKind.FAMILY_BIKE:
            yield "FAMILY_BIKE", BIKE.get(cover.variant, "JINSHIN") if cover.variant else "JINSHIN"
        case CoverageKind.RENTAL_CAR:
            yield "RENTAL", _reaching(cover.limit, RENTAL, RENTAL_MOST)


def _reaching(limit: Limit | None, steps: tuple[tuple[int, str], ...], most: str) -> str:
    if limit is None or limit.kind is not LimitKind.AMOUNT or limit.amount is None:
        return most
    wanted = limit.amount.amount
    return next((code for reaches, code in steps if wanted <= reaches), most)


def _own_damage(cover: WantedCover) -> str:
    """By its perils and never by its label: what is not said to be left out is wanted."""
    unwanted = {part.peril for part in cover.perils if part.covered is Covered.NO}
    return "10GENTEI" if unwanted >= LEFT_OUT else "IPPAN"


def _bearing(deductible: Deductible | None) -> str:
    # 車対車免ゼロ is not to be had here, and wider is only to bear nothing the first time.
    if deductible is None or deductible.car_to_car_zero:
        return LEAST_BORNE
    return next((code for borne, code in DEDUCTIBLES if borne <= deductible.first.amount), LEAST_BORNE)
