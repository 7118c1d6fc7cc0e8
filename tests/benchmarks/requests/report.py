"""The figures as a page of Markdown."""

import platform
import sys
import sysconfig
from collections.abc import Iterator, Mapping, Sequence

from tests.benchmarks.requests.contenders import FLOOR, PLAIN, Contender
from tests.benchmarks.requests.field import Field
from tests.benchmarks.requests.measuring import SLOW_UPSTREAM, UPSTREAM_SECONDS, Figures, Plan
from tests.benchmarks.requests.questions import Question
from tests.benchmarks.requests.stages import Look

MIB = 1 << 20


def page(field: Field, contenders: Sequence[Contender], plan: Plan, figures: Figures, looks: Mapping[str, Look]) -> str:
    parts = [
        f"{_python()}. One server at a time on one core; load and insurers on another. Median of {plan.rounds} rounds.",
        _table(_HEAD, _rows(field, contenders, plan, figures)),
        _table(("", *(one.name for one in contenders)), [_memory(field, contenders)]),
        "Where the gateway's CPU goes, in ms for one answer:",
        _table(("", *(name.upper() for name in looks)), _stages(looks)),
    ]
    return "\n\n".join(parts)


_HEAD = (
    *("question", "contender", "connections", "requests/s", "of the floor", "times plain"),
    *("p50 ms", "p99 ms", "CPU ms", "calls"),
    f"added to {UPSTREAM_SECONDS * 1_000:.0f} ms",
)


def _rows(field: Field, contenders: Sequence[Contender], plan: Plan, figures: Figures) -> Iterator[Sequence[str]]:
    for question in field.questions:
        for connections in plan.connections:
            floor, plain = (figures.of(question, one, connections) for one in (FLOOR, PLAIN))
            for contender in contenders:
                run = figures.of(question, contender, connections)
                yield (
                    f"{question.name.upper()} {question.title}, {field.sizes[question.name] / 1_000:.1f} kB",
                    contender.name,
                    str(connections),
                    f"{run.rate:,.0f}",
                    f"{run.rate / floor.rate:.2f}",
                    f"{run.rate / plain.rate:.1f}",
                    f"{run.p50 * 1_000:.2f}",
                    f"{run.p99 * 1_000:.2f}",
                    f"{run.cpu * 1_000:.2f}",
                    f"{run.calls:.2f}",
                    _added(question, contender, figures) if connections == plan.connections[0] else "",
                )


def _added(question: Question, contender: Contender, figures: Figures) -> str:
    """Answer what is left of an answer's time once the insurers have had what the floor waits for them."""
    run, floor = (figures.of(question, one, SLOW_UPSTREAM) for one in (contender, FLOOR))
    if not run.calls:
        return "no calls"
    return f"{(run.p50 - min(run.waited, floor.waited)) * 1_000:.2f} ms"


def _memory(field: Field, contenders: Sequence[Contender]) -> Sequence[str]:
    return ("peak memory, MiB", *(f"{field.servers[one.name].peak_bytes / MIB:.0f}" for one in contenders))


def _stages(looks: Mapping[str, Look]) -> Iterator[Sequence[str]]:
    names = {name for look in looks.values() for name in look.stages}
    for name in sorted(names, key=lambda name: -max(look.stages.get(name, 0) for look in looks.values())):
        yield name, *(f"{look.stages.get(name, 0) * 1_000:.3f}" for look in looks.values())
    yield "together", *(f"{sum(look.stages.values()) * 1_000:.3f}" for look in looks.values())


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


def _table(head: Sequence[str], rows: Iterator[Sequence[str]] | Sequence[Sequence[str]]) -> str:
    lines = [head, ["---" if at < 2 else "--:" for at in range(len(head))], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
