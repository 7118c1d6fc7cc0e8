"""How answers that arrive in parts are written on the wire."""

from collections.abc import AsyncGenerator, Mapping
from contextlib import suppress
from functools import partial
from typing import Any, ClassVar

import msgspec
from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope, Send
from strawberry.http.streaming import MultipartSubscriptionTransport, MultipartTransport, SSETransport

from schema.execution.answers import PRIVATE
from schema.execution.lifetime import Gone, Watch, leaving
from schema.execution.masking import Teller
from schema.execution.refusals import CLOSING, Refusal

# What a proxy must know, or it would keep what concerns one person, or collect the parts and send them at the end.
AT_ONCE: Mapping[str, str] = {**PRIVATE, "Cache-Control": "no-store, no-transform", "X-Accel-Buffering": "no"}


def as_it_is(json: object) -> str:
    """Answer what was encoded before."""
    return str(json)


class Events(SSETransport):
    """Server-sent events. Urql ends an event only at two line feeds."""

    headers: ClassVar[Mapping[str, str]] = {**SSETransport.headers, **AT_ONCE}

    def encode_next(self, json: object, _: object = None) -> str:
        return self.encode_event("next", str(json))

    def encode_event(self, event: str, data: str | None = None) -> str:
        return super().encode_event(event, data).replace("\r\n", "\n")

    def encode_comment(self, comment: str) -> str:
        return super().encode_comment(comment).replace("\r\n", "\n")

    def encode_end(self, refusal: Refusal, teller: Teller) -> str:
        """The end of what would go on. Where only we go down nothing is said, so that clients come again."""
        if refusal is CLOSING:
            return ""
        told = msgspec.json.encode({"errors": [teller.refusal(refusal).formatted]}).decode()
        return self.encode_event("next", told) + self.encode_complete()


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

    def encode_next(self, json: object, _: object = None) -> str:
        return self.encode_multipart_data(f'{{"payload":{json}}}', as_it_is)

    def encode_complete(self) -> str:
        # The boundary stands there already, behind the last part.
        return "--\r\n"

    def encode_end(self, refusal: Refusal, teller: Teller) -> str:
        """The end of what would go on: in this protocol, errors beside a payload that is null."""
        errors = [teller.refusal(refusal).formatted]
        told = msgspec.json.encode({"payload": None, "errors": errors}).decode()
        return self.encode_multipart_data(told, as_it_is) + self.encode_complete()


class Arriving(StreamingResponse):
    """Ends *source*, which brings the parts, when the client has left, and not when somebody cleans up."""

    def __init__(
        self, parts: AsyncGenerator[str, None], *, source: AsyncGenerator[Any, None], headers: Mapping[str, str]
    ) -> None:
        super().__init__(parts, headers=headers)
        self._parts, self._source = parts, source

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        # Starlette would cancel again and again what is still tidying up.
        with suppress(Gone, OSError), Watch(left=partial(leaving, receive)):
            await self.stream_response(send)

    async def stream_response(self, send: Send) -> None:
        try:
            await super().stream_response(send)
        finally:
            await self._parts.aclose()
            await self._source.aclose()
