"""パスワードを忘れた方はこちら (WIRE.md §4.9, SJ-LOG-10)."""

from aiohttp import web

from insurers.sandbox import origin
from insurers.sompo.sandbox import forms, mails, office
from insurers.sompo.sandbox.dates import stamp
from insurers.sompo.sandbox.forms import Form
from insurers.sompo.sandbox.login import signed_in
from insurers.sompo.sandbox.pages import PASSWORD_SHAPE, link_page
from insurers.sompo.sandbox.replies import reply

routes = web.RouteTableDef()

SENT = "ご登録のメールアドレスあてに、パスワード再設定のご案内をお送りしました。ご登録がない場合、メールは届きません。"


@routes.post("/login/saisettei_uketuke")
async def ask_for_link(request: web.Request) -> web.Response:
    """One answer for everybody; the mail goes out behind it, so that it takes no time of the answer's."""
    line, _ = await forms.read(request)
    with Form(line) as form:
        mail = form.text("MAIL", 100)
        born = form.era_day("SEINEN_YMD")
    here = office.of(request)
    if here.members.knows(mail):
        member = here.members.by_mail(mail)
        if member.person.born == born:
            here.send_later(mails.reset(here.world, member.mail, _address(request, here.resets.begin(member))))
    return reply(request, KIGEN=stamp(here.resets.dies_at()), ANNAI_BUN=SENT)


@routes.get("/login/saisettei_url")
async def show_link(request: web.Request) -> web.Response:
    """The page behind the mailed link, which consumes nothing."""
    return link_page("パスワードの再設定", _address(request, request.query.get("KAGI", "")))


@routes.post("/login/saisettei")
async def set_password(request: web.Request) -> web.Response:
    """Another password, and everything that was open with the old one is closed."""
    line, _ = await forms.read(request)
    with Form(line) as form:
        key = form.text("KAGI", 32)
        password = form.text("PASSWORD", 32, PASSWORD_SHAPE)
        trusts = form.flag("SINRAI_TANMATU")
    here = office.of(request)
    link = here.resets.find(key)
    link.used = True
    here.members.forget_password(link.member, password)
    here.send_later(mails.reset_done(here.world, link.member.mail))
    return signed_in(request, link.member, TANMATU_KAGI=here.members.devices.trust(link.member) if trusts else "")


def _address(request: web.Request, key: str) -> str:
    return f"{origin(request)}/login/saisettei_url?KAGI={key}"
