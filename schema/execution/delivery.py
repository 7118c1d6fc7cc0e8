"""How an answer travels: in one piece, in parts as they are ready, or as events."""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from typing import Any

import strawberry
from cross_web import AsyncHTTPRequestAdapter, HTTPException
from graphql.execution import ExperimentalIncrementalExecutionResults, InitialIncrementalExecutionResult
from starlette.requests import Request
from starlette.responses import Response
from starlette.websockets import WebSocket
from strawberry.asgi import GraphQL
from strawberry.exceptions import MissingQueryError
from strawberry.http import GraphQLHTTPResponse, GraphQLRequestData
from strawberry.http.ides import GraphQL_IDE
from strawberry.schema.exceptions import CannotGetOperationTypeError, InvalidOperationTypeError
from strawberry.schema.schema import StreamResult
from strawberry.subscriptions import (
    GRAPHQL_SSE_PROTOCOL,
    GRAPHQL_TRANSPORT_WS_PROTOCOL,
    MULTIPART_SUBSCRIPTION_PROTOCOL,
)
from strawberry.types import ExecutionResult
from strawberry.types.graphql import OperationType

from schema.context import Context
from schema.execution.executors import InOnePiece, InParts, run_by
from schema.execution.frames import Frames
from schema.execution.socket import Socket
from schema.execution.transports import Arriving, Events, Parts, SubscriptionParts, accepts_events, accepts_parts


class Delivery(GraphQL[Context, None]):
    """
    The endpoint, without who asks.

    A query is answered in parts when it asks for parts and its client accepts `multipart/mixed`, or
    nothing but events; any other client gets one piece, when all of it is there.
    """

    graphql_transport_ws_handler_class = Socket
    multipart_transport_class = Parts
    stream_transport_classes_by_protocol = {
        GRAPHQL_SSE_PROTOCOL: Events,
        MULTIPART_SUBSCRIPTION_PROTOCOL: SubscriptionParts,
    }

    def __init__(
        self, schema: strawberry.Schema, *, graphql_ide: GraphQL_IDE | None, allowed_origins: Sequence[str]
    ) -> None:
        super().__init__(
            run_by(InParts, schema),
            graphql_ide=graphql_ide,
            # The older protocol of sockets, `graphql-ws`, is not offered: clients have left it, and it had holes.
            subscription_protocols=[
                GRAPHQL_TRANSPORT_WS_PROTOCOL,
                GRAPHQL_SSE_PROTOCOL,
                MULTIPART_SUBSCRIPTION_PROTOCOL,
            ],
            allow_queries_via_get=True,
            allowed_origins=allowed_origins,
        )
        self.whole = run_by(InOnePiece, schema)

    async def get_sub_response(self, request: Request | WebSocket) -> Response:
        response = await super().get_sub_response(request)
        response.headers["Vary"] = "Accept, Accept-Language"
        return response

    # Strawberry keeps what comes in parts, or does not end, out of its types.
    async def execute_single(
        self,
        request: Request,
        request_adapter: AsyncHTTPRequestAdapter,
        sub_response: Response,
        context: Context,
        root_value: None,
        request_data: GraphQLRequestData,
    ) -> Any:
        accept = request.headers.get("accept", "")

        async def streamed(kinds: set[OperationType]) -> StreamResult:
            return await self.schema.stream(
                request_data.query,
                variable_values=request_data.variables,
                context_value=context,
                operation_name=request_data.operation_name,
                allowed_operation_types=kinds,
            )

        kinds = OperationType.from_http(request_adapter.method) - {OperationType.SUBSCRIPTION}
        try:
            if accepts_parts(accept):
                return await _opened(await streamed(kinds))
            return await self.whole.execute(
                request_data.query,
                variable_values=request_data.variables,
                context_value=context,
                operation_name=request_data.operation_name,
                allowed_operation_types=kinds,
            )
        except InvalidOperationTypeError as error:
            if error.operation_type is not OperationType.SUBSCRIPTION:
                raise HTTPException(400, error.as_http_error_reason(request_adapter.method)) from error
            if not accepts_events(accept):
                raise HTTPException(400, _NO_STREAM) from error
            # It would rather have JSON, but there is no JSON that never ends.
            request_data.protocol = "sse"
            return await streamed({OperationType.SUBSCRIPTION})
        except CannotGetOperationTypeError as error:
            raise HTTPException(400, error.as_http_error_reason()) from error
        except MissingQueryError as error:
            raise HTTPException(400, _NO_QUERY) from error

    # Strawberry has no public place for this; the tests of incremental delivery hold it to its name.
    async def _process_stream_result(
        self, request: Request, value: Any, all_pending: list[Any]
    ) -> tuple[GraphQLHTTPResponse, list[Any]]:
        if isinstance(value, ExecutionResult):
            return await super()._process_stream_result(request, value, all_pending)
        frames = all_pending if isinstance(all_pending, Frames) else Frames()
        # Strawberry's type of an answer does not know the ids of parts.
        frame: Any = frames.frame(value)
        return frame, frames

    async def create_streaming_response(
        self,
        request: Request | WebSocket,
        stream: Callable[[], AsyncIterator[str]],
        sub_response: Response,
        headers: Mapping[str, str],
    ) -> Response:
        return Arriving(stream(), status_code=200, headers={**sub_response.headers, **headers})


async def _opened(results: StreamResult) -> ExecutionResult | ExperimentalIncrementalExecutionResults:
    """
    Wait for the first piece, and answer whether more will follow.

    Raises:
        CannotGetOperationTypeError, InvalidOperationTypeError, MissingQueryError: as `Schema.execute` does.
    """
    first: Any = await anext(results)
    if isinstance(first, InitialIncrementalExecutionResult):
        rest: Any = results
        return ExperimentalIncrementalExecutionResults(first, rest)
    one: ExecutionResult = first
    # The operation ends behind its only result.
    await anext(results, None)
    cause = one.errors[0].original_error if one.errors else None
    if isinstance(cause, CannotGetOperationTypeError | InvalidOperationTypeError | MissingQueryError):
        raise cause
    return one


_NO_STREAM = (
    "サブスクリプションは Accept: text/event-stream（SSE）、multipart/mixed;subscriptionSpec=1.0、"
    "または WebSocket（graphql-transport-ws）で受け取ってください。"
    " / A subscription needs `Accept: text/event-stream`, `multipart/mixed;subscriptionSpec=1.0`,"
    " or a WebSocket (graphql-transport-ws)."
)
_NO_QUERY = "`query` がありません。 / The request has no `query`."
