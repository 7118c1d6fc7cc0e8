"""
Readings of agencies' feeds: each is a row and a job with a lease, at most one living for an agency and an insurer.

One page is one transaction: `held` first, so that whoever lost the lease writes nothing, then the book's rows, then
`save` with the cursor behind the page.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import uuid4

import msgspec
from msgspec.structs import replace
from sqlalchemy import RowMapping, Select, and_, case, func, or_, select, true, update

from gateway.events import WORK, of_insurer
from gateway.store import book_tables
from gateway.store.agency_events import AgencyEvents
from gateway.store.errors import Conflict, LeaseLost
from gateway.store.journeys import job
from gateway.store.leases import Lease
from gateway.store.transaction import INSERTS, Transaction, about
from insurers.book import FeedRun, RunState
from insurers.feed import FeedSource, Flaw
from insurers.identity import InsurerCode
from insurers.person import Private
from insurers.telling import EventKind


class Running(Private, frozen=True, kw_only=True):
    """A reading that was taken on. What it sees is marked with its `number`, which no other of this feed has."""

    run: FeedRun
    number: int
    lease: Lease


class Feeds:
    """Every write is news of `book:AGENCY`, and one that leaves something to do wakes whoever works."""

    table = book_tables.feed_runs
    flawed = book_tables.feed_flaws

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction
        self._told = AgencyEvents(transaction)

    async def begin(self, agency: str, insurer: InsurerCode, source: FeedSource, *, at: datetime) -> FeedRun | None:
        """Begin a reading that is due at once; None where one is under way."""
        row = self.table.c
        before = select(func.max(row.number)).where(row.agency == agency, row.insurer == insurer)
        number = (await self._transaction.connection.execute(before)).scalar_one() or 0
        run = FeedRun(
            id=uuid4().hex,
            agency=agency,
            insurer=insurer,
            source=source,
            state=RunState.RUNNING,
            begun_at=at,
            due_at=at,
        )
        if not await self._transaction.add(self.table, self._row(run) | job(at, None) | {"number": number + 1}):
            return None
        self._news(run)
        return run

    async def next_at(self, *, insurer: InsurerCode) -> datetime | None:
        """Answer when a reading may be claimed there next: when it is due, or its lease is out."""
        row = self.table.c
        free = case((row.lease_until > row.due_at, row.lease_until), else_=row.due_at)
        asked = select(func.min(free)).where(book_tables.RUNNING, row.insurer == insurer)
        first: datetime | None = (await self._transaction.connection.execute(asked)).scalar_one()
        return first

    async def claim(
        self, now: datetime, *, lease_seconds: float, insurer: InsurerCode, run: str | None = None
    ) -> Running | None:
        """Take on the reading, or this *run*, that has been due for longest there and that nobody works on."""
        row = self.table.c
        lease = Lease.lasting(lease_seconds, now=now)
        wanted = and_(row.insurer == insurer, row.id == run if run is not None else true())
        free = or_(row.lease_until.is_(None), row.lease_until <= now)
        first = (
            select(row.id)
            .where(book_tables.RUNNING, wanted, row.due_at <= now, free)
            .order_by(row.due_at)
            .limit(1)
            .with_for_update(skip_locked=True)
            .cte("first")
        )
        taken = (
            update(self.table)
            .where(row.id.in_(select(first.c.id)))
            .values(lease_token=lease.token, lease_until=lease.until)
            .returning(self.table)
        )
        found = (await self._transaction.connection.execute(taken)).mappings().one_or_none()
        return Running(run=self.open(found), number=found["number"], lease=lease) if found else None

    async def held(self, running: Running) -> None:
        """
        Make sure that nobody else writes for this reading until the block ends.

        Raises:
            LeaseLost: somebody took it over.
        """
        row = self.table.c
        mine = select(row.lease_token).where(row.id == running.run.id).with_for_update()
        if (await self._transaction.connection.execute(mine)).scalar_one_or_none() != running.lease.token:
            raise LeaseLost(None)

    async def save(self, run: FeedRun, *, held: Lease, lease: Lease | None) -> None:
        """
        Write down how far a reading is. Without *lease* it is free from now on, and due at `run.due_at`.

        Raises:
            LeaseLost: somebody took it over.
        """
        row = self.table.c
        moved = update(self.table).where(row.id == run.id, row.lease_token == held.token)
        values = self._row(run) | job(run.due_at, lease)
        if not (await self._transaction.connection.execute(moved.values(values))).rowcount:
            raise LeaseLost(None)
        self._transaction.topics.update({f"book:{run.agency}", of_insurer(run.insurer)})
        if lease is None:
            # Until then nobody else can do anything about it, and a feed has a thousand pages.
            self._transaction.topics.add(WORK)
        if run.ended_at is not None:
            await self._told.tell(
                run.agency, EventKind.FEED_READ, run.ended_at, ("MultiAgency", run.agency), _facts(run)
            )

    async def give_back(self, run: FeedRun, held: Lease) -> bool:
        """Let go of what was claimed, as if it had not been; answer False where the lease is another's by now."""
        row = self.table.c
        mine = update(self.table).where(row.id == run.id, row.lease_token == held.token)
        self._transaction.topics.add(WORK)
        freed = await self._transaction.connection.execute(mine.values(lease_token=None, lease_until=None))
        return bool(freed.rowcount)

    async def get(self, run_id: str) -> FeedRun | None:
        found = await self._found(select(self.table).where(self.table.c.id == run_id))
        return found[0] if found else None

    async def hasten(self, run_id: str, *, at: datetime) -> None:
        """
        Have a reading that waits for its time taken on at once.

        Raises:
            Conflict: it is over.
        """
        run = await self.get(run_id)
        if run is None or run.state is not RunState.RUNNING:
            raise Conflict(None)
        row = self.table.c
        sooner = replace(run, due_at=at)
        waiting = update(self.table).where(row.id == run_id, row.lease_token.is_(None), row.due_at > at)
        await self._transaction.connection.execute(waiting.values(self._row(sooner) | {"due_at": at}))
        self._news(run)

    async def latest(self, agency: str) -> Mapping[InsurerCode, tuple[FeedRun, FeedRun | None]]:
        """Answer, by insurer, the reading under way or the last one, and the last that was done."""
        row = self.table.c
        done = row.state == RunState.DONE
        newest = (
            select(row.insurer, func.max(row.number).label("last"), func.max(case((done, row.number))).label("done"))
            .where(row.agency == agency)
            .group_by(row.insurer)
            .subquery()
        )
        among = or_(row.number == newest.c.last, row.number == newest.c.done)
        asked = select(self.table, newest.c.last).join(newest, newest.c.insurer == row.insurer)
        rows = (await self._transaction.connection.execute(asked.where(row.agency == agency, among))).mappings().all()
        runs = [(found["number"] == found["last"], self.open(found)) for found in rows]
        finished = {run.insurer: run for _, run in runs if run.state is RunState.DONE}
        return {run.insurer: (run, finished.get(run.insurer)) for last, run in runs if last}

    async def flaw(self, run_id: str, flaws: Sequence[Flaw]) -> None:
        """Write down what could not be read. Of two flaws of one line the first one stands."""
        if not flaws:
            return
        rows = [{"run": run_id, "line": flaw.line} for flaw in flaws]
        sealed = [
            row | {"body": self._transaction.seal(self.flawed, row, flaw)}
            for row, flaw in zip(rows, flaws, strict=True)
        ]
        inserted = INSERTS[self._transaction.connection.dialect.name](self.flawed).on_conflict_do_nothing()
        await self._transaction.connection.execute(inserted, sealed)

    async def flaws(self, run_id: str, *, first: int, after: int) -> list[Flaw]:
        """Answer records that could not be read, behind line *after*."""
        row = self.flawed.c
        asked = select(self.flawed).where(row.run == run_id, row.line > after).order_by(row.line).limit(first)
        rows = (await self._transaction.connection.execute(asked)).mappings()
        return [self._transaction.open(self.flawed, found, Flaw) for found in rows]

    # A Select is typed by its columns, and a whole table has as many as it has.
    async def _found(self, query: Select[Any]) -> list[FeedRun]:
        return [self.open(row) for row in (await self._transaction.connection.execute(query)).mappings()]

    def open(self, row: RowMapping) -> FeedRun:
        return self._transaction.reopened(row["body"], about(self.table, row), FeedRun)

    def _row(self, run: FeedRun) -> dict[str, object]:
        columns = {"id": run.id, "agency": run.agency, "insurer": run.insurer, "state": run.state}
        return columns | {"body": self._transaction.seal(self.table, columns, msgspec.json.encode(run))}

    def _news(self, run: FeedRun) -> None:
        self._transaction.topics.update({f"book:{run.agency}", WORK})


def _facts(run: FeedRun) -> Mapping[str, str | int]:
    counts = {"added": run.added, "changed": run.changed, "vanished": run.vanished, "flawed": run.flawed}
    return {"insurer": run.insurer, "state": run.state, "read": run.read, **counts}
