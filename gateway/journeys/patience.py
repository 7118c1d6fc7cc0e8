"""
How long an order waits for an insurer, and before it tries again.

The first is always less than its lease, or two would speak for one customer.
"""

import random
from collections.abc import Awaitable
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import TypeVar

from gateway.journeys.backoff import Chance, backoff
from insurers.errors import ErrorCode, Unavailable, Unconfirmed
from insurers.http import allotted, within
from insurers.identity import InsurerCode

T = TypeVar("T")

# What is left of a lease is for writing down what was heard.
SHARE_OF_LEASE = 0.75


class Patience:
    """One for all that is asked of an insurer within one lease, however many calls that takes."""

    def __init__(self, lease: timedelta, *, chance: Chance = random.random) -> None:
        self._seconds = lease.total_seconds() * SHARE_OF_LEASE
        self.chance = chance

    def of_a_lease(self) -> AbstractContextManager[None]:
        """All that is asked in the block is asked within one lease, however many readings that takes."""
        return allotted(self._seconds)

    def before_next(self, attempts: int) -> timedelta:
        """Answer how long to wait until what failed is tried again."""
        return backoff(attempts, self.chance())

    async def reading(self, insurer: InsurerCode, asked: Awaitable[T]) -> T:
        """Answer what was asked; raises Unavailable when it takes too long, for nothing was done."""
        try:
            async with within(self._seconds):
                return await asked
        except TimeoutError:
            raise Unavailable(insurer, code=ErrorCode.TIMEOUT) from None

    async def writing(self, insurer: InsurerCode, told: Awaitable[T]) -> T:
        """Answer what came of it; raises Unconfirmed when it takes too long, for it may be done."""
        try:
            async with within(self._seconds):
                return await told
        except TimeoutError:
            raise Unconfirmed(insurer) from None
