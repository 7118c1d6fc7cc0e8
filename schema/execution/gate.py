"""What an operation passes before anything of it runs: it is read, counted, paid for and validated."""

import math
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack
from functools import lru_cache
from typing import Any

from graphql import (
    ASTValidationRule,
    DocumentNode,
    GraphQLError,
    GraphQLSchema,
    GraphQLSyntaxError,
    OperationType,
    parse,
    validate,
)
from strawberry.extensions import SchemaExtension
from strawberry.extensions.runner import SchemaExtensionsRunner
from strawberry.schema.validation_rules.maybe_null import MaybeNullValidationRule
from strawberry.schema.validation_rules.one_of import OneOfInputValidationRule
from strawberry.types import ExecutionContext
from strawberry.types.base import StrawberryObjectDefinition
from strawberry.types.execution import PreExecutionError
from strawberry.types.field import StrawberryField

from schema.context import Context
from schema.costs import priced
from schema.execution.budget import measure
from schema.execution.errors import QuietSchema
from schema.execution.limits import LIMITS, Exceeded
from schema.execution.sizes import Sizes, Variables, items, sizes
from schema.spending import Spent

# A client sends few documents and sends them often; so many are remembered, and how they did.
REMEMBERED = 128

# What an operation costs that is refused for its size: about what it took to find that out.
COST_OF_REFUSAL = 10


@lru_cache(REMEMBERED)
def read(text: str) -> DocumentNode:
    """
    Read a document.

    Raises:
        Exceeded: it is longer or deeper than one may be.
        GraphQLError: it is none.
    """
    if len(text) > LIMITS.characters:
        raise Exceeded("characters", LIMITS.characters, len(text))
    try:
        return parse(text, max_tokens=LIMITS.tokens)
    except GraphQLSyntaxError as error:
        for metric, words in _GIVEN_UP.items():
            if words in error.description:
                raise Exceeded(metric, getattr(LIMITS, metric)) from None
        raise


# What the parser says where it does not go on; it has no other way to tell.
_GIVEN_UP = {"tokens": "Document contains more than", "nesting": "Document is nested too deeply"}


@lru_cache(REMEMBERED)
def errors(
    schema: GraphQLSchema, document: DocumentNode, rules: tuple[type[ASTValidationRule], ...]
) -> tuple[GraphQLError, ...]:
    """Answer the first things that are wrong with a document."""
    return tuple(validate(schema, document, rules, max_errors=LIMITS.errors)[: LIMITS.errors])


@lru_cache(REMEMBERED)
def asked(document: DocumentNode, schema: GraphQLSchema, name: str | None, wanted: Sizes) -> int:
    """Answer what an operation costs. Raises Exceeded."""
    return measure(document, schema, wanted, name).cost


def cost(document: DocumentNode, schema: GraphQLSchema, name: str | None, variables: Variables) -> int:
    """
    Answer what an operation costs with these variables.

    Raises:
        Exceeded: it asks for more than one may.
    """
    listed = items(variables, LIMITS)
    found = asked(document, schema, name, sizes(variables)) + listed
    if found > LIMITS.cost:
        raise Exceeded("cost", LIMITS.cost, found)
    return found


class Gate(SchemaExtension):
    """Lets an operation through, or answers why not."""

    def __init__(self) -> None:
        self._spent: Spent | None = None
        self._places = ExitStack()

    def on_operation(self) -> Iterator[None]:
        with self._places:
            yield

    def on_parse(self) -> Iterator[None]:
        running = self.execution_context
        if running.graphql_document is None and running.query:
            running.graphql_document = read(running.query)
        yield

    async def on_validate(self) -> AsyncIterator[None]:
        running = self.execution_context
        try:
            await self._pay(running.context)
        except GraphQLError as error:
            running.pre_execution_errors = [error]
        else:
            # Strawberry holds documents against these two besides.
            rules = (*running.validation_rules, MaybeNullValidationRule, OneOfInputValidationRule)
            running.pre_execution_errors = [*errors(self._schema, self._document, rules)]
        yield

    async def _pay(self, context: Context | None) -> None:
        running, refused = self.execution_context, None
        try:
            price = max(cost(self._document, self._schema, running.operation_name, running.variables or {}), 1)
        except Exceeded as error:
            price, refused = COST_OF_REFUSAL, error
        if context is not None:
            await self._spend(context, price)
        if refused:
            raise refused

    async def _spend(self, context: Context, price: int) -> None:
        rates, spender = context.host.rates, context.spender
        enough, standing = await rates.spend(spender, price)
        context.spent = self._spent = Spent(price, LIMITS.cost, standing, context.host.now())
        context.headers |= self._spent.headers
        if not enough:
            raise _refused("コスト", "cost", standing.resets_in if standing else 0)
        watches = self.execution_context.operation_type.value == OperationType.SUBSCRIPTION.value
        if watches and not self._places.enter_context(rates.watching(spender)):
            raise _refused("同時に受信できる更新の数", "live updates at once")

    @property
    def _schema(self) -> GraphQLSchema:
        # Strawberry has no public name for what it is built on.
        return self.execution_context.schema._schema  # noqa: SLF001

    @property
    def _document(self) -> DocumentNode:
        document = self.execution_context.graphql_document
        if document is None:
            raise LookupError("nothing is validated that was not read")
        return document

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
