"""新規登録 without a card: a temporary password by mail, changed at first login (WIRE.md §3.10, §3.11, §4.7)."""

import logging
import secrets
from datetime import timedelta

import aiosmtplib
from aiohttp import web

from . import accounts, letters, passwords
from .accounts import Account, Temporary
from .admission import admit
from .bodies import Asked, Nothing, answer, read
from .book import NOT_FOR_THE_PORTAL
from .enrolment import FORM_LIVES
from .forms import Holder
from .house import HOUSE, Changing, House, Newcomer
from .passwords import Hashed
from .problems import Refusal
from .times import spell_exact, whole_second

routes = web.RouteTableDef()
log = logging.getLogger(__name__)

# No leaflet states it; WIRE.md §3.11 invents it.
TEMPORARY_LIVES = timedelta(hours=24)
TEMPORARY_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789"
TEMPORARY_LENGTH = 10


class Form(Holder, frozen=True):
    mail_address: str


@routes.post("/portal/toroku/shinki")
async def fill_in(request: web.Request) -> web.Response:
    """§3.10 (MS-REG-23)."""
    house, form = request.app[HOUSE], await read(request, Form)
    form.refuse_without_terms()
    address = accounts.mail_address(form.mail_address)
    number = secrets.token_urlsafe(12)
    house.newcomers[number] = Newcomer(holder_of_policy(house, form), address, house.clock())
    seen = form.as_read() | {"shokenNo": form.shoken_no, "mailAddress": address}
    return answer({"torokuNo": number, "kakunin": seen}, status=201)


@routes.post("/portal/toroku/shinki/{toroku_no}/soshin")
async def send(request: web.Request) -> web.Response:
    """§3.11."""
    house = request.app[HOUSE]
    await read(request, Nothing)
    newcomer = house.newcomers.get(request.match_info["toroku_no"])
    if newcomer is None or (not newcomer.sent and house.clock() - newcomer.created_at >= FORM_LIVES):
        raise Refusal("registration-unknown")
    if newcomer.sent:
        raise Refusal("already-sent")
    newcomer.sent = True
    sent_at = whole_second(house.clock())
    dies_at = sent_at + TEMPORARY_LIVES
    password = "".join(secrets.choice(TEMPORARY_LETTERS) for _ in range(TEMPORARY_LENGTH))
    try:
        await house.post(letters.temporary_password(newcomer.mail_address, password, dies_at))
    except (OSError, aiosmtplib.SMTPException):
        log.warning("the temporary password could not be posted")
        newcomer.sent = False
        return web.Response(status=503)
    house.accounts.await_change(Temporary(newcomer.holder_code, newcomer.mail_address, Hashed.of(password), dies_at))
    return answer(
        {
            "soshinsaki": accounts.masked(newcomer.mail_address),
            "soshinNichiji": spell_exact(sent_at),
            "yukoKigen": spell_exact(dies_at),
        }
    )


class NewPassword(Asked, frozen=True):
    password: str
    password_kakunin: str
    mail_kibo: bool
    kantan_login: bool


@routes.post("/portal/login/password-henko")
async def change_password(request: web.Request) -> web.Response:
    """§4.7."""
    house, given = request.app[HOUSE], await read(request, NewPassword)
    visitor = house.portal.visitor(request)
    if not isinstance(visitor, Changing):
        raise Refusal("not-logged-in")
    temporary = visitor.temporary
    if not house.accounts.awaits_change(temporary):
        # Another session has changed it, and this one stood on nothing else.
        house.portal.close(request)
        raise Refusal("not-logged-in")
    if house.clock() >= temporary.dies_at:
        raise Refusal("temporary-password-expired")
    passwords.refuse(given.password, given.password_kakunin)
    house.accounts.refuse_taken(temporary.user_id, temporary.holder_code)
    account = Account(temporary.holder_code, temporary.user_id, given.mail_kibo, password=Hashed.of(given.password))
    return admit(house, request, account, easily=given.kantan_login)


def holder_of_policy(house: House, form: Holder) -> str:
    """
    Answer whose policy it is.

    Raises:
        Refusal: `identity-mismatch`, whatever was wrong; `not-eligible`.
    """
    contract = house.book.named(
        form.keiyakusha_shimei, form.keiyakusha_kana, form.seinengappi, form.shoken_no, house.clock()
    )
    if contract is None:
        raise Refusal("identity-mismatch")
    if contract.keiyaku_keitai in NOT_FOR_THE_PORTAL:
        raise Refusal("not-eligible", toriatsukaiDairiten=house.agency())
    return contract.holder_code
