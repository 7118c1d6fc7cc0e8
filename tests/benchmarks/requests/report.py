"""The figures as a page of Markdown."""

import platform
import sys
import sysconfig
from collections.abc import Iterable, Iterator, Mapping, Sequence

from tests.benchmarks.requests import reach
from tests.benchmarks.requests.contenders import FLOOR, PLAIN, Contender
from tests.benchmarks.requests.field import Field
from tests.benchmarks.requests.measuring import UPSTREAM_SECONDS, USUAL, Figures, Plan, Run
from tests.benchmarks.requests.reach import added
from tests.benchmarks.requests.stages import Look

MIB = 1 << 20


def page(
    field: Field, contenders: Sequence[Contender], plan: Plan, figures: Figures, looks: Mapping[str, Look]
) -> Iterator[str]:
    yield (
        f"{_python()}. One server at a time on one core; load and insurers on another. Median of {plan.rounds} rounds."
        f" Ratios, CPU and calls are those of {USUAL} connections; `added` is what an answer takes over one connection"
        f" beyond the time in which insurers, who take {UPSTREAM_SECONDS * 1_000:.0f} ms for each answer, were waited"
        " for by the floor."
    )
    for question in field.questions:
        yield f"{question.name.upper()}, {question.title}: {field.sizes[question.name] / 1_000:.1f} kB"
        yield table(_head(plan), _rows(question.name, contenders, plan, figures))
    memory = (f"{field.servers[one.name].peak_bytes / MIB:.0f}" for one in contenders)
    yield table(("", *(one.name for one in contenders)), [("peak memory, MiB", *memory)])
    promised = reach.rows(figures, [question.name for question in field.questions])
    yield table(("the gateway", "promised", "found", "kept", "by CPU"), promised)
    yield f"Where the gateway's CPU goes, in ms for one answer:\n\n{_stages(looks)}"


def _head(plan: Plan) -> Sequence[str]:
    by_load = [f"{name} {number}" for number in plan.connections for name in ("req/s", "p50", "p99 ms,")]
    return ("", "of the floor", "by CPU", "times plain", *by_load, "CPU ms", "calls", "added ms")


def _rows(question: str, contenders: Sequence[Contender], plan: Plan, figures: Figures) -> Iterator[Sequence[str]]:
    floor, plain = (figures.of(question, one.name, USUAL) for one in (FLOOR, PLAIN))
    assert floor is not None
    assert plain is not None
    for contender in contenders:
        run = figures.of(question, contender.name, USUAL)
        if run is None:
            continue
        late = added(figures, question, contender.name)
        yield (
            contender.name,
            f"{run.rate / floor.rate:.2f}",
            f"{floor.cpu / run.cpu:.2f}",
            f"{run.rate / plain.rate:.2f}",
            *(cell for number in plan.connections for cell in _load(figures.of(question, contender.name, number))),
            f"{run.cpu * 1_000:.2f}",
            f"{run.calls:.2f}",
            "" if late is None else f"{late * 1_000:.2f}",
        )


def _load(run: Run | None) -> Sequence[str]:
    if run is None:
        return "", "", ""
    return f"{run.rate:,.0f}", f"{run.p50 * 1_000:.2f}", f"{run.p99 * 1_000:.2f}"


def _stages(looks: Mapping[str, Look]) -> str:
    def row(name: str, seconds: Iterable[float]) -> Sequence[str]:
        return (name, *(f"{one * 1_000:.3f}" for one in seconds))

    names = {name for look in looks.values() for name in look.stages}
    ordered = sorted(names, key=lambda name: -sum(look.stages.get(name, 0.0) for look in looks.values()))
    rows = [row(name, (look.stages.get(name, 0.0) for look in looks.values())) for name in ordered]
    together = row("together", (sum(look.stages.values()) for look in looks.values()))
    return table(("", *(name.upper() for name in looks)), [*rows, together])


def functions(look: Look, most: int) -> str:
    """Answer in which functions most of the time is spent themselves."""
    ordered = sorted(look.functions.items(), key=lambda item: -item[1])[:most]
    return "\n".join(f"{seconds * 1e6:9.1f} µs  {function}" for function, seconds in ordered)


def _python() -> str:
    built = "with" if "--enable-optimizations" in (sysconfig.get_config_var("CONFIG_ARGS") or "") else "without"
    return (
        f"{platform.python_implementation()} {platform.python_version()} ({platform.python_build()[1]},"
        f" {platform.python_compiler()}, {built} profile-guided optimisation, {sys.executable})"
    )


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---", *("--:" for _ in head[1:])], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
