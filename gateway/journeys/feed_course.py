"""One reading of a feed, step by step: a page is fetched with no transaction open, and written in one."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import NamedTuple

import structlog
from msgspec.structs import replace

from gateway.journeys import feed_writing
from gateway.journeys.entering import Entering
from gateway.journeys.feed_pages import Pages, Unreadable, Wire
from gateway.journeys.feed_reading import Doubt, Line, failed, lines
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

# A record takes some microseconds, and whoever asks the same process meanwhile does not wait for a whole page.
RECORDS_AT_A_STRETCH = 250

# Between two pages nobody writes for so long, and another process that looks whether it may has a chance to see it.
BREATH_SECONDS = 0.005

Heard = Callable[[FeedRun], None]

log = structlog.stdlib.get_logger("tabane.feeds")


def unheard(run: FeedRun) -> None:
    """Nobody looks on."""


class Fetched(NamedTuple):
    """A page with its records as the book knows them."""

    page: FeedPage
    lines: Sequence[Line]


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
    ) -> None:
        self._store = store
        self._panel = panel
        self._clock = clock
        self._keyring = keyring
        self._patience = patience
        self._undisturbed = undisturbed
        self._lease = lease

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
        ahead: asyncio.Task[Fetched] | None = None
        steps = 0
        try:
            while steps < most and running.run.state is RunState.RUNNING:
                steps += 1
                stays = steps < most
                if running.run.swept is not None:
                    running = await self._undisturbed(self._swept(running, stays=stays))
                elif running.run.ended:
                    running = await self._undisturbed(self._judged(running, stays=stays))
                else:
                    fetched = await (ahead or self._fetched(pages, running.run.after, entering))
                    # One page ahead of what is written, and no more: memory does not grow with the book. What is a
                    # receipt for this page is not asked for before it is written.
                    on = stays and fetched.page.after is not None and not fetched.page.receipt
                    ahead = asyncio.create_task(self._fetched(pages, fetched.page.after, entering)) if on else None
                    running = await self._undisturbed(self._written(running, fetched, entering, code, stays=stays))
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
            if ahead is not None:
                ahead.cancel()
                await asyncio.gather(ahead, return_exceptions=True)
        return steps

    async def _breathe(self) -> None:
        if self._store.is_polled:
            await asyncio.sleep(BREATH_SECONDS)

    async def _fetched(self, pages: Pages, after: str | None, entering: Entering) -> Fetched:
        page = await pages.page(after)
        found: list[Line] = []
        for start in range(0, len(page.records), RECORDS_AT_A_STRETCH):
            found += lines(page, entering, start, RECORDS_AT_A_STRETCH)
            await asyncio.sleep(0)
        return Fetched(page, found)

    async def _written(
        self, running: Running, fetched: Fetched, entering: Entering, code: AgencyCode, *, stays: bool
    ) -> Running:
        """Write a page, and with it how far the reading is; it is let go of unless it *stays*."""
        page, now = fetched.page, self._clock()
        async with self._store.work() as work:
            await work.feeds.held(running)
            done = await _done(work, running.run) if running.run.as_of is None or page.after is None else None
            if (against := _doubted(running.run, page, code, done)) is not None:
                return await self._put(work, running, failed(running.run, against, now), stays=False)
            run = await feed_writing.write(work, running, page, fetched.lines, entering, now)
            if page.after is None:
                run = feed_writing.ended(replace(run, whole=done.whole if done else None), page, now)
            return await self._put(work, running, run, stays=stays)

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
