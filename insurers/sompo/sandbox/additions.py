"""Contracts that join an account after registration (SJ-REG-12, WIRE.md §3.8)."""

from aiohttp import web

from insurers.sompo.sandbox import forms, holders, office
from insurers.sompo.sandbox.forms import Form
from insurers.sompo.sandbox.replies import reply

routes = web.RouteTableDef()


@routes.post("/kaiin/keiyaku_tuika")
async def add_policies(request: web.Request) -> web.Response:
    """The member's own four fields are compared."""
    line, records = await forms.read(request)
    here = office.of(request)
    member = here.session(line).member
    numbers = forms.policy_numbers(records)
    with Form(line) as form:
        holders.require_numbers(form, numbers)
    holders.require_registrable(records, numbers)
    unseen = [number for number in numbers if number not in here.account(member)]
    holders.require_the_holder(here, member.person, unseen)
    member.contracts += unseen
    return reply(request, KENSUU=len(here.account(member)))
