"""A request as GraphQL means it, read from whatever HTTP brought."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from insurers.text import Text
from schema.execution.incoming import Incoming
from schema.execution.negotiation import JSON, ranges
from schema.execution.refusals import (
    BATCH,
    ENCODED,
    MEDIA_TYPE,
    METHOD,
    NO_JSON,
    NO_REQUEST,
    TOO_LARGE,
    Declined,
    Refusal,
)

# A document has 4000 tokens at most, and an input a few pages of text.
LARGEST_BODY_BYTES = 1 << 20


class Asked(Struct, frozen=True, kw_only=True, rename="camel"):
    """
    One request. `document_id` names a document that is known here, for clients that send none.

    Of `extensions` we know `persistedQuery`, which names a document, too, and `explain`.
    """

    query: str | None = None
    variables: Mapping[str, Any] | None = None
    operation_name: str | None = None
    extensions: Mapping[str, Any] | None = None
    document_id: str | None = None

    @property
    def explains(self) -> bool:
        """Whether the answer is to say how it was made."""
        return self.extensions is not None and self.extensions.get("explain") is True


_READER = msgspec.json.Decoder(Asked)


async def read(request: Incoming) -> Asked:
    """
    Read a request whose method and media type are good.

    Raises:
        Declined: it is none.
    """
    if request.method not in ("GET", "POST"):
        raise Declined(METHOD)
    if request.method == "GET":
        return _from_address(request.query)
    if not _is_json(request.head(b"content-type")):
        raise Declined(MEDIA_TYPE)
    if request.head(b"content-encoding").lower() not in ("", "identity"):
        raise Declined(ENCODED)
    body = await request.body(LARGEST_BODY_BYTES)
    if body is None:
        raise Declined(TOO_LARGE)
    try:
        found = _READER.decode(body)
    except (ValueError, RecursionError):
        # Why not is told by what has an answer for everything.
        return asked(decoded(body))
    return found if found.operation_name != "" else replace(found, operation_name=None)


def decoded(text: str | bytes | bytearray) -> object:
    """
    Read JSON, and nothing that only looks like it: no half characters, no depth without end.

    Raises:
        Declined: it is none.
    """
    try:
        return msgspec.json.decode(text)
    except (ValueError, RecursionError):
        raise Declined(NO_JSON) from None


def asked(said: object) -> Asked:
    """
    Answer the request that *said* is.

    Raises:
        Declined: it is none, or several.
    """
    if isinstance(said, list):
        raise Declined(BATCH)
    if not isinstance(said, dict):
        raise Declined(NO_REQUEST)
    return Asked(
        query=_one(said, "query", str),
        variables=_one(said, "variables", dict),
        # An empty name is none: an address cannot say null.
        operation_name=_one(said, "operationName", str) or None,
        extensions=_one(said, "extensions", dict),
        document_id=_one(said, "documentId", str),
    )


def _one(said: Mapping[str, object], name: str, kind: type[str] | type[dict[str, Any]]) -> Any:
    value = said.get(name)
    if value is None or isinstance(value, kind):
        return value
    ja, en = _KINDS[kind]
    wrong = Text(f"`{name}` は{ja}にしてください。", f"`{name}` must be {en}, or null.")
    raise Declined(Refusal("BAD_REQUEST", 400, wrong))


_KINDS: Mapping[type, tuple[str, str]] = {str: ("文字列", "a string"), dict: ("オブジェクト", "an object")}


def _from_address(parameters: Mapping[str, str]) -> Asked:
    said: dict[str, object] = dict(parameters)
    for name in ("variables", "extensions"):
        said[name] = decoded(parameters[name]) if parameters.get(name) else None
    return asked(said)


# Clients have few, as of what they accept.
@lru_cache(maxsize=64)
def _is_json(content_type: str) -> bool:
    (one,) = ranges(content_type.replace(",", " "))
    return one.name == JSON and one.parameters.get("charset", "utf-8") in ("utf-8", "utf8")
