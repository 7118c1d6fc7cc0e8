"""Where the pages of a feed come from: the insurer's wire, or a file that the agency has at hand."""

import asyncio
from pathlib import Path
from typing import Protocol

from gateway.journeys.patience import Patience
from insurers.adapter import Insurer
from insurers.errors import Drifted
from insurers.feed import FeedAccess, FeedPage, FeedSource
from insurers.identity import InsurerCode

# What is read of a file at once: a page of some thousand records.
CHUNK_BYTES = 256 * 1024

# No feed has a line that is longer than this. What has is something else.
LONGEST_LINE_BYTES = 16 * CHUNK_BYTES


class Unreadable(Exception):
    """There is no such file, or it cannot be read."""


class Pages(Protocol):
    @property
    def source(self) -> FeedSource: ...

    async def page(self, after: str | None) -> FeedPage:
        """
        Raises:
            InsurerError: there is none now, and why.
            Unreadable: there never will be.
        """
        ...


class Wire:
    """The insurer's own, as it is at this moment."""

    def __init__(self, insurer: Insurer, access: FeedAccess, patience: Patience, source: FeedSource) -> None:
        self.source = source
        self._insurer = insurer
        self._access = access
        self._patience = patience

    async def page(self, after: str | None) -> FeedPage:
        return await self._patience.reading(self._access.insurer, self._insurer.feed(self._access, after))


class FileAtHand:
    """A feed in a file (満期データ). Its cursor begins with how many bytes were read; see `Insurer.feed_file`."""

    source = FeedSource.AGENCY_FILE

    def __init__(self, insurer: Insurer, code: InsurerCode, path: Path) -> None:
        self._insurer = insurer
        self._code = code
        self._path = path

    @property
    def size(self) -> int:
        return self._path.stat().st_size

    async def page(self, after: str | None) -> FeedPage:
        offset = read_bytes(after)
        length = CHUNK_BYTES
        while True:
            chunk, last = await asyncio.to_thread(self._chunk, offset, length)
            page = self._insurer.feed_file(chunk, after, last=last)
            if page.after is None or read_bytes(page.after) > offset:
                return page
            length *= 2
            if last or length > LONGEST_LINE_BYTES:
                raise Drifted(self._code)

    def _chunk(self, offset: int, length: int) -> tuple[bytes, bool]:
        try:
            with self._path.open("rb") as file:
                file.seek(offset)
                chunk = file.read(length)
                return chunk, not file.read(1)
        except OSError as error:
            raise Unreadable from error


def read_bytes(after: str | None) -> int:
    """How many bytes of a file were read up to this cursor."""
    return int(after.partition(" ")[0]) if after else 0
