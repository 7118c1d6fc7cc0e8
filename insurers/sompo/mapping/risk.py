"""A risk in our words, as the fields in which Sompo wants to hear of it (WIRE.md §13.1)."""

import unicodedata

from insurers.errors import ErrorCode, Rejected
from insurers.risk import RatedDrivers, RatedGroup, RatedVehicle, Risk
from insurers.sompo.code import CODE
from insurers.sompo.mapping.characters import CODEC, folded
from insurers.sompo.mapping.wish import wishes
from insurers.sompo.wire.notation import TOKYO, era_ym, era_ymd, ymd
from insurers.vehicle import (
    AgeCondition,
    DriverLimitation,
    LicenceColour,
    NonFleetGrade,
    UsePurpose,
    VehicleKind,
)

Fields = list[tuple[str, str]]

# What nobody knows is asked for as the widest there is: whoever may drive today must be able to tomorrow.
LIMITATIONS = {
    DriverLimitation.NONE: "00",
    DriverLimitation.FAMILY: "10",
    DriverLimitation.SELF_AND_SPOUSE: "20",
    DriverLimitation.SELF_ONLY: "30",
    DriverLimitation.UNKNOWN: "00",
}
AGES = {
    AgeCondition.ALL_AGES: "00",
    AgeCondition.AGE_21_PLUS: "21",
    AgeCondition.AGE_26_PLUS: "26",
    # Abolished for new contracts (J13).
    AgeCondition.AGE_30_PLUS: "26",
    AgeCondition.AGE_35_PLUS: "35",
    AgeCondition.UNKNOWN: "00",
}
USES = {
    UsePurpose.DAILY_LEISURE: "10",
    UsePurpose.COMMUTE_SCHOOL: "20",
    UsePurpose.BUSINESS: "30",
    UsePurpose.UNKNOWN: "30",
}
COLOURS = {LicenceColour.GOLD: "10", LicenceColour.BLUE: "20", LicenceColour.GREEN: "30", None: ""}
KINDS = {VehicleKind.ORDINARY: "01", VehicleKind.SMALL: "02", VehicleKind.KEI: "03", VehicleKind.UNKNOWN: ""}


def fields(risk: Risk) -> Fields:
    """
    Write all fields but the plan's. A part that may not be told is sent empty.

    Raises:
        Rejected: a part is missing without which nothing is quoted.
    """
    if risk.inception is None or risk.vehicle is None or risk.use is None or risk.drivers is None:
        raise _missing()
    inception = ymd(risk.inception.astimezone(TOKYO).date())
    return [
        ("SIKI_YMD", inception),
        *_car(risk.vehicle),
        ("SIYOU_CD", USES[risk.use]),
        *_drivers(risk.drivers),
        ("MENKYO_IRO_CD", COLOURS[risk.licence_colour]),
        *_grade(risk.grade, ymd((risk.maturity or risk.inception).astimezone(TOKYO).date())),
        *_group(risk.group),
    ]


def wanted(risk: Risk) -> Fields:
    """
    Answer HOSYOU_CD and SENTAKU_CD of every cover that is wanted and has a code here.

    Raises:
        Rejected: nobody said what is wanted.
    """
    if risk.coverages is None:
        raise _missing()
    return wishes(risk.coverages)


def _missing() -> Rejected:
    return Rejected(CODE, code=ErrorCode.INPUT_REFUSED)


def _car(car: RatedVehicle) -> Fields:
    return [
        ("KATASIKI", unicodedata.normalize("NFKC", car.model).strip()),
        ("SYAMEI", _if_writable(car.name)),
        ("SYODO_YM", era_ym(car.first_registered) if car.first_registered else ""),
        ("YOTO_SYASYU_CD", KINDS[car.kind]),
    ]


def _drivers(drivers: RatedDrivers) -> Fields:
    youngest = drivers.youngest_birth_date
    return [
        ("GENTEI_CD", LIMITATIONS[drivers.limitation]),
        ("NENREI_CD", AGES[drivers.age_condition]),
        ("SAIJYAKUNEN_YMD", era_ymd(youngest) if youngest else ""),
    ]


def _grade(grade: NonFleetGrade | None, maturity: str) -> Fields:
    return [
        ("ZEN_TOUKYU", str(grade.grade) if grade else ""),
        ("ZEN_JIKOYU_NEN", str(grade.accident_term) if grade else ""),
        ("ZEN_MANKI_YMD", maturity if grade else ""),
    ]


def _group(group: RatedGroup | None) -> Fields:
    """Codes are each insurer's own; between insurers a group is known by its name."""
    return [("DANTAI_CD", ""), ("DANTAI_MEI", _if_writable(group.name) if group else "")]


def _if_writable(text: str) -> str:
    """A name of which a character does not travel (§1.10) is none that Sompo knows, and the quote needs none."""
    written = folded(text)
    try:
        written.encode(CODEC)
    except UnicodeEncodeError:
        return ""
    return written
