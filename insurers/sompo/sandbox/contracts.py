"""A motor contract as this insurer keeps it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from insurers.sompo.sandbox.covers import LATE_RENEWAL, SAFE_RENEWAL
from insurers.sompo.sandbox.persons import Person

# KEIYAKU_JYOTAI and KEIYAKU_KEITAI, WIRE.md §5.5.
NOT_BEGUN, IN_FORCE, MATURED = "10", "20", "30"
GROUP_MASTER, CORPORATE = "40", "50"


@dataclass(frozen=True, kw_only=True)
class Car:
    """`classes` are 対人, 対物, 傷害 and 車両, 1-17 each; `agreed_value` is in yen, 0 for none."""

    name: str
    plate: str = ""
    chassis: str
    model: str
    first_registered: date
    kind: str
    use: str
    classes: tuple[int, int, int, int]
    agreed_value: int


@dataclass(frozen=True, kw_only=True)
class Drivers:
    """Who may drive, and what is known of licences."""

    limitation: str
    ages: str
    youngest: date | None
    licence_colour: str
    licence_renewal: date | None


@dataclass(frozen=True, kw_only=True)
class Grade:
    """Non-fleet grade 1-20 and claims-loaded years 0-6."""

    level: int
    loaded_years: int

    def after_a_year_without_accident(self) -> "Grade":
        return Grade(level=min(20, self.level + 1), loaded_years=max(0, self.loaded_years - 1))


@dataclass(frozen=True, kw_only=True)
class Group:
    """A group (団体) whose members' premiums are collected from their pay; `discount` in percent."""

    code: str
    name: str
    discount: int


@dataclass(frozen=True, kw_only=True)
class Agency:
    """The agency that handles a contract (取扱代理店)."""

    code: str
    name: str
    phone: str
    url: str

    def fields(self) -> dict[str, str]:
        return {
            "DAIRITEN_CD": self.code,
            "DAIRITEN_MEI": self.name,
            "DAIRITEN_TEL": self.phone,
            "DAIRITEN_URL": self.url,
        }


class Quirk(StrEnum):
    """What a persona's contract does at the moment of application, once."""

    # Nobody hears an answer: it was signed and the renewal list is late; it was not; it is signed a while later.
    SILENT_SIGNED = "silent_signed"
    SILENT_UNSIGNED = "silent_unsigned"
    SILENT_WORKED_ON = "silent_worked_on"

    PREMIUM_MOVES = "premium_moves"
    DOCUMENT_MOVES = "document_moves"
    UNLISTED_CODE = "unlisted_code"


@dataclass(kw_only=True)
class Contract:
    """One term of one contract. `premium` is what it costs, in yen."""

    number: str
    form: str
    holder: Person
    insured: Person
    owner: Person
    group: Group | None
    employee_number: str
    agency: Agency
    start: datetime
    end: datetime
    car: Car
    drivers: Drivers
    grade: Grade
    covers: Mapping[str, str]
    payment: str
    instalments: int
    premium: int = 0
    previous: str = ""
    successor: str = ""
    renewed_by_rider: bool = False
    next_notice: str = ""
    last_accident: date | None = None
    # From when on the renewal list shows the successor.
    listed_from: datetime | None = None
    quirks: set[Quirk] = field(default_factory=set)
    # What a persona's quirks have done to this contract alone.
    extra_yen_per_point: int = 0
    extra_revisions: int = 0

    @property
    def renews_itself(self) -> bool:
        """Does 安心更新サポート特約 renew it when nobody says no (SJ, domain 2.5)?"""
        return self.covers[SAFE_RENEWAL] == "01"

    @property
    def may_renew_late(self) -> bool:
        """Does 継続うっかり特約 renew it after maturity, through the agency (WIRE.md §6.2)?"""
        return self.covers[LATE_RENEWAL] == "01"

    def status(self, now: datetime) -> str:
        if now < self.start:
            return NOT_BEGUN
        return IN_FORCE if now < self.end else MATURED
