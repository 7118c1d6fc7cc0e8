"""What a term costs: points, factors, yen (WIRE.md §9.1). Nothing of it is anybody's tariff."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from insurers.sompo.sandbox.contracts import Contract, Grade
from insurers.sompo.sandbox.covers import COVERS, OWN_DAMAGE, Class
from insurers.sompo.sandbox.dates import months_after

FIRST_YEN_PER_POINT = 40

# Per mille, by grade 1-20.
WITHOUT_ACCIDENT = (
    *(1640, 1280, 1120, 1020, 870, 810, 700, 620, 570, 550),
    *(530, 510, 500, 490, 480, 470, 460, 440, 430, 370),
)
WITH_ACCIDENT = (
    *(1640, 1280, 1120, 1020, 870, 810, 800, 790, 780, 760),
    *(750, 730, 720, 710, 690, 680, 660, 620, 580, 490),
)
# Percent, by the codes of §5.5.
AGES = {"00": 210, "21": 150, "26": 112, "30": 106, "35": 100}
LIMITATIONS = {"00": 100, "10": 99, "20": 94, "30": 93}
LICENCE_COLOURS = {"10": 88, "20": 100, "30": 104, "90": 106}
USES = {"10": 100, "20": 109, "30": 121}

AGREED_VALUE_UNIT = 100_000
DUE_DAY = 25


@dataclass(frozen=True)
class Premium:
    """Instalments in yen, all of one size."""

    instalment: int
    count: int

    @property
    def total(self) -> int:
        return self.instalment * self.count


@dataclass(frozen=True, kw_only=True)
class Rated:
    """What of a car and its drivers bears on a premium. `discount` is a group's, in percent."""

    classes: tuple[int, int, int, int]
    agreed_value: int
    use: str
    limitation: str
    ages: str
    licence_colour: str
    discount: int
    instalments: int
    extra_yen_per_point: int = 0


def rated(contract: Contract) -> Rated:
    return Rated(
        classes=contract.car.classes,
        agreed_value=contract.car.agreed_value,
        use=contract.car.use,
        limitation=contract.drivers.limitation,
        ages=contract.drivers.ages,
        licence_colour=contract.drivers.licence_colour,
        discount=contract.group.discount if contract.group else 0,
        instalments=contract.instalments,
        extra_yen_per_point=contract.extra_yen_per_point,
    )


def premium(risk: Rated, covers: Mapping[str, str], grade: Grade, yen_per_point: int) -> Premium:
    """Rate a risk with these covers and this grade, by this tariff."""
    yearly = _points(risk, covers, grade) * (yen_per_point + risk.extra_yen_per_point)
    yearly = yearly * (100 - risk.discount) // 100
    return Premium(yearly // risk.instalments // 10 * 10, risk.instalments)


def instalments(start: datetime, total: int, count: int) -> list[tuple[int, date, int]]:
    """Answer number, due day and yen of each instalment of a term that begins at *start*."""
    return [(number, months_after(start.date(), number, DUE_DAY), total // count) for number in range(1, count + 1)]


def _points(risk: Rated, covers: Mapping[str, str], grade: Grade) -> int:
    rated = fixed = 0
    for code, cover in COVERS.items():
        points = cover.options[covers[code]].points
        if code == OWN_DAMAGE:
            points *= risk.agreed_value // AGREED_VALUE_UNIT
        if cover.rated_by is None:
            fixed += points
        else:
            rated += points * _class_percent(risk, cover.rated_by) // 100
    by_grade = WITH_ACCIDENT if grade.loaded_years else WITHOUT_ACCIDENT
    rated = rated * by_grade[grade.level - 1] // 1000
    for percent in (
        AGES[risk.ages],
        LIMITATIONS[risk.limitation],
        LICENCE_COLOURS[risk.licence_colour],
        USES[risk.use],
    ):
        rated = rated * percent // 100
    return rated + fixed


def _class_percent(risk: Rated, rated_by: Class) -> int:
    return 64 + 4 * risk.classes[rated_by]
