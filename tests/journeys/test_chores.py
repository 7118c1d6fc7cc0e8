"""Chores are done when they are due, each beside the others, and end with their worker."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from functools import partial

import pytest
from prometheus_client import CollectorRegistry
from structlog.testing import capture_logs

from gateway import chores as module
from gateway.chores import Chore, Chores, Step
from gateway.events import WORK, LocalBus
from gateway.watch import Watch
from insurers.sandbox import TestClock
from tests.api.conftest import FRIDAY
from tests.journeys.insurer import PATIENCE_SECONDS

NEVER = timedelta(seconds=60)
SHORT = timedelta(seconds=0.05)


class Watering:
    """A chore of so many pots. It may be told to break, or to take its time."""

    name = "watering"

    def __init__(self, due_at: datetime | None, pots: int = 1) -> None:
        self.due_at = due_at
        self.pots = pots
        self.watered = 0
        self.turns = 0
        self.breaks = False
        self.begun = asyncio.Event()
        self.may_end = asyncio.Event()
        self.may_end.set()
        self.all_watered = asyncio.Event()
        self.broken_off = False

    async def due(self) -> datetime | None:
        return self.due_at

    async def turn(self) -> int:
        self.turns += 1
        self.begun.set()
        if self.breaks:
            raise RuntimeError("no water")
        try:
            await self.may_end.wait()
        except asyncio.CancelledError:
            self.broken_off = True
            raise
        if self.watered == self.pots:
            return 0
        self.watered += 1
        if self.watered == self.pots:
            self.due_at = None
            self.all_watered.set()
        return 1


class Errands:
    """A dispatch of errands, each of which is run until it may end, and some of which break."""

    name = "watering"

    def __init__(self, *errands: str) -> None:
        self.waiting = list(errands)
        self.may_end = {errand: asyncio.Event() for errand in errands}
        self.begun: set[str] = set()
        self.ended: set[str] = set()
        self.moved = asyncio.Condition()

    async def due(self) -> datetime | None:
        return FRIDAY if self.waiting else None

    async def turn(self) -> int:
        steps = await self.take()
        await asyncio.gather(*(step() for step in steps))
        return len(steps)

    async def take(self) -> Sequence[Step]:
        return [partial(self._run, self.waiting.pop(0))]

    async def _run(self, errand: str) -> None:
        await self._note(self.begun, errand)
        await self.may_end[errand].wait()
        if errand.startswith("broken"):
            raise RuntimeError("nobody was there")
        await self._note(self.ended, errand)

    async def _note(self, where: set[str], errand: str) -> None:
        async with self.moved:
            where.add(errand)
            self.moved.notify_all()

    async def has(self, where: set[str], *errands: str) -> None:
        async with self.moved:
            await self.moved.wait_for(lambda: where >= set(errands))


@pytest.fixture
def clock() -> TestClock:
    return TestClock(FRIDAY)


@pytest.fixture
def bus() -> LocalBus:
    return LocalBus()


def figure(registry: CollectorRegistry, ended: str) -> float:
    return registry.get_sample_value("tabane_chores_total", {"chore": "watering", "ended": ended}) or 0.0


@asynccontextmanager
async def tended(
    *chores: Chore, bus: LocalBus, clock: TestClock, grace: timedelta = NEVER, registry: CollectorRegistry | None = None
) -> AsyncIterator[Chores]:
    seen_to = Chores(chores, bus, clock, Watch(registry or CollectorRegistry()), longest=NEVER, grace=grace)
    seen_to.begin()
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            yield seen_to
    finally:
        await seen_to.farewell()


async def test_what_is_due_is_done_to_its_end_and_what_is_not_is_left(bus: LocalBus, clock: TestClock) -> None:
    now, later = Watering(FRIDAY, pots=3), Watering(FRIDAY + timedelta(hours=1))

    async with tended(now, later, bus=bus, clock=clock):
        await now.all_watered.wait()

    assert (3, 0) == (now.watered, later.turns)


async def test_one_step_of_each_is_done_by_hand_and_counted(bus: LocalBus, clock: TestClock) -> None:
    chores = [Watering(FRIDAY, pots=2), Watering(FRIDAY), Watering(None)]
    by_hand = Chores(chores, bus, clock, Watch(CollectorRegistry()), longest=NEVER, grace=NEVER)

    assert [2, 1, 0] == [await by_hand.turn() for _ in range(3)]


async def test_news_of_work_ends_the_rest_of_a_chore(bus: LocalBus, clock: TestClock) -> None:
    chore = Watering(None)

    async with tended(chore, bus=bus, clock=clock):
        for _ in range(10):  # Long enough to lie down.
            await asyncio.sleep(0)
        chore.due_at = FRIDAY
        await bus.publish(WORK)
        await chore.all_watered.wait()

    assert 1 == chore.watered


async def test_trouble_with_one_is_logged_and_stops_no_other(bus: LocalBus, clock: TestClock) -> None:
    broken, whole, registry = Watering(FRIDAY), Watering(FRIDAY, pots=2), CollectorRegistry()
    broken.breaks = True

    with capture_logs() as lines:
        async with tended(broken, whole, bus=bus, clock=clock, registry=registry):
            await whole.all_watered.wait()

    assert (1, 2) == (broken.turns, whole.watered)
    assert ["a chore failed"] == [line["event"] for line in lines]
    assert (1.0, 2.0) == (figure(registry, "failed"), figure(registry, "done"))


async def test_what_is_under_way_finishes_within_the_grace(bus: LocalBus, clock: TestClock) -> None:
    chore = Watering(FRIDAY, pots=2)
    chore.may_end.clear()

    async with tended(chore, bus=bus, clock=clock):
        await chore.begun.wait()
        asyncio.get_running_loop().call_later(SHORT.total_seconds(), chore.may_end.set)

    assert (1, 1, False) == (chore.turns, chore.watered, chore.broken_off)


async def test_what_takes_longer_than_the_grace_is_broken_off(bus: LocalBus, clock: TestClock) -> None:
    chore, registry = Watering(FRIDAY), CollectorRegistry()
    chore.may_end.clear()

    async with tended(chore, bus=bus, clock=clock, grace=SHORT, registry=registry):
        await chore.begun.wait()

    assert (0, True) == (chore.watered, chore.broken_off)
    assert 1.0 == figure(registry, "given_back")


async def test_a_chore_that_another_process_is_doing_is_not_asked_after_in_a_storm(
    bus: LocalBus, clock: TestClock
) -> None:
    chore = Watering(FRIDAY, pots=0)

    async with tended(chore, bus=bus, clock=clock):
        await asyncio.sleep(2 * module.BREATH_SECONDS)

    assert 1 <= chore.turns <= 2


async def test_what_a_dispatch_takes_waits_for_nothing_that_it_took_before(bus: LocalBus, clock: TestClock) -> None:
    chore = Errands("slow", "broken", "quick")
    registry = CollectorRegistry()
    chore.may_end["broken"].set()
    chore.may_end["quick"].set()

    with capture_logs() as lines:
        async with tended(chore, bus=bus, clock=clock, registry=registry):
            await chore.has(chore.ended, "quick")
            before = set(chore.ended)
            chore.may_end["slow"].set()

    assert ({"quick"}, {"slow", "quick"}) == (before, chore.ended)
    assert ["a chore failed"] == [line["event"] for line in lines]
    assert (1.0, 3.0) == (figure(registry, "failed"), figure(registry, "done"))


async def test_what_a_dispatch_took_is_broken_off_after_the_grace(bus: LocalBus, clock: TestClock) -> None:
    chore, registry = Errands("slow", "slower"), CollectorRegistry()

    async with tended(chore, bus=bus, clock=clock, grace=SHORT, registry=registry):
        await chore.has(chore.begun, "slow", "slower")

    assert set() == chore.ended
    assert 2.0 == figure(registry, "given_back")
