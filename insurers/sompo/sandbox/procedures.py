"""The renewal procedure, from 更新のご案内 to 重要事項等確認 (WIRE.md §8.3)."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from aiohttp import web

from insurers.sompo.sandbox import forms, office
from insurers.sompo.sandbox.book import DECLARATION_APPLIES
from insurers.sompo.sandbox.contracts import Contract, Drivers
from insurers.sompo.sandbox.dates import months_after, ymd
from insurers.sompo.sandbox.forms import Form
from insurers.sompo.sandbox.lines import Line
from insurers.sompo.sandbox.members import Session
from insurers.sompo.sandbox.office import Office
from insurers.sompo.sandbox.papers import Paper
from insurers.sompo.sandbox.quotes import Quote
from insurers.sompo.sandbox.replies import Refusal, reply
from insurers.sompo.sandbox.steps import AFTER, BY_PATH, FIRST, Step

routes = web.RouteTableDef()

# How far ahead a licence's next renewal may lie.
LICENCE_MONTHS = 72


@dataclass(kw_only=True)
class Procedure:
    """One attempt at a renewal. `due` is the step that comes next."""

    number: str
    contract: Contract
    drivers: Drivers
    due: str = FIRST
    quote: Quote | None = None
    paper: Paper | None = None
    opened: set[str] = field(default_factory=set)


@dataclass(frozen=True)
class Turn:
    """A step at which somebody knocks, and which is due."""

    here: Office
    session: Session
    procedure: Procedure
    step: Step
    line: Line

    def require_ticks(self) -> None:
        """SJ-REN-03: 「次へ」 is inactive until everything is ticked."""
        missing = [name for name in self.step.ticks if self.line.get(name) != "1"]
        if missing:
            raise Refusal("54", KOUMOKU=",".join(missing))

    def done(self, request: web.Request, **fields: object) -> web.Response:
        self.procedure.due = AFTER[self.step.code]
        return reply(request, **fields, TUGI_STEP=self.procedure.due)


def find_procedure(session: Session, line: Mapping[str, str]) -> Procedure:
    """
    Raises:
        Refusal: 71, not a procedure of this session.
    """
    procedure = session.procedures.get(line.get("TETUZUKI_NO", ""))
    if procedure is None:
        raise Refusal("71")
    return procedure


async def _turn(request: web.Request) -> Turn:
    line, _ = await forms.read(request)
    here = office.of(request)
    session = here.session(line)
    turn = Turn(here, session, find_procedure(session, line), BY_PATH[request.path], line)
    require_due(turn.procedure, turn.step)
    return turn


def require_due(procedure: Procedure, step: Step) -> None:
    if procedure.due != step.code:
        raise Refusal("72", GENZAI_STEP=procedure.due)


@routes.post("/koukai/kaisi")
async def begin(request: web.Request) -> web.Response:
    """Steps 1 and 2: the right contract, and off it goes (SJ-REN-01, 02, 20)."""
    line, _ = await forms.read(request)
    here = office.of(request)
    session = here.session(line)
    contract = here.own(session.member, forms.policy_number(line.get("SYOKEN_NO", "")))
    with Form(line) as form:
        form.one_of("SIKI_YMD", [ymd(contract.start)])
    here.book.require_open(contract)
    procedure = Procedure(number=here.draws.key(), contract=contract, drivers=contract.drivers)
    session.procedures[procedure.number] = procedure
    return reply(request, TETUZUKI_NO=procedure.number, TUGI_STEP=procedure.due)


@routes.post("/koukai/jizen")
@routes.post("/koukai/kihon")
@routes.post("/koukai/siharai")
async def tick(request: web.Request) -> web.Response:
    """Steps 3, 4 and 8: read, and tick (SJ-REN-03, 04, 08)."""
    turn = await _turn(request)
    turn.require_ticks()
    return turn.done(request)


@routes.post("/koukai/hosyou")
async def choose_plan(request: web.Request) -> web.Response:
    """Step 5 (SJ-REN-05)."""
    turn = await _turn(request)
    with Form(turn.line) as form:
        number = form.text("SISAN_NO", 32)
    turn.require_ticks()
    contract = turn.procedure.contract
    quote = turn.here.quotes.find(number, contract)
    if turn.here.book.next_premium(contract, quote.covers) != quote.premium:
        raise Refusal("51")
    turn.procedure.quote = quote
    return turn.done(request)


@routes.post("/koukai/syousai")
async def give_details(request: web.Request) -> web.Response:
    """Step 6: licence and youngest driver (SJ-REN-06)."""
    turn = await _turn(request)
    contract, today = turn.procedure.contract, turn.here.world.clock().date()
    with Form(turn.line) as form:
        licence_renewal = form.era_month("MENKYO_KOUSIN_YM")
        youngest = form.era_day("SAIJYAKUNEN_YMD")
        if not months_after(today, 0, 1) <= licence_renewal <= months_after(today, LICENCE_MONTHS, 1):
            form.wrong("MENKYO_KOUSIN_YM")
        if youngest >= today:
            form.wrong("SAIJYAKUNEN_YMD")
    turn.require_ticks()
    if _age(youngest, contract.end.date()) < int(contract.drivers.ages):
        raise Refusal("57", **contract.agency.fields())
    turn.procedure.drivers = replace(contract.drivers, licence_renewal=licence_renewal, youngest=youngest)
    return turn.done(request)


@routes.post("/koukai/kettei")
async def confirm_plan(request: web.Request) -> web.Response:
    """Step 7 (SJ-REN-07)."""
    turn = await _turn(request)
    turn.require_ticks()
    quote = chosen(turn.procedure)
    return turn.done(request, PLAN_MEI=quote.plan.name, HOKENRYO=quote.premium.total)


@routes.post("/koukai/juyou")
async def confirm_important_matters(request: web.Request) -> web.Response:
    """Step 9: the document, its electronic delivery, and the declarations (SJ-REN-09)."""
    turn = await _turn(request)
    with Form(turn.line) as form:
        number = form.text("SYORUI_NO", 32)
        sha256 = form.text("SHA256", 64)
        applies = [form.flag("KOKUTI_GAITOU"), form.flag("TUUTI_GAITOU")]
    turn.require_ticks()
    procedure = turn.procedure
    paper = turn.here.important_matters(procedure.contract)
    if (number, sha256) != (paper.number, paper.sha256):
        raise Refusal("53", SYORUI_NO=paper.number)
    if number not in procedure.opened:
        raise Refusal("55")
    if any(applies):
        del turn.session.procedures[procedure.number]
        raise Refusal("63", RIYUU_CD=DECLARATION_APPLIES, **procedure.contract.agency.fields())
    procedure.paper = paper
    quote = chosen(procedure)
    return turn.done(
        request,
        SISAN_NO=quote.number,
        PLAN_MEI=quote.plan.name,
        HOKENRYO=quote.premium.total,
        SYORUI_NO=paper.number,
        SHA256=paper.sha256,
    )


def chosen(procedure: Procedure) -> Quote:
    """Answer the quote of step 5; no later step is reached without one."""
    assert procedure.quote is not None  # noqa: S101 - said to the type checker; steps come in order
    return procedure.quote


def _age(born: date, on: date) -> int:
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))
