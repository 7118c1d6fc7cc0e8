"""What may be made to happen behind the customer's back (WIRE.md §12)."""

import json
from typing import TypeVar

import msgspec
from aiohttp import web

from insurers.sandbox import SANDBOX

from . import rating
from .bodies import Asked, done
from .house import HOUSE, House

Order = TypeVar("Order", bound=Asked)


class Revision(Asked, frozen=True):
    shoken_no: str
    permille: int


class Number(Asked, frozen=True):
    shoken_no: str


async def move_premium(request: web.Request) -> web.Response:
    house, order = _house(request), await _order(request, Revision)
    _refuse_unknown(house, order.shoken_no)
    house.book.revisions[order.shoken_no] = order.permille
    return done()


async def revise_matters(request: web.Request) -> web.Response:
    _house(request).book.paper_revisions[""] += 1
    return done()


async def renew_at_agency(request: web.Request) -> web.Response:
    """The agency renews it on paper: as it is, at the price of the day."""
    house, order = _house(request), await _order(request, Number)
    _refuse_unknown(house, order.shoken_no)
    contract = house.book.contracts[order.shoken_no]
    if contract.keizokugo_shoken_no:
        raise web.HTTPConflict(text="This contract is renewed already.")
    risk = rating.risk(contract, contract.joken, contract.tokyu.next_term())
    total = rating.annual(risk, contract.erabi, revision=house.book.revision(order.shoken_no))
    successor = house.book.renew(order.shoken_no, today=house.clock().date(), seed=house.world.seed, nenkan_gokei=total)
    return web.json_response({"keizokugoShokenNo": successor.shoken_no})


ROUTES = (
    web.post("/_control/ryoritsu", move_premium),
    web.post("/_control/juyo-jiko", revise_matters),
    web.post("/_control/keizoku", renew_at_agency),
)


def _house(request: web.Request) -> House:
    return request.app[SANDBOX][HOUSE]


async def _order(request: web.Request, shape: type[Order]) -> Order:
    try:
        return msgspec.json.decode(await request.read(), type=shape)
    except msgspec.DecodeError as error:
        raise web.HTTPBadRequest(text=str(error)) from None


def _refuse_unknown(house: House, number: str) -> None:
    if number not in house.book.contracts:
        raise web.HTTPNotFound(text=json.dumps({"shokenNo": number}), content_type="application/json")
