"""Reading an account looks once into our own database, unless something was written meanwhile."""

from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from msgspec import Struct
from sqlalchemy import Engine, event

from gateway import store as stores
from gateway.events import LocalBus
from gateway.journeys.accounts import Accounts
from gateway.journeys.guarding import Guard
from gateway.journeys.knowing import Known
from gateway.journeys.orders import Orders
from gateway.journeys.patience import Patience
from gateway.journeys.sheets import Sheets
from gateway.recent import Recent
from gateway.store import Store
from gateway.vault import Keyring
from insurers.identity import PolicyNumber
from insurers.panel import Panel
from insurers.sandbox import TestClock
from tests.store.databases import sqlite_url
from tests.store.invented import ACME, NOW, link

__all__ = ["sqlite_url"]

ONE, OTHER = PolicyNumber("A1"), PolicyNumber("A2")


class House(Struct):
    store: Store
    sheets: Sheets

    async def proved(self) -> int:
        async with self.store.reading() as work:
            return len(await work.known.policies("c1", ACME))


@pytest.fixture
async def house(sqlite_url: str) -> AsyncIterator[House]:
    """Nothing is kept for a moment, so that what is looked up is counted."""
    keyring, bus, clock = Keyring.fresh(), LocalBus(), TestClock(NOW, frozen=True)
    async with stores.opened(sqlite_url, keyring=keyring, bus=bus) as store:
        patience = Patience(timedelta(minutes=2))
        accounts = Accounts(store, Panel({}), clock, Orders(store, clock), Guard(clock), patience)
        recent = Recent(clock, keeps=timedelta())
        sheets = Sheets(store, keyring, accounts, Known(store, clock), recent)
        bus.overhear(sheets.heard)
        async with store.work() as work:
            await work.links.put(link(challenge=None))
            await work.known.note("c1", ACME, [ONE], at=NOW)
        yield House(store, sheets)


@contextmanager
def looking() -> Iterator[Sequence[str]]:
    """Hear of every question to the database."""
    asked: list[str] = []

    # What SQLAlchemy hands to its listeners has no public types.
    def heard(_: Any, __: Any, statement: str, *___: Any) -> None:
        asked.append(statement)

    event.listen(Engine, "before_cursor_execute", heard)
    try:
        yield asked
    finally:
        event.remove(Engine, "before_cursor_execute", heard)


async def test_an_account_is_opened_and_what_it_proves_compared_with_one_look(house: House) -> None:
    with looking() as asked:
        key = await house.sheets.reading_key("c1", ACME)
        await house.sheets.note("c1", ACME, [ONE], whole=True)

    assert link().access == key
    assert [True, True] == ["FROM links" in asked[0], "FROM known_policies" in asked[1]]
    assert 2 == len(asked)


async def test_what_an_account_proves_anew_is_written_down(house: House) -> None:
    await house.sheets.reading_key("c1", ACME)
    await house.sheets.note("c1", ACME, [ONE, OTHER], whole=True)
    await house.sheets.note("c1", ACME, [OTHER], whole=False)

    assert 2 == await house.proved()


@pytest.mark.parametrize("topic", ["its own", "customer:c1", "proofs:c1", None])
async def test_what_was_written_while_an_account_was_read_is_looked_up_again(house: House, topic: str | None) -> None:
    await house.sheets.reading_key("c1", ACME)
    if topic == "its own":
        # Another reading told of all, and this one was not among it.
        async with house.store.work() as work:
            await work.known.note("c1", ACME, [OTHER], at=NOW, whole=True)
    else:
        house.sheets.heard(topic)

    with looking() as asked:
        await house.sheets.note("c1", ACME, [ONE], whole=False)

    assert "FROM links" in asked[0]
    assert (2 if topic == "its own" else 1) == await house.proved()


async def test_what_is_written_of_others_is_no_reason_to_look_again(house: House) -> None:
    await house.sheets.reading_key("c1", ACME)
    async with house.store.work() as work:
        await work.links.put(link("l2", customer="c2"))

    with looking() as asked:
        await house.sheets.note("c1", ACME, [ONE], whole=True)

    assert [] == asked
