"""An answer in one piece, as HTTP carries it."""

from collections.abc import Mapping
from typing import Any

import msgspec
from msgspec import Struct

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
    """`body` is JSON."""

    status: int
    media: str
    body: bytes
    headers: Mapping[str, str]


# A result is Strawberry's or graphql-core's.
def said(result: Any) -> dict[str, Any]:
    """Answer the map that a result is. A request error has no data, not even null; a field's error has a path."""
    errors = [error.formatted for error in result.errors or ()]
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
    extensions = errors[0].get("extensions", {}) if errors else {}
    headers = {**PRIVATE}
    if "retryAfter" in extensions:
        headers["Retry-After"] = str(extensions["retryAfter"])
    return Answer(_status(told, media, partial), media, msgspec.json.encode(told), headers)


def refused(refusal: Refusal, told: Mapping[str, Any], media: str) -> Answer:
    """Answer a request that HTTP itself refuses, with any media type."""
    status = refusal.status if media == RESPONSE or not refusal.well_formed else _OK
    return Answer(status, media, msgspec.json.encode(told), {**PRIVATE, **refusal.headers})


def _status(told: Mapping[str, Any], media: str, partial: int) -> int:
    if media != RESPONSE or "errors" not in told:
        return _OK
    if "data" in told:
        return partial
    return _STATUS.get(told["errors"][0].get("extensions", {}).get("code", ""), _BAD_REQUEST)
