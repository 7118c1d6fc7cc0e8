"""Work is broken off by its deadline and by its client, tidies up, and leaves its task as it was."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import pytest

from schema.execution.lifetime import Gone, Late, Watch
from schema.execution.rounds import rounds

AT_ONCE, NEVER = 0.0, 60.0


@dataclass
class Work:
    """What waits to be let go on; `stubborn` is what does not hear that it is broken off."""

    stubborn: bool = False
    opened: asyncio.Event = field(default_factory=asyncio.Event)
    tidied: bool = False

    async def done(self) -> str:
        try:
            await self.opened.wait()
        except asyncio.CancelledError:
            if not self.stubborn:
                raise
        finally:
            self.tidied = True
        return "done"


async def watched(
    work: Awaitable[str],
    *,
    seconds: float | None = None,
    left: Callable[[], Awaitable[None] | None] | None = None,
    whatever: bool = False,
) -> str:
    with Watch(seconds=seconds, left=left, whatever=lambda: whatever):
        return await work


async def at_once() -> str:
    return "done"


async def failing() -> str:
    await asyncio.sleep(0)
    raise LookupError


async def left() -> None:
    """A client that leaves at the first look."""


async def stays() -> None:
    await asyncio.Event().wait()


async def rounds_go_by() -> None:
    """Have whatever lasts looked after, and what is begun by that wait for what it waits for."""
    for _ in range(2):
        rounds(asyncio.get_running_loop()).go()
        await asyncio.sleep(0)


def unbroken() -> bool:
    task = asyncio.current_task()
    return task is not None and 0 == task.cancelling()


@pytest.mark.parametrize("stubborn", [False, True])
async def test_what_is_late_is_broken_off(stubborn: bool) -> None:
    work = Work(stubborn)

    with pytest.raises(Late):
        await watched(work.done(), seconds=AT_ONCE)

    assert work.tidied
    assert unbroken()


@pytest.mark.parametrize("stubborn", [False, True])
async def test_what_nobody_waits_for_is_broken_off(stubborn: bool) -> None:
    work = Work(stubborn)

    with pytest.raises(Gone):
        await watched(work.done(), left=left)

    assert work.tidied
    assert unbroken()


async def test_who_cannot_be_heard_yet_is_listened_to_later() -> None:
    heard = iter([None, left()])
    working = asyncio.create_task(watched(Work().done(), seconds=NEVER, left=lambda: next(heard)))
    await asyncio.sleep(0)

    # The first look finds nobody to hear, and the one after it does.
    await rounds_go_by()
    assert not working.done()
    await rounds_go_by()

    with pytest.raises(Gone):
        await working


async def test_what_must_be_done_is_done_though_nobody_waits() -> None:
    work = Work()

    async def leaves() -> None:
        asyncio.get_running_loop().call_soon(work.opened.set)

    assert "done" == await watched(work.done(), left=leaves, whatever=True)


async def test_what_does_not_wait_is_not_looked_after() -> None:
    looked: list[str] = []

    async def look() -> None:
        looked.append("looked")

    assert ["done", "done"] == [await watched(at_once(), seconds=AT_ONCE), await watched(at_once(), left=look)]
    await rounds_go_by()
    assert [] == looked
    assert 0 == len(rounds(asyncio.get_running_loop()))


async def test_its_own_failure_is_told_as_it_is() -> None:
    with pytest.raises(LookupError):
        await watched(failing(), seconds=NEVER)
    with pytest.raises(LookupError):
        await watched(failing(), left=stays)


async def test_whoever_leaves_ends_a_work_that_still_has_time_and_the_other_way_round() -> None:
    with pytest.raises(Gone):
        await watched(Work().done(), seconds=NEVER, left=left)
    with pytest.raises(Late):
        await watched(Work().done(), seconds=AT_ONCE, left=stays)
    with pytest.raises((Gone, Late)):
        await watched(Work().done(), seconds=AT_ONCE, left=left)

    assert unbroken()


async def test_who_leaves_as_the_work_ends_breaks_off_nothing_that_follows() -> None:
    work, leaving = Work(), asyncio.Event()

    async def leaves() -> None:
        await leaving.wait()

    async def answering() -> str:
        done = await watched(work.done(), left=leaves)
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        return done

    answered = asyncio.create_task(answering())
    await asyncio.sleep(0)
    await rounds_go_by()
    # In this order: who waits for the client is woken first, and the work ends before that is told.
    leaving.set()
    work.opened.set()

    assert "done" == await answered


@pytest.mark.parametrize("leaves_too", [False, True])
async def test_somebody_elses_word_is_heard_also_where_the_client_leaves_at_the_same_moment(leaves_too: bool) -> None:
    work = Work()

    async def look() -> None:
        task.cancel()
        if not leaves_too:
            await stays()

    task = asyncio.create_task(watched(work.done(), seconds=NEVER, left=look))

    with pytest.raises(asyncio.CancelledError):
        await task
    assert work.tidied
