"""Who is let through: paths that exist, in opening hours; and every no in one form (WIRE.md §2, §9)."""

from aiohttp import web

from insurers.sandbox import Handler

from . import pages
from .house import HOUSE
from .problems import Refusal
from .times import Service, next_opening, reopening, shut, spell, spell_reopening

# A person opens these in a browser.
PAGES = frozenset({"/portal/SI", "/portal/SS"})

# A quote is e-G1's work, though the portal's session is enough for it (WIRE.md §16).
OF_EG1 = ("/eg1/", "/portal/mitsumori")

# Agencies' systems come at any hour (WIRE.md §17.1).
OF_AGENCIES = "/dairiten/"


@web.middleware
async def say_no_in_one_form(request: web.Request, handler: Handler) -> web.StreamResponse:
    try:
        return await handler(request)
    except Refusal as refusal:
        return refusal.response()
    except web.HTTPNotFound:
        return Refusal("not-found").response()
    except web.HTTPMethodNotAllowed as error:
        response = Refusal("method-not-allowed").response()
        response.headers["Allow"] = error.headers["Allow"]
        return response


@web.middleware
async def keep_hours(request: web.Request, handler: Handler) -> web.StreamResponse:
    if request.match_info.http_exception is not None:
        return await handler(request)
    service = Service.EG1 if request.path.startswith(OF_EG1) else Service.PORTAL
    house = request.app[HOUSE]
    now = house.clock()
    house.maturities.publish(now)
    house.book.let_riders_renew(now, seed=house.world.seed)
    closed = None if request.path.startswith(OF_AGENCIES) else shut(service, now, house.pause)
    if closed is None:
        return await handler(request)
    if request.method == "GET" and request.path in PAGES:
        return pages.closed(spell(next_opening(service, now)))
    opens = reopening(service, now, house.pause)
    raise Refusal("closed", service=closed, saikaiNichiji=spell_reopening(opens) if opens else None)
