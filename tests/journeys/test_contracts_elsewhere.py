"""What of another insurer's contract would make two on one car, to the day (P-1)."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from gateway.journeys import one_car
from gateway.journeys.one_car import Contract
from insurers.hours import TOKYO
from insurers.identity import InsurerCode, PolicyNumber, PolicyRef, SuccessorNumber
from insurers.policy import ContractForm, Policy, PolicyStatus, RenewabilityCode, RenewabilityReason, RenewalOffer
from insurers.term import following
from insurers.text import Text
from insurers.vehicle import Vehicle
from tests.store.invented import CONTACT

NOW = datetime(2026, 11, 20, 10, tzinfo=TOKYO)
MATURITY = datetime(2026, 12, 31, 16, tzinfo=TOKYO)
A_DAY, A_YEAR = timedelta(days=1), timedelta(days=365)
ACME = Text("架空損保", "Acme")
SUCCESSOR = SuccessorNumber("T1")

_S = PolicyStatus
_R = RenewabilityCode


def contract(offer: dict[str, Any] | None = None, **changes: Any) -> Contract:  # Fields of an offer, and of a policy.
    ref = PolicyRef(InsurerCode("acme"), PolicyNumber("A1"))
    policy = Policy(
        ref=ref,
        status=_S.IN_FORCE,
        insurer_status="有効",
        starts_at=MATURITY - A_YEAR,
        ends_at=MATURITY,
        form=ContractForm.INDIVIDUAL,
        vehicle=Vehicle(name="架空車", plate="品川 500 す 77-01"),
    )
    offered = RenewalOffer(ref=ref, online=True, **(offer or {})) if offer is not None else None
    return Contract(policy=replace(policy, **changes), offer=offered)


def reason(other: Contract, now: datetime = NOW) -> RenewabilityReason | None:
    return one_car.reason(other, following(MATURITY), at=ACME, contact=CONTACT, now=now)


@pytest.mark.parametrize(
    "other",
    [
        contract(),
        contract(offer={}),
        contract(auto_renewal=False),
        contract(auto_renewal=None),
        contract(auto_renewal=True, status=_S.CANCELLED),
        contract(successor=SUCCESSOR, status=_S.CANCELLED),
        # It has ended, and nothing followed: whoever declined the rider is free.
        contract(auto_renewal=True, status=_S.EXPIRED, ends_at=NOW - A_DAY),
        contract(ends_at=MATURITY + timedelta(days=30)),
        contract(ends_at=MATURITY - A_YEAR, successor=SUCCESSOR, status=_S.EXPIRED),
    ],
)
def test_a_contract_that_ends_with_ours_is_no_second_one(other: Contract) -> None:
    assert reason(other) is None


@pytest.mark.parametrize(
    "other",
    [
        contract(successor=SUCCESSOR, status=_S.RENEWED),
        contract(offer={"successor": SUCCESSOR}),
        contract(ends_at=MATURITY - timedelta(days=10), status=_S.EXPIRED, successor=SUCCESSOR),
        contract(ends_at=MATURITY + timedelta(days=30, seconds=1)),
        contract(starts_at=MATURITY, ends_at=MATURITY + A_YEAR, status=_S.PENDING),
        # A contract that renewed itself is a contract, whatever riders it has.
        contract(successor=SUCCESSOR, auto_renewal=True, status=_S.RENEWED),
        # A status that nobody knows is not taken for an end.
        contract(ends_at=MATURITY + A_YEAR, status=_S.UNKNOWN),
    ],
)
def test_a_contract_that_goes_on_covers_the_car(other: Contract) -> None:
    told = reason(other)

    assert told is not None
    assert (_R.CAR_ALREADY_COVERED, CONTACT) == (told.code, told.contact)
    assert ACME.ja in told.message.ja
    assert ACME.en in told.message.en


@pytest.mark.parametrize(
    "other",
    [
        contract(auto_renewal=True),
        contract(auto_renewal=True, status=_S.UNKNOWN),
        contract(auto_renewal=True, ends_at=MATURITY - timedelta(days=20)),
        contract(offer={"decline_by": MATURITY}),
    ],
)
def test_a_rider_that_nobody_declined_will_make_a_second_contract(other: Contract) -> None:
    told = reason(other)

    assert told is not None
    assert (_R.AUTO_RENEWAL_ACTIVE, CONTACT) == (told.code, told.contact)
    assert ACME.ja in told.message.ja


@pytest.mark.parametrize(
    ("decline_by", "ja", "en"),
    [
        (MATURITY - 14 * A_DAY, "2026年12月17日 16:00までに", "by 2026-12-17 16:00 in Tokyo"),
        (NOW, "期限を過ぎています", "at once"),
    ],
)
def test_until_when_a_rider_can_be_declined_is_told_in_tokyos_time(decline_by: datetime, ja: str, en: str) -> None:
    told = reason(contract(offer={"decline_by": decline_by.astimezone(tz=None)}))

    assert told is not None
    assert ja in told.message.ja
    assert en in told.message.en


def test_whoever_applied_elsewhere_is_told_where_and_whoever_did_not_is_not() -> None:
    own = one_car.taken(InsurerCode("other"), by=ACME, contact=None)
    strangers = one_car.taken(InsurerCode("other"), by=None, contact=CONTACT)

    assert ACME.ja in own.message.ja
    assert (own.message, strangers.message) == (own.reasons[0].message, strangers.reasons[0].message)
    assert "架空" not in strangers.message.ja
    assert (CONTACT,) == strangers.contacts


def test_a_car_is_known_by_its_plate_and_by_nothing_else() -> None:
    assert "品川500す7701" == one_car.car(contract().policy)
    assert one_car.car(contract(vehicle=None).policy) is None
    assert one_car.car(contract(vehicle=Vehicle(name="架空車")).policy) is None
