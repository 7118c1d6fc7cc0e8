"""What befalls everybody: trouble at insurers, processes that die or stand still, changed prices, and lost hours."""

import asyncio
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from random import Random
from typing import Any

import aiohttp
from aiohttp import web
from msgspec import Struct

from insurers.identity import InsurerCode
from insurers.sandbox import FAULTS, REQUESTS, Address, Fault, Resident
from tests.lives.chronicle import Chronicle
from tests.lives.loop import VirtualLoop
from tests.lives.machine import Machine
from tests.lives.place import Place
from tests.lives.promises import Promises

# What is about an insurer's name stands beside; no Python file outside its folders may hold one.
PLACES = json.loads((Path(__file__).parent / "places.json").read_text(encoding="utf-8"))

# Seconds. Every insurer's own records are settled within a minute.
LONGEST_THOUGHT, LONGEST_HALT, LONGEST_JUMP = 50.0, 1200.0, 4 * 3600.0

# A machine that stands still longer than this is taken for dead by its lease.
SHORTEST_HALT = 5.0

# After so many steps (of an insurer: answers), on average, something happens. A life takes some thousands of steps.
STEPS = {"crash": 3_000, "halt": 5_000, "fault": 150, "change": 500, "jump": 12_000}

NEVER = float(1 << 60)

# How many steps it takes on average, by what happens.
Weather = Mapping[str, float]

CALM: Weather = dict.fromkeys(STEPS, NEVER)


def _any_weather(chance: Random) -> Weather:
    return {
        kind: steps * chance.choice((0.5, 1, 3)) if chance.random() < 0.75 else NEVER for kind, steps in STEPS.items()
    }


class House(Struct, frozen=True, kw_only=True):
    """An insurer's sandbox, and who lives in it."""

    code: InsurerCode
    app: web.Application
    address: Address
    residents: tuple[Resident, ...]


class Fate:
    """
    Lets something happen after so many steps, each kind as often as the weather of this world has it.

    Some worlds are calm in one way or another: trouble that never stops hides what comes after it.
    """

    def __init__(
        self, loop: VirtualLoop, chance: Random, chronicle: Chronicle, promises: Promises, weather: Weather | None
    ) -> None:
        self._loop = loop
        self._chance = chance
        self._chronicle = chronicle
        self._promises = promises
        self._machines: dict[str, Machine] = {}
        self._houses: dict[str, House] = {}
        self._weather = _any_weather(chance) if weather is None else {**CALM, **weather}
        self._fuses: dict[tuple[str, str], int] = {}
        self._wanted: dict[str, int] = {}
        self._changes: asyncio.Queue[str] = asyncio.Queue()

    def rule(self, machines: Mapping[str, Machine], houses: Iterable[House]) -> None:
        self._machines, self._houses = dict(machines), {house.code: house for house in houses}
        self._loop.watch, self._loop.rested = self._watch, self._rested
        for name in machines:
            self._light(name, "crash", "halt", "jump")
        for name in self._houses:
            self._light(name, "fault", "change")

    def relent(self) -> None:
        """From now on everything goes well."""
        self._fuses.clear()
        for house in self._houses.values():
            house.app[FAULTS].planned.clear()

    def _light(self, name: str, *kinds: str) -> None:
        for kind in kinds:
            self._fuses[name, kind] = int(self._chance.expovariate(1 / self._weather[kind])) + 1

    def _burnt(self, name: str, kind: str) -> bool:
        """Whether the time of this has come; then its next time is drawn."""
        left = self._fuses.get((name, kind))
        if left is None:
            return False
        self._fuses[name, kind] = left - 1
        if left > 1:
            return False
        self._light(name, kind)
        return True

    def _watch(self, place: Place) -> None:
        if self._promises.broken is not None:
            raise self._promises.broken
        machine = self._machines.get(place.name)
        if machine is None or machine.place is not place:
            return
        if self._burnt(place.name, "crash"):
            machine.die()
            machine.begin_again()
        elif self._burnt(place.name, "halt"):
            self._wanted[place.name] = 1
        elif self._burnt(place.name, "jump"):
            seconds = LONGEST_JUMP * self._chance.random() ** 3
            self._chronicle.note("fate", "jumps", f"{seconds:.0f} s")
            self._loop.skip(seconds)

    def _rested(self, place: Place) -> None:
        """A place has done all that it had to do."""
        house = self._houses.get(place.name)
        if house is not None:
            self._promises.pressed()
            if self._burnt(place.name, "fault"):
                self._disturb(house)
            if self._burnt(place.name, "change"):
                self._changes.put_nowait(place.name)
        elif self._wanted.pop(place.name, 0):
            seconds = SHORTEST_HALT + LONGEST_HALT * self._chance.random() ** 2
            self._chronicle.note(place.name, "halts", f"{seconds:.0f} s")
            place.halted = True
            self._loop.call_later(seconds, place.wake)

    def _disturb(self, house: House) -> None:
        routes = [called.partition(" ")[2] for called in house.app[REQUESTS]]
        button = PLACES[house.code]["button"]
        path = button if not routes or self._chance.random() < 0.5 else self._chance.choice(routes)
        fault = self._chance.choice(list(Fault))
        seconds = self._chance.uniform(0, LONGEST_THOUGHT) if fault is not Fault.BUSY else 0.0
        house.app[FAULTS].plan(path, fault, seconds=seconds)
        self._chronicle.note(house.code, "will be", f"{fault.value} at {path}, {seconds:.0f} s")

    async def change(self, http: aiohttp.ClientSession) -> None:
        """Wait for a change that is due, and order it at the insurer's control port."""
        house = self._houses[await self._changes.get()]
        order = self._chance.choice(PLACES[house.code]["changes"])
        body = {key: self._drawn(value, house) for key, value in order["body"].items()}
        self._chronicle.note(house.code, "changes", f"{order['path']} {body}")
        async with http.post(house.address.control_url + order["path"], json=body) as response:
            response.raise_for_status()

    # Whatever an order takes.
    def _drawn(self, value: Any, house: House) -> Any:
        if value == "NUMBER":
            return self._chance.choice(house.residents).numbers[0]
        return self._chance.choice(value) if isinstance(value, list) else value
