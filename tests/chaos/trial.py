"""One trial: a crowd renews while processes are killed and insurers fail; then all is well again, and it is counted."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from time import monotonic

from msgspec import Struct

from gateway.journeys.renewing import SUMMARIES, E
from insurers.sandbox import Fault
from tests.api.frontend import Json
from tests.chaos.crowd import Customer
from tests.chaos.fleet import Kind
from tests.chaos.house import House
from tests.chaos.told import Told
from tests.chaos.town import Town
from tests.chaos.trouble import Dice, reaping, troubling
from tests.chaos.verdict import Desk, Final, Violation, Wrong, violations

# As many as two cores can serve while gateways begin anew; more of them would try the machine and not the gateway.
CUSTOMERS_AT_ONCE = 12
BATCH = 20
# A machine that needs longer, to begin with and for each renewal, has something else to do.
PATIENCE_SECONDS, SLOWEST_SECONDS = 120.0, 6.0

# The settle time of a press, the waits of the worker, and some air.
SETTLED_WITHIN_SECONDS = 420
READERS = 8

SILENT, FOUND, ABSENT = (SUMMARIES[event].en for event in (E.SILENCE, E.ACCEPT, E.ABSENT))


class TooSlow(RuntimeError):
    """The machine was too busy for this trial, which says nothing about the gateway."""


class Plan(Struct, frozen=True, kw_only=True):
    """Trouble lasts for *seconds* and until so many *renewals* were sent. The seed decides what befalls whom."""

    seconds: float
    renewals: int
    seed: int

    @property
    def longest(self) -> float:
        """How many seconds of trouble there are at most."""
        return self.seconds + PATIENCE_SECONDS + SLOWEST_SECONDS * self.renewals


@dataclass
class Count:
    """What a trial came to."""

    renewals: int = 0
    seconds_of_trouble: float = 0.0
    seconds: float = 0.0
    kills: Mapping[Kind, int] = field(default_factory=dict)
    faults: Counter[str] = field(default_factory=Counter)
    presses: int = 0
    signed: int = 0
    finals: Counter[str] = field(default_factory=Counter)
    acknowledged: int = 0
    queued: int = 0
    silences: int = 0
    found: int = 0
    absent: int = 0
    troubles: Counter[str] = field(default_factory=Counter)
    violations: list[Violation] = field(default_factory=list)

    @property
    def per_second(self) -> float:
        return round(self.renewals / self.seconds_of_trouble, 2)


class Trial:
    def __init__(self, town: Town, plan: Plan) -> None:
        self._town = town
        self._plan = plan
        self._told = Told(town.folder / "told.jsonl")
        self._lives: dict[Customer, asyncio.Task[None]] = {}
        self._sent = 0
        self.count = Count()

    async def run(self) -> Count:
        began = monotonic()
        try:
            async with asyncio.timeout(self._plan.longest), self._trouble():
                await self._crowd(began)
        except TimeoutError:
            raise TooSlow(f"{self._sent} renewals were sent within {self._plan.longest:.0f} seconds") from None
        self.count.seconds_of_trouble = monotonic() - began
        _, late = await asyncio.wait(self._lives.values(), timeout=SETTLED_WITHIN_SECONDS)
        for life in late:
            life.cancel()
        await asyncio.gather(*late, return_exceptions=True)
        await self._judged()
        self.count.seconds = monotonic() - began
        self._told.close()
        return self.count

    async def _crowd(self, began: float) -> None:
        """Let customers in, a few at a time, for as long as the trial is to last."""
        slots = asyncio.Semaphore(CUSTOMERS_AT_ONCE)
        while self._sent < self._plan.renewals or monotonic() - began < self._plan.seconds:
            await slots.acquire()
            house = self._town.houses[len(self._lives) % len(self._town.houses)]
            customer = Customer(self._town, house, await house.resident(BATCH), self._told, self.count.troubles)
            self._lives[customer] = asyncio.create_task(self._life(customer, slots))

    async def _life(self, customer: Customer, slots: asyncio.Semaphore) -> None:
        try:
            await customer.send()
        finally:
            self._sent += 1
            slots.release()
        await customer.see_it_through()

    @asynccontextmanager
    async def _trouble(self) -> AsyncIterator[None]:
        seed, over = self._plan.seed, asyncio.Event()
        async with asyncio.TaskGroup() as befalling:
            befalling.create_task(reaping(self._town, Dice(f"{seed} kills"), over))
            for house in self._town.houses:
                befalling.create_task(troubling(house, Dice(f"{seed} faults at {house.code}"), over))
            yield
            over.set()

    async def _judged(self) -> None:
        finals = dict(await self._read())
        desks = {house.code: await self._desk(house) for house in self._town.houses}
        count, heard = self.count, self._told.heard
        self._town.fleet.look()
        count.renewals = len(heard)
        count.kills = self._town.fleet.kills
        count.presses = sum(desk.presses for desk in desks.values())
        count.signed = sum(len(desk.ledger) for desk in desks.values())
        count.finals = Counter(str(final.status) for final in finals.values())
        count.acknowledged = sum(said.acknowledged for said in heard.values())
        count.queued = sum("QUEUED" in said.statuses for said in heard.values())
        count.violations = [
            *violations(desks, heard, finals),
            *(Violation(Wrong.FALLEN, name, words) for name, words in self._town.fleet.fallen.items()),
            *self._unreadable(),
        ]

    def _unreadable(self) -> list[Violation]:
        """Customers who could make nothing of an answer, or who came to no end."""
        return [
            Violation(Wrong.UNSETTLED, _subject(customer), "the customer came to no end")
            if life.cancelled()
            else Violation(Wrong.UNREADABLE, _subject(customer), repr(life.exception()))
            for customer, life in self._lives.items()
            if life.cancelled() or life.exception()
        ]

    async def _read(self) -> Sequence[tuple[str, Final]]:
        """Answer how every renewal stands when all is over."""
        places = asyncio.Semaphore(READERS)
        return await asyncio.gather(
            *(
                self._final(customer, customer.renewal["id"], places)
                for customer in self._lives
                if customer.renewal is not None
            )
        )

    async def _final(self, customer: Customer, renewal: str, places: asyncio.Semaphore) -> tuple[str, Final]:
        async with places:
            found = (await customer.run("RenewalRead", id=renewal))["data"]["renewal"]
        if found is None:
            return renewal, Final(status=None)
        self._note_silence(found)
        number = (found["result"] or {}).get("newPolicyNumber")
        return renewal, Final(status=found["status"], version=found["version"], number=number)

    def _note_silence(self, renewal: Json) -> None:
        """Count what became of applications that nobody answered, by the lines of the renewal's history."""
        lines = [edge["node"]["summary"] for edge in reversed(renewal["events"]["edges"])]
        silent = [place for place, line in enumerate(lines) if line == SILENT]
        after = [lines[place + 1] for place in silent if place + 1 < len(lines)]
        self.count.silences += bool(silent)
        self.count.found += after.count(FOUND)
        self.count.absent += after.count(ABSENT)

    async def _desk(self, house: House) -> Desk:
        taken = await house.taken()
        self.count.faults.update(dict.fromkeys(Fault, 0))
        for one in taken:
            self.count.faults[one.fault] += one.times
        at_the_button = {one.fault: one.times for one in taken if one.path == house.button}
        return Desk(await house.ledger(), await house.presses(), at_the_button)


def _subject(customer: Customer) -> str:
    return customer.renewal["id"] if customer.renewal else f"{customer.house.code} {customer.person['mail']}"
