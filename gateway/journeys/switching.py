"""Another insurer's plan was chosen: a new contract is concluded there, and the present one must end (P-1)."""

import asyncio

from gateway.journeys import applied, one_car
from gateway.journeys.one_car import Contract
from gateway.journeys.reading import PanelReading
from gateway.store import Store
from insurers.comparison import ComparedPolicy
from insurers.contact import Contact
from insurers.errors import InsurerError
from insurers.identity import InsurerCode
from insurers.panel import Clock, Panel
from insurers.plan import Plan
from insurers.policy import RenewabilityCode, RenewabilityReason
from insurers.renewal import Renewal
from insurers.term import following
from insurers.text import Text
from schema.problems import Problem

_R = RenewabilityCode

_AN_INSURER = Text("保険会社", "the insurer")


class Switching:
    """Tells the way on: no insurer's pages conclude a first contract for somebody who comes from another."""

    def __init__(self, store: Store, panel: Panel, clock: Clock, reading: PanelReading) -> None:
        self._store = store
        self._panel = panel
        self._clock = clock
        self._reading = reading

    def way_on(self, plan: Plan) -> RenewabilityReason:
        """Answer whom to ask for a plan of another insurer, and by which number."""
        name, desk = self._desk(plan.insurer)
        message = _way_on(name, plan.reference)
        return RenewabilityReason(code=_R.CHANGE_NEEDS_AGENCY, message=message, contact=plan.contact or desk)

    def applied(self, renewal: Renewal) -> Problem | None:
        """Why no other plan of the present insurer can be taken up any more; None while one can."""
        name, desk = self._desk(renewal.ref.insurer)
        return applied.problem(renewal, at=name, contact=renewal.agency or desk)

    async def warning(self, customer: str, policy: ComparedPolicy) -> RenewabilityReason:
        """What would make two contracts of one car, as far as the present insurer tells now."""
        name, desk = self._desk(policy.ref.insurer)
        contact = policy.agency or desk
        # What was applied for here is known also while the present insurer cannot be asked.
        async with self._store.reading() as work:
            renewal = await applied.standing(work, customer, policy)
        if renewal is not None and (known := applied.reason(renewal, at=name, contact=contact)) is not None:
            return known
        contract = await self._contract(customer, policy)
        if contract is None:
            return RenewabilityReason(code=_R.AUTO_RENEWAL_ACTIVE, message=_rider_unknown(name), contact=contact)
        wanted, now = following(policy.maturity), self._clock()
        reason = one_car.reason(contract, wanted, at=name, contact=contact, now=now)
        if reason is not None:
            return reason
        if contract.policy.auto_renewal is None:
            return RenewabilityReason(code=_R.AUTO_RENEWAL_ACTIVE, message=_rider_unknown(name), contact=contact)
        return RenewabilityReason(code=_R.CAR_ALREADY_COVERED, message=_do_not_renew(name), contact=contact)

    def _desk(self, code: InsurerCode) -> tuple[Text, Contact | None]:
        """What an insurer is called and whom to ask there, as long as the operator connects it."""
        insurer = self._panel.get(code)
        if insurer is None:
            return _AN_INSURER, None
        return insurer.manifest.name, next(iter(insurer.manifest.contacts), None)

    async def _contract(self, customer: str, policy: ComparedPolicy) -> Contract | None:
        insurer, number = policy.ref.insurer, policy.ref.number
        try:
            policies, offers = await asyncio.gather(
                self._reading.policies_of(customer, insurer, [number]),
                self._reading.renewal_offers_of(customer, insurer, [number]),
            )
        except InsurerError:
            return None
        found = (policies or {}).get(number)
        return Contract(policy=found, offer=(offers or {}).get(number)) if found else None


def _way_on(at: Text, reference: str | None) -> Text:
    ja, en = (f"（見積番号 {reference}）", f" (quote {reference})") if reference else ("", "")
    return Text(
        f"プランの選択を記録しました。{at.ja}での新しいご契約は、ここからは申し込めません。"
        f"{at.ja}または取扱代理店へ、選んだプラン{ja}をお伝えのうえ、お申し込みください。",
        f"Your choice is written down. A new contract at {at.en} cannot be applied for here: get in touch with that "
        f"insurer, or with an agency of it, and name the plan{en}.",
    )


def _rider_unknown(at: Text) -> Text:
    return Text(
        f"{at.ja}の現在のご契約に自動更新の特約があるかは確認できませんでした。特約があると契約が2つになります。"
        "満期までに、更新しないことを取扱代理店へお申し出ください。",
        f"Whether the present contract at {at.en} renews itself could not be told. If it does, the car has two "
        "contracts: tell its agency before the term ends that you do not renew.",
    )


def _do_not_renew(at: Text) -> Text:
    return Text(
        f"{at.ja}の現在のご契約は、自動では更新されません。お車1台につきご契約は1つです。{at.ja}では更新のお手続きをなさらないでください。",
        f"The present contract at {at.en} does not renew itself, and one car gets one contract: do not renew it there.",
    )
