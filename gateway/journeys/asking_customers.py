"""What only the customer can give is asked for: once, by a mail with a link, and where the customer looks."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from uuid import uuid4

import msgspec

from gateway.journeys import customer_mails, wanted
from gateway.journeys.customer_links import CustomerLinks
from gateway.journeys.reminding import NO_POST, NOT_CONNECTED, SERVICE_NAME, unsent
from gateway.journeys.wanted import Circumstances
from gateway.post import Post
from gateway.store import Store, Work
from gateway.store.book_standing import shortened
from gateway.store.outbox import MailState
from insurers.agency import Agency, Agent, ConsentScope
from insurers.agency_request import AgencyRequest, RequestKind
from insurers.book import CLOSED_ENTRIES, Entry, Note
from insurers.capability import Manifest
from insurers.flow_event import SERVICE
from insurers.identity import InsurerCode, PolicyRef
from insurers.panel import Clock
from insurers.reminder import Unsent
from insurers.renewal import Renewal
from insurers.text import Text
from schema.ports import Asker, Role
from schema.problems import Problem, ProblemCode

# Who was written to is not written to again about the same on the same day.
APART = timedelta(hours=20)


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """What became of asking: the request, or why there is none."""

    request: AgencyRequest | None = None
    problem: Problem | None = None


class Errand(msgspec.Struct, frozen=True):
    """Who asks whom for what: about a policy, and its entry where the agency's book has it."""

    agent: Agent
    agency: Agency
    ref: PolicyRef
    entry: Entry | None
    kind: RequestKind
    now: Circumstances


class AskingCustomers:
    """
    A request is about one policy. Whose it is is found when somebody looks: as its customer may be unknown
    when the mail is written, the link in it shows nothing to whoever has nothing but the link.
    """

    kind = "request"

    def __init__(
        self,
        store: Store,
        post: Post,
        clock: Clock,
        links: CustomerLinks,
        manifests: Mapping[InsurerCode, Manifest],
    ) -> None:
        self._store = store
        self._post = post
        self._clock = clock
        self._links = links
        self._manifests = manifests

    # ---- for customers

    async def of(self, asker: Asker) -> Sequence[AgencyRequest]:
        if asker.role is not Role.CUSTOMER:
            return ()
        async with self._store.reading() as work:
            found = await work.requests.open_to(asker.customer)
            given = {one.id for one in found if await self._is_given(work, one)}
            shown = [await self._shown(work, one, asker.customer) for one in found if one.id not in given]
        await self._close([one for one in found if one.id in given])
        return shown

    async def by_ticket(self, asker: Asker, ticket: str) -> AgencyRequest | None:
        known = self._links.read(ticket, at=self._clock())
        return next((one for one in await self.of(asker) if one.id == known), None)

    # ---- for agents

    async def ask(self, work: Work, agent: Agent, agency: Agency, entry: Entry) -> Asked:
        """Ask the customer of this entry for what is wanted first."""
        if entry.gone_at is not None or entry.status in CLOSED_ENTRIES:
            return Asked(problem=_NOTHING_TO_ASK)
        now = await self._circumstances(work, agency.id, _ref(entry), renewal=entry.renewal)
        kind = wanted.wanted(now, self._clock())
        if kind is None:
            return Asked(problem=_NOTHING_TO_ASK)
        return await self._asked(work, Errand(agent, agency, _ref(entry), entry, kind, now))

    async def confirm(self, work: Work, agent_id: str, renewal: Renewal) -> None:
        """Ask for the confirmation that an agent's draft has come to; nothing happens where none is the customer's."""
        agent = await work.agencies.agent(agent_id)
        agency = await work.agencies.get(agent.agency) if agent else None
        if agent is None or agency is None:
            return
        now = await self._circumstances(work, agency.id, renewal.ref, renewal=renewal.id, customer=renewal.customer)
        if wanted.wanted(now, self._clock()) is RequestKind.CONFIRM:
            entry = await _entry(work, agency.id, renewal.ref)
            await self._asked(work, Errand(agent, agency, renewal.ref, entry, RequestKind.CONFIRM, now))

    async def _asked(self, work: Work, errand: Errand) -> Asked:
        if errand.ref.insurer not in self._manifests:
            return Asked(problem=NOT_CONNECTED)
        to, why = customer_mails.whereto(errand.entry) if errand.entry else (None, Unsent.NO_ADDRESS)
        if errand.now.customer is None and (refusal := self._unreachable(why)):
            # Nobody would ever see it.
            return Asked(problem=refusal)
        at = self._clock()
        alike = [
            one for one in await work.requests.open_about(errand.agency.id, [errand.ref]) if one.kind is errand.kind
        ]
        standing = alike[0] if alike else None
        if standing is not None and wanted.is_given(standing, errand.now, at):
            # An earlier step was confirmed, and another one is wanted by now.
            await work.requests.save(msgspec.structs.replace(standing, closed_at=at))
            standing = None
        fresh = _fresh(errand, at)
        request = _more(standing, fresh) if standing else fresh
        if request.mailed_at is not None and at - request.mailed_at < APART:
            return Asked(request=request, problem=_ASKED_TODAY)
        if to is not None and errand.entry is not None and self._post.is_there:
            agent = errand.agent
            request = msgspec.structs.replace(
                request, agent=agent.id, agent_name=agent.name, mails=request.mails + 1, mailed_at=at
            )
            await self._mail(work, request, errand.entry, errand.agency, to)
        if standing is not None:
            await work.requests.save(request)
        elif not await work.requests.add(request):
            return Asked(problem=_ASKED_TODAY)
        return Asked(request=request)

    def _unreachable(self, why: Unsent | None) -> Problem | None:
        if why is not None:
            return unsent(why)
        return None if self._post.is_there else NO_POST

    async def _mail(self, work: Work, request: AgencyRequest, entry: Entry, agency: Agency, to: str) -> None:
        mail = customer_mails.request(
            request,
            entry.record.holder,
            agency,
            self._manifests[entry.insurer].name,
            to=to,
            link=self._links.to(request, at=self._clock()),
        )
        about = f"{self.kind}:{request.id}/{request.mails}"
        await work.outbox.add(about, mail, at=self._clock(), by_day=False)

    # ---- for the post

    async def stands(self, work: Work, thing: str) -> bool:
        request = await work.requests.get(thing.partition("/")[0])
        if request is None or request.closed_at is not None:
            return False
        return not await self._is_given(work, request)

    async def ended(self, work: Work, thing: str, state: MailState) -> None:
        request = await work.requests.get(thing.partition("/")[0])
        if request is None or request.entry is None or state not in (MailState.FAILED, MailState.DOUBTFUL):
            return
        note = Note(
            id="",
            entry=request.entry,
            author=SERVICE,
            author_name=SERVICE_NAME,
            at=self._clock(),
            text=f"{_UNDELIVERED.ja} / {_UNDELIVERED.en}",
        )
        await work.book.note(request.agency, note)

    # ----

    async def _close(self, requests: Iterable[AgencyRequest]) -> None:
        given = list(requests)
        if not given:
            return
        async with self._store.work() as work:
            for request in given:
                await work.requests.save(msgspec.structs.replace(request, closed_at=self._clock()))

    async def _shown(self, work: Work, request: AgencyRequest, customer: str) -> AgencyRequest:
        """Answer it as this customer sees it: a word to an agency replaces the one before, and is to take nothing."""
        standing = await work.mandates.standing(request.agency, [customer], self._clock())
        held = standing[customer].scopes if customer in standing else frozenset()
        scopes = request.scopes | held if request.kind is RequestKind.CONSENT else request.scopes
        return msgspec.structs.replace(request, customer=customer, scopes=scopes)

    async def _is_given(self, work: Work, request: AgencyRequest) -> bool:
        now = await self._circumstances(
            work, request.agency, request.ref, renewal=request.renewal, customer=request.customer
        )
        return wanted.is_given(request, now, self._clock())

    async def _circumstances(
        self, work: Work, agency: str, ref: PolicyRef, *, renewal: str | None, customer: str | None = None
    ) -> Circumstances:
        """Look whose policy it is; of several who have it in their accounts, the one who lets the agency do most."""
        found = await work.renewals.get(renewal) if renewal else None
        owners = [customer] if customer else (await work.known.customers([ref])).get(ref, [])
        if not owners and found is not None:
            # Whose account was taken out stays the one who renews it.
            owners = [found.customer]
        mandates = await work.mandates.standing(agency, owners, self._clock())
        mandate = wanted.widest(mandates.values(), found)
        # Who began the renewal is asked before anybody else who has the policy.
        first = sorted(owners, key=lambda one: found is None or found.customer != one)
        owner = mandate.customer if mandate else next(iter(first), None)
        return Circumstances(
            customer=owner,
            mandate=mandate,
            link=await work.links.at(owner, ref.insurer) if owner else None,
            renewal=found if found is not None and found.customer == owner else None,
        )


def _fresh(errand: Errand, at: datetime) -> AgencyRequest:
    scopes = wanted.needed(errand.now) if errand.kind is RequestKind.CONSENT else frozenset()
    submits = ConsentScope.SUBMIT_RENEWAL in scopes
    renewal = errand.now.renewal if submits or errand.kind is RequestKind.CONFIRM else None
    # Who it is that is to consent is proved by an account, and by nothing that stands here; but an application is
    # sent for who prepared it, and for nobody else who has the policy in an account.
    proved = errand.kind is not RequestKind.CONSENT or submits
    return AgencyRequest(
        id=str(uuid4()),
        agency=errand.agency.id,
        agent=errand.agent.id,
        agent_name=errand.agent.name,
        kind=errand.kind,
        insurer=errand.ref.insurer,
        number=errand.ref.number,
        opened_at=at,
        entry=errand.entry.id if errand.entry else None,
        customer=errand.now.customer if proved else None,
        scopes=scopes,
        renewal=renewal.id if renewal else None,
        step=wanted.step_of_customer(renewal) if renewal else None,
    )


async def _entry(work: Work, agency: str, ref: PolicyRef) -> Entry | None:
    """Answer the entry of this policy, where the agency's book has one."""
    policy = shortened(work.known.fingerprint(ref))
    known = (await work.book.known(agency, ref.insurer, [policy])).get(policy)
    found = await work.book.entries([str(known.id)]) if known else {}
    return next(iter(found.values()), None)


def _more(standing: AgencyRequest, fresh: AgencyRequest) -> AgencyRequest:
    """Answer the request that stands, for what is wanted by now."""
    return msgspec.structs.replace(
        standing, customer=fresh.customer, scopes=fresh.scopes, renewal=fresh.renewal, step=fresh.step
    )


def _ref(entry: Entry) -> PolicyRef:
    return PolicyRef(entry.insurer, entry.record.number)


_NOTHING_TO_ASK = Problem(
    code=ProblemCode.STEP_LOCKED,
    message=Text(
        "お客さまにお願いすることは、今はありません。表示されている次の操作からお進みください。",
        "There is nothing that only the customer could give now. Go on with what is offered.",
    ),
)
_ASKED_TODAY = Problem(
    code=ProblemCode.ALREADY_DONE,
    message=Text(
        "本日すでにお願いのメールを送っています。お急ぎの場合は電話でご連絡ください。",
        "The customer was asked by mail today already. If it is urgent, call.",
    ),
)
_UNDELIVERED = Text(
    "お客さまへのお願いのメールが届いたかどうか確認できません。電話などでご連絡ください。",
    "Nobody knows whether the customer got the mail that asks for this. Please call.",
)
