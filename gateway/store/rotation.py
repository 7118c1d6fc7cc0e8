"""Moving to a new key: every body that an older one sealed is sealed again."""

from sqlalchemy import LargeBinary, RowMapping, Table, func, select, update

from gateway.store.tables import metadata
from gateway.store.transaction import Transaction


async def reseal(transaction: Transaction, *, limit: int) -> int:
    """Seal up to *limit* rows again, and answer how many."""
    done = 0
    for table in [table for table in metadata.sorted_tables if "body" in table.c]:
        for row in await _stale(transaction, table, limit - done):
            body = transaction.seal(table, row, transaction.unseal(table, row))
            this = [column == row[column.name] for column in table.primary_key]
            await transaction.connection.execute(update(table).where(*this).values(body=body))
            done += 1
    return done


async def _stale(transaction: Transaction, table: Table, limit: int) -> list[RowMapping]:
    # The second byte of a box is the id of its key.
    sealed_by = func.substr(table.c.body, 2, 1, type_=LargeBinary)
    primary = bytes((transaction.keyring.primary,))
    stale = select(table).where(table.c.body.is_not(None), sealed_by != primary)
    return list((await transaction.connection.execute(stale.limit(limit).with_for_update())).mappings())
