"""Operations over a WebSocket, in the words of graphql-transport-ws."""

import asyncio
from collections import Counter
from collections.abc import Mapping
from contextlib import aclosing, suppress
from copy import copy
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeGuard, cast

import msgspec
from starlette.websockets import WebSocketDisconnect, WebSocketState
from strawberry.asgi import ASGIWebSocketAdapter
from strawberry.http.exceptions import WebSocketDisconnected
from strawberry.subscriptions.protocols.graphql_transport_ws.handlers import BaseGraphQLTransportWSHandler, Operation
from strawberry.subscriptions.protocols.graphql_transport_ws.types import (
    ConnectionInitMessage,
    SubscribeMessage,
)
from strawberry.subscriptions.protocols.graphql_transport_ws.types import Message as WireMessage

from schema.context import Context
from schema.execution.asking import Asked, asked
from schema.execution.errors import wrong
from schema.execution.lifetime import stopped
from schema.execution.masking import Teller
from schema.execution.refusals import INTERNAL, TOO_MANY_OPERATIONS, UNSURE, Declined
from schema.execution.running import ANSWERED, WATCHED, Message

if TYPE_CHECKING:
    from schema.execution.delivery import Delivery

# A screen has one socket, and a person a few screens. Behind one address many people may be nobody yet.
MOST_SOCKETS = 20
MOST_SOCKETS_OF_NOBODY = 200

# A close frame holds 125 bytes, and two of them are the code.
REASON_BYTES = 123

# The protocol's own codes, behind which its clients do not try again, and the web's, behind which they do.
UNAUTHORIZED, FORBIDDEN, DUPLICATE, TOO_MANY_INITS = 4401, 4403, 4409, 4429
FAILED, TRY_AGAIN_LATER = 1011, 1013


class Line(ASGIWebSocketAdapter):
    """What is said and heard. It ends once, and nothing is said behind the end."""

    async def send_json(self, message: Mapping[str, object]) -> None:
        if self.ws.application_state is not WebSocketState.CONNECTED:
            raise WebSocketDisconnected
        await super().send_json(message)

    async def close(self, code: int, reason: str) -> None:
        if self.ws.application_state is not WebSocketState.CONNECTED:
            return
        with suppress(WebSocketDisconnect):
            await super().close(code, reason.encode()[:REASON_BYTES].decode(errors="ignore"))


class Sockets:
    """How many sockets are open, and for whom."""

    def __init__(self) -> None:
        self._open: Counter[str] = Counter()

    def admit(self, whose: str, most: int) -> bool:
        if self._open[whose] >= most:
            return False
        self._open[whose] += 1
        return True

    def leave(self, whose: str) -> None:
        self._open[whose] -= 1
        if self._open[whose] <= 0:
            del self._open[whose]


class Socket(BaseGraphQLTransportWSHandler[Context, None]):
    """
    One connection, which ends with its token.

    Strawberry has one context for all its operations, and would answer from what another read. The protocol's
    messages have no room for parts, so an operation is answered in one piece.
    """

    view: "Delivery"
    _admitted: str | None = None
    _expiring: "asyncio.Task[None] | None" = None

    async def handle(self) -> None:
        # Before it says who it is, it is nobody's.
        if await self._admit(MOST_SOCKETS_OF_NOBODY):
            await super().handle()

    async def _admit(self, most: int) -> bool:
        """Count it for who it is now, or end it."""
        self._leave()
        whose = self.context.spender.purse
        if not self.view.sockets.admit(whose, most):
            await self.websocket.close(TRY_AGAIN_LATER, "Too many connections")
            return False
        self._admitted = whose
        return True

    def _leave(self) -> None:
        if self._admitted:
            self.view.sockets.leave(self._admitted)
        self._admitted = None

    async def shutdown(self) -> None:
        if self._expiring:
            await stopped(self._expiring)
        self._leave()
        await super().shutdown()

    # What a client sends may be anything at all.
    async def handle_message(self, message: Any) -> None:
        if not _is_message(message):
            await self.handle_invalid_message("Invalid message")
            return
        await super().handle_message(cast("WireMessage", message))

    async def handle_connection_init(self, message: ConnectionInitMessage) -> None:
        if self.connection_timed_out:
            return
        if self.connection_init_received:
            await self.websocket.close(TOO_MANY_INITS, "Too many initialisation requests")
            return
        self.connection_init_received = True
        if self.connection_init_timeout_task:
            self.connection_init_timeout_task.cancel()
        # What the head of its request said is there already.
        self.context.connection_params = {**(self.context.connection_params or {}), **(message.get("payload") or {})}
        try:
            await self.view.authenticate_socket(self.context)
        except Declined as declined:
            unsure = declined.refusal is UNSURE
            await self.websocket.close(TRY_AGAIN_LATER if unsure else FORBIDDEN, "Try again" if unsure else "Forbidden")
            return
        except Exception as error:  # noqa: BLE001 (as below)
            wrong(error, self.context.request_id)
            await self.websocket.close(FAILED, "Internal error")
            return
        asker = self.context.asker
        if asker:
            if not await self._admit(MOST_SOCKETS):
                return
            self._expiring = asyncio.create_task(self._expire(asker.expires_at))
        await self.send_message({"type": "connection_ack"})
        self.connection_acknowledged = True

    async def _expire(self, at: datetime) -> None:
        await asyncio.sleep((at - self.view.runner.now()).total_seconds())
        await self.websocket.close(UNAUTHORIZED, "Token expired")

    async def handle_subscribe(self, message: SubscribeMessage) -> None:
        id_ = message["id"]
        if not self.connection_acknowledged:
            await self.websocket.close(UNAUTHORIZED, "Unauthorized")
            return
        if id_ in self.operations:
            await self.websocket.close(DUPLICATE, f"Subscriber for {id_} already exists")
            return
        try:
            request = asked(message["payload"])
        except Declined:
            await self.handle_invalid_message("Invalid payload of subscribe")
            return
        operation = Operation(self, id_, "", None, None)
        self.operations[id_] = operation
        if len(self.operations) > (self.max_subscriptions_per_connection or 0):
            await operation.send_initial_errors([self.teller.refusal(TOO_MANY_OPERATIONS)])
            return
        operation.task = asyncio.create_task(self._run(operation, request))
        operation.task.add_done_callback(self._task_done)

    @property
    def teller(self) -> Teller:
        return Teller(self.context.request_id, self.context.spoken, proposes=self.view.runner.introspection)

    async def _run(self, operation: Operation[Context, None], request: Asked) -> None:
        try:
            await self._tell(operation, request)
        except WebSocketDisconnected:
            return
        except Exception as error:  # noqa: BLE001 (whatever it is, it ends one operation and is told as any other)
            wrong(error, self.context.request_id)
            with suppress(WebSocketDisconnected):
                await operation.send_initial_errors([self.teller.refusal(INTERNAL)])

    async def _tell(self, operation: Operation[Context, None], request: Asked) -> None:
        context = copy(self.context)
        context.renew()
        messages = self.view.runner.messages(request, context, ANSWERED + WATCHED, self.teller)
        async with aclosing(messages):
            async for message in messages:
                if not isinstance(message, Message):
                    # The token is over; the connection ends with it.
                    return
                if message.errors is not None and not operation.completed:
                    await self._say(operation, "error", message.errors)
                    return
                await self._say(operation, "next", msgspec.Raw(message.json))
        await operation.send_operation_message({"id": operation.id, "type": "complete"})

    async def _say(self, operation: Operation[Context, None], type_: str, payload: object) -> None:
        # Strawberry's type of a message knows neither what is encoded already nor errors that are.
        message: Any = {"id": operation.id, "type": type_, "payload": payload}
        await operation.send_operation_message(message)

    def forget_id(self, id: str) -> None:
        self.operations.pop(id, None)

    async def cleanup_operation(self, operation_id: str) -> None:
        operation = self.operations.pop(operation_id, None)
        if operation and operation.task:
            operation.task.cancel()


_KINDS = {"connection_init", "ping", "pong", "subscribe", "complete"}


def _is_message(said: object) -> TypeGuard[Mapping[str, Any]]:
    if not isinstance(said, dict) or not isinstance(said.get("type"), str) or said["type"] not in _KINDS:
        return False
    if said["type"] in ("subscribe", "complete") and not (isinstance(said.get("id"), str) and said["id"]):
        return False
    payload = said.get("payload")
    return isinstance(payload, dict) or (payload is None and said["type"] != "subscribe")
