"""What the customer wants (意向): recorded by the customer, and the only thing that filters and orders (P-11)."""

from datetime import datetime
from enum import StrEnum

from msgspec import Struct

from insurers.coverage import CoverageKind, CoverageVariant, Peril
from insurers.money import Yen


class Priority(StrEnum):
    """What matters, the first most. Each orders plans by one thing that is stated, and by nothing else."""

    LOW_PREMIUM = "low_premium"
    OWN_DAMAGE = "own_damage"  # more perils, then less to bear
    LIABILITY = "liability"  # towards others: limits
    PERSONAL_INJURY = "personal_injury"
    KEEP_CURRENT_COVER = "keep_current_cover"  # fewer covers lost or narrowed


class MustHave(Struct, frozen=True, kw_only=True):
    """A cover that a plan must have, and how; what is not said is left to the plan."""

    kind: CoverageKind
    variant: CoverageVariant | None = None
    unlimited: bool = False
    at_least: Yen | None = None
    perils: tuple[Peril, ...] = ()


class Intention(Struct, frozen=True, kw_only=True):
    """`budget` is for one term of each policy, in yen. `statement` is what the customer confirmed, in their words."""

    must_have: tuple[MustHave, ...] = ()
    budget: Yen | None = None
    priorities: tuple[Priority, ...] = ()
    recorded_at: datetime
    statement: str = ""
