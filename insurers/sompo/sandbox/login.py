"""ログイン: password, passcode, trusted device (WIRE.md §4)."""

from datetime import datetime

from aiohttp import web

from insurers.sompo.sandbox import forms, mails, office
from insurers.sompo.sandbox.dates import stamp
from insurers.sompo.sandbox.forms import Form
from insurers.sompo.sandbox.members import Member
from insurers.sompo.sandbox.replies import Refusal, reply

routes = web.RouteTableDef()


@routes.post("/login/ninsyo")
async def by_password(request: web.Request) -> web.Response:
    """§4.1 A session, if the device is trusted; else a passcode by mail."""
    line, _ = await forms.read(request)
    with Form(line) as form:
        mail = form.text("MAIL", 100)
        password = form.text("PASSWORD", 32)
    here = office.of(request)
    member = here.members.by_password(mail, password)
    if here.members.by_device(line.get("TANMATU_KAGI", "")) is member:
        return _signed_in(request, member)
    number, passcode = here.members.challenge(member)
    await mails.passcode(here.world, member.mail, passcode.digits)
    raise Refusal(
        "41",
        OTP_NO=number,
        KIGEN=stamp(passcode.dies_at),
        KETASUU=len(passcode.digits),
        NOKORI=passcode.attempts_left,
    )


@routes.post("/login/otp")
async def by_passcode(request: web.Request) -> web.Response:
    """§4.2."""
    line, _ = await forms.read(request)
    with Form(line) as form:
        number = form.text("OTP_NO", 32)
        digits = form.text("OTP", 6, r"[0-9]{6}")
        trusts = form.flag("SINRAI_TANMATU")
    members = office.of(request).members
    member = members.by_passcode(number, digits)
    return _signed_in(request, member, TANMATU_KAGI=members.trust(member) if trusts else "")


@routes.post("/login/tanmatu")
async def by_device(request: web.Request) -> web.Response:
    """§4.5 A session by the device's key alone."""
    line, _ = await forms.read(request)
    member = office.of(request).members.by_device(line.get("TANMATU_KAGI", ""))
    if member is None:
        raise Refusal("45")
    return _signed_in(request, member)


@routes.post("/login/tanmatu_sakujyo")
async def revoke_device(request: web.Request) -> web.Response:
    """§4.6."""
    line, _ = await forms.read(request)
    here = office.of(request)
    here.members.distrust(here.session(line).member, line.get("TANMATU_KAGI", ""))
    return reply(request)


@routes.post("/login/logout")
async def logout(request: web.Request) -> web.Response:
    """§4.7."""
    line, _ = await forms.read(request)
    here = office.of(request)
    here.members.close_session(here.session(line).token)
    return reply(request)


def _signed_in(request: web.Request, member: Member, **fields: object) -> web.Response:
    before = member.last_login
    session = office.of(request).members.open_session(member)
    return reply(
        request,
        KAIIN_NO=member.number,
        KAIIN_TOKEN=session.token,
        ZENKAI_LOGIN=_stamp(before),
        **fields,
    )


def _stamp(moment: datetime | None) -> str:
    return stamp(moment) if moment else ""
