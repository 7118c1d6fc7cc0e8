"""A gateway that is killed in mid-sentence: nothing acknowledged is lost, and nothing is done twice."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from datetime import timedelta
from multiprocessing.context import ForkServerProcess
from pathlib import Path

import aiohttp
import msgspec
import pytest

from gateway.settings import Settings
from insurers.identity import InsurerCode
from insurers.sandbox import Fault, TestClock
from tests.api.conftest import Houses, Town
from tests.api.frontend import Frontend, Json
from tests.journeys import doomed_gateway
from tests.journeys.doomed_gateway import Surroundings
from tests.journeys.insurer import PATIENCE_SECONDS, AnInsurer, by_turns
from tests.journeys.registering import mailed, read, resent
from tests.journeys.slow_post import SlowPost
from tests.processes import PROCESSES, forked

# The insurer is still thinking when the gateway dies, and done soon after.
THINKING_SECONDS = 0.5

# Whatever a client was told; document links are made anew for each answer.
KEPT = ("id", "version", "status", "selectedPlan", "plans", "steps", "dueBy", "nextActions")


@pytest.fixture
def surroundings(tmp_path: Path, address_of_database: str, houses: Houses, clock: TestClock) -> Surroundings:
    return Surroundings(
        folder=str(tmp_path / "data"),
        database=address_of_database,
        insurers={code: address.url for code, (_, address) in houses.items()},
        now=clock(),
    )


@pytest.fixture
def settings(surroundings: Surroundings) -> Settings:
    return surroundings.settings()


@pytest.fixture
def insurer(code: InsurerCode, houses: Houses) -> AnInsurer:
    return AnInsurer(code, *houses[code])


class Doomed:
    """A gateway until it is killed."""

    def __init__(self, process: ForkServerProcess, customer: Frontend) -> None:
        self._process = process
        self.customer = customer

    async def die(self) -> None:
        assert self._process.pid is not None
        os.kill(self._process.pid, signal.SIGKILL)
        await asyncio.to_thread(self._process.join)
        assert -signal.SIGKILL == self._process.exitcode


@pytest.fixture
async def doomed(
    surroundings: Surroundings, settings: Settings, letterbox: SlowPost, town: Town
) -> AsyncIterator[Doomed]:
    """A second gateway beside the town's, on the same database, for the same customer."""
    listener, teller = PROCESSES.Pipe(duplex=False)
    process = forked(doomed_gateway.run, msgspec.json.encode(surroundings), teller)
    teller.close()
    with listener:
        assert await asyncio.to_thread(listener.poll, PATIENCE_SECONDS)
        url = listener.recv()
    async with aiohttp.ClientSession() as http:
        frontend = Frontend(http, url, None, "taro", letterbox.letters)
        token = town.issuer.mint(frontend.person["name"])
        yield Doomed(process, Frontend(http, url, token, "taro", letterbox.letters))
    process.kill()
    await asyncio.to_thread(process.join)
    process.close()


async def cut_off(asking: asyncio.Task[Json]) -> None:
    """Whoever asked a gateway that died hears nothing."""
    with pytest.raises(aiohttp.ClientError):
        await asking


@by_turns
async def test_a_press_that_nobody_heard_is_found_by_the_next_gateway(
    town: Town, taro: Frontend, insurer: AnInsurer, doomed: Doomed, settings: Settings, letterbox: SlowPost
) -> None:
    customer = doomed.customer
    await customer.register(insurer.code)
    ready = await customer.ready(insurer.code)
    letterbox.keep_waiting()

    asking = asyncio.create_task(customer.submit(ready))
    await letterbox.knock()
    await doomed.die()
    await cut_off(asking)

    # Nobody knows yet, and nobody may press again.
    assert "SUBMITTING" == (await taro.read(ready))["status"]
    assert "SUBMITTING" == (await taro.submit(ready))["renewal"]["status"]
    assert 0 == await town.gateway.worker.turn()

    town.clock.advance(timedelta(seconds=settings.worker_lease_seconds))
    assert 1 == await town.gateway.worker.turn()
    assert "UNCONFIRMED" == (await taro.read(ready))["status"]
    letterbox.let_in()
    town.clock.advance(insurer.settles_within)
    assert 1 == await town.gateway.worker.turn()

    found = await taro.read(ready)
    assert "ACCEPTED" == found["status"]
    assert [found["result"]["newPolicyNumber"]] == await insurer.successors(taro)
    assert 1 == insurer.presses


async def test_a_wish_that_never_reached_the_button_may_be_uttered_again(
    town: Town, taro: Frontend, insurer: AnInsurer, doomed: Doomed, settings: Settings
) -> None:
    customer = doomed.customer
    await customer.register(insurer.code)
    ready = await customer.ready(insurer.code)
    insurer.order(insurer.places.door, Fault.SLOW, seconds=THINKING_SECONDS)
    insurer.count_anew()

    asking = asyncio.create_task(customer.submit(ready))
    await insurer.called(insurer.places.door)
    await doomed.die()
    await cut_off(asking)

    town.clock.advance(timedelta(seconds=settings.worker_lease_seconds))
    await town.gateway.worker.turn()
    town.clock.advance(insurer.settles_within)
    await town.gateway.worker.turn()
    absent = await taro.read(ready)
    assert "READY" == absent["status"]
    assert ready["reviewHash"] == absent["reviewHash"]
    assert 0 == insurer.presses

    assert "ACCEPTED" == (await taro.submit(absent))["renewal"]["status"]
    assert 1 == insurer.presses


@by_turns
async def test_whatever_was_acknowledged_is_there_in_the_next_gateway(
    taro: Frontend, insurer: AnInsurer, doomed: Doomed
) -> None:
    customer = doomed.customer
    await customer.register(insurer.code)
    renewal = await customer.follow(await customer.start(insurer.code), until="IMPORTANT_MATTERS")

    await doomed.die()

    found = await taro.read(renewal)
    assert {key: found[key] for key in KEPT} == {key: renewal[key] for key in KEPT}
    accepted = await taro.submit(await taro.follow(found))
    assert "ACCEPTED" == accepted["renewal"]["status"]


async def test_a_registration_goes_on_in_the_next_gateway(taro: Frontend, insurer: AnInsurer, doomed: Doomed) -> None:
    customer = doomed.customer
    begun = await mailed(customer, await customer.begin(insurer.code))

    await doomed.die()

    found = await read(taro, begun)
    assert (begun["version"], "WAITING_FOR_LINK") == (found["version"], found["status"])
    # What was shown once is not to be had again: it is in the customer's own notes.
    assert found["challenge"]["displayOnce"] is None
    taro.noted = customer.noted
    assert "COMPLETED" == (await taro.follow_registration(found))["status"]


@by_turns
async def test_a_registration_that_was_being_sent_can_be_sent_again(
    town: Town, taro: Frontend, insurer: AnInsurer, doomed: Doomed, settings: Settings, letterbox: SlowPost
) -> None:
    letterbox.keep_waiting()
    begun = await doomed.customer.begin(insurer.code)
    asking = asyncio.create_task(mailed(doomed.customer, begun))
    await letterbox.knock()
    await doomed.die()
    await cut_off(asking)
    letterbox.let_in()
    assert "PROVISIONAL" == (await read(taro, begun))["status"]
    assert 0 == await town.gateway.worker.turn()

    town.clock.advance(timedelta(seconds=settings.worker_lease_seconds))
    assert 1 == await town.gateway.worker.turn()

    assert "UNCONFIRMED" == (await read(taro, begun))["status"]
    again = await resent(taro, begun)
    assert "COMPLETED" == (await taro.follow_registration(again))["status"]
