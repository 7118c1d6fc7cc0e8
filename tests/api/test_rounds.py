"""One timer looks after all that is under way: what lasts begins, what is over soon does not, and nothing is left."""

from collections.abc import Callable

from hypothesis import given
from hypothesis import strategies as some

from schema.execution.rounds import ROUND_SECONDS, Rounds


class Clock:
    """Time that goes by when it is told so, and what was to be called then."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self.waiting: list[tuple[float, Callable[[], None]]] = []

    def later(self, seconds: float, called: Callable[[], None]) -> None:
        self.waiting.append((self.seconds + seconds, called))

    def go_on(self, seconds: float) -> None:
        end = self.seconds + seconds
        while due := [one for one in self.waiting if one[0] <= end]:
            first = min(due, key=lambda one: one[0])
            self.waiting.remove(first)
            self.seconds, called = first
            called()
        self.seconds = end


class Work:
    """What is under way; it notes when it was looked after."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.began = clock.seconds
        self.looked_after: list[float] = []

    def begin(self) -> None:
        self.looked_after.append(self.clock.seconds - self.began)


# In the order of time: how long nothing happens, and then how long something lasts that begins there.
LIVES = some.lists(
    some.tuples(some.floats(0, 4 * ROUND_SECONDS), some.floats(0, 4 * ROUND_SECONDS)), min_size=1, max_size=12
)


@given(LIVES)
def test_whatever_lasts_is_looked_after_once_and_in_time_and_nothing_else_is(lives: list[tuple[float, float]]) -> None:
    clock = Clock()
    rounds = Rounds(clock.later)
    works: list[tuple[Work, float]] = []
    ends: list[tuple[float, Work]] = []
    for pause, lasts in lives:
        go_on(clock, rounds, ends, clock.seconds + pause)
        work = Work(clock)
        rounds.add(work)
        works.append((work, lasts))
        ends.append((clock.seconds + lasts, work))
    go_on(clock, rounds, ends, clock.seconds + 10 * ROUND_SECONDS)

    for work, lasts in works:
        assert len(work.looked_after) <= 1
        assert all(ROUND_SECONDS <= after + 1e-9 <= 2 * ROUND_SECONDS + 2e-9 for after in work.looked_after)
        if lasts > 2 * ROUND_SECONDS + 1e-9:
            assert work.looked_after
        if lasts < ROUND_SECONDS - 1e-9:
            assert not work.looked_after
    assert [] == clock.waiting


def go_on(clock: Clock, rounds: Rounds, ends: list[tuple[float, Work]], until: float) -> None:
    """Let time go by; what ends meanwhile is dropped when it does."""
    for at, work in sorted(ends, key=lambda one: one[0]):
        if at <= until:
            clock.go_on(max(at - clock.seconds, 0))
            rounds.drop(work)
    ends[:] = [one for one in ends if one[0] > until]
    clock.go_on(max(until - clock.seconds, 0))
