"""The promises about what an insurer tells an agency of its policies."""

from collections.abc import Awaitable, Callable, Iterator, Sequence
from datetime import timedelta

import msgspec

from insurers.adapter import Insurer
from insurers.capability import Capability, Level
from insurers.conformance_proof import TOKYO_OFFSET, moments, refusal, stored
from insurers.errors import AccessDenied, Drifted, Expired, NotOffered
from insurers.feed import FeedAccess, FeedKind, FeedPage, FeedRecord, Flaw

replace = msgspec.structs.replace

# Has the insurer do something to its feeds.
Order = Callable[[], Awaitable[None]]

# A book that takes more pages than these is none for a test.
PAGES_AT_MOST = 1_000

# Whoever reads a file has buffers of any size: for hardly more than a line, for a few, for all.
CHUNKS = (333, 4_096, 1_000_000)


class Feeding:
    """
    An agency's feed. Fixtures: `insurer`, `agency`, `spoil`, `outdate`, `at_hand`.

    `agency` opens a feed of more than one page. `spoil` has one record or more in it broken, while others stay
    good, and `outdate` has cursors die that were handed out before. `at_hand` is the agency's feed as a file, or
    None where it is none. An insurer without a feed is asked for nothing but to say so.
    """

    def test_whoever_tells_agencies_of_their_policies_says_how(self, insurer: Insurer) -> None:
        terms = insurer.manifest.feed

        assert (terms is not None) == _has_feed(insurer)
        if terms is not None:
            assert timedelta(0) < terms.every <= timedelta(days=7)
            assert terms.name.ja
            assert terms.name.en

    async def test_a_feed_that_is_not_offered_is_refused_and_so_is_a_file_that_is_none(
        self, insurer: Insurer, agency: FeedAccess
    ) -> None:
        terms = insurer.manifest.feed
        if terms is None:
            await refusal(insurer.feed(agency, None), NotOffered)
        if terms is None or not terms.importable:
            assert NotOffered is _refused_file(insurer)
        else:
            assert Drifted is _refused_file(insurer)

    async def test_a_feed_is_read_to_its_end_and_each_policy_stands_in_it_once(
        self, insurer: Insurer, agency: FeedAccess
    ) -> None:
        if not _has_feed(insurer):
            return

        pages = await read_feed(insurer, agency)

        records = _records(pages)
        assert records
        assert len(records) == len({record.number for record in records})
        assert {(pages[0].kind, pages[0].as_of)} == {(page.kind, page.as_of) for page in pages}
        assert [pages[-1].read] == list({page.total for page in pages if page.total is not None} or {pages[-1].read})
        assert {agency.agency} == {page.agency or agency.agency for page in pages}
        _check_lines(pages)
        assert {TOKYO_OFFSET} == {moment.utcoffset() for record in records for moment in moments(record)}
        assert all(record.starts_at < record.ends_at for record in records)
        assert all(insurer.manifest.number_shape.matches(record.number) for record in records)
        assert all(record.holder.family for record in records)
        assert pages[0].kind is FeedKind.CHANGES or not any(record.removed for record in records)

    async def test_a_page_that_is_asked_for_again_is_the_same(self, insurer: Insurer, agency: FeedAccess) -> None:
        if not _has_feed(insurer):
            return
        pages = await read_feed(insurer, agency)

        assert 1 < len(pages)
        for page, after in zip(pages, [None, *(page.after for page in pages[:-1])], strict=True):
            assert page == await insurer.feed(agency, after)
            assert page == stored(page)

    async def test_a_broken_record_is_told_with_its_line_and_stops_no_other(
        self, insurer: Insurer, agency: FeedAccess, spoil: Order
    ) -> None:
        if not _has_feed(insurer):
            return
        before = _records(await read_feed(insurer, agency))
        await spoil()

        pages = await read_feed(insurer, agency)

        flaws = [flaw for page in pages for flaw in page.flaws]
        assert flaws
        _check_lines(pages)
        for flaw in flaws:
            _check_flaw(flaw, before)
        spoiled = {record.number for record in before} - {record.number for record in _records(pages)}
        assert spoiled
        assert len(spoiled) < len(before)
        assert [record for record in before if record.number not in spoiled] == _records(pages)

    async def test_a_wrong_secret_opens_no_feed(self, insurer: Insurer, agency: FeedAccess) -> None:
        if not _has_feed(insurer):
            return
        wrong = replace(agency, secret=f"{agency.secret}-not")

        error = await refusal(insurer.feed(wrong, None), AccessDenied)
        assert wrong.secret not in repr((error, wrong, str(error)))
        pages = await read_feed(insurer, agency)
        if pages[0].after is not None:
            await refusal(insurer.feed(wrong, pages[0].after), AccessDenied)

    async def test_a_feed_that_was_replaced_since_is_begun_again(
        self, insurer: Insurer, agency: FeedAccess, outdate: Order
    ) -> None:
        if not _has_feed(insurer):
            return
        first = await insurer.feed(agency, None)
        await outdate()

        await refusal(insurer.feed(agency, first.after), Expired)
        await refusal(insurer.feed(agency, "no word of its own"), Expired)
        assert _records(await read_feed(insurer, agency))

    async def test_a_file_at_hand_tells_what_the_feed_tells_in_chunks_of_any_size(
        self, insurer: Insurer, agency: FeedAccess, at_hand: bytes | None
    ) -> None:
        terms = insurer.manifest.feed
        if terms is None or not terms.importable:
            return
        assert at_hand is not None
        fed = await read_feed(insurer, agency)

        for size in CHUNKS:
            pages = list(read_file(insurer, at_hand, size))

            assert _told(fed) == _told(pages), size


async def read_feed(insurer: Insurer, agency: FeedAccess) -> list[FeedPage]:
    """Answer all pages of a feed."""
    pages = [await insurer.feed(agency, None)]
    while (after := pages[-1].after) is not None:
        assert len(pages) < PAGES_AT_MOST
        pages.append(await insurer.feed(agency, after))
    return pages


def read_file(insurer: Insurer, content: bytes, size: int) -> Iterator[FeedPage]:
    """Read a file with a buffer of *size* bytes, and of more where that holds no record."""
    after: str | None = None
    offset, reach = 0, size
    while True:
        chunk = content[offset : offset + reach]
        page = insurer.feed_file(chunk, after, last=offset + len(chunk) == len(content))
        yield page
        if page.after is None:
            return
        came = int(page.after.partition(" ")[0])
        reach = size if came > offset else reach + size
        offset, after = came, page.after


def _has_feed(insurer: Insurer) -> bool:
    return insurer.manifest.level(Capability.AGENCY_FEED) in (Level.NATIVE, Level.EMULATED)


def _refused_file(insurer: Insurer) -> type[Exception] | None:
    try:
        insurer.feed_file(b"number,premium\n1,2\n", None, last=True)
    except (NotOffered, Drifted) as error:
        return type(error)
    return None


def _records(pages: Sequence[FeedPage]) -> list[FeedRecord]:
    return [record for page in pages for record in page.records]


def _told(pages: Sequence[FeedPage]) -> object:
    """What pages say in all, however it is cut."""
    lines = [line for page in pages for line in page.lines]
    flaws = [flaw for page in pages for flaw in page.flaws]
    last = pages[-1]
    return _records(pages), lines, flaws, last.read, last.total, last.kind, last.as_of, last.agency


def _check_lines(pages: Sequence[FeedPage]) -> None:
    """Check that every record has its line, and that lines and counts go up."""
    assert [] == [page for page in pages if len(page.records) != len(page.lines)]
    lines = [line for page in pages for line in page.lines]
    assert sorted(set(lines)) == lines
    assert all(line > 0 for line in lines)
    counts = [page.read for page in pages]
    assert sorted(counts) == counts


def _check_flaw(flaw: Flaw, records: Sequence[FeedRecord]) -> None:
    """Check that it says where and why, and repeats nobody's data."""
    assert flaw.line > 0
    assert flaw.reason.ja
    assert flaw.reason.en
    said = f"{flaw.reason.ja} {flaw.reason.en} {flaw.column}"
    private = {
        part for record in records for part in (record.number.text, record.phone, record.email, record.plate) if part
    }
    assert [] == [part for part in private if part in said]
