"""
For whom an agent may act, and how far: looked up at every use, and never remembered.

A customer passes as they are; whose things they may see, each desk knows. An agent passes as one who
acts for the customer whose thing it is, where that customer lets the agency; everything else is, for
an agent, not there.
"""

from collections.abc import Awaitable, Callable, Collection, Mapping
from typing import NamedTuple, TypeVar

import msgspec

from gateway.journeys import acting
from gateway.store import Store
from insurers.agency import ConsentScope
from insurers.identity import PolicyRef
from insurers.panel import Clock
from schema.ports import Asker, Done, Role
from schema.problems import NOT_FOUND

T = TypeVar("T")

EVERYTHING = frozenset(ConsentScope)


class Errand(NamedTuple):
    """Who acts, for which customer, and how far they may go."""

    asker: Asker
    scopes: frozenset[ConsentScope]


class Authority:
    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def in_flow(self, asker: Asker, flow: str) -> Errand | None:
        """Answer the errand in a renewal, a comparison or a part of one; None where there is none to be seen."""
        if asker.role is Role.CUSTOMER:
            return Errand(asker, EVERYTHING)
        async with self._store.reading() as work:
            owner = await work.owners.of(flow)
        return await self.for_customer(asker, owner) if owner else None

    async def for_customer(self, asker: Asker, customer: str) -> Errand | None:
        if asker.role is Role.CUSTOMER:
            return Errand(asker, EVERYTHING) if asker.customer == customer else None
        if not asker.is_alone and asker.customer != customer:
            return None
        scopes = await self.scopes(asker.actor, customer)
        return Errand(acting_for(asker, customer), scopes) if ConsentScope.READ_POLICIES in scopes else None

    async def about(self, asker: Asker, refs: Collection[PolicyRef]) -> Errand | None:
        """Answer the errand about policies that are all one customer's."""
        if not asker.is_alone:
            return await self.for_customer(asker, asker.customer)
        owners = await self.owners(asker, refs)
        everybodys = [customer for ref in refs for customer in owners.get(ref, ())]
        alike = [customer for customer in everybodys if all(customer in owners.get(ref, ()) for ref in refs)]
        return await self.for_customer(asker, alike[0]) if alike else None

    async def owners(self, asker: Asker, refs: Collection[PolicyRef]) -> Mapping[PolicyRef, list[str]]:
        """Answer whose these policies are, as far as their customers let the agency of this agent see them."""
        async with self._store.reading() as work:
            return await work.known.let_see(asker.actor, refs, self._clock())

    async def opener(self, customer: str | None, agent: str | None, ref: PolicyRef) -> str | None:
        """Answer with whose account a document of this policy is opened; None where it may not be, or no longer."""
        if agent is None:
            return customer
        if customer is None:
            async with self._store.reading() as work:
                owners = await work.known.let_see(agent, [ref], self._clock())
            return next(iter(owners.get(ref, ())), None)
        return customer if ConsentScope.READ_POLICIES in await self.scopes(agent, customer) else None

    async def scopes(self, agent: str, customer: str) -> frozenset[ConsentScope]:
        async with self._store.reading() as work:
            return await work.mandates.scopes(agent, customer, self._clock())

    async def done(
        self,
        errand: Errand | None,
        scope: ConsentScope,
        do: Callable[[Asker], Awaitable[Done[T]]],
        standing: Callable[[Asker], Awaitable[T | None]],
    ) -> Done[T]:
        """Do it where the errand goes so far; else answer what is *standing* and what is missing."""
        if errand is None:
            return Done(problems=(NOT_FOUND,))
        if scope not in errand.scopes:
            return Done(thing=await standing(errand.asker), problems=(acting.missing(scope),))
        return await do(errand.asker)


def acting_for(asker: Asker, customer: str) -> Asker:
    # The name of whoever they act for is in no token of an agent's own.
    return asker if asker.customer == customer else msgspec.structs.replace(asker, customer=customer, name=None)
