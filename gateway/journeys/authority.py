"""
For whom an agent may act, and how far: looked up at every use, and never remembered.

A customer passes as they are; whose things they may see, each desk knows. An agent passes as one who
acts for the customer whose thing it is, where that customer lets the agency; everything else is, for
an agent, not there.
"""

from collections.abc import Awaitable, Callable, Collection, Mapping
from datetime import datetime
from typing import NamedTuple, TypeVar

import msgspec

from gateway.journeys import acting
from gateway.journeys.refusal import Refusal
from gateway.store import Store, Work
from gateway.store.book_standing import shortened
from insurers.agency import ConsentScope
from insurers.identity import PolicyRef
from insurers.panel import Clock
from schema.ports import Asker, Done, Role
from schema.problems import NOT_FOUND

T = TypeVar("T")

EVERYTHING = frozenset(ConsentScope)


class Errand(NamedTuple):
    """Who acts, for which customer, how far they may go, and about which policies, where not every branch sees all."""

    asker: Asker
    scopes: frozenset[ConsentScope]
    refs: Collection[PolicyRef] = ()


class Authority:
    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def in_flow(self, asker: Asker, flow: str) -> Errand | None:
        """Answer the errand in a renewal, a comparison or a part of one; None where there is none to be seen."""
        if asker.role is Role.CUSTOMER and Role.AGENT not in asker.roles:
            return Errand(asker, EVERYTHING)
        refs: Collection[PolicyRef] = ()
        async with self._store.reading() as work:
            owner = await work.owners.of(flow)
            if owner is None:
                return None
            if owner != asker.customer or asker.role is Role.AGENT:
                refs = await _about(work, asker.actor, flow)
                if not await _sees_all(work, asker.actor, refs):
                    return None
        return await self.for_customer(asker, owner, refs)

    async def for_customer(self, asker: Asker, customer: str, refs: Collection[PolicyRef] = ()) -> Errand | None:
        if asker.role is Role.CUSTOMER and asker.customer == customer:
            return Errand(asker, EVERYTHING)
        if not _may_act_for(asker, customer):
            return None
        scopes = await self.scopes(asker.actor, customer)
        return Errand(acting_for(asker, customer), scopes, refs) if ConsentScope.READ_POLICIES in scopes else None

    async def about(self, asker: Asker, refs: Collection[PolicyRef], scope: ConsentScope) -> Errand | None:
        """
        Answer the errand about policies that are all one customer's, to do something that needs *scope*.

        Where that is missing nobody asks the insurer, and only what is known to be the customer's is there: else what
        another branch has would be told from what nobody has.
        """
        if not asker.is_alone:
            if len(await self.visible(asker, refs)) < len(set(refs)):
                return None
            errand = await self.for_customer(asker, asker.customer, refs)
            if errand is None or scope in errand.scopes:
                return errand
            owners = await self.owners(asker, refs)
            return errand if all(asker.customer in owners.get(ref, ()) for ref in refs) else None
        owners = await self.owners(asker, refs)
        everybodys = [customer for ref in refs for customer in owners.get(ref, ())]
        alike = [customer for customer in everybodys if all(customer in owners.get(ref, ()) for ref in refs)]
        return await self.for_customer(asker, alike[0], refs) if alike else None

    async def owners(self, asker: Asker, refs: Collection[PolicyRef]) -> Mapping[PolicyRef, list[str]]:
        """
        Answer whose these policies are, as far as their customers let the agency of this agent see them.

        Of several it is first who lets the agency do most.
        """
        async with self._store.reading() as work:
            seen = await _visible(work, asker.actor, refs)
            return await work.known.let_see(asker.actor, seen, self._clock()) if seen else {}

    async def visible(self, asker: Asker, refs: Collection[PolicyRef]) -> Collection[PolicyRef]:
        """Answer those of these policies that are no other branch's; a customer has no branch."""
        if asker.role is Role.CUSTOMER:
            return set(refs)
        async with self._store.reading() as work:
            return await _visible(work, asker.actor, refs)

    async def opener(self, customer: str | None, agent: str | None, ref: PolicyRef) -> str | None:
        """Answer with whose account a document of this policy is opened; None where it may not be, or no longer."""
        if agent is None:
            return customer
        async with self._store.reading() as work:
            if not await _visible(work, agent, [ref]):
                return None
            if customer is None:
                owners = await work.known.let_see(agent, [ref], self._clock())
                return next(iter(owners.get(ref, ())), None)
        return customer if ConsentScope.READ_POLICIES in await self.scopes(agent, customer) else None

    async def scopes(self, agent: str, customer: str) -> frozenset[ConsentScope]:
        async with self._store.reading() as work:
            return await work.mandates.scopes(agent, customer, self._clock())

    async def shown(self, errand: Errand | None, read: Callable[[Asker], Awaitable[T]]) -> T | None:
        """Read it, and answer None where the agent may not see it any more by then."""
        if errand is None:
            return None
        found = await read(errand.asker)
        return found if ConsentScope.READ_POLICIES in await self._still(errand) else None

    async def done(
        self,
        errand: Errand | None,
        scope: ConsentScope,
        do: Callable[[Asker], Awaitable[Done[T]]],
        standing: Callable[[Asker], Awaitable[T | None]],
    ) -> Done[T]:
        """
        Do it where the errand goes so far; else answer what is *standing* and what is missing.

        An insurer may have taken its time. Meanwhile the customer may have taken back the leave, or a policy may have
        come to another branch: what was done by then is the customer's, and is not told to who may not see it.
        """
        if errand is None:
            return Done(problems=(NOT_FOUND,))
        if scope not in errand.scopes:
            return Done(thing=await standing(errand.asker), problems=(acting.missing(scope),))
        with acting.by_leave_to(scope):
            done = await do(errand.asker)
        scopes = await self._still(errand)
        if ConsentScope.READ_POLICIES not in scopes:
            return Done(problems=(NOT_FOUND,))
        if scope in scopes:
            return done
        thing = done.thing if done.thing is not None else await standing(errand.asker)
        return Done(thing=thing, problems=(acting.missing(scope),))

    async def _still(self, errand: Errand) -> frozenset[ConsentScope]:
        """Answer how far the errand goes by now."""
        asker = errand.asker
        if asker.role is Role.CUSTOMER:
            return EVERYTHING
        async with self._store.reading() as work:
            if not await _sees_all(work, asker.actor, errand.refs):
                return frozenset()
            return await work.mandates.scopes(asker.actor, asker.customer, self._clock())


async def still_let(
    work: Work, customer: str, now: datetime, scope: ConsentScope | None = None, *, standing: object = None
) -> None:
    """
    Pass where no agent acts, or one whom the customer lets, and who is let until this transaction ends.

    Without a *scope* it is about the leave that the order needs.

    Raises:
        Refusal: it was taken back, however late that is found; *standing* is what stands.
    """
    agent = acting.agent()
    if agent is None:
        return
    scope = scope or acting.scope()
    if scope not in await work.mandates.scopes(agent, customer, now, held=True):
        raise Refusal(acting.missing(scope), standing)


async def _about(work: Work, agent: str, flow: str) -> list[PolicyRef]:
    """Answer about which policies a flow is, to an agent of whom that matters."""
    works = await work.agencies.agent(agent)
    if works is None or works.sees_all:
        return []
    if (renewal := await work.renewals.get(flow)) is not None:
        return [renewal.ref]
    if (inquiry := await work.inquiries.get(flow)) is not None:
        return [inquiry.policy]
    comparison = await work.comparisons.get(flow)
    return list({policy.ref for policy in comparison.policies}) if comparison else []


async def _sees_all(work: Work, agent: str, refs: Collection[PolicyRef]) -> bool:
    return len(await _visible(work, agent, refs)) == len(set(refs))


async def _visible(work: Work, agent: str, refs: Collection[PolicyRef]) -> set[PolicyRef]:
    """Answer those of these policies that are not in the agency's book, or in the part of it that is the agent's."""
    works = await work.agencies.agent(agent) if refs else None
    if works is None or works.sees_all:
        return set(refs)
    found: set[PolicyRef] = set()
    for insurer in {ref.insurer for ref in refs}:
        entries = {shortened(work.known.fingerprint(ref)): ref for ref in refs if ref.insurer == insurer}
        known = await work.book.known(works.agency, insurer, entries)
        mine = set(await work.book.visible_among(works, [str(entry.id) for entry in known.values()]))
        found |= {ref for policy, ref in entries.items() if policy not in known or known[policy].id in mine}
    return found


def _may_act_for(asker: Asker, customer: str) -> bool:
    """Whether the token says so, or says for nobody in particular, which is an agent's own."""
    if asker.role is Role.CUSTOMER:
        return Role.AGENT in asker.roles
    return asker.is_alone or asker.customer == customer


def acting_for(asker: Asker, customer: str) -> Asker:
    # The name of whoever they act for is in no token of an agent's own.
    return asker if asker.customer == customer else msgspec.structs.replace(asker, customer=customer, name=None)
