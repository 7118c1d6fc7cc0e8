"""Wrong attempts: counted one by one, whoever makes them at the same moment."""

import asyncio
from datetime import timedelta

from gateway.store import Store
from gateway.store.attempts import LOCKED_FOR, REMEMBERED_FOR, WRONG_AT_MOST
from tests.store.invented import ACME, NOW

MINUTE = timedelta(minutes=1)


async def tried(store: Store, times: int, *, customer: str = "c1", at: timedelta = timedelta(0)) -> int:
    """Try so often at the same moment, and answer how many tries were let through."""

    async def attempt() -> bool:
        async with store.work() as work:
            return await work.attempts.take(customer, ACME, NOW + at) is None

    return sum(await asyncio.gather(*(attempt() for _ in range(times))))


async def test_no_more_get_through_at_once_than_one_after_the_other(store: Store) -> None:
    assert WRONG_AT_MOST == await tried(store, WRONG_AT_MOST * 3)


async def test_a_lock_tells_its_end_and_ends(store: Store) -> None:
    await tried(store, WRONG_AT_MOST)

    async with store.work() as work:
        assert NOW + LOCKED_FOR == await work.attempts.take("c1", ACME, NOW + MINUTE)
    assert 0 == await tried(store, 1, at=LOCKED_FOR - MINUTE)
    assert WRONG_AT_MOST == await tried(store, WRONG_AT_MOST * 2, at=LOCKED_FOR)


async def test_one_customer_does_not_lock_out_another(store: Store) -> None:
    await tried(store, WRONG_AT_MOST)

    assert 1 == await tried(store, 1, customer="c2")


async def test_an_attempt_that_was_not_wrong_is_not_counted(store: Store) -> None:
    await tried(store, WRONG_AT_MOST)
    async with store.work() as work:
        await work.attempts.given_back("c1", ACME)

    assert 1 == await tried(store, 3)


async def test_slips_are_forgotten_when_nothing_was_tried_for_long(store: Store) -> None:
    await tried(store, WRONG_AT_MOST - 1)

    assert WRONG_AT_MOST == await tried(store, WRONG_AT_MOST * 2, at=REMEMBERED_FOR)
