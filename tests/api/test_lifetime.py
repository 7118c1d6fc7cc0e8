"""Work is broken off by its deadline and by its client, tidies up, and leaves its task as it was."""

import asyncio
from dataclasses import dataclass, field

import pytest

from schema.execution.lifetime import Gone, Late, in_time, unless_gone
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
        await in_time(AT_ONCE, work.done())

    assert work.tidied
    assert unbroken()


@pytest.mark.parametrize("stubborn", [False, True])
async def test_what_nobody_waits_for_is_broken_off(stubborn: bool) -> None:
    work = Work(stubborn)

    with pytest.raises(Gone):
        await unless_gone(left, work.done())

    assert work.tidied
    assert unbroken()


async def test_what_must_be_done_is_done_though_nobody_waits() -> None:
    work = Work()

    async def leaves() -> None:
        asyncio.get_running_loop().call_soon(work.opened.set)

    assert "done" == await unless_gone(leaves, work.done(), whatever=lambda: True)


async def test_what_does_not_wait_is_not_looked_after() -> None:
    looked: list[str] = []

    async def look() -> None:
        looked.append("looked")

    assert ["done", "done"] == [await in_time(AT_ONCE, at_once()), await unless_gone(look, at_once())]
    await rounds_go_by()
    assert [] == looked
    assert 0 == len(rounds(asyncio.get_running_loop()))


async def test_its_own_failure_is_told_as_it_is() -> None:
    with pytest.raises(LookupError):
        await in_time(NEVER, failing())
    with pytest.raises(LookupError):
        await unless_gone(stays, failing())


async def test_whoever_leaves_ends_a_work_that_still_has_time_and_the_other_way_round() -> None:
    with pytest.raises(Gone):
        await unless_gone(left, in_time(NEVER, Work().done()))
    with pytest.raises(Late):
        await unless_gone(stays, in_time(AT_ONCE, Work().done()))
    with pytest.raises((Gone, Late)):
        await unless_gone(left, in_time(AT_ONCE, Work().done()))

    assert unbroken()


async def test_who_leaves_as_the_work_ends_breaks_off_nothing_that_follows() -> None:
    work, leaving = Work(), asyncio.Event()

    async def leaves() -> None:
        await leaving.wait()

    async def answering() -> str:
        done = await unless_gone(leaves, work.done())
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

    task = asyncio.create_task(unless_gone(look, in_time(NEVER, work.done())))

    with pytest.raises(asyncio.CancelledError):
        await task
    assert work.tidied
