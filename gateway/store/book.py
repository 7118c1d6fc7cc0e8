"""
The agents' books, written.

A feed is entered page by page: `known` says which of its policies are there and `seen` marks those that are as they
were. Where there are others, `take` has the book alone, `stored` brings what is about to change, `circumstances` what
our own renewals and consents say of new ones, `write` puts rows down and `changed` what that changed. When a full feed
is over, `vanished` marks who was not in it. Whoever changes a cause of an entry's status calls `follow`, `mark`, `hear`
or `restand`, and when an opening has come, `let_open`; nothing else writes it.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

import msgspec
from sqlalchemy import insert

from gateway.store import book_tables as tables
from gateway.store import bulk
from gateway.store.book_deeds import BookDeeds
from gateway.store.book_reading import BookReading
from gateway.store.book_rows import BookRow, Changed, Circumstance, Known, Stored
from gateway.store.book_sheet import ANY_BRANCH, ENTERED, KNOWN, MEET, PART, REWRITE, Sheet, Totals
from gateway.store.book_standing import Standings
from insurers.book import ChangeKind
from insurers.identity import InsurerCode, PolicyNumber

# How many policies are looked through in one step for those that a full feed did not tell of.
VANISHED_AT_ONCE = 10_000


class Book(BookDeeds, BookReading):
    """
    Every write is news of `book:AGENCY`.

    Of one agency's book there is one writer at a time: the others wait for its commit.
    """

    async def known(self, agency: str, insurer: InsurerCode, policies: Collection[bytes]) -> dict[bytes, Known]:
        """Answer, by fingerprint, what is in the book of these policies."""
        rows = await bulk.found(
            self._connection,
            "SELECT policy, id, digest, seen, gone FROM book_known WHERE agency = ? AND insurer = ? AND policy among",
            (agency, insurer),
            policies,
        )
        return {bytes(policy): Known(id_, bytes(digest), seen, bool(gone)) for policy, id_, digest, seen, gone in rows}

    async def seen(self, ids: Collection[int], *, run: int) -> None:
        """Mark entries of which the run with this number told nothing new."""
        await bulk.changed(self._connection, "UPDATE book_known SET seen = ? WHERE id among", (run,), ids)

    async def stored(self, ids: Collection[int]) -> dict[int, Stored]:
        """Answer entries as they stand, by id."""
        return {row["id"]: self._stored(row) for row in await self._rows(ids)}

    async def circumstances(
        self, agency: str, insurer: InsurerCode, maturities: Mapping[PolicyNumber, datetime], at: datetime
    ) -> dict[PolicyNumber, Circumstance]:
        """
        Answer what is to be said, beside the feed, of policies that are new or mature at another moment than before.

        Of most there is nothing to say, and these are not in the answer.
        """
        return await Standings(self._transaction).circumstances(agency, insurer, maturities, at)

    async def write(self, agency: str, insurer: InsurerCode, rows: Sequence[BookRow], *, run: int) -> None:
        """
        Put down new entries, and write over those that have an id; who had vanished is back.

        *run* is the number of the run that told of them.
        """
        if not rows:
            return
        moved = await self._move(agency)
        totals = Totals(agency)
        given = await self._given(agency, {row.person for row in rows})
        sheet = Sheet(self._transaction, agency, insurer, moved, given, totals)
        await self._enter(agency, insurer, [row for row in rows if row.id is None], sheet, run)
        await self._rewrite([row for row in rows if row.id is not None], sheet, totals, moved, run)
        await self._count(totals)

    async def changed(self, agency: str, changes: Sequence[Changed], *, run: str, at: datetime) -> None:
        """Keep what the run with this id changed."""
        if not changes:
            return
        table = tables.book_changes
        rows = [
            {"agency": agency, "entry": change.entry, "run": run, "kind": change.kind, "at": at} for change in changes
        ]
        sealed = [
            row | {"body": self._transaction.seal(table, row, msgspec.json.encode(change.fields))}
            for row, change in zip(rows, changes, strict=True)
        ]
        await self._connection.execute(insert(table), sealed)

    async def removed(self, agency: str, ids: Sequence[int], at: datetime) -> None:
        """Mark entries of which a feed says that the agency no longer handles them."""
        if ids:
            await self._take_out(agency, ids, at)

    async def unseen(self, agency: str, insurer: InsurerCode, *, number: int) -> tuple[int, int]:
        """Answer how many entries have not vanished, and of how many of these the run *number* did not tell."""
        statement = (
            "SELECT count(*) AS present, coalesce(sum(CASE WHEN seen = ? THEN 0 ELSE 1 END), 0) AS unseen"
            " FROM book_known WHERE agency = ? AND insurer = ? AND NOT gone"
        )
        asked = bulk.placed(self._connection, statement)
        counted = (await self._connection.exec_driver_sql(asked, (number, agency, insurer))).mappings().one()
        return counted["present"], counted["unseen"]

    async def vanished(
        self,
        agency: str,
        insurer: InsurerCode,
        *,
        number: int,
        run: str,
        at: datetime,
        after: bytes = b"",
        limit: int = VANISHED_AT_ONCE,
    ) -> tuple[int, bytes | None]:
        """
        Mark whom a full feed did not tell of, among the next *limit* policies behind *after*.

        Answer how many these are, and where to go on; None at the end. *number* and *run* are the run's number and id.
        """
        statement = (
            "SELECT policy, id, seen, gone FROM book_known"
            " WHERE agency = ? AND insurer = ? AND policy > ? ORDER BY policy LIMIT ?"
        )
        asked = bulk.placed(self._connection, statement)
        rows = (await self._connection.exec_driver_sql(asked, (agency, insurer, after, limit))).all()
        missed = [row.id for row in rows if row.seen != number and not row.gone]
        if missed:
            await self._take_out(agency, missed, at)
            gone = [Changed(entry=id_, kind=ChangeKind.VANISHED) for id_ in missed]
            await self.changed(agency, gone, run=run, at=at)
        return len(missed), bytes(rows[-1].policy) if len(rows) == limit else None

    async def _enter(self, agency: str, insurer: InsurerCode, rows: Sequence[BookRow], sheet: Sheet, run: int) -> None:
        if not rows:
            return
        ids = await bulk.fresh_ids(self._connection, tables.book_known, len(rows))
        numbered = list(zip(ids, rows, strict=True))
        known = [(id_, agency, insurer, row.policy, row.digest, run, False) for id_, row in numbered]
        await bulk.insert(self._connection, tables.book_known, KNOWN, known)
        entered = [(id_, agency, insurer, row.policy, run, 1, *sheet.told(row)) for id_, row in numbered]
        await bulk.insert(self._connection, tables.book_entries, ENTERED, entered)

    async def _rewrite(self, rows: Sequence[BookRow], sheet: Sheet, totals: Totals, moved: int, run: int) -> None:
        await self._uncount([row.id for row in rows if row.id is not None], totals)
        await bulk.each(self._connection, MEET, [(row.digest, run, False, row.id) for row in rows])
        await bulk.each(self._connection, PART, [(moved, row.id, row.branch or ANY_BRANCH) for row in rows])
        await bulk.each(self._connection, REWRITE, [(*sheet.told(row), None, row.id) for row in rows])

    async def _take_out(self, agency: str, ids: Sequence[int], at: datetime) -> None:
        moved = await self._move(agency)
        totals = Totals(agency)
        await self._uncount(ids, totals)
        await bulk.changed(self._connection, "UPDATE book_known SET gone = ? WHERE id among", (True,), ids)
        row = tables.book_entries.c
        gone = tables.book_entries.update().values(gone_at=at, moved=moved, version=row.version + 1)
        for start in range(0, len(ids), bulk.KEYS_AT_ONCE):
            page = ids[start : start + bulk.KEYS_AT_ONCE]
            await self._connection.execute(gone.where(row.id.in_(page)))
        await self._count(totals)
