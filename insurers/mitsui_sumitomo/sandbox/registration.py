"""Registration by link and keyword (WIRE.md §3)."""

import logging
import secrets
from datetime import date

import aiosmtplib
from aiohttp import web

from insurers.sandbox import origin

from . import accounts, enrolment, letters, pages, texts
from .accounts import Account
from .bodies import Asked, Nothing, answer, done, read
from .contracts import Name
from .enrolment import LINK_LIVES, Due, Enrolment
from .house import HOUSE, House, Member
from .problems import Refusal
from .times import spell

routes = web.RouteTableDef()
log = logging.getLogger(__name__)


class Form(Asked, frozen=True):
    keiyakusha_shimei: Name
    keiyakusha_kana: Name
    seinengappi: date
    mail_address: str
    keyword: str | None
    shain_no: str | None
    riyo_kiyaku_doi: bool
    riyo_kiyaku_hansu: str


@routes.post("/portal/toroku")
async def fill_in(request: web.Request) -> web.Response:
    """§3.1 お客さま情報の入力。"""
    house, form = request.app[HOUSE], await read(request, Form)
    if not form.riyo_kiyaku_doi:
        raise Refusal("terms-not-accepted")
    if form.riyo_kiyaku_hansu != texts.TERMS_EDITION:
        raise Refusal("terms-changed", hansu=texts.TERMS_EDITION)
    address = accounts.mail_address(form.mail_address)
    keyword = enrolment.issued_keyword() if form.keyword is None else enrolment.chosen_keyword(form.keyword)
    persona = house.book.identify(form.keiyakusha_shimei, form.keiyakusha_kana, form.seinengappi, form.shain_no)
    if persona is None:
        raise Refusal("identity-mismatch")
    if not house.book.may_register(persona):
        raise Refusal("not-eligible", toriatsukaiDairiten=house.agency())
    number = secrets.token_urlsafe(12)
    house.enrolments[number] = Enrolment(persona.code, address, house.clock(), keyword, form.keyword is None)
    return answer(
        {
            "torokuNo": number,
            "kakunin": {
                "keiyakushaShimei": {"sei": form.keiyakusha_shimei.sei, "mei": form.keiyakusha_shimei.mei},
                "keiyakushaKana": {"sei": form.keiyakusha_kana.sei, "mei": form.keiyakusha_kana.mei},
                "seinengappi": form.seinengappi.isoformat(),
                "mailAddress": address,
                "shainNo": form.shain_no,
            },
            "keywordShutten": _origin_of_keyword(house.enrolments[number]),
        },
        status=201,
    )


@routes.post("/portal/toroku/{toroku_no}/soshin")
async def send(request: web.Request) -> web.Response:
    """§3.2 「送信する」: the mail goes out, and the keyword is told this once."""
    house = request.app[HOUSE]
    await read(request, Nothing)
    asked = _form(house, request)
    if asked.sent_at is not None:
        raise Refusal("already-sent")
    now = house.clock()
    asked.send(now)
    letter = letters.invitation(
        asked.mail_address, f"{origin(request)}/portal/SI?cd={asked.link_code}", now + LINK_LIVES
    )
    try:
        await house.world.postman.deliver(letter)
    except (OSError, aiosmtplib.SMTPException):
        log.warning("the invitation could not be posted")
        asked.unsend()
        return web.Response(status=503)
    local, domain = asked.mail_address.split("@")
    return answer(
        {
            "keyword": asked.keyword,
            "keywordShutten": _origin_of_keyword(asked),
            "soshinsaki": f"{local[0]}***@{domain}",
            "soshinNichiji": spell(now),
            "yukoKigen": spell(now + LINK_LIVES),
        }
    )


@routes.post("/portal/toroku/{toroku_no}/tojiru")
async def close_screen(request: web.Request) -> web.Response:
    """§3.3 「閉じる」, without which nothing goes on (MS-REG-15)."""
    await read(request, Nothing)
    asked = _form(request.app[HOUSE], request)
    if asked.sent_at is None:
        raise Refusal("out-of-order", tejun=asked.due)
    asked.screen_closed = True
    return done()


@routes.get("/portal/SI")
async def show_link(_: web.Request) -> web.Response:
    """§3.4, as a browser opens it."""
    return pages.link()


class Link(Asked, frozen=True):
    cd: str


@routes.post("/portal/SI")
async def open_link(request: web.Request) -> web.Response:
    """§3.4: the one access that the link allows (MS-REG-17)."""
    house, link = request.app[HOUSE], await read(request, Link)
    asked = next((one for one in house.enrolments.values() if one.link_code and one.link_code == link.cd), None)
    if asked is None:
        raise Refusal("link-unknown")
    asked.open_link(house.clock())
    response = answer({"tejun": asked.due, "nokoriKaisu": asked.attempts_left})
    house.portal.open(asked, request, response)
    return response


class Keyword(Asked, frozen=True):
    keyword: str


@routes.post("/portal/toroku/keyword")
async def try_keyword(request: web.Request) -> web.Response:
    """§3.5."""
    house, given = request.app[HOUSE], await read(request, Keyword)
    asked = _inside(house, request)
    asked.expect(Due.KEYWORD)
    asked.try_keyword(given.keyword)
    return answer({"tejun": asked.due})


class Credentials(Asked, frozen=True):
    user_id: str
    password: str
    password_kakunin: str
    mail_kibo: bool


@routes.post("/portal/toroku/id-password")
async def set_credentials(request: web.Request) -> web.Response:
    """§3.6: the insurer's own verdict on the password (MS-PWD-02)."""
    house, given = request.app[HOUSE], await read(request, Credentials)
    asked = _inside(house, request)
    asked.expect(Due.ID_PASSWORD, Due.KAKUNIN)
    user_id = accounts.mail_address(given.user_id)
    if given.password != given.password_kakunin:
        raise Refusal("password-differs")
    if verdict := accounts.verdict(given.password):
        raise Refusal("password-refused", kisoku=accounts.PRINTED_RULE, detail=verdict)
    _refuse_taken(house, user_id, asked)
    asked.user_id, asked.password, asked.wants_mail, asked.due = user_id, given.password, given.mail_kibo, Due.KAKUNIN
    return answer({"tejun": asked.due, "userId": user_id, "mailKibo": given.mail_kibo})


class Completion(Asked, frozen=True):
    kantan_login: bool


@routes.post("/portal/toroku/kanryo")
async def complete(request: web.Request) -> web.Response:
    """§3.7: registered, and logged in."""
    house, wish = request.app[HOUSE], await read(request, Completion)
    asked = _inside(house, request)
    asked.expect(Due.KAKUNIN)
    _refuse_taken(house, asked.user_id, asked)
    account = Account(asked.holder_code, asked.user_id, asked.wants_mail)
    account.set_password(asked.password)
    asked.password, asked.due = "", Due.KANRYO
    house.admit(account)
    now = house.clock()
    account.last_login_at = now
    token = account.issue_token() if wish.kantan_login else None
    response = answer({"userId": account.user_id, "kanryoNichiji": spell(now), "kantanLoginToken": token}, status=201)
    house.portal.open(Member(account), request, response)
    return response


def _form(house: House, request: web.Request) -> Enrolment:
    asked = house.enrolments.get(request.match_info["toroku_no"])
    if asked is None or not asked.alive(house.clock()):
        raise Refusal("registration-unknown")
    return asked


def _inside(house: House, request: web.Request) -> Enrolment:
    visitor = house.portal.visitor(request)
    if not isinstance(visitor, Enrolment):
        raise Refusal("not-logged-in")
    return visitor


def _refuse_taken(house: House, user_id: str, asked: Enrolment) -> None:
    holder = house.accounts.find(user_id)
    if holder and holder.holder_code != asked.holder_code:
        raise Refusal("user-id-taken")


def _origin_of_keyword(asked: Enrolment) -> str:
    return "TOSHA" if asked.keyword_is_ours else "OKYAKUSAMA"
