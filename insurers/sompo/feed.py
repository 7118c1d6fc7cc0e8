"""An agency's list of contracts, read a page at a time (WIRE.md §14)."""

import re
from datetime import timedelta

from msgspec import Struct

from insurers.errors import AccessDenied, ErrorCode, Expired, Unavailable
from insurers.feed import FeedAccess, FeedKind, FeedPage, FeedRecord, FeedSource, FeedTerms, Flaw, FlawKind
from insurers.http import Reply
from insurers.identity import AgencyCode
from insurers.sompo.code import CODE
from insurers.sompo.desk import Desk
from insurers.sompo.mapping.listed import Unfit, flaw, number_of, record
from insurers.sompo.wire import itiran
from insurers.sompo.wire.notation import read_number, read_ts
from insurers.text import Text

TERMS = FeedTerms(
    source=FeedSource.AGENCY_SYSTEM,
    name=Text("代理店の契約一覧", "The agency's list of contracts"),
    # It is never out of date, and always whole (WIRE.md §14.1); four times a day is enough for a book.
    every=timedelta(hours=6),
)


class Place(Struct, frozen=True):
    """
    Where to go on: the insurer's own word, how many lines came before, and the last number that was read.

    An `after` is the three of them with spaces between, none of which may stand in one.
    """

    tuzuki: str = ""
    read: int = 0
    last: str = ""

    @classmethod
    def of(cls, after: str | None) -> "Place":
        if after is None:
            return cls()
        found = re.fullmatch(r"(\S+) (\d{1,12}) ([A-Z0-9]*)", after, re.ASCII)
        if found is None:
            raise Expired(CODE)
        return cls(found[1], int(found[2]), found[3])

    def __str__(self) -> str:
        return f"{self.tuzuki} {self.read} {self.last}"


class Feed:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def page(self, access: FeedAccess, after: str | None) -> FeedPage:
        if access.insurer != CODE:
            raise AccessDenied(CODE)
        place = Place.of(after)
        request = itiran.say(access.agency, access.secret, place.tuzuki)
        return await self._desk.leaf(request, lambda page: _told(page, place, access.agency), _limited)


def _limited(reply: Reply) -> Unavailable:
    """429 says in how many seconds there is another page to be had (WIRE.md §14.1)."""
    seconds = reply.headers.get("Retry-After", "")
    wait = timedelta(seconds=int(seconds)) if re.fullmatch(r"\d{1,5}", seconds, re.ASCII) else None
    return Unavailable(CODE, code=ErrorCode.RATE_LIMITED, retry_after=wait)


def _told(page: itiran.Page, place: Place, agency: AgencyCode) -> FeedPage:
    """
    Raises:
        ValueError: the page is somebody else's, or does not say when it was made.
    """
    if page.head.dairiten_cd != agency:
        raise ValueError("another agency's list")
    records: list[FeedRecord] = []
    lines: list[int] = []
    flaws: list[Flaw] = []
    # Numbers ascend (WIRE.md §14.1), so one that comes again comes at once, if need be on the next page.
    seen, last = {place.last}, place.last
    asked = agency.encode()
    for line, content in enumerate(page.lines, place.read + 1):
        try:
            told = record(content, asked)
        except Unfit as unfit:
            flaws.append(flaw(line, unfit.kind, unfit.column, number_of(content, asked)))
            continue
        number = told.number.text
        if number in seen:
            flaws.append(flaw(line, FlawKind.DUPLICATE_NUMBER, "SYOKEN_NO"))
            continue
        seen.add(number)
        last = number
        records.append(told)
        lines.append(line)
    if page.announced != len(page.lines):
        flaws.append(flaw(place.read + len(page.lines) + 1, FlawKind.WRONG_COUNT, "KENSUU"))
    # What was announced and is not there has its place all the same, so that no two lines are one.
    read = place.read + max(page.announced, len(page.lines))
    return FeedPage(
        kind=FeedKind.FULL,
        as_of=read_ts(page.head.sakusei_nitiji),
        records=tuple(records),
        lines=tuple(lines),
        flaws=tuple(flaws),
        after=str(Place(page.head.tuzuki, read, last)) if page.head.tuzuki else None,
        read=read,
        total=read_number(page.head.zen_kensuu),
        agency=agency,
    )
