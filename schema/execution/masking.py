"""What a client is told of an error: never what nobody expected, and never what the client itself sent."""

import re
from collections.abc import Iterator, Sequence
from typing import Any

from graphql import GraphQLError
from msgspec import Struct
from strawberry.exceptions import MissingQueryError
from strawberry.schema.exceptions import CannotGetOperationTypeError, InvalidOperationTypeError

from insurers.text import Language
from schema.execution.refusals import (
    INTERNAL,
    NO_OPERATION,
    NO_QUERY,
    NO_STREAM,
    NO_SUCH_OPERATION,
    WRITES_BY_GET,
    Refusal,
    said,
)

# GraphQL ends its word about a value that does not fit with the value, and with a whole input around
# it: a password that was right stands in the answer because the field beside it was wrong.
_QUOTED = re.compile(r"(?:[,;.]? [Ff]ound|(?P<why> cannot represent [\w -]*)): .*", re.DOTALL)

# Where a document is none, its word about the place is a value that stands there.
_QUOTED_TOKEN = re.compile(r"(?P<kind> (?:BlockString|String|Int|Float)) ['\"].*", re.DOTALL)
_QUOTED_NAME = re.compile(r"Value '.*' does not exist in", re.DOTALL)

# It also guesses what was meant, and so gives away, name by name, a schema that may not be asked for.
_PROPOSED = re.compile(r" Did you mean .*\?$", re.DOTALL)

# What Strawberry raises of a request that names no operation to run.
NOT_TO_BE_RUN = (MissingQueryError, CannotGetOperationTypeError, InvalidOperationTypeError)


def unexpected(error: GraphQLError) -> bool:
    """Whether *error* was neither made by GraphQL for the caller nor raised by us for the caller."""
    cause = error.original_error
    return cause is not None and not isinstance(cause, GraphQLError) and refusal(cause) is None


def refusal(cause: BaseException | None) -> Refusal | None:
    """Answer why there is no operation to run, where *cause* says that."""
    if isinstance(cause, MissingQueryError):
        return NO_QUERY
    if isinstance(cause, CannotGetOperationTypeError):
        return NO_SUCH_OPERATION if cause.operation_name else NO_OPERATION
    if isinstance(cause, InvalidOperationTypeError):
        return WRITES_BY_GET if cause.operation_type.value == "mutation" else NO_STREAM
    return None


def code(error: GraphQLError) -> str:
    """Answer the code of an error: its own, or else whether its request was wrong or one value in it."""
    if unexpected(error):
        return INTERNAL.code
    found = refusal(error.original_error)
    own = (error.extensions or {}).get("code")
    return found.code if found else str(own or ("BAD_USER_INPUT" if error.path else "BAD_REQUEST"))


class Teller(Struct, frozen=True):
    """
    Tells the errors of one request, with its id and in its asker's language; None where nobody said which.

    `proposes` is whether a name that does not exist may be answered with those that do.
    """

    request_id: str
    language: Language | None
    proposes: bool = True

    def error(self, error: GraphQLError) -> GraphQLError:
        """Answer *error* as it may be told. What was told once can be told again."""
        found = INTERNAL if unexpected(error) else refusal(error.original_error)
        message = said(found.text, self.language) if found else self._without_secrets(error.message)
        extensions = {} if found else error.extensions or {}
        return GraphQLError(
            message,
            nodes=error.nodes,
            source=error.source,
            positions=error.positions,
            path=error.path,
            extensions={**extensions, "code": code(error), **self._request()},
        )

    def refusal(self, refused: Refusal) -> GraphQLError:
        return self.error(refused.error(self.language))

    def result(self, result: Any) -> None:
        """Put what may be told in the place of every error of *result*, and of its parts."""
        for holder in holders(result):
            holder.errors = [self.error(error) for error in holder.errors]

    def _without_secrets(self, message: str) -> str:
        unquoted = _QUOTED_NAME.sub("This value does not exist in", _QUOTED.sub(_unquoted, message))
        if unquoted.startswith("Syntax Error"):
            unquoted = _QUOTED_TOKEN.sub(r"\g<kind>.", unquoted)
        return unquoted if self.proposes else _PROPOSED.sub("", unquoted)

    def _request(self) -> dict[str, str]:
        return {"requestId": self.request_id} if self.request_id else {}


def _unquoted(found: re.Match[str]) -> str:
    return f"{found['why'] or ''}."


# Results are Strawberry's and graphql-core's, which share no type.
def holders(result: Any) -> Iterator[Any]:
    """Each of *result* and its parts that has errors."""
    for holder in (result, *late(result)):
        if getattr(holder, "errors", None):
            yield holder


def late(result: Any) -> Sequence[Any]:
    """The parts of a result that follow its first."""
    return (*(getattr(result, "incremental", None) or ()), *(getattr(result, "completed", None) or ()))
