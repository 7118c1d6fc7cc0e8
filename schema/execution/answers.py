"""An answer in one piece, as HTTP carries it."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import msgspec
from msgspec import Struct
from starlette.types import Receive, Scope, Send

from schema.execution.negotiation import RESPONSE
from schema.execution.refusals import INTERNAL, LATE, TOO_LARGE_AN_ANSWER, Refusal

# What a request error means to HTTP, by its code; any other is a bad request. A status means
# something to a client only with GraphQL's own type: plain JSON may come from anybody on the way.
_STATUS: Mapping[str, int] = {
    **{refusal.code: refusal.status for refusal in (INTERNAL, LATE, TOO_LARGE_AN_ANSWER)},
    "RATE_LIMITED": 429,
    "UNAVAILABLE": 503,
}
_OK, _BAD_REQUEST = 200, 400

# Answers hold what concerns one person; no cache on the way may keep them.
PRIVATE: Mapping[str, str] = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}


class Answer(Struct, frozen=True):
    """`body` is JSON. `headers` are those that not every answer has."""

    status: int
    media: str
    body: bytes
    headers: Mapping[str, str]


class Piece:
    """An answer on its way out by ASGI. What others still have to say of it goes to `raw_headers`."""

    __slots__ = ("_body", "_status", "raw_headers")

    def __init__(self, answer: Answer, headers: Mapping[str, str]) -> None:
        self._status = answer.status
        self._body = answer.body
        self.raw_headers = [
            *((name.lower().encode(), value.encode()) for name, value in (*headers.items(), *answer.headers.items())),
            *_usual(answer.media),
            (b"content-length", str(len(answer.body)).encode()),
        ]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": self._status, "headers": self.raw_headers})
        await send({"type": "http.response.body", "body": self._body})


@lru_cache(maxsize=8)
def _usual(media: str) -> Sequence[tuple[bytes, bytes]]:
    usual = {**PRIVATE, "Content-Type": f"{media}; charset=utf-8"}
    return [(name.lower().encode(), value.encode()) for name, value in usual.items()]


# A result is Strawberry's or graphql-core's.
def said(result: Any) -> dict[str, Any]:
    """Answer the map that a result is. A request error has no data, not even null; a field's error has a path."""
    errors = [error.formatted for error in result.errors] if result.errors else ()
    refused = result.data is None and errors and not any("path" in error for error in errors)
    told: dict[str, Any] = {"errors": errors} if errors else {}
    if not refused:
        told["data"] = result.data
    if result.extensions:
        told["extensions"] = result.extensions
    return told


def answer(told: Mapping[str, Any], media: str, *, partial: int = _OK) -> Answer:
    """
    Answer *told* as *media*.

    Args:
        partial: The status of an answer with data and errors (294 in the present draft).
    """
    errors = told.get("errors", ())
    wait = errors[0].get("extensions", {}).get("retryAfter") if errors else None
    headers = {} if wait is None else {"Retry-After": str(wait)}
    return Answer(_status(told, media, partial), media, msgspec.json.encode(told), headers)


def refused(refusal: Refusal, told: Mapping[str, Any], media: str) -> Answer:
    """Answer a request that HTTP itself refuses, with any media type."""
    status = refusal.status if media == RESPONSE or not refusal.well_formed else _OK
    return Answer(status, media, msgspec.json.encode(told), refusal.headers)


def _status(told: Mapping[str, Any], media: str, partial: int) -> int:
    if media != RESPONSE or "errors" not in told:
        return _OK
    if "data" in told:
        return partial
    return _STATUS.get(told["errors"][0].get("extensions", {}).get("code", ""), _BAD_REQUEST)
