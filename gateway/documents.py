"""Documents: addresses that open one for one person for a while, and the door behind them."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

import msgspec
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from gateway.vault import Keyring, Unsealable
from insurers.adapter import File
from insurers.errors import InsurerError, Rejected
from insurers.identity import PolicyRef
from insurers.panel import Clock
from insurers.person import Private
from schema.problems import told

# Long enough to read an important-matters statement, short enough to be worth little when it leaks.
LIFE = timedelta(minutes=15)

ABOUT = "document"

# Nobody but the customer's own screen keeps it, and it is never taken for a page.
_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Disposition": "inline",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
# What is refused is no file, and may be there a moment later.
_REFUSED = {name: _HEADERS[name] for name in ("Cache-Control", "Referrer-Policy", "X-Content-Type-Options")}
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
            return _refused(
                404, "この書類のリンクは期限切れです。", "This link has run out: ask for the document again."
            )
        try:
            file = await fetch(ticket)
        except Rejected:
            file = None
        except InsurerError as error:
            message = told(error)[1]
            return _refused(503, message.ja, message.en)
        if file is None:
            return _refused(404, "書類が見つかりません。", "There is no such document.")
        return Response(
            file.content,
            media_type=file.document.media_type,
            headers=_HEADERS,
        )

    return Route(PATH, opened, methods=["GET"])


def _refused(status: int, ja: str, en: str) -> Response:
    return JSONResponse({"errors": [{"message": f"{ja} / {en}"}]}, status, _REFUSED)
