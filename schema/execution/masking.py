"""Unexpected errors reach a client as one sentence and a request id, and the log without anything personal."""

from graphql import GraphQLError
from strawberry.extensions import MaskErrors

_MASKED = "予期しないエラーが発生しました。 / Something unexpected happened on our side."


def unexpected(error: GraphQLError) -> bool:
    """Whether *error* was neither made by GraphQL for the caller nor raised by us for the caller."""
    return error.original_error is not None and not isinstance(error.original_error, GraphQLError)


class Masking(MaskErrors):
    def __init__(self) -> None:
        super().__init__(should_mask_error=unexpected, error_message=_MASKED)

    def anonymise_error(self, error: GraphQLError) -> GraphQLError:
        masked = super().anonymise_error(error)
        request_id = getattr(self.execution_context.context, "request_id", "")
        masked.extensions = {"code": "INTERNAL", "requestId": request_id}
        return masked
