"""One reading of a feed, step by step: some pages are fetched with no transaction open, and written in one."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import timedelta

import structlog
from msgspec.structs import replace

from gateway.journeys import feed_writing
from gateway.journeys.entering import Entering
from gateway.journeys.feed_gathering import RECORDS_AT_ONCE, Fetched, Gathering
from gateway.journeys.feed_pages import Pages, Unreadable, Wire
from gateway.journeys.feed_reading import Doubt, failed
from gateway.journeys.feed_schedule import INTERRUPTED, NO_APPOINTMENT, NO_FILE, UNFORESEEN, set_back, stumbled
from gateway.journeys.patience import Patience
from gateway.journeys.undisturbed import Undisturbed
from gateway.store import Lease, LeaseLost, Store, Work
from gateway.store.feeds import Running
from gateway.vault import Keyring
from insurers.agency import Appointment
from insurers.book import FeedRun, RunState
from insurers.errors import InsurerError
from insurers.feed import FeedPage
from insurers.identity import AgencyCode
from insurers.panel import Clock, Panel

# Between two transactions nobody writes for so long, and another process that looks whether it may can see it.
BREATH_SECONDS = 0.005

Heard = Callable[[FeedRun], None]

log = structlog.stdlib.get_logger("tabane.feeds")


def unheard(run: FeedRun) -> None:
    """Nobody looks on."""


class Course:
    def __init__(
        self,
        store: Store,
        panel: Panel,
        clock: Clock,
        keyring: Keyring,
        patience: Patience,
        undisturbed: Undisturbed,
        *,
        lease: timedelta,
        at_once: int = RECORDS_AT_ONCE,
    ) -> None:
        self._store = store
        self._panel = panel
        self._clock = clock
        self._keyring = keyring
        self._patience = patience
        self._undisturbed = undisturbed
        self._lease = lease
        self._at_once = at_once

    async def read(self, running: Running, *, most: float, pages: Pages | None = None, heard: Heard = unheard) -> int:
        """
        Take up to *most* steps of a reading that was claimed, and let go of it; answer how many they were.

        *pages* are the insurer's own unless a file is given. *heard* is told how far it is after each.
        """
        try:
            return await self._steps(running, most, pages, heard)
        except LeaseLost:
            # Whoever has it by now goes on from what is written.
            log.warning("lease lost", run=running.run.id, insurer=running.run.insurer)
            return 1
        except asyncio.CancelledError:
            await self._undisturbed(self._let_go(running))
            raise

    async def _steps(self, running: Running, most: float, given: Pages | None, heard: Heard) -> int:
        appointment, entering = await self._agency(running.run)
        pages = given or self._wire(running.run, appointment)
        if pages is None or appointment is None:
            words = INTERRUPTED if running.run.at_hand and appointment else NO_APPOINTMENT
            await self._undisturbed(self._saved(running, failed(running.run, words, self._clock())))
            return 1
        code = appointment.access.agency
        gathering = Gathering(pages, entering, self._clock, lease=self._lease, at_once=self._at_once)
        steps = 0
        try:
            while steps < most and running.run.state is RunState.RUNNING:
                steps += 1
                if running.run.ended or running.run.swept is not None:
                    running = await self._undisturbed(self._closed(running, stays=steps < most))
                else:
                    found = await gathering.behind(running.run.after, most - steps + 1)
                    behind = steps + len(found) - 1
                    gathering.go_ahead(found, most - behind)
                    written = await self._together(running, gathering, found, entering, code, stays=behind < most)
                    if written is None:
                        steps -= 1
                        continue
                    running, steps = written, behind
                heard(running.run)
                await self._breathe()
        except InsurerError as error:
            heard(await self._undisturbed(self._set_back(running, error)))
        except Unreadable:
            heard(await self._undisturbed(self._saved(running, failed(running.run, NO_FILE, self._clock()))))
        except LeaseLost:
            raise
        except Exception:  # What breaks on one page would break on it for ever, and nobody would be told.
            log.exception("a page of a feed broke", run=running.run.id, insurer=running.run.insurer)
            heard(await self._undisturbed(self._saved(running, self._stumbled(running.run))))
        finally:
            await gathering.close()
        return steps

    async def _breathe(self) -> None:
        if self._store.is_polled:
            await asyncio.sleep(BREATH_SECONDS)

    async def _together(
        self,
        running: Running,
        gathering: Gathering,
        found: Sequence[Fetched],
        entering: Entering,
        code: AgencyCode,
        *,
        stays: bool,
    ) -> Running | None:
        """Write pages together; answer None where one of several broke, and they are to come one by one."""
        try:
            return await self._undisturbed(self._written(running, found, entering, code, stays=stays))
        except LeaseLost:
            raise
        except Exception as error:
            if len(found) == 1:
                raise
            # Nothing of them is written, and those before the one that broke are good. That one is told of alone.
            kind = type(error).__name__
            log.warning("pages of a feed broke together", run=running.run.id, insurer=running.run.insurer, error=kind)
            await gathering.part()
            return None

    async def _written(
        self, running: Running, found: Sequence[Fetched], entering: Entering, code: AgencyCode, *, stays: bool
    ) -> Running:
        """Write pages, and with them how far the reading is; it is let go of unless it *stays*."""
        async with self._store.work() as work:
            await work.feeds.held(running)
            run = running.run
            for fetched in found:
                run = await self._entered(work, replace(running, run=run), fetched, entering, code)
            return await self._put(work, running, run, stays=stays)

    async def _entered(
        self, work: Work, running: Running, fetched: Fetched, entering: Entering, code: AgencyCode
    ) -> FeedRun:
        """Write a page, and answer the reading as it stands behind it; nothing is written where it is over."""
        run, page, now = running.run, fetched.page, self._clock()
        if run.state is not RunState.RUNNING:
            return run
        done = await _done(work, run) if run.as_of is None or page.after is None else None
        if (against := _doubted(run, page, code, done)) is not None:
            return failed(run, against, now)
        run = await feed_writing.write(work, running, page, fetched.lines, entering, now)
        if page.after is not None:
            return run
        return feed_writing.ended(replace(run, whole=done.whole if done else None), page, now)

    async def _closed(self, running: Running, *, stays: bool) -> Running:
        """Go a step on with a reading that has its last page in the book."""
        swept = running.run.swept is not None
        return await (self._swept(running, stays=stays) if swept else self._judged(running, stays=stays))

    async def _judged(self, running: Running, *, stays: bool) -> Running:
        """Count whom a full feed did not name, which no writer waits for, and write down what that says of it."""
        run = running.run
        async with self._store.reading() as work:
            present, unseen = await work.book.unseen(run.agency, run.insurer, number=running.number)
        async with self._store.work() as work:
            await work.feeds.held(running)
            return await self._put(work, running, feed_writing.judged(run, present, unseen, self._clock()), stays=stays)

    async def _swept(self, running: Running, *, stays: bool) -> Running:
        async with self._store.work() as work:
            await work.feeds.held(running)
            return await self._put(work, running, await feed_writing.sweep(work, running, self._clock()), stays=stays)

    async def _put(self, work: Work, running: Running, run: FeedRun, *, stays: bool) -> Running:
        until = self._clock() + self._lease
        going_on = stays and run.state is RunState.RUNNING
        lease = Lease(token=running.lease.token, until=until) if going_on else None
        await work.feeds.save(run, held=running.lease, lease=lease)
        if run.state is RunState.FAILED:
            log.error("a feed could not be read", agency=run.agency, insurer=run.insurer, run=run.id, words=run.words)
        return replace(running, run=run, lease=lease or running.lease)

    async def _set_back(self, running: Running, error: InsurerError) -> FeedRun:
        chance = self._patience.chance()
        return await self._saved(running, set_back(running.run, error, self._clock(), chance))

    def _stumbled(self, run: FeedRun) -> FeedRun:
        if run.at_hand:
            return failed(run, UNFORESEEN, self._clock())
        return stumbled(run, self._clock(), self._patience.chance())

    async def _saved(self, running: Running, run: FeedRun) -> FeedRun:
        async with self._store.work() as work:
            return (await self._put(work, running, run, stays=False)).run

    async def _let_go(self, running: Running) -> None:
        """Let another go on at once; nobody else has a file that only this process has."""
        async with self._store.work() as work:
            if not running.run.at_hand:
                await work.feeds.give_back(running.run, running.lease)
            elif (run := await work.feeds.get(running.run.id)) and run.state is RunState.RUNNING:
                await work.feeds.save(failed(run, INTERRUPTED, self._clock()), held=running.lease, lease=None)

    async def _agency(self, run: FeedRun) -> tuple[Appointment | None, Entering]:
        async with self._store.reading() as work:
            agency = next((one for one in await work.agencies.all() if one.id == run.agency), None)
            agents = await work.agencies.agents(run.agency)
        solicitors = {code: agent.id for agent in agents if agent.active for code in agent.solicitors}
        appointment = agency.appointment(run.insurer) if agency else None
        return appointment, Entering(self._keyring, run.agency, run.insurer, solicitors)

    def _wire(self, run: FeedRun, appointment: Appointment | None) -> Pages | None:
        if appointment is None or run.at_hand:
            return None
        return Wire(self._panel[run.insurer], appointment.access, self._patience, run.source)


async def _done(work: Work, run: FeedRun) -> FeedRun | None:
    """Answer the last reading of this feed that was done."""
    return (await work.feeds.latest(run.agency))[run.insurer][1]


def _doubted(run: FeedRun, page: FeedPage, code: AgencyCode, done: FeedRun | None) -> Doubt | None:
    """Answer why nothing of a page is entered: it is another agency's, or the book was read from a newer feed."""
    if page.agency not in (None, code):
        return Doubt.ANOTHERS
    if run.as_of is not None or run.accepted or done is None or done.as_of is None:
        return None
    return Doubt.OLDER if page.as_of < done.as_of else None
