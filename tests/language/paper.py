"""An insurer of paper, in memory, as honest as can be; and the fixtures under which it keeps its promises."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from insurers.account import Access, Active, Answer, Asks, Challenge, Credentials
from insurers.adapter import Applicant, File
from insurers.claim import Claim
from insurers.conformance import Moment, Trouble, Wait, complete
from insurers.conformance_draft import referrals
from insurers.errors import (
    AccessDenied,
    Changed,
    Drifted,
    Duplicate,
    ErrorCode,
    Mismatch,
    NotOffered,
    NotOnline,
    Rejected,
    Unavailable,
    Unconfirmed,
)
from insurers.exchange import Exchange, Outcome
from insurers.identity import PlanCode, PolicyNumber, PolicyRef, SuccessorNumber
from insurers.plan import PlanQuery, PremiumNature
from insurers.policy import ContractForm, Policy, PolicyStatus, RenewabilityCode, RenewabilityReason, RenewalOffer
from insurers.renewal import Draft, Proposal
from insurers.sandbox import Fault
from insurers.script import Script
from insurers.vehicle import NonFleetGrade
from tests.language.paper_feed import OFFICE, Feeds, PaperFeed
from tests.language.paper_forms import (
    ACCOUNTS,
    CARD,
    CONTENT,
    CORPORATE,
    ENDED,
    KNOWN,
    MATTERS,
    MATURITY,
    METHOD,
    MORNING,
    NEXT_DOOR,
    ONLY_THE_AGENCY,
    OURS,
    PAPER,
    RIDING,
    SCRIPT,
    UNKNOWN,
    WORD,
    replace,
)
from tests.language.paper_plans import CAR, DRIVERS, USUAL, PaperPlans, own_damage


@dataclass
class World:
    """What an insurer of paper keeps, whoever speaks with it."""

    signed: dict[PolicyNumber, SuccessorNumber] = field(default_factory=dict)
    troubles: list[tuple[Moment, Fault]] = field(default_factory=list)
    told: list[Exchange] = field(default_factory=list)
    ended: set[Access] = field(default_factory=set)
    waited: timedelta = timedelta()
    feeds: Feeds = field(default_factory=Feeds)


class Paper(PaperPlans, PaperFeed):
    """An insurer of paper, in memory: as honest as can be, and as small."""

    manifest = CARD

    def __init__(self, beside: "Paper | None" = None) -> None:
        self.world: World = beside.world if beside else World()
        super().__init__(self.world.feeds)

    def enter(self, access: Access) -> None:
        if access not in ACCOUNTS or access in self.world.ended:
            raise AccessDenied(PAPER)

    def require_online(self, number: PolicyNumber) -> None:
        if number == CORPORATE:
            raise NotOnline(PAPER, reason=ONLY_THE_AGENCY)

    def stumble(self, moment: Moment, *faults: Fault) -> Fault | None:
        for fault in faults:
            if (moment, fault) in self.world.troubles:
                self.world.troubles.remove((moment, fault))
                return fault
        return None

    async def forget(self, access: Access) -> None:
        self.world.ended.add(access)

    async def begin_registration(
        self, method: str, applicant: Applicant, access: Access | None = None
    ) -> Asks | Active:
        if method != METHOD.key:
            raise NotOffered(PAPER)
        raise Mismatch(PAPER, "一致しません")

    async def sign_in(self, credentials: Credentials, device: Access | None = None) -> Asks | Active:
        raise NotOffered(PAPER)

    async def answer(self, challenge: Challenge, answer: Answer) -> Asks | Active:
        raise NotOffered(PAPER)

    async def policies(
        self, access: Access, numbers: Sequence[PolicyNumber] | None = None
    ) -> Mapping[PolicyNumber, Policy]:
        self.enter(access)
        if self.stumble(Moment.READ, Fault.SILENCE):
            raise Unavailable(PAPER)
        if self.stumble(Moment.READ, Fault.GIBBERISH):
            raise Drifted(PAPER)
        self.world.told.append(
            Exchange(insurer=PAPER, operation="/policies/{number}", outcome=Outcome.ANSWERED, elapsed=0.0)
        )
        mine = [number for number in ACCOUNTS[access] if numbers is None or number in numbers]
        return {number: self.policy(number) for number in mine}

    def policy(self, number: PolicyNumber) -> Policy:
        return Policy(
            ref=PolicyRef(PAPER, number),
            status=PolicyStatus.IN_FORCE,
            insurer_status="有効",
            starts_at=MORNING.replace(year=2025),
            ends_at=MATURITY,
            form=ContractForm.INDIVIDUAL,
            vehicle=CAR,
            driver_scope=DRIVERS,
            grade=NonFleetGrade(grade=15, accident_term=0),
            coverages=(own_damage(USUAL),),
            successor=self.world.signed.get(number),
        )

    async def renewal_offers(
        self, access: Access, numbers: Sequence[PolicyNumber]
    ) -> Mapping[PolicyNumber, RenewalOffer]:
        return {number: self.offer(number) for number in await self.policies(access, numbers)}

    def offer(self, number: PolicyNumber) -> RenewalOffer:
        successor, ref = self.world.signed.get(number), PolicyRef(PAPER, number)
        if successor or number == ENDED:
            renewed = RenewabilityReason(code=RenewabilityCode.ALREADY_RENEWED, message=WORD)
            return RenewalOffer(ref=ref, online=False, reasons=(renewed,), successor=successor)
        if number == CORPORATE:
            return RenewalOffer(ref=ref, online=False, reasons=(ONLY_THE_AGENCY,))
        offer = RenewalOffer(ref=ref, online=True, opens_at=MORNING, closes_at=MATURITY)
        riding = {"decline_by": MATURITY - timedelta(days=7), "late_until": MATURITY + timedelta(days=30)}
        return replace(offer, **riding) if number == RIDING else offer

    async def script(self, access: Access, number: PolicyNumber) -> Script:
        self.enter(access)
        self.require_online(number)
        return SCRIPT

    async def rehearse(self, access: Access, draft: Draft) -> Proposal:
        self.enter(access)
        if self.stumble(Moment.WALK, Fault.SILENCE, Fault.BUSY):
            raise Unavailable(PAPER)
        if self.stumble(Moment.WALK, Fault.GIBBERISH):
            raise Drifted(PAPER)
        self.refer(draft)
        now = self.plan(draft.plan.code, self.asked(draft))
        if draft.plan.fingerprint != now.fingerprint:
            raise Changed(PAPER, code=ErrorCode.PREMIUM_CHANGED)
        if draft.documents != (MATTERS,):
            raise Changed(PAPER, code=ErrorCode.DOCUMENT_CHANGED)
        return Proposal(
            ref=PolicyRef(PAPER, draft.number),
            draft=draft,
            plan=replace(now, premium=replace(now.premium, nature=PremiumNature.BINDABLE)),
            documents=(MATTERS,),
            statement="申し込む",
            rehearsed_at=MORNING,
        )

    def asked(self, draft: Draft) -> PlanQuery:
        licence = str(draft.values.get("licence", "gold"))
        return PlanQuery(number=draft.number, changes=draft.plan.changes, conditions={"licence": licence})

    def refer(self, draft: Draft) -> None:
        for needs, referral in referrals(SCRIPT):
            said = str(draft.values[needs.key])
            if said in referral.when or (referral.at_least and int(said) >= referral.at_least):
                reason = RenewabilityReason(code=referral.code, message=referral.message, contact=referral.contact)
                raise NotOnline(PAPER, reason=reason)

    async def apply(self, access: Access, proposal: Proposal, key: UUID) -> SuccessorNumber:
        number = proposal.ref.number
        if number in self.world.signed:
            raise Duplicate(PAPER)
        self.agree(await self.rehearse(access, proposal.draft), proposal)
        if self.stumble(Moment.APPLY, Fault.BUSY):
            raise Unavailable(PAPER)
        if self.stumble(Moment.APPLY, Fault.LOST):
            raise Unconfirmed(PAPER)
        self.world.signed[number] = SuccessorNumber("N1")
        if self.stumble(Moment.APPLY, Fault.SILENCE, Fault.GIBBERISH):
            raise Unconfirmed(PAPER)
        return self.world.signed[number]

    def agree(self, present: Proposal, agreed: Proposal) -> None:
        if present.plan.fingerprint != agreed.plan.fingerprint:
            raise Changed(PAPER, code=ErrorCode.PREMIUM_CHANGED)
        if present.fingerprint != agreed.fingerprint:
            raise Changed(PAPER, code=ErrorCode.DOCUMENT_CHANGED)

    async def outcome(self, access: Access, proposal: Proposal, key: UUID) -> SuccessorNumber | None:
        return self.world.signed.get(proposal.ref.number)

    async def claims(self, access: Access) -> Sequence[Claim]:
        raise NotOffered(PAPER)

    async def document(self, access: Access, number: PolicyNumber, document_id: str) -> File:
        if document_id != MATTERS.id:
            raise Rejected(PAPER)
        return File(document=MATTERS, content=CONTENT)


def order(paper: Paper) -> Trouble:
    async def trouble(moment: Moment, fault: Fault, *, times: int = 1) -> None:
        paper.world.troubles += [(moment, fault)] * times

    return trouble


def calendar(paper: Paper) -> Wait:
    async def wait(time: timedelta) -> None:
        paper.world.waited += time

    return wait


# Any: fixtures of every type, by name.
def fixtures(paper: Paper) -> dict[str, Any]:
    plan = Paper().plan(PlanCode("1"), PlanQuery(number=KNOWN))
    return {
        "insurer": paper,
        "another": type(paper)(paper),
        "access": OURS,
        "neighbours": [NEXT_DOOR],
        "known": KNOWN,
        "unknown": UNKNOWN,
        "draft": complete(KNOWN, plan, SCRIPT),
        "trouble": order(paper),
        "wait": calendar(paper),
        "told": paper.world.told,
        "method": METHOD.key,
        "agency": OFFICE,
        "spoil": paper.world.feeds.spoil,
        "outdate": paper.world.feeds.outdate,
        "at_hand": paper.world.feeds.content(),
        "stranger": Applicant(values={"born": "1975-01-02", "password": "Himitsu-1"}),
    }
