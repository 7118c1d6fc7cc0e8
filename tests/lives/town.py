"""A whole world for some lives: insurers, two machines on one database, customers, and what befalls them."""

import asyncio
import tempfile
import traceback
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache, partial
from pathlib import Path
from random import Random

import aiohttp

from gateway.development import Build, sandboxes
from gateway.settings import read
from gateway.vault import Keyring, fresh_key
from insurers.identity import InsurerCode, PolicyNumber, PolicyRef
from insurers.sandbox import CROWD, LEDGER, TOKYO, Address, Letter, World, serve
from schema.node import NodeIds
from tests.lives.chronicle import Broken, Chronicle
from tests.lives.customer import Customer
from tests.lives.database import Database, Desk
from tests.lives.entropy import chance, drawn
from tests.lives.fate import Fate, House, Weather
from tests.lives.loop import VirtualLoop
from tests.lives.machine import Machine
from tests.lives.place import PLACE, Place
from tests.lives.promises import Promises
from tests.lives.quiet import quiet
from tests.lives.screen import Screen
from tests.lives.window import Window

MACHINES = ("east", "west")

# Lives of one world. They share everything, and making a world costs as much as a life or two.
LIVES = 10

# As many as somebody reads who looks for what went before an error.
LAST_LINES = 60

# Any moment of the two years from here.
FIRST_DAY = datetime(2026, 11, 1, tzinfo=TOKYO)
DAYS = 730

# When the residents' policies end, counted from when they moved in, and when all must have come to rest.
MATURES_IN, AFTERWARDS = timedelta(days=30), timedelta(days=5)


@dataclass(frozen=True, kw_only=True)
class Course:
    """
    What one seed led to.

    `lines` tell everything that happened and `counted` how often each kind of it did. `states` are those in which
    the renewals ended, and `broken` is the first promise that was not kept.
    """

    seed: int
    lives: int
    steps: int
    lines: list[str]
    counted: Counter[str]
    states: Counter[str]
    broken: str | None


def lived(seed: int, *, lives: int = LIVES, weather: Weather | None = None) -> Course:
    """Let so many lives happen in one world, in any weather or in this one."""
    for name in MACHINES:
        desk(name)
    drawing = chance(f"lives {seed}")
    begins = FIRST_DAY + timedelta(seconds=drawing.uniform(0, DAYS * 86400))
    loop = VirtualLoop(drawing, starts_at=begins.timestamp())
    with tempfile.TemporaryDirectory(prefix="tabane-lives-") as folder, drawn(seed, loop), quiet(loop.troubles):
        town = Town(loop, drawing, Path(folder), lives, weather)
        with noted(f"seed {seed}, {lives} lives, {weather or 'any weather'}", town.chronicle.lines):
            try:
                loop.run_until_complete(town.happen())
            except Broken:
                # It stands in the promises.
                town.chronicle.note("town", "ends")
            finally:
                town.close()
    promises = town.promises
    promises.hold("nobody overlooks an error", not loop.troubles, *loop.troubles)
    return Course(
        seed=seed,
        lives=lives,
        steps=loop.steps,
        lines=town.chronicle.lines,
        counted=town.chronicle.counted,
        states=Counter(renewal.state.value for renewal in promises.renewals.values()),
        broken=str(promises.broken) if promises.broken else None,
    )


@contextmanager
def noted(world: str, lines: Sequence[str]) -> Iterator[None]:
    """Whatever stops a world says which one it was, and what had happened there."""
    try:
        yield
    except Exception as error:
        error.add_note("\n".join([*lines[-LAST_LINES:], world]))
        raise


@cache
def insurers() -> Mapping[InsurerCode, Build]:
    """What builds each insurer's sandbox. To look for them takes longer than to build one."""
    return sandboxes()


@cache
def desk(name: str) -> Desk:
    """The desk of a machine, which serves every world that this process tries."""
    made = Desk()
    with tempfile.TemporaryDirectory(prefix="tabane-lives-") as folder:
        asyncio.run(made.try_out(Path(folder)))
    return made


class Town:
    def __init__(self, loop: VirtualLoop, chance: Random, folder: Path, lives: int, weather: Weather | None) -> None:
        self._loop = loop
        self._chance = chance
        self._lives = lives
        self._weather = weather
        self._settings = read(data_folder=folder, environment="test", vault_keys=fresh_key())
        key = self._settings.vault_keys
        self._keyring = Keyring.parse(key.get_secret_value() if key else "")
        self._machines: dict[str, Machine] = {}
        self._open: dict[InsurerCode, asyncio.Task[None]] = {}
        self.chronicle = Chronicle(self.now)
        self._database = Database(folder, self._written)
        self.promises = Promises(self._database, self._keyring, self.chronicle)

    def now(self) -> datetime:
        return datetime.fromtimestamp(self._loop.time(), TOKYO)

    async def deliver(self, letter: Letter) -> None:
        """Take the insurers' mails away. Residents read none."""

    async def happen(self) -> None:
        """
        Raises:
            Broken: a promise was not kept.
        """
        PLACE.set(self._loop.place("town"))
        houses = {code: await self._house(code, build) for code, build in insurers().items()}
        self.promises.ledgers = {code: house.app[LEDGER] for code, house in houses.items()}
        addresses: dict[InsurerCode, str | None] = {code: house.address.url for code, house in houses.items()}
        for name in MACHINES:
            self._machines[name] = Machine(
                name,
                desk(name),
                self._loop,
                self._chance,
                self._database,
                self.chronicle,
                addresses,
                self._settings,
                self._ended,
            )
            self._machines[name].begin()
        fate = Fate(self._loop, self._chance, self.chronicle, self.promises, self._weather)
        fate.rule(self._machines, houses.values())
        matures = self.now() + MATURES_IN
        changing = asyncio.create_task(self._changing(fate))
        self._loop.call_later((MATURES_IN + timedelta(days=1)).total_seconds(), fate.relent)
        async with asyncio.TaskGroup() as together:
            for customer in self._customers(houses):
                context = self._loop.place(customer.name).context()
                together.create_task(customer.live(matures), context=context)
        await asyncio.sleep((matures + AFTERWARDS - self.now()).total_seconds())
        changing.cancel()
        self.promises.over()

    def close(self) -> None:
        """End everything that still goes on."""
        for machine in self._machines.values():
            machine.die()
        self._loop.close()
        self._database.close()

    async def _house(self, code: InsurerCode, build: Build) -> House:
        app = build(World(clock=self.now, postman=self, seed=0))
        opened: asyncio.Future[Address] = self._loop.create_future()

        async def keep_open() -> None:
            async with serve(app) as address:
                opened.set_result(address)
                await asyncio.Event().wait()

        self._open[code] = self._loop.create_task(keep_open(), context=self._loop.place(code).context())
        address = await opened
        # They take turns, so that each insurer has about as many.
        residents = tuple(app[CROWD](-(-self._lives // len(insurers()))))
        return House(code=code, app=app, address=address, residents=residents)

    def _customers(self, houses: dict[InsurerCode, House]) -> list[Customer]:
        screen = Screen(self.promises, self.chronicle, NodeIds(self._keyring.derived("tabane node ids", 64)))
        at = [(house.code, resident) for house in houses.values() for resident in house.residents]
        customers = []
        for number, (code, resident) in enumerate(at[: self._lives]):
            own = chance(f"{self._chance.random()} {number}")
            opened = partial(
                Window,
                ref=PolicyRef(code, PolicyNumber.parse(resident.numbers[0])),
                resident=resident,
                machines=list(self._machines.values()),
                promises=self.promises,
                screen=screen,
                chronicle=self.chronicle,
                chance=own,
            )
            customers.append(Customer(f"life{number}", opened, self.chronicle, own))
        return customers

    async def _changing(self, fate: Fate) -> None:
        async with aiohttp.ClientSession() as http:
            while True:
                await fate.change(http)

    def _ended(self, machine: str, error: BaseException) -> None:
        told = "".join(traceback.format_exception(error))
        self.promises.hold("a process works until it is killed", False, machine, told)

    def _written(self, place: Place) -> None:
        self.promises.written()
        for machine in self._machines.values():
            machine.news.set()
