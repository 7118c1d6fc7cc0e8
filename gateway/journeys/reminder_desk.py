"""The desk for an agency's schedule of reminders."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from gateway.journeys.daytime import Daytime
from gateway.journeys.orders import Orders
from gateway.journeys.reminder_sweep import next_sweep
from gateway.journeys.reminding import NO_POST, Reminding
from gateway.store import Conflict, Store
from insurers.agency import Agent, AgentRole
from insurers.panel import Clock
from insurers.reminder import Reminder, ReminderSchedule
from insurers.text import Text
from schema.ports import Asker, Done
from schema.problems import Problem, ProblemCode, conflict, invalid

# Insurers open a renewal about two months before maturity, and nobody remembers longer ahead.
EARLIEST_DAYS = 120
MOST_STEPS = 8
LONGEST_WORDS = 1000


class ReminderDesk:
    def __init__(self, store: Store, clock: Clock, orders: Orders, daytime: Daytime, reminding: Reminding) -> None:
        self._store = store
        self._clock = clock
        self._orders = orders
        self._daytime = daytime
        self._reminding = reminding

    async def schedule(self, agent: Agent) -> ReminderSchedule | None:
        async with self._store.reading() as work:
            return await work.reminders.schedule(agent.agency)

    async def set(
        self,
        agent: Agent,
        asker: Asker,
        days_before: Sequence[int],
        *,
        at_hour: int,
        words: str | None,
        enabled: bool,
        key: str,
    ) -> Done[ReminderSchedule]:
        wanted = ReminderSchedule(
            agency=agent.agency,
            days_before=tuple(sorted(set(days_before), reverse=True)),
            at_hour=at_hour,
            words=(words or "").strip() or None,
            enabled=enabled,
            set_by=agent.id,
            set_at=self._clock(),
        )
        said = ("reminders", wanted.agency, wanted.days_before, wanted.at_hour, wanted.words, wanted.enabled)
        return await self._orders.once(
            asker,
            key,
            said,
            do=lambda: self._set(agent, wanted),
            again=lambda _: self.schedule(agent),
            name=lambda schedule: schedule.agency,
        )

    async def page(
        self, agent: Agent, *, first: int, before: str | None, unsent_only: bool
    ) -> tuple[Sequence[Reminder], bool]:
        branch = None if agent.sees_all else agent.branch
        async with self._store.reading() as work:
            found = await work.reminders.page(
                agent.agency, branch, first=first + 1, before=before, unsent_only=unsent_only
            )
        return found[:first], len(found) > first

    async def _set(self, agent: Agent, wanted: ReminderSchedule) -> Done[ReminderSchedule]:
        refusals = self._refusals(agent, wanted)
        standing = await self.schedule(agent)
        if refusals:
            return Done(thing=standing, problems=tuple(refusals))
        schedule = _after(wanted, standing)
        due_at: datetime | None = next_sweep(schedule, self._clock()) if schedule.enabled else None
        try:
            async with self._store.work() as work:
                await work.reminders.set(schedule, due_at=due_at)
        except Conflict:
            now_standing = await self.schedule(agent)
            return Done(thing=now_standing, problems=(conflict(now_standing.version if now_standing else 0),))
        return Done(thing=schedule)

    def _refusals(self, agent: Agent, wanted: ReminderSchedule) -> list[Problem]:
        if agent.role is not AgentRole.MANAGER:
            return [_MANAGERS_ONLY]
        found: list[Problem] = []
        if wanted.enabled and not self._reminding.can_send:
            found.append(NO_POST)
        steps = wanted.days_before
        if not 0 < len(steps) <= MOST_STEPS or not all(1 <= step <= EARLIEST_DAYS for step in steps):
            found.append(_NO_SUCH_DAYS)
        if not self._daytime.opens <= wanted.at_hour < self._daytime.closes:
            found.append(_at_night(self._daytime))
        if wanted.words is not None and len(wanted.words) > LONGEST_WORDS:
            found.append(_TOO_LONG)
        return found


def _after(wanted: ReminderSchedule, standing: ReminderSchedule | None) -> ReminderSchedule:
    return msgspec.structs.replace(wanted, version=standing.version + 1 if standing else 1)


_MANAGERS_ONLY = Problem(
    code=ProblemCode.NOT_ELIGIBLE,
    message=Text(
        "満期案内の設定は、代理店の管理者だけが変更できます。管理者に依頼してください。",
        "Only a manager of the agency sets its reminders. Ask one of them.",
    ),
)
_NO_SUCH_DAYS = invalid(
    Text(
        f"満期の何日前に送るかを、1から{EARLIEST_DAYS}までの整数で{MOST_STEPS}個まで指定してください。",
        f"Say how many days before maturity: up to {MOST_STEPS} whole numbers from 1 to {EARLIEST_DAYS}.",
    ),
    "daysBefore",
)
_TOO_LONG = invalid(
    Text(f"文面は{LONGEST_WORDS}文字までで指定してください。", f"Your words may have {LONGEST_WORDS} characters."),
    "words",
)


def _at_night(daytime: Daytime) -> Problem:
    return invalid(
        Text(
            f"お客さまへのメールは{daytime.opens}時から{daytime.closes}時の間に送ります。その間の時刻を指定してください。",
            f"Customers are written to from {daytime.opens}:00 to {daytime.closes}:00 in Tokyo. Choose one of these.",
        ),
        "atHour",
    )
