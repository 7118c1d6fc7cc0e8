"""お申し込み: the one button that signs (WIRE.md §8.4, SJ-REN-10, 11)."""

from dataclasses import dataclass
from datetime import timedelta

from aiohttp import web

from insurers.sandbox import Accepted
from insurers.sompo.sandbox import forms, mails, office
from insurers.sompo.sandbox.contracts import Contract, Drivers, Quirk
from insurers.sompo.sandbox.dates import stamp, ymd
from insurers.sompo.sandbox.forms import Form
from insurers.sompo.sandbox.office import Office
from insurers.sompo.sandbox.papers import Paper
from insurers.sompo.sandbox.procedures import Procedure, chosen, find_procedure, require_due
from insurers.sompo.sandbox.quotes import Quote
from insurers.sompo.sandbox.replies import Refusal, Silence, reply
from insurers.sompo.sandbox.steps import BY_PATH, DONE
from insurers.sompo.sandbox.words import NOTICES

routes = web.RouteTableDef()

# Not in WIRE.md, which promises no closed list: an application signed with remarks.
WITH_REMARKS, REMARKS = "01", "受付しました（付記事項があります）"

# WIRE.md §6.1.
LISTED_AFTER = timedelta(seconds=60)
WORKED_ON_FOR = timedelta(seconds=45)


@dataclass(frozen=True, kw_only=True)
class Application:
    """What was applied for, judged and found in order."""

    here: Office
    mail: str
    contract: Contract
    quote: Quote
    paper: Paper
    drivers: Drivers
    notice: str

    def sign(self) -> Contract:
        here, contract = self.here, self.contract
        term = here.book.sign(contract, self.quote.covers, drivers=self.drivers, notice=self.notice)
        here.ledger.append(
            Accepted(
                number=contract.number,
                successor=term.number,
                term_starts_at=term.start,
                premium=term.premium,
                document_sha256=self.paper.sha256,
                accepted_at=here.world.clock(),
            )
        )
        here.send_later(mails.thanks(here.world, self.mail, term))
        return term


@routes.post("/koukai/moshikomi")
async def apply(request: web.Request) -> web.Response:
    """Done already? Its turn? As quoted, as read? Then sign."""
    line, _ = await forms.read(request)
    here = office.of(request)
    session = here.session(line)
    procedure = find_procedure(session, line)
    contract = here.own(session.member, procedure.contract.number)
    here.book.require_unrenewed(contract)
    require_due(procedure, BY_PATH[request.path])
    with Form(line) as form:
        notice = form.one_of("ANNAI_CD", list(NOTICES))
        quote_number = form.text("SISAN_NO", 32)
        premium = form.number("HOKENRYO")
        paper = (form.text("SYORUI_NO", 32), form.text("SHA256", 64))
    here.book.require_open(contract)
    _stir(contract)
    application = Application(
        here=here,
        mail=session.member.mail,
        contract=contract,
        quote=_require_the_quote(here, procedure, quote_number, premium),
        paper=_require_the_paper(here, procedure, paper),
        drivers=procedure.drivers,
        notice=notice,
    )
    term = _decide(application)
    procedure.due = DONE
    if Quirk.UNLISTED_CODE in contract.quirks:
        return reply(request, KEKKA_CD=WITH_REMARKS, KEKKA_BUN=REMARKS)
    return reply(
        request,
        KOUKAIGO_SYOKEN_NO=term.number,
        SYOKEN_NO=contract.number,
        SIKI_YMD=ymd(term.start),
        MANKI_YMD=ymd(term.end),
        HOKENRYO=term.premium,
        UKETUKE_NITIJI=stamp(here.world.clock()),
    )


def _decide(application: Application) -> Contract:
    """
    Raises:
        Silence: a persona's answer is lost, once, whatever was done.
    """
    contract, now = application.contract, application.here.world.clock()
    lost = contract.quirks & {Quirk.SILENT_SIGNED, Quirk.SILENT_UNSIGNED, Quirk.SILENT_WORKED_ON}
    contract.quirks -= lost
    if Quirk.SILENT_UNSIGNED in lost:
        raise Silence
    if Quirk.SILENT_WORKED_ON in lost:
        application.here.book.work_on(contract, now + WORKED_ON_FOR, application.sign)
        raise Silence
    term = application.sign()
    if lost:
        contract.listed_from = now + LISTED_AFTER
        raise Silence
    return term


def _stir(contract: Contract) -> None:
    """Let a persona's premium or document move at the last moment, once."""
    if Quirk.PREMIUM_MOVES in contract.quirks:
        contract.quirks.remove(Quirk.PREMIUM_MOVES)
        contract.extra_yen_per_point += 2
    if Quirk.DOCUMENT_MOVES in contract.quirks:
        contract.quirks.remove(Quirk.DOCUMENT_MOVES)
        contract.extra_revisions += 1


def _require_the_quote(here: Office, procedure: Procedure, number: str, premium: int) -> Quote:
    """
    Raises:
        Refusal: 52, not the living quote of this procedure; 51, the premium is another by now.
    """
    quote = here.quotes.find(number, procedure.contract)
    if quote != chosen(procedure):
        raise Refusal("52")
    charged = here.book.next_premium(procedure.contract, quote.covers).total
    if not premium == quote.premium.total == charged:
        raise Refusal("51")
    return quote


def _require_the_paper(here: Office, procedure: Procedure, confirmed: tuple[str, str]) -> Paper:
    """
    Raises:
        Refusal: 53, what was opened, confirmed and in force is not one document.
    """
    in_force = here.important_matters(procedure.contract)
    if procedure.paper != in_force or confirmed != (in_force.number, in_force.sha256):
        raise Refusal("53", SYORUI_NO=in_force.number)
    return in_force
