"""What is told of a call that came to nothing, and what it means."""

import asyncio
from collections.abc import Callable

import pytest

from insurers.account import Access
from insurers.adapter import Insurer
from insurers.errors import Unavailable
from insurers.exchange import Exchange, Outcome
from insurers.http import BREAKER_FAILURES, READ_ATTEMPTS
from insurers.identity import PolicyNumber
from insurers.sandbox import Fault

CONTRACT = "/portal/keiyaku/{shoken_no}"

Faults = Callable[..., None]


async def test_an_overloaded_insurer_is_counted_as_busy_and_asked_once_more(
    insurer: Insurer, access: Access, known: PolicyNumber, faults: Faults, told: list[Exchange]
) -> None:
    told.clear()
    faults(CONTRACT, Fault.BUSY)

    assert known in await insurer.policies(access, [known])
    assert [Outcome.BUSY, Outcome.ANSWERED] == [exchange.outcome for exchange in told]


async def test_an_insurer_that_stays_overloaded_is_left_alone_for_a_while(
    insurer: Insurer, access: Access, known: PolicyNumber, faults: Faults, told: list[Exchange]
) -> None:
    faults(CONTRACT, Fault.BUSY, times=2 * BREAKER_FAILURES)
    for _ in range(BREAKER_FAILURES):
        with pytest.raises(Unavailable):
            await insurer.policies(access, [known])
    told.clear()

    with pytest.raises(Unavailable):
        await insurer.policies(access, [known])

    assert [] == told


async def test_a_reading_that_failed_leaves_its_caller_s_deadline_a_deadline(
    insurer: Insurer, access: Access, known: PolicyNumber, unknown: PolicyNumber, faults: Faults
) -> None:
    faults(CONTRACT, Fault.BUSY, times=2 * READ_ATTEMPTS)

    async def read_and_wait() -> None:
        async with asyncio.timeout(None) as deadline:
            with pytest.raises(Unavailable):
                await insurer.policies(access, [known, unknown])
            deadline.reschedule(asyncio.get_running_loop().time())
            await asyncio.Event().wait()

    with pytest.raises(TimeoutError):
        await read_and_wait()
