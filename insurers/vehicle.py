"""The insured car, who may drive it, and the grade it has earned."""

from datetime import date
from enum import StrEnum

from msgspec import Struct

from insurers.person import Private


class UsePurpose(StrEnum):
    """What the car is used for (使用目的)."""

    DAILY_LEISURE = "daily_leisure"  # 日常・レジャー
    COMMUTE_SCHOOL = "commute_school"  # 通勤・通学
    BUSINESS = "business"  # 業務
    UNKNOWN = "unknown"


class DriverLimitation(StrEnum):
    """Who may drive (運転者限定)."""

    NONE = "none"
    FAMILY = "family"
    SELF_AND_SPOUSE = "self_and_spouse"
    SELF_ONLY = "self_only"
    UNKNOWN = "unknown"


class AgeCondition(StrEnum):
    """From which age one may drive (運転者年齢条件)."""

    ALL_AGES = "all_ages"
    AGE_21_PLUS = "age_21_plus"
    AGE_26_PLUS = "age_26_plus"
    AGE_30_PLUS = "age_30_plus"
    AGE_35_PLUS = "age_35_plus"
    UNKNOWN = "unknown"


class LicenceColour(StrEnum):
    """Colour of the named insured's driving licence (免許証の色)."""

    GOLD = "gold"
    BLUE = "blue"
    GREEN = "green"


class VehicleKind(StrEnum):
    """The kind of a private car (用途車種)."""

    ORDINARY = "ordinary"  # 自家用普通乗用車
    SMALL = "small"  # 自家用小型乗用車
    KEI = "kei"  # 自家用軽四輪乗用車
    UNKNOWN = "unknown"


class Vehicle(Private, frozen=True, kw_only=True, gc=False):
    """
    The insured car (ご契約のお車).

    `model` is its type designation (型式), by which every insurer rates it. `insurer_use` is the
    insurer's own word for the use.
    """

    name: str
    plate: str | None = None
    model: str | None = None
    kind: VehicleKind = VehicleKind.UNKNOWN
    first_registered: date | None = None
    use: UsePurpose = UsePurpose.UNKNOWN
    insurer_use: str | None = None


class DriverScope(Private, frozen=True, kw_only=True, gc=False):
    """Who may drive the car (運転者の範囲), with the insurer's own words beside it."""

    limitation: DriverLimitation
    age_condition: AgeCondition
    insurer_limitation: str
    insurer_age_condition: str
    youngest_driver_birth_date: date | None = None
    licence_colour: LicenceColour | None = None


class NonFleetGrade(Struct, frozen=True, kw_only=True, gc=False):
    """
    The no-claims class (ノンフリート等級, 1-20) and the claims-loaded period (事故有係数適用期間, 0-6 years).

    `provisional` until the old policy has ended and insurers have exchanged its record.
    """

    grade: int
    accident_term: int
    provisional: bool = False

    def __post_init__(self) -> None:
        if not (1 <= self.grade <= 20 and 0 <= self.accident_term <= 6):
            raise ValueError(f"no such grade: {self.grade} with claims-loaded period {self.accident_term}")
