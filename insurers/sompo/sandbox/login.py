"""ログイン: password, passcode, trusted device (WIRE.md §4)."""

from datetime import datetime

from aiohttp import web

from insurers.sompo.sandbox import forms, mails, office
from insurers.sompo.sandbox.dates import stamp
from insurers.sompo.sandbox.devices import Device
from insurers.sompo.sandbox.forms import Form
from insurers.sompo.sandbox.members import Member, Passcode
from insurers.sompo.sandbox.office import Office
from insurers.sompo.sandbox.replies import Refusal, reply

routes = web.RouteTableDef()


@routes.post("/login/ninsyo")
async def by_password(request: web.Request) -> web.Response:
    """§4.1 A session, if the device is trusted or the member exempt; else a passcode by mail."""
    line, _ = await forms.read(request)
    with Form(line) as form:
        mail = form.text("MAIL", 100)
        password = form.text("PASSWORD", 32)
    here = office.of(request)
    member = here.members.by_password(mail, password)
    key = line.get("TANMATU_KAGI", "")
    device = here.members.devices.find(key)
    if device is None or device.member is not member:
        if member.is_exempt:
            return signed_in(request, member, TANMATU_KAGI=here.members.devices.trust(member))
        raise await _passcode(here, member)
    await _require_unasked(here, device, key)
    return signed_in(request, member, TANMATU_KAGI="")


@routes.post("/login/otp")
async def by_passcode(request: web.Request) -> web.Response:
    """§4.2."""
    line, _ = await forms.read(request)
    with Form(line) as form:
        number = form.text("OTP_NO", 32)
        digits = form.text("OTP", 6, r"[0-9]{6}")
        trusts = form.flag("SINRAI_TANMATU")
    members = office.of(request).members
    passcode = members.by_passcode(number, digits)
    key = members.devices.renew(passcode.member, passcode.device) if trusts else ""
    return signed_in(request, passcode.member, TANMATU_KAGI=key)


@routes.post("/login/otp_saisou")
async def send_again(request: web.Request) -> web.Response:
    """§4.8."""
    line, _ = await forms.read(request)
    with Form(line) as form:
        number = form.text("OTP_NO", 32)
    here = office.of(request)
    number, passcode = here.members.challenge_again(number)
    await mails.passcode(here.world, passcode.member.mail, passcode.digits)
    return reply(request, **_beside(number, passcode))


@routes.post("/login/tanmatu")
async def by_device(request: web.Request) -> web.Response:
    """§4.5 A session by the device's key alone."""
    line, _ = await forms.read(request)
    key = line.get("TANMATU_KAGI", "")
    device = office.of(request).members.devices.find(key)
    if device is None:
        raise Refusal("45")
    await _require_unasked(office.of(request), device, key)
    return signed_in(request, device.member)


@routes.post("/login/tanmatu_sakujyo")
async def revoke_device(request: web.Request) -> web.Response:
    """§4.6 Who holds a key may give it up; with a token, only one of the member's own."""
    line, _ = await forms.read(request)
    here = office.of(request)
    member = here.session(line).member if line.get("KAIIN_TOKEN") else None
    here.members.devices.distrust(line.get("TANMATU_KAGI", ""), member)
    return reply(request)


@routes.post("/login/logout")
async def logout(request: web.Request) -> web.Response:
    """§4.7."""
    line, _ = await forms.read(request)
    here = office.of(request)
    here.members.close_session(here.session(line).token)
    return reply(request)


async def _require_unasked(here: Office, device: Device, key: str) -> None:
    """
    Raises:
        Refusal: 41, the device itself is asked for a passcode.
    """
    if here.members.devices.is_asked(device):
        raise await _passcode(here, device.member, key)
    here.members.devices.use(device)


async def _passcode(here: Office, member: Member, device: str = "") -> Refusal:
    """Send a passcode, and answer how to say so."""
    number, passcode = here.members.challenge(member, device)
    await mails.passcode(here.world, member.mail, passcode.digits)
    return Refusal("41", **_beside(number, passcode))


def _beside(number: str, passcode: Passcode) -> dict[str, object]:
    return {
        "OTP_NO": number,
        "KIGEN": stamp(passcode.dies_at),
        "KETASUU": len(passcode.digits),
        "NOKORI": passcode.attempts_left,
    }


def signed_in(request: web.Request, member: Member, **fields: object) -> web.Response:
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
