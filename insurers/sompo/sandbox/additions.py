"""Contracts that join an account after registration (SJ-REG-12, WIRE.md §3.8)."""

from aiohttp import web

from insurers.sompo.sandbox import forms, holders, office
from insurers.sompo.sandbox.dates import stamp
from insurers.sompo.sandbox.forms import Form
from insurers.sompo.sandbox.members import Member
from insurers.sompo.sandbox.office import Office
from insurers.sompo.sandbox.replies import Refusal, reply

routes = web.RouteTableDef()


@routes.post("/kaiin/keiyaku_tuika")
async def add_policies(request: web.Request) -> web.Response:
    """The four fields that the member gave at registration are compared; all are added or none."""
    line, records = await forms.read(request)
    here = office.of(request)
    member = here.session(line).member
    numbers = forms.policy_numbers(records)
    with Form(line) as form:
        if not numbers:
            form.wrong("SYOKEN_NO")
        holders.require_numbers(form, numbers)
    holders.require_few(numbers)
    _require_patience(here, member)
    if not here.account(member).keys().isdisjoint(numbers):
        raise Refusal("27")
    try:
        holders.require_the_holder(here, member.person, numbers)
    except Refusal as refusal:
        if refusal.code == "22":
            member.adding.failed(here.world.clock())
            _require_patience(here, member)
        raise
    member.adding.succeeded()
    member.contracts += numbers
    return reply(request, KENSUU=len(here.account(member)))


def _require_patience(here: Office, member: Member) -> None:
    """
    Raises:
        Refusal: 28, too many mismatches.
    """
    if until := member.adding.rests(here.world.clock()):
        raise Refusal("28", KAIJYO_NITIJI=stamp(until))
