"""Methods that only read attributes of what they are called on."""

import dis
from collections.abc import Callable, Sequence
from types import FunctionType
from typing import Any

# What names a function's own first argument, by release of Python.
_OWN = ("LOAD_FAST", "LOAD_FAST_BORROW")


def read_by(function: Callable[..., Any]) -> Sequence[str]:
    """
    Answer the names that `return self.word.vehicle` reads one after another; none for a function that does more.

    Such a chain can be written where the function would be called, and nobody can tell.
    """
    if type(function) is not FunctionType:
        return ()
    code = function.__code__
    steps = [step for step in dis.get_instructions(code) if step.opname != "RESUME"]
    own, *reads, end = steps if code.co_argcount == 1 and not code.co_kwonlyargcount else (None, None)
    if own is None or own.opname not in _OWN or end is None or end.opname != "RETURN_VALUE":
        return ()
    return [read.argval for read in reads] if all(read.opname == "LOAD_ATTR" for read in reads) else ()
