"""What an account proved: noted once, by whoever read the account, and looked up no more often than it must be."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from threading import Thread

import pytest
from msgspec.structs import replace

from gateway import store as stores
from gateway.journeys.knowing import Known
from gateway.store import Store
from gateway.store.known_policies import fingerprint
from gateway.vault import Keyring
from insurers.identity import PolicyNumber, PolicyRef
from insurers.sandbox import TestClock
from tests.journeys.keys import key
from tests.store.databases import database_url
from tests.store.invented import ACME, NOW, REF, link

__all__ = ["database_url"]

KEYRING = Keyring.fresh()
SECOND, THIRD = (PolicyRef(ACME, PolicyNumber(number)) for number in ("A2", "A3"))
FIRST_PRINT, SECOND_PRINT, THIRD_PRINT = (fingerprint(KEYRING, ref) for ref in (REF, SECOND, THIRD))

# Whoever need not wait for another's transaction is done by then.
SOON_SECONDS = 0.3


@pytest.fixture
async def store(database_url: str) -> AsyncIterator[Store]:
    async with stores.opened(database_url, keyring=KEYRING, migrate=True) as store:
        async with store.work() as work:
            await work.links.put(link())
        yield store


@pytest.fixture
def known(store: Store) -> Known:
    return Known(store, TestClock(NOW, frozen=True))


async def proved(store: Store) -> set[str]:
    async with store.reading() as work:
        return await work.known.policies(link().customer, ACME)


async def test_what_was_not_known_before_is_noted(store: Store, known: Known) -> None:
    await known.note(await key(store), [REF.number], whole=True)

    assert {FIRST_PRINT} == await proved(store)


async def test_what_the_whole_account_has_no_more_is_forgotten(store: Store, known: Known) -> None:
    await known.note(await key(store), [REF.number, SECOND.number], whole=True)

    await known.note(await key(store), [REF.number], whole=True)

    assert {FIRST_PRINT} == await proved(store)


async def test_one_policy_says_nothing_of_the_others(store: Store, known: Known) -> None:
    await known.note(await key(store), [REF.number, SECOND.number], whole=True)

    await known.note(await key(store), [SECOND.number], whole=False)

    assert {FIRST_PRINT, SECOND_PRINT} == await proved(store)


@pytest.mark.parametrize("whole", [False, True])
async def test_what_somebody_noted_meanwhile_stays_noted(store: Store, known: Known, whole: bool) -> None:
    ours = await key(store)
    await known.note(await key(store), [SECOND.number], whole=False)

    await known.note(ours, [REF.number], whole=whole)

    assert {FIRST_PRINT, SECOND_PRINT} == await proved(store)


async def test_what_somebody_found_gone_meanwhile_stays_forgotten(store: Store, known: Known) -> None:
    await known.note(await key(store), [REF.number, SECOND.number], whole=True)
    ours = await key(store)
    await known.note(await key(store), [REF.number], whole=True)

    await known.note(ours, [REF.number, SECOND.number, THIRD.number], whole=True)

    assert {FIRST_PRINT, THIRD_PRINT} == await proved(store)


@pytest.mark.parametrize("again", [(), ("l9",)])
async def test_an_account_that_was_taken_out_proves_nothing(store: Store, known: Known, again: Sequence[str]) -> None:
    ours = await key(store)
    async with store.work() as work:
        await work.links.delete(link().id, at=NOW)
    async with store.work() as work:
        for id_ in again:
            await work.links.put(replace(link(), id=id_))

    await known.note(ours, [REF.number], whole=True)

    assert set() == await proved(store)
    # Whoever linked it anew still has it read.
    async with store.reading() as work:
        assert bool(again) is (await work.known.next_unread() is not None)


async def test_an_account_is_not_taken_out_in_the_midst_of_a_note(store: Store, database_url: str) -> None:
    async def take_out() -> None:
        async with stores.opened(database_url, keyring=KEYRING) as others, others.work() as work:
            await work.links.delete(link().id, at=NOW)

    leaving = Thread(target=lambda: asyncio.run(take_out()))

    def in_the_midst() -> datetime:
        leaving.start()
        leaving.join(SOON_SECONDS)
        return NOW

    await Known(store, in_the_midst).note(await key(store), [REF.number], whole=True)
    await asyncio.to_thread(leaving.join)

    assert set() == await proved(store)


async def test_one_policy_leaves_the_account_to_be_read(store: Store, known: Known) -> None:
    await known.note(await key(store), [REF.number], whole=False)
    async with store.reading() as work:
        assert await work.known.next_unread() is not None

    await known.note(await key(store), [REF.number, SECOND.number], whole=True)

    async with store.reading() as work:
        assert await work.known.next_unread() is None
