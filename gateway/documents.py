"""Documents: addresses that open one for one person for a while, and the door behind them."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from gateway.doors import PRIVATE, closed
from gateway.vault import Keyring, Unsealable
from insurers.adapter import File
from insurers.errors import AccessDenied, InsurerError, Rejected
from insurers.identity import PolicyRef
from insurers.panel import Clock
from insurers.person import Private
from insurers.text import Text
from schema.execution.refusals import Refusal
from schema.problems import told

# Long enough to read an important-matters statement, short enough to be worth little when it leaks.
LIFE = timedelta(minutes=15)

ABOUT = "document"

# Nobody but the customer's own screen keeps it, and it is never taken for a page.
_HEADERS = {
    **PRIVATE,
    "Content-Disposition": "inline",
    "Content-Security-Policy": "default-src 'none'; sandbox",
}

_RUN_OUT = Refusal(
    "NOT_FOUND",
    404,
    Text(
        "この書類のリンクは期限切れです。もう一度書類を開いてください。",
        "This link has run out: ask for the document again.",
    ),
)
_NO_DOCUMENT = Refusal("NOT_FOUND", 404, Text("書類が見つかりません。", "There is no such document."))

PATH = "/documents/{ticket}"


class Ticket(Private, frozen=True, kw_only=True):
    """
    What an address opens, of which customer, and until when.

    An `agent` opens it only while the customer lets their agency. Without a `customer` it is whosever policy it is.
    """

    customer: str | None
    ref: PolicyRef
    document: str
    renewal: str | None
    expires_at: datetime
    agent: str | None = None


class Tickets:
    """Writes and reads the addresses of documents."""

    def __init__(self, keyring: Keyring, public_url: str, clock: Clock) -> None:
        self._keyring = keyring
        self._public_url = public_url.rstrip("/")
        self._clock = clock

    def url(
        self, customer: str | None, ref: PolicyRef, document: str, *, renewal: str | None, agent: str | None = None
    ) -> str:
        ticket = Ticket(
            customer=customer,
            ref=ref,
            document=document,
            renewal=renewal,
            expires_at=self._clock() + LIFE,
            agent=agent,
        )
        sealed = self._keyring.ticket(msgspec.json.encode(ticket), ABOUT)
        return self._public_url + PATH.format(ticket=sealed)

    def read(self, text: str) -> Ticket | None:
        """Answer what *text* opens, or None when it is none of ours or too old."""
        try:
            ticket = msgspec.json.decode(self._keyring.redeem(text, ABOUT), type=Ticket)
        except Unsealable:
            return None
        return ticket if ticket.expires_at > self._clock() else None


def route(tickets: Tickets, fetch: Callable[[Ticket], Awaitable[File | None]]) -> Route:
    """The door behind the addresses. *fetch* brings the document and notes that it was opened."""

    async def opened(request: Request) -> Response:
        ticket = tickets.read(request.path_params["ticket"])
        if ticket is not None and request.method == "HEAD":
            # A preview asks for the head alone, and nobody has read anything.
            head = Response(headers=_HEADERS)
            # How long it is, nobody has asked its insurer.
            del head.headers["Content-Length"]
            return head
        if ticket is None:
            return closed(_RUN_OUT, request)
        try:
            file = await fetch(ticket)
        except Rejected:
            file = None
        except InsurerError as error:
            code, message = told(error)
            status = 403 if isinstance(error, AccessDenied) else 503
            return closed(Refusal(code.name, status, message), request)
        if file is None:
            return closed(_NO_DOCUMENT, request)
        return Response(
            file.content,
            media_type=file.document.media_type,
            headers=_HEADERS,
        )

    return Route(PATH, opened, methods=["GET"])
