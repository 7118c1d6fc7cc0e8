"""What one asker may spend in a while: cost by the minute, and a few tries of what must not be tried often."""

import math
from collections.abc import Mapping
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from ipaddress import IPv6Address, ip_address
from typing import Protocol

from msgspec import Struct

# What is spent comes back after so long.
SECONDS = 60


# One who has an IPv6 address has the 64 bits behind it, too.
_OWN_BITS = 64


class Spender(Struct, frozen=True):
    """Who pays: whoever acts, or for nobody in particular the address that asks."""

    key: str
    signed_in: bool

    @property
    def purse(self) -> str:
        """From what it is taken: their own, or that of everybody behind one address."""
        return self.key if self.signed_in else f"nobody at {_network(self.key)}"


class Standing(Struct, frozen=True):
    """
    How an asker stands behind an operation.

    `resets_in` seconds from now the first of what was spent comes back, and `enough_in` what was refused is there.
    """

    limit: int
    remaining: int
    resets_in: float
    enough_in: float = 0.0


class Tries(StrEnum):
    """What must not be tried often, each counted by itself."""

    SIGN_IN = "sign_in"
    PASSCODE = "passcode"
    REGISTRATION = "registration"
    REGISTRATION_ANSWER = "registration_answer"
    SUBMIT = "submit"


class Rates(Protocol):
    """Who has spent what."""

    async def spend(self, spender: Spender, cost: int) -> tuple[bool, Standing | None]:
        """Take *cost* from what the spender has left, if there is so much; None where nothing is limited."""
        ...

    async def attempt(self, tries: Tries, spender: Spender) -> float | None:
        """Count a try; where there were too many, answer in how many seconds the next may come."""
        ...

    def watching(self, spender: Spender) -> AbstractContextManager[bool]:
        """Take one of the spender's places for live updates while the block runs; false where none is free."""
        ...


class Spent(Struct, frozen=True):
    """What an operation cost, and how its asker stands since."""

    cost: int
    largest: int
    standing: Standing | None
    at: datetime

    @property
    def told(self) -> Mapping[str, object]:
        """What stands in `extensions.cost`."""
        told: dict[str, object] = {"cost": self.cost, "largest": self.largest}
        if self.standing is not None:
            told |= {
                "limit": self.standing.limit,
                "remaining": self.standing.remaining,
                "resetAt": self.reset_at,
            }
        return told

    @property
    def headers(self) -> Mapping[str, str]:
        """What HTTP says of it (draft-ietf-httpapi-ratelimit-headers-10): so much a minute, and what is left."""
        if self.standing is None:
            return {}
        left, wait = self.standing.remaining, math.ceil(self.standing.resets_in)
        policy = f'"cost";q={self.standing.limit};w={SECONDS}'
        return {"RateLimit-Policy": policy, "RateLimit": f'"cost";r={left};t={wait}'}

    @property
    def reset_at(self) -> datetime:
        wait = timedelta(seconds=math.ceil(self.standing.resets_in)) if self.standing else timedelta()
        return (self.at + wait).replace(microsecond=0)


@lru_cache(maxsize=10_000)
def _network(address: str) -> str:
    try:
        known = ip_address(address)
    except ValueError:
        return "no address"
    if isinstance(known, IPv6Address):
        return str(known.ipv4_mapped or int(known) >> _OWN_BITS)
    return str(known)
