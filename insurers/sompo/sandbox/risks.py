"""A car that is insured elsewhere, and what is quoted for it (WIRE.md §13.1, §13.4)."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from insurers.sandbox import TOKYO
from insurers.sompo.sandbox.contracts import Grade, Group
from insurers.sompo.sandbox.groups import Asked
from insurers.sompo.sandbox.models import KEI, Model, full_years
from insurers.sompo.sandbox.rating import Rated
from insurers.sompo.sandbox.replies import Refusal

AGES = ("00", "21", "26", "35")  # What is sold today; 30 is not.
SELF_ONLY, SELF_AND_SPOUSE = "30", "20"
BLUE, BUSINESS, ALL_AGES = "20", "30", "00"
PAYROLL_DEDUCTION, ACCOUNT_TRANSFER = "10", "20"
INSTALMENTS = 12

CARRIED_OVER_WITHIN = timedelta(days=7)
NEWCOMER = Grade(level=6, loaded_years=0)

NO_OWN_DAMAGE_FROM_YEARS = 12
NOT_TAKEN_FROM_YEARS = 25
LOW_GRADE, MANY_LOADED_YEARS = 6, 4
# RIYUU_CD.
TOO_MANY_ACCIDENTS, TOO_OLD, BUSINESS_FOR_ALL_AGES = "11", "12", "05"


def begins(inception: date) -> datetime:
    return datetime.combine(inception, time(16), TOKYO)


@dataclass(frozen=True, kw_only=True)
class Previous:
    """The contract that covers the car today."""

    grade: Grade
    maturity: date


@dataclass(frozen=True, kw_only=True)
class Risk:
    """What was told; its properties are what is quoted."""

    inception: date
    model: Model
    told_kind: str
    first_registered: date | None
    use: str
    told_limitation: str
    told_ages: str
    youngest: date | None
    told_licence_colour: str
    previous: Previous | None
    asked_group: Asked

    @property
    def start(self) -> datetime:
        return begins(self.inception)

    @property
    def years(self) -> int | None:
        return full_years(self.first_registered, self.inception) if self.first_registered else None

    @property
    def is_too_old_for_own_damage(self) -> bool:
        return self.years is not None and self.years >= NO_OWN_DAMAGE_FROM_YEARS

    @property
    def value(self) -> int:
        return 0 if self.years is None else self.model.value(self.years)

    @property
    def is_kei(self) -> bool:
        return self.model.kind == KEI

    @property
    def limitation(self) -> str:
        return SELF_AND_SPOUSE if self.is_kei and self.told_limitation == SELF_ONLY else self.told_limitation

    @property
    def ages(self) -> str:
        """Answer the band that was asked for, or the one that lets the youngest drive."""
        if self.youngest is None:
            return self.told_ages
        age = full_years(self.youngest, self.inception)
        return next(band for band in reversed(AGES) if int(band) <= min(age, int(self.told_ages)))

    @property
    def licence_colour(self) -> str:
        return self.told_licence_colour or BLUE

    @property
    def is_carried_over(self) -> bool:
        return self.previous is not None and self.inception <= self.previous.maturity + CARRIED_OVER_WITHIN

    @property
    def grade(self) -> Grade:
        if self.previous is None:
            return NEWCOMER
        carried = self.previous.grade.after_a_year_without_accident()
        if self.is_carried_over:
            return carried
        # What is bad about a grade sticks (J26).
        return Grade(level=min(NEWCOMER.level, carried.level), loaded_years=carried.loaded_years)

    @property
    def group(self) -> Group | None:
        return self.asked_group.handled

    @property
    def payment(self) -> str:
        return PAYROLL_DEDUCTION if self.group else ACCOUNT_TRANSFER

    @property
    def rated(self) -> Rated:
        return Rated(
            classes=self.model.classes,
            agreed_value=self.value,
            use=self.use,
            limitation=self.limitation,
            ages=self.ages,
            licence_colour=self.licence_colour,
            discount=self.group.discount if self.group else 0,
            instalments=INSTALMENTS,
        )

    def require_taken(self, agency: dict[str, str]) -> None:
        """
        Raises:
            Refusal: 67, nobody here takes it; 63, only the agency quotes for it.
        """
        before = self.previous.grade if self.previous else NEWCOMER
        if before.level <= LOW_GRADE and before.loaded_years >= MANY_LOADED_YEARS:
            raise Refusal("67", RIYUU_CD=TOO_MANY_ACCIDENTS)
        if self.years is not None and self.years >= NOT_TAKEN_FROM_YEARS:
            raise Refusal("67", RIYUU_CD=TOO_OLD)
        if (self.use, self.ages) == (BUSINESS, ALL_AGES):
            raise Refusal("63", RIYUU_CD=BUSINESS_FOR_ALL_AGES, **agency)
