"""What was promised, held against what the insurers signed."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import StrEnum

from msgspec import Struct

from insurers.identity import InsurerCode
from insurers.sandbox import Accepted, Fault
from tests.chaos.told import Heard

# Nothing is decided yet, and nobody is waited for: in the end there may be none of these.
ON_THE_WAY = frozenset({"QUEUED", "SUBMITTING", "UNCONFIRMED"})
# Somebody sees that it is his turn: the customer, or the agency.
SOMEBODYS_TURN = frozenset({"IN_PROGRESS", "READY", "REFERRED"})

# Whoever met one of these at the button pressed in vain, and nothing was done.
UNDONE = frozenset({Fault.BUSY, Fault.LOST})


class Wrong(StrEnum):
    """A promise that was broken."""

    DOUBLE = "double"  # two applications for one term
    PRESSED_AGAIN = "pressed again"  # a press that signed nothing, and met no trouble that explains it
    LOST = "lost"  # acknowledged, and not to be found any more
    ORPHAN = "orphan"  # signed, and not shown as accepted
    UNSETTLED = "unsettled"  # still on its way when everything was well again
    FALLEN = "fallen"  # a process that ended although nobody killed it
    UNREADABLE = "unreadable"  # an answer that is none, to a customer


class Violation(Struct, frozen=True):
    """`subject` is a renewal's id, a policy's number or whatever is to be looked at."""

    wrong: Wrong
    subject: str
    words: str


class Final(Struct, frozen=True):
    """A renewal when all was over. None of a version: it is not to be found."""

    status: str | None
    version: int = 0
    number: str | None = None


class Desk(Struct, frozen=True):
    """What one insurer says of the trial: what it signed, how often its button was pressed, and what befell there."""

    ledger: Sequence[Accepted]
    presses: int
    at_the_button: Mapping[Fault, int]

    @property
    def pressed_again(self) -> int:
        in_vain = sum(times for fault, times in self.at_the_button.items() if fault in UNDONE)
        return self.presses - in_vain - len(self.ledger)


def violations(
    desks: Mapping[InsurerCode, Desk], heard: Mapping[str, Heard], finals: Mapping[str, Final]
) -> list[Violation]:
    return [
        *_doubles(desks),
        *_again(desks),
        *_orphans(desks, heard, finals),
        *(found for renewal, said in heard.items() for found in _broken(renewal, said, finals.get(renewal), desks)),
    ]


def _doubles(desks: Mapping[InsurerCode, Desk]) -> Iterator[Violation]:
    for code, desk in desks.items():
        terms = Counter((one.number, one.term_starts_at) for one in desk.ledger)
        for (number, _), times in terms.items():
            if times > 1:
                yield Violation(Wrong.DOUBLE, f"{code} {number}", f"{times} applications for one term")


def _again(desks: Mapping[InsurerCode, Desk]) -> Iterator[Violation]:
    for code, desk in desks.items():
        if desk.pressed_again:
            words = f"{desk.presses} presses, {len(desk.ledger)} signed, {dict(desk.at_the_button)} at the button"
            yield Violation(Wrong.PRESSED_AGAIN, code, words)


def _orphans(
    desks: Mapping[InsurerCode, Desk], heard: Mapping[str, Heard], finals: Mapping[str, Final]
) -> Iterator[Violation]:
    shown = {
        (heard[renewal].insurer, final.number)
        for renewal, final in finals.items()
        if final.status == "ACCEPTED" and renewal in heard
    }
    for code, desk in desks.items():
        for one in desk.ledger:
            if (code, one.successor) not in shown:
                yield Violation(Wrong.ORPHAN, f"{code} {one.number}", f"signed as {one.successor}, and not shown")


def _broken(renewal: str, said: Heard, final: Final | None, desks: Mapping[InsurerCode, Desk]) -> Iterator[Violation]:
    if final is None or final.status is None:
        yield Violation(Wrong.LOST, renewal, "it was shown, and is not to be found")
        return
    if final.version < said.version:
        yield Violation(Wrong.LOST, renewal, f"version {said.version} was told, and {final.version} is kept")
    if final.status in ON_THE_WAY:
        yield Violation(Wrong.UNSETTLED, renewal, f"still {final.status}")
    elif final.status != "ACCEPTED" and "ACCEPTED" in said.statuses:
        yield Violation(Wrong.LOST, renewal, f"told as accepted, and now {final.status}")
    elif final.status != "ACCEPTED" and final.status not in SOMEBODYS_TURN and said.acknowledged:
        yield Violation(Wrong.LOST, renewal, f"acknowledged, and now {final.status}")
    for number in {said.number, final.number} - {None}:
        if not any(one.successor == number for one in _ledger(desks, said.insurer)):
            yield Violation(Wrong.LOST, renewal, f"told as policy {number}, which the insurer does not know")


def _ledger(desks: Mapping[InsurerCode, Desk], insurer: str) -> Iterable[Accepted]:
    return next((desk.ledger for code, desk in desks.items() if code == insurer), ())
