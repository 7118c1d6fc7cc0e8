"""The judge of a trial: every broken promise is found, and a kept one is none."""

from datetime import datetime

import pytest

from insurers.hours import TOKYO
from insurers.identity import InsurerCode
from insurers.sandbox import Accepted, Fault
from tests.chaos.told import Heard
from tests.chaos.verdict import Desk, Final, Wrong, violations

HERE = InsurerCode("acme")
TERM = datetime(2026, 12, 21, 16, tzinfo=TOKYO)


def signed(successor: str, number: str = "A1") -> Accepted:
    return Accepted(
        number=number, successor=successor, term_starts_at=TERM, premium=1, document_sha256="", accepted_at=TERM
    )


def desk(*ledger: Accepted, presses: int | None = None, **faults: int) -> Desk:
    befell = {Fault(fault): times for fault, times in faults.items()}
    return Desk(ledger, len(ledger) if presses is None else presses, befell)


def heard(*statuses: str, version: int = 5, number: str | None = None) -> Heard:
    return Heard(HERE, version, set(statuses), number)


ACCEPTED = Final(status="ACCEPTED", version=9, number="B1")


@pytest.mark.parametrize(
    ("desk", "said", "final"),
    [
        (desk(signed("B1")), heard("READY", "ACCEPTED", number="B1"), ACCEPTED),
        (desk(signed("B1"), presses=4, lost=2, busy=1, silence=1), heard("UNCONFIRMED"), ACCEPTED),
        (desk(), heard("IN_PROGRESS"), Final(status="IN_PROGRESS", version=5)),
        (desk(presses=1, lost=1), heard("QUEUED", "UNCONFIRMED"), Final(status="READY", version=8)),
        (desk(), heard("UNCONFIRMED"), Final(status="REFERRED", version=8)),
    ],
)
def test_a_promise_that_was_kept_is_no_violation(desk: Desk, said: Heard, final: Final) -> None:
    assert [] == violations({HERE: desk}, {"r": said}, {"r": final})


@pytest.mark.parametrize(
    ("wrong", "desk", "said", "final"),
    [
        (Wrong.DOUBLE, desk(signed("B1"), signed("B2")), heard("ACCEPTED"), ACCEPTED),
        (Wrong.PRESSED_AGAIN, desk(signed("B1"), presses=2, silence=1), heard("ACCEPTED"), ACCEPTED),
        (Wrong.ORPHAN, desk(signed("B1")), heard("UNCONFIRMED"), Final(status="READY", version=8)),
        (Wrong.LOST, desk(), heard("ACCEPTED", number="B1"), ACCEPTED),
        (Wrong.LOST, desk(signed("B1")), heard("ACCEPTED", number="B7"), ACCEPTED),
        (Wrong.LOST, desk(), heard("ACCEPTED"), Final(status="READY", version=8)),
        (Wrong.LOST, desk(), heard("QUEUED"), Final(status="LAPSED", version=8)),
        (Wrong.LOST, desk(), heard("READY"), Final(status=None)),
        (Wrong.LOST, desk(), heard("READY"), None),
        (Wrong.LOST, desk(), heard("READY", version=6), Final(status="IN_PROGRESS", version=5)),
        (Wrong.UNSETTLED, desk(), heard("QUEUED"), Final(status="QUEUED", version=8)),
        (Wrong.UNSETTLED, desk(), heard("SUBMITTING"), Final(status="UNCONFIRMED", version=8)),
    ],
)
def test_a_promise_that_was_broken_is_found(wrong: Wrong, desk: Desk, said: Heard, final: Final | None) -> None:
    found = violations({HERE: desk}, {"r": said}, {} if final is None else {"r": final})

    assert wrong in {violation.wrong for violation in found}
