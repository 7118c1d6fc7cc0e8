"""What each single change of a plan would cost, a few at a time."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

from insurers.coverage import CoverageChange
from insurers.errors import ErrorCode, Rejected
from insurers.plan import Plan
from insurers.sompo.desk import CONCURRENT_REQUESTS

# One place is left for whoever wants to know something else meanwhile.
AT_ONCE = CONCURRENT_REQUESTS - 1

Changes = tuple[CoverageChange, ...]
Quote = Callable[[Changes], Awaitable[Sequence[Plan]]]


async def varied(quote: Quote, beside: Changes, changes: Sequence[CoverageChange]) -> Sequence[Plan | None]:
    """
    Quote once for each of *changes*, made alone and beside those of the query; None is one that is not offered.

    Raises:
        InsurerError: any by which *quote* ends for another reason, or for the query as it stands.
    """
    places = asyncio.Semaphore(AT_ONCE)

    async def alone(change: CoverageChange) -> Plan | None:
        others = tuple(other for other in beside if other.kind is not change.kind)
        async with places:
            try:
                (plan,) = await quote((*others, change))
            except Rejected as error:
                if error.code is ErrorCode.PLAN_NOT_OFFERED:
                    return None
                raise
            return plan

    # All of them end before an error is told, so that nothing is asked behind it.
    found = await asyncio.gather(*(alone(change) for change in changes), return_exceptions=True)
    told: list[Plan | None] = []
    for one in found:
        if isinstance(one, BaseException):
            raise one
        told.append(one)
    if None in told:
        # It may be the plan, or the query's own changes, that are not offered.
        await quote(beside)
    return told
