"""Unexpected errors reach a client as one sentence and a request id, and no error repeats what the client sent."""

import re
from collections.abc import Iterator

from graphql import GraphQLError
from strawberry.exceptions import MissingQueryError
from strawberry.extensions import MaskErrors
from strawberry.schema.exceptions import CannotGetOperationTypeError, InvalidOperationTypeError
from strawberry.types.execution import StreamExecutionResult

_MASKED = "予期しないエラーが発生しました。 / Something unexpected happened on our side."

# GraphQL ends its word about a value that does not fit with the value, and with a whole input around
# it: a password that was right stands in the answer because the field beside it was wrong.
_QUOTED = re.compile(r"[,;.]? [Ff]ound: .*", re.DOTALL)


# What a caller is told: made by GraphQL, or raised by us, or a request that names no operation to run.
_TOLD = (GraphQLError, CannotGetOperationTypeError, InvalidOperationTypeError, MissingQueryError)


def unexpected(error: GraphQLError) -> bool:
    """Whether *error* was neither made by GraphQL for the caller nor raised by us for the caller."""
    return error.original_error is not None and not isinstance(error.original_error, _TOLD)


def _tells_too_much(error: GraphQLError) -> bool:
    return unexpected(error) or _QUOTED.search(error.message) is not None


class Masking(MaskErrors):
    def __init__(self) -> None:
        super().__init__(should_mask_error=_tells_too_much, error_message=_MASKED)

    def on_stream_result(self, result: StreamExecutionResult) -> Iterator[None]:
        # Strawberry reports the errors of an answer, and not those of the parts that follow it.
        parts = (*(getattr(result, "incremental", None) or ()), *(getattr(result, "completed", None) or ()))
        errors = [error for part in parts for error in part.errors or ()]
        if errors:
            self.execution_context.schema.process_errors(errors, self.execution_context)
        yield from super().on_stream_result(result)

    def anonymise_error(self, error: GraphQLError) -> GraphQLError:
        if not unexpected(error):
            return _without_quotation(error)
        masked = super().anonymise_error(error)
        request_id = getattr(self.execution_context.context, "request_id", "")
        masked.extensions = {"code": "INTERNAL", "requestId": request_id}
        return masked


def _without_quotation(error: GraphQLError) -> GraphQLError:
    return GraphQLError(
        message=_QUOTED.sub(".", error.message),
        nodes=error.nodes,
        source=error.source,
        positions=error.positions,
        path=error.path,
        extensions=error.extensions,
    )
