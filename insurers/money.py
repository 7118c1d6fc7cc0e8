"""Money, which in this trade is whole yen."""

from enum import StrEnum

from msgspec import Struct


class Yen(Struct, frozen=True, order=True, gc=False):
    """A whole number of yen."""

    amount: int

    def __add__(self, other: "Yen") -> "Yen":
        return Yen(self.amount + other.amount)

    def __sub__(self, other: "Yen") -> "Yen":
        return Yen(self.amount - other.amount)

    def __str__(self) -> str:
        sign = "-" if self.amount < 0 else ""
        return f"{sign}¥{abs(self.amount):,}"


class LimitKind(StrEnum):
    """How far a cover goes (保険金額)."""

    AMOUNT = "amount"
    UNLIMITED = "unlimited"  # 無制限
    NOT_COVERED = "not_covered"
    ACTUAL_VALUE = "actual_value"  # 協定保険価額: the value of the car agreed with the insurer.
    UNKNOWN = "unknown"


class LimitBasis(StrEnum):
    """For what the most is paid; sums of one basis cannot be ordered with those of another."""

    PERSON = "person"  # 1名につき
    ACCIDENT = "accident"  # 1事故につき
    DAY = "day"  # 1日につき


class Limit(Struct, frozen=True, kw_only=True, gc=False):
    """
    The most an insurer pays. `amount` stands only with `AMOUNT`, and where known with `ACTUAL_VALUE`.

    `abroad` is the most for what happens abroad, where the insurer draws that line (国外は1億円まで).
    """

    kind: LimitKind
    amount: Yen | None = None
    per_person: bool = False
    per_day: bool = False
    abroad: Yen | None = None

    @property
    def basis(self) -> LimitBasis:
        if self.per_day:
            return LimitBasis.DAY
        return LimitBasis.PERSON if self.per_person else LimitBasis.ACCIDENT


class Deductible(Struct, frozen=True, kw_only=True, gc=False):
    """What the customer bears (免責金額) the first time in a term and from the second on."""

    first: Yen
    second: Yen
    car_to_car_zero: bool = False  # 車対車免ゼロ


NOTHING_BORNE = Deductible(first=Yen(0), second=Yen(0))  # 免責なし
