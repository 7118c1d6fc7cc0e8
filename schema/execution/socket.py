"""Operations over a WebSocket, each with what it has read by itself."""

from copy import copy
from typing import TYPE_CHECKING

from strawberry.subscriptions.protocols.graphql_transport_ws.handlers import BaseGraphQLTransportWSHandler, Operation

from schema.context import Context

if TYPE_CHECKING:
    from schema.execution.delivery import Delivery


class Socket(BaseGraphQLTransportWSHandler[Context, None]):
    """
    One connection. Strawberry has one context for all its operations, and would answer from what another read.

    The protocol's messages have no room for parts, so an operation is answered in one piece.
    """

    view: "Delivery"

    async def run_operation(self, operation: Operation[Context, None]) -> None:
        own = copy(self)
        own.schema = self.view.whole
        own.context = copy(self.context)
        own.context.renew()
        await super(Socket, own).run_operation(operation)
