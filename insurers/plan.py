"""A plan that an insurer offers for the next term, and what it costs."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from enum import StrEnum

import msgspec
from msgspec import Struct

from insurers.contact import Contact
from insurers.coverage import Coverage, CoverageChange, CoverageKind, PerilCover
from insurers.identity import InsurerCode, PlanCode, PolicyNumber
from insurers.money import Yen
from insurers.text import Text
from insurers.vehicle import AgeCondition, DriverLimitation, NonFleetGrade, UsePurpose


class PremiumNature(StrEnum):
    """An indication may still change; a bindable premium is what will be charged (P-6)."""

    INDICATION = "indication"
    BINDABLE = "bindable"


class PaymentMethod(StrEnum):
    """How a premium is paid (払込方法)."""

    PAYROLL_DEDUCTION = "payroll_deduction"  # 給与天引き
    ACCOUNT_TRANSFER = "account_transfer"  # 口座振替
    CREDIT_CARD = "credit_card"
    BANK_TRANSFER = "bank_transfer"
    UNKNOWN = "unknown"


class Instalment(Struct, frozen=True, kw_only=True, gc=False):
    """One part of a premium."""

    due_on: date
    amount: Yen


class Premium(Struct, frozen=True, kw_only=True, gc=False):
    """What one term costs, in yen. `change_from_current` is against the term that ends."""

    nature: PremiumNature
    total: Yen
    payment: PaymentMethod
    instalments: tuple[Instalment, ...] = ()
    change_from_current: Yen | None = None


class Conditions(Struct, frozen=True, kw_only=True, gc=False):
    """Who may drive, and for what, at this price, with the insurer's own words beside it."""

    limitation: DriverLimitation
    age_condition: AgeCondition
    use: UsePurpose
    insurer_limitation: str
    insurer_age_condition: str
    insurer_use: str


class Departure(Struct, frozen=True, kw_only=True, gc=False):
    """
    Where an offer differs from what was asked for: both, in words for people, and why.

    `kind` is the cover that it is about; None for who drives, the group, and other conditions.
    """

    kind: CoverageKind | None = None
    requested: Text
    offered: Text
    why: Text


class PlanVideo(Struct, frozen=True, kw_only=True, gc=False):
    """The insurer's film about a plan (MS-VID-01), or why there is none (MS-VID-03)."""

    url: str | None = None
    duration_seconds: int | None = None
    unavailable_reason: str | None = None


class PlanQuery(Struct, frozen=True, kw_only=True, gc=False):
    """
    What to quote for one policy's next term.

    Without `plan`: everything the insurer recommends, as it stands. With it: that one plan,
    with `changes` applied to its initial settings. The changes are the whole difference, not
    a step from the last quote, so a query can be repeated in any session; none is a reset.
    `conditions` are the answers to the script's fields that reprice, by key; what is not in it
    is as the insurer shows it.
    """

    number: PolicyNumber
    plan: PlanCode | None = None
    changes: tuple[CoverageChange, ...] = ()
    conditions: Mapping[str, str] = {}


class Plan(Struct, frozen=True, kw_only=True, gc=False):
    """
    One plan as quoted.

    `changes` are those that were asked for and are in this quote. `conditions` and `grade` are
    those of the term that is quoted, where the insurer says them with the plan; `assumptions` is
    what the price rests on and nobody has checked yet. `reference` is the insurer's own number of
    the quote, and `contact` who makes a contract of it, where that is an agency.
    """

    insurer: InsurerCode
    code: PlanCode
    name: str
    position: int
    premium: Premium
    coverages: tuple[Coverage, ...]
    quoted_at: datetime
    valid_until: datetime | None = None
    recommended: bool = False
    same_as_current: bool = False
    changes: tuple[CoverageChange, ...] = ()
    departures: tuple[Departure, ...] = ()
    conditions: Conditions | None = None
    grade: NonFleetGrade | None = None
    assumptions: tuple[Text, ...] = ()
    video: PlanVideo | None = None
    reference: str | None = None
    contact: Contact | None = None

    @property
    def bought(self) -> bytes:
        """What is bought and what it costs, in full; equal exactly when a customer would call them the same."""
        bought = (self.insurer, self.code, self.premium.total, self.premium.payment, _chosen(self.coverages))
        return msgspec.json.encode(bought)

    @property
    def fingerprint(self) -> str:
        """A hash of what is bought."""
        return hashlib.sha256(self.bought).hexdigest()


def _chosen(coverages: Sequence[Coverage]) -> list[object]:
    return [
        (
            cover.kind,
            cover.insurer_label,
            cover.included,
            cover.insurer_variant,
            cover.limit,
            cover.deductible,
            _sorted(cover.perils),
        )
        for cover in sorted(coverages, key=lambda cover: (cover.kind, cover.insurer_label))
    ]


def _sorted(perils: Sequence[PerilCover]) -> list[PerilCover]:
    return sorted(perils, key=lambda part: part.peril)
