"""One of our computers: a gateway and a worker in one process, which dies and is begun again."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from random import Random
from typing import Any, TypeVar

from prometheus_client import CollectorRegistry

from gateway.application import Desks
from gateway.events import LocalBus
from gateway.settings import Settings
from gateway.store import Store
from gateway.telling import courier
from gateway.vault import Keyring
from gateway.watch import Watch
from insurers.errors import InsurerError
from insurers.identity import InsurerCode
from insurers.panel import connected
from tests.lives.chronicle import Chronicle
from tests.lives.database import Database, Desk
from tests.lives.loop import VirtualLoop
from tests.lives.place import FORGIVEN, Place

T = TypeVar("T")

# A worker looks at least so often, and rests at least so long.
NAP_SECONDS, REST_SECONDS = 6 * 3600.0, 1.0

# Clocks of machines do not quite agree.
SKEW_SECONDS = 2.0

# How long a machine is gone before another process runs on it, in seconds.
SHORTEST_OUTAGE, LONGEST_OUTAGE = 1.0, 900.0


# What may befall a request that reaches a machine. Everything else is a defect.
MAY_BEFALL = (InsurerError, TimeoutError, *FORGIVEN)


class Unreachable(Exception):
    """The connection to this machine is gone, and with it the answer."""


class BrokenOff(Exception):
    """A request ended as if somebody had broken it off, and nobody had."""


class Machine:
    def __init__(
        self,
        name: str,
        desk: Desk,
        loop: VirtualLoop,
        chance: Random,
        database: Database,
        chronicle: Chronicle,
        addresses: Mapping[InsurerCode, str | None],
        settings: Settings,
        ended: Callable[[str, BaseException], None],
    ) -> None:
        """*ended* is told of a process that was not killed and is at its end, and why."""
        self.name = name
        self.place: Place | None = None
        self._desk = desk
        self._loop = loop
        self._chance = chance
        self._database = database
        self._chronicle = chronicle
        self._addresses = addresses
        self._settings = settings
        self._ended = ended
        self._keyring = Keyring.parse(settings.vault_keys.get_secret_value() if settings.vault_keys else "")
        self._skew = timedelta(seconds=chance.uniform(-SKEW_SECONDS, SKEW_SECONDS))
        self._desks: Desks | None = None
        self._asked: dict[asyncio.Future[Any], None] = {}
        self.news = asyncio.Event()

    def clock(self) -> datetime:
        return self._chronicle.now() + self._skew

    def begin(self) -> None:
        """Start a process."""
        self.place = self._loop.place(self.name)
        running = self._loop.create_task(self._run(self.place), context=self.place.context())
        # Said there, so that a death is no news.
        running.add_done_callback(partial(self._look_into, self.place), context=self.place.context())

    def die(self) -> None:
        """End the process where it is. What it had not committed or sent is gone, and so is all that it remembered."""
        if self.place is None:
            return
        self._chronicle.note(self.name, "dies")
        place, self.place, self._desks = self.place, None, None
        self._database.kill(place)
        self._loop.end(place)
        asked, self._asked = self._asked, {}
        for answer in asked:
            if not answer.done():
                answer.set_exception(Unreachable())

    def begin_again(self) -> None:
        """Start another process in a while."""
        later = self._chance.uniform(SHORTEST_OUTAGE, LONGEST_OUTAGE) * self._chance.random()
        self._loop.call_later(later, self.begin)

    async def ask(self, deed: Callable[[Desks], Awaitable[T]]) -> T:
        """
        Have something done at the desks of this machine, as a client's request does.

        Raises:
            Unreachable: the process is not there, or died before it could answer.
        """
        if self.place is None or self._desks is None:
            raise Unreachable
        answer: asyncio.Future[T] = self._loop.create_future()
        self._asked[answer] = None
        task = self._loop.create_task(_done(deed, self._desks), context=self.place.context())
        task.add_done_callback(lambda done: self._tell(done, answer))
        try:
            return await answer
        finally:
            self._asked.pop(answer, None)
            # A client that leaves ends its request.
            task.cancel()

    async def _run(self, place: Place) -> None:
        bus = LocalBus()
        kept = Store(await self._desk.move(self._database, place), self._keyring, bus)
        async with connected(self._addresses, clock=self.clock) as panel, courier.opened(private=True) as carrier:
            watch = Watch(CollectorRegistry())
            chance = self._chance.random
            desks = Desks(panel, kept, bus, self.clock, self._settings, self._keyring, watch, chance, carrier)
            self._desks = desks
            self._chronicle.note(self.name, "begins")
            await self._work(desks)

    async def _work(self, desks: Desks) -> None:
        """Look when something is due, and now and then when nothing is; the store tells the moment, so nobody polls."""
        while True:
            self.news.clear()
            due = self._database.next_due()
            wait = (due - self.clock()).total_seconds() if due else NAP_SECONDS
            if wait > 0:
                with suppress(TimeoutError):
                    async with asyncio.timeout(min(wait, NAP_SECONDS)):
                        await self.news.wait()
                continue
            await asyncio.sleep(self._chance.uniform(0, REST_SECONDS))
            try:
                begun = await desks.worker.turn()
            except FORGIVEN as error:
                # A worker that waited too long for its turn at the database waits for the next; see `Worker.run`.
                self._chronicle.note(self.name, "stumbles", type(error).__name__)
                begun = 0
            if begun:
                self._chronicle.note(self.name, "turns", begun)
            await asyncio.sleep(REST_SECONDS)

    def _look_into(self, place: Place, run: "asyncio.Task[None]") -> None:
        """Nobody shall ask a process that has closed everything and is still taken for one that works."""
        try:
            run.result()
        except BaseException as error:  # noqa: BLE001  # However it ended: that it ended is the defect.
            if not place.doomed:
                self._ended(self.name, error)

    def _tell(self, done: "asyncio.Task[T]", answer: "asyncio.Future[T]") -> None:
        """Bring the answer to whoever asked. Who has left is told nothing, but a defect is one all the same."""
        if done.cancelled():
            # Whoever leaves, or asks a machine that dies, is answered already.
            if not answer.done():
                answer.set_exception(BrokenOff())
        elif answer.done():
            if (error := done.exception()) and not isinstance(error, MAY_BEFALL):
                self._loop.call_exception_handler({"message": "nobody heard", "exception": error})
        elif error := done.exception():
            answer.set_exception(error)
        else:
            answer.set_result(done.result())


async def _done(deed: Callable[[Desks], Awaitable[T]], desks: Desks) -> T:
    return await deed(desks)
