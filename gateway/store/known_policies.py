"""Whose policies are whose, as their linked accounts proved, and which accounts are still to be read for that."""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Set
from datetime import datetime, timedelta
from typing import Any

from msgspec import Struct
from sqlalchemy import ColumnElement, Select, bindparam, delete, func, select, tuple_, update

from gateway.events import WORK, of_proofs
from gateway.store import agency_tables
from gateway.store.book import Book
from gateway.store.mandates import furthest_first, standing
from gateway.store.transaction import INSERTS, Transaction
from gateway.vault import Keyring
from insurers.identity import InsurerCode, PolicyNumber, PolicyRef

_row = agency_tables.known_policies.c
# Whatever reads an account asks for these.
_EVERYWHERE = select(_row.insurer, _row.policy, _row.opens_at).where(_row.customer == bindparam("customer"))
_THERE = select(_row.policy, _row.opens_at).where(
    _row.customer == bindparam("customer"), _row.insurer == bindparam("insurer")
)

# The fingerprints of policies that an account proved, each with when its renewal opens, as the insurer said last.
Proved = Mapping[str, datetime | None]

# Whose policies are, within one transaction, that an account has no more.
_NOBODY = ""


def fingerprint(keyring: Keyring, ref: PolicyRef) -> str:
    """By what a policy is found without its number: here, in the renewals and in the book."""
    return keyring.fingerprint(f"policy:{ref.insurer}:{ref.number}")


class Unread(Struct, frozen=True):
    """An account that is to be read, when that is tried next, and how often it was taken on."""

    customer: str
    insurer: InsurerCode
    due_at: datetime
    attempts: int


class KnownPolicies:
    table = agency_tables.known_policies
    unread = agency_tables.unread_accounts

    def __init__(self, transaction: Transaction, book: Book) -> None:
        self._transaction = transaction
        self._book = book

    async def note(
        self,
        customer: str,
        insurer: InsurerCode,
        numbers: Collection[PolicyNumber],
        *,
        at: datetime,
        gone: Set[str] = frozenset(),
    ) -> None:
        """
        Write down that these are the customer's; the books see what agencies can do with those that are new.

        Those with the fingerprints that are *gone* are the customer's no more.
        """
        known = await self.policies(customer, insurer)
        told = {self.fingerprint(PolicyRef(insurer, number)) for number in numbers}
        fresh = told - known
        if fresh:
            rows = [{"customer": customer, "insurer": insurer, "policy": policy} for policy in sorted(fresh)]
            added = INSERTS[self._transaction.connection.dialect.name](self.table).on_conflict_do_nothing()
            await self._transaction.connection.execute(added, rows)
            await self._book.restand(customer, at, insurer=insurer)
            self._transaction.topics.add(of_proofs(customer))
        if known & gone:
            await self._lose(customer, insurer, known & gone, at)

    async def forget(self, customer: str, insurer: InsurerCode, *, at: datetime) -> None:
        """Forget whatever this account proved; the books see that it proves nothing any more."""
        # A book is taken before the account's row, as wherever both are written.
        await self._lose(customer, insurer, await self.policies(customer, insurer), at)
        await self.forget_unread(customer, insurer)

    async def policies(self, customer: str, insurer: InsurerCode) -> set[str]:
        """Answer the fingerprints of the customer's at this insurer."""
        return set(await self.proved(customer, insurer))

    async def proved(self, customer: str, insurer: InsurerCode) -> Proved:
        """Answer what the customer's account at this insurer proved."""
        asked = {"customer": customer, "insurer": insurer}
        rows = (await self._transaction.connection.execute(_THERE, asked)).all()
        return {row.policy: row.opens_at for row in rows}

    async def everywhere(self, customer: str) -> Mapping[InsurerCode, Proved]:
        """Answer what the customer's accounts proved at all insurers."""
        found: defaultdict[InsurerCode, dict[str, datetime | None]] = defaultdict(dict)
        rows = await self._transaction.connection.execute(_EVERYWHERE, {"customer": customer})
        for insurer, policy, opens_at in rows.all():
            found[InsurerCode(insurer)][policy] = opens_at
        return dict(found)

    async def hear(self, insurer: InsurerCode, opens: Proved, *, at: datetime) -> None:
        """
        Write down when the renewals of these policies open, or that they have: the books see it.

        It is a fact about a policy, whoever's account told it.
        """
        row = self.table.c
        owners: set[str] = set()
        for policy, opens_at in sorted(opens.items()):
            said = update(self.table).where(row.insurer == insurer, row.policy == policy).values(opens_at=opens_at)
            owners.update(await self._transaction.connection.scalars(said.returning(row.customer)))
        if owners:
            await self._book.hear(insurer, sorted(opens), sorted(owners), at)
            self._transaction.topics.update({WORK, *map(of_proofs, owners)})

    async def customers(self, refs: Collection[PolicyRef]) -> Mapping[PolicyRef, list[str]]:
        """Answer whose these are, as far as that is known: a policy may stand in the accounts of several."""
        row = self.table.c
        by_print = {(ref.insurer, self.fingerprint(ref)): ref for ref in refs}
        asked = select(row.insurer, row.policy, row.customer).where(tuple_(row.insurer, row.policy).in_(list(by_print)))
        return await self._by_ref(asked.order_by(row.customer), by_print)

    async def let_see(self, agent: str, refs: Collection[PolicyRef], at: datetime) -> Mapping[PolicyRef, list[str]]:
        """
        Answer the same, and only those customers who let the agency of this active agent read at this moment.

        Of several it is first who lets the agency do most.
        """
        row, given, works = self.table.c, agency_tables.mandates.c, agency_tables.agents.c
        by_print = {(ref.insurer, self.fingerprint(ref)): ref for ref in refs}
        asked = (
            select(row.insurer, row.policy, row.customer)
            .join(agency_tables.mandates, given.customer == row.customer)
            .join(agency_tables.agents, works.agency == given.agency)
            .where(tuple_(row.insurer, row.policy).in_(list(by_print)))
            .where(works.id == agent, works.active, given.reads, standing(at))
        )
        return await self._by_ref(asked.order_by(*furthest_first(), row.customer), by_print)

    async def to_be_read(self, customer: str, insurer: InsurerCode, *, at: datetime) -> None:
        """Have this account read when *at* has come, unless somebody reads it before."""
        values = {"customer": customer, "insurer": insurer, "due_at": at, "attempts": 0}
        inserted = INSERTS[self._transaction.connection.dialect.name](self.unread).values(values)
        again = {"due_at": at, "attempts": 0}
        await self._transaction.connection.execute(
            inserted.on_conflict_do_update(index_elements=[self.unread.c.customer, self.unread.c.insurer], set_=again)
        )
        self._transaction.topics.add(WORK)

    async def next_unread(self) -> datetime | None:
        first: datetime | None = await self._transaction.connection.scalar(select(func.min(self.unread.c.due_at)))
        return first

    async def claim_unread(self, now: datetime, *, again_after: Callable[[int], timedelta]) -> Unread | None:
        """
        Take on one account whose time has come.

        It is due again *again_after* so many times, unless it was read by then.
        """
        row = self.unread.c
        first = (
            select(row.customer, row.insurer, row.attempts)
            .where(row.due_at <= now)
            .order_by(row.due_at)
            .limit(1)
            .with_for_update(skip_locked=True)
        )
        found = (await self._transaction.connection.execute(first)).one_or_none()
        if found is None:
            return None
        attempts = found.attempts + 1
        due_at = now + again_after(attempts)
        taken = update(self.unread).where(*self._account(found.customer, found.insurer))
        await self._transaction.connection.execute(taken.values(due_at=due_at, attempts=attempts))
        return Unread(found.customer, InsurerCode(found.insurer), due_at, attempts)

    async def unread_of(self, customer: str) -> Mapping[InsurerCode, Unread]:
        """Answer which of the customer's accounts are to be read."""
        asked = select(self.unread).where(self.unread.c.customer == customer)
        rows = (await self._transaction.connection.execute(asked)).all()
        found = [Unread(customer, InsurerCode(row.insurer), row.due_at, row.attempts) for row in rows]
        return {one.insurer: one for one in found}

    async def was_read(self, one: Unread) -> None:
        """Have it read no more, unless somebody wished for it again meanwhile."""
        same = [self.unread.c.due_at == one.due_at, self.unread.c.attempts == one.attempts]
        account = self._account(one.customer, one.insurer)
        await self._transaction.connection.execute(delete(self.unread).where(*account, *same))

    async def forget_unread(self, customer: str, insurer: InsurerCode) -> None:
        await self._transaction.connection.execute(delete(self.unread).where(*self._account(customer, insurer)))

    async def _lose(self, customer: str, insurer: InsurerCode, policies: Collection[str], at: datetime) -> None:
        row = self.table.c
        self._transaction.topics.add(of_proofs(customer))
        theirs = [row.customer == customer, row.insurer == insurer, row.policy.in_(policies)]
        # Taken in the order in which `hear` writes them.
        taken = select(row.policy).where(*theirs).order_by(row.policy).with_for_update()
        await self._transaction.connection.execute(taken)
        # The books look through policies by whose they are, and what nobody has is out of their reach.
        await self._transaction.connection.execute(update(self.table).where(*theirs).values(customer=_NOBODY))
        await self._book.restand(_NOBODY, at, insurer=insurer)
        nobodys = delete(self.table).where(row.customer == _NOBODY, row.insurer == insurer)
        await self._transaction.connection.execute(nobodys)

    def fingerprint(self, ref: PolicyRef) -> str:
        return fingerprint(self._transaction.keyring, ref)

    def _account(self, customer: str, insurer: InsurerCode) -> list[ColumnElement[bool]]:
        return [self.unread.c.customer == customer, self.unread.c.insurer == insurer]

    # A Select is typed by its columns.
    async def _by_ref(
        self, asked: Select[Any], by_print: Mapping[tuple[InsurerCode, str], PolicyRef]
    ) -> Mapping[PolicyRef, list[str]]:
        found: defaultdict[PolicyRef, list[str]] = defaultdict(list)
        for insurer, policy, customer in await self._transaction.connection.execute(asked):
            found[by_print[insurer, policy]].append(customer)
        return found
