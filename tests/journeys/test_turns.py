"""A comparison waits for its turn at an insurer, and one flow is asked about one thing at a time."""

import asyncio
from collections import Counter
from datetime import timedelta

import pytest

from gateway.journeys.patience import Patience
from gateway.journeys.turns import Turns
from insurers.errors import Unavailable
from tests.store.invented import ACME

PLACES = 3
LEASE = timedelta(seconds=0.1)


async def test_of_one_flow_one_thing_is_asked_at_a_time_and_of_an_insurer_as_many_as_it_takes() -> None:
    turns = Turns({ACME: PLACES}, Patience(timedelta(minutes=2)))
    busy: Counter[str] = Counter()
    most: Counter[str] = Counter()

    async def ask(flow: str) -> None:
        async with turns.alone(ACME, flow):
            busy.update([flow])
            most[flow], most["all"] = max(most[flow], busy[flow]), max(most["all"], busy.total())
            await asyncio.sleep(0)
            busy.subtract([flow])

    flows = [str(flow) for flow in range(PLACES + 2)]
    await asyncio.gather(*(ask(flow) for flow in flows * 3))

    assert {**dict.fromkeys(flows, 1), "all": PLACES} == dict(most)


async def test_whoever_waits_too_long_for_a_turn_is_told_and_takes_none() -> None:
    turns = Turns({ACME: PLACES}, Patience(LEASE))

    async with turns.alone(ACME, "one"):
        with pytest.raises(Unavailable):
            async with turns.alone(ACME, "one"):
                pass
        async with turns.alone(ACME, "another"):
            pass
    async with turns.alone(ACME, "one"):
        pass
