"""The two-screen login, and the easy one (WIRE.md §4)."""

from aiohttp import web

from .accounts import Account, Temporary
from .bodies import Asked, Nothing, answer, done, read
from .house import HOUSE, Changing, Halfway, House, Member
from .problems import Refusal
from .times import spell_exact, spell_or_none

routes = web.RouteTableDef()


class UserId(Asked, frozen=True):
    user_id: str


@routes.post("/portal/login/user-id")
async def type_user_id(request: web.Request) -> web.Response:
    """§4.1. Whether the user ID exists is not told."""
    asked = await read(request, UserId)
    response = answer({"tejun": "PASSWORD"})
    request.app[HOUSE].portal.open(Halfway(asked.user_id), request, response)
    return response


class Password(Asked, frozen=True):
    password: str
    kantan_login: bool


@routes.post("/portal/login/password")
async def type_password(request: web.Request) -> web.Response:
    """§4.2."""
    house, asked = request.app[HOUSE], await read(request, Password)
    visitor = house.portal.visitor(request)
    if not isinstance(visitor, Halfway):
        raise Refusal("not-logged-in")
    found = house.accounts.check(visitor.user_id, asked.password)
    if isinstance(found, Temporary):
        response = answer({"tejun": "PASSWORD_HENKO", "yukoKigen": spell_exact(found.dies_at)})
        house.portal.open(Changing(found), request, response)
        return response
    return _welcome(house, request, found, found.issue_token() if asked.kantan_login else None)


class Token(Asked, frozen=True):
    kantan_login_token: str


@routes.post("/portal/login/kantan")
async def log_in_easily(request: web.Request) -> web.Response:
    """§4.4."""
    house, asked = request.app[HOUSE], await read(request, Token)
    account = house.accounts.by_token(asked.kantan_login_token)
    if account is None:
        raise Refusal("easy-login-revoked")
    house.accounts.attempts.refuse_locked(account.holder_code)
    return _welcome(house, request, account, None)


@routes.delete("/portal/login/kantan")
async def end_easy_login(request: web.Request) -> web.Response:
    """§4.5."""
    asked = await read(request, Token)
    request.app[HOUSE].accounts.end_token(asked.kantan_login_token)
    return done()


@routes.post("/portal/logout")
async def log_out(request: web.Request) -> web.Response:
    """§4.6."""
    await read(request, Nothing)
    request.app[HOUSE].portal.close(request)
    return done()


def _welcome(house: House, request: web.Request, account: Account, token: str | None) -> web.Response:
    name = house.book.personas[account.holder_code].keiyakusha.shimei
    response = answer(
        {
            "tejun": "KANRYO",
            "keiyakushaShimei": {"sei": name.sei, "mei": name.mei},
            "zenkaiLoginNichiji": spell_or_none(account.last_login_at),
            "kantanLoginToken": token,
        }
    )
    account.last_login_at = house.clock()
    house.portal.open(Member(account), request, response)
    return response
