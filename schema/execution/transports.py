"""How answers that arrive in parts are written on the wire."""

from collections.abc import Mapping, Sequence
from contextlib import aclosing
from typing import ClassVar

from starlette.responses import StreamingResponse
from starlette.types import Send
from strawberry.http.streaming import MultipartSubscriptionTransport, MultipartTransport, SSETransport

EVENTS = "text/event-stream"
PARTS = "multipart/mixed"

# What a proxy must know, or it would collect the parts and send them together at the end.
AT_ONCE: Mapping[str, str] = {"Cache-Control": "no-cache, no-transform", "X-Accel-Buffering": "no"}

_ONE_PIECE = frozenset({"application/json", "application/graphql-response+json", "application/*", "*/*"})


def accepted(header: str) -> Sequence[str]:
    """Answer what a client accepts, each with its parameters, in lower case and without spaces."""
    return [part.replace(" ", "").lower() for part in header.split(",")]


def accepts_one_piece(header: str) -> bool:
    return any(part.partition(";")[0] in _ONE_PIECE for part in accepted(header))


def accepts_events(header: str) -> bool:
    return any(part.partition(";")[0] == EVENTS for part in accepted(header))


def accepts_parts(header: str) -> bool:
    """Whether a query may be answered in parts. A subscription's parts are another protocol, and say so."""
    return any(part.partition(";")[0] == PARTS and "subscriptionspec" not in part for part in accepted(header))


class Events(SSETransport):
    """
    Server-sent events, for clients that take nothing else.

    Urql lists them behind JSON on every query. It also ends an event only at two line feeds.
    """

    def accepts(self, accept: str) -> bool:
        return accepts_events(accept) and not accepts_one_piece(accept)

    def encode_event(self, event: str, data: str | None = None) -> str:
        return super().encode_event(event, data).replace("\r\n", "\n")

    def encode_comment(self, comment: str) -> str:
        return super().encode_comment(comment).replace("\r\n", "\n")


class Parts(MultipartTransport):
    """The frames of @defer and @stream."""

    @property
    def headers(self) -> Mapping[str, str]:
        return {**super().headers, **AT_ONCE}


class SubscriptionParts(MultipartSubscriptionTransport):
    """A subscription's events as Apollo's clients take them without a library for sockets."""

    # Strawberry's own names a second media type in the header of the answer, which is a list only in a request's.
    media: ClassVar[str] = 'multipart/mixed; boundary="{}"; subscriptionSpec="1.0"'

    @property
    def headers(self) -> Mapping[str, str]:
        return {"Content-Type": self.media.format(self.separator), **AT_ONCE}

    def encode_complete(self) -> str:
        # The boundary stands there already, behind the last part.
        return "--\r\n"

    def accepts(self, accept: str) -> bool:
        return any(part.startswith(PARTS) and "subscriptionspec=" in part for part in accepted(accept))


class Arriving(StreamingResponse):
    """Ends what brings the parts when the client has left, and not when somebody cleans up."""

    async def stream_response(self, send: Send) -> None:
        # Strawberry always hands over a generator; Starlette's type allows any iterable.
        async with aclosing(self.body_iterator):  # type: ignore[type-var]
            await super().stream_response(send)
