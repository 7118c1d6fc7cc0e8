"""The right to work on a row for a while."""

import secrets
from datetime import datetime, timedelta
from typing import Generic, TypeVar

from msgspec import Struct

from insurers.comparison import Inquiry
from insurers.registration import Registration
from insurers.renewal import Renewal

Aggregate = TypeVar("Aggregate", Registration, Renewal, Inquiry)


class Lease(Struct, frozen=True, kw_only=True):
    """
    Who holds it writes; a write under a lease that somebody else has taken over is refused.

    Past `until` the row may be claimed by another, and only then is it lost.
    """

    token: str
    until: datetime

    @classmethod
    def lasting(cls, seconds: float, *, now: datetime) -> "Lease":
        return cls(token=secrets.token_urlsafe(16), until=now + timedelta(seconds=seconds))


class Claimed(Struct, Generic[Aggregate], frozen=True, kw_only=True):
    """
    What a worker took on.

    `attempts` counts the claims, this one included, since a save without a lease: since a
    customer last moved it. Of an application that nobody confirmed they count since it is one.
    """

    aggregate: Aggregate
    lease: Lease
    attempts: int
