"""Trouble that a sandbox is ordered to make, over its real doors."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime

import aiohttp
import pytest
from aiohttp import web

from insurers.sandbox import RESET, TOKYO, WORLD, Address, Letter, TestClock, World, serve

MORNING = datetime(2026, 11, 20, 10, tzinfo=TOKYO)


@dataclass
class Nobody:
    """Takes letters nowhere."""

    async def deliver(self, letter: Letter) -> None: ...


@dataclass
class House:
    """An insurer of one deed, which counts how often it was done."""

    address: Address
    http: aiohttp.ClientSession
    done: list[str] = field(default_factory=list)

    async def order(self, **trouble: object) -> int:
        async with self.http.post(f"{self.address.control_url}/_control/faults", json=trouble) as answer:
            return answer.status

    async def deed(self) -> str:
        async with self.http.post(f"{self.address.url}/deed/7", data=b"please") as answer:
            return f"{answer.status} {(await answer.read())[:4]!r}"


@pytest.fixture
async def house() -> AsyncIterator[House]:
    done: list[str] = []

    async def deed(request: web.Request) -> web.Response:
        done.append((await request.read()).decode())
        return web.Response(text="done")

    app = web.Application()
    app[WORLD] = World(clock=TestClock(MORNING, frozen=True), postman=Nobody())
    app[RESET] = done.clear
    app.router.add_post("/deed/{number}", deed)
    async with serve(app) as address, aiohttp.ClientSession() as http:
        yield House(address, http, done)


@pytest.mark.parametrize(
    ("fault", "heard", "times_done"),
    [
        ("silence", None, 1),
        ("lost", None, 0),
        ("busy", "503 b''", 0),
        ("gibberish", "200 b'\\x81\\x00<h'", 1),
        ("slow", "200 b'done'", 1),
    ],
)
async def test_each_fault_does_what_it_says_once(house: House, fault: str, heard: str | None, times_done: int) -> None:
    assert 204 == await house.order(path="/deed/{number}", fault=fault)

    if heard is None:
        with pytest.raises(aiohttp.ClientError):
            await house.deed()
    else:
        assert heard == await house.deed()
    assert times_done == len(house.done)

    assert "200 b'done'" == await house.deed()


async def test_a_literal_path_may_be_named_instead_of_its_route(house: House) -> None:
    assert 204 == await house.order(path="/deed/7", fault="busy")

    assert "503 b''" == await house.deed()


@pytest.mark.parametrize(
    "trouble",
    [{"path": "/no/such/route", "fault": "busy"}, {"path": "/deed/7", "fault": "earthquake"}, {"fault": "busy"}],
)
async def test_trouble_that_could_never_befall_is_refused(house: House, trouble: dict[str, object]) -> None:
    assert 400 == await house.order(**trouble)


@pytest.mark.parametrize("time", [{"now": "tomorrow"}, {"now": "2026-11-20T10:00:00"}, {"advance_seconds": "a while"}])
async def test_no_clock_is_set_to_what_is_no_time(house: House, time: dict[str, object]) -> None:
    async with house.http.put(f"{house.address.control_url}/_control/clock", json=time) as answer:
        assert 400 == answer.status
    async with house.http.get(f"{house.address.control_url}/_control/clock") as answer:
        assert {"now": MORNING.isoformat()} == await answer.json()


async def test_trouble_that_came_is_counted_and_what_is_still_to_come_is_told(house: House) -> None:
    await house.order(path="/deed/{number}", fault="busy", times=3)
    await house.deed()
    await house.deed()

    async with house.http.get(f"{house.address.control_url}/_control/faults") as answer:
        told = await answer.json()

    assert {"planned": 1, "taken": [{"path": "/deed/{number}", "fault": "busy", "times": 2}]} == told
