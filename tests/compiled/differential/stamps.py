"""The scalar `Stamp`, which is nobody's own: it wraps what it writes, and refuses some of what it reads."""

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
