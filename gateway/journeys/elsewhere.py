"""What the customer has at every other insurer, asked before anything is reviewed (P-1)."""

import asyncio
from collections.abc import Mapping, Sequence

from gateway.journeys import one_car
from gateway.journeys.one_car import Contract
from gateway.journeys.reading import PanelReading
from gateway.store import CarTaken, Store
from insurers import plate
from insurers.errors import InsurerError, NotOnline
from insurers.flow_event import SERVICE
from insurers.identity import InsurerCode, PolicyNumber
from insurers.panel import Clock, Panel
from insurers.policy import RenewabilityReason, RenewalOffer
from insurers.renewal import Renewal
from insurers.term import following
from insurers.text import Text
from schema.problems import Problem


class Elsewhere:
    """Each insurer knows only its own contracts; whether another one covers the car, only we can ask."""

    def __init__(self, store: Store, panel: Panel, clock: Clock, reading: PanelReading) -> None:
        self._store = store
        self._panel = panel
        self._clock = clock
        self._reading = reading

    async def check(self, renewal: Renewal) -> None:
        """
        Pass if no other contract is known that would cover the car in the next term.

        An insurer that does not answer in its time holds nobody up; the history says that it was not asked.

        Raises:
            NotOnline: there is one, or will be by itself; the reason says where, and what to do.
        """
        car = plate.canonical(renewal.plate)
        if car is None:
            await self._tell(renewal, one_car.NO_PLATE)
            return
        others = [code for code in await self._linked(renewal.customer) if code != renewal.ref.insurer]
        answers = await asyncio.gather(*(self._contracts(renewal.customer, code, car) for code in others))
        for code, found in zip(others, answers, strict=True):
            if found is None:
                await self._tell(renewal, one_car.unasked(self._panel[code].manifest.name))
            for contract in found or ():
                if (reason := self._reason(renewal, code, contract)) is not None:
                    raise NotOnline(renewal.ref.insurer, reason=reason)

    def taken(self, renewal: Renewal, error: CarTaken) -> Problem:
        """Tell the customer that another application has the car."""
        other = self._panel.get(error.insurer) if error.insurer else None
        by = other.manifest.name if other else None
        return one_car.taken(renewal.ref.insurer, by=by, contact=None if by else renewal.agency)

    async def _linked(self, customer: str) -> list[InsurerCode]:
        async with self._store.reading() as work:
            return [link.insurer for link in await work.links.of(customer) if link.insurer in self._panel]

    async def _contracts(self, customer: str, code: InsurerCode, car: str) -> list[Contract] | None:
        """Answer what the insurer has on the car; None where it cannot be asked."""
        try:
            policies = await self._reading.policies_of(customer, code, None)
            if policies is None:
                return None
            same = [policy for policy in policies.values() if one_car.car(policy) == car]
            offers = await self._offers(customer, code, [policy.ref.number for policy in same])
        except InsurerError:
            return None
        return [Contract(policy=policy, offer=offers.get(policy.ref.number)) for policy in same]

    async def _offers(
        self, customer: str, code: InsurerCode, numbers: Sequence[PolicyNumber]
    ) -> Mapping[PolicyNumber, RenewalOffer]:
        return (await self._reading.renewal_offers_of(customer, code, numbers) or {}) if numbers else {}

    def _reason(self, renewal: Renewal, code: InsurerCode, contract: Contract) -> RenewabilityReason | None:
        manifest, agency = self._panel[code].manifest, contract.policy.agency
        contact = agency.contact if agency else next(iter(manifest.contacts), None)
        wanted = following(renewal.maturity)
        return one_car.reason(contract, wanted, at=manifest.name, contact=contact, now=self._clock())

    async def _tell(self, renewal: Renewal, summary: Text) -> None:
        async with self._store.work() as work:
            await work.events.append(
                renewal.id, at=self._clock(), actor=SERVICE, summary=summary, topic=f"renewal:{renewal.id}"
            )
