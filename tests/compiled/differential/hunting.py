"""Cases by the thousand through two executors, until one differs."""

import gc
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from typing import Any, NamedTuple

import hypothesis
from graphql.execution import Executor
from graphql.execution.incremental import IncrementalExecutor
from hypothesis import HealthCheck, Phase, settings
from msgspec.structs import replace

from schema.execution.compiled import Compiled
from schema.execution.compiled.lasting import Written
from tests.compiled.differential.case import Case
from tests.compiled.differential.comparing import difference
from tests.compiled.differential.drawing import CASES, DRAWN, Drawn, again
from tests.compiled.differential.running import Runs
from tests.compiled.differential.shrinking import shrunk


class Pair(NamedTuple):
    """The executors of a case: for an answer in one piece, and in parts."""

    whole: type[Executor[Any]]
    parts: type[Executor[Any]]


class CompiledWhole(Compiled, Executor[Any]):
    pass


class CompiledParts(Compiled, IncrementalExecutor):
    pass


OURS = Pair(CompiledWhole, CompiledParts)
GRAPHQL_CORE = Pair(Executor, IncrementalExecutor)


# All that one case writes, and much more.
MOST_BYTES = 1 << 20

# Where fewer operations are compiled, nothing is proven.
LEAST_COMPILED = 0.6


class Tally:
    """What was run: by the way it was run, by the reason it was handed over, and what happened in it."""

    def __init__(self) -> None:
        self.counted: Counter[str] = Counter()
        self.reasons: Counter[str] = Counter()

    @property
    def compiled(self) -> float:
        """Answer the share of operations that were compiled, of all that came so far as to be executed."""
        executed = self.counted["compiled"] + self.counted["handed over"]
        return self.counted["compiled"] / executed if executed else 0.0

    def add(self, other: "Tally") -> None:
        self.counted += other.counted
        self.reasons += other.reasons


class Found(NamedTuple):
    """A case that differs, as small as it could be made, and how it differs."""

    case: Case
    difference: str

    def told(self) -> str:
        return f"{self.case.told()}\n\n{self.difference}\n\nagain, from this line: {self.case.written()}"


class Differs(AssertionError):
    pass


class Hunt:
    def __init__(self, ours: Pair = OURS, theirs: Pair = GRAPHQL_CORE) -> None:
        self._ours, self._theirs = ours, theirs
        self.tally = Tally()
        self._runs = Runs()
        self._found: Found | None = None

    def close(self) -> None:
        self._runs.close()

    def look(self, seed: int, cases: int, shrinks: bool = True) -> Found | None:
        """Try so many cases, and answer the first that differs, made smaller where `shrinks`."""

        @hypothesis.seed(seed)
        @settings(
            max_examples=-(-cases // CASES),
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
            phases=(Phase.generate,),
            report_multiple_bugs=False,
            print_blob=False,
            verbosity=hypothesis.Verbosity.quiet,
        )
        @hypothesis.given(DRAWN)
        def every(some: Iterator[Drawn]) -> None:
            for drawn in some:
                self.compare(drawn)

        self._found = None
        try:
            every()
        except Differs:
            return self._smallest() if shrinks else self._found
        return None

    def look_at(self, case: Case) -> Found | None:
        self._found = None
        with suppress(Differs):
            self.compare(again(case))
        return self._found

    def _smallest(self) -> Found | None:
        assert self._found is not None
        kind = self._found.difference.partition("\n")[0]

        def differs(case: Case) -> bool:
            try:
                self.compare(again(case), once=True)
            except Differs as found:
                return str(found).startswith(kind)
            return False

        case = self._found.case
        if differs(case):
            self._found = None
            differs(shrunk(case, differs))
        return self._found

    def compare(self, drawn: Drawn, once: bool = False) -> None:
        """
        Run one case by both.

        Raises:
            Differs: they do not answer the same.
        """
        which = "parts" if drawn.case.in_parts else "whole"
        ours, theirs = getattr(self._ours, which), getattr(self._theirs, which)
        self.tally.counted["cases"] += 1
        sent = drawn.case.variables
        # Once more as it was compiled before, and once with the other way at every @skip and @include.
        self._compare(drawn, sent, ours, theirs, times=1 if once else 2)
        if not once and (turned := _turned(sent)) != sent:
            self._compare(drawn, turned, ours, theirs)

    def _compare(
        self,
        drawn: Drawn,
        variables: dict[str, Any],
        ours: type[Executor[Any]],
        theirs: type[Executor[Any]],
        times: int = 1,
    ) -> None:
        expected = self._runs.run(drawn, variables, theirs)
        # Where something lasts, the first run writes it down, and from then on it need not be asked for.
        written = Written(MOST_BYTES) if drawn.case.schema.lasting else None
        for turn in range(times if written is None else times + 1):
            told_again = written is not None and turn > 1
            with self._counted(ours):
                actual = self._runs.run(drawn, variables, ours, written if turn else None)
            self.tally.counted["operations"] += 1
            self.tally.counted["calls"] += len(expected.log)
            self.tally.counted["errors"] += len(expected.errors)
            self.tally.counted["told again"] += told_again
            if differs := difference(drawn.case, expected, actual, told_again=told_again):
                self._found = Found(replace(drawn.case, variables=variables), differs)
                raise Differs(differs)

    @contextmanager
    def _counted(self, ours: type[Executor[Any]]) -> Iterator[None]:
        before = _counts(ours)
        yield
        for (way, reason), count in (_counts(ours) - before).items():
            self.tally.counted[way] += count
            self.tally.reasons[reason] += count if reason else 0


def _counts(ours: type[Executor[Any]]) -> Counter[tuple[str, str]]:
    return Counter(ours.plans.counts if issubclass(ours, Compiled) else {})


def hunted(seed: int, cases: int, ours: Pair = OURS, shrinks: bool = True) -> tuple[Found | None, Tally]:
    with closing(Hunt(ours)) as hunt, frugal():
        return hunt.look(seed, cases, shrinks), hunt.tally


@contextmanager
def frugal() -> Iterator[None]:
    """Collect garbage only where a run asks for it: it is a run's last word, and otherwise costs more than the run."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.unfreeze()
        if was_enabled:
            gc.enable()


def _turned(variables: dict[str, Any]) -> dict[str, Any]:
    return {name: not value if isinstance(value, bool) else value for name, value in variables.items()}


def compared(case: Case) -> Found | None:
    """Answer how one case differs, or None."""
    with closing(Hunt()) as hunt, frugal():
        return hunt.look_at(case)
