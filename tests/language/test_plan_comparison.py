"""Plans line by line: only what can be ordered is ordered, and nothing is lost in silence."""

from itertools import product

import pytest

from insurers.coverage import Coverage, CoverageVariant, Covered
from insurers.money import Limit, LimitKind
from insurers.verdict import Verdict, compare
from tests.language.offered import (
    NOT_COVERED,
    UNLIMITED,
    amount,
    borne,
    lawyer,
    liability,
    own_damage,
    perils,
    unlimited,
    value,
)


@pytest.mark.parametrize(
    ("ours", "theirs", "verdict"),
    [
        (own_damage(limit=amount(2)), own_damage(limit=amount(1)), Verdict.BETTER),
        (own_damage(limit=UNLIMITED), own_damage(limit=amount(9)), Verdict.BETTER),
        (own_damage(limit=UNLIMITED), own_damage(limit=amount(9, per_person=True)), Verdict.BETTER),
        (own_damage(limit=NOT_COVERED), own_damage(limit=amount(0, per_person=True)), Verdict.LOST),
        (own_damage(limit=amount(9)), own_damage(limit=amount(1, per_person=True)), Verdict.DIFFERENT),
        (own_damage(limit=amount(9)), own_damage(limit=amount(9, per_day=True)), Verdict.DIFFERENT),
        (liability(limit=unlimited(abroad=2)), liability(limit=unlimited(abroad=1)), Verdict.BETTER),
        (liability(limit=unlimited(abroad=2)), liability(limit=amount(9)), Verdict.UNKNOWN),
        (liability(limit=amount(9)), liability(limit=unlimited(abroad=2)), Verdict.WORSE),
        (liability(limit=unlimited(abroad=None)), liability(limit=unlimited(abroad=2)), Verdict.UNKNOWN),
        (own_damage(limit=value(9)), own_damage(limit=value(8)), Verdict.BETTER),
        (own_damage(limit=Limit(kind=LimitKind.ACTUAL_VALUE)), own_damage(limit=amount(1)), Verdict.UNKNOWN),
        (
            own_damage(limit=Limit(kind=LimitKind.UNKNOWN)),
            own_damage(limit=Limit(kind=LimitKind.UNKNOWN)),
            Verdict.UNKNOWN,
        ),
        (own_damage(limit=None), own_damage(limit=amount(1)), Verdict.UNKNOWN),
        # Less to bear is better; first and later times are told apart.
        (
            own_damage(deductible=borne(0, 10)),
            own_damage(deductible=borne(5, 10)),
            Verdict.BETTER,
        ),
        (
            own_damage(deductible=borne(0, 10)),
            own_damage(deductible=borne(5, 5)),
            Verdict.DIFFERENT,
        ),
        (
            own_damage(deductible=borne(5, 5, car_to_car_zero=True)),
            own_damage(deductible=borne(5, 5)),
            Verdict.BETTER,
        ),
        (
            own_damage(deductible=borne(10, 10, car_to_car_zero=True)),
            own_damage(deductible=borne(5, 10)),
            Verdict.DIFFERENT,
        ),
        # Who bears nothing the first time anyhow needs no zero between cars.
        (
            own_damage(deductible=borne(0, 10)),
            own_damage(deductible=borne(0, 10, car_to_car_zero=True)),
            Verdict.EQUAL,
        ),
        (
            own_damage(deductible=borne(0, 10)),
            own_damage(deductible=borne(5, 10, car_to_car_zero=True)),
            Verdict.BETTER,
        ),
        # To bear nothing is to be told so; a deductible that nobody told is not nothing.
        (liability(), liability(deductible=borne(0, 0)), Verdict.EQUAL),
        (liability(deductible=None), liability(), Verdict.UNKNOWN),
        (liability(deductible=None), liability(deductible=None), Verdict.UNKNOWN),
        # Own damage is told by its perils and never by its label (P-8).
        (
            own_damage(variant=CoverageVariant.FULL, perils=perils(theft="yes", rollover="yes")),
            own_damage(variant=CoverageVariant.LIMITED, perils=perils(rollover="yes", theft="yes")),
            Verdict.EQUAL,
        ),
        (
            own_damage(variant=CoverageVariant.LIMITED, perils=perils(rollover="no", theft="yes")),
            own_damage(variant=CoverageVariant.LIMITED, perils=perils(rollover="yes", theft="yes")),
            Verdict.WORSE,
        ),
        (
            own_damage(perils=perils(collision_with_car="conditional")),
            own_damage(perils=perils(collision_with_car="no")),
            Verdict.BETTER,
        ),
        (
            own_damage(perils=perils(rollover="no", theft="yes")),
            own_damage(perils=perils(rollover="yes", theft="no")),
            Verdict.DIFFERENT,
        ),
        (own_damage(perils=perils(theft="yes")), own_damage(perils=perils(theft="unknown")), Verdict.UNKNOWN),
        (own_damage(perils=perils(theft="yes")), own_damage(perils=()), Verdict.UNKNOWN),
        (
            own_damage(variant=CoverageVariant.FULL, perils=()),
            own_damage(variant=CoverageVariant.FULL, perils=()),
            Verdict.UNKNOWN,
        ),
        # What each insurer has no word for is not the same.
        (own_damage(perils=perils(other="yes")), own_damage(perils=perils(other="no")), Verdict.UNKNOWN),
        (own_damage(perils=perils(other="yes")), own_damage(perils=perils(other="yes")), Verdict.UNKNOWN),
        # Types are compared by what they mean, whatever the insurers call them.
        (
            lawyer(CoverageVariant.MOTOR_ONLY, "自動車事故型"),
            lawyer(CoverageVariant.MOTOR_ONLY, "自動車事故限定型"),
            Verdict.EQUAL,
        ),
        (lawyer(CoverageVariant.MOTOR_AND_DAILY), lawyer(CoverageVariant.MOTOR_ONLY), Verdict.BETTER),
        (lawyer(CoverageVariant.IN_CAR_ONLY), lawyer(CoverageVariant.ALSO_OUTSIDE), Verdict.WORSE),
        (
            lawyer(CoverageVariant.PERSONAL_INJURY_TYPE),
            lawyer(CoverageVariant.OWN_ACCIDENT_TYPE),
            Verdict.DIFFERENT,
        ),
        (lawyer(CoverageVariant.UNKNOWN, "新型"), lawyer(CoverageVariant.UNKNOWN, "新型"), Verdict.UNKNOWN),
        (lawyer(CoverageVariant.UNKNOWN), lawyer(CoverageVariant.MOTOR_ONLY), Verdict.UNKNOWN),
        (lawyer(CoverageVariant.MOTOR_ONLY), lawyer(None), Verdict.UNKNOWN),
        (lawyer(None), lawyer(None), Verdict.EQUAL),
        # No silence hides a loss, and none promises a gain (P-8).
        (liability(limit=amount(2), deductible=None), liability(), Verdict.WORSE),
        (liability(deductible=None), liability(limit=amount(2)), Verdict.UNKNOWN),
        (
            own_damage(perils=perils(fire="yes", rollover="no", other="no")),
            own_damage(perils=perils(fire="yes", rollover="yes", theft="yes")),
            Verdict.WORSE,
        ),
        (
            own_damage(perils=perils(fire="yes", rollover="no", other="no")),
            own_damage(perils=perils(fire="no", rollover="yes")),
            Verdict.DIFFERENT,
        ),
        (
            liability(limit=amount(9), deductible=None),
            liability(limit=amount(1, per_person=True)),
            Verdict.DIFFERENT,
        ),
        # A better limit does not make up for worse perils.
        (
            own_damage(limit=amount(2), perils=perils(theft="no")),
            own_damage(limit=amount(1), perils=perils(theft="yes")),
            Verdict.DIFFERENT,
        ),
        (own_damage(), None, Verdict.ONLY_HERE),
        (own_damage(), own_damage(included=False), Verdict.ONLY_HERE),
        (None, own_damage(), Verdict.LOST),
        (own_damage(included=False), own_damage(), Verdict.LOST),
        (own_damage(included=False), None, Verdict.EQUAL),
        (None, None, Verdict.EQUAL),
        # What nobody states may be there all the same, and may not.
        (own_damage(included=False), own_damage(included=False, stated=False), Verdict.UNKNOWN),
        (own_damage(), own_damage(included=False, stated=False), Verdict.UNKNOWN),
        (own_damage(included=False, stated=False), own_damage(), Verdict.UNKNOWN),
        (None, own_damage(included=False, stated=False), Verdict.UNKNOWN),
    ],
)
def test_a_cover_stands_to_another_insurers_as_a_broker_would_say(
    ours: Coverage | None, theirs: Coverage | None, verdict: Verdict
) -> None:
    assert verdict is compare(ours, theirs, same_insurer=False).verdict


@pytest.mark.parametrize(
    ("ours", "theirs", "verdict"),
    [
        (own_damage(perils=perils(other="no")), own_damage(perils=perils(other="yes")), Verdict.WORSE),
        (liability(deductible=None, note="印刷"), liability(deductible=None), Verdict.EQUAL),
        (lawyer(CoverageVariant.UNKNOWN, "新型", note="印刷"), lawyer(CoverageVariant.UNKNOWN, "新型"), Verdict.EQUAL),
        (lawyer(CoverageVariant.UNKNOWN, "新型"), lawyer(CoverageVariant.UNKNOWN, "旧型"), Verdict.UNKNOWN),
        (
            own_damage(variant=CoverageVariant.FULL, insurer_variant="一般", perils=()),
            own_damage(variant=CoverageVariant.LIMITED, insurer_variant="限定", perils=()),
            Verdict.UNKNOWN,
        ),
    ],
)
def test_one_insurers_words_mean_the_same_twice(ours: Coverage, theirs: Coverage, verdict: Verdict) -> None:
    assert verdict is compare(ours, theirs, same_insurer=True).verdict


def test_every_pair_of_perils_is_compared() -> None:
    for ours, theirs in product(Covered, Covered):
        judgement = compare(
            own_damage(perils=perils(theft=ours)), own_damage(perils=perils(theft=theirs)), same_insurer=False
        )

        assert judgement.complete is (Covered.UNKNOWN not in (ours, theirs))
        assert judgement.complete is (judgement.verdict is not Verdict.UNKNOWN)
