"""How an answer travels over HTTP: in one piece, in parts as they are ready, or as events."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from datetime import datetime
from typing import Any

import strawberry
from strawberry.asgi import GraphQL
from strawberry.http.streaming import merge_stream_with_heartbeat
from strawberry.schema.exceptions import InvalidOperationTypeError
from strawberry.subscriptions import GRAPHQL_TRANSPORT_WS_PROTOCOL
from strawberry.types.graphql import OperationType

from schema.context import Context
from schema.execution import answers
from schema.execution.answers import Piece
from schema.execution.asking import Asked
from schema.execution.documents import Documents
from schema.execution.frames import Frames
from schema.execution.incoming import Incoming
from schema.execution.masking import NOT_TO_BE_RUN, Teller, refusal
from schema.execution.negotiation import JSON, Wishes
from schema.execution.refusals import INTERNAL, TOO_LARGE_AN_ANSWER, Declined
from schema.execution.running import ANSWERED, READING, WATCHED, Bounds, Kinds, Message, Runner
from schema.execution.socket import Line, Socket, Sockets
from schema.execution.transports import Arriving, Events, Parts, SubscriptionParts, as_it_is


class Delivery(GraphQL[Context, None]):
    """
    The endpoint, without who asks.

    A query is answered in parts when it asks for parts and its client accepts `multipart/mixed`, or
    nothing but events; any other client gets one piece, when all of it is there.
    """

    graphql_transport_ws_handler_class = Socket
    websocket_adapter_class = Line

    def __init__(
        self,
        schema: strawberry.Schema,
        *,
        allowed_origins: Sequence[str],
        bounds: Bounds,
        now: Callable[[], datetime],
        documents: Documents,
        introspection: bool,
        compiled: bool,
    ) -> None:
        super().__init__(
            schema,
            graphql_ide=None,
            # The older protocol of sockets, `graphql-ws`, is not offered: clients have left it, and it had holes.
            subscription_protocols=[GRAPHQL_TRANSPORT_WS_PROTOCOL],
            allowed_origins=allowed_origins,
        )
        self.runner = Runner(schema, bounds, now, documents=documents, introspection=introspection, compiled=compiled)
        self.sockets = Sockets()

    async def authenticate_socket(self, context: Context) -> None:
        """
        Note who has opened a socket.

        Raises:
            Declined: it may not be.
        """

    async def answered(
        self, request: Incoming, asked: Asked, context: Context, taken: Wishes, teller: Teller
    ) -> Piece | Arriving:
        """
        Run what is asked, and answer it in the way that its client takes.

        Raises:
            Declined: it cannot be run, or not so.
        """
        kinds = READING if request.method == "GET" else ANSWERED
        if taken.events and not taken.one_piece:
            return self._events(request, asked, context, kinds + WATCHED, teller)
        if taken.told_parts and not taken.parts:
            messages = self.runner.messages(asked, context, kinds + WATCHED, teller, closing=closing(request))
            return self._streamed(SubscriptionParts(), messages, teller)
        try:
            if taken.parts:
                return await self._in_parts(asked, context, kinds, taken.one_piece or JSON, teller)
            result = await self.runner.executed(asked, context, kinds)
            return self._one_piece(result, taken.one_piece or JSON, context, teller)
        except InvalidOperationTypeError as error:
            # It would rather have JSON, but there is no JSON that never ends.
            if error.operation_type is OperationType.SUBSCRIPTION and taken.events:
                return self._events(request, asked, context, WATCHED, teller)
            raise Declined(refusal(error) or INTERNAL) from error
        except NOT_TO_BE_RUN as error:
            raise Declined(refusal(error) or INTERNAL) from error

    async def _in_parts(
        self, asked: Asked, context: Context, kinds: Kinds, media: str, teller: Teller
    ) -> Piece | Arriving:
        began = asyncio.get_running_loop().time()
        first, later = await self.runner.opened(asked, context, kinds)
        if later is None:
            return self._one_piece(first, media, context, teller)
        return self._parts(first, later, context, teller, began)

    # A result is Strawberry's or graphql-core's.
    def _one_piece(self, result: Any, media: str, context: Context, teller: Teller) -> Piece:
        if result.errors:
            teller.result(result)
        bounds = self.runner.bounds
        answer = answers.answer(answers.said(result), media, partial=bounds.partial_status)
        if len(answer.body) > bounds.answer_bytes:
            raise Declined(TOO_LARGE_AN_ANSWER)
        return Piece(answer, context.headers)

    def _parts(
        self, first: Any, later: AsyncGenerator[Any, None], context: Context, teller: Teller, began: float
    ) -> Arriving:
        frames = Frames()
        opening = self.runner.message(first, frames, teller)
        if len(opening.json) > self.runner.bounds.answer_bytes:
            raise Declined(TOO_LARGE_AN_ANSWER)
        rest = self.runner.told(later, context, teller, frames=frames, sent=len(opening.json), began=began)

        async def brought() -> AsyncGenerator[object, None]:
            yield opening.json.decode()
            async with aclosing(rest):
                async for message in rest:
                    # What is no message ends a subscription, and this is none.
                    if isinstance(message, Message):
                        yield message.json.decode()

        transport = Parts()
        parts = transport.stream(brought, as_it_is)()
        return Arriving(parts, source=later, headers={**context.headers, **transport.headers})

    def _events(self, request: Incoming, asked: Asked, context: Context, kinds: Kinds, teller: Teller) -> Arriving:
        messages = self.runner.messages(asked, context, kinds, teller, parts=True, closing=closing(request))
        return self._streamed(Events(), messages, teller)

    def _streamed(
        self, transport: Events | SubscriptionParts, messages: AsyncGenerator[Any, None], teller: Teller
    ) -> Arriving:
        async def told() -> AsyncGenerator[str, None]:
            async for message in messages:
                if not isinstance(message, Message):
                    yield transport.encode_end(message, teller)
                    return
                yield transport.encode_next(message.json.decode())
            yield transport.encode_complete()

        beating = merge_stream_with_heartbeat(
            told,
            lambda: transport.heartbeat_message(lambda heartbeat: "{}"),
            interval=transport.heartbeat_interval,
            send_initial_heartbeat=transport.send_initial_heartbeat,
        )
        return Arriving(beating(), source=messages, headers=transport.headers)


def closing(request: Incoming) -> asyncio.Event | None:
    """Answer what is set when this gateway goes down; see `gateway.serving`."""
    found = request.state.get("closing")
    return found if isinstance(found, asyncio.Event) else None
