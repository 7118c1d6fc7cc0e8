"""Who read an older version writes nothing, and a term is renewed once."""

import asyncio
from contextlib import AsyncExitStack

import pytest

from gateway.store import AlreadyLiving, Conflict, Store
from insurers.registration import RegistrationEvent
from insurers.renewal import RenewalEvent, RenewalState
from tests.store.conftest import Opener
from tests.store.invented import MATURITY, NOW, REF, registration, renewal


async def test_a_save_replaces_what_was_read(store: Store) -> None:
    moved = renewal().on(RenewalEvent.REFER, at=NOW)
    async with store.work() as work:
        await work.renewals.add(renewal(), due_at=None)
        await work.renewals.save(moved, was=1, due_at=None)

    async with store.reading() as work:
        assert moved == await work.renewals.get("r1")


async def test_the_slower_of_two_is_told_the_version_that_stands(store: Store) -> None:
    asked = registration()
    async with store.work() as work:
        await work.registrations.add(asked, due_at=None)
        await work.registrations.save(asked.on(RegistrationEvent.ANSWER, at=NOW), was=1, due_at=None)

    async with store.work() as work:
        with pytest.raises(Conflict) as conflict:
            await work.registrations.save(asked.on(RegistrationEvent.CANCEL, at=NOW), was=1, due_at=None)

    assert 2 == conflict.value.current
    async with store.reading() as work:
        assert asked.on(RegistrationEvent.ANSWER, at=NOW) == await work.registrations.get("g1")


async def test_what_was_never_added_cannot_be_saved(store: Store) -> None:
    async with store.work() as work:
        with pytest.raises(Conflict) as conflict:
            await work.renewals.save(renewal(version=2), was=1, due_at=None)

    assert conflict.value.current is None


async def test_of_eight_that_move_one_renewal_at_once_one_succeeds(store: Store, another: Opener) -> None:
    async with store.work() as work:
        await work.renewals.add(renewal(), due_at=None)

    async def move(own: Store) -> bool:
        async with own.work() as work:
            try:
                await work.renewals.save(renewal().on(RenewalEvent.REFER, at=NOW), was=1, due_at=None)
            except Conflict:
                return False
        return True

    async with AsyncExitStack() as open_stores:
        stores = [await open_stores.enter_async_context(another()) for _ in range(8)]

        assert 1 == sum(await asyncio.gather(*map(move, stores)))


async def test_of_eight_that_begin_one_term_at_once_one_succeeds(another: Opener) -> None:
    async def begin(own: Store, number: int) -> bool:
        try:
            async with own.work() as work:
                await work.renewals.add(renewal(f"r{number}", customer=f"c{number}"), due_at=None)
        except AlreadyLiving:
            return False
        return True

    async with AsyncExitStack() as open_stores:
        stores = [await open_stores.enter_async_context(another()) for _ in range(8)]
        begun = await asyncio.gather(*(begin(own, number) for number, own in enumerate(stores)))
        async with stores[0].reading() as work:
            standing = await work.renewals.living(REF, MATURITY)

    assert 1 == sum(begun)
    assert standing is not None
    assert f"r{begun.index(True)}" == standing.id


async def test_whoever_is_refused_a_term_reads_the_one_that_stands_in_the_same_block(store: Store) -> None:
    async with store.work() as work:
        await work.renewals.add(renewal("r1"), due_at=None)

    async with store.work() as work:
        with pytest.raises(AlreadyLiving):
            await work.renewals.add(renewal("r2", customer="c2"), due_at=None)

        assert renewal("r1") == await work.renewals.living(REF, MATURITY)


@pytest.mark.parametrize("state", RenewalState)
async def test_only_a_term_that_was_given_up_is_free_again(store: Store, state: RenewalState) -> None:
    async with store.work() as work:
        await work.renewals.add(renewal("r1", state=state), due_at=None)

    async with store.work() as work:
        if state in (RenewalState.WITHDRAWN, RenewalState.LAPSED):
            await work.renewals.add(renewal("r2"), due_at=None)
        else:
            with pytest.raises(AlreadyLiving):
                await work.renewals.add(renewal("r2"), due_at=None)


async def test_an_undone_block_leaves_nothing(store: Store) -> None:
    async def fail() -> None:
        async with store.work() as work:
            await work.renewals.add(renewal(), due_at=None)
            raise InterruptedError

    with pytest.raises(InterruptedError):
        await fail()

    async with store.reading() as work:
        assert await work.renewals.get("r1") is None


async def test_a_reading_block_sees_one_moment(store: Store) -> None:
    async with store.reading() as reading:
        before = await reading.renewals.of("c1")
        async with store.work() as work:
            await work.renewals.add(renewal(), due_at=None)

        assert before == await reading.renewals.of("c1")

    async with store.reading() as reading:
        assert [renewal()] == await reading.renewals.of("c1")


async def test_a_reading_block_cannot_write(store: Store) -> None:
    with pytest.raises(Exception, match=r"read-?only"):
        async with store.reading() as work:
            await work.renewals.add(renewal(), due_at=None)


async def test_writers_wait_for_their_turn(store: Store) -> None:
    async def begin(number: int) -> None:
        async with store.work() as work:
            await work.registrations.add(registration(f"g{number}"), due_at=NOW)

    await asyncio.gather(*map(begin, range(100)))

    async with store.work() as work:
        assert 100 == len(await work.registrations.claim(NOW, lease_seconds=1, limit=1000))
