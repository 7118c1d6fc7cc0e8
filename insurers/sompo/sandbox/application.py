"""お申し込み: the one button that signs (WIRE.md §8.4, SJ-REN-10, 11)."""

from aiohttp import web

from insurers.sandbox import Accepted
from insurers.sompo.sandbox import forms, mails, office
from insurers.sompo.sandbox.book import RENEWED, RENEWED_BY_RIDER
from insurers.sompo.sandbox.contracts import Contract, Quirk
from insurers.sompo.sandbox.dates import stamp, ymd
from insurers.sompo.sandbox.forms import Form
from insurers.sompo.sandbox.office import Office
from insurers.sompo.sandbox.procedures import Procedure, chosen, find_procedure, require_due
from insurers.sompo.sandbox.quotes import Quote
from insurers.sompo.sandbox.replies import Refusal, reply
from insurers.sompo.sandbox.steps import BY_PATH, DONE
from insurers.sompo.sandbox.words import NOTICES

routes = web.RouteTableDef()

# Not in WIRE.md, which promises no closed list: an application signed with remarks.
WITH_REMARKS, REMARKS = "01", "受付しました（付記事項があります）"


@routes.post("/koukai/moshikomi")
async def apply(request: web.Request) -> web.Response:
    """Done already? Its turn? As quoted, as read? Then sign."""
    line, _ = await forms.read(request)
    here = office.of(request)
    session = here.session(line)
    procedure = find_procedure(session, line)
    contract = here.own(session.member, procedure.contract.number)
    if here.book.standing(contract) in {RENEWED, RENEWED_BY_RIDER}:
        here.book.require_open(contract)
    require_due(procedure, BY_PATH[request.path])
    with Form(line) as form:
        notice = form.one_of("ANNAI_CD", list(NOTICES))
        quote_number = form.text("SISAN_NO", 32)
        premium = form.number("HOKENRYO")
        paper = (form.text("SYORUI_NO", 32), form.text("SHA256", 64))
    here.book.require_open(contract)
    _stir(contract)
    quote = _require_the_quote(here, procedure, quote_number, premium)
    _require_the_paper(here, procedure, paper)

    term = here.book.sign(contract, quote.covers, drivers=procedure.drivers, notice=notice)
    procedure.due = DONE
    here.ledger.append(
        Accepted(
            number=contract.number,
            successor=term.number,
            term_starts_at=term.start,
            premium=term.premium,
            document_sha256=here.important_matters(contract).sha256,
            accepted_at=here.world.clock(),
        )
    )
    await mails.thanks(here.world, session.member.mail, term)
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


def _require_the_paper(here: Office, procedure: Procedure, confirmed: tuple[str, str]) -> None:
    """
    Raises:
        Refusal: 53, what was opened, confirmed and in force is not one document.
    """
    in_force = here.important_matters(procedure.contract)
    if procedure.paper != in_force or confirmed != (in_force.number, in_force.sha256):
        raise Refusal("53", SYORUI_NO=in_force.number)
