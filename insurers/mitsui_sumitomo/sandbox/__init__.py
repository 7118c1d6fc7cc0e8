"""Mitsui Sumitomo's sandbox. It reads WIRE.md on its own and imports nothing from the adapter."""

from aiohttp import web

from insurers.sandbox import CONTROL, RESET, WORLD, World

from . import (
    application,
    conditions_stage,
    control,
    entrance,
    final_stage,
    inquiry,
    login,
    matters_stage,
    plan_stage,
    registration,
)
from .doorkeeper import keep_hours, say_no_in_one_form
from .house import HOUSE, House

DESKS = (
    registration,
    login,
    inquiry,
    entrance,
    conditions_stage,
    plan_stage,
    matters_stage,
    final_stage,
    application,
)


def build(world: World) -> web.Application:
    app = web.Application(middlewares=[say_no_in_one_form, keep_hours])
    house = House(world)
    app[WORLD], app[HOUSE], app[RESET], app[CONTROL] = world, house, house.rebuild, control.ROUTES
    for desk in DESKS:
        app.add_routes(desk.routes)
    return app
