"""What two processes do to one account at once: nothing that was taken out comes back, and no newer key is lost."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from datetime import datetime, timedelta
from threading import Thread

import pytest
from msgspec.structs import replace

from gateway import store as stores
from gateway.journeys.accounts import Accounts
from gateway.journeys.guarding import Guard
from gateway.journeys.knowing import Knowing, Known
from gateway.journeys.orders import Orders
from gateway.journeys.patience import Patience
from gateway.store import Store, Work
from gateway.vault import Keyring
from insurers.account import Access, Active, Link, LinkState
from insurers.errors import AccessDenied, NotOffered
from insurers.identity import InsurerCode, PolicyNumber
from insurers.panel import Clock, Panel
from insurers.policy import Policy
from insurers.renewal import RenewalState
from insurers.sandbox import TestClock
from schema.ports import Asker, Role
from tests.journeys.keys import CUSTOMER, key
from tests.store.databases import database_url
from tests.store.invented import ACME, NOW, REF, link, renewal

__all__ = ["database_url"]

KEYRING = Keyring.fresh()
# Whoever need not wait for another's transaction is done by then.
SOON_SECONDS = 0.3

NEWER = Access(insurer=ACME, secret=b"newer")
OPEN = replace(link(), state=LinkState.LINKED, challenge=None)

ASKER = Asker(
    customer=CUSTOMER,
    actor=CUSTOMER,
    display_name="",
    actor_name="",
    name=None,
    roles=frozenset({Role.CUSTOMER}),
    expires_at=NOW + timedelta(days=1),
)


class Meanwhile:
    """A clock that, when it is first looked at, has another process do something, and waits for it a moment."""

    def __init__(self, url: str, deed: Callable[[Work], Awaitable[object]]) -> None:
        self._thread = Thread(target=lambda: asyncio.run(self._done(url, deed)))
        self._begun = False

    def __call__(self) -> datetime:
        if not self._begun:
            self._begun = True
            self._thread.start()
            self._thread.join(SOON_SECONDS)
        return NOW

    async def over(self) -> None:
        assert self._begun
        await asyncio.to_thread(self._thread.join)

    async def _done(self, url: str, deed: Callable[[Work], Awaitable[object]]) -> None:
        async with stores.opened(url, keyring=KEYRING) as others, others.work() as work:
            await deed(work)


@pytest.fixture
async def store(database_url: str) -> AsyncIterator[Store]:
    async with stores.opened(database_url, keyring=KEYRING, migrate=True) as store:
        async with store.work() as work:
            await work.links.put(OPEN)
        yield store


def accounts(store: Store, clock: Clock) -> Accounts:
    patience, still = Patience(timedelta(seconds=9), chance=lambda: 0.5), TestClock(NOW, frozen=True)
    return Accounts(store, Panel({}), clock, Orders(store, still), Guard(still), patience)


async def standing(store: Store) -> Link | None:
    async with store.reading() as work:
        return await work.links.at(CUSTOMER, ACME)


async def test_trouble_of_an_account_brings_nothing_back_that_is_taken_out(store: Store, database_url: str) -> None:
    meanwhile = Meanwhile(database_url, lambda work: work.links.delete(OPEN.id, at=NOW))

    await accounts(store, meanwhile).noted(CUSTOMER, AccessDenied(ACME), refused=OPEN.access)
    await meanwhile.over()

    assert await standing(store) is None


async def test_a_key_that_was_refused_takes_no_newer_one_along(store: Store, database_url: str) -> None:
    opened = replace(OPEN, access=NEWER)
    meanwhile = Meanwhile(database_url, lambda work: work.links.put(opened))

    await accounts(store, meanwhile).noted(CUSTOMER, AccessDenied(ACME), refused=OPEN.access)
    await meanwhile.over()

    assert opened == await standing(store)


async def test_nobody_presses_a_button_with_an_account_that_is_taken_out(store: Store, database_url: str) -> None:
    ready = renewal(state=RenewalState.READY)
    async with store.work() as work:
        await work.renewals.add(ready, due_at=None)
    pressing = replace(ready, state=RenewalState.SUBMITTING, version=ready.version + 1)
    pressed_with: list[Link | None] = []

    async def begin(work: Work) -> None:
        pressed_with.append(await work.links.at(CUSTOMER, ACME, held=True))
        await work.renewals.save(pressing, was=ready.version, due_at=NOW)

    meanwhile = Meanwhile(database_url, begin)
    await accounts(store, meanwhile).delete(ASKER, OPEN.id, key="k")
    await meanwhile.over()

    assert pressed_with == [await standing(store)]


async def test_an_account_that_another_key_opens_is_read(store: Store) -> None:
    ours, clock = await key(store), TestClock(NOW, frozen=True)
    async with store.work() as work:
        await work.known.forget_unread(CUSTOMER, ACME)
    async with store.work() as work:
        await accounts(store, clock).opened(work, CUSTOMER, ACME, Active(access=NEWER, user_hint="o***"), None)

    await Known(store, clock).note(ours, [REF.number], whole=True)

    async with store.reading() as work:
        assert NOW == await work.known.next_unread()
        assert set() == await work.known.policies(CUSTOMER, ACME)


async def none_offered(customer: str, insurer: InsurerCode, numbers: Sequence[PolicyNumber]) -> object:
    raise NotOffered(insurer)


@pytest.mark.parametrize("by_whom", ["the chore", "a new consent"])
async def test_an_account_that_is_opened_anew_while_it_is_read_is_read_again(store: Store, by_whom: str) -> None:
    clock = TestClock(NOW, frozen=True)

    async def read(customer: str, insurer: InsurerCode, _: None) -> Mapping[PolicyNumber, Policy]:
        ours, meanwhile = await key(store), accounts(store, clock)
        clock.advance(timedelta(seconds=1))
        async with store.work() as work:
            await meanwhile.opened(work, customer, insurer, Active(access=NEWER, user_hint="o***"), None)
        await Known(store, clock).note(ours, [REF.number], whole=True)
        return {}

    knowing = Knowing(store, clock, read, none_offered)
    await (knowing.turn() if by_whom == "the chore" else knowing.now(CUSTOMER))

    async with store.reading() as work:
        assert clock() == await work.known.next_unread()
        assert set() == await work.known.policies(CUSTOMER, ACME)


async def test_an_account_that_was_read_is_read_no_more(store: Store) -> None:
    async def read(customer: str, insurer: InsurerCode, _: None) -> Mapping[PolicyNumber, Policy]:
        return {}

    await Knowing(store, TestClock(NOW, frozen=True), read, none_offered).turn()

    async with store.reading() as work:
        assert await work.known.next_unread() is None
