"""What agencies want of customers. Of one agency, policy and kind at most one is open."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import RowMapping, Select, and_, or_, select, update

from gateway.store import agency_tables, deed_tables
from gateway.store.transaction import Transaction
from insurers.agency_request import AgencyRequest
from insurers.identity import PolicyRef


class AgencyRequests:
    """Every write makes news of `book:AGENCY`."""

    table = deed_tables.agency_requests

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def get(self, request_id: str) -> AgencyRequest | None:
        found = await self._found(select(self.table).where(self.table.c.id == request_id))
        return found[0] if found else None

    async def add(self, request: AgencyRequest) -> bool:
        """Write it down, and answer whether it was: not while one of its kind is open."""
        self._transaction.topics.add(f"book:{request.agency}")
        return await self._transaction.add(self.table, self._row(request))

    async def save(self, request: AgencyRequest) -> None:
        values = self._row(request)
        await self._transaction.connection.execute(
            update(self.table).where(self.table.c.id == request.id).values(values)
        )
        self._transaction.topics.add(f"book:{request.agency}")

    async def open_about(self, agency: str, refs: Collection[PolicyRef]) -> list[AgencyRequest]:
        """Answer what this agency wants about these policies."""
        row = self.table.c
        policies = {self._policy(ref) for ref in refs}
        asked = select(self.table).where(row.policy.in_(policies), row.agency == agency, row.closed_at.is_(None))
        return await self._found(asked.order_by(row.opened_at, row.id))

    async def open_to(self, customer: str) -> list[AgencyRequest]:
        """Answer what is wanted of this customer, also by whom nobody told who that is: their accounts prove it."""
        row, known = self.table.c, agency_tables.known_policies.c
        theirs = and_(known.insurer == row.insurer, known.policy == row.policy, known.customer == customer)
        proved = select(known.customer).where(theirs).exists()
        asked = select(self.table).where(
            row.closed_at.is_(None), or_(row.customer == customer, and_(row.customer.is_(None), proved))
        )
        return await self._found(asked.order_by(row.opened_at.desc(), row.id))

    def _policy(self, ref: PolicyRef) -> str:
        return self._transaction.keyring.fingerprint(f"policy:{ref.insurer}:{ref.number}")

    def _row(self, request: AgencyRequest) -> dict[str, object]:
        columns = {
            "id": request.id,
            "agency": request.agency,
            "insurer": request.insurer,
            "policy": self._policy(request.ref),
            "kind": request.kind,
            "entry": request.entry,
            "customer": request.customer,
            "opened_at": request.opened_at,
            "closed_at": request.closed_at,
        }
        return columns | {"body": self._transaction.seal(self.table, columns, request)}

    # A Select is typed by its columns, and a whole table has as many as it has.
    async def _found(self, query: Select[Any]) -> list[AgencyRequest]:
        return [self._open(row) for row in (await self._transaction.connection.execute(query)).mappings()]

    def _open(self, row: RowMapping) -> AgencyRequest:
        return self._transaction.open(self.table, row, AgencyRequest)
