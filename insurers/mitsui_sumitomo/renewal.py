"""Asking, rehearsing and applying: what is done on each walk through e-G1."""

import hashlib
from uuid import UUID

from msgspec.structs import replace

from insurers.account import Access
from insurers.adapter import File
from insurers.document import Document
from insurers.errors import Changed, Duplicate, ErrorCode, NotOnline, Rejected
from insurers.identity import PolicyNumber, PolicyRef, SuccessorNumber
from insurers.mitsui_sumitomo import (
    conditions,
    covers,
    final_review,
    mapping,
    matters,
    renewability,
    script,
    walk,
)
from insurers.mitsui_sumitomo.account import Sessions
from insurers.mitsui_sumitomo.line import Line
from insurers.mitsui_sumitomo.mapping import CODE
from insurers.mitsui_sumitomo.quotes import Quotes
from insurers.mitsui_sumitomo.times import moment
from insurers.mitsui_sumitomo.walk import Walk
from insurers.mitsui_sumitomo.wire import eg1, values
from insurers.panel import Clock
from insurers.plan import PlanQuery
from insurers.renewal import Draft, Proposal
from insurers.script import Script


class Renewals:
    """Every renewal is walked from the door; nothing is carried from one walk to the next."""

    def __init__(self, line: Line, sessions: Sessions, quotes: Quotes, clock: Clock) -> None:
        self._line = line
        self._sessions = sessions
        self._quotes = quotes
        self._clock = clock

    async def script(self, access: Access, number: PolicyNumber) -> Script:
        through = await self._enter(access, number)
        shown = await through.conditions()
        asked = await through.matters()
        try:
            return script.script(shown, asked)
        except ValueError:
            raise self._line.unreadable() from None

    async def document(self, access: Access, number: PolicyNumber, document_id: str) -> File:
        """Fetch a document that a renewal gives out; it is to be had only within one."""
        through = await self._enter(access, number)
        paper = mapping.document((await through.matters()).shorui)
        if paper.id != document_id:
            raise Rejected(CODE, code=ErrorCode.INPUT_REFUSED)
        return file(paper, await through.document(paper.id), self._line)

    async def rehearse(self, access: Access, draft: Draft) -> Proposal:
        _, _, proposal = await self._to_the_button(access, draft)
        return proposal

    async def apply(self, access: Access, proposal: Proposal, key: UUID) -> SuccessorNumber:
        try:
            through, screen, present = await self._to_the_button(access, proposal.draft)
        except Duplicate:
            # It may have been this very application, of which we never heard.
            if successor := await self.outcome(access, proposal, key):
                return successor
            raise
        if present.fingerprint != proposal.fingerprint:
            # Premium and documents were compared on the way, so it is the consent text.
            raise Changed(CODE, code=ErrorCode.DOCUMENT_CHANGED)
        return self._successor(await through.apply(screen, key), proposal, writes=True)

    async def outcome(self, access: Access, proposal: Proposal, key: UUID) -> SuccessorNumber | None:
        heard = await self._sessions.ask(
            access,
            "GET",
            f"/portal/keizoku/moshikomi/{key}",
            operation="/portal/keizoku/moshikomi/{key}",
            allows="application-unknown",
        )
        return None if heard.refused else self._successor(heard.read(eg1.Moshikomi), proposal)

    def _successor(self, receipt: eg1.Moshikomi, proposal: Proposal, *, writes: bool = False) -> SuccessorNumber:
        """Read a receipt; one for another contract, or without a successor, tells nothing of this application."""
        if receipt.shoken_no != str(proposal.ref.number) or not receipt.keizokugo_shoken_no:
            raise self._line.unreadable(writes=writes)
        return SuccessorNumber(receipt.keizokugo_shoken_no)

    async def _to_the_button(self, access: Access, draft: Draft) -> tuple[Walk, eg1.SaishuKakunin, Proposal]:
        """Walk all of it as the draft says, comparing what the customer saw, and stop before the button."""
        through = await self._enter(access, draft.number)
        joken = await self._confirm_conditions(through, draft)
        await self._decide(through, draft)
        await self._declare(through, draft)
        screen = await self._finish(through, draft, joken)
        return through, screen, self._proposal(screen, draft)

    async def _confirm_conditions(self, through: Walk, draft: Draft) -> values.Joken:
        reality = draft.values.get(conditions.REALITY)
        if reality == conditions.DIFFERS:
            agency = (await through.conditions()).toriatsukai_dairiten
            raise NotOnline(CODE, reason=renewability.reason(renewability.NOT_CHANGEABLE, agency))
        if reality != conditions.AS_SHOWN or not script.confirmed(draft.values, conditions.CONFIRMED):
            raise Rejected(CODE, code=ErrorCode.CONFIRMATION_REQUIRED)
        if corrected := conditions.answered(draft.values):
            return await self._quotes.correct(through, corrected, confirmed=True)
        return (await through.tell_conditions({}, confirmed=True)).joken

    async def _decide(self, through: Walk, draft: Draft) -> None:
        query = PlanQuery(number=draft.number, plan=draft.plan.code, changes=draft.plan.changes)
        offered = await through.plans()
        try:
            chosen = await self._quotes.edited(through, offered, query)
        except Rejected as refusal:
            # What was quoted is not to be had any more.
            raise Changed(CODE, refusal.words, code=ErrorCode.PLAN_NOT_OFFERED) from None
        if self._quotes.read(chosen, draft.plan.position, through, query).fingerprint != draft.plan.fingerprint:
            raise Changed(CODE, code=ErrorCode.PREMIUM_CHANGED)
        await through.decide(chosen)

    async def _declare(self, through: Walk, draft: Draft) -> None:
        asked = await through.matters()
        paper = mapping.document(asked.shorui)
        if not any((paper.id, paper.sha256) == (read.id, read.sha256) for read in draft.documents):
            raise Changed(CODE, code=ErrorCode.DOCUMENT_CHANGED)
        # The insurer wants to see it opened in this session (WIRE.md §6.11).
        await through.document(paper.id)
        try:
            answers = matters.declarations(draft.values, asked)
        except ValueError:
            raise self._line.unreadable() from None
        await through.declare(asked, answers, kept=script.confirmed(draft.values, matters.KEPT))

    async def _finish(self, through: Walk, draft: Draft, joken: values.Joken) -> eg1.SaishuKakunin:
        screen = await through.review()
        if not final_review.as_confirmed(screen, joken):
            raise self._line.unreadable()
        if screen.hokenryo_henko:
            raise Changed(CODE, code=ErrorCode.PREMIUM_CHANGED)
        try:
            cars = final_review.cars(draft.values)
        except ValueError:
            raise Rejected(CODE, code=ErrorCode.CONFIRMATION_REQUIRED) from None
        return await through.finish(
            steps=final_review.final_steps(draft.values), cars=cars, certificate=final_review.certificate(draft.values)
        )

    def _proposal(self, screen: eg1.SaishuKakunin, draft: Draft) -> Proposal:
        try:
            expires = screen.hokenryo.yuko_kigen
            bound = replace(
                draft.plan,
                premium=covers.premium(screen.hokenryo),
                quoted_at=self._clock(),
                valid_until=moment(expires) if expires else None,
            )
            shown = replace(bound, coverages=tuple(covers.coverage(line) for line in screen.hosho))
        except ValueError:
            raise self._line.unreadable() from None
        if str(screen.plan_no) != draft.plan.code or shown.fingerprint != draft.plan.fingerprint:
            raise Changed(CODE, code=ErrorCode.PREMIUM_CHANGED)
        return Proposal(
            ref=PolicyRef(CODE, draft.number),
            draft=draft,
            plan=bound,
            documents=(mapping.document(screen.shorui),),
            statement=screen.doi_bun,
            rehearsed_at=self._clock(),
        )

    async def _enter(self, access: Access, number: PolicyNumber) -> Walk:
        return await walk.enter(self._line, self._sessions, access, number)


def file(paper: Document, content: bytes, line: Line) -> File:
    """Answer a document whose bytes are those that the insurer announced."""
    if hashlib.sha256(content).hexdigest() != paper.sha256:
        raise line.unreadable()
    return File(document=paper, content=content)
