"""Accounts at insurers: linked, answered for, forgotten."""

from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any
from uuid import uuid4

import msgspec

from gateway.journeys.guarding import Guard
from gateway.journeys.orders import Orders
from gateway.journeys.patience import Patience
from gateway.store import AlreadyLinked, Store, Work
from gateway.store.known_policies import Proved
from insurers.account import (
    ANSWER,
    Access,
    Active,
    Answer,
    Asks,
    Challenge,
    Credentials,
    Link,
    LinkState,
    masked,
)
from insurers.capability import Capability
from insurers.errors import (
    AccessDenied,
    ErrorCode,
    Expired,
    InsurerError,
    Locked,
    NeedsCustomer,
    Rejected,
    Unavailable,
    Unconfirmed,
)
from insurers.identity import InsurerCode
from insurers.panel import Clock, Panel
from insurers.person import Private
from insurers.renewal import RenewalState
from insurers.text import Text
from schema.ports import Asker, Done, Role
from schema.problems import NOT_FOUND, Problem, ProblemCode, problem


class Key(Private, frozen=True):
    """What opens an account for a read, and what it proved before."""

    link: Link
    access: Access
    proved: Proved


class Accounts:
    """The desk for linked accounts, and the one place that hands out an access."""

    def __init__(
        self, store: Store, panel: Panel, clock: Clock, orders: Orders, guard: Guard, patience: Patience
    ) -> None:
        self._store = store
        self._panel = panel
        self._clock = clock
        self._orders = orders
        self._guard = guard
        self._patience = patience

    async def access(self, customer: str, insurer: InsurerCode) -> Access | None:
        """Answer the key to this customer's account, or None where none is open."""
        async with self._store.reading() as work:
            link = await work.links.at(customer, insurer)
        return link.access if link is not None else None

    async def reading_key(self, customer: str, insurer: InsurerCode) -> Access | None:
        """
        Answer the key for a read, as `access` does.

        Raises:
            NeedsCustomer: the insurer asked for a passcode already, and asking again would send another.
        """
        async with self._store.reading() as work:
            link = await work.links.at(customer, insurer)
        return self.key(link)

    async def for_reading(self, customer: str, insurer: InsurerCode) -> Key | None:
        """Answer the key for a read; raises as `reading_key` does."""
        async with self._store.reading() as work:
            link = await work.links.at(customer, insurer)
            proved = await work.known.proved(customer, insurer) if link is not None else {}
        return self.opens(link, proved)

    def opens(self, link: Link | None, proved: Proved) -> Key | None:
        """Answer what opens this link for a read; raises as `reading_key` does."""
        access = self.key(link)
        return Key(link, access, proved) if link is not None and access is not None else None

    def key(self, link: Link | None) -> Access | None:
        """Answer the key in this link for a read; raises as `reading_key` does."""
        if link is not None and link.reads_wait and _is_alive(link.challenge, self._clock()):
            raise NeedsCustomer(link.insurer, challenge=link.challenge)
        return link.access if link is not None else None

    async def noted(self, customer: str, error: InsurerError, *, refused: Access | None) -> None:
        """
        Note what an *error* says of the account: its key, the one that was *refused*, is no longer taken,
        a passcode is asked first, or it is locked for a while.

        A newer access, got meanwhile, is not the one that was refused.
        """
        if (changes := _noted(error)) is None:
            return
        async with self._store.work() as work:
            link = await work.links.at(customer, error.insurer, held=True)
            if link is not None and link.access == refused and (link.state in _NOTABLE or link.reads_wait):
                await work.links.put(msgspec.structs.replace(link, updated_at=self._clock(), **changes))

    async def opened(self, work: Work, customer: str, insurer: InsurerCode, active: Active, hint: str | None) -> Link:
        """
        Write down an account that was opened, in the transaction that is open.

        What waited for it is looked at again, and it is read: it may be another account than was open before.
        """
        was = await work.links.at(customer, insurer, held=True)
        link = self.linked(customer, insurer, active, was=was)
        link = await _put(work, msgspec.structs.replace(link, user_hint=link.user_hint or hint))
        await work.known.to_be_read(customer, insurer, at=self._clock())
        await work.renewals.hasten(customer, insurer, at=self._clock())
        return link

    def linked(self, customer: str, insurer: InsurerCode, active: Active, *, was: Link | None) -> Link:
        """Answer the link that an opened account makes: a new one, or the old one opened again."""
        return Link(
            id=was.id if was else str(uuid4()),
            customer=customer,
            insurer=insurer,
            state=LinkState.LINKED,
            updated_at=self._clock(),
            access=active.access,
            user_hint=active.user_hint or (was.user_hint if was else None),
        )

    async def of(self, asker: Asker) -> list[Link]:
        async with self._store.reading() as work:
            return await work.links.of(asker.customer)

    async def get(self, asker: Asker, link: str) -> Link | None:
        async with self._store.reading() as work:
            found = await work.links.get(link)
        # An agent sees that there is an account, by `reading.links`, and does nothing to it.
        mine = found is not None and found.customer == asker.customer and asker.role is Role.CUSTOMER
        return found if mine else None

    async def create(self, asker: Asker, insurer: InsurerCode, user_id: str, password: str, *, key: str) -> Done[Link]:
        return await self._orders.once(
            asker,
            key,
            ("link", insurer, user_id, password),
            do=lambda: self._sign_in(asker, insurer, Credentials(user_id=user_id, password=password)),
            again=lambda link: self.get(asker, link),
            name=lambda link: link.id,
        )

    async def answer(self, asker: Asker, link: str, secret: str, *, trust_device: bool, key: str) -> Done[Link]:
        return await self._orders.once(
            asker,
            key,
            ("answer", link, secret, trust_device),
            do=lambda: self._answered(asker, link, Answer(values={ANSWER: secret}, trust_device=trust_device)),
            again=lambda known: self.get(asker, known),
            name=lambda known: known.id,
        )

    async def delete(self, asker: Asker, link: str, *, key: str) -> Done[str]:
        async def again(known: str) -> str | None:
            return known

        return await self._orders.once(
            asker, key, ("unlink", link), do=lambda: self._forgotten(asker, link), again=again, name=str
        )

    async def _sign_in(self, asker: Asker, insurer: InsurerCode, credentials: Credentials) -> Done[Link]:
        async with self._store.reading() as work:
            was = await work.links.at(asker.customer, insurer)
        if (refusal := await self._refusal(asker, insurer)) is not None:
            return Done(thing=was, problems=(refusal,))
        try:
            asked = self._panel[insurer].sign_in(credentials, device=was.access if was else None)
            heard = await self._patience.reading(insurer, asked)
        except InsurerError as error:
            async with self._store.work() as work:
                await self._guard.settled(work, asker.customer, insurer, error, at_the_door=True)
            return Done(thing=was, problems=(_not_signed_in(error),))
        return Done(thing=await self._kept(asker, insurer, heard, hint=masked(credentials.user_id)))

    async def _answered(self, asker: Asker, link: str, answer: Answer) -> Done[Link]:
        was = await self.get(asker, link)
        if was is None or was.challenge is None:
            return Done(thing=was, problems=(NOT_FOUND,))
        if (refusal := await self._refusal(asker, was.insurer)) is not None:
            return Done(thing=was, problems=(refusal,))
        try:
            told = self._panel[was.insurer].answer(was.challenge, answer)
            heard = await self._patience.writing(was.insurer, told)
        except InsurerError as error:
            return Done(thing=await self._not_answered(was, error), problems=(_problem(error, field="answer"),))
        kept = await self._kept(asker, was.insurer, heard, hint=was.user_hint, of=was)
        if kept is None and isinstance(heard, Active):
            await self._end(heard.access)
        return Done(thing=kept, problems=() if kept else (NOT_FOUND,))

    async def _kept(
        self, asker: Asker, insurer: InsurerCode, heard: Asks | Active, *, hint: str | None, of: Link | None = None
    ) -> Link | None:
        """
        Write down what an insurer said to a sign-in, or to an answer to the question *of* a link.

        Of a link that was taken out meanwhile nothing comes back; whoever answered its question is answered None.
        """
        async with self._store.work() as work:
            await self._guard.settled(work, asker.customer, insurer, heard)
            standing = await work.links.at(asker.customer, insurer, held=True)
            if of is not None and (standing is None or standing.id != of.id):
                return None
            if isinstance(heard, Active):
                return await self.opened(work, asker.customer, insurer, heard, hint)
            asked = Link(
                id=standing.id if standing else str(uuid4()),
                customer=asker.customer,
                insurer=insurer,
                state=LinkState.CHALLENGE_PENDING,
                updated_at=self._clock(),
                # An access that still works stays until a better one is there.
                access=standing.access if standing else None,
                user_hint=hint,
                challenge=heard.challenge,
                reads_wait=standing is not None and standing.reads_wait,
            )
            return await _put(work, asked)

    async def _refusal(self, asker: Asker, insurer: InsurerCode) -> Problem | None:
        async with self._store.work() as work:
            return await self._guard.refusal(work, asker.customer, insurer)

    async def _not_answered(self, was: Link, error: InsurerError) -> Link | None:
        """Write down what an answer that did not fit makes of the question, where that still stands."""
        async with self._store.work() as work:
            await self._guard.settled(work, was.customer, was.insurer, error)
            standing = await work.links.get(was.id, held=True)
            # Unlinked, or asked something else, in the meantime.
            if standing is None or standing.challenge != was.challenge:
                return standing
            after = msgspec.structs.replace(_after(standing, error), updated_at=self._clock())
            await work.links.put(after)
        return after

    async def _forgotten(self, asker: Asker, link: str) -> Done[str]:
        async with self._store.work() as work:
            known = await work.links.get(link, held=True)
            if known is None or known.customer != asker.customer:
                return Done(problems=(NOT_FOUND,))
            under_way = [renewal for renewal in await work.renewals.of(asker.customer) if renewal.state in _UNDER_WAY]
            if any(renewal.ref.insurer == known.insurer for renewal in under_way):
                return Done(problems=(_NEEDED,))
            await work.links.delete(link, at=self._clock())
        # Here it is forgotten, whatever the insurer says to it now.
        if known.access is not None:
            await self._end(known.access)
        return Done(thing=link)

    async def _end(self, access: Access) -> None:
        """Have the insurer forget a key that nobody has here any more, where it can be asked."""
        if access.insurer in self._panel:
            with suppress(InsurerError):
                await self._patience.reading(access.insurer, self._panel[access.insurer].forget(access))


# States in which what an insurer says of the account changes something; so it does while a read waits for a passcode,
# which may have died unanswered, and another one went out.
_NOTABLE = frozenset({LinkState.LINKED, LinkState.LOCKED})


# The keywords are fields of a Link; replace() refuses any other name.
def _noted(error: InsurerError) -> Mapping[str, Any] | None:
    match error:
        case AccessDenied():
            return {
                "state": LinkState.CREDENTIALS_REJECTED,
                "challenge": None,
                "reads_wait": False,
                "locked_until": None,
            }
        case NeedsCustomer(challenge=Challenge() as asked):
            return {"state": LinkState.CHALLENGE_PENDING, "challenge": asked, "reads_wait": True, "locked_until": None}
        # A lock without an end is told in the answer, and cannot be kept: nothing would take it back.
        case Locked(until=datetime() as until):
            return {"state": LinkState.LOCKED, "locked_until": until, "challenge": None, "reads_wait": False}
    return None


def _after(link: Link, error: InsurerError) -> Link:
    """Answer the link after its question was answered in vain."""
    match error:
        case Rejected(attempts_left=int() as left) if link.challenge is not None:
            # The question stands; where the insurer tells how often it may still be answered, so do we.
            return msgspec.structs.replace(link, challenge=msgspec.structs.replace(link.challenge, attempts_left=left))
        case Expired() | AccessDenied():
            state = LinkState.LINKED if link.access and isinstance(error, Expired) else LinkState.CREDENTIALS_REJECTED
            return msgspec.structs.replace(link, state=state, challenge=None, reads_wait=False)
    return link


def _is_alive(challenge: Challenge | None, now: datetime) -> bool:
    return challenge is not None and (challenge.expires_at is None or challenge.expires_at > now)


async def _put(work: Work, link: Link) -> Link:
    """Write the link. Another tab may have linked the same account meanwhile; one link is enough."""
    try:
        await work.links.put(link)
    except AlreadyLinked:
        standing = await work.links.at(link.customer, link.insurer)
        link = msgspec.structs.replace(link, id=standing.id) if standing else link
        await work.links.put(link)
    return link


# While one of these stands, the account is needed to send it, or to find out what became of it (P-3).
_UNDER_WAY = frozenset({RenewalState.QUEUED, RenewalState.SUBMITTING, RenewalState.UNCONFIRMED})

_NEEDED = Problem(
    code=ProblemCode.STEP_LOCKED,
    message=Text(
        "申込みの送信または結果の確認が終わるまで、連携を解除できません。先に申込みを取りやめるか、結果をお待ちください。",
        "An application at this insurer is under way. Withdraw it, or wait for its result, before you unlink.",
    ),
    field=("linkId",),
)


def _not_signed_in(error: InsurerError) -> Problem:
    match error:
        case Rejected():
            # It is refused as a whole: nobody learns which half was wrong.
            told = _problem(error, field="password")
            return msgspec.structs.replace(told, code=ProblemCode.CREDENTIALS_REJECTED)
        case Unconfirmed():
            # The insurer may have heard it, which binds nobody: the person may try again.
            return _problem(Unavailable(error.insurer, code=ErrorCode.TIMEOUT))
    return _problem(error)


def _problem(error: InsurerError, *, field: str | None = None) -> Problem:
    return problem(error, field=(field,) if field else (), capability=Capability.POLICY_READ)
