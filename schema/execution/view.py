"""GraphQL over HTTP and WebSocket: who asks, in which language, and answers that are always GraphQL's."""

import json
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import strawberry
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket

from insurers.text import Language
from schema.context import Context
from schema.execution import answers, asking
from schema.execution.answers import Piece
from schema.execution.compiled.lasting import Written
from schema.execution.delivery import Delivery
from schema.execution.documents import Documents
from schema.execution.errors import wrong
from schema.execution.incoming import Incoming
from schema.execution.lifetime import Gone, Late, Watch, leaving
from schema.execution.masking import Teller
from schema.execution.negotiation import JSON, Wishes, language, wishes
from schema.execution.refusals import (
    INTERNAL,
    LATE,
    METHOD,
    NOT_ACCEPTABLE,
    TOO_SLOW_A_BODY,
    UNSURE,
    WRONG_TOKEN,
    Declined,
    Refusal,
)
from schema.execution.running import Bounds
from schema.node import NodeIds
from schema.ports import Asker, Host

# Answers who a token's bearer is; raises Refused when it is not believed.
Authenticate = Callable[[str], Awaitable[Asker]]

_VARY = (b"vary", b"Accept, Accept-Language")
_CONTENT_LANGUAGE = {
    spoken: (b"content-language", (spoken or Language.JA).value.encode()) for spoken in (None, *Language)
}

AUTHORIZATION = "authorization"

EXPLORER = Path(__file__).with_name("explorer.html")

# Where the explorer's own files are, unless an operator serves them; each is held to its hash.
ASSETS = "https://unpkg.com"


class Refused(Exception):
    """A token that is not believed."""


class Unsure(Exception):
    """A token of which nothing can be said now: its issuer's keys are out of reach."""


def _now() -> datetime:
    return datetime.now(UTC)


class GraphQLView(Delivery):
    """
    The GraphQL endpoint.

    Without a token a client is nobody, and sees what nobody may see. With a token that is not
    believed it is refused, so that a mistake is not taken for an empty account. `now` is the clock
    by which tokens end.
    """

    def __init__(
        self,
        schema: strawberry.Schema,
        *,
        host: Host,
        ids: NodeIds,
        authenticate: Authenticate,
        explorer: Callable[[], Mapping[str, object]] | None = None,
        assets: str | None = None,
        allowed_origins: Sequence[str] = (),
        bounds: Bounds | None = None,
        documents: Documents | None = None,
        introspection: bool = True,
        compiled: bool = True,
        remembered_bytes: int = 0,
        now: Callable[[], datetime] = _now,
    ) -> None:
        super().__init__(
            schema,
            allowed_origins=allowed_origins,
            bounds=bounds or Bounds(),
            now=now,
            documents=documents or Documents(),
            introspection=introspection,
            compiled=compiled,
        )
        self._host = host
        self._ids = ids
        self._authenticate = authenticate
        self._explorer = explorer
        self._assets = assets
        # What one language takes leaves the other its own.
        each = remembered_bytes // len(Language)
        self._remembered = {language: Written(each, as_json=True) for language in Language} if each else {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await super().__call__(scope, receive, send)
            return
        request = Incoming(scope, receive)
        spoken = language(request.listed(b"accept-language"))
        teller = Teller(request.id, spoken, proposes=self.runner.introspection)
        taken = wishes(request.listed(b"accept"))
        try:
            answered = await self._respond(request, taken, spoken, teller)
        except Declined as declined:
            answered = _refused(declined.refusal, taken, teller)
        except Gone:
            return
        except Exception as error:  # noqa: BLE001 (what nobody expected beside an operation is told as what is in it)
            wrong(error, teller.request_id)
            answered = _refused(INTERNAL, taken, teller)
        answered.raw_headers += (_VARY, _CONTENT_LANGUAGE[spoken])
        await answered(scope, receive, send)

    async def _respond(
        self, request: Incoming, taken: Wishes, spoken: Language | None, teller: Teller
    ) -> Piece | Response:
        if request.method not in ("GET", "POST"):
            raise Declined(METHOD)
        if self._explorer and taken.page and request.method == "GET" and "query" not in request.query:
            return self._page(self._explorer())
        if taken.none:
            raise Declined(NOT_ACCEPTABLE)
        asker = await self._bearer(request.head(b"authorization"))
        context: Context | None = None

        def left() -> Awaitable[None] | None:
            # Until its body is there, whoever reads that hears of it.
            return None if context is None else leaving(request.receive)

        def writes() -> bool:
            # What is written is not left half done for a telephone that goes to sleep; only its deadline ends it.
            return context is not None and context.writes

        seconds = self.runner.bounds.seconds
        try:
            with Watch(seconds=seconds, left=left, whatever=writes) as watch:
                asked = await asking.read(request)
                # What is asked has all of its time, however slowly that came.
                watch.anew(seconds)
                context = self._context(asker, spoken, teller.request_id, request.address)
                return await self.answered(request, asked, context, taken, teller)
        except Late:
            raise Declined(TOO_SLOW_A_BODY if context is None else LATE) from None

    async def get_context(self, request: Request | WebSocket, response: Response | WebSocket | None) -> Context:
        """Answer who asks on a socket: nobody, before it has said so. Some clients say it in the head already."""
        spoken = language(", ".join(request.headers.getlist("accept-language")))
        address = request.client.host if request.client else ""
        context = self._context(None, spoken, str(request.scope.get("state", {}).get("request_id", "")), address)
        if AUTHORIZATION in request.headers:
            context.connection_params = {AUTHORIZATION: request.headers[AUTHORIZATION]}
        return context

    def _context(self, asker: Asker | None, spoken: Language | None, request_id: str, address: str) -> Context:
        return Context(
            host=self._host,
            ids=self._ids,
            asker=asker,
            language=spoken or Language.JA,
            spoken=spoken,
            request_id=request_id,
            address=address,
            remembered=self._remembered,
        )

    async def authenticate_socket(self, context: Context) -> None:
        """
        Note who has opened a socket, by what it said when it connected, in letters of either case.

        Raises:
            Declined: the token is not believed, or is none.
        """
        said = {name.lower(): value for name, value in (context.connection_params or {}).items()}
        context.asker = await self._bearer(said.get(AUTHORIZATION))

    async def _bearer(self, header: object) -> Asker | None:
        if header is None or header == "":
            return None
        if not isinstance(header, str):
            raise Declined(WRONG_TOKEN)
        scheme, _, token = header.partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise Declined(WRONG_TOKEN)
        try:
            return await self._authenticate(token.strip())
        except Refused:
            raise Declined(WRONG_TOKEN) from None
        except Unsure:
            raise Declined(UNSURE) from None

    def decode_json(self, data: str | bytes) -> object:
        try:
            return asking.decoded(data)
        except Declined as declined:
            # What a socket's own reader takes for an end.
            raise json.JSONDecodeError("no JSON", "", 0) from declined

    def encode_json(self, data: object) -> str:
        # Text, because on a socket bytes would go as a binary message, which no client expects.
        return msgspec.json.encode(data).decode()

    def _page(self, offered: Mapping[str, object]) -> Response:
        page = EXPLORER.read_text(encoding="utf-8")
        if self._assets is not None:
            # A folder of npm's has each package once, and no version in its name.
            page = re.sub(r"(__ASSETS__/[\w-]+)@[\d.]+", r"\1", page)
        # "</" would end the script element that holds it.
        said = json.dumps(dict(offered), ensure_ascii=False).replace("</", "<\\/")
        filled = page.replace("__ASSETS__", self._assets or ASSETS).replace("__OFFERED__", said)
        # It holds a token.
        return HTMLResponse(filled, headers={"Cache-Control": "no-store"})


def _refused(refusal: Refusal, taken: Wishes, teller: Teller) -> Piece:
    told = {"errors": [teller.refusal(refusal).formatted]}
    return Piece(answers.refused(refusal, told, taken.one_piece or JSON), {})
