"""
The reading of agencies' feeds, in any number of processes: one reading of an agency and insurer at a time.

A page's rows, changes, flaws and counts are written together with the cursor behind it, so that a process
may be killed at any moment: the next one goes on with nothing lost and nothing twice.
"""

import math
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from msgspec.structs import replace

from gateway.chores import Chore
from gateway.journeys.feed_course import Course, Heard, unheard
from gateway.journeys.feed_gathering import RECORDS_AT_ONCE
from gateway.journeys.feed_pages import Pages
from gateway.journeys.feed_reading import failed
from gateway.journeys.feed_schedule import REPLACED, begins_at
from gateway.journeys.patience import Patience
from gateway.journeys.undisturbed import Undisturbed
from gateway.store import Store, Work
from gateway.store.feeds import Running
from gateway.vault import Keyring
from insurers.book import FeedRun, RunState
from insurers.capability import Capability
from insurers.errors import NotOffered
from insurers.feed import FeedSource, FeedTerms
from insurers.identity import InsurerCode
from insurers.panel import Clock, Panel

# How many pages one turn reads: some seconds' work, so that a worker that is told to stop soon has done.
PAGES_PER_TURN = 16

BEFORE_EVERYTHING = datetime.min.replace(tzinfo=UTC)


class Feeds:
    def __init__(
        self,
        store: Store,
        panel: Panel,
        clock: Clock,
        keyring: Keyring,
        patience: Patience,
        *,
        lease: timedelta,
        at_once: int = RECORDS_AT_ONCE,
    ) -> None:
        """*at_once* is how many records are written in one transaction, to whole pages."""
        self._store = store
        self._panel = panel
        self._clock = clock
        self._lease = lease
        self._undisturbed = Undisturbed()
        self.course = Course(store, panel, clock, keyring, patience, self._undisturbed, lease=lease, at_once=at_once)

    def chores(self) -> Sequence[Chore]:
        """Answer one for each insurer with a feed: a slow one holds up its own and no other's."""
        return [FeedChore(self, code) for code, insurer in self._panel.items() if insurer.manifest.feed is not None]

    async def due(self, insurer: InsurerCode) -> datetime | None:
        """Answer when something may be read there next, within the insurer's hours."""
        async with self._store.reading() as work:
            under_way = await work.feeds.next_at(insurer=insurer)
            moments = [at for _, at in await self._beginnings(work, insurer)]
        first = min((at for at in [under_way, *moments] if at is not None), default=None)
        hours = self._panel[insurer].manifest.hours.get(Capability.AGENCY_FEED)
        return hours.opens_at(max(first, self._clock())) if first is not None and hours is not None else first

    async def turn(self, insurer: InsurerCode) -> int:
        """Read some pages of what is due there; answer how many steps were taken."""
        await self._undisturbed(self._begun(insurer))
        left = PAGES_PER_TURN
        while left > 0 and (running := await self.claimed(insurer)) is not None:
            left -= await self.course.read(running, most=left)
        return PAGES_PER_TURN - left

    async def ordered(
        self, agency: str, insurer: InsurerCode, *, anew: bool = False, accepted: bool = False
    ) -> FeedRun:
        """
        Have a feed read at once, and answer the reading.

        One that is under way goes on, unless it is to begin *anew* or to be *accepted* and nobody works on it.

        Raises:
            NotOffered: this insurer tells agencies nothing by wire.
        """
        terms, now = self.terms(insurer), self._clock()
        async with self._store.work() as work:
            last = (await work.feeds.latest(agency)).get(insurer)
            under_way = last[0] if last is not None and last[0].state is RunState.RUNNING else None
            if under_way and not ((anew or accepted) and await self._ended(work, under_way)):
                await work.feeds.hasten(under_way.id, at=now)
                return under_way
            run = await work.feeds.begin(agency, insurer, terms.source, at=now)
            if run is None:
                # Another process was faster by a moment.
                return (await work.feeds.latest(agency))[insurer][0]
            return await self._accepted(work, run) if accepted else run

    async def imported(
        self, agency: str, insurer: InsurerCode, pages: Pages, *, accepted: bool = False, heard: Heard = unheard
    ) -> FeedRun | None:
        """Read a file at hand, and answer what came of it; None where the feed is being read just now."""
        running = await self._undisturbed(self._at_hand(agency, insurer, pages.source, accepted=accepted))
        if running is None:
            return None
        await self.course.read(running, most=math.inf, pages=pages, heard=heard)
        return await self.standing(running.run)

    async def go_on(self, run: FeedRun, *, heard: Heard = unheard) -> FeedRun:
        """Read on, where nobody else does, until there is no more or it has to wait; answer how it stands then."""
        running = await self.claimed(run.insurer, run=run.id)
        if running is not None:
            await self.course.read(running, most=math.inf, heard=heard)
        return await self.standing(run)

    async def standing(self, run: FeedRun) -> FeedRun:
        async with self._store.reading() as work:
            return await work.feeds.get(run.id) or run

    async def claimed(self, insurer: InsurerCode, *, run: str | None = None) -> Running | None:
        return await self._undisturbed(self._claimed(insurer, run))

    async def drain(self) -> None:
        """Wait for what is being written. Whoever was broken off has given back what it had."""
        await self._undisturbed.drain()

    def terms(self, insurer: InsurerCode) -> FeedTerms:
        """
        Raises:
            NotOffered: this insurer tells agencies nothing.
        """
        if (terms := self._panel[insurer].manifest.feed) is None:
            raise NotOffered(insurer)
        return terms

    async def _claimed(self, insurer: InsurerCode, run: str | None) -> Running | None:
        async with self._store.work() as work:
            return await self._taken(work, insurer, run)

    async def _taken(self, work: Work, insurer: InsurerCode, run: str | None) -> Running | None:
        seconds = self._lease.total_seconds()
        return await work.feeds.claim(self._clock(), lease_seconds=seconds, insurer=insurer, run=run)

    async def _beginnings(self, work: Work, insurer: InsurerCode) -> Sequence[tuple[str, datetime]]:
        """Answer each agency whose next reading is to begin, and when; whose feed was never read is due since ever."""
        terms, found = self.terms(insurer), []
        for agency in await work.agencies.all():
            if agency.appointment(insurer) is not None:
                last = (await work.feeds.latest(agency.id)).get(insurer)
                at = begins_at(last[0], terms) if last else BEFORE_EVERYTHING
                if at is not None:
                    found.append((agency.id, at))
        return found

    async def _begun(self, insurer: InsurerCode) -> None:
        now, source = self._clock(), self.terms(insurer).source
        async with self._store.reading() as work:
            due = [agency for agency, at in await self._beginnings(work, insurer) if at <= now]
        if due:
            async with self._store.work() as work:
                for agency in due:
                    await work.feeds.begin(agency, insurer, source, at=now)

    async def _at_hand(
        self, agency: str, insurer: InsurerCode, source: FeedSource, *, accepted: bool
    ) -> Running | None:
        """Begin a reading that is this process's from its beginning: nobody else has the file."""
        async with self._store.work() as work:
            run = await work.feeds.begin(agency, insurer, source, at=self._clock())
            if run is None or (running := await self._taken(work, insurer, run.id)) is None:
                return None
            run = replace(running.run, at_hand=True, accepted=accepted)
            await work.feeds.save(run, held=running.lease, lease=running.lease)
        return replace(running, run=run)

    async def _accepted(self, work: Work, run: FeedRun) -> FeedRun:
        running = await self._taken(work, run.insurer, run.id)
        if running is not None:
            run = replace(run, accepted=True)
            await work.feeds.save(run, held=running.lease, lease=None)
        return run

    async def _ended(self, work: Work, run: FeedRun) -> bool:
        """End a reading that nobody works on, so that another can begin."""
        running = await self._taken(work, run.insurer, run.id)
        if running is None:
            return False
        await work.feeds.save(failed(running.run, REPLACED, self._clock()), held=running.lease, lease=None)
        return True


class FeedChore:
    """The feeds of one insurer, as a worker reads them."""

    def __init__(self, feeds: Feeds, insurer: InsurerCode) -> None:
        self.name = f"feeds of {insurer}"
        self._feeds = feeds
        self._insurer = insurer

    async def due(self) -> datetime | None:
        return await self._feeds.due(self._insurer)

    async def turn(self) -> int:
        return await self._feeds.turn(self._insurer)
