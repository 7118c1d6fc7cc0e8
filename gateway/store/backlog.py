"""What is being worked on and what waits, counted from the columns alone: nothing sealed is opened."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from msgspec import Struct
from sqlalchemy import Table, and_, func, or_, select

from gateway.store import tables
from gateway.store.transaction import Transaction
from insurers.renewal import RenewalState

KINDS = {"renewal": tables.renewals, "registration": tables.registrations, "inquiry": tables.inquiries}


# While it is in one of these, what people were called to is not settled.
WAITING = frozenset({RenewalState.QUEUED, RenewalState.SUBMITTING, RenewalState.UNCONFIRMED})

# These end the waiting, and not well. They are shown for as long as it may take until somebody has looked.
BROKEN = frozenset({RenewalState.REFERRED, RenewalState.LAPSED})
SHOWN_FOR = timedelta(days=1)


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


class Alarmed(Struct, frozen=True, kw_only=True):
    """How many renewals of one insurer, in one state, people were called to and should look at."""

    insurer: str
    state: str
    count: int


class Backlog:
    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def piles(self, now: datetime) -> Sequence[Pile]:
        """One query for each kind, over what an index holds: what has ended is not looked at, however much it is."""
        return [pile for kind, table in KINDS.items() for pile in await self._piles(kind, table, now)]

    async def alarmed(self, now: datetime) -> Sequence[Alarmed]:
        """
        Count what waits after an alarm, and the promises that were broken within the last day.

        Whoever raised an alarm may have died before telling anybody; this is told by all who can ask the database.
        """
        row = tables.renewals.c
        broken = and_(row.state.in_(BROKEN), row.alarmed_at > now - SHOWN_FOR)
        counted = (
            select(row.insurer, row.state, func.count().label("count"))
            .where(row.alarmed_at.is_not(None), or_(row.state.in_(WAITING), broken))
            .group_by(row.insurer, row.state)
        )
        found = (await self._transaction.connection.execute(counted)).mappings()
        return [Alarmed(**line) for line in found]

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
