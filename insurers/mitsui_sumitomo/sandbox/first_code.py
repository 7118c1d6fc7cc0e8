"""簡単登録 by certificate or postcard, and the procedure code in the app (WIRE.md §3.8, §3.9)."""

import re
from datetime import date

from aiohttp import web

from . import names
from .bodies import answer, read
from .enrolment import Enrolment
from .forms import Agreed
from .house import HOUSE
from .problems import Refusal

routes = web.RouteTableDef()

# MS-REG-21: as it is printed where no code may be used.
MASKED = re.compile(r"\*+")


class Card(Agreed, frozen=True):
    shokai_user_id: str
    shokai_password: str


@routes.post("/portal/toroku/kantan")
async def show_card(request: web.Request) -> web.Response:
    """§3.8 (MS-REG-20)."""
    card = await read(request, Card)
    card.refuse_without_terms()
    return _enrol(request, card.shokai_user_id, card.shokai_password)


class AppCode(Agreed, frozen=True):
    shoken_no: str
    tetsuzuki_code: str
    seinengappi: date


@routes.post("/portal/app/tetsuzuki-code")
async def type_app_code(request: web.Request) -> web.Response:
    """§3.9 (MS-REG-22)."""
    typed = await read(request, AppCode)
    typed.refuse_without_terms()
    return _enrol(request, typed.shoken_no, typed.tetsuzuki_code, typed.seinengappi)


def _enrol(request: web.Request, user_id: str, code: str, born: date | None = None) -> web.Response:
    house = request.app[HOUSE]
    if MASKED.fullmatch(names.plain(code)):
        raise Refusal("code-masked")
    name = names.number(user_id)
    house.code_attempts.refuse_locked(name)
    persona = house.book.by_code(user_id, code, house.clock())
    if persona is None or (born and persona.keiyakusha.seinengappi != born):
        left = house.code_attempts.left_after_wrong(name)
        house.code_attempts.refuse_locked(name)
        raise Refusal("code-mismatch", nokoriKaisu=left)
    house.code_attempts.forgive(name)
    enrolment = Enrolment(holder_code=persona.code, by_code=True)
    response = answer({"tejun": enrolment.due})
    house.portal.open(enrolment, request, response)
    return response
