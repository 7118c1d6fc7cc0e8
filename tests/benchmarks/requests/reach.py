"""What is promised of the gateway, and whether a run has found it so."""

from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct

from tests.benchmarks.requests.contenders import (
    CACHING_FLOOR,
    CACHING_GATEWAY,
    CACHING_PLAIN,
    FLOOR,
    GATEWAY,
    PLAIN,
    Contender,
)
from tests.benchmarks.requests.measuring import SLOW_UPSTREAM, USUAL, Figures


class Promise(Struct, frozen=True, kw_only=True):
    """At least so much of the floor's rate and of plain Strawberry's; at most so many seconds added, and so uneven."""

    of_floor: float
    times_plain: float | None = None
    added: float | None = None
    p99_of_p50: float | None = None


PROMISES: Mapping[str, Promise] = {
    "q1": Promise(of_floor=0.95, times_plain=8, added=0.004, p99_of_p50=2),
    "q2": Promise(of_floor=0.85, added=0.002),
    # No insurer is asked for a page of the book.
    "q3": Promise(of_floor=0.95, times_plain=8, p99_of_p50=2),
    "q4": Promise(of_floor=0.8),
}


def added(figures: Figures, question: str, contender: str) -> float | None:
    """Answer the seconds that one answer takes beyond those in which the floor waits for insurers."""
    run, floor = (figures.of(question, one, SLOW_UPSTREAM) for one in (contender, FLOOR.name))
    return None if run is None or floor is None else run.p50 - min(run.waited, floor.waited)


def rows(figures: Figures, questions: Sequence[str]) -> Iterator[Sequence[str]]:
    for question, promise in PROMISES.items():
        if question not in questions:
            continue
        name = question.upper()
        run = figures.of(question, GATEWAY.name, USUAL)
        assert run is not None
        yield from _held(name, promise, figures, question, (GATEWAY, FLOOR, PLAIN))
        yield from _held(
            f"{name} with caches", promise, figures, question, (CACHING_GATEWAY, CACHING_FLOOR, CACHING_PLAIN)
        )
        if promise.added is not None and (late := added(figures, question, GATEWAY.name)) is not None:
            yield _most(f"{name}, added ms", promise.added * 1_000, late * 1_000)
        if promise.p99_of_p50 is not None:
            yield _most(f"{name}, p99 of p50", promise.p99_of_p50, run.p99 / run.p50)


def _held(
    name: str, promise: Promise, figures: Figures, question: str, alike: tuple[Contender, Contender, Contender]
) -> Iterator[Sequence[str]]:
    """Hold the gateway against the floor and plain Strawberry with the same settings, where all were measured."""
    run, floor, plain = (figures.of(question, one.name, USUAL) for one in alike)
    if run is None or floor is None or plain is None:
        return
    yield _least(f"{name}, of the floor", promise.of_floor, run.rate / floor.rate, floor.cpu / run.cpu)
    if promise.times_plain is not None:
        yield _least(f"{name}, times plain", promise.times_plain, run.rate / plain.rate, plain.cpu / run.cpu)


def _least(what: str, wanted: float, found: float, by_cpu: float) -> Sequence[str]:
    return what, f"at least {wanted:g}", f"{found:.2f}", "yes" if found >= wanted else "no", f"{by_cpu:.2f}"


def _most(what: str, wanted: float, found: float) -> Sequence[str]:
    return what, f"at most {wanted:g}", f"{found:.2f}", "yes" if found <= wanted else "no", ""
