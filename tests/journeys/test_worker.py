"""A worker rests until something is due, is woken by news, and takes no more of an insurer than it has places for."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from itertools import count
from uuid import uuid4

import pytest
from msgspec.structs import replace
from sqlalchemy import text

from gateway import events, store
from gateway.claims import Claims
from gateway.serving import beside
from gateway.settings import Settings
from gateway.store import Store, engines
from gateway.store.backlog import Pile
from gateway.vault import Keyring
from insurers.identity import InsurerCode, PolicyRef
from insurers.panel import find
from insurers.registration import Registration, RegistrationState
from insurers.renewal import Renewal, RenewalState
from insurers.sandbox import FAULTS, Fault, TestClock
from tests.api.conftest import CODES, FRIDAY, Town
from tests.api.frontend import Frontend, Json
from tests.journeys.insurer import PATIENCE_SECONDS, AnInsurer, on_both_databases
from tests.journeys.slow_post import SlowPost
from tests.store import invented

SOON = timedelta(seconds=0.3)
SHORT_SECONDS = 0.1

# How long an insurer thinks that is stuck: longer than it takes to look at all else.
THINKING_SECONDS = 8.0

# Longer than any test waits, so whoever is awake before was woken.
NEVER_SECONDS = 60.0

# Of each term there is one living renewal, so each that is made here is of another.
TERMS = (invented.MATURITY + timedelta(days=day) for day in count())

# Two insurers, of which the worker knows no more than that they are two.
STUCK, SERVED = CODES[0], CODES[-1]

# This one posts its mail before it answers, so whoever keeps the postman waiting holds its answer back.
posts_first = pytest.mark.parametrize("code", [CODES[0]])


@pytest.fixture
def clock() -> TestClock:
    """A clock that runs: somebody who rests cannot wait for one that stands still."""
    return TestClock(FRIDAY)


@pytest.fixture
def rest_seconds() -> float:
    return NEVER_SECONDS


@pytest.fixture
def grace_seconds() -> float:
    return NEVER_SECONDS


@pytest.fixture
def settings(settings: Settings, rest_seconds: float, grace_seconds: float) -> Settings:
    return settings.model_copy(update={"worker_rest_seconds": rest_seconds, "worker_grace_seconds": grace_seconds})


@pytest.fixture
def code() -> InsurerCode:
    """One insurer: how it rests is the worker's own affair."""
    return SERVED


@pytest.fixture
async def kept(town: Town, settings: Settings) -> AsyncIterator[Store]:
    """The gateway's own store, through a door of its own, as another process has it."""
    assert settings.vault_keys is not None
    url = settings.database_url.get_secret_value()
    keyring = Keyring.parse(settings.vault_keys.get_secret_value())
    async with events.opened(url) as bus, store.opened(url, keyring=keyring, bus=bus) as opened:
        yield opened


@pytest.fixture(autouse=True)
def open_door(town: Town, letterbox: SlowPost) -> Iterator[None]:
    """A postman who is still waiting when a test has failed would hold its end up."""
    yield
    letterbox.let_in()


def unconfirmed(insurer: InsurerCode, customer: str = "nobody") -> Renewal:
    """An application whose fate is to be asked for. Nobody's has no account, so a look at it takes but an instant."""
    ref = PolicyRef(insurer, invented.REF.number)
    term = next(TERMS)
    return invented.renewal(
        str(uuid4()), ref=ref, customer=customer, maturity=term, state=RenewalState.UNCONFIRMED, successor=None
    )


async def add(kept: Store, *renewals: Renewal, due_at: datetime) -> None:
    async with kept.work() as work:
        for renewal in renewals:
            await work.renewals.add(renewal, due_at=due_at)


async def pile(kept: Store, insurer: InsurerCode, now: datetime) -> Pile:
    async with kept.reading() as work:
        (found,) = [
            pile
            for pile in await work.backlog.piles(now)
            if pile.insurer == insurer and pile.state == RenewalState.UNCONFIRMED
        ]
    return found


async def version(kept: Store, renewal: Renewal) -> int:
    async with kept.reading() as work:
        found = await work.renewals.get(renewal.id)
    return found.version if found else 0


async def moved(kept: Store, renewal: Renewal) -> bool:
    return await version(kept, renewal) > renewal.version


async def until(read: Callable[[], Awaitable[bool]]) -> None:
    """Ask again and again; what a worker does is told to nobody who could be waited for."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not await read():
            pass


async def become(customer: Frontend, renewal: Json, status: str) -> None:
    async def read() -> bool:
        return bool(status == (await customer.read(renewal))["status"])

    await until(read)


async def unheard(customer: Frontend, insurer: AnInsurer, ready: Json) -> None:
    """Press, and hear nothing."""
    insurer.order(insurer.places.button, Fault.SILENCE)
    assert "UNCONFIRMED" == (await customer.submit(ready))["renewal"]["status"]


async def queued(customer: Frontend, insurer: AnInsurer, ready: Json) -> datetime:
    """Wait for an insurer that is too busy; answer until when."""
    insurer.order(insurer.places.door, Fault.BUSY, times=2)
    waiting = (await customer.submit(ready))["renewal"]
    insurer.calm()
    assert "QUEUED" == waiting["status"]
    return datetime.fromisoformat(waiting["willSubmitAt"])


async def test_a_worker_looks_up_by_itself_when_something_is_due(
    town: Town, taro: Frontend, insurer: AnInsurer, ready: Json
) -> None:
    await unheard(taro, insurer, ready)
    town.clock.advance(insurer.settles_within - SOON)

    async with beside(town.gateway.worker.run()):
        await become(taro, ready, "ACCEPTED")

    assert 1 == insurer.presses


@on_both_databases
async def test_a_worker_that_rests_is_woken_by_news(
    town: Town, taro: Frontend, kept: Store, address_of_database: str
) -> None:
    first, second = unconfirmed(SERVED), unconfirmed(SERVED)
    await add(kept, first, due_at=town.clock())

    async with beside(town.gateway.worker.run()):
        await until(partial(moved, kept, first))
        await add(kept, second, due_at=town.clock())
        if not address_of_database.startswith("postgresql"):
            # There nobody hears of another process; in its own, whatever is written is news.
            await taro.begin(SERVED)
        await until(partial(moved, kept, second))


@pytest.mark.parametrize("rest_seconds", [SHORT_SECONDS])
async def test_a_clock_that_jumps_and_news_that_is_lost_are_made_up_for_within_the_longest_rest(
    town: Town, kept: Store
) -> None:
    tomorrow, unheard_of = unconfirmed(SERVED), unconfirmed(SERVED)
    await add(kept, tomorrow, due_at=town.clock() + timedelta(days=1))

    async with beside(town.gateway.worker.run()):
        town.clock.advance(timedelta(days=1))
        await until(partial(moved, kept, tomorrow))
        # On SQLite no other process hears of what is written here.
        await add(kept, unheard_of, due_at=town.clock())
        await until(partial(moved, kept, unheard_of))


async def account_holder(kept: Store, customer: Frontend) -> str:
    """Answer our id of a customer, who has a renewal."""
    await customer.register(STUCK)
    await customer.start(STUCK)
    far = FRIDAY + timedelta(days=3650)
    async with kept.work() as work:
        (begun,) = await work.renewals.claim(far, lease_seconds=1, limit=1)
        assert await work.renewals.give_back(begun.aggregate.id, begun.lease)
    return begun.aggregate.customer


@pytest.mark.parametrize("grace_seconds", [0.0])
async def test_a_stuck_insurer_takes_no_place_from_another_and_what_is_broken_off_is_given_back(
    town: Town, taro: Frontend, kept: Store
) -> None:
    holder = await account_holder(kept, taro)
    places = find(STUCK).MANIFEST.journeys_at_once
    stuck = [unconfirmed(STUCK, holder) for _ in range(places + 2)]
    served = [unconfirmed(SERVED) for _ in range(3)]
    slow = town.houses[STUCK][0]
    for place in {resource.canonical for resource in slow.router.resources()}:
        slow[FAULTS].plan(place, Fault.SLOW, times=99, seconds=THINKING_SECONDS)
    await add(kept, *stuck, due_at=town.clock() - timedelta(minutes=1))
    await add(kept, *served, due_at=town.clock())

    async with beside(town.gateway.worker.run()):
        for renewal in served:
            await until(partial(moved, kept, renewal))
        during = await pile(kept, STUCK, town.clock())
    after = await pile(kept, STUCK, town.clock())

    assert (places, 2) == (during.leased, during.late)
    assert (0, places + 2) == (after.leased, after.late)
    async with kept.work() as work:
        again = await work.renewals.claim(town.clock(), lease_seconds=1, limit=places + 2, insurer=STUCK)
    assert {(1, 1)} == {(claimed.attempts, claimed.aggregate.version) for claimed in again}


@posts_first
@on_both_databases
async def test_a_worker_that_stood_still_beyond_its_lease_writes_nothing(
    town: Town,
    taro: Frontend,
    insurer: AnInsurer,
    ready: Json,
    settings: Settings,
    letterbox: SlowPost,
    kept: Store,
    capsys: pytest.CaptureFixture[str],
) -> None:
    town.clock.set(await queued(taro, insurer, ready))
    letterbox.keep_waiting()
    frozen = asyncio.create_task(town.gateway.worker.turn())
    await letterbox.knock()
    town.clock.advance(timedelta(seconds=settings.worker_lease_seconds))
    # Another has taken it over, and has not written anything yet: the version is still the same.
    async with kept.work() as work:
        [taken] = await work.renewals.claim(town.clock(), lease_seconds=NEVER_SECONDS, limit=9)

    letterbox.let_in()
    # It hears that the application was accepted, and that is no longer its business.
    assert 1 == await frozen

    assert "lease lost" in capsys.readouterr().out
    assert "SUBMITTING" == (await taro.read(ready))["status"]
    async with kept.work() as work:
        assert await work.renewals.give_back(taken.aggregate.id, taken.lease)
    assert 1 == await town.gateway.worker.turn()
    assert "UNCONFIRMED" == (await taro.read(ready))["status"]
    town.clock.advance(insurer.settles_within)
    assert 1 == await town.gateway.worker.turn()
    assert "ACCEPTED" == (await taro.read(ready))["status"]
    assert 1 == insurer.presses


@posts_first
async def test_who_is_told_to_stop_claims_nothing_more_and_lets_what_is_at_the_button_finish(
    town: Town, taro: Frontend, insurer: AnInsurer, ready: Json, letterbox: SlowPost, kept: Store
) -> None:
    late = unconfirmed(SERVED)
    town.clock.set(await queued(taro, insurer, ready))
    letterbox.keep_waiting()
    working = asyncio.create_task(town.gateway.worker.run())
    await letterbox.knock()

    working.cancel()
    await add(kept, late, due_at=town.clock())
    letterbox.let_in()
    with suppress(asyncio.CancelledError):
        await working

    assert "ACCEPTED" == (await taro.read(ready))["status"]
    assert 1 == insurer.presses
    found = await pile(kept, SERVED, town.clock())
    assert (1, 0) == (found.late, found.leased)


async def test_whenever_it_is_told_to_stop_nothing_is_left_leased(town: Town, kept: Store) -> None:
    due = unconfirmed(SERVED)
    await add(kept, due, due_at=town.clock())
    stops = 0
    # A little later every time, until it gets through; each look takes about as long as one statement of the worker's.
    while not await moved(kept, due):
        working = asyncio.create_task(town.gateway.worker.run())
        for _ in range(2 * stops):
            await version(kept, due)
        working.cancel()
        with suppress(asyncio.CancelledError):
            await working
        stops += 1

        assert 0 == (await pile(kept, SERVED, town.clock())).leased

    assert stops > 1


# The database will not let a question die.
STUBBORN = """CREATE TRIGGER stubborn BEFORE UPDATE OF state ON registrations
BEGIN SELECT RAISE(ABORT, 'not this one'); END"""


async def test_deadlines_that_cannot_be_minded_stop_nothing_else(
    town: Town, kept: Store, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = invented.registration(challenge=replace(invented.CHALLENGE, expires_at=FRIDAY - SOON))
    due = unconfirmed(SERVED)
    async with kept.work() as work:
        await work.registrations.add(asked, due_at=None)
    url = settings.database_url.get_secret_value()
    async with engines.opened(url) as databases, databases.writer.begin() as connection:
        await connection.execute(text(STUBBORN))
    await add(kept, due, due_at=town.clock())

    async with beside(town.gateway.worker.run()):
        await until(partial(moved, kept, due))

    assert "the deadlines could not be minded" in capsys.readouterr().out


async def test_renewals_and_registrations_have_the_first_choice_by_turns(kept: Store) -> None:
    await add(kept, *(unconfirmed(SERVED) for _ in range(3)), due_at=FRIDAY - timedelta(minutes=1))
    async with kept.work() as work:
        for name in ("one", "other"):
            silent = invented.registration(name, insurer=SERVED, state=RegistrationState.SENDING)
            await work.registrations.add(silent, due_at=FRIDAY)
    claims = Claims(kept, TestClock(FRIDAY, frozen=True), places={SERVED: 1}, lease=timedelta(minutes=2))

    taken = [await claims.take({SERVED: 1}) for _ in range(5)]

    kinds = [type(claim.aggregate) for (claim,) in taken]
    assert [Registration, Renewal, Registration, Renewal, Renewal] == kinds
