"""What becomes of one page of a feed, and whether a feed that has ended may be believed; pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from msgspec.structs import replace

from gateway.journeys.entering import Entering, Stub
from insurers.book import FeedRun, RunState
from insurers.feed import FeedKind, FeedPage, FeedRecord, Flaw, FlawKind
from insurers.person import Private
from insurers.text import Text

# A book smaller than this may well lose most of its policies in a day.
SMALL_BOOK = 20


TWICE = Text(
    "同じ証券番号が、このデータの前の行にあります。前の行を取り込みました。",
    "This policy number stood in the same feed before. The first one counts.",
)


class Line(Private, frozen=True, gc=False):
    """A record that was read, where it stood, and by what it is known again."""

    at: int
    record: FeedRecord
    stub: Stub


class Entered(Protocol):
    """What is known of an entry before its record is read again: `seen` is the number of the last reading with it."""

    @property
    def digest(self) -> bytes: ...

    @property
    def seen(self) -> int: ...

    @property
    def gone(self) -> bool: ...


class Sifted(Private, frozen=True):
    """`changed` differ from what was entered, or come back; `same` do not. Each line's policy is in one of them."""

    new: Sequence[Line]
    changed: Sequence[Line]
    same: Sequence[Line]
    flaws: Sequence[Flaw]


def lines(page: FeedPage, entering: Entering, start: int, count: int) -> Iterator[Line]:
    """Answer up to *count* records of the page from the one at *start* on."""
    end = start + count
    for at, record in zip(page.lines[start:end], page.records[start:end], strict=True):
        yield Line(at, record, entering.stub(record))


def sifted(read: Iterable[Line], known: Mapping[bytes, Entered], reading: int) -> Sifted:
    """Divide the lines of a page of this *reading*. The first line of a policy counts, in whatever page it stood."""
    new: list[Line] = []
    changed: list[Line] = []
    same: list[Line] = []
    flaws: list[Flaw] = []
    told: set[bytes] = set()
    for line in read:
        policy = line.stub.policy
        was = known.get(policy)
        if policy in told or (was is not None and was.seen == reading):
            flaws.append(Flaw(line=line.at, kind=FlawKind.DUPLICATE_NUMBER, reason=TWICE))
            continue
        told.add(policy)
        if was is None:
            # Who is not known need not be told that it is gone.
            if not line.record.removed:
                new.append(line)
        elif was.digest != line.stub.digest or was.gone is not line.record.removed:
            changed.append(line)
        else:
            same.append(line)
    return Sifted(new, changed, same, flaws)


class Doubt(StrEnum):
    """Why a feed is not believed, or why those whom it does not name are not marked as gone."""

    OLDER = "older"  # the book was read from a newer one
    WRONG_COUNT = "wrong_count"  # it was cut off, or is another than it says
    TOO_SMALL = "too_small"  # most of the book would be gone at once
    UNREAD_LINES = "unread_lines"  # each line that could not be read may be one of those
    ANOTHERS = "anothers"  # it says that it is another agency's
    NO_BASE = "no_base"  # the full feed from which these changes count never came into the book


def unread(flaws: Iterable[Flaw]) -> int:
    """Count the flaws behind which any policy may be; of a second line it is known which one is meant."""
    return sum(flaw.number is None and flaw.kind is not FlawKind.DUPLICATE_NUMBER for flaw in flaws)


def has_base(run: FeedRun) -> bool:
    """Tell whether the book has what these changes count from."""
    return run.whole is not None and (run.since is None or run.since <= run.whole)


def is_miscounted(page: FeedPage) -> bool:
    """Tell of the last page whether the feed is not what it says: another count, or cut off."""
    told = any(flaw.kind is FlawKind.WRONG_COUNT for flaw in page.flaws)
    return told or (page.total is not None and page.read < page.total)


def doubt(*, before: int, unseen: int, unread: int) -> Doubt | None:
    """
    Answer what speaks against marking as gone whom a full feed did not name.

    *before* is how many entries there were when it began, *unseen* how many of these it did not name, and *unread*
    how many of its lines could not be read.
    """
    if before >= SMALL_BOOK and unseen * 2 > before:
        return Doubt.TOO_SMALL
    if unseen and unread:
        return Doubt.UNREAD_LINES
    return None


def done(run: FeedRun, at: datetime, against: Doubt | None = None) -> FeedRun:
    """*against* is why those whom it did not name stay in the book."""
    whole = run.as_of if run.kind == FeedKind.FULL else run.whole
    return replace(run, state=RunState.DONE, ended_at=at, due_at=None, ended=False, whole=whole, words=against)


def failed(run: FeedRun, words: str, at: datetime) -> FeedRun:
    return replace(run, state=RunState.FAILED, ended_at=at, due_at=None, words=words)
