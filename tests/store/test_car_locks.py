"""Of all who would insure one car for one time, one applies (P-1)."""

import asyncio
from contextlib import AsyncExitStack
from datetime import timedelta

import pytest
from msgspec.structs import replace
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine

from gateway.store import CarTaken, Conflict, Store, tables
from insurers.identity import InsurerCode, PolicyNumber, PolicyRef
from insurers.renewal import Renewal, RenewalState
from tests.store.conftest import Opener
from tests.store.invented import MATURITY, NOW, renewal

S = RenewalState
PLATE, SAME_PLATE = "品川 500 す 77-01", "品川　５００　ス　７７−０１"
OTHER = InsurerCode("other")
HOLDING = (S.QUEUED, S.SUBMITTING, S.UNCONFIRMED)


def here(name: str = "here", **changes: object) -> Renewal:
    return renewal(name, **({"plate": PLATE, "state": S.READY} | changes))


def there(name: str = "there", **changes: object) -> Renewal:
    """A renewal of another policy at another insurer, for the same car."""
    ref = PolicyRef(OTHER, PolicyNumber(name.upper()))
    return renewal(name, **({"plate": SAME_PLATE, "state": S.READY, "ref": ref} | changes))


async def added(store: Store, *renewals: Renewal) -> None:
    async with store.work() as work:
        for one in renewals:
            await work.renewals.add(one, due_at=None)


async def moved(store: Store, one: Renewal, state: RenewalState) -> Renewal:
    after = replace(one, state=state, version=one.version + 1)
    async with store.work() as work:
        await work.renewals.save(after, was=one.version, due_at=None)
    return after


@pytest.mark.parametrize("state", RenewalState)
async def test_a_car_is_taken_while_an_application_may_reach_or_has_reached_an_insurer(
    store: Store, state: RenewalState
) -> None:
    await added(store, here(), there())
    held = await moved(store, here(), S.QUEUED)
    await moved(store, held, state)

    if state in (*HOLDING, S.ACCEPTED):
        with pytest.raises(CarTaken) as taken:
            await moved(store, there(), S.SUBMITTING)
        assert here().ref.insurer == taken.value.insurer
    else:
        await moved(store, there(), S.SUBMITTING)


async def test_whose_affair_it_is_not_is_not_told_where_the_car_is_insured(store: Store) -> None:
    await added(store, here(), there(customer="c2"))
    await moved(store, here(), S.QUEUED)

    with pytest.raises(CarTaken) as taken:
        await moved(store, there(customer="c2"), S.QUEUED)

    assert taken.value.insurer is None


async def test_whoever_is_refused_a_car_is_as_before_and_the_block_goes_on(store: Store) -> None:
    await added(store, here(), there())
    await moved(store, here(), S.QUEUED)

    async with store.work() as work:
        with pytest.raises(CarTaken):
            await work.renewals.save(there(state=S.QUEUED, version=2), was=1, due_at=NOW)
        await work.renewals.save(there(state=S.WITHDRAWN, version=2), was=1, due_at=None)

    async with store.reading() as work:
        assert there(state=S.WITHDRAWN, version=2) == await work.renewals.get("there")


async def test_whoever_moves_an_old_version_takes_no_car(store: Store) -> None:
    await added(store, here(), there())

    async with store.work() as work:
        with pytest.raises(Conflict):
            await work.renewals.save(here(state=S.QUEUED, version=9), was=8, due_at=None)

    await moved(store, there(), S.QUEUED)


async def test_next_year_the_car_may_be_renewed_again(store: Store) -> None:
    a_year_later = MATURITY + timedelta(days=365)
    await added(store, here(), here("next", maturity=a_year_later), there("late", maturity=a_year_later))
    accepted = await moved(store, await moved(store, here(), S.SUBMITTING), S.ACCEPTED)

    following = await moved(store, here("next", maturity=a_year_later), S.QUEUED)

    with pytest.raises(CarTaken):
        await moved(store, there("late", maturity=a_year_later), S.QUEUED)
    await moved(store, following, S.WITHDRAWN)
    # This year's cover stands, whatever became of next year's application.
    await added(store, there())
    with pytest.raises(CarTaken):
        await moved(store, there(), S.QUEUED)
    assert S.ACCEPTED is accepted.state


@pytest.mark.parametrize(("overlap", "free"), [(timedelta(days=30), True), (timedelta(days=30, seconds=1), False)])
async def test_one_contract_may_end_a_month_into_the_next(store: Store, overlap: timedelta, free: bool) -> None:
    later = there(maturity=MATURITY + timedelta(days=365) - overlap)
    await added(store, here(), later)
    await moved(store, await moved(store, here(), S.SUBMITTING), S.ACCEPTED)

    if free:
        await moved(store, later, S.SUBMITTING)
    else:
        with pytest.raises(CarTaken):
            await moved(store, later, S.SUBMITTING)


async def test_what_an_insurer_accepted_is_written_down_although_the_car_is_taken(store: Store) -> None:
    """An agency may apply on paper for what was referred to it; that is a fact and no wish."""
    await added(store, here(), there(state=S.REFERRED))
    await moved(store, here(), S.QUEUED)

    accepted = await moved(store, there(state=S.REFERRED), S.ACCEPTED)

    assert S.ACCEPTED is accepted.state
    with pytest.raises(CarTaken):
        await moved(store, here(state=S.QUEUED, version=2), S.SUBMITTING)


@pytest.mark.parametrize("plate", [None, "", "登録未了"])
async def test_a_car_without_a_plate_is_nobody_elses(store: Store, database: AsyncEngine, plate: str | None) -> None:
    await added(store, here(plate=plate), there(plate=plate))

    await moved(store, here(plate=plate), S.QUEUED)
    await moved(store, there(plate=plate), S.QUEUED)

    async with database.connect() as connection:
        assert [] == (await connection.execute(select(tables.cars))).all()


async def test_no_plate_lies_in_the_clear(store: Store, database: AsyncEngine) -> None:
    await added(store, here())
    await moved(store, here(), S.QUEUED)

    async with database.connect() as connection:
        [row] = (await connection.execute(select(tables.cars))).all()
    assert 64 == len(row.car)
    assert "7701" not in repr(row)


async def test_of_eight_insurers_at_once_one_gets_the_car(store: Store, another: Opener) -> None:
    rivals = [there(f"r{number}", customer=f"c{number}") for number in range(8)]
    await added(store, *rivals)

    async def apply(own: Store, one: Renewal) -> bool:
        try:
            await moved(own, one, S.SUBMITTING)
        except CarTaken:
            return False
        return True

    async with AsyncExitStack() as open_stores:
        stores = [await open_stores.enter_async_context(another()) for _ in rivals]
        for _ in range(5):
            won = await asyncio.gather(*(apply(own, one) for own, one in zip(stores, rivals, strict=True)))
            assert 1 == sum(won)
            winner = rivals[won.index(True)]
            ready = await moved(stores[0], replace(winner, state=S.SUBMITTING, version=winner.version + 1), S.READY)
            rivals[won.index(True)] = ready


async def test_whoever_waits_for_the_other_block_finds_what_it_wrote(store: Store, another: Opener) -> None:
    """The second statement stands at the database while the first block is still open."""
    await added(store, here(), there())
    second: asyncio.Task[Renewal] | None = None

    async with another() as other:
        async with store.work() as work:
            await work.renewals.save(here(state=S.QUEUED, version=2), was=1, due_at=None)
            second = asyncio.create_task(moved(other, there(), S.QUEUED))
            waiting, _ = await asyncio.wait([second], timeout=0.2)
            assert set() == waiting
        with pytest.raises(CarTaken):
            await second
