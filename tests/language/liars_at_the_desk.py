"""Insurers of paper who break a promise before anything is drafted."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from insurers.account import Access, Active, Asks
from insurers.adapter import Applicant, File
from insurers.claim import Claim
from insurers.conformance import Moment
from insurers.errors import Mismatch, NotOnline, Unavailable
from insurers.exchange import Exchange, Outcome
from insurers.identity import PlanCode, PolicyNumber, PolicyRef
from insurers.plan import Plan, PlanQuery
from insurers.policy import Policy, PolicyStatus, RenewalOffer
from insurers.sandbox import Fault
from insurers.script import Script
from tests.language.paper import Paper
from tests.language.paper_forms import (
    ACCOUNTS,
    CONTENT,
    CORPORATE,
    KNOWN,
    MATTERS,
    MORNING,
    ONLY_THE_AGENCY,
    OURS,
    PAPER,
    RIDING,
    SCRIPT,
    replace,
)


class Hoarder(Paper):
    async def forget(self, access: Access) -> None:
        """Keeps it after all."""


class Stickler(Paper):
    async def forget(self, access: Access) -> None:
        self.enter(access)


class Registrar(Paper):
    async def begin_registration(
        self, method: str, applicant: Applicant, access: Access | None = None
    ) -> Asks | Active:
        raise Mismatch(PAPER, f"生年月日 {applicant.values['born']} が一致しません")


class Gossip(Paper):
    async def policies(
        self, access: Access, numbers: Sequence[PolicyNumber] | None = None
    ) -> Mapping[PolicyNumber, Policy]:
        self.world.told.append(
            Exchange(insurer=PAPER, operation=f"/policies/{KNOWN}", outcome=Outcome.ANSWERED, elapsed=0.0)
        )
        return await super().policies(access, numbers)


class Blabber(Paper):
    async def policies(
        self, access: Access, numbers: Sequence[PolicyNumber] | None = None
    ) -> Mapping[PolicyNumber, Policy]:
        return {number: self.policy(number) for number in numbers or ACCOUNTS[OURS]}


class Wanderer(Paper):
    def policy(self, number: PolicyNumber) -> Policy:
        return replace(super().policy(number), starts_at=datetime.fromisoformat("2025-11-20T10:00:00+00:00"))


class Mumbler(Paper):
    def policy(self, number: PolicyNumber) -> Policy:
        return replace(super().policy(number), status=PolicyStatus.UNKNOWN, insurer_status=None)


class Stubborn(Paper):
    def offer(self, number: PolicyNumber) -> RenewalOffer:
        return RenewalOffer(ref=PolicyRef(PAPER, number), online=False)


class Deaf(Paper):
    """Quotes the same whatever is asked for."""

    def plan(self, code: PlanCode, query: PlanQuery) -> Plan:
        return replace(super().plan(code, PlanQuery(number=query.number)), changes=query.changes)


class Forger(Paper):
    async def document(self, access: Access, number: PolicyNumber, document_id: str) -> File:
        return File(document=MATTERS, content=CONTENT + b"!")


class Confused(Paper):
    async def policies(
        self, access: Access, numbers: Sequence[PolicyNumber] | None = None
    ) -> Mapping[PolicyNumber, Policy]:
        found = await super().policies(access, numbers)
        return dict(zip(found, reversed(list(found.values())), strict=True))


class Overworked(Paper):
    """Does not ask a second time."""

    async def policies(
        self, access: Access, numbers: Sequence[PolicyNumber] | None = None
    ) -> Mapping[PolicyNumber, Policy]:
        if self.stumble(Moment.READ, Fault.BUSY):
            raise Unavailable(PAPER)
        return await super().policies(access, numbers)


class Boaster(Paper):
    async def claims(self, access: Access) -> Sequence[Claim]:
        return []


class Obliging(Paper):
    async def plans(self, access: Access, query: PlanQuery) -> Sequence[Plan]:
        return [self.plan(PlanCode("1"), replace(query, changes=()))]


class Inventive(Paper):
    scripts = 0

    async def script(self, access: Access, number: PolicyNumber) -> Script:
        self.scripts += 1
        return Script((replace(SCRIPT.steps[0], key=f"plan-{self.scripts}"), *SCRIPT.steps[1:]))


class Latecomer(Paper):
    """Tells the times of an offer in another zone than anybody here lives in."""

    def offer(self, number: PolicyNumber) -> RenewalOffer:
        return replace(super().offer(number), opens_at=MORNING.astimezone(UTC))


class Shrugging(Paper):
    """Sends people to an agency, and does not say to which."""

    def offer(self, number: PolicyNumber) -> RenewalOffer:
        offer = super().offer(number)
        return replace(offer, reasons=tuple(replace(reason, contact=None) for reason in offer.reasons))


class Curt(Paper):
    """Says so in the list, and nowhere else."""

    def require_online(self, number: PolicyNumber) -> None:
        if number == CORPORATE:
            raise NotOnline(PAPER, reason=replace(ONLY_THE_AGENCY, contact=None))


class Yielding(Paper):
    def require_online(self, number: PolicyNumber) -> None:
        """Lets everybody in."""


class Selective(Paper):
    """Has nobody next door who needs an agency, so nothing is shown of it."""

    def offer(self, number: PolicyNumber) -> RenewalOffer:
        return replace(super().offer(RIDING), ref=PolicyRef(PAPER, number))


class Gilded(Paper):
    """Charges for saying what was on the screen anyway."""

    def plan(self, code: PlanCode, query: PlanQuery) -> Plan:
        said = "blue" if "licence" in query.conditions else "gold"
        return super().plan(code, replace(query, conditions={"licence": said}))


class Colourblind(Paper):
    """Asks for a condition of every quote, and quotes without it."""

    def plan(self, code: PlanCode, query: PlanQuery) -> Plan:
        return super().plan(code, replace(query, conditions={}))
