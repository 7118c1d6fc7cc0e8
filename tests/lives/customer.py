"""A person with one policy that ends soon, in one tab or in two, who does what people do."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random

from insurers.answers import StepState
from insurers.coverage import CoverageChange
from insurers.renewal import FINAL, Renewal, RenewalState
from insurers.script import DocumentToOpen
from schema.ports import Asker, Role
from schema.problems import ProblemCode
from tests.lives.answers import given
from tests.lives.chronicle import Chronicle
from tests.lives.machine import MAY_BEFALL, Unreachable
from tests.lives.window import AGENT, NEVER, Window

S = RenewalState

# After so many acts somebody has lost interest, and only comes back to see what became of it.
INTEREST = 60

# Two days after the term there is nothing left to come back for.
TOO_LATE = timedelta(days=2)

# What may befall somebody who asks. Everything else is a defect.
NO_ANSWER = (Unreachable, *MAY_BEFALL)


class Customer:
    def __init__(self, name: str, opened: Callable[[str, Asker], Window], chronicle: Chronicle, chance: Random) -> None:
        self.name = name
        self._opened = opened
        self._chronicle = chronicle
        self._chance = chance

    async def live(self, until: datetime) -> None:
        """Begin some day, with a tab or two, and come back until it is over."""
        days = (until - self._chronicle.now()) / timedelta(days=1)
        # Some are early; some are late, and then hours count.
        late = self._chance.random() < 0.3
        begins = days - self._chance.random() ** 2 if late else days * self._chance.random()
        await asyncio.sleep(max(begins, 0) * 86400)
        own = self._opened(f"{self.name}a", self._asker(Role.CUSTOMER))
        windows = [own]
        if self._chance.random() < 0.4:
            role = Role.CUSTOMER if self._chance.random() < 0.6 else Role.AGENT
            if role is Role.AGENT:
                await self._let_act(own)
            windows.append(self._opened(f"{self.name}b", self._asker(role)))
        async with asyncio.TaskGroup() as together:
            for window in windows:
                together.create_task(self._sat(window, hasty=len(windows) > 1))
        for hours in iter(lambda: self._chance.uniform(0.2, 30), None):
            if await self._came_back(own):
                return
            await asyncio.sleep(hours * 3600)

    async def _let_act(self, window: Window) -> None:
        """Let an agency act, however often it takes: no agent has a screen before."""
        while True:
            try:
                return await window.let_act()
            except NO_ANSWER as error:
                self._chronicle.note(window.name, "hears nothing", type(error).__name__)
            await asyncio.sleep(self._chance.uniform(60, 3600))

    def _asker(self, role: Role) -> Asker:
        """Whoever acts for this customer: in person, or an agent."""
        actor = self.name if role is Role.CUSTOMER else AGENT.id
        return Asker(
            customer=self.name,
            actor=actor,
            display_name=self.name,
            actor_name=actor,
            name=None,
            roles=frozenset({role}),
            expires_at=NEVER,
        )

    async def _sat(self, window: Window, *, hasty: bool) -> None:
        for _ in range(INTEREST):
            if await self._did_something(window):
                return
            await asyncio.sleep(self._pause(window, hasty=hasty))

    def _pause(self, window: Window, *, hasty: bool) -> float:
        """Answer how long somebody thinks: mostly seconds, and now and then until another day."""
        kind = 0.95 if window.closed else self._chance.random()
        if kind < 0.9:
            return self._chance.uniform(0.1, 3 if hasty else 60)
        return self._chance.uniform(60, 3600) if kind < 0.97 else self._chance.uniform(3600, 3 * 86400)

    async def _came_back(self, window: Window) -> bool:
        """See what became of it, and do what is asked."""
        try:
            renewal = await window.look()
            if renewal is None or renewal.state in FINAL or self._chronicle.now() > renewal.maturity + TOO_LATE:
                return True
            if renewal.trouble is not None:
                await window.sign_in()
        except NO_ANSWER as error:
            self._chronicle.note(window.name, "hears nothing", type(error).__name__)
        return False

    async def _did_something(self, window: Window) -> bool:
        """Do one thing, and answer whether nothing is left to do."""
        try:
            if not await window.signed_in():
                return False
            renewal = await window.look()
            if renewal is not None:
                return await self._went_on(window, renewal)
            problems = await window.start()
        except NO_ANSWER as error:
            self._chronicle.note(window.name, "hears nothing", type(error).__name__)
            return False
        return any(problem.code is ProblemCode.NOT_ELIGIBLE for problem in problems)

    async def _went_on(self, window: Window, renewal: Renewal) -> bool:
        match renewal.state:
            case S.IN_PROGRESS:
                await self._filled_in(window, renewal)
            case S.READY:
                await self._decided(window, renewal)
            case S.QUEUED if self._chance.random() < 0.2:
                await window.withdraw(renewal)
            case S.QUEUED | S.SUBMITTING | S.UNCONFIRMED:
                if self._chance.random() < 0.2:
                    await window.cancel(renewal)
                return self._chance.random() < 0.5
            case S.REFERRED if self._chance.random() < 0.8:
                await window.resume(renewal)
            case _:
                return True
        return False

    async def _filled_in(self, window: Window, renewal: Renewal) -> None:
        if renewal.selected is not None and self._chance.random() < 0.03:
            await self._requoted(window, renewal)
            return
        standing = next((one for one in renewal.standings if one.state is not StepState.DONE), None)
        if standing is None:
            return
        wanted = [need for need in standing.step.requirements if need.key not in standing.satisfied]
        for need in wanted:
            if isinstance(need, DocumentToOpen):
                await window.read(need.document.id)
        answers = [answer for need in wanted if (answer := given(need, renewal, self._chance))]
        await window.answer(renewal, standing.step.key, answers)

    async def _requoted(self, window: Window, renewal: Renewal) -> None:
        plan = self._chance.choice(renewal.plans)
        covers = [cover for cover in plan.coverages if len(cover.options) > 1]
        if covers:
            cover = self._chance.choice(covers)
            change = CoverageChange(kind=cover.kind, option=self._chance.choice(cover.options).value)
            await window.requote(renewal, plan, change, reset=self._chance.random() < 0.2)

    async def _decided(self, window: Window, renewal: Renewal) -> None:
        chance = self._chance.random()
        if renewal.review_hash is None or chance < 0.05:
            await window.cancel(renewal)
        elif chance < 0.1:
            await self._requoted(window, renewal)
        elif chance < 0.25:
            # Some cannot sleep, and decide in the small hours.
            await asyncio.sleep(_until_night(self._chronicle.now()) + self._chance.uniform(0, 5 * 3600))
        else:
            await window.submit(renewal, renewal.review_hash)


def _until_night(now: datetime) -> float:
    """Answer how many seconds it is to two in the morning in Tokyo."""
    night = now.replace(hour=2, minute=0, second=0)
    return ((night if night > now else night + timedelta(days=1)) - now).total_seconds()
