"""The desk for what customers let agencies do: granted, taken back, and in the evidence word for word."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from uuid import uuid4

from gateway.journeys import acting
from gateway.journeys.consenting import link
from gateway.journeys.knowing import Knowing
from gateway.journeys.orders import Orders
from gateway.store import Store, Work
from insurers import mandate as words
from insurers.agency import ConsentScope, Mandate
from insurers.canonical import sha256
from insurers.consent import Consent, ConsentKind
from insurers.panel import Clock
from insurers.text import Language, Text
from schema.ports import Asker, Done, Role
from schema.problems import NOT_FOUND, Problem, ProblemCode, invalid


class Mandates:
    def __init__(self, store: Store, clock: Clock, orders: Orders, knowing: Knowing) -> None:
        self._store = store
        self._clock = clock
        self._orders = orders
        self._knowing = knowing

    async def of(self, asker: Asker, *, first: int, after: str | None) -> tuple[Sequence[Mandate], bool]:
        customer = None if asker.is_alone else asker.customer
        async with self._store.reading() as work:
            agency = None if asker.role is Role.CUSTOMER else await _agency_of(work, asker) or ""
            found = await work.mandates.page(customer=customer, agency=agency, first=first + 1, after=after)
        return found[:first], len(found) > first

    async def get(self, asker: Asker, mandate: str) -> Mandate | None:
        async with self._store.reading() as work:
            found = await work.mandates.get(mandate)
            if found is None:
                return None
            if asker.role is Role.CUSTOMER:
                return found if found.customer == asker.customer else None
            theirs = found.agency == await _agency_of(work, asker)
        return found if theirs and (asker.is_alone or found.customer == asker.customer) else None

    async def grant(
        self,
        asker: Asker,
        agency: str,
        scopes: frozenset[ConsentScope],
        expires_at: datetime | None,
        *,
        statement: str,
        key: str,
    ) -> Done[Mandate]:
        """Whatever the customer let this agency do before ends with it, also where that was more."""
        said = ("grant", agency, words.in_order(scopes), expires_at, statement)
        return await self._once(
            asker, key, said, lambda: self._granted(asker.customer, agency, scopes, expires_at, statement)
        )

    async def revoke(self, asker: Asker, mandate: str, *, key: str) -> Done[Mandate]:
        return await self._once(asker, key, ("revoke", mandate), lambda: self._revoked(asker, mandate))

    async def _once(
        self, asker: Asker, key: str, said: object, do: Callable[[], Awaitable[Done[Mandate]]]
    ) -> Done[Mandate]:
        if asker.role is not Role.CUSTOMER:
            return Done(problems=(acting.customer_only(_WHAT),))
        return await self._orders.once(
            asker, key, said, do=do, again=lambda known: self.get(asker, known), name=lambda known: known.id
        )

    async def _granted(
        self,
        customer: str,
        agency_id: str,
        scopes: frozenset[ConsentScope],
        expires_at: datetime | None,
        statement: str,
    ) -> Done[Mandate]:
        now = self._clock()
        if (refusal := _refusal(scopes, expires_at, now)) is not None:
            return Done(problems=(refusal,))
        mandate = Mandate(
            id=str(uuid4()),
            agency=agency_id,
            customer=customer,
            scopes=scopes,
            granted_at=now,
            expires_at=expires_at,
        )
        async with self._store.work() as work:
            agency = next((one for one in await work.agencies.all() if one.id == agency_id), None)
            if agency is None:
                return Done(problems=(_NO_AGENCY,))
            text = words.statement(agency.name, scopes, expires_at)
            read_in = next((language for language in Language if sha256(text.to(language)) == statement), None)
            if read_in is None:
                return Done(problems=(_OTHER_WORDS,))
            if (earlier := await work.mandates.replace(customer, agency_id, now)) is not None:
                await _witness(work, earlier, agency.name, words.REPLACED, at=now)
            if not await work.mandates.add(mandate):
                # Another tab was faster by a moment; what it granted stands, and this one may be granted again.
                return Done(problems=(_AT_ONCE,))
            await _witness(work, mandate, agency.name, words.GRANTED, at=now, language=read_in)
            await self._knowing.wanted(work, customer)
        await self._knowing.now(customer)
        return Done(thing=mandate)

    async def _revoked(self, asker: Asker, mandate: str) -> Done[Mandate]:
        now = self._clock()
        async with self._store.work() as work:
            found = await work.mandates.get(mandate)
            if found is None or found.customer != asker.customer:
                return Done(problems=(NOT_FOUND,))
            revoked = await work.mandates.revoke(mandate, now)
            if revoked is None:
                return Done(thing=found)
            agency = await work.agencies.get(found.agency)
            # Whatever became of the agency, what is taken back is in the evidence.
            name = agency.name if agency else found.agency
            await _witness(work, revoked, name, words.REVOKED, at=now)
        return Done(thing=revoked)


async def _agency_of(work: Work, asker: Asker) -> str | None:
    agent = await work.agencies.agent(asker.actor) if Role.AGENT in asker.roles else None
    return agent.agency if agent is not None and agent.active else None


async def _witness(
    work: Work, mandate: Mandate, agency: str, answer: Text, *, at: datetime, language: Language | None = None
) -> None:
    """Hang what the customer said behind what they said before, in the words in which they read it."""
    language = language or acting.language()
    await work.consents.append(
        Consent(
            **link(mandate.id, mandate.customer, await work.consents.last(mandate.id), at, acting.actor()),
            kind=ConsentKind.AGENT_ACCESS,
            requirement=ConsentKind.AGENT_ACCESS.value,
            statement=words.statement(agency, mandate.scopes, mandate.expires_at).to(language),
            locale=language,
            language=language,
            answer=answer.to(language),
            agency=mandate.agency,
            scopes=tuple(words.in_order(mandate.scopes)),
        )
    )


def _refusal(scopes: frozenset[ConsentScope], expires_at: datetime | None, now: datetime) -> Problem | None:
    if ConsentScope.READ_POLICIES not in scopes:
        return invalid(_READ_FIRST, "scopes")
    if expires_at is not None and expires_at <= now:
        return invalid(_OVER_ALREADY, "expiresAt")
    return None


_WHAT = Text("代理店への同意", "Consent to an agency")
_READ_FIRST = Text(
    "READ_POLICIES を含めてください。ご契約を見られない代理店は、ほかのことも行えません。",
    "Include READ_POLICIES: an agency that may not see a policy can do nothing about it.",
)
_OVER_ALREADY = Text(
    "期限には、これから先の日時を指定してください。", "It would be over already: give a moment to come, or none."
)
_NO_AGENCY = Problem(
    code=ProblemCode.NOT_FOUND,
    message=Text(
        "この代理店は見つかりません。agencies から選んでください。",
        "There is no such agency here: choose one of `agencies`.",
    ),
    field=("agencyId",),
)
_OTHER_WORDS = Problem(
    code=ProblemCode.REVIEW_CHANGED,
    message=Text(
        "お読みいただいた同意の文面が、代理店・範囲・期限と一致しません。consentStatement をあらためて表示し、"
        "その hash を送ってください。",
        "What was read is not what this agency, these scopes and this end make of it. Show `consentStatement` again, "
        "and send its `hash`.",
    ),
    field=("statementHash",),
)
_AT_ONCE = Problem(
    code=ProblemCode.VERSION_CONFLICT,
    message=Text(
        "同じ代理店への同意が同時に変更されました。現在の同意をご確認のうえ、必要ならもう一度お試しください。",
        "Your consent to this agency was changed at the same moment. Look at what stands now, and try again if needed.",
    ),
)
