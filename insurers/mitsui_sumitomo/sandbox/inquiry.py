"""Contracts, the renewal list, the hand-off to e-G1, and what became of an application (WIRE.md §5, §7.2)."""

import secrets
from datetime import timedelta

from aiohttp import web

from insurers.sandbox import origin

from . import papers, records
from .accounts import Account
from .admission import member
from .bodies import Nothing, answer, read
from .contracts import RENEWED, Contract, Why
from .house import House, Ticket
from .problems import Refusal
from .times import spell

routes = web.RouteTableDef()

TICKET_LIVES = timedelta(minutes=5)


@routes.get("/portal/keiyaku")
async def list_contracts(request: web.Request) -> web.Response:
    """§5.1."""
    house, account = member(request)
    now = house.clock()
    return answer({"keiyaku": [records.in_list(contract, now) for contract in house.book.of(account.holder_code)]})


@routes.get("/portal/keiyaku/{shoken_no}")
async def show_contract(request: web.Request) -> web.Response:
    """§5.2."""
    house, account = member(request)
    return answer(records.details(_own(house, account, request), house.book.agency, house.clock()))


@routes.get("/portal/keizoku")
async def list_renewals(request: web.Request) -> web.Response:
    """§5.3."""
    house, account = member(request)
    now = house.clock()
    listed = (contract for contract in house.book.of(account.holder_code) if contract.is_listed(now))
    return answer({"keizoku": [records.renewal_row(contract, house.book.agency, now) for contract in listed]})


@routes.post("/portal/keizoku/{shoken_no}/kaishi")
async def hand_off(request: web.Request) -> web.Response:
    """§5.4 「継続手続き」."""
    await read(request, Nothing)
    house, account = member(request)
    contract = _own(house, account, request)
    now = house.clock()
    refuse_renewal(house, contract)
    key, dies_at = secrets.token_urlsafe(24), now + TICKET_LIVES
    house.tickets = {old: ticket for old, ticket in house.tickets.items() if ticket.dies_at > now}
    house.tickets[key] = Ticket(account, contract.shoken_no, dies_at)
    body = {"kippu": key, "eg1Url": f"{origin(request)}/eg1", "yukoKigen": spell(dies_at)}
    return answer(body, status=201)


@routes.get("/portal/keizoku/moshikomi/{key}")
async def tell_application(request: web.Request) -> web.Response:
    """§7.2: open while e-G1 is shut, and for a contract that may not enter it any more."""
    house, account = member(request)
    accepted = house.book.applications.get((account.holder_code, request.match_info["key"]))
    if accepted is None:
        raise Refusal("application-unknown")
    return answer(accepted.answer)


@routes.get("/portal/shorui/{shorui_id}")
async def show_certificate(request: web.Request) -> web.Response:
    """§5.5."""
    house, account = member(request)
    wanted = request.match_info["shorui_id"]
    for contract in house.book.of(account.holder_code):
        if wanted == papers.certificate_id(contract):
            return web.Response(body=papers.certificate(contract).content, content_type="application/pdf")
    raise Refusal("document-unknown")


def refuse_renewal(house: House, contract: Contract) -> None:
    """
    Raises:
        Refusal: it cannot renew online now, and why.
    """
    why = contract.why_not(house.clock())
    if why is None:
        return
    if why in RENEWED:
        raise Refusal("already-renewed", keizokugoShokenNo=contract.keizokugo_shoken_no, riyu=why)
    if why is Why.UKETSUKE_MAE:
        raise Refusal("renewal-not-open", uketsukeKaishi=spell(contract.opens_at))
    if why is Why.UKETSUKE_SHURYO:
        raise Refusal("renewal-closed", toriatsukaiDairiten=house.agency())
    raise Refusal("not-eligible", riyu=why, toriatsukaiDairiten=house.agency())


def _own(house: House, account: Account, request: web.Request) -> Contract:
    """Somebody else's contract is not found, as if there were none."""
    contract = house.book.contracts.get(request.match_info["shoken_no"])
    if contract is None or contract.holder_code != account.holder_code:
        raise Refusal("contract-not-found")
    return contract
