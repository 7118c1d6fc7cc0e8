"""Unexpected errors reach a client as one sentence and a request id, and no error repeats what the client sent."""

import re

from graphql import GraphQLError
from strawberry.extensions import MaskErrors

_MASKED = "予期しないエラーが発生しました。 / Something unexpected happened on our side."

# GraphQL ends its word about a value that does not fit with the value, and with a whole input around
# it: a password that was right stands in the answer because the field beside it was wrong.
_QUOTED = re.compile(r"[,;.]? [Ff]ound: .*", re.DOTALL)


def unexpected(error: GraphQLError) -> bool:
    """Whether *error* was neither made by GraphQL for the caller nor raised by us for the caller."""
    return error.original_error is not None and not isinstance(error.original_error, GraphQLError)


def _tells_too_much(error: GraphQLError) -> bool:
    return unexpected(error) or _QUOTED.search(error.message) is not None


class Masking(MaskErrors):
    def __init__(self) -> None:
        super().__init__(should_mask_error=_tells_too_much, error_message=_MASKED)

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
