"""Covers in comparable terms, with the insurer's own words beside them."""

from enum import StrEnum

from msgspec import Struct

from insurers.money import Deductible, Limit


class CoverageKind(StrEnum):
    """The vocabulary to which every insurer's covers are mapped (domain 2.5)."""

    BODILY_INJURY_LIABILITY = "bodily_injury_liability"  # 対人賠償
    PROPERTY_DAMAGE_LIABILITY = "property_damage_liability"  # 対物賠償
    PD_REPAIR_EXCESS = "pd_repair_excess"  # 対物超過修理費用
    PERSONAL_INJURY = "personal_injury"  # 人身傷害
    PASSENGER_INJURY = "passenger_injury"  # 搭乗者傷害
    OWN_DAMAGE = "own_damage"  # 車両保険
    LAWYER_COST = "lawyer_cost"  # 弁護士費用
    PERSONAL_LIABILITY = "personal_liability"  # 個人賠償・日常生活賠償
    FAMILY_BIKE = "family_bike"  # ファミリーバイク
    ROAD_ASSISTANCE = "road_assistance"  # ロードサービス
    RENTAL_CAR = "rental_car"  # 代車・レンタカー費用
    AUTO_RENEWAL_RIDER = "auto_renewal_rider"  # 自動更新: without a word, the contract is renewed at maturity
    LATE_RENEWAL_RIDER = "late_renewal_rider"  # 継続うっかり: after maturity it may still be renewed as if at it
    OTHER = "other"


# What binds an insurer in the renewal of its own contract, and nobody else could quote.
RENEWAL_RIDERS = frozenset({CoverageKind.AUTO_RENEWAL_RIDER, CoverageKind.LATE_RENEWAL_RIDER})


class CoverageVariant(StrEnum):
    """Which type of a cover it is, where a cover is sold in types (domain 2.5)."""

    IN_CAR_ONLY = "in_car_only"  # 人身傷害: 車内のみ
    ALSO_OUTSIDE = "also_outside"  # 人身傷害: 車内・車外
    FULL = "full"  # 車両保険: 一般. No measure between insurers: the perils are.
    LIMITED = "limited"  # 車両保険: 限定. No measure between insurers: the perils are.
    MOTOR_ONLY = "motor_only"  # 弁護士費用: 自動車事故
    MOTOR_AND_DAILY = "motor_and_daily"  # 弁護士費用: 自動車・日常生活事故
    PERSONAL_INJURY_TYPE = "personal_injury_type"  # ファミリーバイク: 人身傷害型
    OWN_ACCIDENT_TYPE = "own_accident_type"  # ファミリーバイク: 自損傷害型
    UNKNOWN = "unknown"


class Peril(StrEnum):
    """What can happen to a car, as own-damage cover tells it apart."""

    COLLISION_WITH_CAR = "collision_with_car"
    COLLISION_UNIDENTIFIED = "collision_unidentified"
    COLLISION_WITH_OBJECT = "collision_with_object"
    ROLLOVER = "rollover"
    FIRE = "fire"
    THEFT = "theft"
    STORM_FLOOD = "storm_flood"
    VANDALISM = "vandalism"
    FLYING_OBJECT = "flying_object"
    OTHER = "other"


class Covered(StrEnum):
    """Whether one peril is covered."""

    YES = "yes"
    NO = "no"
    CONDITIONAL = "conditional"
    UNKNOWN = "unknown"


class PerilCover(Struct, frozen=True, kw_only=True, gc=False):
    """One peril of own-damage cover. Labels of two insurers are not comparable; perils are."""

    peril: Peril
    covered: Covered
    note: str | None = None


class CoverageOption(Struct, frozen=True, kw_only=True, gc=False):
    """One way in which this cover can be had; `value` is what a change names."""

    value: str
    label: str
    selected: bool = False


class CoverageChange(Struct, frozen=True, kw_only=True, gc=False):
    """A wish for one cover: the `value` of one of its options."""

    kind: CoverageKind
    option: str


class Coverage(Struct, frozen=True, kw_only=True, gc=False):
    """
    One cover of a plan or policy.

    `insurer_label` is the insurer's name for it. Where it is not `stated` whether the contract has it,
    it is not `included` and may be had all the same. `insurer_variant` is its type in the insurer's
    words, and `variant` what that means, UNKNOWN where no table says; a cover without types has
    neither. A `deductible` of nothing says that the customer bears nothing; None, that nobody said.
    `options` are empty where nothing can be chosen. `perils` stand only with own-damage cover.
    """

    kind: CoverageKind
    insurer_label: str
    included: bool
    variant: CoverageVariant | None = None
    insurer_variant: str | None = None
    limit: Limit | None = None
    deductible: Deductible | None = None
    perils: tuple[PerilCover, ...] = ()
    note: str | None = None
    options: tuple[CoverageOption, ...] = ()
    stated: bool = True
