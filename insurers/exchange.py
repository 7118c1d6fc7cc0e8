"""What is told of each call to an insurer: enough to count and to time it, never what was said."""

from collections.abc import Callable
from enum import StrEnum

from msgspec import Struct

from insurers.identity import InsurerCode


class Outcome(StrEnum):
    """How a call ended, seen from the transport."""

    ANSWERED = "answered"
    UNREACHABLE = "unreachable"
    UNANSWERED = "unanswered"
    BUSY = "busy"


class Exchange(Struct, frozen=True, kw_only=True):
    """One call. `operation` is a path of the wire without its parameters; `elapsed` is in seconds."""

    insurer: InsurerCode
    operation: str
    outcome: Outcome
    elapsed: float
    status: int | None = None


Listener = Callable[[Exchange], None]


def unheard(exchange: Exchange) -> None:
    """Listen to nothing."""
