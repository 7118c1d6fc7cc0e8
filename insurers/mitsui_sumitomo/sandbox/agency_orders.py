"""What may be made to happen to an agency's maturity data (WIRE.md §17.4). It shows in the next file."""

import json
from collections.abc import Mapping, Sequence
from typing import TypeVar

import msgspec
from aiohttp import web

from insurers.sandbox import SANDBOX

from .bodies import Asked, done
from .house import HOUSE
from .maturities import Maturities
from .maturity_book import Break

Order = TypeVar("Order", bound=Asked)

# Columns whose contents can be ordered, as WIRE.md §17.3 calls them.
COLUMNS = {
    "契約状態": "status",
    "保険満期": "matures",
    "契約者名": "name",
    "契約者カナ": "kana",
    "生年月日": "born",
    "電話番号": "phone",
    "メールアドレス": "mail",
    "車名": "car",
    "登録番号": "plate",
    "年間保険料": "premium",
    "次回保険料": "next_premium",
    "等級": "grade",
    "継続手続特約": "rider",
    "拠点コード": "branch",
    "募集人コード": "solicitor",
    "継続後証券番号": "successor",
}


class Numbers(Asked, frozen=True):
    shoken_no: Sequence[str]


class Altered(Numbers, frozen=True):
    henko: Mapping[str, str | int | None]


class Moved(Numbers, frozen=True):
    dairiten_code: str | None


class Broken(Numbers, frozen=True):
    kowashikata: Break | None


class Miscounted(Asked, frozen=True):
    dairiten_code: str


class Made(Asked, frozen=True):
    zenken: bool = False


async def alter(request: web.Request) -> web.Response:
    maturities, order = _maturities(request), await _order(request, Altered)
    if unknown := order.henko.keys() - COLUMNS.keys():
        raise web.HTTPBadRequest(text=f"No such column: {', '.join(sorted(unknown))}")
    changed = {COLUMNS[column]: told for column, told in order.henko.items()}
    for number in _known(maturities, order):
        maturities.orders.changed[number] = {**maturities.orders.changed.get(number, {}), **changed}
    return done()


async def move(request: web.Request) -> web.Response:
    maturities, order = _maturities(request), await _order(request, Moved)
    maturities.orders.moved |= dict.fromkeys(_known(maturities, order), order.dairiten_code)
    return done()


async def break_lines(request: web.Request) -> web.Response:
    maturities, order = _maturities(request), await _order(request, Broken)
    for number in _known(maturities, order):
        if order.kowashikata is None:
            maturities.orders.breaks.pop(number, None)
        else:
            maturities.orders.breaks[number] = order.kowashikata
    return done()


async def miscount(request: web.Request) -> web.Response:
    maturities, order = _maturities(request), await _order(request, Miscounted)
    maturities.orders.miscounted.add(order.dairiten_code)
    return done()


async def make(request: web.Request) -> web.Response:
    order = await _order(request, Made)
    house = request.app[SANDBOX][HOUSE]
    house.maturities.make(house.clock(), full=order.zenken)
    return done()


ROUTES = (
    web.post("/_control/manki/henko", alter),
    web.post("/_control/manki/ido", move),
    web.post("/_control/manki/kowashi", break_lines),
    web.post("/_control/manki/kensu", miscount),
    web.post("/_control/manki/sakusei", make),
)


def _maturities(request: web.Request) -> Maturities:
    return request.app[SANDBOX][HOUSE].maturities


async def _order(request: web.Request, shape: type[Order]) -> Order:
    try:
        return msgspec.json.decode(await request.read() or b"{}", type=shape)
    except msgspec.DecodeError as error:
        raise web.HTTPBadRequest(text=str(error)) from None


def _known(maturities: Maturities, order: Numbers) -> Sequence[str]:
    if unknown := [number for number in order.shoken_no if not maturities.knows(number)]:
        raise web.HTTPNotFound(text=json.dumps({"shokenNo": unknown}), content_type="application/json")
    return order.shoken_no
