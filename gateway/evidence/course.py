"""What may follow what in the evidence of a renewal, by the law of renewals itself."""

from collections.abc import Collection

from insurers.renewal import TRANSITIONS, RenewalEvent, RenewalState

E = RenewalEvent
S = RenewalState

# A draft that is revised or complete is told by its consents.
UNTOLD = frozenset({E.REVISE, E.COMPLETE})

# What was sent once is sent again as long as nobody could be reached; only new troubles are told.
TRIES = frozenset({E.SUBMIT, E.UNREACHABLE, E.SILENCE})


def after(states: Collection[RenewalState], event: RenewalEvent) -> frozenset[RenewalState]:
    """Answer where a renewal may stand that was in one of *states* when *event* came; nowhere, if it could not come."""
    moved = frozenset(TRANSITIONS[state][event] for state in states if event in TRANSITIONS[state])
    return _unnoticed(moved, UNTOLD | TRIES if event in (E.SUBMIT, E.UNREACHABLE) else UNTOLD)


def _unnoticed(states: frozenset[RenewalState], untold: Collection[RenewalEvent]) -> frozenset[RenewalState]:
    """The states, and whatever follows from them without an outcome."""
    further = {TRANSITIONS[state][event] for state in states for event in untold if event in TRANSITIONS[state]}
    return states if further <= states else _unnoticed(states | further, untold)


BEGINNING = _unnoticed(frozenset({S.IN_PROGRESS}), UNTOLD)
