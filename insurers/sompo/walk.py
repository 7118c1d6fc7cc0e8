"""The steps of a renewal, walked from a draft up to the button (SJ-REN-01 to SJ-REN-09)."""

import hashlib
from collections.abc import Callable
from datetime import date
from itertools import pairwise

from msgspec import Struct
from msgspec.structs import replace

from insurers.document import Document
from insurers.errors import Changed, ErrorCode, Rejected
from insurers.plan import Plan, PlanQuery, PremiumNature
from insurers.renewal import Draft
from insurers.sompo.code import CODE
from insurers.sompo.desk import Desk
from insurers.sompo.mapping import replies
from insurers.sompo.quoting import Quoted, quoted
from insurers.sompo.script import document, read_course
from insurers.sompo.wire import contracts, says
from insurers.sompo.wire.lines import Answer, Request
from insurers.sompo.wire.procedure import IMPORTANT_MATTERS, Course, Juyou, Kaisi, Kettei, Stage, Tugi

# What the steps answer, §8.3; the rest answer only what comes next.
ANSWERS: dict[str, type[Tugi | Kettei | Juyou]] = {"07": Kettei, IMPORTANT_MATTERS: Juyou}


class Button(Struct, frozen=True):
    """What the button would sign. Saying `press` signs it."""

    plan: Plan
    documents: tuple[Document, ...]
    press: Request


class Walk:
    """One procedure of one session. Nothing is signed in it, so it may be done over."""

    def __init__(self, desk: Desk, token: str, draft: Draft) -> None:
        self._desk = desk
        self._token = token
        self._draft = draft
        self._number = str(draft.number)

    async def to_the_button(self) -> Button:
        """
        Answer all steps from the draft.

        Raises:
            Changed: the plan or a document is not what the draft says.
            Rejected: an answer is missing, or is refused.
        """
        course = await self._desk.ask(says.steps(self._token, self._number), read_course)
        documents = _unrevised(self._draft, course)
        quote = await self._unmoved()
        number = await self._started(course.stages[0], quote)
        for stage, following in pairwise(course.stages):
            await self._answered(number, stage, following, course, quote)
        return Button(
            plan=replace(quote.plan, premium=replace(quote.plan.premium, nature=PremiumNature.BINDABLE)),
            documents=documents,
            press=says.application(
                self._token,
                number,
                replies.fields(course.stages[-1], self._draft.values, quote.number),
                quote_no=quote.number,
                premium=str(quote.plan.premium.total.amount),
                document_no=course.paper.syorui_no,
                sha256=course.paper.sha256,
            ),
        )

    async def _unmoved(self) -> Quoted:
        """Quotes outlive their session, but a draft that is older than its quote is as good as any."""
        plan = self._draft.plan
        query = PlanQuery(number=self._draft.number, plan=plan.code, changes=plan.changes)
        quotes = await quoted(self._desk, self._token, query)
        quote = next((quote for quote in quotes if quote.plan.code == plan.code), None)
        if quote is None or quote.plan.fingerprint != plan.fingerprint or _dues(quote.plan) != _dues(plan):
            raise Changed(CODE, code=ErrorCode.PREMIUM_CHANGED)
        return quote

    async def _started(self, first: Stage, quote: Quoted) -> str:
        """
        Begin, naming the inception of the current term, so that the right contract is meant (SJ-REN-20).

        That is the term which ends where the quoted one begins, and no other (P-9).
        """
        listed = await self._desk.ask(says.renewal_list(self._token, [self._number]), contracts.renewal_list)
        term = next((record for record in listed if record.syoken_no == self._number), None)
        if term is None or term.manki_ymd != quote.inception:
            raise Rejected(CODE, code=ErrorCode.CONTRACT_NOT_ELIGIBLE)

        def read(answer: Answer) -> str:
            begun = answer.sound().head(Kaisi)
            _due(begun.tugi_step, first)
            return begun.tetuzuki_no

        return await self._desk.ask(says.start(self._token, self._number, term.siki_ymd), read)

    async def _answered(self, number: str, stage: Stage, following: Stage, course: Course, quote: Quoted) -> None:
        code = stage.step.step_cd
        fields = replies.fields(stage, self._draft.values, quote.number)
        if code == IMPORTANT_MATTERS:
            await self._opened(number, course)
            fields = [("SYORUI_NO", course.paper.syorui_no), ("SHA256", course.paper.sha256), *fields]
        reply = await self._desk.ask(
            says.step(code, self._token, number, fields), _step(ANSWERS.get(code, Tugi), following)
        )
        if isinstance(reply, Juyou):
            _same(reply, course, quote)

    async def _opened(self, number: str, course: Course) -> None:
        """The insurer notes that the document was opened in this procedure (SJ-REN-09)."""
        reply = await self._desk.fetch(says.document(self._token, course.paper.syorui_no, number))
        if hashlib.sha256(reply.body).hexdigest() != course.paper.sha256:
            raise Changed(CODE, code=ErrorCode.DOCUMENT_CHANGED)


def _dues(plan: Plan) -> list[date]:
    """The days that tell one term's quote from another's: a draft carries no other day of its term."""
    return [part.due_on for part in plan.premium.instalments]


def _unrevised(draft: Draft, course: Course) -> tuple[Document, ...]:
    listed = [document(paper) for stage in course.stages for paper in stage.syorui]
    current = {(paper.id, paper.sha256) for paper in listed}
    read = {(paper.id, paper.sha256) for paper in draft.documents}
    if not read <= current or (course.paper.syorui_no, course.paper.sha256) not in read:
        raise Changed(CODE, code=ErrorCode.DOCUMENT_CHANGED)
    return tuple(paper for paper in listed if (paper.id, paper.sha256) in read)


def _step(kind: type[Tugi | Kettei | Juyou], following: Stage) -> Callable[[Answer], Tugi | Kettei | Juyou]:
    def read(answer: Answer) -> Tugi | Kettei | Juyou:
        said = answer.sound().head(kind)
        _due(said.tugi_step, following)
        return said

    return read


def _due(code: str, stage: Stage) -> None:
    if code != stage.step.step_cd:
        raise ValueError("another step is due than the one that we know")


def _same(signing: Juyou, course: Course, quote: Quoted) -> None:
    """What the insurer would sign is what the draft says, to the yen and to the edition."""
    if (signing.sisan_no, signing.hokenryo) != (quote.number, str(quote.plan.premium.total.amount)):
        raise Changed(CODE, code=ErrorCode.PREMIUM_CHANGED)
    if (signing.syorui_no, signing.sha256) != (course.paper.syorui_no, course.paper.sha256):
        raise Changed(CODE, code=ErrorCode.DOCUMENT_CHANGED)
