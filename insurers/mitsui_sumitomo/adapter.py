"""Mitsui Sumitomo, speaking the common language."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from urllib.parse import quote
from uuid import UUID

from insurers.account import Access, Active, Answer, Asks, Challenge, Credentials
from insurers.adapter import Applicant, File, Insurer
from insurers.capability import Capability, Manifest
from insurers.claim import Claim
from insurers.coverage import CoverageChange
from insurers.errors import AccessDenied
from insurers.exchange import Listener, unheard
from insurers.feed import FeedAccess, FeedPage
from insurers.http import InsurerHTTP, session
from insurers.identity import PolicyNumber, SuccessorNumber
from insurers.mitsui_sumitomo import mapping, renewability
from insurers.mitsui_sumitomo.account import Sessions
from insurers.mitsui_sumitomo.estimates import Estimates
from insurers.mitsui_sumitomo.feed import Feed, file_page
from insurers.mitsui_sumitomo.line import Line
from insurers.mitsui_sumitomo.manifest import AGENCY_CONNECTIONS, CONNECTIONS, MANIFEST
from insurers.mitsui_sumitomo.quotes import Quotes
from insurers.mitsui_sumitomo.registration import Registrations
from insurers.mitsui_sumitomo.renewal import Renewals, file
from insurers.mitsui_sumitomo.settings import Settings
from insurers.mitsui_sumitomo.wire import portal
from insurers.panel import Clock
from insurers.plan import Plan, PlanQuery
from insurers.policy import Policy, RenewalOffer
from insurers.renewal import Draft, Proposal
from insurers.risk import RiskQuery
from insurers.script import Script

# Contracts are read one by one (WIRE.md §1); this leaves room for other customers' questions.
CONTRACTS_AT_ONCE = 4


class MitsuiSumitomo:
    """Portal and e-G1 behind one door."""

    def __init__(self, http: InsurerHTTP, agencies: InsurerHTTP, clock: Clock) -> None:
        self._line = Line(http)
        self._sessions = Sessions(self._line)
        self._registrations = Registrations(self._line, self._sessions, clock)
        self._estimates = Estimates(self._line, self._sessions)
        self._quotes = Quotes(self._line, self._sessions)
        self._renewals = Renewals(self._line, self._sessions, self._quotes, clock)
        self._feed = Feed(agencies)

    @property
    def manifest(self) -> Manifest:
        return MANIFEST

    async def begin_registration(
        self, method: str, applicant: Applicant, access: Access | None = None
    ) -> Asks | Active:
        return await self._registrations.begin(method, applicant, access)

    async def sign_in(self, credentials: Credentials, device: Access | None = None) -> Asks | Active:
        return await self._registrations.sign_in(credentials)

    async def answer(self, challenge: Challenge, answer: Answer) -> Asks | Active:
        return await self._registrations.answer(challenge, answer)

    async def forget(self, access: Access) -> None:
        with suppress(AccessDenied):
            await self._sessions.forget(access)

    async def policies(
        self, access: Access, numbers: Sequence[PolicyNumber] | None = None
    ) -> Mapping[PolicyNumber, Policy]:
        if numbers is None:
            heard = await self._sessions.ask(access, "GET", "/portal/keiyaku")
            shoken = [row.shoken_no for row in heard.read(portal.KeiyakuIchiran).keiyaku]
        else:
            shoken = _theirs(numbers)
        return {policy.ref.number: policy for policy in await self._policies(access, shoken)}

    async def renewal_offers(
        self, access: Access, numbers: Sequence[PolicyNumber]
    ) -> Mapping[PolicyNumber, RenewalOffer]:
        heard = await self._sessions.ask(access, "GET", "/portal/keizoku")
        try:
            listed = [renewability.offer(row) for row in heard.read(portal.KeizokuIchiran).keizoku]
        except ValueError:
            raise self._line.unreadable() from None
        offers = {offer.ref.number: offer for offer in listed if offer.ref.number in numbers}
        unlisted = await self.policies(access, [number for number in numbers if number not in offers])
        return offers | {number: renewability.no_offer(policy) for number, policy in unlisted.items()}

    async def plans(self, access: Access, query: PlanQuery) -> Sequence[Plan]:
        return await self._quotes.plans(access, query)

    async def quote(self, access: Access | None, query: RiskQuery) -> Sequence[Plan]:
        return await self._estimates.quote(access, query)

    async def variations(
        self, access: Access | None, query: PlanQuery | RiskQuery, changes: Sequence[CoverageChange]
    ) -> Sequence[Plan | None]:
        if isinstance(query, RiskQuery):
            return await self._estimates.variations(access, query, changes)
        if access is None:
            raise AccessDenied(MANIFEST.code)
        return await self._quotes.variations(access, query, changes)

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
        return file_page(chunk, after, last=last)

    async def document(self, access: Access, number: PolicyNumber, document_id: str) -> File:
        policies = await self.policies(access, [number])
        papers = [paper for policy in policies.values() for paper in policy.documents if paper.id == document_id]
        if not papers:
            return await self._renewals.document(access, number, document_id)
        path = f"/portal/shorui/{quote(document_id, safe='')}"
        heard = await self._sessions.ask(access, "GET", path, operation="/portal/shorui/{shoruiId}")
        return file(papers[0], heard.body, self._line)

    async def _policies(self, access: Access, shoken: Iterable[str]) -> list[Policy]:
        """
        Read contracts one by one, some at once. What is not in the account is left out.

        Each is put in our words while the next is waited for.
        """
        places = asyncio.Semaphore(CONTRACTS_AT_ONCE)

        async def read(number: str) -> Policy | None:
            async with places:
                heard = await self._sessions.ask(
                    access,
                    "GET",
                    f"/portal/keiyaku/{number}",
                    operation="/portal/keiyaku/{shokenNo}",
                    allows="contract-not-found",
                )
            # The next is asked for first.
            await asyncio.sleep(0)
            return None if heard.refused else self._policy(heard.read(portal.Keiyaku))

        # A task group that fails while it is waited for leaves its task cancelled once too often, before Python 3.13:
        # a deadline of the caller's would then end as if somebody had broken the caller off.
        reading = [asyncio.create_task(read(number)) for number in shoken]
        try:
            return [policy for policy in await asyncio.gather(*reading) if policy is not None]
        except BaseException:
            for task in reading:
                task.cancel()
            await asyncio.gather(*reading, return_exceptions=True)
            raise

    def _policy(self, record: portal.Keiyaku) -> Policy:
        try:
            return mapping.policy(record)
        except ValueError:
            raise self._line.unreadable() from None


def _theirs(numbers: Iterable[PolicyNumber]) -> list[str]:
    """The numbers that could be this insurer's, each once; any other is nobody's (WIRE.md §1)."""
    return [str(number) for number in dict.fromkeys(numbers) if MANIFEST.number_shape.matches(number)]


@asynccontextmanager
async def connect(*, base_url: str | None = None, clock: Clock, listener: Listener = unheard) -> AsyncIterator[Insurer]:
    async with session() as client, session(connections=AGENCY_CONNECTIONS) as agency_client:
        where = base_url or Settings().base_url
        http = InsurerHTTP(MANIFEST.code, client, where, concurrent=CONNECTIONS, listener=listener)
        # Trouble with the agencies' door is none with the customers', and nobody waits behind a feed.
        agencies = InsurerHTTP(MANIFEST.code, agency_client, where, concurrent=AGENCY_CONNECTIONS, listener=listener)
        yield MitsuiSumitomo(http, agencies, clock)
