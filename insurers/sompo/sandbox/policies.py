"""What a member may read: contracts, the renewal list, documents (WIRE.md §5-7)."""

from collections.abc import Sequence

from aiohttp import web

from insurers.sompo.sandbox import book, forms, office, papers, records
from insurers.sompo.sandbox.contracts import Contract
from insurers.sompo.sandbox.dates import stamp, ymd
from insurers.sompo.sandbox.lines import Line
from insurers.sompo.sandbox.members import Session
from insurers.sompo.sandbox.office import Office
from insurers.sompo.sandbox.papers import Paper
from insurers.sompo.sandbox.procedures import find_procedure
from insurers.sompo.sandbox.replies import Refusal, reply

routes = web.RouteTableDef()


@routes.post("/keiyaku/syokai")
async def show_policies(request: web.Request) -> web.Response:
    """§5 Many in, many out; what is not this member's is simply absent."""
    line, wanted = await forms.read(request)
    here = office.of(request)
    found = _wanted(here, here.session(line), wanted)
    now = here.world.clock()
    return reply(request, [record for contract in found for record in records.policy(contract, now)], KENSUU=len(found))


@routes.post("/koukai/itiran")
async def list_renewals(request: web.Request) -> web.Response:
    """§6 Which of them may renew, which have."""
    line, wanted = await forms.read(request)
    here = office.of(request)
    found = _wanted(here, here.session(line), wanted)
    return reply(request, [_renewal(here, contract) for contract in found], KENSUU=len(found))


@routes.post("/syorui/syutoku")
async def hand_out(request: web.Request) -> web.Response:
    """§7 A document's bytes. In a procedure, that it was opened is noted."""
    line, _ = await forms.read(request)
    here = office.of(request)
    number = line.get("SYORUI_NO", "")
    if number == papers.BY_KIND[papers.TERMS].number:
        return _document(papers.BY_NUMBER[number])
    session = here.session(line)
    paper = _paper(here, session, number)
    if paper is None:
        raise Refusal("81")
    if line.get("TETUZUKI_NO"):
        find_procedure(session, line).opened.add(paper.number)
    return _document(paper)


def _wanted(here: Office, session: Session, lines: Sequence[Line]) -> list[Contract]:
    account = here.account(session.member)
    if not lines:
        return list(account.values())
    forms.require_at_most(forms.MOST_POLICIES, lines, "11")
    return [account[number] for number in forms.policy_numbers(lines) if number in account]


def _renewal(here: Office, contract: Contract) -> records.Record:
    standing = here.book.listed(contract)
    reason, words = (here.book.agency_reason(contract) if standing == book.AGENCY_ONLY else None) or ("", "")
    return {
        "REC": "KOUSIN",
        "SYOKEN_NO": contract.number,
        "SYAMEI": contract.car.name,
        "SIKI_YMD": ymd(contract.start),
        "MANKI_YMD": ymd(contract.end),
        "KOUSIN_JYOTAI": standing,
        "UKETUKE_KAISI": stamp(book.opens_at(contract)),
        "UKETUKE_SYURYO": stamp(contract.end),
        "KOUKAIGO_SYOKEN_NO": contract.successor if standing in book.DONE else "",
        "RIYUU_CD": reason,
        "RIYUU_BUN": words,
        "ANSIN_KOUSIN": int(contract.renews_itself),
        "ANSIN_KIGEN": stamp(contract.end) if contract.renews_itself else "",
        "UKKARI_KIGEN": stamp(contract.end + book.LATE_RENEWAL) if contract.may_renew_late else "",
        **contract.agency.fields(),
    }


def _paper(here: Office, session: Session, number: str) -> Paper | None:
    own = {}
    for contract in here.account(session.member).values():
        certificate = papers.certificate(contract)
        own[certificate.number] = certificate
        for revision in range(here.revision + contract.extra_revisions + 1):
            edition = papers.important_matters(revision)
            own[edition.number] = edition
    return papers.BY_NUMBER.get(number) or own.get(number)


def _document(paper: Paper) -> web.Response:
    return web.Response(
        body=paper.content,
        content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{paper.number}.pdf"'},
    )
