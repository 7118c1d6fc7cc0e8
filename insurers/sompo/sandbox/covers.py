"""The covers that are sold, what may be chosen of each, and what each choice weighs (WIRE.md §9.2)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import IntEnum

NOT_TAKEN = "00"

# GENDO_CD and GENDO_TANI, §5.3.
NOT_STATED, AMOUNT, UNLIMITED, AGREED_VALUE = "00", "10", "20", "30"
NEITHER, PER_PERSON, PER_ACCIDENT, PER_DAY = "00", "10", "20", "30"

PROPERTY, INJURY, TREATMENT, OWN_DAMAGE, LAWYER, LIABILITY = "12", "21", "22", "31", "41", "42"
ROADSIDE, RENTAL, SAFE_RENEWAL, LATE_RENEWAL = "51", "52", "90", "91"

FULL, CAR_TO_CAR = "一般条件", "車対車・限定危険"
IN_CAR, ALSO_OUTSIDE = "車内のみ補償型", "車内・車外補償型"
MOTOR, MOTOR_AND_DAILY = "自動車事故限定型", "日常生活・自動車事故型"
BODILY_BIKE, SELF_BIKE = "人身傷害型", "自損傷害型"


class Class(IntEnum):
    """The place of each class among a car's four rating classes (型式別料率クラス)."""

    BODILY = 0
    PROPERTY = 1
    INJURY = 2
    VEHICLE = 3


@dataclass(frozen=True)
class Option:
    """One way to have a cover. `deductible` in yen: at the first accident, and at later ones."""

    code: str
    name: str
    points: int
    kind: str = ""
    limit: str = NOT_STATED
    amount: int | None = None
    per: str = NEITHER
    deductible: tuple[int, int] | None = None
    note: str = ""
    car_to_car_zero: bool = False


@dataclass(frozen=True)
class Cover:
    """A cover and its options. One without a class has fixed points."""

    code: str
    name: str
    rated_by: Class | None
    options: Mapping[str, Option]


def _cover(code: str, name: str, rated_by: Class | None, *options: Option) -> Cover:
    return Cover(code, name, rated_by, {option.code: option for option in options})


def _property(code: str, name: str, points: int, amount: int | None, excess: int = 0) -> Option:
    limit = UNLIMITED if amount is None else AMOUNT
    return Option(code, name, points, "", limit, amount, PER_ACCIDENT, (excess, excess))


def _injury(code: str, kind: str, label: str, points: int, amount: int | None) -> Option:
    limit = UNLIMITED if amount is None else AMOUNT
    return Option(code, f"{kind} {label}", points, kind, limit, amount, PER_PERSON)


def _own_damage(code: str, kind: str, label: str, points: int, first: int, second: int) -> Option:
    return Option(code, f"{kind} 免責{label}", points, kind, AGREED_VALUE, None, PER_ACCIDENT, (first, second))


def _lawyer(code: str, kind: str, points: int) -> Option:
    return Option(code, kind, points, kind, AMOUNT, 3_000_000, PER_PERSON)


NONE = Option(NOT_TAKEN, "付帯なし", 0)

_ALL = (
    _cover("11", "対人賠償責任保険", Class.BODILY, Option("01", "無制限", 900, "", UNLIMITED, None, PER_PERSON)),
    _cover(
        PROPERTY,
        "対物賠償責任保険",
        Class.PROPERTY,
        _property("01", "無制限 免責なし", 700, None),
        _property("02", "無制限 免責5万円", 670, None, 50_000),
        _property("03", "5,000万円 免責なし", 660, 50_000_000),
        _property("04", "2,000万円 免責なし", 610, 20_000_000),
    ),
    _cover(
        "13",
        "対物全損時修理差額費用特約",
        Class.PROPERTY,
        Option("01", "50万円", 40, "", AMOUNT, 500_000, PER_ACCIDENT, None, "対物賠償責任保険に自動付帯"),
    ),
    _cover(
        INJURY,
        "人身傷害保険",
        Class.INJURY,
        _injury("01", IN_CAR, "3,000万円", 420, 30_000_000),
        _injury("02", IN_CAR, "5,000万円", 460, 50_000_000),
        _injury("03", IN_CAR, "無制限", 560, None),
        _injury("11", ALSO_OUTSIDE, "3,000万円", 520, 30_000_000),
        _injury("12", ALSO_OUTSIDE, "5,000万円", 570, 50_000_000),
        _injury("13", ALSO_OUTSIDE, "無制限", 690, None),
    ),
    _cover(
        TREATMENT,
        "入通院定額給付金",
        Class.INJURY,
        NONE,
        Option("01", "10万円", 110, "", AMOUNT, 100_000, PER_PERSON, None, "入通院5日以上の場合"),
    ),
    _cover(
        OWN_DAMAGE,
        "車両保険",
        Class.VEHICLE,
        NONE,
        _own_damage("10", FULL, "0-10万円", 62, 0, 100_000),
        _own_damage("11", FULL, "5-10万円", 54, 50_000, 100_000),
        _own_damage("12", FULL, "10-10万円", 47, 100_000, 100_000),
        replace(_own_damage("13", FULL, "5-10万円 車対車免ゼロ", 58, 50_000, 100_000), car_to_car_zero=True),
        _own_damage("20", CAR_TO_CAR, "0-10万円", 33, 0, 100_000),
        _own_damage("21", CAR_TO_CAR, "5-10万円", 29, 50_000, 100_000),
        _own_damage("22", CAR_TO_CAR, "10-10万円", 25, 100_000, 100_000),
    ),
    _cover(LAWYER, "弁護士費用特約", None, NONE, _lawyer("01", MOTOR, 120), _lawyer("02", MOTOR_AND_DAILY, 260)),
    _cover(
        LIABILITY,
        "個人賠償責任特約",
        None,
        NONE,
        Option("01", "国内無制限・国外1億円", 170, "", UNLIMITED, None, PER_ACCIDENT, None, "国外は1億円まで"),
    ),
    _cover(
        "43",
        "ファミリーバイク特約",
        None,
        NONE,
        Option("01", BODILY_BIKE, 900, BODILY_BIKE),
        Option("02", SELF_BIKE, 480, SELF_BIKE),
    ),
    _cover(ROADSIDE, "ロードアシスタンス特約", None, NONE, Option("01", "付帯する", 80)),
    _cover(
        RENTAL,
        "代車等諸費用特約",
        None,
        NONE,
        Option("01", "日額5,000円", 240, "", AMOUNT, 5_000, PER_DAY),
        Option("02", "日額7,000円", 330, "", AMOUNT, 7_000, PER_DAY),
    ),
    _cover(SAFE_RENEWAL, "安心更新サポート特約", None, NONE, Option("01", "付帯する", 0)),
    _cover(LATE_RENEWAL, "継続うっかり特約", None, Option("01", "自動付帯", 0)),
)
COVERS: Mapping[str, Cover] = {cover.code: cover for cover in _ALL}
