"""What is being worked on and what waits, counted from the columns alone: nothing sealed is opened."""

from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct
from sqlalchemy import Table, and_, func, or_, select

from gateway.store import tables
from gateway.store.transaction import Transaction

KINDS = {"renewal": tables.renewals, "registration": tables.registrations}


class Pile(Struct, frozen=True, kw_only=True):
    """
    The journeys of one kind, insurer and state that a worker will look at again some time.

    `late` are those whose time has come and that nobody works on, `late_since` the longest.
    `leased` are being worked on, and `since` says how long the first of all has been in this state.
    """

    kind: str
    insurer: str
    state: str
    waiting: int
    leased: int
    late: int
    late_since: datetime | None
    since: datetime | None


class Backlog:
    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def piles(self, now: datetime) -> Sequence[Pile]:
        """One query for each kind, over what an index holds: what has ended is not looked at, however much it is."""
        return [pile for kind, table in KINDS.items() for pile in await self._piles(kind, table, now)]

    async def _piles(self, kind: str, table: Table, now: datetime) -> Sequence[Pile]:
        row = table.c
        free = or_(row.lease_until.is_(None), row.lease_until <= now)
        late = and_(row.due_at <= now, free)
        counted = (
            select(
                row.insurer,
                row.state,
                func.count().label("waiting"),
                func.count().filter(row.lease_until > now).label("leased"),
                func.count().filter(late).label("late"),
                func.min(row.due_at).filter(late).label("late_since"),
                func.min(row.since).label("since"),
            )
            .where(row.due_at.is_not(None))
            .group_by(row.insurer, row.state)
        )
        found = (await self._transaction.connection.execute(counted)).mappings()
        return [Pile(kind=kind, **line) for line in found]
