"""Moving to a new key: every body that an older one sealed is sealed again."""

from collections import Counter

from sqlalchemy import ColumnElement, Integer, LargeBinary, RowMapping, Table, func, select, update

from gateway.store.tables import metadata
from gateway.store.transaction import Transaction


def _sealed() -> list[Table]:
    """Answer the tables that have a body; they stand in several modules, and all are known once the store is."""
    return [table for table in metadata.sorted_tables if "body" in table.c]


# Behind which row to go on in a table whose rows have numbers for ids; None in any that was gone through.
Bookmarks = dict[str, int | None]


async def reseal(transaction: Transaction, bookmarks: Bookmarks, *, limit: int) -> int:
    """
    Seal up to *limit* rows again, and answer how many.

    A table of a million is gone through once, and not anew for each page: *bookmarks* tell how far that has come. What
    somebody was writing is passed over. Once nothing is left but that, every table is looked through again.
    """
    done = 0
    for table in _sealed():
        if done == limit:
            break
        behind = bookmarks.get(table.name)
        if behind is None and table.name in bookmarks:
            continue
        rows = await _stale(transaction, table, limit - done, behind)
        if len(rows) < limit - done:
            bookmarks[table.name] = None
        elif _is_numbered(table):
            bookmarks[table.name] = rows[-1]["id"]
        for row in rows:
            body = transaction.seal(table, row, transaction.unseal(table, row))
            this = [column == row[column.name] for column in table.primary_key]
            await transaction.connection.execute(update(table).where(*this).values(body=body))
            done += 1
    if not done:
        bookmarks.clear()
    return done


async def probe(transaction: Transaction) -> None:
    """
    Open one row of each table that the primary key sealed, as its number says.

    Raises:
        Unsealable: another key of this number did; the note says which row.
    """
    primary = bytes((transaction.keyring.primary,))
    for table in _sealed():
        one = select(table).where(table.c.body.is_not(None), _sealed_by(table) == primary).limit(1)
        for row in (await transaction.connection.execute(one)).mappings():
            transaction.unseal(table, row)


async def census(transaction: Transaction) -> dict[int, int]:
    """Answer how many rows lie under each key, by its id."""
    found: Counter[int] = Counter()
    for table in _sealed():
        key = _sealed_by(table)
        counted = select(key, func.count()).where(table.c.body.is_not(None)).group_by(key)
        for key_id, rows in await transaction.connection.execute(counted):
            found[key_id[0]] += rows
    return dict(found)


async def _stale(transaction: Transaction, table: Table, limit: int, behind: int | None) -> list[RowMapping]:
    primary = bytes((transaction.keyring.primary,))
    stale = select(table).where(table.c.body.is_not(None), _sealed_by(table) != primary)
    if _is_numbered(table):
        stale = stale.order_by(table.c.id)
    if behind is not None:
        stale = stale.where(table.c.id > behind)
    # Whoever waits while holding a page of rows may be waited for by them in turn.
    taken = stale.limit(limit).with_for_update(skip_locked=True)
    return list((await transaction.connection.execute(taken)).mappings())


def _is_numbered(table: Table) -> bool:
    return [column.name for column in table.primary_key] == ["id"] and isinstance(table.c.id.type, Integer)


def _sealed_by(table: Table) -> ColumnElement[bytes]:
    # The second byte of a box is the id of its key.
    return func.substr(table.c.body, 2, 1, type_=LargeBinary)
