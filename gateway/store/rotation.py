"""Moving to a new key: every body that an older one sealed is sealed again."""

from collections import Counter

from sqlalchemy import ColumnElement, LargeBinary, RowMapping, Table, func, select, update

from gateway.store.tables import metadata
from gateway.store.transaction import Transaction


def _sealed() -> list[Table]:
    """Answer the tables that have a body; they stand in several modules, and all are known once the store is."""
    return [table for table in metadata.sorted_tables if "body" in table.c]


async def reseal(transaction: Transaction, *, limit: int) -> int:
    """Seal up to *limit* rows again, and answer how many."""
    done = 0
    for table in _sealed():
        for row in await _stale(transaction, table, limit - done):
            body = transaction.seal(table, row, transaction.unseal(table, row))
            this = [column == row[column.name] for column in table.primary_key]
            await transaction.connection.execute(update(table).where(*this).values(body=body))
            done += 1
    return done


async def census(transaction: Transaction) -> dict[int, int]:
    """Answer how many rows lie under each key, by its id."""
    found: Counter[int] = Counter()
    for table in _sealed():
        key = _sealed_by(table)
        counted = select(key, func.count()).where(table.c.body.is_not(None)).group_by(key)
        for key_id, rows in await transaction.connection.execute(counted):
            found[key_id[0]] += rows
    return dict(found)


async def _stale(transaction: Transaction, table: Table, limit: int) -> list[RowMapping]:
    primary = bytes((transaction.keyring.primary,))
    stale = select(table).where(table.c.body.is_not(None), _sealed_by(table) != primary)
    # Whoever waits while holding a page of rows may be waited for by them in turn.
    taken = stale.limit(limit).with_for_update(skip_locked=True)
    return list((await transaction.connection.execute(taken)).mappings())


def _sealed_by(table: Table) -> ColumnElement[bytes]:
    # The second byte of a box is the id of its key.
    return func.substr(table.c.body, 2, 1, type_=LargeBinary)
