"""満期案内メール: who gets them (WIRE.md §3.3, SJ-NTF-01)."""

from aiohttp import web

from insurers.sompo.sandbox import forms, office
from insurers.sompo.sandbox.replies import Refusal, reply

routes = web.RouteTableDef()

COMES = (
    "「満期案内メール」「満期手続きメール」などをテキストメールでお届けします。"
    "特約火災保険や自賠責保険など、ご加入の商品によっては配信されない場合がございます。"
)
NO_NUMBER = "証券番号を入力されていないお客さまは、「希望する」が選択されていてもメールは配信されません。"
NOT_WISHED = "「希望しない」を選択されても当社営業店、代理店からのご案内は届く場合がございます。"


@routes.post("/touroku/haisin")
async def tell_applicant(request: web.Request) -> web.Response:
    line, _ = await forms.read(request)
    applicant = office.of(request).receptions.find(line.get("UKETUKE_NO", "")).applicant
    if applicant is None:
        raise Refusal("13")
    return _tell(request, wishes=applicant.wants_maturity_mail, has_number=bool(applicant.contracts))


@routes.post("/kaiin/haisin")
async def tell_member(request: web.Request) -> web.Response:
    line, _ = await forms.read(request)
    member = office.of(request).session(line).member
    return _tell(request, wishes=member.wants_maturity_mail, has_number=bool(member.contracts))


def _tell(request: web.Request, *, wishes: bool, has_number: bool) -> web.Response:
    words = NOT_WISHED if not wishes else COMES + NOT_WISHED if has_number else NO_NUMBER
    return reply(request, MANKI_MAIL=int(wishes), MANKI_MAIL_HAISIN=int(wishes and has_number), HAISIN_BUN=words)
