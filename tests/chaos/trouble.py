"""What befalls a town: faults at the insurers and sudden deaths of processes, at random."""

import asyncio
from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from random import Random as Dice
from typing import TypeVar

from insurers.sandbox import Fault
from tests.chaos.fleet import Kind
from tests.chaos.house import House
from tests.chaos.town import LEASE_SECONDS, Town

T = TypeVar("T")

__all__ = ["Dice", "reaping", "troubling"]

# A mean; the time from one to the next is as random as that of calls at a desk. It counts from when all are up
# again: who is killed while it begins was doing nothing, and a slow machine would do nothing else.
KILL_AFTER_SECONDS = 1.0

# How many die in one moment: mostly one, and now and then more than the half.
AT_ONCE = {1: 6, 2: 3, 3: 1}

# Of all presses so many meet trouble, and of all calls on the way to the button.
AT_THE_BUTTON = 0.4
ON_THE_WAY = 0.015
FAULTS = {Fault.SILENCE: 4, Fault.LOST: 3, Fault.BUSY: 2, Fault.SLOW: 2, Fault.GIBBERISH: 2}
# How long an insurer thinks before a fault: mostly a moment, and at the button often so long that everybody has given
# up when the deed is done. Whoever pressed again meanwhile has pressed twice.
MOMENT_SECONDS = 1.0
TOO_SLOW = 0.4
TOO_SLOW_SECONDS = (0.8 * LEASE_SECONDS, 1.5 * LEASE_SECONDS)
LOOK_SECONDS = 0.2


async def reaping(town: Town, dice: Dice, over: asyncio.Event) -> None:
    """Kill gateways and workers now and then, whatever they are doing; in the end all are up."""
    while not await _passed(over, dice.expovariate(1 / KILL_AFTER_SECONDS)):
        doomed = dice.sample(town.fleet.names(Kind.WEB, Kind.WORKER), _drawn(AT_ONCE, dice))
        await asyncio.gather(*(town.fleet.kill(name) for name in doomed))
        await town.fleet.up(*doomed)


async def troubling(house: House, dice: Dice, over: asyncio.Event) -> None:
    """Order faults for an insurer, as many as its calls deserve; in the end those that have not come are taken back."""
    before: Counter[str] = Counter()
    while not await _passed(over, LOOK_SECONDS):
        calls = await house.calls()
        new = calls - before
        pressed = new.pop(f"POST {house.button}", 0)
        for _ in range(_of(pressed, AT_THE_BUTTON, dice)):
            late = dice.random() < TOO_SLOW
            seconds = dice.uniform(*TOO_SLOW_SECONDS) if late else _moment(dice)
            await house.order(house.button, _drawn(FAULTS, dice), seconds=seconds)
        for path in _some(new, ON_THE_WAY, dice):
            await house.order(path, _drawn(FAULTS, dice), seconds=_moment(dice))
        before = calls
    await house.calm()


async def _passed(over: asyncio.Event, seconds: float) -> bool:
    """Wait so long, or until it is over; answer whether it is."""
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await over.wait()
    return over.is_set()


def _some(calls: Counter[str], share: float, dice: Dice) -> list[str]:
    """Answer paths that were called, each as often as its calls deserve."""
    return [path for call, times in sorted(calls.items()) for path in [call.split()[1]] * _of(times, share, dice)]


def _of(times: int, share: float, dice: Dice) -> int:
    return sum(dice.random() < share for _ in range(times))


def _drawn(weights: Mapping[T, int], dice: Dice) -> T:
    return dice.choices(list(weights), list(weights.values()))[0]


def _moment(dice: Dice) -> float:
    return dice.expovariate(1 / MOMENT_SECONDS)
