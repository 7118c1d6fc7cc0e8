"""The doors beside GraphQL, and what they say where they do not open: in the language asked for, or else in both."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from insurers.text import Text
from schema.execution.negotiation import language
from schema.execution.refusals import INTERNAL, Refusal

# What such an address opens is somebody's, and the address with it; what is refused may be there a moment later.
PRIVATE: Mapping[str, str] = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}

NOTHING_HERE = Refusal(
    "NOT_FOUND",
    404,
    Text(
        "このアドレスには何もありません。アドレスをご確認ください。GraphQL は /graphql です。",
        "There is nothing at this address: check it. GraphQL is at /graphql.",
    ),
)
TO_BE_OPENED = Refusal(
    "METHOD_NOT_ALLOWED", 405, Text("このアドレスは GET で開いてください。", "Open this address by GET.")
)


def closed(refusal: Refusal, request: Request, headers: Mapping[str, str] | None = None) -> Response:
    """Answer why a door does not open, as GraphQL's own refusals are told."""
    spoken = language(", ".join(request.headers.getlist("accept-language")))
    told = {"errors": [refusal.error(spoken).formatted]}
    return JSONResponse(told, refusal.status, {**PRIVATE, **refusal.headers, **(headers or {})})


def _instead(refusal: Refusal) -> Callable[[Request, Exception], Awaitable[Response]]:
    async def said(request: Request, error: Exception) -> Response:
        # What a router adds is which methods an address takes.
        return closed(refusal, request, error.headers if isinstance(error, HTTPException) else None)

    return said


# What Starlette would say in words of its own. The last is raised on behind its answer, and told in the log.
ELSEWHERE: Mapping[Any, Callable[[Request, Exception], Awaitable[Response]]] = {
    404: _instead(NOTHING_HERE),
    405: _instead(TO_BE_OPENED),
    Exception: _instead(INTERNAL),
}
