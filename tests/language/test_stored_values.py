"""What is kept as JSON comes back as it was, and means what it meant."""

from collections.abc import Mapping
from datetime import date, datetime
from enum import Enum
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec import Struct

from insurers.account import Link
from insurers.claim import Claim
from insurers.consent import Consent
from insurers.hours import TOKYO
from insurers.money import Limit, LimitKind, Yen
from insurers.plan import Plan
from insurers.policy import Policy, RenewalOffer
from insurers.registration import Registration
from insurers.renewal import Proposal, Renewal
from insurers.risk import RatedGroup, Risk
from insurers.script import Script
from insurers.vehicle import NonFleetGrade

ATOMS: Mapping[object, st.SearchStrategy[Any]] = {  # Any: strategies of every type live in one table.
    NoneType: st.none(),
    bool: st.booleans(),
    bytes: st.binary(max_size=8),
    date: st.dates(date(1900, 1, 1), date(2100, 1, 1)),
    datetime: st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(TOKYO)),  # noqa: DTZ001 - bounds
    int: st.integers(-(2**62), 2**62),
    str: st.text(max_size=5),
    NonFleetGrade: st.builds(NonFleetGrade, grade=st.integers(1, 20), accident_term=st.integers(0, 6)),
}


# Any: what it draws is of whatever type it is given.
def any_of(kind: Any) -> st.SearchStrategy[Any]:
    """Draw any value of a type of the language, by its annotations alone."""
    if kind in ATOMS:
        return ATOMS[kind]
    if supertype := getattr(kind, "__supertype__", None):
        return any_of(supertype)
    origin, parts = get_origin(kind), get_args(kind)
    if origin in (Union, UnionType):
        return st.one_of([any_of(part) for part in parts])
    if origin is tuple:
        return st.lists(any_of(parts[0]), max_size=2).map(tuple)
    if origin in (dict, Mapping):
        return st.dictionaries(any_of(parts[0]), any_of(parts[1]), max_size=2)
    if issubclass(kind, Enum):
        return st.sampled_from(kind)
    assert issubclass(kind, Struct), kind
    return st.builds(kind, **{field.name: any_of(field.type) for field in msgspec.structs.fields(kind)})


def stored(value: Struct) -> Struct:
    return msgspec.json.decode(msgspec.json.encode(value), type=type(value))


@pytest.mark.parametrize(
    "kind", [Claim, Consent, Link, Plan, Policy, Proposal, Registration, Renewal, RenewalOffer, Script]
)
def test_a_value_comes_back_as_it_was(kind: type[Struct]) -> None:
    # A renewal holds nearly every type there is, and takes hypothesis its time to draw.
    @settings(max_examples=20, suppress_health_check=list(HealthCheck))
    @given(any_of(kind))
    def holds(value: Struct) -> None:
        assert value == stored(value)

    holds()


@settings(max_examples=20, suppress_health_check=list(HealthCheck))
@given(any_of(Proposal), any_of(Consent))
def test_a_fingerprint_is_the_same_after_storing(proposal: Proposal, consent: Consent) -> None:
    for before, after in [(proposal, stored(proposal)), (proposal.plan, stored(proposal.plan))]:
        assert isinstance(before, Proposal | Plan)
        assert isinstance(after, Proposal | Plan)
        assert before.fingerprint == after.fingerprint

    back = stored(consent)
    assert isinstance(back, Consent)
    assert consent.hash == back.hash


def test_a_limit_and_a_risk_from_before_their_newer_fields_are_read_as_they_were_meant() -> None:
    limit = b'{"kind":"amount","amount":{"amount":5000},"per_person":true}'
    risk = b'{"group":{"name":"S","employer_name":"E","employee_number_required":true}}'

    assert Limit(kind=LimitKind.AMOUNT, amount=Yen(5_000), per_person=True) == msgspec.json.decode(limit, type=Limit)
    assert Risk(group=RatedGroup(name="S")) == msgspec.json.decode(risk, type=Risk)
