"""Errors are sorted by what the caller may do next, and that is a law of the tree."""

from datetime import datetime

import pytest

from insurers import errors
from insurers.errors import (
    Changed,
    Closed,
    Duplicate,
    ErrorCode,
    InsurerError,
    Locked,
    Mismatch,
    NotOnline,
    Rejected,
    Unavailable,
    Unconfirmed,
)
from insurers.hours import TOKYO
from insurers.identity import InsurerCode
from insurers.policy import RenewabilityCode, RenewabilityReason
from insurers.text import Text

INSURER = InsurerCode("paper")


def kinds(of: type[InsurerError]) -> set[type[InsurerError]]:
    return {of, *(kind for child in of.__subclasses__() for kind in kinds(child))}


def test_the_docstring_names_every_error() -> None:
    # An insurer's folder may tell one kind apart further, for itself only.
    everybodys = {kind.__name__ for kind in kinds(InsurerError) if kind.__module__ == errors.__name__}

    assert everybodys == {
        line.split()[1] for line in (errors.__doc__ or "").splitlines() if line.strip()[:1] in ("*", "+", "-")
    }


@pytest.mark.parametrize("refusal", [Mismatch, Changed, NotOnline, Duplicate])
def test_a_refusal_is_never_repeated_unchanged(refusal: type[InsurerError]) -> None:
    assert issubclass(refusal, Rejected)


def test_what_may_have_happened_is_never_mistaken_for_what_did_not() -> None:
    assert not issubclass(Unconfirmed, Unavailable | Rejected)
    assert not issubclass(Unavailable, Unconfirmed | Rejected)


@pytest.mark.parametrize("kind", sorted(kinds(InsurerError) - {Closed, Locked, NotOnline}, key=repr))
def test_an_error_may_say_more_precisely_what_it_is(kind: type[InsurerError]) -> None:
    assert kind.code is kind(INSURER).code
    assert ErrorCode.TIMEOUT is kind(INSURER, code=ErrorCode.TIMEOUT).code
    assert kind.code is not ErrorCode.TIMEOUT


def test_a_lock_says_when_it_ends() -> None:
    at_nine = datetime(2026, 11, 20, 9, tzinfo=TOKYO)

    assert at_nine == Locked(INSURER, until=at_nine).until


def test_a_closed_insurer_says_when_it_opens() -> None:
    at_seven = datetime(2026, 11, 20, 7, tzinfo=TOKYO)

    assert at_seven == Closed(INSURER, opens_at=at_seven).opens_at


def test_what_only_the_agency_can_do_has_a_reason() -> None:
    reason = RenewabilityReason(code=RenewabilityCode.FLEET_SIZE, message=Text("台数", "Number of cars"))

    assert reason == NotOnline(INSURER, reason=reason).reason
