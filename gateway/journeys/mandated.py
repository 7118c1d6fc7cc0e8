"""
The desks as an agent finds them: everything that a customer lets the agency do, and nothing else.

What each deed needs stands here, one line for each, and nowhere else. A customer passes unchanged.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, TypeVar, cast

import msgspec

from gateway.journeys.authority import Authority, acting_for
from gateway.journeys.comparisons import Comparisons
from gateway.journeys.recent_reading import RecentReading
from gateway.journeys.renewals import Renewals
from insurers.account import Link
from insurers.agency import ConsentScope
from insurers.comparison import Comparison
from insurers.identity import InsurerCode, PolicyNumber, PolicyRef
from insurers.intention import Intention
from insurers.panel import Clock
from insurers.policy import Policy, RenewalOffer
from insurers.renewal import Renewal
from schema.ports import Asker, Done, Role, Told

# A method of a desk: of whom, in which flow, and whatever else it takes.
Method = TypeVar("Method", bound=Callable[..., Any])
Word = TypeVar("Word")

PREPARE, SUBMIT = ConsentScope.PREPARE_RENEWAL, ConsentScope.SUBMIT_RENEWAL


class MandatedRenewals:
    def __init__(self, desk: Renewals, authority: Authority) -> None:
        self._desk = desk
        self._authority = authority
        self.get = _seen(desk.get, authority)
        self.select = _done(desk.select, PREPARE, authority, desk.get)
        self.requote = _done(desk.requote, PREPARE, authority, desk.get)
        self.answer = _done(desk.answer, PREPARE, authority, desk.get)
        self.resume = _done(desk.resume, PREPARE, authority, desk.get)
        self.cancel = _done(desk.cancel, PREPARE, authority, desk.get)
        self.submit = _done(desk.submit, SUBMIT, authority, desk.get)
        self.withdraw = _done(desk.withdraw, SUBMIT, authority, desk.get)

    async def start(self, asker: Asker, ref: PolicyRef, *, key: str) -> Done[Renewal]:
        async def standing(who: Asker) -> Renewal | None:
            return (await self._desk.latest(who, [ref])).get(ref)

        errand = await self._authority.about(asker, [ref], PREPARE)
        return await self._authority.done(errand, PREPARE, lambda who: self._desk.start(who, ref, key=key), standing)

    async def latest(self, asker: Asker, refs: Sequence[PolicyRef]) -> Mapping[PolicyRef, Renewal]:
        errand = await self._authority.for_customer(asker, asker.customer)
        seen = await self._authority.visible(asker, refs) if errand else ()
        return await self._desk.latest(errand.asker, list(seen)) if errand and seen else {}


class MandatedComparisons:
    def __init__(self, desk: Comparisons, authority: Authority) -> None:
        self._desk = desk
        self._authority = authority
        self.get = _seen(desk.get, authority)
        self.settled = _seen(desk.settled, authority)
        self.differences = _seen(desk.differences, authority)
        self.share = _done(desk.share, PREPARE, authority, desk.get)
        self.refresh = _done(desk.refresh, PREPARE, authority, desk.get)
        self.intend = _done(desk.intend, PREPARE, authority, desk.get)
        # These two name the part of a comparison, which is no comparison to show beside a refusal.
        self.requote = _done(desk.requote, PREPARE, authority, _nothing)
        self.choose = _done(desk.choose, PREPARE, authority, _nothing)

    async def start(
        self,
        asker: Asker,
        refs: Sequence[PolicyRef],
        insurers: Sequence[InsurerCode] | None,
        intention: Intention | None,
        *,
        key: str,
    ) -> Done[Comparison]:
        async def do(who: Asker) -> Done[Comparison]:
            return await self._desk.start(who, refs, insurers, intention, key=key)

        errand = await self._authority.about(asker, refs, PREPARE)
        return await self._authority.done(errand, PREPARE, do, _none)


class MandatedReading:
    def __init__(self, desk: RecentReading, authority: Authority, clock: Clock) -> None:
        self._desk = desk
        self._authority = authority
        self._clock = clock
        self.document_url = desk.document_url

    async def links(self, asker: Asker) -> Sequence[Link]:
        """An agent sees that an account is linked and how it stands, and nothing with which to open it."""
        errand = await self._authority.for_customer(asker, asker.customer)
        if errand is None:
            return []
        links = await self._desk.links(errand.asker)
        return links if asker.role is Role.CUSTOMER else [_veiled(link) for link in links]

    async def readers(self, asker: Asker, refs: Sequence[PolicyRef]) -> Mapping[PolicyRef, Asker]:
        """Nobody's policy is looked for in another's account; of several who have one, the first is asked."""
        if not asker.is_alone:
            return dict.fromkeys(refs, asker)
        owners = await self._authority.owners(asker, refs)
        return {ref: acting_for(asker, customers[0]) for ref, customers in owners.items()}

    async def policies(
        self, asker: Asker, insurer: InsurerCode, numbers: Sequence[PolicyNumber] | None
    ) -> Told[Mapping[PolicyNumber, Policy]]:
        errand = await self._authority.for_customer(asker, asker.customer)
        told = await self._authority.shown(errand, lambda who: self._desk.policies(who, insurer, numbers))
        return self._nothing() if told is None else await self._seen_of(asker, insurer, told)

    async def renewal_offers(
        self, asker: Asker, insurer: InsurerCode, numbers: Sequence[PolicyNumber]
    ) -> Told[Mapping[PolicyNumber, RenewalOffer]]:
        errand = await self._authority.for_customer(asker, asker.customer)
        seen = await self._authority.visible(asker, [PolicyRef(insurer, number) for number in numbers])
        asked = [number for number in numbers if PolicyRef(insurer, number) in seen]
        if not asked:
            return self._nothing()
        told = await self._authority.shown(errand, lambda who: self._desk.renewal_offers(who, insurer, asked))
        return self._nothing() if told is None else await self._seen_of(asker, insurer, told)

    async def _seen_of(
        self, asker: Asker, insurer: InsurerCode, told: Told[Mapping[PolicyNumber, Word]]
    ) -> Told[Mapping[PolicyNumber, Word]]:
        """Answer what of this the agent sees by now: a policy may have come to another branch meanwhile."""
        if asker.role is Role.CUSTOMER:
            return told
        seen = await self._authority.visible(asker, [PolicyRef(insurer, number) for number in told.value])
        value = {number: word for number, word in told.value.items() if PolicyRef(insurer, number) in seen}
        return msgspec.structs.replace(told, value=value)

    def _nothing(self) -> Told[Mapping[PolicyNumber, Word]]:
        now = self._clock()
        return Told(value={}, at=now, until=now)


def _seen(method: Method, authority: Authority) -> Method:
    """Answer the same method for whoever may see the flow that it is about, and None for everybody else."""

    # Whatever the method takes and answers, it takes and answers here; its own type says what that is.
    async def seen(asker: Asker, flow: str, *said: Any) -> Any:
        errand = await authority.in_flow(asker, flow)
        return await authority.shown(errand, lambda who: method(who, flow, *said))

    return cast(Method, seen)


def _done(
    method: Method,
    scope: ConsentScope,
    authority: Authority,
    standing: Callable[[Asker, str], Awaitable[object]],
) -> Method:
    """Answer the same method for whoever may do this in the flow that it is about."""

    # As above.
    async def done(asker: Asker, flow: str, *said: Any, **named: Any) -> Any:
        errand = await authority.in_flow(asker, flow)
        return await authority.done(
            errand, scope, lambda who: method(who, flow, *said, **named), lambda who: standing(who, flow)
        )

    return cast(Method, done)


async def _nothing(asker: Asker, flow: str) -> None:
    return None


async def _none(asker: Asker) -> None:
    return None


def _veiled(link: Link) -> Link:
    return msgspec.structs.replace(link, user_hint=None, challenge=None)
