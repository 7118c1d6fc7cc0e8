"""What may be made to happen behind the customer's back (WIRE.md §12)."""

import json
from typing import TypeVar

import msgspec
from aiohttp import web

from insurers.sandbox import SANDBOX

from .bodies import Asked, answer, done
from .house import HOUSE, House
from .personas import Persona
from .times import Pause, read_time

Order = TypeVar("Order", bound=Asked)


class Revision(Asked, frozen=True):
    shoken_no: str
    permille: int


class Number(Asked, frozen=True):
    shoken_no: str


class Message(Asked, frozen=True):
    line_user_id: str
    text: str


async def move_premium(request: web.Request) -> web.Response:
    house, order = _house(request), await _order(request, Revision)
    _refuse_unknown(house, order.shoken_no)
    house.book.revisions[order.shoken_no] = order.permille
    return done()


async def revise_matters(request: web.Request) -> web.Response:
    _house(request).book.paper_revisions[""] += 1
    return done()


async def renew_at_agency(request: web.Request) -> web.Response:
    """The agency renews it on paper."""
    house, order = _house(request), await _order(request, Number)
    _refuse_unknown(house, order.shoken_no)
    contract = house.book.contracts[order.shoken_no]
    if contract.keizokugo_shoken_no:
        raise web.HTTPConflict(text="This contract is renewed already.")
    successor = house.book.renew_as_it_stands(order.shoken_no, today=house.clock().date(), seed=house.world.seed)
    return web.json_response({"keizokugoShokenNo": successor.shoken_no})


async def decline_rider(request: web.Request) -> web.Response:
    """The agency takes the customer's word that the rider shall not renew it."""
    house, order = _house(request), await _order(request, Number)
    _refuse_unknown(house, order.shoken_no)
    if not house.book.decline_rider(order.shoken_no, house.clock()):
        raise web.HTTPConflict(text="There is no rider on it, or it is too late to decline.")
    return done()


class Pausing(Asked, frozen=True):
    kaishi: str
    shuryo: str
    annai: bool


async def pause(request: web.Request) -> web.Response:
    """E-G1 pauses, as it does over the turn of the year (MS-HRS-02)."""
    house, order = _house(request), await _order(request, Pausing)
    try:
        house.pause = Pause(begins=read_time(order.kaishi), ends=read_time(order.shuryo), told=order.annai)
    except ValueError as error:
        raise web.HTTPBadRequest(text=str(error)) from None
    return done()


async def hear_line(request: web.Request) -> web.Response:
    """Somebody writes in the LINE chat."""
    house, message = _house(request), await _order(request, Message)
    return answer({"henji": house.chat.hear(message.line_user_id, message.text)})


async def tell_personas(request: web.Request) -> web.Response:
    """Who lives here, and what each holds."""
    told = (_held(persona) for persona in _house(request).book.personas.values())
    return answer({"personas": list(told)})


ROUTES = (
    web.post("/_control/line", hear_line),
    web.get("/_control/personas", tell_personas),
    web.post("/_control/ryoritsu", move_premium),
    web.post("/_control/juyo-jiko", revise_matters),
    web.post("/_control/keizoku", renew_at_agency),
    web.post("/_control/jitai", decline_rider),
    web.post("/_control/kyushi", pause),
)


def _held(persona: Persona) -> object:
    """As personas.json spells it, with the numbers of the contracts for the contracts."""
    told = msgspec.to_builtins(persona)
    kept = ("code", "shows", "keiyakusha", "shainNo", "tetsuzuki", "torokuZumi", "lineUserId", "mailFutatsu")
    return {name: told[name] for name in kept} | {"shokenNo": [card["shokenNo"] for card in told["keiyaku"]]}


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
