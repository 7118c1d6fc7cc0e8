"""A chore: every day, at the hour that each agency set, whoever a step of its schedule has come for is reminded."""

from datetime import date, datetime, time, timedelta

from gateway.journeys.daytime import Daytime
from gateway.journeys.reminding import Reminding
from gateway.store import Store, Work
from gateway.store.reminders import Place, Sweep
from insurers.agency import Agency
from insurers.hours import TOKYO
from insurers.panel import Clock
from insurers.reminder import ReminderSchedule

# Entries that are read, and mails that are written, in one transaction.
PAGE = 100


class ReminderSweep:
    """
    One page is one transaction: the rows that decide, the mails, and how far the sweep has come.

    So a crash leaves all of it or nothing, and of two processes that find the same agency due one
    passes it over. A sweep that its day did not suffice for begins anew on the next, and passes over
    whom it had reached.
    """

    name = "reminders"

    def __init__(self, store: Store, clock: Clock, daytime: Daytime, reminding: Reminding) -> None:
        self._store = store
        self._clock = clock
        self._daytime = daytime
        self._reminding = reminding

    async def due(self) -> datetime | None:
        if not self._reminding.can_send:
            return None
        async with self._store.reading() as work:
            first = await work.reminders.next_sweep()
        return self._daytime.since(max(first, self._clock())) if first else None

    async def turn(self) -> int:
        now = self._clock()
        if not self._daytime.covers(now):
            return 0
        async with self._store.work() as work:
            sweep = await work.reminders.claim(now)
            if sweep is None:
                return 0
            schedule = sweep.schedule
            agency = await _living(work, schedule)
            if agency is None:
                # An agency that the operator has taken out may be back tomorrow; a schedule that is off stays so.
                again_at = next_sweep(schedule, now) if schedule.enabled else None
                await work.reminders.go_on(schedule.agency, day=None, behind=None, due_at=again_at)
                return 1
            return await self._page(work, sweep, agency, now)

    async def _page(self, work: Work, sweep: Sweep, agency: Agency, now: datetime) -> int:
        schedule, today = sweep.schedule, now.astimezone(TOKYO).date()
        behind = sweep.behind if sweep.day == today else None
        windows = list(schedule.windows(today))
        found = await work.reminders.unreminded(agency.id, windows, behind=behind, now=now, limit=PAGE)
        entries = await work.book.entries([str(place.entry) for place, _ in found])
        for place, step in found:
            entry = entries.get(str(place.entry))
            if entry is not None and self._reminding.refusal(entry) is None:
                await self._reminding.remind(work, entry, agency, words=schedule.words, step=step)
        if len(found) == PAGE:
            await self._go_on(work, agency, today, found[-1][0], now)
        else:
            await self._go_on(work, agency, None, None, next_sweep(schedule, now))
        # A sweep that found nobody has been done, too.
        return max(len(found), 1)

    async def _go_on(self, work: Work, agency: Agency, day: date | None, behind: Place | None, at: datetime) -> None:
        await work.reminders.go_on(agency.id, day=day, behind=behind, due_at=at)


def next_sweep(schedule: ReminderSchedule, now: datetime) -> datetime:
    """Answer when the schedule's hour comes next after *now*."""
    tokyo = now.astimezone(TOKYO)
    at = datetime.combine(tokyo.date(), time(schedule.at_hour), tzinfo=TOKYO)
    return at if at > now else at + timedelta(days=1)


async def _living(work: Work, schedule: ReminderSchedule) -> Agency | None:
    """Answer the agency, where it still is one and wants its customers reminded."""
    if not schedule.enabled:
        return None
    return next((agency for agency in await work.agencies.all() if agency.id == schedule.agency), None)
