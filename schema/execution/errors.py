"""What is written to the log of an error: where and of which kind, and never what was said."""

import logging
import traceback
from collections.abc import Iterable
from typing import Any

from graphql import GraphQLError
from strawberry import federation
from strawberry.types import ExecutionContext

from schema.execution.masking import code, unexpected

log = logging.getLogger("tabane.graphql")


class QuietSchema(federation.Schema):
    """
    Strawberry's schema, which would log every mistake of every client in its own words.

    Those words quote what the client sent: policy numbers, and sometimes a secret in the
    wrong place. A client is told; the log learns the code.
    """

    # Strawberry's execution context is generic in types that are its own affair.
    def process_errors(self, errors: list[GraphQLError], execution_context: ExecutionContext | None = None) -> None:
        note(errors, _request_id(execution_context))


def note(errors: Iterable[GraphQLError], request_id: str) -> None:
    for error in errors:
        if unexpected(error):
            log.error("unexpected %s, request %s%s", _kind(error), request_id, _place(error))
        else:
            log.info("refused with %s, request %s", code(error), request_id)


def wrong(error: Exception, request_id: str) -> None:
    """Note what nobody expected, and nobody's operation raised."""
    note([GraphQLError("", original_error=error)], request_id)


def _request_id(running: Any) -> str:
    return str(getattr(getattr(running, "context", None), "request_id", "") or "-")


def _kind(error: GraphQLError) -> str:
    return type(error.original_error).__name__


def _place(error: GraphQLError) -> str:
    """The lines of code that led there. The exception's own message is left out."""
    frames = traceback.extract_tb(error.original_error.__traceback__) if error.original_error else ()
    return "".join(f"\n  {frame.filename}:{frame.lineno} in {frame.name}" for frame in frames)
