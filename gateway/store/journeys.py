"""What registrations and renewals have in common: a row with a version, which is also a job with a lease."""

import logging
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar, Generic

from sqlalchemy import (
    ColumnElement,
    RowMapping,
    Select,
    Table,
    TextClause,
    bindparam,
    case,
    literal,
    or_,
    select,
    true,
    update,
)

from gateway.events import WORK, of_customer
from gateway.store.errors import Conflict, LeaseLost
from gateway.store.leases import Aggregate, Claimed, Lease
from gateway.store.transaction import Transaction, opening
from gateway.vault import Unsealable
from insurers.identity import InsurerCode

log = logging.getLogger(__name__)


class Journeys(Generic[Aggregate]):
    """Keeps journeys of one kind. Every write makes news of its topic, `renewal:ID`, and wakes whoever works."""

    table: ClassVar[Table]
    topic: ClassVar[str]
    kind: type[Aggregate]

    # Of what is due, all of an earlier turn is taken on before any of a later one.
    turns: ClassVar[Sequence[ColumnElement[bool] | TextClause]] = (true(),)
    # What is taken on first within a turn.
    order: ClassVar[Sequence[str]] = ("due_at",)
    # Whoever comes into one of these begins to be tried anew, also at a worker's hands.
    afresh: ClassVar[frozenset[str]] = frozenset()

    # What of a row is looked at beside its body.
    beside: ClassVar[Sequence[str]] = ()

    # Asks for rows, and for one by its id.
    rows: ClassVar[Select[Any]]
    one: ClassVar[Select[Any]]

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        cls.rows = select(*opening(cls.table, *cls.beside))
        cls.one = cls.rows.where(cls.table.c.id == bindparam("id"))

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def columns(self, journey: Aggregate) -> Mapping[str, object]:
        """Answer the columns that not every kind of journey fills alike."""
        raise NotImplementedError

    async def get(self, journey_id: str) -> Aggregate | None:
        found = await self._found(self.one, {"id": journey_id})
        return found[0] if found else None

    async def save(
        self,
        journey: Aggregate,
        *,
        was: int,
        due_at: datetime | None,
        lease: Lease | None = None,
        held: Lease | None = None,
    ) -> None:
        """
        Replace the journey that was read at version *was*.

        Args:
            due_at: When the worker should look at it next, if ever.

            lease: Whose it is from now on. Without one it is free, and whoever held it has lost it.

            held: The lease under which this is written. Without one it is a person's act, and
                the worker's attempts are counted anew.

        Raises:
            LeaseLost: somebody else took *held* over.
            Conflict: somebody else moved the journey.
        """
        row = self.table.c
        stays = row.state == journey.state
        # Whoever comes into another state begins to wait anew.
        since = case((stays, row.since), else_=literal(journey.updated_at, row.since.type))
        values = self._row(journey) | job(due_at, lease) | {"since": since}
        moved = update(self.table).where(row.id == journey.id, row.version == was)
        if held:
            attempts = case((stays, row.attempts), else_=0) if journey.state in self.afresh else row.attempts
            moved = moved.where(row.lease_token == held.token).values(values | {"attempts": attempts})
        else:
            moved = moved.values(values | {"attempts": 0})
        if not (await self._transaction.connection.execute(moved)).rowcount:
            raise await self._refusal(journey.id, held)
        self._news(journey)

    async def next_at(self, insurer: InsurerCode, *, until: datetime) -> datetime | None:
        """
        Answer when a row of this insurer may be claimed next; None when none may before *until*.

        What somebody works on may be claimed when the lease runs out.
        """
        row = self.table.c
        # The first of an order is found at once in an index, where the least of all would be sought among all.
        free = (
            select(row.due_at)
            .where(row.insurer == insurer, row.lease_until.is_(None), row.due_at <= until)
            .order_by(row.due_at)
            .limit(1)
        )
        first: datetime | None = (await self._transaction.connection.execute(free)).scalar_one_or_none()
        # Few are worked on at any moment, so these are looked through, whosever they are.
        leased = select(row.insurer, row.due_at, row.lease_until).where(row.lease_until <= until)
        found = (await self._transaction.connection.execute(leased)).all()
        moments = [max(due_at, out) for code, due_at, out in found if code == insurer and due_at is not None]
        if first is not None:
            moments.append(first)
        return min(moments, default=None)

    async def claim(
        self, now: datetime, *, lease_seconds: float, limit: int, insurer: InsurerCode | None = None
    ) -> Sequence[Claimed[Aggregate]]:
        """
        Take on what is due and nobody works on, turn by turn and in order; only that of *insurer*, where one is named.

        What another is just taking on is passed over and not waited for. A row whose lease ran out
        is like any other. One that cannot be opened is told in the log and passed over until its
        new lease is out: the others do not wait for it.
        """
        row = self.table.c
        lease = Lease.lasting(lease_seconds, now=now)
        due: list[ColumnElement[bool]] = [
            row.insurer == insurer if insurer else true(),
            row.due_at <= now,
            or_(row.lease_until.is_(None), row.lease_until <= now),
        ]
        rows: list[RowMapping] = []
        for turn in self.turns:
            if len(rows) < limit:
                rows += await self._leased([turn, *due], lease, limit=limit - len(rows))
        return list(self._claimed(rows, lease))

    async def _leased(
        self, due: Sequence[ColumnElement[bool] | TextClause], lease: Lease, *, limit: int
    ) -> Sequence[RowMapping]:
        row = self.table.c
        first = (
            select(row.id)
            .where(*due)
            .order_by(*(row[name] for name in self.order))
            .limit(limit)
            .with_for_update(skip_locked=True)
            .cte("first")
        )
        taken = (
            update(self.table)
            .where(row.id.in_(select(first.c.id)))
            .values(lease_token=lease.token, lease_until=lease.until, attempts=row.attempts + 1)
            .returning(self.table)
        )
        rows = (await self._transaction.connection.execute(taken)).mappings().all()
        return sorted(rows, key=lambda found: tuple(found[name] for name in self.order))

    async def give_back(self, journey_id: str, held: Lease) -> bool:
        """Let go of what was claimed, as if it had not been; answer False where the lease is another's by now."""
        row = self.table.c
        mine = update(self.table).where(row.id == journey_id, row.lease_token == held.token)
        freed = mine.values(lease_token=None, lease_until=None, attempts=row.attempts - 1)
        self._transaction.topics.add(WORK)
        return bool((await self._transaction.connection.execute(freed)).rowcount)

    def _claimed(self, rows: Sequence[RowMapping], lease: Lease) -> Iterator[Claimed[Aggregate]]:
        for row in rows:
            try:
                journey = self._open(row)
            except Unsealable:
                log.error("%s:%s cannot be opened", self.topic, row["id"])
                continue
            yield Claimed(aggregate=journey, lease=lease, attempts=row["attempts"])

    async def _refusal(self, journey_id: str, held: Lease | None) -> Conflict:
        row = self.table.c
        standing = select(row.version, row.lease_token).where(row.id == journey_id)
        found = (await self._transaction.connection.execute(standing)).one_or_none()
        if found is None:
            return Conflict(None)
        return LeaseLost(found.version) if held and found.lease_token != held.token else Conflict(found.version)

    # A Select is typed by its columns, and a table has as many as it has.
    async def _found(self, query: Select[Any], values: Mapping[str, object] | None = None) -> list[Aggregate]:
        return [self._open(row) for row in (await self._transaction.connection.execute(query, values)).mappings()]

    def _open(self, row: RowMapping) -> Aggregate:
        return self._transaction.open(self.table, row, self.kind)

    def _row(self, journey: Aggregate) -> dict[str, object]:
        columns = {
            "id": journey.id,
            "customer": journey.customer,
            "state": journey.state,
            "version": journey.version,
            "created_at": journey.created_at,
            **self.columns(journey),
        }
        return columns | {"body": self._transaction.seal(self.table, columns, journey)}

    def _begun(self, journey: Aggregate, due_at: datetime | None) -> dict[str, object]:
        return self._row(journey) | job(due_at, None) | {"attempts": 0, "since": journey.created_at}

    def _news(self, journey: Aggregate) -> None:
        # What an order changes at an insurer is to be read anew.
        self._transaction.topics.update({f"{self.topic}:{journey.id}", of_customer(journey.customer), WORK})


def job(due_at: datetime | None, lease: Lease | None) -> dict[str, object]:
    """The columns that say when a row is to be looked at next, and by whom only."""
    return {
        "due_at": due_at,
        "lease_token": lease.token if lease else None,
        "lease_until": lease.until if lease else None,
    }
