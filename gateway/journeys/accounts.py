"""Accounts at insurers: linked, answered for, forgotten."""

from uuid import uuid4

import msgspec

from gateway.journeys.orders import Orders
from gateway.store import AlreadyLinked, Store
from insurers.account import (
    ANSWER,
    Access,
    Active,
    Answer,
    Asks,
    Credentials,
    Link,
    LinkState,
    masked,
)
from insurers.errors import AccessDenied, Expired, InsurerError, Rejected
from insurers.identity import InsurerCode
from insurers.panel import Clock, Panel
from schema.ports import Asker, Done
from schema.problems import NOT_FOUND, Problem, ProblemCode, problem


class Accounts:
    """The desk for linked accounts, and the one place that hands out an access."""

    def __init__(self, store: Store, panel: Panel, clock: Clock, orders: Orders) -> None:
        self._store = store
        self._panel = panel
        self._clock = clock
        self._orders = orders

    async def access(self, customer: str, insurer: InsurerCode) -> Access | None:
        """Answer the key to this customer's account, or None where none is open."""
        async with self._store.reading() as work:
            link = await work.links.at(customer, insurer)
        return link.access if link is not None else None

    async def noted(self, customer: str, error: InsurerError) -> None:
        """Note it when an *error* says that our access is no longer taken: the customer must sign in again."""
        if not isinstance(error, AccessDenied):
            return
        async with self._store.work() as work:
            link = await work.links.at(customer, error.insurer)
            if link is not None and link.state is LinkState.LINKED:
                state = LinkState.CREDENTIALS_REJECTED
                await work.links.put(msgspec.structs.replace(link, state=state, updated_at=self._clock()))

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
        return found if found is not None and found.customer == asker.customer else None

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
        try:
            heard = await self._panel[insurer].sign_in(credentials, device=was.access if was else None)
        except Rejected as error:
            return Done(thing=was, problems=(_rejected(error),))
        except InsurerError as error:
            return Done(thing=was, problems=(problem(error),))
        return Done(thing=await self._kept(asker, insurer, heard, was, hint=masked(credentials.user_id)))

    async def _answered(self, asker: Asker, link: str, answer: Answer) -> Done[Link]:
        was = await self.get(asker, link)
        if was is None or was.challenge is None:
            return Done(thing=was, problems=(NOT_FOUND,))
        try:
            heard = await self._panel[was.insurer].answer(was.challenge, answer)
        except Expired as error:
            return Done(thing=await self._unasked(was), problems=(problem(error, field=("answer",)),))
        except Rejected as error:
            return Done(thing=await self._tried(was, error), problems=(problem(error, field=("answer",)),))
        except InsurerError as error:
            return Done(thing=was, problems=(problem(error, field=("answer",)),))
        return Done(thing=await self._kept(asker, was.insurer, heard, was, hint=was.user_hint))

    async def _kept(
        self, asker: Asker, insurer: InsurerCode, heard: Asks | Active, was: Link | None, *, hint: str | None
    ) -> Link:
        match heard:
            case Active():
                link = self.linked(asker.customer, insurer, heard, was=was)
                link = msgspec.structs.replace(link, user_hint=link.user_hint or hint)
            case Asks(challenge):
                link = Link(
                    id=was.id if was else str(uuid4()),
                    customer=asker.customer,
                    insurer=insurer,
                    state=LinkState.CHALLENGE_PENDING,
                    updated_at=self._clock(),
                    # An access that still works stays until a better one is there.
                    access=was.access if was else None,
                    user_hint=hint,
                    challenge=challenge,
                )
        async with self._store.work() as work:
            try:
                await work.links.put(link)
            except AlreadyLinked:
                # Another tab linked the same account meanwhile; both opened it, and one link is enough.
                standing = await work.links.at(asker.customer, insurer)
                link = msgspec.structs.replace(link, id=standing.id) if standing else link
                await work.links.put(link)
        return link

    async def _tried(self, was: Link, error: Rejected) -> Link:
        """The question stands; where the insurer tells how often it may still be answered, so do we."""
        if was.challenge is None or error.attempts_left is None:
            return was
        challenge = msgspec.structs.replace(was.challenge, attempts_left=error.attempts_left)
        link = msgspec.structs.replace(was, challenge=challenge, updated_at=self._clock())
        async with self._store.work() as work:
            await work.links.put(link)
        return link

    async def _unasked(self, was: Link) -> Link:
        state = LinkState.LINKED if was.access else LinkState.CREDENTIALS_REJECTED
        link = msgspec.structs.replace(was, state=state, challenge=None, updated_at=self._clock())
        async with self._store.work() as work:
            await work.links.put(link)
        return link

    async def _forgotten(self, asker: Asker, link: str) -> Done[str]:
        if await self.get(asker, link) is None:
            return Done(problems=(NOT_FOUND,))
        async with self._store.work() as work:
            await work.links.delete(link)
        return Done(thing=link)


def _rejected(error: Rejected) -> Problem:
    """A sign-in that is refused is refused as a whole: nobody learns which half was wrong."""
    told = problem(error, field=("password",))
    return msgspec.structs.replace(told, code=ProblemCode.CREDENTIALS_REJECTED)
