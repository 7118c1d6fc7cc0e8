"""Writes one page of a feed into the book, and marks who is gone when a full one has ended. Each is one transaction."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from msgspec.structs import replace

from gateway.journeys.entering import Entering, differences
from gateway.journeys.feed_reading import (
    Doubt,
    Line,
    Sifted,
    done,
    doubt,
    failed,
    has_base,
    is_miscounted,
    sifted,
    unread,
)
from gateway.store import Work
from gateway.store.book_rows import BookRow, Changed, Circumstance, Known, Stored
from gateway.store.feeds import Running
from insurers.book import ChangeKind, FeedRun, Reach, opening
from insurers.feed import FeedKind, FeedPage
from insurers.identity import PolicyNumber

# So many entries are looked at in one transaction when it is looked who is gone.
SWEPT_AT_ONCE = 10_000


async def write(
    work: Work, running: Running, page: FeedPage, lines: Sequence[Line], entering: Entering, at: datetime
) -> FeedRun:
    """Write the records of a page into the book; answer the reading as it stands behind them."""
    run = running.run
    known = await work.book.known(run.agency, run.insurer, [line.stub.policy for line in lines])
    found = sifted(lines, known, running.number)
    changes = await _entered(work, running, found, known, entering, at)
    await work.book.seen([known[line.stub.policy].id for line in found.same], run=running.number)
    await _present(work, running, page, entering)
    await work.feeds.flaw(run.id, [replace(flaw, number=None) for flaw in (*page.flaws, *found.flaws)])
    changed = sum(change.kind is not ChangeKind.VANISHED for change in changes)
    return replace(
        run,
        kind=page.kind,
        as_of=page.as_of,
        since=page.since,
        read=page.read,
        total=page.total,
        added=run.added + len(found.new),
        changed=run.changed + changed,
        unchanged=run.unchanged + len(found.same) + len(found.changed) - len(changes),
        vanished=run.vanished + len(changes) - changed,
        flawed=run.flawed + len(page.flaws) + len(found.flaws),
        unread=run.unread + unread(page.flaws),
        after=page.after,
        attempts=0,
        words=None,
    )


def ended(run: FeedRun, page: FeedPage, at: datetime) -> FeedRun:
    """Answer the reading as it stands when *page* was its last: over, or with a count of whom it did not name ahead."""
    if not run.accepted and is_miscounted(page):
        return failed(run, Doubt.WRONG_COUNT, at)
    if page.kind is FeedKind.FULL:
        return replace(run, ended=True)
    return done(run, at) if run.accepted or has_base(run) else failed(run, Doubt.NO_BASE, at)


def judged(run: FeedRun, present: int, unseen: int, at: datetime) -> FeedRun:
    """Answer a reading that ended: over, or with a look at who is gone ahead. It named all *present* but *unseen*."""
    against = doubt(before=present - run.added, unseen=unseen, unread=run.unread)
    if against is None or run.accepted:
        return replace(run, swept="")
    return done(run, at, against) if against is Doubt.UNREAD_LINES else failed(run, against, at)


async def sweep(work: Work, running: Running, at: datetime) -> FeedRun:
    """Mark some of those as gone whom a full feed did not name."""
    run = running.run
    gone, after = await work.book.vanished(
        run.agency,
        run.insurer,
        number=running.number,
        run=run.id,
        at=at,
        after=bytes.fromhex(run.swept or ""),
        limit=SWEPT_AT_ONCE,
    )
    run = replace(run, vanished=run.vanished + gone)
    return replace(run, swept=after.hex()) if after is not None else done(run, at)


async def _present(work: Work, running: Running, page: FeedPage, entering: Entering) -> None:
    """Mark those as seen of whom no more could be read than that they are there."""
    numbers = {flaw.number for flaw in page.flaws if flaw.number is not None}
    if numbers:
        run = running.run
        known = await work.book.known(run.agency, run.insurer, [entering.policy(number) for number in numbers])
        await work.book.seen([one.id for one in known.values()], run=running.number)


async def _entered(
    work: Work, running: Running, found: Sifted, known: Mapping[bytes, Known], entering: Entering, at: datetime
) -> Sequence[Changed]:
    """Write what is new and what is other than it was; answer what of it is a change."""
    run = running.run
    if not found.new and not found.changed:
        return ()
    # What agents and our own renewals write in the meantime is not to be overwritten with what stood there before.
    await work.book.take(run.agency)
    ids = {line.stub.policy: known[line.stub.policy].id for line in found.changed}
    stored = await work.book.stored(ids.values())
    before = [(line, stored[ids[line.stub.policy]]) for line in found.changed]
    unknown = [*found.new, *(line for line, was in before if line.record.ends_at != was.record.ends_at)]
    maturities = {line.record.number: line.record.ends_at for line in unknown}
    around = await work.book.circumstances(run.agency, run.insurer, maturities, at) if maturities else {}
    rows = list(_rows(found.new, before, around, entering, at))
    await work.book.write(run.agency, run.insurer, rows, run=running.number)
    await work.book.removed(run.agency, [was.id for line, was in before if line.record.removed], at)
    changes = [change for line, was in before if (change := _change(line, was)) is not None]
    await work.book.changed(run.agency, changes, run=run.id, at=at)
    return changes


def _rows(
    new: Sequence[Line],
    before: Sequence[tuple[Line, Stored]],
    around: Mapping[PolicyNumber, Circumstance],
    entering: Entering,
    at: datetime,
) -> Iterator[BookRow]:
    for line in new:
        yield entering.row(line.record, line.stub, None, _circumstance(line, around, at))
    for line, was in before:
        stays = line.record.ends_at == was.record.ends_at
        circumstance = was.circumstance if stays else _circumstance(line, around, at)
        yield entering.row(line.record, line.stub, was.id, circumstance)


def _circumstance(line: Line, around: Mapping[PolicyNumber, Circumstance], at: datetime) -> Circumstance:
    found = around.get(line.record.number)
    if found is None:
        return Circumstance(maturity=line.record.ends_at)
    if found.reach is Reach.NONE:
        return found
    return replace(found, opens_at=opening(line.record, found.opens_at, at))


def _change(line: Line, was: Stored) -> Changed | None:
    """A record that is only kept in another way than before has not changed."""
    if line.record.removed:
        return None if was.gone else Changed(entry=was.id, kind=ChangeKind.VANISHED)
    fields = tuple(differences(was.record, line.record))
    if was.gone:
        return Changed(entry=was.id, kind=ChangeKind.RETURNED, fields=fields)
    return Changed(entry=was.id, kind=ChangeKind.CHANGED, fields=fields) if fields else None
