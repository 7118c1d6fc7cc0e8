"""How every way of registering ends, and how a member is known (WIRE.md §3.7)."""

from aiohttp import web

from .accounts import Account
from .bodies import answer
from .house import HOUSE, House, Member
from .problems import Refusal
from .times import spell

# MS-RST-05.
MAIL_TAKES_TIME = "メールのご希望の設定・変更が反映されるまで、メールでご案内する場合がございます。"


def admit(house: House, request: web.Request, account: Account, *, easily: bool) -> web.Response:
    """Registered, and logged in; whoever was inside by an older account of this person is out."""
    house.admit(account)
    account.last_login_at = house.clock()
    response = answer(
        {
            "userId": account.user_id,
            "kanryoNichiji": spell(account.last_login_at),
            "oshirase": MAIL_TAKES_TIME,
            "kantanLoginToken": account.issue_token() if easily else None,
        },
        status=201,
    )
    house.portal.open(Member(account), request, response)
    return response


def member(request: web.Request) -> tuple[House, Account]:
    """
    Raises:
        Refusal: `not-logged-in` or `session-expired`.
    """
    house = request.app[HOUSE]
    visitor = house.portal.visitor(request)
    if not isinstance(visitor, Member):
        raise Refusal("not-logged-in")
    return house, visitor.account
