"""A mobile number as second user ID (WIRE.md §4.9; D4)."""

import re

from aiohttp import web

from . import names
from .admission import member
from .bodies import Asked, answer, read
from .problems import Refusal

routes = web.RouteTableDef()

MOBILE = re.compile(r"(0[789]0)(\d{4})(\d{4})")


class Mobile(Asked, frozen=True):
    keitai_bango: str


@routes.put("/portal/keitai-bango")
async def set_mobile(request: web.Request) -> web.Response:
    asked = await read(request, Mobile)
    house, account = member(request)
    number = MOBILE.fullmatch(names.number(asked.keitai_bango))
    if number is None:
        raise Refusal("mobile-number-malformed")
    house.accounts.refuse_taken(number[0], account.holder_code)
    account.mobile = number[0]
    return answer({"keitaiBango": "-".join(number.groups())})
