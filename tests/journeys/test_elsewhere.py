"""Asking another insurer about the car: what it tells stops a second contract, and its silence stops nobody (P-1)."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, cast

import pytest
from msgspec import Struct
from msgspec.structs import replace

from gateway import store as stores
from gateway.documents import Tickets
from gateway.journeys.accounts import Accounts
from gateway.journeys.elsewhere import Elsewhere
from gateway.journeys.guarding import Guard
from gateway.journeys.knowing import Known
from gateway.journeys.orders import Orders
from gateway.journeys.patience import Patience
from gateway.journeys.reading import PanelReading
from gateway.store import Store
from gateway.vault import Keyring
from insurers.account import Access
from insurers.adapter import Insurer
from insurers.contact import Contact
from insurers.errors import AccessDenied, Closed, Drifted, InsurerError, NeedsCustomer, NotOnline, Unavailable
from insurers.hours import TOKYO
from insurers.identity import InsurerCode, PolicyNumber, PolicyRef
from insurers.panel import Panel
from insurers.policy import ContractForm, Policy, PolicyStatus, RenewabilityCode, RenewalOffer
from insurers.sandbox import TestClock
from insurers.text import Text
from insurers.vehicle import Vehicle
from tests.store.databases import sqlite_url
from tests.store.invented import ACME, MATURITY, link, renewal

__all__ = ["sqlite_url"]

NOW = datetime(2026, 11, 20, 10, tzinfo=TOKYO)
OTHER = InsurerCode("other")
NAME = Text("他社損保", "Other Insurance")
DESK = Contact(label=NAME, phone="0120-000-000")
PLATE = "品川 500 す 77-01"
PATIENCE = timedelta(seconds=0.05)


class Card(Struct, frozen=True):
    """As much of a manifest as is looked at here."""

    code: InsurerCode
    name: Text
    contacts: tuple[Contact, ...] = ()


class AnotherInsurer:
    """An insurer that nobody has, with one contract; it may be in trouble, or never answer."""

    def __init__(self, **offered: Any) -> None:  # Fields of an offer.
        self.manifest = Card(OTHER, NAME, (DESK,))
        self.ref = PolicyRef(OTHER, PolicyNumber("B1"))
        self.policy = Policy(
            ref=self.ref,
            status=PolicyStatus.IN_FORCE,
            insurer_status="有効",
            starts_at=MATURITY - timedelta(days=365),
            ends_at=MATURITY,
            form=ContractForm.INDIVIDUAL,
            vehicle=Vehicle(name="架空車", plate="品川　５００　す　７７−０１"),
        )
        self.offer = RenewalOffer(ref=self.ref, online=True, **offered)
        self.trouble: InsurerError | None = None
        self.answers = asyncio.Event()
        self.answers.set()

    async def policies(
        self, access: Access, numbers: Sequence[PolicyNumber] | None = None
    ) -> Mapping[PolicyNumber, Policy]:
        await self.answers.wait()
        if self.trouble is not None:
            raise self.trouble
        return {self.ref.number: self.policy}

    async def renewal_offers(
        self, access: Access, numbers: Sequence[PolicyNumber]
    ) -> Mapping[PolicyNumber, RenewalOffer]:
        return dict.fromkeys(numbers, self.offer)


@pytest.fixture
async def store(sqlite_url: str) -> AsyncIterator[Store]:
    async with stores.opened(sqlite_url, keyring=Keyring.fresh()) as store:
        async with store.work() as work:
            await work.links.put(link("l1", insurer=ACME, challenge=None))
            await work.links.put(link("l2", insurer=OTHER, challenge=None))
        yield store


def elsewhere(store: Store, other: AnotherInsurer) -> Elsewhere:
    clock = TestClock(NOW, frozen=True)
    own = AnotherInsurer()
    # These are asked for their card and their contracts, and for nothing else of an insurer.
    panel = Panel({ACME: cast(Insurer, own), OTHER: cast(Insurer, other)})
    accounts = Accounts(store, panel, clock, Orders(store, clock), Guard(clock), Patience(timedelta(minutes=2)))
    tickets = Tickets(Keyring.fresh(), "http://127.0.0.1", clock)
    reading = PanelReading(panel, accounts, tickets, Known(store, clock), deadline=PATIENCE)
    return Elsewhere(store, panel, clock, reading)


async def told(store: Store) -> list[str]:
    async with store.reading() as work:
        return [event.summary.en for event in await work.events.page("r1", first=10)]


async def reason(store: Store, other: AnotherInsurer) -> NotOnline:
    with pytest.raises(NotOnline) as refused:
        await elsewhere(store, other).check(renewal(plate=PLATE))
    assert [] == await told(store)
    return refused.value


async def test_a_rider_that_would_renew_the_other_contract_refers_with_its_agency_and_its_day(store: Store) -> None:
    declined_by = datetime(2026, 12, 17, 16, tzinfo=TOKYO)
    other = AnotherInsurer(decline_by=declined_by)

    told_now = (await reason(store, other)).reason
    other.offer = replace(other.offer, decline_by=None)

    assert (RenewabilityCode.AUTO_RENEWAL_ACTIVE, DESK) == (told_now.code, told_now.contact)
    assert "2026年12月17日 16:00までに" in told_now.message.ja
    assert NAME.ja in told_now.message.ja
    # The agency took the customer's word: there is a way back.
    await elsewhere(store, other).check(renewal(plate=PLATE))
    assert [] == await told(store)


async def test_another_car_is_nobody_elses_affair(store: Store) -> None:
    other = AnotherInsurer(decline_by=MATURITY)
    other.policy = replace(other.policy, vehicle=Vehicle(name="架空車", plate="品川 500 す 77-02"))

    await elsewhere(store, other).check(renewal(plate=PLATE))

    assert [] == await told(store)


@pytest.mark.parametrize(
    "trouble",
    [
        Unavailable(OTHER),
        Drifted(OTHER),
        AccessDenied(OTHER),
        NeedsCustomer(OTHER),
        Closed(OTHER, opens_at=None),
    ],
    ids=lambda trouble: type(trouble).__name__,
)
async def test_an_insurer_in_trouble_stands_in_the_history_and_stops_nobody(
    store: Store, trouble: InsurerError
) -> None:
    other = AnotherInsurer(decline_by=MATURITY)
    other.trouble = trouble

    await elsewhere(store, other).check(renewal(plate=PLATE))

    assert ["Whether Other Insurance insures the same car could not be checked"] == await told(store)


async def test_an_insurer_that_never_answers_is_waited_for_as_long_as_a_reader_waits(store: Store) -> None:
    other = AnotherInsurer(decline_by=MATURITY)
    other.answers.clear()

    await elsewhere(store, other).check(renewal(plate=PLATE))

    assert ["Whether Other Insurance insures the same car could not be checked"] == await told(store)


@pytest.mark.parametrize("plate", [None, "登録未了"])
async def test_a_car_without_a_plate_cannot_be_checked_and_the_history_says_so(store: Store, plate: str | None) -> None:
    await elsewhere(store, AnotherInsurer(decline_by=MATURITY)).check(renewal(plate=plate))

    assert ["The plate is not known, so whether anybody else insures the same car could not be checked"] == await told(
        store
    )
