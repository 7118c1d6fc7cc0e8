"""What a method does, told by its code: where it only reads attributes, and where it asks for little."""

import dis
from collections.abc import Callable, Sequence
from functools import lru_cache
from types import FunctionType
from typing import Any

# So many methods are looked into once; a schema has a thousand.
REMEMBERED = 4_096

# What reads an argument, by release of Python.
_READS = ("LOAD_FAST", "LOAD_FAST_BORROW")

# What gets hold of a parameter without naming it.
_LOOKS_AROUND = frozenset({"locals", "vars", "dir", "eval", "exec"})


@lru_cache(REMEMBERED)
def read_by(function: Callable[..., Any]) -> Sequence[str]:
    """
    Answer the names that `return self.word.vehicle` reads one after another; none for a function that does more.

    Such a chain can be written where the function would be called, and nobody can tell.
    """
    if type(function) is not FunctionType:
        return ()
    code = function.__code__
    if code.co_argcount != 1 or code.co_kwonlyargcount:
        return ()
    own, *reads = (step for step in dis.get_instructions(code) if step.opname != "RESUME")
    if not _is_read(own, code.co_varnames[0]) or reads.pop().opname != "RETURN_VALUE":
        return ()
    return tuple(read.argval for read in reads) if all(read.opname == "LOAD_ATTR" for read in reads) else ()


@lru_cache(REMEMBERED)
def asks_only(function: Callable[..., Any], parameter: str, *attributes: str) -> bool:
    """Answer whether a function asks its *parameter* for these attributes only, and does nothing else with it."""
    # What stands around a function has the code of another, and hands on what it does not name.
    if type(function) is not FunctionType:
        return False
    code = function.__code__
    named = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]
    if parameter not in named or parameter in code.co_cellvars or not _LOOKS_AROUND.isdisjoint(code.co_names):
        return False
    steps = [*dis.get_instructions(code)]
    used = [place for place, step in enumerate(steps) if _names(step, parameter)]
    return all(_is_read(steps[place], parameter) and _is_asked(steps[place + 1], attributes) for place in used)


@lru_cache(REMEMBERED)
def asks_along(function: Callable[..., Any], parameter: str, ways: Sequence[Sequence[str]]) -> bool:
    """Answer whether a function asks its *parameter* for what lies along one of these chains of attributes only."""
    if type(function) is not FunctionType or not asks_only(function, parameter, *{way[0] for way in ways}):
        return False
    steps = [*dis.get_instructions(function.__code__)]
    used = [place for place, step in enumerate(steps) if _names(step, parameter)]
    return all(any(_goes(steps[place + 1 :], way) for way in ways) for place in used)


def _goes(steps: Sequence[dis.Instruction], way: Sequence[str]) -> bool:
    """Answer whether these steps read a chain of attributes, the last of which may be called."""
    reads = [step for step in steps[: len(way)] if step.opname in ("LOAD_ATTR", "LOAD_METHOD")]
    return [step.argval for step in reads] == list(way)


def _is_read(step: dis.Instruction, name: str) -> bool:
    return step.opname in _READS and step.argval == name


def _is_asked(step: dis.Instruction, attributes: Sequence[str]) -> bool:
    return step.opname == "LOAD_ATTR" and step.argval in attributes


def _names(step: dis.Instruction, parameter: str) -> bool:
    """Answer whether a step is about a local name; some are about two at once."""
    if "FAST" not in step.opname:
        return False
    return parameter in step.argval if isinstance(step.argval, tuple) else parameter == step.argval
