"""The words of the cases for documents and inputs that are too long to be written down."""

from collections.abc import Callable, Mapping
from typing import Any


def chain(said: Mapping[str, Any]) -> str:
    """Answer a document of fragments, each of which spreads the next one."""
    last = said["links"]
    fragments = [f"fragment F{link} on Query {{ ...F{link + 1} }}" for link in range(last)]
    return " ".join(["{ ...F0 }", *fragments, f"fragment F{last} on Query {{ {said['last']} }}"])


def deep(said: Mapping[str, int]) -> object:
    """Answer an input that is so many objects deep, each under this name of the one above."""
    ((name, depth),) = said.items()
    value: dict[str, Any] = {"leaf": 1}
    for _ in range(depth):
        value = {name: value}
    return value


WORDS: Mapping[str, Callable[[Any], object]] = {"chain": chain, "deep": deep}
