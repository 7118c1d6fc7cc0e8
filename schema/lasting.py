"""Types whose objects only show what is frozen: see `schema.execution.compiled.lasting`."""

from collections.abc import Callable
from typing import TypeVar

from schema.execution.compiled.lasting import LASTING, Lasts

Kind = TypeVar("Kind", bound=type)

# What of a context is the same for all operations of one gateway in one language (`Context.written`).
WAYS = (("context", "say"), ("context", "ids"), ("context", "host", "manifests"))


def lasting(*, shows: str = "") -> Callable[[Kind], Kind]:
    """
    Say of a type that its methods tell of nothing but its objects, unless they ask `info` for more than words and ids.

    So nothing that it shows changes by itself, and no method without `info` reads a clock, as everywhere here. *shows*
    names the attribute from which all else of an object follows, where that is a value which is read again and again;
    its class has to allow weak references.
    """

    def said(kind: Kind) -> Kind:
        setattr(kind, LASTING, Lasts(WAYS, shows))
        return kind

    return said
