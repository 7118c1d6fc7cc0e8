"""Forgotten user ID or password (WIRE.md §4.8); 3.5–3.7 carry on from the link."""

import secrets
from datetime import date

from aiohttp import web

from insurers.sandbox import origin

from . import accounts, enrolment, letters
from .bodies import Asked, answer, read
from .enrolment import Reset
from .house import HOUSE
from .times import spell_exact, whole_second

routes = web.RouteTableDef()


class Forgotten(Asked, frozen=True):
    mail_address: str
    seinengappi: date


@routes.post("/portal/saitoroku")
async def ask_for_reset(request: web.Request) -> web.Response:
    """A keyword for everybody, a mail only for the right pair: the answer tells nobody who is registered."""
    house, asked = request.app[HOUSE], await read(request, Forgotten)
    address = accounts.mail_address(asked.mail_address)
    account = house.accounts.find(address)
    fits = account and house.book.personas[account.holder_code].keiyakusha.seinengappi == asked.seinengappi
    now = whole_second(house.clock())
    reset = Reset(
        holder_code=account.holder_code if account else "",
        mobile=account.mobile if account else None,
        mail_address=address,
        created_at=now,
        keyword=enrolment.issued_keyword(),
    )
    dies_at = reset.send(now)
    if fits:
        house.enrolments[secrets.token_urlsafe(12)] = reset
        house.post_later(letters.reset(address, f"{origin(request)}/portal/SS?cd={reset.link_code}"))
    return answer(
        {
            "keyword": reset.keyword,
            "keywordShutten": "TOSHA",
            "soshinsaki": accounts.masked(address),
            "soshinNichiji": spell_exact(now),
            "yukoKigen": spell_exact(dies_at),
        },
        status=201,
    )
