"""A risk in our words: what an insurer must know to quote for a car that another one insures today."""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from enum import StrEnum

import msgspec
from msgspec import Struct

from insurers.coverage import RENEWAL_RIDERS, Coverage, CoverageChange, CoverageKind, CoverageVariant, PerilCover
from insurers.identity import PlanCode
from insurers.money import Deductible, Limit, LimitKind
from insurers.person import Private
from insurers.policy import Policy
from insurers.vehicle import AgeCondition, DriverLimitation, LicenceColour, NonFleetGrade, UsePurpose, VehicleKind


class DataCategory(StrEnum):
    """A kind of data of one insurer's contract. A consent names those that may go to another (domain 4.2, row 7)."""

    TERM = "term"  # 保険期間
    VEHICLE = "vehicle"  # お車
    USE = "use"  # 使用目的
    DRIVERS = "drivers"  # 運転者の範囲
    LICENCE = "licence"  # 免許証の色
    GRADE = "grade"  # 等級
    COVERAGES = "coverages"  # ご希望の補償
    GROUP_SCHEME = "group_scheme"  # 団体


class RatedVehicle(Private, frozen=True, kw_only=True):
    """
    What rates a car. Neither its plate nor its chassis number is in it: a quote needs no owner.

    `model` is the type designation (型式), by which insurers know rating class and value.
    """

    name: str
    model: str
    first_registered: date | None
    kind: VehicleKind


class RatedDrivers(Private, frozen=True, kw_only=True):
    """Who is to drive, and the birth date of the youngest where it is known."""

    limitation: DriverLimitation
    age_condition: AgeCondition
    youngest_birth_date: date | None = None


class WantedCover(Struct, frozen=True, kw_only=True):
    """One cover that is wanted, in comparable terms and without anybody's label or code."""

    kind: CoverageKind
    variant: CoverageVariant | None = None
    limit: Limit | None = None
    deductible: Deductible | None = None
    perils: tuple[PerilCover, ...] = ()

    @classmethod
    def of(cls, cover: Coverage) -> "WantedCover":
        return cls(
            kind=cover.kind,
            variant=cover.variant,
            limit=cover.limit,
            deductible=cover.deductible,
            perils=tuple(msgspec.structs.replace(part, note=None) for part in cover.perils),
        )


class RatedGroup(Private, frozen=True, kw_only=True):
    """A payroll scheme (団体扱), by the name under which others may handle it; whose it is, is not told."""

    name: str


# A cover of no common kind has only its insurer's name, by which nobody else could quote it.
NOT_TO_BE_WANTED = RENEWAL_RIDERS | {CoverageKind.OTHER}


class Risk(Private, frozen=True, kw_only=True):
    """
    A car that is to be insured from `inception` on: when its present term ends, or later where that has ended.

    `maturity` is when that term ends. `grade` is its grade: the insurer that quotes carries it over.
    `group` is the payroll scheme (団体扱) through which the present premium is collected. `coverages`
    are those wanted, and what is not among them is not wanted. A part of which nobody agreed that it be told is None.
    """

    inception: datetime | None = None
    maturity: datetime | None = None
    vehicle: RatedVehicle | None = None
    use: UsePurpose | None = None
    drivers: RatedDrivers | None = None
    licence_colour: LicenceColour | None = None
    grade: NonFleetGrade | None = None
    coverages: tuple[WantedCover, ...] | None = None
    group: RatedGroup | None = None

    @classmethod
    def of(cls, policy: Policy, *, inception: datetime | None = None) -> "Risk":
        """Read the risk from the contract that covers it today, whose end is the *inception* unless that is told."""
        car, scope = policy.vehicle, policy.driver_scope
        return cls(
            inception=inception or policy.ends_at,
            maturity=policy.ends_at,
            vehicle=RatedVehicle(name=car.name, model=car.model, first_registered=car.first_registered, kind=car.kind)
            if car and car.model
            else None,
            use=car.use if car else None,
            drivers=RatedDrivers(
                limitation=scope.limitation,
                age_condition=scope.age_condition,
                youngest_birth_date=scope.youngest_driver_birth_date,
            )
            if scope
            else None,
            licence_colour=scope.licence_colour if scope else None,
            grade=policy.grade,
            coverages=tuple(
                _wanted(cover) for cover in policy.coverages if cover.included and cover.kind not in NOT_TO_BE_WANTED
            ),
            group=RatedGroup(name=policy.group_scheme.name) if policy.group_scheme else None,
        )

    @property
    def categories(self) -> frozenset[DataCategory]:
        """The kinds of data that are in it."""
        return frozenset(category for category, names in FIELDS.items() if any(self._told(name) for name in names))

    def only(self, categories: Collection[DataCategory]) -> "Risk":
        """Answer what may be told to somebody who may know no more than *categories*."""
        hidden = {name: None for category, names in FIELDS.items() if category not in categories for name in names}
        return msgspec.structs.replace(self, **hidden)

    def _told(self, name: str) -> bool:
        return getattr(self, name) is not None


def _wanted(cover: Coverage) -> WantedCover:
    """Leave out what nobody can ask another insurer for: what a car is worth to this one, and its limit abroad."""
    wanted, limit = WantedCover.of(cover), cover.limit
    if limit is None:
        return wanted
    amount = None if limit.kind is LimitKind.ACTUAL_VALUE else limit.amount
    return msgspec.structs.replace(wanted, limit=msgspec.structs.replace(limit, amount=amount, abroad=None))


FIELDS: Mapping[DataCategory, tuple[str, ...]] = {
    DataCategory.TERM: ("inception", "maturity"),
    DataCategory.VEHICLE: ("vehicle",),
    DataCategory.USE: ("use",),
    DataCategory.DRIVERS: ("drivers",),
    DataCategory.LICENCE: ("licence_colour",),
    DataCategory.GRADE: ("grade",),
    DataCategory.COVERAGES: ("coverages",),
    DataCategory.GROUP_SCHEME: ("group",),
}


class RiskQuery(Struct, frozen=True, kw_only=True):
    """
    What to quote for a car that another insurer covers today.

    Without `plan`: everything the insurer would offer for the risk. With it: that one plan, with
    `changes` applied to what it was first offered with; they are the whole difference, as in a `PlanQuery`.
    """

    risk: Risk
    plan: PlanCode | None = None
    changes: tuple[CoverageChange, ...] = ()
