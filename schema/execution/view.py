"""GraphQL over HTTP and WebSocket: who asks, in which language, and answers that are always GraphQL's."""

import json
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec
import strawberry
from cross_web import HTTPException
from starlette.requests import HTTPConnection, Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket
from strawberry.exceptions import ConnectionRejectionError

from insurers.text import Language
from schema.context import Context
from schema.execution.delivery import Delivery
from schema.node import NodeIds
from schema.ports import Asker, Host

# Answers who a token's bearer is; raises Refused when it is not believed.
Authenticate = Callable[[str], Awaitable[Asker]]

EXPLORER = Path(__file__).with_name("explorer.html")

# Where the explorer's own files are, unless an operator serves them; each is held to its hash.
ASSETS = "https://unpkg.com"


class Refused(Exception):
    """A token that is not believed."""


class Unsure(Exception):
    """A token of which nothing can be said now: its issuer's keys are out of reach."""


class GraphQLView(Delivery):
    """
    The GraphQL endpoint.

    Without a token a client is nobody, and sees what nobody may see. With a token that is not
    believed it is refused, so that a mistake is not taken for an empty account.
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
    ) -> None:
        super().__init__(schema, graphql_ide="graphiql" if explorer else None, allowed_origins=allowed_origins)
        self._host = host
        self._ids = ids
        self._authenticate = authenticate
        self._explorer = explorer
        self._assets = assets

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await super().__call__(scope, receive, send)
            return
        try:
            response = await self.run(Request(scope, receive))
        except Refused:
            response = _refused(
                401, "UNAUTHENTICATED", _WRONG_TOKEN, {"WWW-Authenticate": 'Bearer error="invalid_token"'}
            )
        except Unsure:
            response = _refused(503, "UNAVAILABLE", _UNSURE, {"Retry-After": "5"})
        except HTTPException as error:
            response = _refused(error.status_code, "BAD_REQUEST", error.reason)
        await response(scope, receive, send)

    async def get_context(self, request: Request | WebSocket, response: Response | WebSocket) -> Context:
        return Context(
            host=self._host,
            ids=self._ids,
            asker=None if isinstance(request, WebSocket) else await self._bearer(request.headers.get("authorization")),
            language=language(request.headers.get("accept-language", "")),
            request_id=request.scope.get("state", {}).get("request_id", ""),
        )

    async def on_ws_connect(self, context: Context) -> Any:
        said = context.connection_params or {}
        try:
            context.asker = await self._bearer(said.get("authorization") or said.get("Authorization"))
        except (Refused, Unsure):
            raise ConnectionRejectionError({"reason": _WRONG_TOKEN}) from None
        return await super().on_ws_connect(context)

    async def _bearer(self, header: object) -> Asker | None:
        if not isinstance(header, str) or not header:
            return None
        scheme, _, token = header.partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise Refused
        return await self._authenticate(token.strip())

    async def parse_http_body(self, request: Any) -> Any:
        try:
            return await super().parse_http_body(request)
        except (AttributeError, TypeError) as error:
            raise HTTPException(400, _NOT_A_REQUEST) from error

    def decode_json(self, data: str | bytes) -> object:
        try:
            return msgspec.json.decode(data)
        except (ValueError, RecursionError) as error:
            # Also what Python's own reader lets through or stumbles over: half characters, endless numbers, depth.
            raise json.JSONDecodeError("no JSON", "", 0) from error

    def encode_json(self, data: object) -> str:
        # Text, because on a socket bytes would go as a binary message, which no client expects.
        return msgspec.json.encode(data).decode()

    async def render_graphql_ide(self, request: HTTPConnection) -> Response:
        page = EXPLORER.read_text(encoding="utf-8")
        if self._assets is not None:
            # A folder of npm's has each package once, and no version in its name.
            page = re.sub(r"(__ASSETS__/[\w-]+)@[\d.]+", r"\1", page)
        offered = self._explorer() if self._explorer else {}
        # "</" would end the script element that holds it.
        said = json.dumps(dict(offered), ensure_ascii=False).replace("</", "<\\/")
        return HTMLResponse(page.replace("__ASSETS__", self._assets or ASSETS).replace("__OFFERED__", said))


def language(accepted: str) -> Language:
    """Answer the language that `Accept-Language` likes best among ours; Japanese when it likes none."""
    best, liking = Language.JA, 0.0
    for part in accepted.split(","):
        tag, _, weight = part.partition(";")
        primary = tag.strip().split("-")[0].lower()
        q = _weight(weight)
        if primary in _LANGUAGES and q > liking:
            best, liking = _LANGUAGES[primary], q
    return best


_LANGUAGES = {one.value: one for one in Language}


def _weight(text: str) -> float:
    name, _, value = text.strip().partition("=")
    try:
        return float(value) if name == "q" else 1.0
    except ValueError:
        return 0.0


def _refused(status: int, code: str, message: str, headers: Mapping[str, str] | None = None) -> Response:
    return JSONResponse({"errors": [{"message": message, "extensions": {"code": code}}]}, status, headers=headers)


_WRONG_TOKEN = (
    "トークンが無効か、有効期限が切れています。 / The bearer token is not valid or has expired: get a new one."
)
_UNSURE = (
    "サインインを確認できません。しばらくしてからお試しください。"
    " / The sign-in cannot be checked now: keep the token, and try again soon."
)
_NOT_A_REQUEST = (
    "本文は GraphQL リクエストの JSON オブジェクトにしてください。"
    " / The body must be a JSON object with `query`, and perhaps `variables` and `operationName`."
)
