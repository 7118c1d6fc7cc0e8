"""Pages of a feed, fetched one after the other, and gathered to be written in one transaction."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from typing import NamedTuple

from gateway.journeys.entering import Entering
from gateway.journeys.feed_pages import Pages
from gateway.journeys.feed_reading import Line, lines
from insurers.feed import FeedPage
from insurers.panel import Clock

# A record takes some microseconds, and whoever asks the same process meanwhile does not wait for a whole page.
RECORDS_AT_A_STRETCH = 250

# So many records are written together, as whole pages. The more at once, the fewer times each index is gone through: a
# first load takes half as long as page by page. For as long, half a second, nobody else writes on SQLite.
RECORDS_AT_ONCE = 8_000

# What an insurer tells slowly is written before there is as much: when so long has gone by since the gathering began,
# also where a page has been asked for and is still on its way.
GATHERED_WITHIN = timedelta(seconds=2)

# The first page may take as much of a lease as anything that an insurer is asked (`patience.SHARE_OF_LEASE`). What is
# gathered behind it takes no more than this, which leaves the rest for writing.
GATHERED_SHARE_OF_LEASE = 0.125


class Fetched(NamedTuple):
    """A page with its records as the book knows them."""

    page: FeedPage
    lines: Sequence[Line]


class Gathering:
    """
    The pages of one reading. What comes behind them may be fetched while they are written.

    That is as much as is written at once and no more: memory does not grow with the book.
    """

    def __init__(
        self, pages: Pages, entering: Entering, clock: Clock, *, lease: timedelta, at_once: int = RECORDS_AT_ONCE
    ) -> None:
        self._pages = pages
        self._entering = entering
        self._clock = clock
        self._within = min(GATHERED_WITHIN, lease * GATHERED_SHARE_OF_LEASE)
        self._at_once = at_once
        self._ahead: asyncio.Task[Sequence[Fetched]] | None = None
        # The page behind those that were gathered last: it was too slow for them, or there is trouble with it.
        self._coming: asyncio.Task[Fetched] | None = None

    async def behind(self, after: str | None, most: float) -> Sequence[Fetched]:
        """
        Answer pages that follow each other: one at least, and up to *most*.

        Trouble with a page is met when all before it have been answered.

        Raises:
            InsurerError: there is not even the first one.
            Unreadable: there never will be.
        """
        ahead, self._ahead = self._ahead, None
        return await (ahead or self._gathered(after, most))

    def go_ahead(self, found: Sequence[Fetched], most: float) -> None:
        """Fetch what comes behind these pages, up to *most*. What is a receipt is not asked for ahead."""
        last = found[-1].page
        if most > 0 and _goes_on(last):
            self._ahead = asyncio.create_task(self._gathered(last.after, most))

    async def part(self) -> None:
        """Forget what was fetched ahead, and answer one page at a time from now on."""
        await self.close()
        self._at_once = 1

    async def close(self) -> None:
        for task in (self._ahead, self._coming):
            if task is not None:
                task.cancel()
        await asyncio.gather(*(task for task in (self._ahead, self._coming) if task), return_exceptions=True)
        self._ahead = self._coming = None

    async def _gathered(self, after: str | None, most: float) -> Sequence[Fetched]:
        until = self._clock() + self._within
        coming, self._coming = self._coming, None
        found = [await (coming or self._fetched(after))]
        read = len(found[0].lines)
        while read < self._at_once and len(found) < most and _goes_on(found[-1].page):
            left = (until - self._clock()).total_seconds()
            if left <= 0 or (page := await self._soon(found[-1].page.after, left)) is None:
                break
            found.append(page)
            read += len(page.lines)
        return found

    async def _soon(self, after: str | None, seconds: float) -> Fetched | None:
        """Answer a page if it comes in time, and without trouble."""
        self._coming = asyncio.create_task(self._fetched(after))
        await asyncio.wait([self._coming], timeout=seconds)
        if not self._coming.done() or self._coming.cancelled() or self._coming.exception() is not None:
            return None
        page, self._coming = self._coming.result(), None
        return page

    async def _fetched(self, after: str | None) -> Fetched:
        page = await self._pages.page(after)
        found: list[Line] = []
        for start in range(0, len(page.records), RECORDS_AT_A_STRETCH):
            found += lines(page, self._entering, start, RECORDS_AT_A_STRETCH)
            await asyncio.sleep(0)
        return Fetched(page, found)


def _goes_on(page: FeedPage) -> bool:
    """Tell whether there is a next page that may be asked for before this one is written."""
    return page.after is not None and not page.receipt
