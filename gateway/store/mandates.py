"""What customers let agencies do. Of one customer and one agency at most one word stands."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, RowMapping, Select, and_, func, literal, or_, select, tuple_, update

from gateway.events import WORK, of_customer
from gateway.store import agency_tables, tables
from gateway.store.agency_events import AgencyEvents
from gateway.store.tables import Moment
from gateway.store.transaction import Transaction
from insurers.agency import ConsentScope, Mandate
from insurers.telling import EventKind

if TYPE_CHECKING:
    from gateway.store.book import Book

_COLUMNS: Mapping[ConsentScope, str] = {
    ConsentScope.READ_POLICIES: "reads",
    ConsentScope.PREPARE_RENEWAL: "prepares",
    ConsentScope.SUBMIT_RENEWAL: "submits",
}


def standing(at: datetime) -> ColumnElement[bool]:
    """Say that a row of `mandates` holds at this moment."""
    row = agency_tables.mandates.c
    return and_(row.ended_at.is_(None), row.revoked_at.is_(None), or_(row.expires_at.is_(None), row.expires_at > at))


def furthest_first() -> tuple[ColumnElement[Any], ...]:
    """Order rows of `mandates`: of several customers with one policy, who lets an agency do most comes first."""
    row = agency_tables.mandates.c
    return row.prepares.desc(), row.submits.desc(), row.granted_at


class Mandates:
    """
    Every write makes news of each flow of the customer, so that whoever watches one is looked at anew.

    It is also news of `book:AGENCY`, wakes whoever works, and tells the book how far the agency gets from now on.
    """

    table = agency_tables.mandates

    def __init__(self, transaction: Transaction, book: Book) -> None:
        self._transaction = transaction
        self._book = book
        self._told = AgencyEvents(transaction)

    async def get(self, mandate_id: str) -> Mandate | None:
        found = await self._found(select(self.table).where(self.table.c.id == mandate_id))
        return found[0] if found else None

    async def page(
        self, *, customer: str | None = None, agency: str | None = None, first: int, after: str | None
    ) -> list[Mandate]:
        """
        Answer *first* of those that a customer ever gave, or an agency ever held, or both; the newest first.

        They begin behind the one with the id *after*, or at the beginning where there is no such one.
        """
        row = self.table.c
        of = [column == one for column, one in ((row.customer, customer), (row.agency, agency)) if one is not None]
        asked = select(self.table).where(*of).order_by(row.granted_at.desc(), row.id.desc()).limit(first)
        passed = await self._found(select(self.table).where(*of, row.id == after)) if after is not None else []
        for one in passed:
            asked = asked.where(tuple_(row.granted_at, row.id) < tuple_(literal(one.granted_at, Moment), one.id))
        return await self._found(asked)

    async def standing(self, agency: str, customers: Collection[str], at: datetime) -> Mapping[str, Mandate]:
        """Answer what holds at this moment between an agency and these customers, by customer."""
        row = self.table.c
        found = await self._found(
            select(self.table).where(row.agency == agency, row.customer.in_(set(customers)), standing(at))
        )
        return {mandate.customer: mandate for mandate in found}

    async def scopes(self, agent: str, customer: str, at: datetime, *, held: bool = False) -> frozenset[ConsentScope]:
        """
        Answer what whoever has this id may do for a customer at this moment: nothing, unless an active agent's.

        Where it is *held*, nobody takes it back before the transaction ends.
        """
        row, works = self.table.c, agency_tables.agents.c
        asked = (
            select(self.table)
            .join(agency_tables.agents, works.agency == row.agency)
            .where(works.id == agent, works.active, row.customer == customer, standing(at))
        )
        found = await self._found(asked.with_for_update(read=True, of=self.table) if held else asked)
        return found[0].scopes if found else frozenset()

    async def add(self, mandate: Mandate) -> bool:
        """Write it down, and answer whether it was: not while another word of this customer to the agency stands."""
        values = {
            "id": mandate.id,
            "customer": mandate.customer,
            "agency": mandate.agency,
            **{column: scope in mandate.scopes for scope, column in _COLUMNS.items()},
            "granted_at": mandate.granted_at,
            "expires_at": mandate.expires_at,
        }
        if not await self._transaction.add(self.table, values):
            return False
        await self._news(mandate, mandate.granted_at, EventKind.CONSENT_GRANTED)
        return True

    async def revoke(self, mandate_id: str, at: datetime) -> Mandate | None:
        """End it, and answer it as it is then; None where it was over already, or never was."""
        row = self.table.c
        now_over = (
            update(self.table)
            .where(row.id == mandate_id, standing(at))
            .values(revoked_at=at, ended_at=at)
            .returning(self.table)
        )
        found = (await self._transaction.connection.execute(now_over)).mappings().one_or_none()
        return await self._over(found, at)

    async def replace(self, customer: str, agency: str, at: datetime) -> Mandate | None:
        """Make way for another word of this customer to the agency; answer the one that stood until now."""
        row = self.table.c
        theirs = [row.customer == customer, row.agency == agency, row.ended_at.is_(None)]
        stood = update(self.table).where(*theirs, standing(at)).values(revoked_at=at, ended_at=at)
        found = (await self._transaction.connection.execute(stood.returning(self.table))).mappings().one_or_none()
        # One that ran out was not taken back.
        await self._transaction.connection.execute(update(self.table).where(*theirs).values(ended_at=at))
        return await self._over(found, at)

    async def expire(self, at: datetime) -> Mandate | None:
        """Act upon the end of one whose time is over, and answer it; None where there is none."""
        row = self.table.c
        first = (
            select(row.id)
            .where(row.ended_at.is_(None), row.expires_at <= at)
            .order_by(row.expires_at)
            .limit(1)
            .with_for_update(skip_locked=True)
            .scalar_subquery()
        )
        now_over = update(self.table).where(row.id == first).values(ended_at=at).returning(self.table)
        found = (await self._transaction.connection.execute(now_over)).mappings().one_or_none()
        return await self._over(found, at)

    async def next_end(self) -> datetime | None:
        """Answer when the first of those that stand runs out."""
        row = self.table.c
        first: datetime | None = await self._transaction.connection.scalar(
            select(func.min(row.expires_at)).where(row.ended_at.is_(None))
        )
        return first

    async def _over(self, row: RowMapping | None, at: datetime) -> Mandate | None:
        if row is None:
            return None
        mandate = _mandate(row)
        await self._news(mandate, at, EventKind.CONSENT_REVOKED)
        return mandate

    async def _news(self, mandate: Mandate, at: datetime, kind: EventKind) -> None:
        topics, customer = self._transaction.topics, mandate.customer
        topics.update({f"book:{mandate.agency}", of_customer(customer), WORK})
        await self._book.restand(customer, at)
        scopes = " ".join(sorted(scope.name for scope in mandate.scopes))
        await self._told.tell(mandate.agency, kind, at, ("Consent", mandate.id), {"scopes": scopes})
        for name, table in (("renewal", tables.renewals), ("comparison", tables.comparisons)):
            flows = await self._transaction.connection.scalars(select(table.c.id).where(table.c.customer == customer))
            topics.update(f"{name}:{flow}" for flow in flows)

    # A Select is typed by its columns, and a whole table has as many as it has.
    async def _found(self, query: Select[Any]) -> list[Mandate]:
        return [_mandate(row) for row in (await self._transaction.connection.execute(query)).mappings()]


def _mandate(row: RowMapping) -> Mandate:
    return Mandate(
        id=row["id"],
        agency=row["agency"],
        customer=row["customer"],
        scopes=frozenset(scope for scope, column in _COLUMNS.items() if row[column]),
        granted_at=row["granted_at"],
        expires_at=row["expires_at"],
        revoked_at=row["revoked_at"],
    )
