"""What an operation passes before anything of it runs: it is read, counted, paid for and validated."""

import math
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack
from typing import Any, cast

from graphql import GraphQLError
from strawberry.extensions import SchemaExtension
from strawberry.extensions.runner import SchemaExtensionsRunner
from strawberry.schema.validation_rules.maybe_null import MaybeNullValidationRule
from strawberry.schema.validation_rules.one_of import OneOfInputValidationRule
from strawberry.types import ExecutionContext
from strawberry.types.base import StrawberryObjectDefinition
from strawberry.types.execution import PreExecutionError
from strawberry.types.field import StrawberryField
from strawberry.types.graphql import OperationType

from schema.context import Context
from schema.costs import priced
from schema.execution.errors import QuietSchema
from schema.execution.limits import LIMITS, Exceeded
from schema.execution.reading import Reading, Readings
from schema.spending import Spent

# Strawberry holds documents against these two besides GraphQL's own.
_BESIDES = (MaybeNullValidationRule, OneOfInputValidationRule)

# What an operation costs that is refused for its size: about what it took to find that out.
COST_OF_REFUSAL = 10


class Gate(SchemaExtension):
    """Lets an operation through, or answers why not."""

    def __init__(self) -> None:
        self._reading: Reading | None = None
        self._spent: Spent | None = None
        self._places = ExitStack()

    def on_operation(self) -> Iterator[None]:
        with self._places:
            yield

    async def on_parse(self) -> AsyncIterator[None]:
        running = self.execution_context
        if running.query:
            # Whoever can no longer pay for it is not read.
            if fee := self._readings.fee(running.query):
                await self._pay(fee)
            self._reading = self._readings.read(running.query)
            running.graphql_document = self._reading.document
        yield

    async def on_validate(self) -> AsyncIterator[None]:
        if self._reading is not None:
            self.execution_context.pre_execution_errors = await self._wrong(self._reading)
        yield

    async def _wrong(self, reading: Reading) -> list[GraphQLError]:
        running = self.execution_context
        try:
            price = max(reading.cost(running.operation_name, running.variables or {}), 1)
            await self._pay(price)
            self._take_place()
        except Exceeded as error:
            return [await self._refusal() or error]
        except GraphQLError as error:
            return [error]
        errors = reading.errors((*running.validation_rules, *_BESIDES))
        if running.query and not errors:
            self._readings.keep(running.query, reading)
        return [*errors]

    async def _refusal(self) -> GraphQLError | None:
        """Have a refusal paid; answer why even that is too much, where it is."""
        try:
            await self._pay(COST_OF_REFUSAL)
        except GraphQLError as error:
            return error
        return None

    async def _pay(self, price: int) -> None:
        context: Context | None = self.execution_context.context
        if context is None:
            return
        enough, standing = await context.host.rates.spend(context.spender, price)
        context.spent = self._spent = Spent(price, LIMITS.cost, standing, context.host.now())
        context.headers |= self._spent.headers
        if enough or standing is None:
            return
        if price > standing.limit:
            raise Exceeded("cost", standing.limit, price)
        raise _refused("コスト", "cost", standing.enough_in)

    def _take_place(self) -> None:
        """Live updates take a place each, for as long as they last."""
        context: Context | None = self.execution_context.context
        if context is None or self.execution_context.operation_type is not OperationType.SUBSCRIPTION:
            return
        if not self._places.enter_context(context.host.rates.watching(context.spender)):
            raise _refused("同時に受信できる更新の数", "live updates at once")

    @property
    def _readings(self) -> Readings:
        # Strawberry's word for it, which knows nothing of gates.
        return cast(GatedSchema, self.execution_context.schema).readings

    def get_results(self) -> dict[str, Any]:
        return {"cost": self._spent.told} if self._spent else {}


def _refused(ja: str, en: str, wait: float | None = None) -> GraphQLError:
    again = {} if wait is None else {"retryAfter": max(math.ceil(wait), 1)}
    return GraphQLError(
        f"上限に達しました（{ja}）。しばらくしてからもう一度お試しください。"
        f" / The limit is reached ({en}): wait a while, and try again.",
        extensions={"code": "RATE_LIMITED", **again},
    )


class GatedSchema(QuietSchema):
    """The schema behind its gate; each field says what it costs."""

    # Everything that Strawberry's takes.
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
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
