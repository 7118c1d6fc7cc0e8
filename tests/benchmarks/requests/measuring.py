"""Everybody is asked everything by turns, so that what else this machine does befalls all alike."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from statistics import median

from msgspec import Struct
from msgspec.structs import asdict

from tests.benchmarks.requests.contenders import Contender
from tests.benchmarks.requests.field import OTHER_CORE, Field
from tests.benchmarks.requests.load import put
from tests.benchmarks.requests.questions import Question
from tests.benchmarks.requests.stages import Look

# How long each insurer takes for an answer where not the server alone takes time, for one connection.
UPSTREAM_SECONDS = 0.02
# In the figures, instead of a number of connections.
SLOW_UPSTREAM = 0

# At so many connections contenders are held against each other.
USUAL = 16
# Enough that the server never waits.
LOOKED_AT_CONNECTIONS = 4


class Plan(Struct, frozen=True, kw_only=True):
    """
    How long all of it takes: so many rounds, and in each over so many connections so many seconds.

    As many viewers as *crowd* ask by turns: two questions of one that are under way at once cost one.
    """

    rounds: int
    crowd: int
    seconds: Mapping[int, int]

    @property
    def connections(self) -> Sequence[int]:
        return [number for number in self.seconds if number != SLOW_UPSTREAM]


FULL = Plan(rounds=4, crowd=64, seconds={1: 1, USUAL: 1, 64: 2, SLOW_UPSTREAM: 1})
QUICK = Plan(rounds=1, crowd=24, seconds={USUAL: 1, SLOW_UPSTREAM: 1})


class Run(Struct, frozen=True, kw_only=True):
    """
    How one contender did: answers in all and in a second, and seconds for one by the clock (`p50`, `p99`) and of CPU.

    `calls` are those to insurers for one answer, and `waited` is for how many seconds at least one was under way.
    """

    answers: float
    rate: float
    p50: float
    p99: float
    cpu: float
    calls: float
    waited: float


class Figures:
    """All runs, by question, contender and number of connections."""

    def __init__(self) -> None:
        self._runs: defaultdict[tuple[str, str, int], list[Run]] = defaultdict(list)

    def add(self, question: str, contender: str, connections: int, run: Run) -> None:
        self._runs[question, contender, connections].append(run)

    def of(self, question: str, contender: str, connections: int) -> Run | None:
        """Answer the median of each figure; None for what was not measured."""
        runs = [asdict(run) for run in self._runs[question, contender, connections]]
        if not runs:
            return None
        return Run(**{name: median(run[name] for run in runs) for name in Run.__struct_fields__})


async def measured(field: Field, contenders: Sequence[Contender], plan: Plan) -> Figures:
    figures = Figures()
    for number in range(plan.rounds):
        if number and number % 2 == 0:
            # One process is up to a tenth slower than another of the same program, by where its memory happens to be.
            await field.open_anew(contenders)
        # Who goes first finds the machine otherwise than who goes last.
        in_turn = contenders[::-1] if number % 2 else contenders
        for question in field.questions:
            for connections, seconds in plan.seconds.items():
                for contender in in_turn:
                    if _matters(field, question, contender, connections):
                        run = await _run(field, question, contender, connections, seconds)
                        figures.add(question.name, contender.name, connections, run)
    assert not field.upstream.unknown, f"nobody ever answered {sorted(field.upstream.unknown)}"
    return figures


async def looked(field: Field, contender: Contender, seconds: int) -> Mapping[str, Look]:
    """Answer where this contender's time goes, by question, for one answer."""
    server, found = field.servers[contender.name], {}
    for question in field.questions:
        server.begin_looking()
        run = await _run(field, question, contender, LOOKED_AT_CONNECTIONS, seconds)
        look = await server.end_looking()
        found[question.name] = Look(
            stages={stage: seconds / run.answers for stage, seconds in look.stages.items()},
            functions={function: seconds / run.answers for function, seconds in look.functions.items()},
        )
    return found


def _matters(field: Field, question: Question, contender: Contender, connections: int) -> bool:
    if contender.beside and connections not in (USUAL, SLOW_UPSTREAM):
        return False
    return field.calls[question.name] > 0 or not (contender.asks_insurers or connections == SLOW_UPSTREAM)


async def _run(field: Field, question: Question, contender: Contender, connections: int, seconds: int) -> Run:
    server, upstream = field.servers[contender.name], field.upstream
    lines = field.folder / "lines"
    lines.write_bytes(question.lines(contender))
    upstream.delay = UPSTREAM_SECONDS if connections == SLOW_UPSTREAM else 0.0
    upstream.forget()
    cpu = await server.rested()
    at_once = connections or 1
    load = await put(question.url(contender, server.url), lines, connections=at_once, seconds=seconds, core=OTHER_CORE)
    if not load.requests:
        # Whoever is so slow is given longer.
        return await _run(field, question, contender, connections, 2 * seconds)
    # Whatever was under way at the end was done by half.
    answers = load.requests + at_once / 2
    return Run(
        answers=answers,
        rate=load.requests / load.seconds,
        p50=load.p50,
        p99=load.p99,
        cpu=(await server.rested() - cpu) / answers,
        calls=upstream.calls / answers,
        waited=upstream.waited / answers,
    )
