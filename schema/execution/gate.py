"""The gate as Strawberry's own runner passes it: where an operation is answered in parts, or as events."""

from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack
from typing import Any, cast

from graphql import GraphQLError
from strawberry.extensions import SchemaExtension
from strawberry.extensions.runner import SchemaExtensionsRunner
from strawberry.types import ExecutionContext
from strawberry.types.base import StrawberryObjectDefinition
from strawberry.types.execution import PreExecutionError
from strawberry.types.field import StrawberryField
from strawberry.types.graphql import OperationType

from schema.costs import priced
from schema.execution import one_of
from schema.execution.errors import QuietSchema
from schema.execution.passage import Passage
from schema.execution.reading import Reading, Readings


class Gate(SchemaExtension):
    """Lets an operation through, or answers why not."""

    def __init__(self) -> None:
        self._passage: Passage | None = None
        self._reading: Reading | None = None
        self._places = ExitStack()

    def on_operation(self) -> Iterator[None]:
        with self._places:
            yield

    async def on_parse(self) -> AsyncIterator[None]:
        running = self.execution_context
        if running.query:
            # Strawberry's word for it, which knows nothing of gates.
            self._passage = Passage(cast(GatedSchema, running.schema).readings, running.context)
            self._reading = await self._passage.read(running.query)
            running.graphql_document = self._reading.document
        yield

    async def on_validate(self) -> AsyncIterator[None]:
        running = self.execution_context
        if self._passage and self._reading:
            watches = running.operation_type is OperationType.SUBSCRIPTION
            places = self._places if watches else None
            running.pre_execution_errors = await self._passage.wrong(
                self._reading, running.operation_name, running.variables, places
            )
        yield

    def get_results(self) -> dict[str, Any]:
        return self._passage.told if self._passage else {}


class GatedSchema(QuietSchema):
    """The schema behind its gate; each field says what it costs."""

    # Everything that Strawberry's takes.
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        one_of.declare(self._schema)
        # Copies of the schema that run it differently share what was read.
        self.readings = Readings(self._schema)

    def get_fields(self, type_definition: StrawberryObjectDefinition) -> list[StrawberryField]:
        return priced(type_definition, super().get_fields(type_definition))

    # Strawberry has no public place for this: what an extension refuses would break off an answer in parts.
    async def _prepare_operation_async(
        self, context: ExecutionContext, extensions_runner: SchemaExtensionsRunner
    ) -> PreExecutionError | None:
        try:
            return await super()._prepare_operation_async(context, extensions_runner)
        except GraphQLError as error:
            context.pre_execution_errors = [error]
            return PreExecutionError(data=None, errors=[error])
