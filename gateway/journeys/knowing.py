"""
Whose policies are whose, and when their renewals open: written down when an account is read, and looked up when an
agent asks.

Accounts of customers who let an agency act are read for it once; one whose insurer cannot be asked
now is read later, and that is a chore.
"""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta

from gateway.journeys.accounts import Key
from gateway.store import Store, Work
from gateway.store.known_policies import Proved, Unread
from insurers.errors import InsurerError, NotOffered
from insurers.identity import InsurerCode, PolicyNumber, PolicyRef
from insurers.panel import Clock
from insurers.policy import Policy, RenewalOffer

# How long to wait after the first, second, … time that an insurer could not be asked.
AGAIN_AFTER = (timedelta(minutes=2), timedelta(minutes=15), timedelta(hours=1), timedelta(hours=6))
# Then the account is left until its customer, or a new consent, has it read.
MOST_ATTEMPTS = 12

Read = Callable[[str, InsurerCode, None], Awaitable[Mapping[PolicyNumber, Policy] | None]]
Offers = Callable[[str, InsurerCode, Sequence[PolicyNumber]], Awaitable[object]]


class Known:
    """Notes what an account proved, and what the whole of it proves no more. What was noted is not noted again."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def note(self, key: Key, numbers: Collection[PolicyNumber], *, whole: bool) -> None:
        """
        Note the policies with these *numbers*, which the account told that *key* opened, or that they are the *whole*.

        Noted is only what this reading changed in what was proved before. Whatever others found meanwhile is theirs to
        note; and an account that was taken out by then proves nothing, even where it was linked anew, nor does one that
        another key opens by then.
        """
        customer, insurer = key.link.customer, key.link.insurer
        told = {self._store.fingerprint(PolicyRef(insurer, number)): number for number in numbers}
        fresh = [number for print_, number in told.items() if print_ not in key.proved]
        gone = key.proved.keys() - told.keys() if whole else frozenset[str]()
        if not fresh and not gone:
            return
        async with self._store.work() as work:
            link = await work.links.at(customer, insurer, held=True)
            if link is None or (link.id, link.access) != (key.link.id, key.access):
                return
            await work.known.note(customer, insurer, fresh, at=self._clock(), gone=gone)
            if whole:
                await work.known.forget_unread(customer, insurer)

    async def hear(self, insurer: InsurerCode, proved: Proved, offers: Collection[RenewalOffer]) -> None:
        """Note when the renewals of policies that were *proved* open, where *offers* say otherwise than was known."""
        now = self._clock()
        if not any(proved.values()) and not any(_opening(offer, now) for offer in offers):
            return
        told = {self._store.fingerprint(offer.ref): _opening(offer, now) for offer in offers}
        otherwise = {print_: at for print_, at in told.items() if print_ in proved and proved[print_] != at}
        if otherwise:
            async with self._store.work() as work:
                await work.known.hear(insurer, otherwise, at=now)

    async def refused(self, customer: str, offer: RenewalOffer) -> None:
        """Note what an offer said that was no ground to begin upon."""
        insurer = offer.ref.insurer
        async with self._store.reading() as work:
            proved = await work.known.proved(customer, insurer)
        await self.hear(insurer, proved, [offer])


def _opening(offer: RenewalOffer, now: datetime) -> datetime | None:
    """Answer when the insurer opens a renewal; None where it has, or does not say."""
    opens_at = offer.opens_at
    return opens_at if opens_at is not None and opens_at > now and not offer.online else None


class Knowing:
    """Reads the accounts of customers who let an agency act. *read* and *offers* note what they read."""

    name = "unread_accounts"

    def __init__(self, store: Store, clock: Clock, read: Read, offers: Offers) -> None:
        self._store = store
        self._clock = clock
        self._read = read
        self._offers = offers

    async def wanted(self, work: Work, customer: str) -> None:
        """Have all accounts of this customer read, in the transaction that is open, should nobody do it at once."""
        for link in await work.links.of(customer):
            if link.access is not None:
                await work.known.to_be_read(customer, link.insurer, at=self._clock() + AGAIN_AFTER[0])

    async def now(self, customer: str) -> None:
        """Read all accounts of this customer, each within its insurer's own time."""
        async with self._store.reading() as work:
            links = await work.links.of(customer)
            wished = await work.known.unread_of(customer)
        opened = [link.insurer for link in links if link.access is not None]
        await asyncio.gather(*(self._try(customer, insurer, wished.get(insurer)) for insurer in opened))

    async def due(self) -> datetime | None:
        async with self._store.reading() as work:
            return await work.known.next_unread()

    async def turn(self) -> int:
        now = self._clock()
        async with self._store.work() as work:
            claimed = await work.known.claim_unread(now, again_after=_again_after)
        if claimed is None:
            return 0
        if not await self._try(claimed.customer, claimed.insurer, claimed) and claimed.attempts >= MOST_ATTEMPTS:
            async with self._store.work() as work:
                await work.known.was_read(claimed)
        return 1

    async def _try(self, customer: str, insurer: InsurerCode, wished: Unread | None) -> bool:
        with suppress(InsurerError):
            policies = await self._read(customer, insurer, None)
            if policies:
                with suppress(NotOffered):
                    await self._offers(customer, insurer, list(policies))
            if wished is not None:
                # Who signed in meanwhile has another account read, maybe.
                async with self._store.work() as work:
                    await work.known.was_read(wished)
            return True
        return False


def _again_after(attempts: int) -> timedelta:
    return AGAIN_AFTER[min(attempts, len(AGAIN_AFTER) - 1)]
