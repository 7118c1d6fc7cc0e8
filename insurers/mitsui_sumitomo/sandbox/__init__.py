"""Mitsui Sumitomo's sandbox. It reads WIRE.md on its own and imports nothing from the adapter."""

from aiohttp import web

from insurers.sandbox import AGENCY_POLICIES, CONTROL, CROWD, LEDGER, RESET, WORLD, World

from . import (
    agency_door,
    agency_orders,
    application,
    conditions_stage,
    control,
    crowd,
    entrance,
    estimates,
    final_stage,
    first_code,
    inquiry,
    line,
    login,
    matters_stage,
    mobile,
    newcomer,
    plan_stage,
    registration,
    reset,
)
from .doorkeeper import keep_hours, say_no_in_one_form
from .house import HOUSE, House

DESKS = (
    registration,
    first_code,
    newcomer,
    reset,
    line,
    login,
    mobile,
    inquiry,
    estimates,
    entrance,
    conditions_stage,
    plan_stage,
    matters_stage,
    final_stage,
    application,
    agency_door,
)


def build(world: World) -> web.Application:
    app = web.Application(middlewares=[say_no_in_one_form, keep_hours])
    house = House(world)
    app[WORLD], app[HOUSE], app[RESET], app[CONTROL] = (
        world,
        house,
        house.rebuild,
        (*control.ROUTES, *agency_orders.ROUTES),
    )
    app[CROWD] = lambda count, policies=1: crowd.move_in(house, count, policies)
    app[LEDGER] = house.accepted
    app[AGENCY_POLICIES] = house.populate
    app.on_cleanup.append(house.finish_errands)
    for desk in DESKS:
        app.add_routes(desk.routes)
    return app
