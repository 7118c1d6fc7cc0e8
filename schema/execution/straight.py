"""A query or a mutation in one piece, run by the same steps as Strawberry's runner takes, without looking for hooks."""

from collections.abc import Sequence
from typing import Any, TypeGuard, cast

import graphql
import strawberry
from graphql import ExecutionResult, GraphQLError
from graphql.execution import Executor
from strawberry.execution import optimized_is_awaitable
from strawberry.schema.exceptions import CannotGetOperationTypeError, InvalidOperationTypeError
from strawberry.types.graphql import OperationType

from schema.context import Context
from schema.execution.asking import Asked
from schema.execution.compiled import Compiled
from schema.execution.errors import note
from schema.execution.gate import Gate, GatedSchema
from schema.execution.masking import NOT_TO_BE_RUN
from schema.execution.operation import OneOperation, chosen, not_told
from schema.execution.operation import note as note_kind
from schema.execution.passage import Passage
from schema.execution.reading import Reading
from schema.loader import Alone

# What these do at their hooks is done here without them.
_KNOWN = frozenset({OneOperation, Gate})

# By the kind itself: to ask it for its value takes two calls, and to hash it one.
_KINDS = {kind: OperationType(kind.value) for kind in graphql.OperationType}

# Strawberry's word for it is not as narrow as graphql-core's.
_IS_AWAITABLE = cast(Any, optimized_is_awaitable)


def runs(schema: strawberry.Schema) -> TypeGuard[GatedSchema]:
    """Whether nothing hangs in this schema's hooks but what is known here: any other schema is Strawberry's to run."""
    return isinstance(schema, GatedSchema) and _KNOWN == {*schema.extensions} and not schema.directives


class Straight:
    """Runs the operations of one schema by one executor."""

    def __init__(self, schema: GatedSchema, executor: type[Executor[Any]]) -> None:
        self._schema = schema._schema  # noqa: SLF001 (Strawberry has no public word for graphql-core's schema in it)
        self._readings = schema.readings
        self._executor = executor

    async def execute(
        self, text: str, asked: Asked, context: Context, kinds: Sequence[OperationType]
    ) -> ExecutionResult:
        """
        Run what is asked, and answer with all of it.

        Raises:
            CannotGetOperationTypeError, InvalidOperationTypeError: it names no operation of these kinds.
        """
        passage = Passage(self._readings, context)
        try:
            # Executors await by themselves what is alone, and in tasks what is not.
            with Alone():
                reading = self._readings.known(text) or await passage.read(text)
                done = await self._run(reading, asked, context, kinds, passage)
        except NOT_TO_BE_RUN:
            raise
        except Exception as error:  # noqa: BLE001 (as Strawberry has it: whatever it is, this operation's answer tells it)
            told = error if isinstance(error, GraphQLError) else GraphQLError(str(error), original_error=error)
            done = ExecutionResult(None, [told], {})
        if done.errors:
            note(done.errors, context.request_id or "-")
        done.extensions = {**passage.told, **(done.extensions or {})}
        return done

    async def _run(
        self, reading: Reading, asked: Asked, context: Context, kinds: Sequence[OperationType], passage: Passage
    ) -> ExecutionResult:
        if not context.introspection and reading.asks_for_schema:
            raise not_told()
        operation = chosen(reading.operations, asked.operation_name)
        note_kind(context, operation)
        if operation is None:
            raise CannotGetOperationTypeError(asked.operation_name)
        kind = _KINDS[operation.operation]
        if kind not in kinds:
            raise InvalidOperationTypeError(kind)
        name = operation.name.value if operation.name else None
        wrong = await passage.wrong(reading, name, asked.variables)
        if wrong:
            return ExecutionResult(None, wrong)
        # What a client sent as JSON is a dict.
        variables: Any = asked.variables
        executor = self._executor.build(
            self._schema,
            reading.document,
            context_value=context,
            raw_variable_values=variables,
            operation_name=name,
            is_awaitable=_IS_AWAITABLE,
        )
        if isinstance(executor, list):
            return ExecutionResult(None, executor)
        # This executor knows no parts that come later.
        begun: Any = executor.execute_operation()
        done: ExecutionResult = begun if isinstance(begun, ExecutionResult) else await begun
        if not executor.background_futures:
            # It and its helpers hold each other, and only the collector would part them. Nobody asks for them now.
            del executor.async_helpers
        done.extensions = {"execution": _way(executor)} if asked.explains else None
        return done


def _way(executor: Executor[Any]) -> dict[str, str]:
    """Answer how an operation was run, for whoever asks why it is slow."""
    if not isinstance(executor, Compiled):
        return {"way": "handed over", "reason": "off"}
    return {"way": executor.way, "reason": executor.reason}
