"""What our own renewals, and the consents and accounts of customers, say of policies in a book."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from itertools import islice
from typing import NamedTuple

from sqlalchemy import select

from gateway.store import tables
from gateway.store.agency_tables import known_policies, mandates
from gateway.store.book_rows import FINGERPRINT_BYTES, Circumstance
from gateway.store.book_sheet import minutes, whole
from gateway.store.bulk import among
from gateway.store.mandates import standing
from gateway.store.transaction import Transaction
from insurers.account import LinkState
from insurers.book import Reach
from insurers.identity import InsurerCode, PolicyNumber, PolicyRef
from insurers.renewal import RenewalState

# How many policies are asked about in one statement.
AT_ONCE = 1_000

# Of several customers with one policy, the one through whom the agency gets furthest.
_FURTHEST = (Reach.NONE, Reach.PASSCODE, Reach.OPEN)


class Way(NamedTuple):
    """How far an agency gets with a policy, and when the renewal opens there, where that is known and to come."""

    reach: Reach = Reach.NONE
    opens_at: datetime | None = None

    def or_(self, other: Way) -> Way:
        opens_at = max((at for at in (self.opens_at, other.opens_at) if at is not None), default=None)
        return Way(max(self.reach, other.reach, key=_FURTHEST.index), opens_at)


NO_WAY = Way()


class Standings:
    """Policies go by their full fingerprints here, in hex, as renewals and known policies keep them."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def fingerprint(self, ref: PolicyRef) -> str:
        return self._transaction.keyring.fingerprint(f"policy:{ref.insurer}:{ref.number}")

    async def circumstances(
        self, agency: str, insurer: InsurerCode, maturities: Mapping[PolicyNumber, datetime], at: datetime
    ) -> dict[PolicyNumber, Circumstance]:
        """Answer about those policies only of which there is something to say; each with the maturity in question."""
        if not await self._is_let(agency, at):
            return {}
        by_print = {self.fingerprint(PolicyRef(insurer, number)): number for number in maturities}
        ways = await self.ways(agency, insurer, by_print, at)
        terms = {policy: minutes(maturities[number]) for policy, number in by_print.items()}
        states = await self.states(agency, insurer, terms, at)
        return {
            by_print[policy]: Circumstance(
                maturity=maturities[by_print[policy]],
                state=states.get(policy),
                reach=ways.get(policy, NO_WAY).reach,
                opens_at=ways.get(policy, NO_WAY).opens_at,
            )
            for policy in ways.keys() | states.keys()
        }

    async def ways(self, agency: str, insurer: InsurerCode, policies: Collection[str], at: datetime) -> dict[str, Way]:
        """Answer how far the agency gets with each of these policies, where it gets anywhere."""
        given, row, link = mandates.c, known_policies.c, tables.links.c
        asked = (
            select(row.policy, row.opens_at, link.state)
            .join(mandates, given.customer == row.customer)
            .join(tables.links, (link.customer == row.customer) & (link.insurer == row.insurer))
            .where(given.agency == agency, given.prepares, standing(at), row.insurer == insurer)
        )
        found: defaultdict[str, Way] = defaultdict(Way)
        for page in _pages(policies):
            wanted = asked.where(among(self._transaction.connection, row.policy, page))
            for policy, opens_at, state in await self._transaction.connection.execute(wanted):
                reach = Reach.OPEN if state == LinkState.LINKED else Reach.PASSCODE
                to_come = whole(opens_at) if opens_at is not None and opens_at > at else None
                found[policy] = found[policy].or_(Way(reach, to_come))
        return dict(found)

    async def states(
        self, agency: str, insurer: InsurerCode, terms: Mapping[str, int], at: datetime
    ) -> dict[str, RenewalState]:
        """
        Answer the state of our renewal of each of these policies' terms, where its customer lets the agency see it.

        *terms* are their maturities, as the book keeps these.
        """
        row, connection = tables.renewals.c, self._transaction.connection
        asked = select(row.policy, row.maturity, row.state, row.customer).where(row.insurer == insurer)
        found = [
            (policy, state, customer)
            # Where a term that lapsed is renewed after all, that is what counts.
            for kept in (tables.lapsed, tables.living)
            for page in _pages(terms)
            for policy, maturity, state, customer in await connection.execute(
                asked.where(kept, among(connection, row.policy, page))
            )
            if minutes(maturity) == terms[policy]
        ]
        open_ = await self._let_read(agency, {customer for _, _, customer in found}, at) if found else frozenset()
        return {policy: RenewalState(state) for policy, state, customer in found if customer in open_}

    async def _is_let(self, agency: str, at: datetime) -> bool:
        """Tell whether any customer lets the agency do anything at all."""
        given = mandates.c
        asked = select(given.id).where(given.agency == agency, standing(at)).limit(1)
        return (await self._transaction.connection.execute(asked)).first() is not None

    async def _let_read(self, agency: str, customers: Collection[str], at: datetime) -> Collection[str]:
        given, connection = mandates.c, self._transaction.connection
        asked = select(given.customer).where(given.agency == agency, given.reads, standing(at))
        return {
            customer
            for page in _pages(customers)
            for customer in await connection.scalars(asked.where(among(connection, given.customer, page)))
        }


def shortened(policy: str) -> bytes:
    """Answer a policy's fingerprint as the book keeps it."""
    return bytes.fromhex(policy[: 2 * FINGERPRINT_BYTES])


def _pages(words: Collection[str]) -> Iterator[list[str]]:
    left = iter(words)
    while page := list(islice(left, AT_ONCE)):
        yield page
