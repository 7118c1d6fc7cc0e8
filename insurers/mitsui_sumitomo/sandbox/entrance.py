"""The way into e-G1, and the film at its door (WIRE.md §6.1)."""

from aiohttp import web

from insurers.sandbox import origin

from . import coverages, pages, records, visit
from .bodies import Asked, answer, read
from .contracts import Contract, Quirk
from .house import HOUSE, House
from .plans import recommended
from .problems import Refusal
from .times import spell_or_none
from .visit import Stage, Visit

routes = web.RouteTableDef()

# MS-VID-01: 約5分間の…アニメーション動画.
FILM_SECONDS = 300

# MS-VID-03.
NO_FILM = "おすすめプランのご案内が「プラン3」のみのため、動画を配信できません。"


class Entry(Asked, frozen=True):
    kippu: str


@routes.post("/eg1/nyujo")
async def enter(request: web.Request) -> web.Response:
    """§6.1: the ticket is torn, whatever follows."""
    house, asked = request.app[HOUSE], await read(request, Entry)
    ticket = house.tickets.pop(asked.kippu, None)
    if ticket is None or house.clock() >= ticket.dies_at:
        raise Refusal("ticket-invalid")
    contract = house.book.contracts[ticket.contract_number]
    begun = visit.begun(ticket.account, contract, house.clock())
    response = answer(
        {
            "shokenNo": contract.shoken_no,
            "dankai": begun.stage,
            "zenkaiLoginNichiji": spell_or_none(ticket.account.last_eg1_login_at),
            "jikiHokenKikan": records.term(contract.hoken_kikan.following()),
            "setsumeiDoga": _film(contract, house, request),
        },
        status=201,
    )
    ticket.account.last_eg1_login_at = house.clock()
    house.eg1.open(begun, request, response)
    return response


@routes.get("/eg1/doga/{key}")
async def show_film(request: web.Request) -> web.Response:
    """The film needs no cookie, and stands until maturity."""
    house = request.app[HOUSE]
    number = next((number for number, key in house.film_keys.items() if key == request.match_info["key"]), None)
    if number is None or house.clock() >= house.book.contracts[number].hoken_kikan.manki:
        raise Refusal("not-found")
    contract = house.book.contracts[number]
    plans = recommended(contract)
    covers = coverages.printed(plans[min(plans)].initial, contract.okuruma.sharyo_kagaku)
    scenes = [f"{cover['meisho']}：{cover['naiyo']}" for cover in covers if cover["kanyu"]]
    return pages.film("お客さまに合ったプランの概要", scenes, FILM_SECONDS)


def inside(request: web.Request, *stages: Stage) -> tuple[House, Visit, Contract]:
    """
    Answer whose visit this is, at one of these stages.

    Raises:
        Refusal: no session, or another stage's turn.
    """
    house = request.app[HOUSE]
    visiting = house.eg1.visitor(request)
    visiting.expect(*stages)
    return house, visiting, house.book.contracts[visiting.contract_number]


def _film(contract: Contract, house: House, request: web.Request) -> dict[str, object]:
    if Quirk.PLAN3_NOMI in contract.quirks:
        return {"url": None, "byosu": None, "fukaRiyu": NO_FILM}
    url = f"{origin(request)}/eg1/doga/{house.film_keys[contract.shoken_no]}"
    return {"url": url, "byosu": FILM_SECONDS, "fukaRiyu": None}
