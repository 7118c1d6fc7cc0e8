"""What an account proved: noted once, by whoever read the account, and looked up no more often than it must be."""

from collections.abc import AsyncIterator

import pytest

from gateway import store as stores
from gateway.journeys.knowing import Known
from gateway.store import Store
from gateway.store.known_policies import fingerprint
from gateway.vault import Keyring
from insurers.identity import PolicyNumber, PolicyRef
from insurers.sandbox import TestClock
from tests.store.databases import database_url
from tests.store.invented import ACME, NOW, REF, link

__all__ = ["database_url"]

KEYRING = Keyring.fresh()
SECOND = PolicyRef(ACME, PolicyNumber("A2"))
FIRST_PRINT, SECOND_PRINT = (fingerprint(KEYRING, ref) for ref in (REF, SECOND))


@pytest.fixture
async def store(database_url: str) -> AsyncIterator[Store]:
    async with stores.opened(database_url, keyring=KEYRING, migrate=True) as store:
        async with store.work() as work:
            await work.links.put(link())
        yield store


@pytest.fixture
def known(store: Store) -> Known:
    return Known(store, TestClock(NOW, frozen=True), KEYRING)


async def proved(store: Store) -> set[str]:
    async with store.reading() as work:
        return await work.known.policies(link().customer, ACME)


async def test_what_was_not_known_before_is_noted(store: Store, known: Known) -> None:
    await known.note(link().customer, ACME, [REF.number], whole=True, before=set())

    assert {FIRST_PRINT} == await proved(store)


async def test_what_the_whole_account_has_no_more_is_forgotten(store: Store, known: Known) -> None:
    await known.note(link().customer, ACME, [REF.number, SECOND.number], whole=True)

    await known.note(link().customer, ACME, [REF.number], whole=True, before={FIRST_PRINT, SECOND_PRINT})

    assert {FIRST_PRINT} == await proved(store)


async def test_one_policy_says_nothing_of_the_others(store: Store, known: Known) -> None:
    await known.note(link().customer, ACME, [REF.number, SECOND.number], whole=True)

    await known.note(link().customer, ACME, [SECOND.number], whole=False, before={FIRST_PRINT, SECOND_PRINT})

    assert {FIRST_PRINT, SECOND_PRINT} == await proved(store)


async def test_what_somebody_noted_meanwhile_stays_noted(store: Store, known: Known) -> None:
    await known.note(link().customer, ACME, [SECOND.number], whole=False)

    await known.note(link().customer, ACME, [REF.number], whole=False, before=set())

    assert {FIRST_PRINT, SECOND_PRINT} == await proved(store)


async def test_what_was_forgotten_while_it_was_read_stays_forgotten(store: Store, known: Known) -> None:
    await known.note(link().customer, ACME, [REF.number], whole=True)
    before = await proved(store)
    async with store.work() as work:
        await work.known.forget(link().customer, ACME, at=NOW)

    await known.note(link().customer, ACME, [REF.number], whole=True, before=before)

    assert set() == await proved(store)


async def test_an_account_that_was_taken_out_proves_nothing(store: Store, known: Known) -> None:
    async with store.work() as work:
        await work.links.delete(link().id, at=NOW)

    await known.note(link().customer, ACME, [REF.number], whole=True)

    assert set() == await proved(store)
