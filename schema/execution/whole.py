"""An operation answered in one piece, whatever it would rather have later."""

from copy import copy
from typing import Any

import strawberry
from graphql.execution import Executor


class Whole(Executor[None]):
    """
    Waits for everything: @defer and @stream are wishes, and who takes only one piece of JSON cannot have them.

    A resolver still sees them, and so waits for what a stream would have brought.
    """

    # Strawberry hands its executors the request's extensions, which nobody reads.
    def __init__(self, *args: Any, operation_extensions: object = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)


def whole(schema: strawberry.Schema) -> strawberry.Schema:
    """Answer the same schema, which answers each operation in one piece."""
    copied = copy(schema)
    copied.execution_context_class = Whole
    return copied
