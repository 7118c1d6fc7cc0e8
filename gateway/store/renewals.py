"""The renewals. Of each term of a policy at most one is alive, whoever began it."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping, Select, and_, bindparam, or_, select, update

from gateway.events import WORK
from gateway.store import tables
from gateway.store.book_deeds import BookDeeds
from gateway.store.cars import Cars
from gateway.store.errors import AlreadyLiving
from gateway.store.journeys import Journeys
from gateway.store.known_policies import KnownPolicies
from gateway.store.leases import Lease
from gateway.store.openings import Openings
from gateway.store.transaction import Transaction, about, opening
from insurers.identity import InsurerCode, PolicyRef
from insurers.renewal import FINAL, Renewal, RenewalState

_row = tables.renewals.c
# Each page of a customer's asks for these.
_OLDEST_FIRST = (
    select(*opening(tables.renewals))
    .where(_row.customer == bindparam("customer"), _row.policy.in_(bindparam("policies", expanding=True)))
    .order_by(_row.created_at, _row.id)
)


class Renewals(Journeys[Renewal]):
    table = tables.renewals
    topic = "renewal"
    kind = Renewal

    turns = (tables.sent, tables.unsent)
    order = ("due_at", "maturity")
    # How often it was tried to send it tells nothing of how often the insurer was asked what became of it.
    afresh = frozenset({RenewalState.UNCONFIRMED})

    def __init__(self, transaction: Transaction, known: KnownPolicies, openings: Openings) -> None:
        super().__init__(transaction)
        self._known = known
        self._openings = openings
        self._cars = Cars(transaction)
        self._books = BookDeeds(transaction)

    def columns(self, journey: Renewal) -> Mapping[str, object]:
        return {
            "insurer": journey.ref.insurer,
            "policy": self._policy(journey.ref),
            "maturity": journey.maturity,
            "alarmed_at": journey.alarmed_at,
        }

    def _open(self, row: RowMapping) -> Renewal:
        # Each page, and each step of a wizard, shows one that is as it was.
        return self._transaction.reopened(row["body"], about(self.table, row), self.kind)

    # A Select is typed by its columns.
    async def _found(self, query: Select[Any], values: Mapping[str, object] | None = None) -> list[Renewal]:
        # What was opened stands beside the draft, and is read with it wherever that is.
        return await self._openings.shown(await super()._found(query, values))

    async def add(self, renewal: Renewal, *, due_at: datetime | None) -> None:
        """
        Write down a new renewal; *due_at* is when the worker should look at it, if ever.

        Raises:
            AlreadyLiving: the term is being renewed, or was. The block may go on.
            CarTaken: it is to be sent at once, and another application has the car. The block may go on.
        """
        async with self._transaction.connection.begin_nested():
            if not await self._transaction.add(self.table, self._begun(renewal, due_at)):
                raise AlreadyLiving
            await self._cars.follow(renewal)
            await self._books.follow(renewal)
        self._news(renewal)

    async def save(
        self,
        journey: Renewal,
        *,
        was: int,
        due_at: datetime | None,
        lease: Lease | None = None,
        held: Lease | None = None,
    ) -> None:
        """
        Replace the renewal that was read at version *was*, and with it what it has of its car.

        Raises:
            LeaseLost, Conflict: as for every journey.
            CarTaken: another application has the car for the same time. The block may go on.
        """
        # What follows in the block must find either both written or neither.
        async with self._transaction.connection.begin_nested():
            await super().save(journey, was=was, due_at=due_at, lease=lease, held=held)
            await self._cars.follow(journey)
            await self._books.follow(journey)
            if journey.state is RenewalState.ACCEPTED:
                # The next term has a number of its own, and whose it is only the account tells.
                await self._known.to_be_read(journey.customer, journey.ref.insurer, at=journey.updated_at)

    async def of(self, customer: str) -> list[Renewal]:
        """Answer all of the customer's, newest first."""
        row = self.table.c
        return await self._found(self.rows.where(row.customer == customer).order_by(row.created_at.desc(), row.id))

    async def among(self, ids: Collection[str]) -> list[Renewal]:
        """Answer those of these that there are."""
        return await self._found(self.rows.where(self.table.c.id.in_(ids)))

    async def living(self, ref: PolicyRef, maturity: datetime) -> Renewal | None:
        """Answer whosever renewal of this term that was not withdrawn and did not lapse; an accepted one lives."""
        row = self.table.c
        found = await self._found(
            self.rows.where(
                row.insurer == ref.insurer,
                row.policy == self._policy(ref),
                row.maturity == maturity,
                tables.living,
            )
        )
        return found[0] if found else None

    async def latest(self, customer: str, refs: Collection[PolicyRef]) -> Mapping[PolicyRef, Renewal]:
        """Answer, for each policy that has one, the customer's renewal that is still open, or else the newest."""
        found = await self._found(_OLDEST_FIRST, {"customer": customer, "policies": [*map(self._policy, refs)]})
        # The last one of a policy stands, and open ones come last.
        return {renewal.ref: renewal for renewal in sorted(found, key=lambda renewal: renewal.state not in FINAL)}

    async def hasten(self, customer: str, insurer: InsurerCode, *, at: datetime) -> None:
        """
        Have the customer's applications looked at again at this insurer: what they waited for may be there.

        One that only just went out keeps its time. Until then the insurer may not yet show what it has taken.
        """
        row = self.table.c
        waiting = [row.customer == customer, row.insurer == insurer, row.lease_token.is_(None)]
        looked_for = and_(row.state == RenewalState.UNCONFIRMED, row.attempts > 0)
        states = or_(row.state == RenewalState.QUEUED, looked_for)
        sooner = update(self.table).where(*waiting, states, row.due_at > at).values(due_at=at)
        await self._transaction.connection.execute(sooner)
        self._transaction.topics.add(WORK)

    def _policy(self, ref: PolicyRef) -> str:
        return self._transaction.keyring.fingerprint(f"policy:{ref.insurer}:{ref.number}")
