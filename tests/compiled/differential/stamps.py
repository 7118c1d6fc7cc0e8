"""The scalar `Stamp`, which is nobody's own: it wraps what it writes, and refuses some of what it reads."""

from collections.abc import Callable
from operator import attrgetter, methodcaller
from typing import Any


def stamped(value: Any) -> Any:
    """Wrap text and numbers, make nothing of 0, and refuse the rest."""
    if not isinstance(value, str | int):
        raise ValueError(f"no stamp: {value!r}")
    return {"stamp": value} if value else None


def unstamped(value: Any) -> Any:
    if value == "bad":
        raise ValueError("a bad stamp")
    return ("stamp", value)


# What writes it is one of these, some of which only read the value.
WRITERS: tuple[Callable[[Any], Any], ...] = (stamped, str, methodcaller("conjugate"), attrgetter("real"))


def writer(sdl: str) -> Callable[[Any], Any]:
    """Answer what writes the stamps of one schema."""
    return WRITERS[sdl.count("\n") % len(WRITERS)]
