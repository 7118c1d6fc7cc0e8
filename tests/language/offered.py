"""Covers and plans as any insurer may offer them, drawn at random or told in few words."""

from collections.abc import Sequence
from datetime import datetime

from hypothesis import settings
from hypothesis import strategies as st
from msgspec.structs import replace

from insurers.coverage import Coverage, CoverageKind, CoverageVariant, Covered, Peril, PerilCover
from insurers.hours import TOKYO
from insurers.identity import InsurerCode, PlanCode
from insurers.matrix import Column, ConditionRow, Row, matrix
from insurers.matrix import conditions as scope
from insurers.money import NOTHING_BORNE, Deductible, Limit, LimitKind, Yen
from insurers.plan import Conditions, PaymentMethod, Plan, Premium, PremiumNature
from insurers.vehicle import AgeCondition, DriverLimitation, UsePurpose

# Whole plans take long to draw.
FEW = settings(max_examples=30)

UNLIMITED = Limit(kind=LimitKind.UNLIMITED)
NOT_COVERED = Limit(kind=LimitKind.NOT_COVERED)


def cover(kind: CoverageKind, **words: object) -> Coverage:
    """Answer a cover of which everything is told."""
    told = Coverage(
        kind=kind,
        insurer_label="補償",
        included=True,
        limit=UNLIMITED,
        deductible=NOTHING_BORNE,
        perils=perils(fire="yes") if kind is CoverageKind.OWN_DAMAGE else (),
    )
    return replace(told, **words)


def own_damage(**words: object) -> Coverage:
    return cover(CoverageKind.OWN_DAMAGE, **words)


def lawyer(variant: CoverageVariant | None, words: str | None = None, **rest: object) -> Coverage:
    return cover(CoverageKind.LAWYER_COST, variant=variant, insurer_variant=words or variant, **rest)


def liability(**words: object) -> Coverage:
    return cover(CoverageKind.PROPERTY_DAMAGE_LIABILITY, **words)


def rider(label: str, *, included: bool = True) -> Coverage:
    return Coverage(kind=CoverageKind.OTHER, insurer_label=label, included=included)


def amount(yen: int, *, per_person: bool = False, per_day: bool = False) -> Limit:
    return Limit(kind=LimitKind.AMOUNT, amount=Yen(yen), per_person=per_person, per_day=per_day)


def unlimited(*, abroad: int | None) -> Limit:
    return Limit(kind=LimitKind.UNLIMITED, abroad=None if abroad is None else Yen(abroad))


def value(yen: int) -> Limit:
    return Limit(kind=LimitKind.ACTUAL_VALUE, amount=Yen(yen))


def borne(first: int, second: int, *, car_to_car_zero: bool = False) -> Deductible:
    return Deductible(first=Yen(first), second=Yen(second), car_to_car_zero=car_to_car_zero)


def perils(**covered: str) -> tuple[PerilCover, ...]:
    return tuple(PerilCover(peril=Peril(peril), covered=Covered(word)) for peril, word in covered.items())


def conditions(limitation: DriverLimitation, age_condition: AgeCondition, use: UsePurpose) -> Conditions:
    return Conditions(
        limitation=limitation,
        age_condition=age_condition,
        use=use,
        insurer_limitation=f"{limitation}です",
        insurer_age_condition=f"{age_condition}です",
        insurer_use=f"{use}です",
    )


def offer(*coverages: Coverage, insurer: str = "paper", told: Conditions | None = None) -> Plan:
    return Plan(
        insurer=InsurerCode(insurer),
        code=PlanCode("1"),
        name="プラン1",
        position=1,
        premium=Premium(nature=PremiumNature.INDICATION, total=Yen(57_600), payment=PaymentMethod.CREDIT_CARD),
        coverages=coverages,
        quoted_at=datetime(2026, 11, 20, 10, tzinfo=TOKYO),
        conditions=told,
    )


def whole(columns: Sequence[Column]) -> list[Row | ConditionRow]:
    """Answer the matrix, and the conditions that stand beside it."""
    return [*matrix(columns), *scope(columns)]


def against(plans: Sequence[Plan], reference: Plan) -> list[Row]:
    return matrix([Column(plan, reference) for plan in plans])


ABROAD = st.sampled_from([None, None, None, Yen(1), Yen(2)])
LIMITS = st.none() | st.one_of(
    st.builds(
        Limit,
        kind=st.sampled_from([LimitKind.AMOUNT, LimitKind.ACTUAL_VALUE]),
        amount=st.builds(Yen, st.integers(0, 3)),
        per_person=st.booleans(),
        per_day=st.booleans(),
        abroad=ABROAD,
    ),
    st.builds(
        Limit,
        kind=st.sampled_from([LimitKind.UNLIMITED, LimitKind.UNKNOWN, LimitKind.ACTUAL_VALUE]),
        per_person=st.booleans(),
        abroad=ABROAD,
    ),
    st.just(NOT_COVERED),
)
DEDUCTIBLES = st.none() | st.builds(borne, st.integers(0, 2), st.integers(0, 2), car_to_car_zero=st.booleans())
PERILS = st.dictionaries(st.sampled_from(Peril), st.sampled_from(Covered), max_size=3).map(
    lambda parts: tuple(PerilCover(peril=peril, covered=covered) for peril, covered in parts.items())
)
# An insurer calls one type by one word.
TYPES = st.sampled_from([(None, None), (CoverageVariant.UNKNOWN, "新型"), (CoverageVariant.UNKNOWN, "旧型")]) | (
    st.sampled_from(CoverageVariant)
    .filter(lambda variant: variant is not CoverageVariant.UNKNOWN)
    .map(lambda variant: (variant, f"{variant}型"))
)
KINDS = st.sampled_from([CoverageKind.OWN_DAMAGE, CoverageKind.LAWYER_COST, CoverageKind.OTHER])
COVERS = st.builds(
    lambda kind, type_, **words: Coverage(kind=kind, variant=type_[0], insurer_variant=type_[1], **words),
    KINDS,
    TYPES,
    insurer_label=st.sampled_from(["補償", "特約"]),
    included=st.booleans(),
    limit=LIMITS,
    deductible=DEDUCTIBLES,
    perils=PERILS,
    # Of most covers it is stated whether they are there.
    stated=st.sampled_from([True, True, True, True, True, False]),
).map(lambda cover: replace(cover, included=cover.included and cover.stated))
CONDITIONS = st.none() | st.builds(
    conditions, st.sampled_from(DriverLimitation), st.sampled_from(AgeCondition), st.sampled_from(UsePurpose)
)
INSURERS = st.sampled_from(["paper", "stone"])
PLANS = st.builds(
    lambda covers, insurer, told: offer(*covers, insurer=insurer, told=told),
    st.lists(COVERS, max_size=4, unique_by=lambda cover: (cover.kind, cover.insurer_label)),
    INSURERS,
    CONDITIONS,
)


def lines(count: int) -> st.SearchStrategy[list[Coverage | None]]:
    """Draw *count* covers of one line, or none."""
    return KINDS.flatmap(
        lambda kind: st.lists(
            st.none() | COVERS.map(lambda cover: replace(cover, kind=kind)), min_size=count, max_size=count
        )
    )
