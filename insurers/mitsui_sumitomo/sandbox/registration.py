"""Registration by link and keyword, and the screens that other ways share (WIRE.md §3.1–§3.7)."""

import logging
import secrets

import aiosmtplib
from aiohttp import web

from insurers.sandbox import origin

from . import accounts, enrolment, letters, pages, passwords
from .accounts import Account
from .admission import admit
from .bodies import Asked, Nothing, answer, done, read
from .enrolment import Due, Enrolment, Invited, Reset
from .forms import Person
from .house import HOUSE, House
from .passwords import Hashed
from .problems import Refusal
from .times import spell_exact, whole_second

routes = web.RouteTableDef()
log = logging.getLogger(__name__)


class Form(Person, frozen=True):
    mail_address: str
    keyword: str | None
    shain_no: str | None


@routes.post("/portal/toroku")
async def fill_in(request: web.Request) -> web.Response:
    """§3.1 お客さま情報の入力。"""
    house, form = request.app[HOUSE], await read(request, Form)
    form.refuse_without_terms()
    address = accounts.mail_address(form.mail_address)
    keyword = enrolment.issued_keyword() if form.keyword is None else enrolment.chosen_keyword(form.keyword)
    persona = house.book.identify(form.keiyakusha_shimei, form.keiyakusha_kana, form.seinengappi, form.shain_no)
    if persona is None:
        raise Refusal("identity-mismatch")
    if not house.book.may_register(persona):
        raise Refusal("not-eligible", toriatsukaiDairiten=house.agency())
    number = secrets.token_urlsafe(12)
    house.enrolments[number] = Invited(
        holder_code=persona.code,
        mail_address=address,
        created_at=house.clock(),
        keyword=keyword,
        keyword_is_ours=form.keyword is None,
    )
    return answer(
        {
            "torokuNo": number,
            "kakunin": form.as_read() | {"mailAddress": address, "shainNo": form.shain_no},
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
    sent_at = whole_second(house.clock())
    dies_at = asked.send(sent_at)
    letter = letters.invitation(asked.mail_address, f"{origin(request)}/portal/SI?cd={asked.link_code}", dies_at)
    try:
        await house.post(letter)
    except (OSError, aiosmtplib.SMTPException):
        log.warning("the invitation could not be posted")
        asked.unsend()
        return web.Response(status=503)
    return answer(
        {
            "keyword": asked.keyword,
            "keywordShutten": _origin_of_keyword(asked),
            "soshinsaki": accounts.masked(asked.mail_address),
            "soshinNichiji": spell_exact(sent_at),
            "yukoKigen": spell_exact(dies_at),
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
@routes.get("/portal/SS")
async def show_link(_: web.Request) -> web.Response:
    """§3.4 and §4.8, as a browser opens them."""
    return pages.link()


class Link(Asked, frozen=True):
    cd: str


@routes.post("/portal/SI")
async def open_link(request: web.Request) -> web.Response:
    """§3.4: the one access that the link allows (MS-REG-17)."""
    return await _open(request, Invited)


@routes.post("/portal/SS")
async def open_reset_link(request: web.Request) -> web.Response:
    """§4.8."""
    return await _open(request, Reset)


async def _open(request: web.Request, kind: type[Invited]) -> web.Response:
    house, link = request.app[HOUSE], await read(request, Link)
    ours = (one for one in house.enrolments.values() if type(one) is kind and one.link_code)
    asked = next((one for one in ours if one.link_code == link.cd), None)
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
    asked.try_keyword(given.keyword, house.clock())
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
    passwords.refuse(given.password, given.password_kakunin)
    house.accounts.refuse_taken(user_id, asked.holder_code)
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
    if asked.by_code and asked.holder_code in house.book.used_codes:
        # Another session has completed by the same code, and this one stood on nothing else.
        house.portal.close(request)
        raise Refusal("not-logged-in")
    house.accounts.refuse_taken(asked.user_id, asked.holder_code)
    account = Account(
        asked.holder_code, asked.user_id, asked.wants_mail, asked.mobile, password=Hashed.of(asked.password)
    )
    asked.password, asked.due = "", Due.KANRYO
    if asked.by_code:
        house.book.used_codes.add(asked.holder_code)
    return admit(house, request, account, easily=wish.kantan_login)


def _form(house: House, request: web.Request) -> Invited:
    asked = house.enrolments.get(request.match_info["toroku_no"])
    if asked is None or not asked.alive(house.clock()):
        raise Refusal("registration-unknown")
    return asked


def _inside(house: House, request: web.Request) -> Enrolment:
    visitor = house.portal.visitor(request)
    if not isinstance(visitor, Enrolment):
        raise Refusal("not-logged-in")
    return visitor


def _origin_of_keyword(asked: Invited) -> str:
    return "TOSHA" if asked.keyword_is_ours else "OKYAKUSAMA"
