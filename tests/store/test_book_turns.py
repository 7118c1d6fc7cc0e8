"""Who writes in a book waits for whoever has it, and then goes by what stands there: with PostgreSQL, all at once."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial

import pytest
from msgspec.structs import replace
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from gateway.journeys.entering import Entering
from gateway.journeys.feed_reading import Line
from gateway.journeys.feed_writing import write
from gateway.store import Store, Work
from gateway.vault import Keyring
from insurers.account import LinkState
from insurers.agency import ConsentScope, Mandate
from insurers.book import Entry, EntryStatus, Mark
from insurers.feed import FeedKind, FeedPage
from insurers.renewal import RenewalState
from tests.store.booked import AGENCY, begin, fill, record
from tests.store.databases import postgresql_migrated
from tests.store.invented import ACME, MATURITY, NOW, REF, link, renewal

TERM = record(str(REF.number), ends_at=MATURITY)
MANDATE = Mandate(id="m1", agency=AGENCY, customer="c1", scopes=frozenset(ConsentScope), granted_at=NOW)

Deed = Callable[[Work], Awaitable[object]]
Turns = Callable[[Deed, Deed], Awaitable[None]]


@pytest.fixture
def database_url() -> str:
    """SQLite has one writer at a time anyway."""
    return postgresql_migrated()


async def entry(store: Store) -> Entry:
    async with store.reading() as work:
        return (await work.book.entries(["1"]))["1"]


@pytest.fixture
def one_after_the_other(store: Store, database: AsyncEngine) -> Turns:
    """Have the second wait for the first, which commits as soon as that is so."""
    return partial(_turns, store, database)


async def _turns(store: Store, database: AsyncEngine, first: Deed, second: Deed) -> None:
    has, over = asyncio.Event(), asyncio.Event()

    async def leading() -> None:
        async with store.work() as work:
            await first(work)
            has.set()
            await over.wait()

    async def following() -> None:
        await has.wait()
        async with store.work() as work:
            await second(work)

    async def watching() -> None:
        await has.wait()
        async with database.connect() as connection:
            while not await connection.scalar(text("SELECT count(*) FROM pg_locks WHERE NOT granted")):
                pass
        over.set()

    async with asyncio.timeout(10):
        await asyncio.gather(leading(), following(), watching())


async def running(store: Store, keyring: Keyring) -> None:
    """A customer who lets the agency act, and whose application is on its way."""
    await fill(store, keyring, [TERM])
    async with store.work() as work:
        await work.links.put(link(state=LinkState.LINKED))
        await work.known.note("c1", ACME, [REF.number], at=NOW)
        await work.mandates.add(MANDATE)
        await work.renewals.add(renewal(state=RenewalState.SUBMITTING), due_at=None)


async def accepted(work: Work) -> None:
    await work.renewals.save(renewal(state=RenewalState.ACCEPTED, version=2), was=1, due_at=None)


async def test_an_agents_mark_undoes_no_acceptance(store: Store, keyring: Keyring, one_after_the_other: Turns) -> None:
    await running(store, keyring)

    await one_after_the_other(accepted, lambda work: work.book.mark(AGENCY, [1], Mark.REFERRED, NOW))

    found = await entry(store)
    assert (EntryStatus.ACCEPTED, Mark.REFERRED) == (found.status, found.mark)


async def test_a_feed_undoes_no_acceptance(store: Store, keyring: Keyring, one_after_the_other: Turns) -> None:
    await running(store, keyring)

    async def told(work: Work) -> None:
        reading = await begin(work)
        entering = Entering(keyring, AGENCY, ACME, {})
        other = replace(TERM, vehicle="別の車")
        page = FeedPage(kind=FeedKind.FULL, as_of=NOW, records=(other,), lines=(1,), flaws=(), read=1, after=None)
        await write(work, reading, page, [Line(1, other, entering.stub(other))], entering, NOW)

    await one_after_the_other(accepted, told)

    found = await entry(store)
    assert (EntryStatus.ACCEPTED, "別の車") == (found.status, found.record.vehicle)


async def test_a_renewal_that_goes_on_is_not_shown_again_after_a_revocation(
    store: Store, keyring: Keyring, one_after_the_other: Turns
) -> None:
    await running(store, keyring)

    await one_after_the_other(lambda work: work.mandates.revoke("m1", NOW), accepted)

    assert EntryStatus.NOT_STARTED is (await entry(store)).status


async def test_a_consent_finds_what_a_feed_is_just_telling_of(
    store: Store, keyring: Keyring, one_after_the_other: Turns
) -> None:
    await fill(store, keyring, [record("A1")])
    async with store.work() as work:
        await work.links.put(link(state=LinkState.LINKED))
        await work.known.note("c1", ACME, [REF.number], at=NOW)
        await work.renewals.add(renewal(state=RenewalState.READY), due_at=None)

    async def told(work: Work) -> None:
        reading = await begin(work)
        entering = Entering(keyring, AGENCY, ACME, {})
        page = FeedPage(kind=FeedKind.FULL, as_of=NOW, records=(TERM,), lines=(1,), flaws=(), read=1, after=None)
        await write(work, reading, page, [Line(1, TERM, entering.stub(TERM))], entering, NOW)

    await one_after_the_other(told, lambda work: work.mandates.add(MANDATE))

    async with store.reading() as work:
        assert EntryStatus.READY is (await work.book.entries(["2"]))["2"].status
