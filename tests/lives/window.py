"""Somebody at a screen: every deed that our desks offer, and how people behave when no answer comes."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from random import Random
from typing import TypeVar

from gateway.agency_file import Roll
from gateway.application import Desks
from gateway.documents import Ticket
from insurers.account import LinkState
from insurers.agency import Agency, Agent, AgentRole, ConsentScope
from insurers.canonical import sha256
from insurers.contact import Contact
from insurers.coverage import CoverageChange
from insurers.identity import PolicyRef
from insurers.mandate import statement
from insurers.plan import Plan
from insurers.renewal import Renewal, RenewalState
from insurers.sandbox import Resident
from insurers.text import Text
from schema.ports import Asker, Done, Given
from schema.problems import Problem, ProblemCode
from tests.lives.chronicle import Chronicle
from tests.lives.machine import Machine, Unreachable
from tests.lives.promises import Promises
from tests.lives.screen import Screen

T = TypeVar("T")
Deed = Callable[[Desks], Awaitable[T]]

# How long somebody looks at a turning wheel.
PATIENCE_SECONDS = 200.0

NEVER = datetime.max.replace(tzinfo=UTC)

AGENCY = Agency(id="agency", name="架空保険サービス", contact=Contact(label=Text("本店", "Head office")))
AGENT = Agent(id="agent", agency=AGENCY.id, name="募集 花子", role=AgentRole.AGENT)

DRAFTS = (RenewalState.IN_PROGRESS, RenewalState.READY)


class Window:
    """
    One tab of one person, and whatever machine it happens to reach.

    `renewal` is the one that this window knows of, and `closed` is whether the last answer was that nobody is there.
    """

    def __init__(
        self,
        name: str,
        asker: Asker,
        ref: PolicyRef,
        resident: Resident,
        *,
        machines: Sequence[Machine],
        promises: Promises,
        screen: Screen,
        chronicle: Chronicle,
        chance: Random,
    ) -> None:
        self.name = name
        self._asker = asker
        self._ref = ref
        self._resident = resident
        self._machines = machines
        self._promises = promises
        self._screen = screen
        self._chronicle = chronicle
        self._chance = chance
        self._keys = 0
        # Whoever is told of trouble looks whether the account is still open.
        self._trusts_link = False
        self._shown: Renewal | None = None
        self.renewal: str | None = None
        self.closed = False

    async def signed_in(self) -> bool:
        """Whether the account is open, as far as anybody here knows; where it was not, after signing in."""
        return self._trusts_link or await self.sign_in()

    async def sign_in(self) -> bool:
        """Open the account where it is not open."""
        links = await self._ask(lambda desks: desks.reading.links(self._asker))
        link = next((one for one in links if one.insurer == self._ref.insurer), None)
        self._trusts_link = link is not None and link.state is LinkState.LINKED
        if self._trusts_link:
            return True
        key, who, insurer = self._key(), self._resident, self._ref.insurer
        done = await self._repeated(
            lambda desks: desks.links.create(self._asker, insurer, who.user_id, who.password, key=key)
        )
        self._chronicle.note(self.name, "signs in", _words(done))
        return done.thing is not None and done.thing.state is LinkState.LINKED

    async def let_act(self) -> None:
        """Let the one agency of this world do whatever an agency may."""
        key = self._key()
        await self._repeated(lambda desks: desks.agencies.take_over(Roll((AGENCY,), (AGENT,))))
        everything = frozenset(ConsentScope)
        read = sha256(statement(AGENCY.name, everything, None).to(self._asker.language))
        done = await self._repeated(
            lambda desks: desks.mandates.grant(self._asker, AGENCY.id, everything, None, statement=read, key=key)
        )
        self._chronicle.note(self.name, "lets an agency act", _words(done))

    async def look(self) -> Renewal | None:
        """Read it anew; or take what the last answer showed, as somebody does who is quick."""
        shown, self._shown = self._shown, None
        known = self.renewal
        if known is None or (shown and self._chance.random() < 0.5):
            return shown
        machine, before = self._machine(), self._promises.told(known)
        renewal = await self._in_time(machine.ask(lambda desks: desks.renewals.get(self._asker, known)))
        if renewal is None:
            self._promises.missing(known)
            return None
        self._promises.acknowledged(renewal, before)
        if renewal.state not in DRAFTS or self._chance.random() < 0.05:
            await self._in_time(machine.ask(lambda desks: self._screen.show(desks, self._asker, known)))
        return renewal

    async def start(self) -> Sequence[Problem]:
        key = self._key()
        return await self._do("starts", lambda desks: desks.renewals.start(self._asker, self._ref, key=key))

    async def read(self, document: str) -> None:
        """Open a document by the address that stands beside it."""
        customer = self._asker.customer
        ticket = Ticket(customer=customer, ref=self._ref, document=document, renewal=self.renewal, expires_at=NEVER)
        await self._ask(lambda desks: desks.document(ticket))

    async def answer(self, renewal: Renewal, step: str, given: Sequence[Given]) -> None:
        key, version = self._key(), renewal.version
        await self._do(
            f"answers {step}",
            lambda desks: desks.renewals.answer(self._asker, renewal.id, step, given, version=version, key=key),
        )

    async def requote(self, renewal: Renewal, plan: Plan, change: CoverageChange, *, reset: bool) -> None:
        key, version = self._key(), renewal.version
        await self._do(
            "requotes",
            lambda desks: desks.renewals.requote(
                self._asker, renewal.id, plan.code, [change], reset=reset, version=version, key=key
            ),
        )

    async def submit(self, renewal: Renewal, review: str) -> None:
        key, version = self._key(), renewal.version
        await self._do(
            "submits",
            lambda desks: desks.renewals.submit(self._asker, renewal.id, review, version=version, key=key),
        )

    async def cancel(self, renewal: Renewal) -> None:
        key = self._key()
        await self._do("cancels", lambda desks: desks.renewals.cancel(self._asker, renewal.id, key=key))

    async def withdraw(self, renewal: Renewal) -> None:
        key = self._key()
        await self._do("withdraws", lambda desks: desks.renewals.withdraw(self._asker, renewal.id, key=key))

    async def resume(self, renewal: Renewal) -> None:
        key = self._key()
        await self._do("resumes", lambda desks: desks.renewals.resume(self._asker, renewal.id, key=key))

    async def _do(self, words: str, deed: Deed[Done[Renewal]]) -> Sequence[Problem]:
        before = self._promises.told(self.renewal)
        done = await self._repeated(deed)
        thing = done.thing
        self._trusts_link = not done.problems
        self.closed = any(problem.code is ProblemCode.PROVIDER_CLOSED for problem in done.problems)
        became = f" {thing.state.value} v{thing.version}" if thing else ""
        self._chronicle.note(self.name, words, _words(done) + became)
        if thing is not None:
            self.renewal, self._shown = thing.id, thing
            self._promises.acknowledged(thing, before)
        return done.problems

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
