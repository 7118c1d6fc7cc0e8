"""How old a value is that came from an insurer."""

from datetime import datetime
from enum import Enum
from typing import Any

import strawberry

from schema.lasting import lasting
from schema.ports import Told


@strawberry.enum(description="Age class of a value read from an insurer.")
class FreshnessState(Enum):
    LIVE = "live"
    CACHED = "cached"
    STALE = "stale"


@lasting()
@strawberry.type(description="How old a value is that an insurer told, and until when it is believed.")
class Freshness:
    state: FreshnessState = strawberry.field(description="Whether it was just asked, kept from before, or is overdue.")
    fetched_at: datetime = strawberry.field(
        description="When the insurer told it; of what the gateway itself keeps, when that last changed."
    )
    fresh_until: datetime = strawberry.field(description="After this instant the gateway asks again on a read.")

    @classmethod
    def live(cls, at: datetime) -> "Freshness":
        return cls(state=FreshnessState.LIVE, fetched_at=at, fresh_until=at)

    @classmethod
    def of(cls, told: Told[Any]) -> "Freshness":
        state = FreshnessState.CACHED if told.kept else FreshnessState.LIVE
        return cls(state=state, fetched_at=told.at, fresh_until=told.until)
