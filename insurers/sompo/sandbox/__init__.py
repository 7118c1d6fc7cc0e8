"""Sompo Japan, imitated from WIRE.md alone. It shares no code with the adapter."""

from collections import Counter
from collections.abc import Awaitable, Callable

from aiohttp import web

from insurers.sandbox import AGENCY_POLICIES, CONTROL, CROWD, LEDGER, RESET, WORLD, World
from insurers.sompo.sandbox import (
    additions,
    agency_lists,
    application,
    control,
    crowd,
    estimates,
    forgotten,
    guidance,
    login,
    notices,
    policies,
    procedures,
    quoting,
    registration,
)
from insurers.sompo.sandbox.office import OFFICE, Office
from insurers.sompo.sandbox.replies import Refusal, Silence, refuse

AT_ONCE = 5  # WIRE.md §1.4

CALLERS: web.AppKey[Counter[str]] = web.AppKey("callers", Counter[str])

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def build(world: World) -> web.Application:
    """Answer a sandbox that is ready to be served, with every persona in it."""
    app = web.Application(middlewares=[_say_refusals, _keep_the_rush_out])
    app[WORLD] = world
    app[OFFICE] = office = Office(world)
    app[CALLERS] = Counter()
    app[RESET] = office.reopen
    app[CROWD] = lambda count, policies=1: crowd.move_in(office, count, policies)
    app[AGENCY_POLICIES] = office.fill_agencies
    app[LEDGER] = office.tell_ledger
    app[CONTROL] = control.ROUTES
    app.on_cleanup.append(_close)
    for part in (
        registration,
        notices,
        additions,
        login,
        forgotten,
        policies,
        quoting,
        estimates,
        guidance,
        procedures,
        application,
        agency_lists,
    ):
        app.add_routes(part.routes)
    return app


async def _close(app: web.Application) -> None:
    await app[OFFICE].close()


@web.middleware
async def _say_refusals(request: web.Request, handler: Handler) -> web.StreamResponse:
    try:
        return await handler(request)
    except Refusal as refusal:
        return refuse(request, refusal)
    except Silence:
        if request.transport is not None:
            request.transport.abort()
        return web.Response()


@web.middleware
async def _keep_the_rush_out(request: web.Request, handler: Handler) -> web.StreamResponse:
    callers, caller = request.app[CALLERS], request.remote or ""
    if callers[caller] >= AT_ONCE:
        raise Refusal("91")
    callers[caller] += 1
    try:
        return await handler(request)
    finally:
        callers[caller] -= 1
