"""An operation run to its end, whatever carries its request and its answer."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from contextlib import aclosing
from datetime import datetime
from typing import Any, TypeAlias

import msgspec
import strawberry
from graphql import ExecutionResult as Executed
from graphql import GraphQLError
from graphql.execution import InitialIncrementalExecutionResult, SubsequentIncrementalExecutionResult
from msgspec import Struct
from strawberry.schema.schema import StreamResult
from strawberry.types import ExecutionResult
from strawberry.types.execution import PreExecutionError
from strawberry.types.graphql import OperationType

from schema.context import Context
from schema.execution.answers import said
from schema.execution.asking import Asked
from schema.execution.documents import Documents
from schema.execution.errors import note
from schema.execution.executors import CompiledInOnePiece, CompiledInParts, InOnePiece, InParts, run_by
from schema.execution.frames import Frames
from schema.execution.lifetime import OVER, lasting
from schema.execution.masking import NOT_TO_BE_RUN, Teller, late
from schema.execution.refusals import CLOSING, EXPIRED, LATE, NO_QUERY, TOO_LARGE_AN_ANSWER, Declined, Refusal
from schema.execution.straight import Straight, runs

# There are three at most: looking through them is quicker than a set, for which an enum reckons its hash in Python.
Kinds: TypeAlias = tuple[OperationType, ...]
READING: Kinds = (OperationType.QUERY,)
ANSWERED: Kinds = (OperationType.QUERY, OperationType.MUTATION)
WATCHED: Kinds = (OperationType.SUBSCRIPTION,)

# As Strawberry has it, and graphql-core.
Result: TypeAlias = ExecutionResult | Executed

# A document without these words has no part that could come later.
_LATER = ("defer", "stream")

_FRAMES = (InitialIncrementalExecutionResult, SubsequentIncrementalExecutionResult)


class Bounds(Struct, frozen=True, kw_only=True):
    """
    What one request may take.

    `seconds` is for a query or a mutation, to the last of its parts, and before that for its body; a subscription lasts
    as long as its token. `answer_bytes` is for an answer with all of its parts, and for each event of a subscription.
    `partial_status` is HTTP's word for data with errors.
    """

    seconds: float = 30.0
    answer_bytes: int = 8 << 20
    partial_status: int = 200


class Message(Struct, frozen=True):
    """One answer, event or part as JSON. `errors` are those of a request that was not run at all."""

    json: bytes
    errors: list[Any] | None = None


class Runner:
    """
    Runs operations within their bounds.

    `now` is the clock of tokens. `documents` are those that are known by name. `introspection` is whether
    clients may ask for the schema itself; documents that an operator trusts may in any case. With `compiled` operations
    are run by functions made for them, and by graphql-core otherwise.
    """

    def __init__(
        self,
        schema: strawberry.Schema,
        bounds: Bounds,
        now: Callable[[], datetime],
        *,
        documents: Documents,
        introspection: bool,
        compiled: bool,
    ) -> None:
        one_piece, parts = (CompiledInOnePiece, CompiledInParts) if compiled else (InOnePiece, InParts)
        self.in_parts = run_by(parts, schema)
        self.in_one_piece = run_by(one_piece, schema)
        self._straight = Straight(schema, one_piece) if runs(schema) else None
        self.bounds = bounds
        self.now = now
        self.documents = documents
        self.introspection = introspection

    def executed(self, asked: Asked, context: Context, kinds: Kinds) -> Awaitable[Result]:
        """
        Run a query or a mutation, and wait for all of its answer.

        Raises:
            Declined: there is no document.
            CannotGetOperationTypeError, InvalidOperationTypeError: it names no operation of these kinds.
        """
        return self._one_piece(self._text(asked, context), asked, context, kinds)

    def _one_piece(self, text: str, asked: Asked, context: Context, kinds: Kinds) -> Awaitable[Result]:
        if self._straight:
            return self._straight.execute(text, asked, context, kinds)
        return self.in_one_piece.execute(**_arguments(text, asked, context, kinds))

    async def opened(
        self, asked: Asked, context: Context, kinds: Kinds
    ) -> tuple[Any, AsyncGenerator[Any, None] | None]:
        """
        Run a query or a mutation, and answer what is there, and what brings the parts that come later.

        Raises:
            As `executed`.
        """
        text = self._text(asked, context)
        if not any(word in text for word in _LATER):
            return await self._one_piece(text, asked, context, kinds), None
        results = _caught(await self.in_parts.stream(**_arguments(text, asked, context, kinds)), context)
        first: Any = await anext(results)
        if isinstance(first, InitialIncrementalExecutionResult):
            return first, results
        # The operation ends behind its only result.
        await anext(results, None)
        cause = first.errors[0].original_error if first.errors else None
        if isinstance(cause, NOT_TO_BE_RUN):
            raise cause
        return first, None

    async def messages(
        self,
        asked: Asked,
        context: Context,
        kinds: Kinds,
        teller: Teller,
        *,
        parts: bool = False,
        closing: asyncio.Event | None = None,
    ) -> AsyncGenerator[Message | Refusal, None]:
        """Run any operation, and bring each of its results; last, why it ended that would have gone on."""
        schema = self.in_parts if parts else self.in_one_piece
        try:
            text = self._text(asked, context)
            results = _caught(await schema.stream(**_arguments(text, asked, context, kinds)), context)
        except Declined as declined:
            yield _refused(declined.refusal, teller)
            return
        async with aclosing(self.told(results, context, teller, closing=closing)) as told:
            async for message in told:
                yield message

    async def told(
        self,
        results: AsyncGenerator[Any, None],
        context: Context,
        teller: Teller,
        *,
        frames: Frames | None = None,
        sent: int = 0,
        began: float | None = None,
        closing: asyncio.Event | None = None,
    ) -> AsyncGenerator[Message | Refusal, None]:
        """Bring *results* as messages. *frames* remember what of them was sent before, *sent* how many bytes it was."""
        frames = frames or Frames()
        loop, closing = asyncio.get_running_loop(), closing or asyncio.Event()
        ends = (began or loop.time()) + self.bounds.seconds

        def left() -> float | None:
            if not context.watches:
                return ends - loop.time()
            if closing.is_set():
                return 0.0
            return (context.asker.expires_at - self.now()).total_seconds() if context.asker else None

        async with aclosing(lasting(results, left=left, nudge=closing)) as results_in_time:
            async for result in results_in_time:
                if result is OVER:
                    ended = CLOSING if closing.is_set() else EXPIRED
                    yield ended if context.watches else _instead(frames.owed, LATE, context, teller)
                    return
                owed = frames.owed
                message = self.message(result, frames, teller)
                sent = len(message.json) + (0 if context.watches else sent)
                if sent <= self.bounds.answer_bytes:
                    yield message
                    continue
                yield _instead(owed, TOO_LARGE_AN_ANSWER, context, teller)
                if not context.watches:
                    return

    def _text(self, asked: Asked, context: Context) -> str:
        text = self.documents.text(asked.query, document_id=asked.document_id, extensions=asked.extensions)
        if not text:
            raise Declined(NO_QUERY)
        context.introspection = self.introspection or self.documents.trusts(text)
        return text

    # A result is Strawberry's or graphql-core's.
    def message(self, result: Any, frames: Frames, teller: Teller) -> Message:
        note([error for part in late(result) for error in part.errors or ()], teller.request_id)
        teller.result(result)
        told = frames.frame(result) if isinstance(result, _FRAMES) else said(result)
        refused = "data" not in told and not isinstance(result, _FRAMES)
        return Message(msgspec.json.encode(told), told.get("errors") if refused else None)


async def _caught(results: StreamResult, context: Context) -> AsyncGenerator[Any, None]:
    """Bring *results*, and as the last of them what is raised beside them: Strawberry lets that out of a stream."""
    try:
        async with aclosing(results):
            async for result in results:
                yield result
    except Exception as error:  # noqa: BLE001 (as Strawberry does where it answers in one piece)
        told = error if isinstance(error, GraphQLError) else GraphQLError("", original_error=error)
        note([told], context.request_id)
        yield PreExecutionError(data=None, errors=[told])


def _arguments(text: str, asked: Asked, context: Context, kinds: Kinds) -> Mapping[str, Any]:
    return {
        "query": text,
        "variable_values": asked.variables,
        "context_value": context,
        "operation_name": asked.operation_name,
        "operation_extensions": asked.extensions,
        "allowed_operation_types": kinds,
    }


def _instead(owed: Sequence[str], refusal: Refusal, context: Context, teller: Teller) -> Message:
    """Answer what is told in the place of a result that cannot be: of these parts, of one event, or of the whole."""
    error = teller.refusal(refusal).formatted
    if owed:
        return Message(msgspec.json.encode(Frames.broken(owed, error)))
    if context.watches:
        return Message(msgspec.json.encode({"data": None, "errors": [error]}))
    return _refused(refusal, teller)


def _refused(refusal: Refusal, teller: Teller) -> Message:
    errors = [teller.refusal(refusal).formatted]
    return Message(msgspec.json.encode({"errors": errors}), errors)
