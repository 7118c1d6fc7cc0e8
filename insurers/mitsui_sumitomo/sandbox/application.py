"""The application: the one button that does something (WIRE.md §7.1)."""

import hashlib
import json
import logging
import re

import aiosmtplib
from aiohttp import web

from insurers.sandbox import Accepted

from . import letters, records
from .bodies import Asked, answer, read
from .book import Application
from .contracts import Contract, Quirk, Why
from .entrance import inside
from .final_stage import binding_premium
from .house import House
from .matters_stage import same_paper, with_tick
from .problems import Refusal
from .rating import PERMILLE
from .texts import CONSENT_HASH
from .times import spell
from .visit import Stage, Visit

routes = web.RouteTableDef()
log = logging.getLogger(__name__)

KEY = re.compile(r"[A-Za-z0-9-]{1,64}")

# By how much the price moves for the persona whose premium changes at the last moment.
SURPRISE_PERMILLE = 1040


class NamedPaper(Asked, frozen=True):
    shorui_id: str
    hansu: str
    sha256: str


class Order(Asked, frozen=True):
    shisan_hash: str
    shorui: NamedPaper
    doi: bool
    doi_bun_hash: str


@routes.post("/eg1/moshikomi")
async def take_application(request: web.Request) -> web.Response:
    """「上記について内容を同意のうえ申し込む」 (MS-REN-14)."""
    asked = await read(request, Order)
    house, visit, contract = inside(request, Stage.SAISHU_KAKUNIN, Stage.KANRYO)
    key = request.headers.get("Idempotency-Key", "")
    if not KEY.fullmatch(key):
        raise Refusal("key-missing")
    remembered = (visit.account.holder_code, key)
    fingerprint = _fingerprint(contract, asked)
    if earlier := house.book.applications.get(remembered):
        return _again(earlier, fingerprint)
    if visit.stage is Stage.KANRYO or not visit.inputs_done:
        raise Refusal("out-of-order", dankai=visit.stage)
    _refuse_too_late(house, contract)
    _refuse_unconsented(asked)
    surprises = _surprises(house, contract)
    if Quirk.CHINMOKU_MI in surprises:
        return _cut(request)
    _refuse_outdated(house, visit, contract, asked)

    # From here to the remembered key nothing waits, so that nobody comes between.
    successor = _renew(house, visit, contract)
    receipt = f"U{len(house.book.applications) + 1:08d}"
    told: dict[str, object] = {
        "uketsukeNo": receipt,
        "shokenNo": contract.shoken_no,
        "keizokugoShokenNo": successor.shoken_no,
        "hokenKikan": records.term(successor.hoken_kikan),
        "hokenryo": records.contract_premium(successor),
        "uketsukeNichiji": spell(house.clock()),
    }
    house.book.applications[remembered] = Application(fingerprint, told)
    house.book.ledger.append(_entry(house, contract, successor, asked))
    visit.stage = Stage.KANRYO

    try:
        if address := visit.account.user_id:
            await house.post(letters.renewed(address, receipt, contract, successor))
    except (OSError, aiosmtplib.SMTPException):
        log.warning("an application was accepted, and its mail could not be posted")
    return _cut(request) if Quirk.CHINMOKU_ZUMI in surprises else answer(told, status=201)


def _cut(request: web.Request) -> web.Response:
    if request.transport is not None:
        request.transport.abort()
    return web.Response()


def _entry(house: House, old: Contract, new: Contract, asked: Order) -> Accepted:
    return Accepted(
        number=old.shoken_no,
        successor=new.shoken_no,
        term_starts_at=new.hoken_kikan.shiki,
        premium=new.nenkan_gokei,
        document_sha256=asked.shorui.sha256,
        accepted_at=house.clock(),
    )


def _again(earlier: Application, fingerprint: str) -> web.Response:
    if earlier.fingerprint != fingerprint:
        raise Refusal("key-reused")
    response = answer(earlier.answer, status=201)
    response.headers["Idempotency-Replayed"] = "true"
    return response


def _fingerprint(contract: Contract, asked: Order) -> str:
    meant = [
        contract.shoken_no,
        asked.shisan_hash,
        asked.shorui.shorui_id,
        asked.shorui.hansu,
        asked.shorui.sha256,
        asked.doi,
        asked.doi_bun_hash,
    ]
    return hashlib.sha256(json.dumps(meant).encode()).hexdigest()


def _refuse_too_late(house: House, contract: Contract) -> None:
    if contract.keizokugo_shoken_no:
        why = Why.JIDO_KEIZOKU if contract.renewed_by_rider else Why.KEIZOKU_ZUMI
        raise Refusal("already-renewed", keizokugoShokenNo=contract.keizokugo_shoken_no, riyu=why)
    if house.clock() >= contract.hoken_kikan.manki:
        raise Refusal("renewal-closed", toriatsukaiDairiten=house.agency())


def _refuse_unconsented(asked: Order) -> None:
    if not asked.doi:
        raise Refusal("consent-missing")
    if asked.doi_bun_hash != CONSENT_HASH:
        raise Refusal("consent-changed")


def _refuse_outdated(house: House, visit: Visit, contract: Contract, asked: Order) -> None:
    """What is confirmed must be what would be signed."""
    paper = house.book.matters(contract.shoken_no)
    named = asked.shorui
    if visit.confirmed_paper != paper.version or not same_paper(paper, named.shorui_id, named.hansu, named.sha256):
        raise Refusal("document-changed", shorui=with_tick(paper))
    quote = visit.quote(house.book, visit.plan)
    if asked.shisan_hash != quote.seal:
        raise Refusal("premium-changed", hokenryo=binding_premium(house, contract, quote), shisanHash=quote.seal)


def _surprises(house: House, contract: Contract) -> frozenset[Quirk]:
    """For some personas something happens just as the button is pressed for the first time (WIRE.md §12)."""
    number = contract.shoken_no
    if number in house.book.pressed:
        return frozenset()
    house.book.pressed.add(number)
    if Quirk.HOKENRYO_HENKO in contract.quirks:
        house.book.revisions[number] = house.book.revision(number) * SURPRISE_PERMILLE // PERMILLE
    if Quirk.SHORUI_KAITEI in contract.quirks:
        house.book.paper_revisions[number] += 1
    return contract.quirks


def _renew(house: House, visit: Visit, contract: Contract) -> Contract:
    return house.book.renew(
        contract.shoken_no,
        today=house.clock().date(),
        seed=house.world.seed,
        joken=visit.conditions,
        erabi=dict(visit.plan.chosen),
        nenkan_gokei=visit.quote(house.book, visit.plan).total_yen,
    )
