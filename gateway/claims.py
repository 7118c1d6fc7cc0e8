"""What is due, insurer by insurer, and the leases under which one worker takes it on."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from gateway.store import Claimed, Store, Work
from gateway.store.inquiries import Inquiries
from gateway.store.registrations import Registrations
from gateway.store.renewals import Renewals
from insurers.comparison import Inquiry
from insurers.identity import InsurerCode
from insurers.panel import Clock
from insurers.registration import Registration
from insurers.renewal import Renewal

Claim = Claimed[Renewal] | Claimed[Registration] | Claimed[Inquiry]

# How many journeys one more may be taken on for, of each insurer. A full or unknown one is not in it.
Places = Mapping[InsurerCode, int]


def insurer(claim: Claim) -> InsurerCode:
    journey = claim.aggregate
    return journey.ref.insurer if isinstance(journey, Renewal) else journey.insurer


class Claims:
    """
    One worker's claims on the rows that all workers share.

    Every insurer has places of its own, so one that is slow or down takes none from the others.
    Of these renewals and registrations have the first choice by turns: neither can keep the other waiting.
    What is left is for inquiries, of which a worker takes up only those whose asker is gone: all
    but the last place, so that an application never waits for what somebody wanted to compare.
    """

    def __init__(self, store: Store, clock: Clock, *, places: Places, lease: timedelta) -> None:
        self._store = store
        self._clock = clock
        self._places = places
        self._lease = lease
        self._registrations_first: set[InsurerCode] = set()

    async def take(self, free: Places) -> Sequence[Claim]:
        """Claim what is due now, for as many as there are free places."""
        now, seconds = self._clock(), self._lease.total_seconds()
        taken: list[Claim] = []
        async with self._store.work() as work:
            for code, places in free.items():
                left = places
                for journeys in self._by_turns(work, code):
                    limit = self._for_inquiries(code, left) if isinstance(journeys, Inquiries) else left
                    if limit > 0:
                        found = await journeys.claim(now, lease_seconds=seconds, limit=limit, insurer=code)
                        left -= len(found)
                        taken += found
        return taken

    def _for_inquiries(self, code: InsurerCode, left: int) -> int:
        """Answer how many of the places that are *left* they may take; who has one place in all has it for all."""
        return left - 1 if self._places[code] > 1 else left

    def _by_turns(self, work: Work, code: InsurerCode) -> Sequence[Renewals | Registrations | Inquiries]:
        self._registrations_first ^= {code}
        if code in self._registrations_first:
            return work.registrations, work.renewals, work.inquiries
        return work.renewals, work.registrations, work.inquiries

    async def due(self, free: Places, *, within: timedelta) -> Mapping[InsurerCode, datetime]:
        """Answer when something of each insurer may be claimed next; one is absent that has nothing soon."""
        until = self._clock() + within
        found: dict[InsurerCode, datetime] = {}
        async with self._store.reading() as work:
            for code, left in free.items():
                kinds: list[Renewals | Registrations | Inquiries] = [work.renewals, work.registrations]
                if self._for_inquiries(code, left) > 0:
                    kinds.append(work.inquiries)
                moments = [await journeys.next_at(code, until=until) for journeys in kinds]
                if known := [at for at in moments if at is not None]:
                    found[code] = min(known)
        return found

    async def deadline(self) -> datetime | None:
        """Answer when the next open question of a registration wants a warning, or dies."""
        async with self._store.reading() as work:
            return await work.registrations.next_deadline()

    async def give_back(self, claim: Claim) -> bool:
        """Let another worker take it at once; answer False where the lease is no longer this one."""
        async with self._store.work() as work:
            match claim.aggregate:
                case Renewal(id=id_):
                    return await work.renewals.give_back(id_, claim.lease)
                case Registration(id=id_):
                    return await work.registrations.give_back(id_, claim.lease)
                case Inquiry(id=id_):
                    return await work.inquiries.give_back(id_, claim.lease)
