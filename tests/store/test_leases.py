"""A row is worked on by one at a time, and by somebody else once its lease ran out."""

import asyncio
from contextlib import AsyncExitStack
from datetime import datetime, timedelta
from itertools import chain

import pytest
from msgspec.structs import replace
from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncEngine

from gateway import store as stores
from gateway.claims import Claims
from gateway.store import Claimed, Conflict, Lease, LeaseLost, Store, tables
from gateway.vault import Keyring
from insurers.comparison import Inquiry
from insurers.identity import InsurerCode
from insurers.registration import RegistrationEvent
from insurers.renewal import Renewal, RenewalEvent, RenewalState
from insurers.sandbox import TestClock
from tests.store.conftest import Opener
from tests.store.invented import ACME, MATURITY, NOW, inquiry, registration, renewal

LEASE_SECONDS = 60
PATIENCE_SECONDS = 10
LATER = NOW + timedelta(seconds=LEASE_SECONDS)
DAY = timedelta(days=1)
SUBMITTING = renewal(state=RenewalState.SUBMITTING)


async def added(store: Store, journey: Renewal = SUBMITTING, due_at: datetime | None = NOW) -> None:
    async with store.work() as work:
        await work.renewals.add(journey, due_at=due_at)


async def claimed(store: Store, now: datetime = NOW, limit: int = 10) -> list[Claimed[Renewal]]:
    async with store.work() as work:
        return list(await work.renewals.claim(now, lease_seconds=LEASE_SECONDS, limit=limit))


async def test_what_is_due_is_claimed_with_a_lease(store: Store) -> None:
    await added(store)

    [taken] = await claimed(store)

    assert (SUBMITTING, 1, LATER) == (taken.aggregate, taken.attempts, taken.lease.until)


async def test_a_registration_is_claimed_like_a_renewal(store: Store) -> None:
    async with store.work() as work:
        await work.registrations.add(registration(), due_at=NOW)

    async with store.work() as work:
        [taken] = await work.registrations.claim(NOW, lease_seconds=LEASE_SECONDS, limit=1)

    assert registration() == taken.aggregate


async def test_an_inquiry_is_claimed_once_whoever_asks_is_gone(store: Store) -> None:
    asker = Lease.lasting(LEASE_SECONDS, now=NOW)
    async with store.work() as work:
        await work.inquiries.add(inquiry(), due_at=asker.until, lease=asker)

    async with store.work() as work:
        assert [] == await work.inquiries.claim(NOW, lease_seconds=LEASE_SECONDS, limit=1)
        [taken] = await work.inquiries.claim(LATER, lease_seconds=LEASE_SECONDS, limit=1)

    assert inquiry() == taken.aggregate


async def test_inquiries_that_were_left_never_take_an_insurers_last_place(store: Store) -> None:
    async with store.work() as work:
        for name in ("one", "two", "three"):
            await work.inquiries.add(inquiry(name), due_at=NOW)
    claims, alone = [
        Claims(store, TestClock(NOW, frozen=True), places={ACME: places}, lease=timedelta(minutes=2))
        for places in (2, 1)
    ]

    first, second = await claims.take({ACME: 2}), await claims.take({ACME: 1})
    due = await claims.due({ACME: 1}, within=timedelta(minutes=1))
    await added(store)
    third = await claims.take({ACME: 1})

    assert [[Inquiry], [], [Renewal]] == [
        [type(claim.aggregate) for claim in taken] for taken in (first, second, third)
    ]
    assert {} == due
    assert [Inquiry] == [type(claim.aggregate) for claim in await alone.take({ACME: 1})]


@pytest.mark.parametrize("due_at", [None, NOW + timedelta(microseconds=1)])
async def test_what_is_not_due_is_left(store: Store, due_at: datetime | None) -> None:
    await added(store, due_at=due_at)

    assert [] == await claimed(store)


async def test_what_is_leased_is_left_until_the_lease_runs_out(store: Store) -> None:
    await added(store)
    [first] = await claimed(store)

    assert [] == await claimed(store, LATER - timedelta(microseconds=1))
    [second] = await claimed(store, LATER)
    assert (SUBMITTING, 2) == (second.aggregate, second.attempts)
    assert first.lease.token != second.lease.token


async def test_the_longest_due_come_first(store: Store) -> None:
    async with store.work() as work:
        for minutes in (1, 3, 2):
            await work.registrations.add(registration(f"g{minutes}"), due_at=NOW - timedelta(minutes=minutes))

    async with store.work() as work:
        taken = await work.registrations.claim(NOW, lease_seconds=LEASE_SECONDS, limit=2)

    assert ["g3", "g2"] == [each.aggregate.id for each in taken]


async def test_what_may_have_gone_out_comes_first_and_of_those_due_together_the_term_that_ends_first(
    store: Store,
) -> None:
    minute = timedelta(minutes=1)
    states = {"silent": RenewalState.SUBMITTING, "unheard": RenewalState.UNCONFIRMED}
    dues = {
        "next month": (NOW - minute, MATURITY + 30 * DAY),
        "today": (NOW - minute, NOW + minute),
        "tomorrow": (NOW - minute, NOW + DAY),
        "longer due": (NOW - 2 * minute, MATURITY + 60 * DAY),
        "silent": (NOW, MATURITY + DAY),
        "unheard": (NOW, MATURITY),
    }
    for name, (due_at, maturity) in dues.items():
        state = states.get(name, RenewalState.QUEUED)
        await added(store, renewal(name, state=state, maturity=maturity), due_at=due_at)

    taken = [[claim.aggregate.id for claim in await claimed(store, limit=limit)] for limit in (1, 2, 9)]

    assert [["unheard"], ["silent", "longer due"], ["today", "tomorrow", "next month"]] == taken


@pytest.mark.parametrize(
    ("state", "looked", "hastened"),
    [
        (RenewalState.QUEUED, False, True),
        (RenewalState.UNCONFIRMED, False, False),
        (RenewalState.UNCONFIRMED, True, True),
        (RenewalState.READY, False, False),
    ],
)
async def test_a_new_way_in_hastens_what_waits_but_not_the_first_look_at_what_just_went_out(
    store: Store, state: RenewalState, looked: bool, hastened: bool
) -> None:
    settled = NOW + timedelta(minutes=2)
    # It was sent by a worker, at the third attempt.
    await added(store)
    for _ in range(3):
        [taken] = await claimed(store)
        async with store.work() as work:
            assert await work.renewals.give_back("r1", taken.lease)
    [taken] = await claimed(store)
    standing = replace(SUBMITTING.on(RenewalEvent.SILENCE, at=NOW), state=state)
    async with store.work() as work:
        await work.renewals.save(standing, was=1, due_at=settled, held=taken.lease)
    if looked:
        [looking] = await claimed(store, settled)
        async with store.work() as work:
            again = standing.on(RenewalEvent.SILENCE, at=settled)
            await work.renewals.save(again, was=standing.version, due_at=settled + DAY, held=looking.lease)

    async with store.work() as work:
        await work.renewals.hasten("c1", ACME, at=settled - timedelta(seconds=1))

    assert hastened == bool(await claimed(store, settled - timedelta(seconds=1)))


async def test_a_row_that_another_is_just_claiming_is_passed_over_and_not_waited_for(
    postgresql_url: str, keyring: Keyring
) -> None:
    async with (
        stores.opened(postgresql_url, keyring=keyring) as store,
        stores.opened(postgresql_url, keyring=keyring) as other,
        asyncio.timeout(PATIENCE_SECONDS),
    ):
        async with store.work() as work:
            for name in ("g1", "g2"):
                await work.registrations.add(registration(name), due_at=NOW)

        async with store.work() as first:
            [one] = await first.registrations.claim(NOW, lease_seconds=LEASE_SECONDS, limit=1)
            async with other.work() as second:
                [another] = await second.registrations.claim(NOW, lease_seconds=LEASE_SECONDS, limit=10)

    assert {"g1", "g2"} == {one.aggregate.id, another.aggregate.id}


async def test_one_insurers_rows_are_claimed_without_the_others(store: Store) -> None:
    elsewhere = InsurerCode("elsewhere")
    async with store.work() as work:
        await work.registrations.add(registration("here"), due_at=NOW)
        await work.registrations.add(replace(registration("there"), insurer=elsewhere), due_at=NOW)

    async with store.work() as work:
        [there] = await work.registrations.claim(NOW, lease_seconds=LEASE_SECONDS, limit=10, insurer=elsewhere)
        [here] = await work.registrations.claim(NOW, lease_seconds=LEASE_SECONDS, limit=10)

    assert ["here", "there"] == [here.aggregate.id, there.aggregate.id]


async def next_at(store: Store, within: timedelta = timedelta(hours=1)) -> datetime | None:
    async with store.reading() as work:
        return await work.renewals.next_at(ACME, until=NOW + within)


async def test_the_next_turn_is_what_is_due_first_and_what_is_leased_comes_when_its_lease_is_out(store: Store) -> None:
    assert await next_at(store) is None
    soon = NOW + timedelta(minutes=5)
    await added(store, renewal("soon", maturity=soon), due_at=soon)
    await added(store, renewal("later", maturity=NOW), due_at=soon + timedelta(minutes=1))
    assert soon == await next_at(store)
    assert await next_at(store, timedelta(minutes=4)) is None

    await added(store)
    assert NOW == await next_at(store)
    await claimed(store)
    assert LATER == await next_at(store)


async def test_what_is_given_back_is_there_for_another_at_once_as_if_nobody_had_claimed_it(store: Store) -> None:
    await added(store)
    [first] = await claimed(store)

    async with store.work() as work:
        assert await work.renewals.give_back("r1", first.lease)

    [second] = await claimed(store)
    assert (1, SUBMITTING) == (second.attempts, second.aggregate)
    async with store.work() as work:
        assert not await work.renewals.give_back("r1", first.lease)
    assert [] == await claimed(store)


async def test_eight_claimers_at_once_never_share_a_row(store: Store, another: Opener) -> None:
    everything = {f"g{number}" for number in range(40)}
    async with store.work() as work:
        for name in everything:
            await work.registrations.add(registration(name), due_at=NOW)

    async def work_off(own: Store) -> list[str]:
        names: list[str] = []
        while True:
            async with own.work() as work:
                taken = await work.registrations.claim(NOW, lease_seconds=LEASE_SECONDS, limit=3)
            if not taken:
                return names
            names += [each.aggregate.id for each in taken]

    async with AsyncExitStack() as open_stores:
        stores = [await open_stores.enter_async_context(another()) for _ in range(8)]
        names = list(chain.from_iterable(await asyncio.gather(*map(work_off, stores))))

    assert len(everything) == len(names)
    assert everything == set(names)


async def test_a_lease_given_by_a_save_holds_until_it_runs_out(store: Store) -> None:
    ready = renewal(state=RenewalState.READY)
    own = Lease.lasting(LEASE_SECONDS, now=NOW)
    await added(store, ready, due_at=None)
    async with store.work() as work:
        await work.renewals.save(ready.on(RenewalEvent.SUBMIT, at=NOW), was=1, due_at=NOW, lease=own)

    assert [] == await claimed(store)
    [silent] = await claimed(store, LATER)
    assert RenewalState.SUBMITTING is silent.aggregate.state


async def test_who_holds_the_lease_writes_and_sets_it_free(store: Store) -> None:
    await added(store)
    [taken] = await claimed(store)
    async with store.work() as work:
        await work.renewals.save(SUBMITTING.on(RenewalEvent.SILENCE, at=NOW), was=1, due_at=NOW, held=taken.lease)

    [again] = await claimed(store)

    # What is tried from here on is another thing, and counts anew.
    assert (RenewalState.UNCONFIRMED, 1) == (again.aggregate.state, again.attempts)
    asked = again.aggregate.on(RenewalEvent.SILENCE, at=NOW)
    async with store.work() as work:
        await work.renewals.save(asked, was=again.aggregate.version, due_at=NOW, held=again.lease)
    [once_more] = await claimed(store)
    assert (RenewalState.UNCONFIRMED, 2) == (once_more.aggregate.state, once_more.attempts)


async def test_who_lost_the_lease_writes_nothing(store: Store) -> None:
    await added(store)
    [loser] = await claimed(store)
    [winner] = await claimed(store, LATER)

    async with store.work() as work:
        with pytest.raises(LeaseLost):
            await work.renewals.save(SUBMITTING.on(RenewalEvent.ACCEPT, at=LATER), was=1, due_at=None, held=loser.lease)
        assert SUBMITTING == await work.renewals.get("r1")
        unconfirmed = SUBMITTING.on(RenewalEvent.SILENCE, at=LATER)
        await work.renewals.save(unconfirmed, was=1, due_at=None, held=winner.lease)

    async with store.reading() as work:
        assert unconfirmed == await work.renewals.get("r1")


async def test_a_person_takes_the_lease_from_the_worker_and_attempts_count_anew(store: Store) -> None:
    asked = registration()
    async with store.work() as work:
        await work.registrations.add(asked, due_at=NOW)
        [taken] = await work.registrations.claim(NOW, lease_seconds=LEASE_SECONDS, limit=1)
        answering = asked.on(RegistrationEvent.ANSWER, at=NOW)
        await work.registrations.save(answering, was=1, due_at=NOW)

    async with store.work() as work:
        with pytest.raises(LeaseLost):
            await work.registrations.save(
                asked.on(RegistrationEvent.EXPIRE, at=NOW), was=1, due_at=None, held=taken.lease
            )
        [again] = await work.registrations.claim(NOW, lease_seconds=LEASE_SECONDS, limit=1)

    assert (answering, 1) == (again.aggregate, again.attempts)


async def test_who_holds_the_lease_and_read_too_early_is_in_conflict_and_has_not_lost_it(store: Store) -> None:
    await added(store)
    [taken] = await claimed(store)

    async with store.work() as work:
        with pytest.raises(Conflict) as conflict:
            await work.renewals.save(SUBMITTING, was=7, due_at=None, held=taken.lease)

    assert Conflict is conflict.type
    assert 1 == conflict.value.current


async def test_a_row_that_cannot_be_opened_holds_up_no_other(
    store: Store, database: AsyncEngine, caplog: pytest.LogCaptureFixture
) -> None:
    async with store.work() as work:
        await work.registrations.add(registration("spoilt"), due_at=NOW - timedelta(days=1))
        await work.registrations.add(registration("sound"), due_at=NOW)
    spoilt = update(tables.registrations).where(tables.registrations.c.id == "spoilt")
    async with database.begin() as connection:
        await connection.execute(spoilt.values(body=b"\x01\x01" + bytes(40)))

    async with store.work() as work:
        taken = await work.registrations.claim(NOW, lease_seconds=LEASE_SECONDS, limit=10)

    assert ["sound"] == [each.aggregate.id for each in taken]
    assert ["registration:spoilt cannot be opened"] == [record.message for record in caplog.records]
