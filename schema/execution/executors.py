"""Who runs an operation: in one piece, or with what comes later in parts."""

from copy import copy
from typing import Any

import strawberry
from graphql import GraphQLError
from graphql.execution import Executor
from graphql.execution.incremental import IncrementalExecutor

from schema.execution.compiled import Compiled


class _Running(Executor[Any]):
    # Strawberry hands its executors the request's extensions, which nobody reads.
    def __init__(self, *args: Any, operation_extensions: object = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)

    def get_stream_usage(self, *args: Any) -> Any:
        try:
            return super().get_stream_usage(*args)
        except ValueError as error:
            # The library's own sentence, for a number that its client made up.
            raise GraphQLError(str(error), extensions={"code": "BAD_USER_INPUT"}) from error


class InOnePiece(_Running):
    """
    Waits for everything: @defer and @stream are wishes, and who takes only one piece of JSON cannot have them.

    A resolver still sees them, and so waits for what a stream would have brought.
    """


class InParts(_Running, IncrementalExecutor):
    """Answers what is there, and then what @defer and @stream let come later."""


class CompiledInOnePiece(Compiled, InOnePiece):
    """As `InOnePiece`, by functions compiled for the operation."""


class CompiledInParts(Compiled, InParts):
    """As `InParts`, by functions compiled for the operation where it asks for no parts."""


def run_by(executor: type[Executor[Any]], schema: strawberry.Schema) -> strawberry.Schema:
    """Answer the same schema, whose operations this executor runs."""
    copied = copy(schema)
    copied.execution_context_class = executor
    return copied
