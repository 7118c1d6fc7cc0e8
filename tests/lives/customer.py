"""A person with one policy that ends soon, in one tab or in two, who does what people do."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from random import Random
from typing import TypeVar

from msgspec import Struct

from gateway.application import Desks
from gateway.documents import Ticket
from insurers.account import LinkState
from insurers.answers import StepState
from insurers.coverage import CoverageChange
from insurers.errors import InsurerError
from insurers.identity import InsurerCode, PolicyNumber, PolicyRef
from insurers.renewal import FINAL, Renewal, RenewalState
from insurers.sandbox import Resident
from insurers.script import DocumentToOpen
from schema.ports import Asker, Done, Role
from schema.problems import ProblemCode
from tests.lives.answers import given
from tests.lives.chronicle import Chronicle
from tests.lives.machine import Machine, Unreachable
from tests.lives.promises import Promises
from tests.lives.screen import Screen

S = RenewalState
T = TypeVar("T")

# After so many acts somebody has lost interest, and only comes back to see what became of it.
INTEREST = 60

# How long somebody looks at a turning wheel.
PATIENCE_SECONDS = 200.0

NEVER = datetime.max.replace(tzinfo=UTC)

Deed = Callable[[Desks], Awaitable[T]]


class Tab(Struct, frozen=True, kw_only=True):
    """Somebody at a screen."""

    name: str
    asker: Asker


class Customer:
    def __init__(
        self,
        name: str,
        code: InsurerCode,
        resident: Resident,
        *,
        machines: list[Machine],
        promises: Promises,
        screen: Screen,
        chronicle: Chronicle,
        chance: Random,
    ) -> None:
        self.name = name
        self.ref = PolicyRef(code, PolicyNumber.parse(resident.numbers[0]))
        self._self = Tab(name=f"{name}a", asker=self._asker(Role.CUSTOMER))
        self._resident = resident
        self._machines = machines
        self._promises = promises
        self._screen = screen
        self._chronicle = chronicle
        self._chance = chance
        self._keys = 0
        # Whoever is told of trouble looks whether the account is still open.
        self._trusts_link = False
        # Whoever is told that nobody is there comes back another time.
        self._closed = False
        self.renewal: str | None = None

    async def live(self, until: datetime) -> None:
        """Begin some day, with a tab or two, and come back until it is over."""
        days = (until - self._chronicle.now()) / timedelta(days=1)
        # Some are early; some are late, and then hours count.
        late = self._chance.random() < 0.3
        begins = days - self._chance.random() ** 2 if late else days * self._chance.random()
        await asyncio.sleep(max(begins, 0) * 86400)
        tabs = [self._self]
        if self._chance.random() < 0.4:
            role = Role.CUSTOMER if self._chance.random() < 0.6 else Role.AGENT
            tabs.append(Tab(name=f"{self.name}b", asker=self._asker(role)))
        async with asyncio.TaskGroup() as together:
            for tab in tabs:
                together.create_task(self._open(tab, hasty=len(tabs) > 1))
        for hours in iter(lambda: self._chance.uniform(0.2, 30), None):
            if await self._came_back():
                return
            await asyncio.sleep(hours * 3600)

    def _asker(self, role: Role) -> Asker:
        """Whoever acts for this customer: in person, or an agent."""
        actor = self.name if role is Role.CUSTOMER else f"agent of {self.name}"
        return Asker(
            customer=self.name,
            actor=actor,
            display_name=self.name,
            actor_name=actor,
            name=None,
            roles=frozenset({role}),
            expires_at=NEVER,
        )

    async def _open(self, tab: Tab, *, hasty: bool) -> None:
        for _ in range(INTEREST):
            if await self._did_something(tab):
                return
            await asyncio.sleep(self._pause(hasty))

    def _pause(self, hasty: bool) -> float:
        """Answer how long somebody thinks: mostly seconds, and now and then until another day."""
        kind = 0.95 if self._closed else self._chance.random()
        if kind < 0.9:
            return self._chance.uniform(0.1, 3 if hasty else 60)
        return self._chance.uniform(60, 3600) if kind < 0.97 else self._chance.uniform(3600, 3 * 86400)

    async def _came_back(self) -> bool:
        """See what became of it, and do what is asked."""
        try:
            renewal = await self._look(self._self)
            if (
                renewal is None
                or renewal.state in FINAL
                or self._chronicle.now() > renewal.maturity + timedelta(days=2)
            ):
                return True
            await self._signed_in(self._self)
        except (Unreachable, InsurerError, TimeoutError):
            self._chronicle.note(self.name, "hears nothing")
        return False

    async def _did_something(self, tab: Tab) -> bool:
        """Do one thing, and answer whether nothing is left to do."""
        try:
            if not (self._trusts_link or await self._signed_in(tab)):
                return False
            renewal = await self._look(tab)
            return await (self._begun(tab) if renewal is None else self._went_on(tab, renewal))
        except (Unreachable, InsurerError, TimeoutError) as error:
            self._chronicle.note(tab.name, "hears nothing", type(error).__name__)
            return False

    async def _signed_in(self, tab: Tab) -> bool:
        links = await self._ask(lambda desks: desks.reading.links(tab.asker))
        link = next((one for one in links if one.insurer == self.ref.insurer), None)
        if link is not None and link.state is LinkState.LINKED:
            self._trusts_link = True
            return True
        key, who = self._key(), self._resident
        done = await self._repeated(
            lambda desks: desks.links.create(tab.asker, self.ref.insurer, who.user_id, who.password, key=key)
        )
        self._chronicle.note(tab.name, "signs in", _words(done))
        return done.thing is not None and done.thing.state is LinkState.LINKED

    async def _look(self, tab: Tab) -> Renewal | None:
        """Read it as a client does, and now and then as it is shown."""
        if self.renewal is None:
            return None
        known = self.renewal
        machine, before = self._machine(), self._promises.told(known)
        renewal = await self._in_time(machine.ask(lambda desks: desks.renewals.get(tab.asker, known)))
        if renewal is None:
            self._promises.missing(known)
            return None
        self._promises.acknowledged(renewal, before)
        if renewal.state not in (S.IN_PROGRESS, S.READY) or self._chance.random() < 0.05:
            await self._in_time(machine.ask(lambda desks: self._screen.show(desks, tab.asker, known)))
        return renewal

    async def _begun(self, tab: Tab) -> bool:
        key = self._key()
        done = await self._do(tab, "starts", lambda desks: desks.renewals.start(tab.asker, self.ref, key=key))
        return self.renewal is None and any(problem.code is ProblemCode.NOT_ELIGIBLE for problem in done.problems)

    async def _went_on(self, tab: Tab, renewal: Renewal) -> bool:
        match renewal.state:
            case S.IN_PROGRESS:
                await self._filled_in(tab, renewal)
            case S.READY:
                await self._decided(tab, renewal)
            case S.QUEUED if self._chance.random() < 0.2:
                await self._withdrawn(tab, renewal)
            case S.QUEUED | S.SUBMITTING | S.UNCONFIRMED:
                if self._chance.random() < 0.2:
                    await self._cancelled(tab, renewal)
                return self._chance.random() < 0.5
            case S.REFERRED if self._chance.random() < 0.8:
                await self._resumed(tab, renewal)
            case _:
                return True
        return False

    async def _filled_in(self, tab: Tab, renewal: Renewal) -> None:
        if renewal.selected is not None and self._chance.random() < 0.03:
            await self._requoted(tab, renewal)
            return
        standing = next((one for one in renewal.standings if one.state is not StepState.DONE), None)
        if standing is None:
            return
        wanted = [need for need in standing.step.requirements if need.key not in standing.satisfied]
        for need in wanted:
            if isinstance(need, DocumentToOpen):
                await self._read(need.document.id, renewal.id)
        plans = [plan.code for plan in renewal.plans]
        answers = [answer for need in wanted if (answer := given(need, plans, renewal.maturity, self._chance))]
        key, step, version = self._key(), standing.step.key, renewal.version
        await self._do(
            tab,
            f"answers {step}",
            lambda desks: desks.renewals.answer(tab.asker, renewal.id, step, answers, version=version, key=key),
        )

    async def _read(self, document: str, renewal: str) -> None:
        """Open a document by the address that stands beside it."""
        ticket = Ticket(customer=self.name, ref=self.ref, document=document, renewal=renewal, expires_at=NEVER)
        await self._ask(lambda desks: desks.document(ticket))

    async def _requoted(self, tab: Tab, renewal: Renewal) -> None:
        plan = self._chance.choice(renewal.plans)
        covers = [cover for cover in plan.coverages if len(cover.options) > 1]
        if not covers:
            return
        cover = self._chance.choice(covers)
        change = CoverageChange(kind=cover.kind, option=self._chance.choice(cover.options).value)
        key, reset = self._key(), self._chance.random() < 0.2
        await self._do(
            tab,
            "requotes",
            lambda desks: desks.renewals.requote(
                tab.asker, renewal.id, plan.code, [change], reset=reset, version=renewal.version, key=key
            ),
        )

    async def _decided(self, tab: Tab, renewal: Renewal) -> None:
        if renewal.review_hash is None or (chance := self._chance.random()) < 0.05:
            await self._cancelled(tab, renewal)
        elif chance < 0.1:
            await self._requoted(tab, renewal)
        elif chance < 0.25:
            # Some cannot sleep, and decide in the small hours.
            await asyncio.sleep(_until_night(self._chronicle.now()) + self._chance.uniform(0, 5 * 3600))
        else:
            await self._submitted(tab, renewal, renewal.review_hash)

    async def _submitted(self, tab: Tab, renewal: Renewal, review: str) -> None:
        key = self._key()
        await self._do(
            tab,
            "submits",
            lambda desks: desks.renewals.submit(tab.asker, renewal.id, review, version=renewal.version, key=key),
        )

    async def _cancelled(self, tab: Tab, renewal: Renewal) -> None:
        key = self._key()
        await self._do(tab, "cancels", lambda desks: desks.renewals.cancel(tab.asker, renewal.id, key=key))

    async def _withdrawn(self, tab: Tab, renewal: Renewal) -> None:
        key = self._key()
        await self._do(tab, "withdraws", lambda desks: desks.renewals.withdraw(tab.asker, renewal.id, key=key))

    async def _resumed(self, tab: Tab, renewal: Renewal) -> None:
        key = self._key()
        await self._do(
            tab, "comes back from the agency", lambda desks: desks.renewals.resume(tab.asker, renewal.id, key=key)
        )

    async def _do(self, tab: Tab, words: str, deed: Deed[Done[Renewal]]) -> Done[Renewal]:
        before = self._promises.told(self.renewal)
        done = await self._repeated(deed)
        thing = done.thing
        self._trusts_link = not done.problems
        self._closed = any(problem.code is ProblemCode.PROVIDER_CLOSED for problem in done.problems)
        self._chronicle.note(
            tab.name, words, _words(done) + (f" {thing.state.value} v{thing.version}" if thing else "")
        )
        if thing is not None:
            self.renewal = thing.id
            self._promises.acknowledged(thing, before)
        return done

    def _machine(self) -> Machine:
        return self._chance.choice(self._machines)

    def _key(self) -> str:
        self._keys += 1
        return f"{self.name}-{self._keys}"

    async def _ask(self, deed: Deed[T]) -> T:
        return await self._in_time(self._machine().ask(deed))

    async def _repeated(self, deed: Deed[T]) -> T:
        """Ask, and where no answer comes perhaps ask again, with the same key and wherever that leads."""
        while True:
            try:
                return await self._ask(deed)
            except (Unreachable, TimeoutError):
                if self._chance.random() < 0.4:
                    raise
            await asyncio.sleep(self._chance.uniform(0.1, 20))

    async def _in_time(self, asked: Awaitable[T]) -> T:
        async with asyncio.timeout(PATIENCE_SECONDS):
            return await asked


def _words(done: Done[T]) -> str:
    return " ".join(problem.code.value for problem in done.problems) + (" again" if done.replayed else "")


def _until_night(now: datetime) -> float:
    """Answer how many seconds it is to two in the morning in Tokyo."""
    night = now.replace(hour=2, minute=0, second=0)
    return ((night if night > now else night + timedelta(days=1)) - now).total_seconds()
