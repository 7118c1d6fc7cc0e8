"""How often somebody was wrong at an insurer, counted where no alias, batch or second connection gets round it."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, case, literal, null, or_, select, update

from gateway.store import tables
from gateway.store.tables import Moment
from gateway.store.transaction import Transaction
from insurers.identity import InsurerCode

# An insurer's own locks, of one secret each, come first; this one is over all that is asked there.
WRONG_AT_MOST = 10
LOCKED_FOR = timedelta(minutes=30)
# Whoever has tried nothing for so long begins anew.
REMEMBERED_FOR = timedelta(minutes=30)


class Attempts:
    """One row for each customer and insurer."""

    table = tables.attempts

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def take(self, customer: str, insurer: InsurerCode, now: datetime) -> datetime | None:
        """
        Count an attempt as a wrong one before it is made; None lets it be made.

        Otherwise nothing may be tried before the moment that is answered. One that turns out not to
        be wrong is `given_back`. The row is changed by one
        statement, so attempts made at the same moment are still counted one by one.
        """
        row = self.table.c
        fresh = {"customer": customer, "insurer": insurer, "wrong": 0, "last_at": now, "locked_until": None}
        await self._transaction.add(self.table, fresh)
        # A lock that has ended, and slips of long ago, leave nothing behind.
        over = or_(row.locked_until.is_not(None), row.last_at <= now - REMEMBERED_FOR)
        wrong = case((over, 0), else_=row.wrong) + 1
        locked_until = literal(now + LOCKED_FOR, Moment())
        taken = (
            update(self.table)
            .where(*self._this(customer, insurer), or_(row.locked_until.is_(None), row.locked_until <= now))
            .values(
                wrong=wrong,
                last_at=now,
                locked_until=case((wrong >= WRONG_AT_MOST, locked_until), else_=null()),
            )
        )
        if (await self._transaction.connection.execute(taken)).rowcount:
            return None
        standing = select(row.locked_until).where(*self._this(customer, insurer))
        # Where it was unlocked since that statement, the next try will find it so.
        return await self._transaction.connection.scalar(standing) or now

    async def given_back(self, customer: str, insurer: InsurerCode) -> None:
        """The attempt was not a wrong one: do not count it, and undo the lock that it may have been on the edge of."""
        row = self.table.c
        undone = update(self.table).where(*self._this(customer, insurer), row.wrong > 0)
        await self._transaction.connection.execute(undone.values(wrong=row.wrong - 1, locked_until=None))

    def _this(self, customer: str, insurer: InsurerCode) -> list[ColumnElement[bool]]:
        row = self.table.c
        return [row.customer == customer, row.insurer == insurer]
