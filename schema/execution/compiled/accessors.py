"""What a method does, told by its code: where it only reads attributes, and where it asks for little."""

import dis
from collections.abc import Callable, Sequence
from types import FunctionType
from typing import Any

# What reads an argument, by release of Python.
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


def asks_only(function: Callable[..., Any], parameter: str, attribute: str) -> bool:
    """Answer whether a function asks its *parameter* for this attribute only, and does nothing else with it."""
    code = getattr(function, "__code__", None)
    if code is None or parameter in code.co_cellvars or not _LOOKS_AROUND.isdisjoint(code.co_names):
        return False
    steps = [*dis.get_instructions(code)]
    used = [place for place, step in enumerate(steps) if _names(step, parameter)]
    return all(
        steps[place].opname in _OWN and (steps[place + 1].opname, steps[place + 1].argval) == ("LOAD_ATTR", attribute)
        for place in used
    )


# What gets hold of a parameter without naming it.
_LOOKS_AROUND = frozenset({"locals", "vars", "dir", "eval", "exec"})


def _names(step: dis.Instruction, parameter: str) -> bool:
    """Answer whether a step is about a local name; some are about two at once."""
    if "FAST" not in step.opname:
        return False
    return parameter in step.argval if isinstance(step.argval, tuple) else parameter == step.argval
