"""Sompo, speaking the common language."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TypeVar
from uuid import UUID

from msgspec.structs import replace

from insurers.account import Access, Active, Answer, Asks, Challenge, Credentials
from insurers.adapter import Applicant, File
from insurers.capability import Capability, Manifest
from insurers.claim import Claim
from insurers.coverage import CoverageChange
from insurers.errors import AccessDenied, ErrorCode, NotOffered, Rejected
from insurers.feed import FeedAccess, FeedPage
from insurers.http import InsurerHTTP
from insurers.identity import PolicyNumber, SuccessorNumber
from insurers.panel import Clock
from insurers.plan import Plan, PlanQuery
from insurers.policy import Policy, RenewalOffer
from insurers.renewal import Draft, Proposal
from insurers.risk import RiskQuery
from insurers.script import Script
from insurers.sompo.code import CODE
from insurers.sompo.desk import Desk
from insurers.sompo.documents import fetched
from insurers.sompo.door import Door
from insurers.sompo.estimating import estimated
from insurers.sompo.feed import Feed
from insurers.sompo.fields import NUMBER_SHAPE
from insurers.sompo.mapping import policy as mapping
from insurers.sompo.quoting import quoted
from insurers.sompo.registration import Registrations
from insurers.sompo.renewal import Renewals
from insurers.sompo.sessions import Sessions
from insurers.sompo.variations import Changes, Quote, varied
from insurers.sompo.wire import contracts, says
from insurers.sompo.wire.lines import Answer as Heard
from insurers.sompo.wire.lines import Request

Word = TypeVar("Word", Policy, RenewalOffer)


class Sompo:
    def __init__(self, manifest: Manifest, http: InsurerHTTP, agencies: InsurerHTTP, clock: Clock) -> None:
        self.manifest = manifest
        self._desk = Desk(http)
        self._sessions = Sessions(self._desk, clock)
        self._door = Door(self._desk, self._sessions)
        self._registrations = Registrations(self._desk, self._sessions, self._door)
        self._renewals = Renewals(self._desk, self._sessions, clock)
        self._feed = Feed(Desk(agencies))

    async def begin_registration(
        self, method: str, applicant: Applicant, access: Access | None = None
    ) -> Asks | Active:
        return await self._registrations.begin(method, applicant, access)

    async def sign_in(self, credentials: Credentials, device: Access | None = None) -> Asks | Active:
        return await self._door.sign_in(credentials, device)

    async def answer(self, challenge: Challenge, answer: Answer) -> Asks | Active:
        return await self._registrations.answer(challenge, answer)

    async def forget(self, access: Access) -> None:
        await self._sessions.forget(access)

    async def policies(
        self, access: Access, numbers: Sequence[PolicyNumber] | None = None
    ) -> Mapping[PolicyNumber, Policy]:
        def read(answer: Heard) -> list[Policy]:
            return [mapping.policy(contract) for contract in contracts.contracts(answer)]

        return await self._looked_up(access, says.contracts, read, _batches(numbers))

    async def renewal_offers(
        self, access: Access, numbers: Sequence[PolicyNumber]
    ) -> Mapping[PolicyNumber, RenewalOffer]:
        def read(answer: Heard) -> list[RenewalOffer]:
            return [mapping.offer(record) for record in contracts.renewal_list(answer)]

        return await self._looked_up(access, says.renewal_list, read, _batches(numbers))

    async def plans(self, access: Access, query: PlanQuery) -> Sequence[Plan]:
        return await self._sessions.act(access, lambda token: self._quote(token, query)(query.changes))

    async def quote(self, access: Access | None, query: RiskQuery) -> Sequence[Plan]:
        return await estimated(self._desk, query)

    async def variations(
        self, access: Access | None, query: PlanQuery | RiskQuery, changes: Sequence[CoverageChange]
    ) -> Sequence[Plan | None]:
        if query.plan is None:
            raise Rejected(CODE, code=ErrorCode.PLAN_NOT_OFFERED)
        if isinstance(query, RiskQuery):
            return await varied(self._estimate(query), query.changes, changes)
        if access is None:
            raise AccessDenied(CODE)
        return await self._sessions.act(access, lambda token: varied(self._quote(token, query), query.changes, changes))

    def _estimate(self, query: RiskQuery) -> Quote:
        return lambda changes: estimated(self._desk, replace(query, changes=changes))

    def _quote(self, token: str, query: PlanQuery) -> Quote:
        async def quote(changes: Changes) -> Sequence[Plan]:
            return [one.plan for one in await quoted(self._desk, token, replace(query, changes=changes))]

        return quote

    async def script(self, access: Access, number: PolicyNumber) -> Script:
        return await self._renewals.script(access, number)

    async def rehearse(self, access: Access, draft: Draft) -> Proposal:
        return await self._renewals.rehearse(access, draft)

    async def apply(self, access: Access, proposal: Proposal, key: UUID) -> SuccessorNumber:
        return await self._renewals.apply(access, proposal, key)

    async def outcome(self, access: Access, proposal: Proposal, key: UUID) -> SuccessorNumber | None:
        return await self._renewals.outcome(access, proposal, key)

    async def claims(self, access: Access) -> Sequence[Claim]:
        self.manifest.require(Capability.CLAIM_STATUS)
        return ()

    async def feed(self, access: FeedAccess, after: str | None) -> FeedPage:
        return await self._feed.page(access, after)

    def feed_file(self, chunk: bytes, after: str | None, *, last: bool) -> FeedPage:
        raise NotOffered(self.manifest.code)

    async def document(self, access: Access, number: PolicyNumber, document_id: str) -> File:
        return await self._sessions.act(access, lambda token: fetched(self._desk, token, number, document_id))

    async def _looked_up(
        self,
        access: Access,
        say: Callable[[str, Iterable[str]], Request],
        read: Callable[[Heard], list[Word]],
        batches: Sequence[Sequence[str]],
    ) -> Mapping[PolicyNumber, Word]:
        async def ask(token: str) -> Mapping[PolicyNumber, Word]:
            found = [word for batch in batches for word in await self._desk.ask(say(token, batch), read)]
            return {word.ref.number: word for word in found}

        return await self._sessions.act(access, ask) if batches else {}


def _batches(numbers: Sequence[PolicyNumber] | None) -> Sequence[Sequence[str]]:
    """
    Split numbers into as many as one look-up takes.

    No numbers make no look-up, because one without numbers asks for the whole account. What
    cannot be a number of Sompo's is not asked for: it would spoil the look-up of the others.
    """
    if numbers is None:
        return [[]]
    shaped = list(dict.fromkeys(str(number) for number in numbers if _shaped(str(number))))
    return list(_split(shaped))


def _split(numbers: Sequence[str]) -> Iterator[Sequence[str]]:
    for first in range(0, len(numbers), says.LOOK_UP_AT_MOST):
        yield numbers[first : first + says.LOOK_UP_AT_MOST]


def _shaped(number: str) -> bool:
    return re.fullmatch(NUMBER_SHAPE.pattern, number) is not None
