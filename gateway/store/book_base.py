"""What writing and reading a book have in common."""

from collections import defaultdict
from collections.abc import Collection, Sequence

from sqlalchemy import RowMapping, select
from sqlalchemy.ext.asyncio import AsyncConnection

from gateway.store import book_tables as tables
from gateway.store import bulk
from gateway.store.book_rows import Circumstance, Stored
from gateway.store.book_sheet import Given, Totals, moment
from gateway.store.transaction import INSERTS, Transaction
from insurers.feed import FeedRecord
from insurers.identity import InsurerCode

_ADD = (
    "INSERT INTO book_totals (agency, branch, insurer, status, blocker, entries) VALUES (?, ?, ?, ?, ?, ?)"
    " ON CONFLICT (agency, branch, insurer, status, blocker)"
    " DO UPDATE SET entries = book_totals.entries + excluded.entries"
)


class BookBase:
    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    @property
    def _connection(self) -> AsyncConnection:
        return self._transaction.connection

    async def take(self, agency: str) -> None:
        """
        Have the agency's book alone until the commit. What is to be changed is read behind this, and not before.

        Rows of renewals, links, mandates and readings of feeds are locked before a book, and none behind it; of several
        books the first by the agencies' ids comes first.
        """
        table = tables.book_moves
        mine = select(table.c.moved).where(table.c.agency == agency).with_for_update()
        if (await self._connection.execute(mine)).first() is None:
            first = INSERTS[self._connection.dialect.name](table).values(agency=agency, moved=0)
            await self._connection.execute(first.on_conflict_do_nothing())
            await self._connection.execute(mine)

    async def _move(self, agency: str) -> int:
        """Have the agency's book alone until the commit, and answer the number of this change."""
        table = tables.book_moves
        first = INSERTS[self._connection.dialect.name](table).values(agency=agency, moved=1)
        next_ = first.on_conflict_do_update(index_elements=[table.c.agency], set_={"moved": table.c.moved + 1})
        self._transaction.topics.add(f"book:{agency}")
        moved: int = (await self._connection.execute(next_.returning(table.c.moved))).scalar_one()
        return moved

    async def _touch(self, agency: str, ids: Sequence[int]) -> None:
        """Make news of entries that are as they were, and of which there is something new beside them."""
        moved = await self._move(agency)
        await bulk.changed(self._connection, "UPDATE book_entries SET moved = ? WHERE id among", (moved,), ids)

    async def _given(self, agency: str, persons: Collection[bytes]) -> Given:
        """Answer to whom the agency gave these holders, where it did so itself."""
        table = tables.book_assignments
        any_ = select(table.c.agency).where(table.c.agency == agency).limit(1)
        if (await self._connection.execute(any_)).first() is None:
            return {}
        statement = "SELECT person, branch, agent FROM book_assignments WHERE agency = ? AND person among"
        rows = await bulk.found(self._connection, statement, (agency,), persons)
        return {(bytes(person), branch): agent for person, branch, agent in rows}

    async def _of_policies(self, insurer: InsurerCode, policies: Collection[bytes]) -> dict[str, list[int]]:
        """Answer the ids of these policies' entries by agency, in the order in which agencies are written."""
        statement = (
            "SELECT known.agency, known.id FROM book_moves CROSS JOIN book_known AS known"
            " WHERE known.agency = book_moves.agency AND known.insurer = ? AND known.policy among"
        )
        found: defaultdict[str, list[int]] = defaultdict(list)
        for agency, id_ in await bulk.found(self._connection, statement, (insurer,), policies):
            found[agency].append(id_)
        return dict(sorted(found.items()))

    async def _rows(self, ids: Collection[int], agency: str | None = None) -> Sequence[RowMapping]:
        row = tables.book_entries.c
        asked = select(tables.book_entries).where(row.id.in_(ids)).order_by(row.id)
        if agency is not None:
            asked = asked.where(row.agency == agency)
        return (await self._connection.execute(asked)).mappings().all()

    def _stored(self, row: RowMapping) -> Stored:
        about = Circumstance(
            maturity=moment(row["due"]),
            state=row["state"],
            mark=row["mark"],
            reach=row["reach"],
            opens_at=None if row["opens"] is None else moment(row["opens"]),
        )
        return Stored(
            id=row["id"],
            record=self._transaction.open(tables.book_entries, row, FeedRecord),
            circumstance=about,
            insurer=InsurerCode(row["insurer"]),
            person=bytes(row["person"]),
            branch=row["branch"],
            gone=row["gone_at"] is not None,
            version=row["version"],
        )

    async def _uncount(self, ids: Collection[int], totals: Totals) -> None:
        """Take entries out of the counts in which they stand."""
        statement = "SELECT branch, insurer, status, blocker FROM book_entries WHERE gone_at IS NULL AND id among"
        for branch, insurer, status, blocker in await bulk.found(self._connection, statement, (), ids):
            totals.less(branch, insurer, (tables.STATUSES.words[status], tables.BLOCKERS.words[blocker]))

    async def _count(self, totals: Totals) -> None:
        await bulk.each(self._connection, _ADD, list(totals))
