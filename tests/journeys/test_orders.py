"""Of one order that several machines carry out at once, the answer is kept of the one that did the deed."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from itertools import count, permutations

import pytest
from msgspec import Struct

from gateway import store
from gateway.journeys.orders import Orders
from gateway.store import Conflict, Store
from gateway.vault import Keyring
from insurers.renewal import Renewal, RenewalEvent, RenewalState
from insurers.sandbox import TestClock
from schema.ports import Asker, Done, Role
from schema.problems import STEP_LOCKED, Problem, ProblemCode, conflict
from tests.store import invented
from tests.store.databases import database_url
from tests.store.invented import MATURITY, NOW

__all__ = ["database_url"]

ASKER = Asker(
    customer="c1",
    actor="c1",
    display_name="",
    actor_name="",
    name=None,
    roles=frozenset({Role.CUSTOMER}),
    expires_at=NOW + timedelta(days=1),
)
REFUSED = Problem(code=ProblemCode.NOT_ELIGIBLE, message=invented.TEXT)
UNDONE = invented.renewal(state=RenewalState.QUEUED)

Problems = tuple[Problem, ...]
NUMBERS = count()


class Case(Struct, frozen=True):
    """What the one is told that does the deed, and what the one that finds it done."""

    doer: Problems
    onlooker: Problems


CASES = [
    Case((), (conflict(2),)),  # it read what was about to move
    Case((REFUSED,), ()),  # it found the thing still on its way
    Case((), (STEP_LOCKED,)),  # it came when there was nothing left to do
]


def courses() -> Iterator[tuple[int, ...]]:
    """Every order in which two machines can take two steps each."""
    return iter(sorted(set(permutations((0, 0, 1, 1)))))


class Machine:
    """One process that carries out the order a step at a time: the deed first, the answer after."""

    def __init__(self, kept: Store, case: Case, renewal: str) -> None:
        self.orders = Orders(kept, TestClock(NOW, frozen=True))
        self.did = False
        self._kept = kept
        self._case = case
        self._renewal = renewal
        self._stood: asyncio.Queue[None] = asyncio.Queue()
        self._may: asyncio.Queue[None] = asyncio.Queue()
        self._asked: asyncio.Task[Done[Renewal]]

    async def ask(self) -> Done[Renewal]:
        return await self.orders.once(
            ASKER, f"key {self._renewal}", "cancel", do=self._do, again=self._read, name=lambda known: known.id
        )

    async def begin(self) -> None:
        self._asked = asyncio.create_task(self.ask())
        await self._stood.get()

    async def step(self) -> None:
        self._may.put_nowait(None)
        standing = asyncio.create_task(self._stood.get())
        await asyncio.wait((standing, self._asked), return_when=asyncio.FIRST_COMPLETED)
        standing.cancel()

    async def told(self) -> Done[Renewal]:
        return await self._asked

    async def _do(self) -> Done[Renewal]:
        seen = await self._read(self._renewal)
        await self._pause()
        try:
            async with self._kept.work() as work:
                await work.renewals.save(seen.on(RenewalEvent.CANCEL, at=NOW), was=UNDONE.version, due_at=None)
        except Conflict:
            pass
        else:
            self.did = True
        await self._pause()
        problems = self._case.doer if self.did else self._case.onlooker
        return Done(thing=await self._read(self._renewal), problems=problems)

    async def _pause(self) -> None:
        self._stood.put_nowait(None)
        await self._may.get()

    async def _read(self, renewal: str) -> Renewal:
        async with self._kept.reading() as work:
            found = await work.renewals.get(renewal)
        assert found is not None
        return found


@pytest.fixture
async def kept(database_url: str) -> AsyncIterator[Store]:
    async with store.opened(database_url, keyring=Keyring.fresh()) as opened:
        yield opened


async def written(kept: Store) -> str:
    number = next(NUMBERS)
    async with kept.work() as work:
        undone = invented.renewal(
            f"r{number}", state=RenewalState.QUEUED, maturity=MATURITY + number * timedelta(days=1)
        )
        await work.renewals.add(undone, due_at=None)
    return undone.id


@pytest.mark.parametrize("case", CASES)
async def test_whoever_ends_first_the_answer_that_is_repeated_is_that_of_the_deed(kept: Store, case: Case) -> None:
    for course in courses():
        renewal = await written(kept)
        machines = [Machine(kept, case, renewal) for _ in range(2)]
        for machine in machines:
            await machine.begin()

        for place in course:
            await machines[place].step()

        told = [await machine.told() for machine in machines]
        (doer,) = [answer for machine, answer in zip(machines, told, strict=True) if machine.did]
        assert case.doer == doer.problems, course
        for machine in machines:
            later = await machine.ask()
            assert (case.doer, doer.thing, True) == (later.problems, later.thing, later.replayed), course


async def test_a_refusal_that_nobody_else_could_have_turned_is_repeated_alike(kept: Store) -> None:
    renewal = await written(kept)
    machine = Machine(kept, CASES[0], renewal)
    async with kept.work() as work:
        moved = invented.renewal(renewal, state=RenewalState.QUEUED).on(RenewalEvent.WITHDRAW, at=NOW)
        await work.renewals.save(moved, was=UNDONE.version, due_at=None)

    await machine.begin()
    for _ in range(2):
        await machine.step()

    first, later = await machine.told(), await machine.ask()
    assert CASES[0].onlooker == first.problems == later.problems
    assert (False, True) == (first.replayed, later.replayed)
