"""The accounts that customers have linked: at most one at each insurer."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Select, bindparam, delete, select, update

from gateway.events import of_customer
from gateway.store import tables
from gateway.store.book import Book
from gateway.store.errors import AlreadyLinked
from gateway.store.known_policies import KnownPolicies
from gateway.store.transaction import Transaction, opening
from insurers.account import Link, LinkState
from insurers.identity import InsurerCode

_row = tables.links.c
# Each page of a customer's asks for these.
_OF = select(*opening(tables.links)).where(_row.customer == bindparam("customer")).order_by(_row.insurer)
_AT = select(*opening(tables.links)).where(_row.customer == bindparam("customer"), _row.insurer == bindparam("insurer"))


class Links:
    """
    Every write makes news of `link:ID`, and tells the books how far agencies get with the customer's policies.

    An account that is open is to be read, so that it is known whose policies are in it, until it is deleted.
    """

    table = tables.links

    def __init__(self, transaction: Transaction, book: Book, known: KnownPolicies) -> None:
        self._transaction = transaction
        self._book = book
        self._known = known

    async def get(self, link_id: str, *, held: bool = False) -> Link | None:
        """Answer a link; where it is *held*, nobody else writes or forgets it before the transaction ends."""
        asked = select(self.table).where(self.table.c.id == link_id)
        return await self._one(_held(asked) if held else asked)

    async def of(self, customer: str) -> list[Link]:
        """Answer all of the customer's, in the order of the insurers' codes."""
        found = await self._transaction.connection.execute(_OF, {"customer": customer})
        return [self._transaction.open(self.table, columns, Link) for columns in found.mappings()]

    async def at(self, customer: str, insurer: InsurerCode, *, held: bool = False) -> Link | None:
        """Answer the customer's link to this insurer, *held* as of `get`."""
        return await self._one(_held(_AT) if held else _AT, {"customer": customer, "insurer": insurer})

    async def put(self, link: Link) -> None:
        """
        Write the link, over its earlier self where there is one.

        Raises:
            AlreadyLinked: the customer has another link to this insurer. The block may go on.
        """
        row = self.table.c
        columns = {"id": link.id, "customer": link.customer, "insurer": link.insurer}
        values = {
            **columns,
            "state": link.state,
            "updated_at": link.updated_at,
            "body": self._transaction.seal(self.table, columns, link),
        }
        before = await self._transaction.connection.scalar(select(row.state).where(row.id == link.id))
        same = [row.id == link.id, row.customer == link.customer, row.insurer == link.insurer]
        replaced = await self._transaction.connection.execute(update(self.table).where(*same).values(values))
        if not replaced.rowcount and not await self._transaction.add(self.table, values):
            raise AlreadyLinked
        self._transaction.topics.update({f"link:{link.id}", of_customer(link.customer)})
        if before != link.state:
            await self._book.restand(link.customer, link.updated_at, insurer=link.insurer)
            if link.state is LinkState.LINKED:
                # Nobody knows yet, or any more, whose policies are in it.
                await self._known.to_be_read(link.customer, link.insurer, at=link.updated_at)

    async def delete(self, link_id: str, *, at: datetime) -> None:
        """Forget the link and the access in it; nothing happens where there is none."""
        row = self.table.c
        forgotten = delete(self.table).where(row.id == link_id).returning(row.customer, row.insurer)
        gone = (await self._transaction.connection.execute(forgotten)).one_or_none()
        if gone is not None:
            self._transaction.topics.update({f"link:{link_id}", of_customer(gone.customer)})
            await self._known.forget(gone.customer, InsurerCode(gone.insurer), at=at)

    # A Select is typed by its columns, and a whole table has as many as it has.
    async def _one(self, query: Select[Any], values: Mapping[str, str] | None = None) -> Link | None:
        row = (await self._transaction.connection.execute(query, values)).mappings().one_or_none()
        return self._transaction.open(self.table, row, Link) if row else None


# A Select is typed by its columns.
def _held(asked: Select[Any]) -> Select[Any]:
    # Whoever only points to the row need not wait.
    return asked.with_for_update(key_share=True)
