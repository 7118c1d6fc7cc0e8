"""The cars: each gets one contract for one time, whoever applies and at whichever insurer (P-1)."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import ColumnElement, and_, or_, select, update

from gateway.store import tables
from gateway.store.errors import CarTaken
from gateway.store.transaction import INSERTS, Transaction
from insurers import plate, term
from insurers.identity import InsurerCode
from insurers.renewal import Renewal, RenewalState
from insurers.term import TOLERATED_OVERLAP

S = RenewalState

# From here on an application may reach the insurer, so nobody else's may for the same car.
APPLYING = frozenset({S.QUEUED, S.SUBMITTING})

# What was sent may have been taken: until somebody knows, the car is nobody else's.
PENDING = frozenset({S.UNCONFIRMED})


class Cars:
    """
    One row for each car. A car whose plate no source tells has none, and cannot be guarded.

    A row says until when an accepted application covers the car, and which application is under
    way. It is changed by one statement, so of two at the same moment one finds the other. A term
    that begins before the known cover ends counts as doubled, also where it would end before that began.
    """

    table = tables.cars

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def follow(self, renewal: Renewal) -> None:
        """
        Hold, cover or let go of the renewal's car, as its state has it.

        Raises:
            CarTaken: another application has it for the same time.
        """
        if (car := self._car(renewal)) is None or renewal.state in PENDING:
            return
        if renewal.state in APPLYING:
            await self._hold(car, renewal)
        elif renewal.next_term_exists:
            await self._cover(car, renewal)
        else:
            await self._let_go(renewal)

    async def _hold(self, car: str, renewal: Renewal) -> None:
        row = self.table.c
        wanted = term.following(renewal.maturity)
        mine = {"held_by": renewal.id, "held_until": wanted.ends_at}
        begins = wanted.starts_at + TOLERATED_OVERLAP
        free = or_(row.held_by.is_(None), row.held_by == renewal.id, row.held_until <= begins)
        uncovered = or_(row.covered_by.is_(None), row.covered_by == renewal.id, row.covered_until <= begins)
        if not await self._written(car, mine, when=and_(free, uncovered)):
            raise CarTaken(await self._taken_at(car, renewal, begins))

    async def _cover(self, car: str, renewal: Renewal) -> None:
        """The insurer has accepted: that is a fact, whatever else is known of the car."""
        row = self.table.c
        until = term.following(renewal.maturity).ends_at
        mine = {"covered_by": renewal.id, "covered_until": until}
        longest = or_(row.covered_until.is_(None), row.covered_until <= until)
        await self._written(car, mine, when=longest)
        await self._let_go(renewal)

    async def _let_go(self, renewal: Renewal) -> None:
        freed = update(self.table).where(self.table.c.held_by == renewal.id).values(held_by=None, held_until=None)
        await self._transaction.connection.execute(freed)

    async def _written(self, car: str, values: Mapping[str, object], *, when: ColumnElement[bool]) -> bool:
        """Write to a new car, or to a known one where *when* holds, in one statement; answer whether it was."""
        added = INSERTS[self._transaction.connection.dialect.name](self.table).values(car=car, **values)
        kept = added.on_conflict_do_update(index_elements=[self.table.c.car], set_=dict(values), where=when)
        return (await self._transaction.connection.execute(kept.returning(self.table.c.car))).first() is not None

    async def _taken_at(self, car: str, renewal: Renewal, begins: datetime) -> InsurerCode | None:
        """At which insurer, where the same customer applied there: nobody else's affair is told."""
        row, other = self.table.c, tables.renewals.c
        taker = or_(
            and_(other.id == row.held_by, row.held_until > begins),
            and_(other.id == row.covered_by, row.covered_until > begins),
        )
        asked = select(other.insurer).join(self.table, taker).where(row.car == car, other.id != renewal.id)
        found = (await self._transaction.connection.execute(asked.where(other.customer == renewal.customer))).first()
        return InsurerCode(found.insurer) if found else None

    def _car(self, renewal: Renewal) -> str | None:
        known = plate.canonical(renewal.plate)
        return self._transaction.keyring.fingerprint(f"car:{known}") if known else None
