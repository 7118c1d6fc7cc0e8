"""LINE, for who is registered and for who is not (WIRE.md §3.12–§3.14, §4.10)."""

import secrets

from aiohttp import web

from .accounts import Account
from .admission import member
from .bodies import Nothing, answer, read
from .forms import Holder
from .house import HOUSE, House, Member
from .messenger import LineEnrolment, LinkingString
from .newcomer import holder_of_policy
from .problems import Refusal
from .times import spell, spell_exact, spell_or_none

routes = web.RouteTableDef()


class Form(Holder, frozen=True):
    """MS-LIN-02: ※証券番号の入力が必要です。"""


@routes.post("/portal/line/toroku")
async def fill_in(request: web.Request) -> web.Response:
    """§3.12."""
    house, form = request.app[HOUSE], await read(request, Form)
    form.refuse_without_terms()
    number = secrets.token_urlsafe(16)
    house.line_enrolments[number] = LineEnrolment(holder_of_policy(house, form), house.clock())
    return answer({"renkeiNo": number, "kakunin": form.as_read() | {"shokenNo": form.shoken_no}}, status=201)


@routes.post("/portal/line/toroku/{renkei_no}/kakutei")
async def confirm(request: web.Request) -> web.Response:
    """§3.13."""
    await read(request, Nothing)
    house, _, enrolment = _enrolment(request)
    if enrolment.string is not None:
        raise Refusal("already-sent")
    enrolment.string = house.chat.issue()
    return answer(_told(enrolment.string))


@routes.post("/portal/line/toroku/{renkei_no}/kanryo")
async def complete(request: web.Request) -> web.Response:
    """§3.14: registered by easy login, without user ID and password (MS-LIN-04)."""
    await read(request, Nothing)
    house, number, enrolment = _enrolment(request)
    now = house.clock()
    line_user_id, came_at = enrolment.came(now)
    del house.line_enrolments[number]
    account = Account(enrolment.holder_code, None, wants_mail=False, last_login_at=now)
    house.admit(account)
    house.accounts.link(account, line_user_id, came_at)
    response = answer(
        {
            "userId": None,
            "kanryoNichiji": spell(now),
            "kantanLoginToken": account.issue_token(),
            "renkeiNichiji": spell(came_at),
        },
        status=201,
    )
    house.portal.open(Member(account), request, response)
    return response


@routes.post("/portal/line/tomodachi-tsuika")
async def add_friend(request: web.Request) -> web.Response:
    """§4.10 「友だち追加」 (MS-LIN-03)."""
    await read(request, Nothing)
    house, account = member(request)
    return answer(_told(house.chat.issue(account)), status=201)


@routes.get("/portal/line")
async def show_link(request: web.Request) -> web.Response:
    """§4.10."""
    house, account = member(request)
    state = "ZUMI" if account.linked_at else "MI"
    if house.chat.waits_for(account):
        state = "MACHI"
    return answer({"renkei": state, "renkeiNichiji": spell_or_none(account.linked_at)})


def _enrolment(request: web.Request) -> tuple[House, str, LineEnrolment]:
    house, number = request.app[HOUSE], request.match_info["renkei_no"]
    enrolment = house.line_enrolments.get(number)
    if enrolment is None or not enrolment.alive(house.clock()):
        raise Refusal("registration-unknown")
    return house, number, enrolment


def _told(string: LinkingString) -> dict[str, str]:
    return {"renkeiMojiretsu": string.text, "yukoKigen": spell_exact(string.dies_at)}
