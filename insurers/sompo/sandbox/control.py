"""What may be ordered of this sandbox beside time and trouble: a new tariff, a new document."""

from aiohttp import web

from insurers.sandbox import SANDBOX
from insurers.sompo.sandbox.office import OFFICE


async def revise_tariff(request: web.Request) -> web.Response:
    """`{"yen_per_point": 41}`: every premium moves, and quotes given before are answered 51."""
    asked = await request.json()
    try:
        yen_per_point = int(asked["yen_per_point"])
    except (KeyError, TypeError, ValueError):
        raise web.HTTPBadRequest(text='Give {"yen_per_point": 41}.') from None
    request.app[SANDBOX][OFFICE].book.yen_per_point = yen_per_point
    return web.Response(status=204)


async def revise_important_matters(request: web.Request) -> web.Response:
    """A new edition of 重要事項等説明書: whoever confirmed the old one is answered 53."""
    request.app[SANDBOX][OFFICE].revision += 1
    return web.Response(status=204)


ROUTES = (
    web.post("/_control/tariff", revise_tariff),
    web.post("/_control/important-matters", revise_important_matters),
)
