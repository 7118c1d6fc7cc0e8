"""The agency's maturity data over the wire, a part of the day's file at a time (WIRE.md §17.1)."""

from datetime import timedelta

from msgspec.structs import replace

from insurers.errors import AccessDenied, Expired
from insurers.feed import FeedAccess, FeedPage, FeedSource, FeedTerms
from insurers.http import InsurerHTTP, Reply
from insurers.mitsui_sumitomo import maturity_file
from insurers.mitsui_sumitomo.mapping import CODE
from insurers.mitsui_sumitomo.maturity_file import NOT_SET, Place
from insurers.mitsui_sumitomo.wire import manki
from insurers.text import Text

TERMS = FeedTerms(
    source=FeedSource.AGENCY_FILE,
    name=Text("満期データ", "Maturity data"),
    every=timedelta(days=1),
    importable=True,
)

# Some sixteen hundred lines.
PART_BYTES = 512 * 1024

PART, DENIED, REPLACED, BEYOND = 206, frozenset({401, 403}), 412, 416


class Feed:
    def __init__(self, http: InsurerHTTP, *, part_bytes: int = PART_BYTES) -> None:
        self._http = http
        self._part_bytes = part_bytes

    async def page(self, access: FeedAccess, after: str | None) -> FeedPage:
        if access.insurer != CODE:
            raise AccessDenied(CODE)
        place = Place.of(after) if after is not None else None
        start = place.offset if place else 0
        etag = place.etag if place else None
        if etag == NOT_SET or (place and place.dairiten_code != access.agency):
            raise Expired(CODE)
        reply = await self._http.ask(
            "GET",
            manki.PATH,
            writes=False,
            headers=manki.asked(access.agency, access.secret, start, self._part_bytes, etag),
        )
        told = self._part(reply, start)
        is_last = start + len(reply.body) == told.whole
        page = maturity_file.page(reply.body, place, last=is_last, etag=told.etag, apart=True)
        if page.agency != access.agency or (page.after is not None and page.after == after):
            raise self._http.unreadable(writes=False)
        if page.after is None:
            return page
        # A trailer that is asked for by itself tells the insurer that the rest was received (WIRE.md §17.1).
        return replace(page, receipt=told.whole - Place.of(page.after).offset <= manki.TRAILER_BYTES)

    def _part(self, reply: Reply, start: int) -> manki.Part:
        if reply.status in DENIED:
            raise AccessDenied(CODE)
        if reply.status in (REPLACED, BEYOND):
            raise Expired(CODE)
        if reply.status != PART:
            raise self._http.unreadable(writes=False)
        try:
            return manki.part(
                reply.headers.get("Content-Range", ""), reply.headers.get("ETag", ""), start, len(reply.body)
            )
        except ValueError:
            raise self._http.unreadable(writes=False) from None


def file_page(chunk: bytes, after: str | None, *, last: bool) -> FeedPage:
    """Read a file that an agency has at hand."""
    return maturity_file.page(chunk, Place.of(after) if after is not None else None, last=last)
