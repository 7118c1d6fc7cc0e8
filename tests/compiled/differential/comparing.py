"""What somebody outside can tell between two ways of running one case."""

from collections import Counter

from tests.compiled.differential.running import Log, Outcome


def difference(expected: Outcome, actual: Outcome, in_loop: bool = True) -> str | None:
    """
    Answer the first thing that differs, in words, or None.

    Without an event loop nobody can await anything, and graphql-core, too, leaves coroutines that nobody awaited.
    """
    if expected.data != actual.data:
        return f"data\n  expected {expected.data}\n  actual   {actual.data}"
    if expected.errors != actual.errors:
        return "errors" + _listed("expected", expected.errors) + _listed("actual", actual.errors)
    counted, also = Counter(expected.log), Counter(actual.log)
    if counted != also:
        return "calls" + _listed("missing", counted - also) + _listed("too many", also - counted)
    if expected.log != actual.log:
        return "order of calls" + _listed("expected", expected.log) + _listed("actual", actual.log)
    # They name coroutines, and each executor has its own.
    if in_loop and actual.warnings.total() > expected.warnings.total():
        return "warnings" + _listed("expected", expected.warnings) + _listed("actual", actual.warnings)
    return None


def _listed(name: str, lines: Log | list[str] | Counter[tuple[object, ...]] | Counter[str]) -> str:
    return f"\n  {name}" + "".join(
        f"\n    {line}" for line in (lines.elements() if isinstance(lines, Counter) else lines)
    )
