"""What somebody outside can tell between two ways of running one case."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from tests.compiled.differential.case import Case
from tests.compiled.differential.running import Log, Outcome

# What a log has with its place in the answer.
PLACED = frozenset({"call", "info", "permits", "method", "type", "is"})


def difference(case: Case, expected: Outcome, actual: Outcome, *, told_again: bool = False) -> str | None:
    """
    Answer the first thing that differs, in words, or None.

    What lasts need not be asked where it is *told again*, nor what stands in it be read.

    Two things are promised by nobody. Without an event loop nobody can await anything, and graphql-core, too, leaves
    coroutines that nobody awaited. And when a field of many objects is asked for: a loader waits for as many as ask, a
    compiled list has them. So what waits is compared without its order, and of errors only what they left of the data,
    because one below another may come too late to be told, and what it is beside too late to be asked for, or awaited.
    """
    if told_again:
        expected, actual = (one._replace(log=_asked(case, one.log)) for one in (expected, actual))
    is_timed = case.is_timed
    if expected.data != actual.data:
        return f"data\n  expected {expected.data}\n  actual   {actual.data}"
    if expected.errors != actual.errors if is_timed else expected.nulls != actual.nulls:
        return "errors" + _listed("expected", expected.errors) + _listed("actual", actual.errors)
    counted, also = _calls(expected.log, is_timed), _calls(actual.log, is_timed)
    missing, surplus = counted - also, also - counted
    if expected.errors and not is_timed:
        missing, surplus = Counter(), _again(surplus, counted)
    if missing or surplus:
        return "calls" + _listed("missing", missing.elements()) + _listed("too many", surplus.elements())
    if is_timed and expected.log != actual.log:
        return "order of calls" + _listed("expected", expected.log) + _listed("actual", actual.log)
    # They name coroutines, and each executor has its own.
    is_quiet = is_timed or not expected.errors
    if case.in_loop and is_quiet and actual.warnings.total() > expected.warnings.total():
        return "warnings" + _listed("expected", expected.warnings) + _listed("actual", actual.warnings)
    return None


def _asked(case: Case, log: Log) -> Log:
    """Answer what is asked each time."""
    return [line for line in log if line[0] != "read" and not (line[0] == "bare" and case.schema.lasts(line[1]))]


def _calls(log: Log, is_timed: bool) -> Counter[tuple[Any, ...]]:
    """Count the calls; what one call of a loader brought together counts as one each where time is not compared."""
    if is_timed:
        return Counter(log)
    return Counter((line[0], key) if line[0] == "load" else line for line in log for key in _keys(line))


def _again(calls: Counter[tuple[Any, ...]], known: Counter[tuple[Any, ...]]) -> Counter[tuple[Any, ...]]:
    """Answer the calls in some place of the answer that were made there before."""
    return Counter({line: count for line, count in calls.items() if known[line] and line[0] in PLACED})


def _keys(line: tuple[Any, ...]) -> tuple[Any, ...]:
    return line[1:] if line[0] == "load" else (None,)


def _listed(name: str, lines: Iterable[object]) -> str:
    return f"\n  {name}" + "".join(f"\n    {line}" for line in lines)
