"""
Operations compiled to Python.

An executor of graphql-core's that has `Compiled` among its bases runs an operation by functions written for it, and
hands to graphql-core what it has none for: before anything ran the whole of it, and later, at the first value that its
functions do not expect, what is left of that object. Answers, errors, the order of calls and of waiting are the same,
but for what is told of a list's batch that an error beside it may have broken off (DECISIONS 147).
"""

from collections.abc import Awaitable, Mapping
from typing import TYPE_CHECKING, Any, TypeAlias, cast

from graphql import (
    DocumentNode,
    ExecutionResult,
    GraphQLError,
    GraphQLSchema,
    OperationType,
    default_field_resolver,
    default_type_resolver,
)
from graphql.execution import Executor, MiddlewareManager
from graphql.pyutils import async_reduce, is_awaitable
from strawberry.execution import optimized_is_awaitable

from schema.execution.compiled.fields import Field
from schema.execution.compiled.kinds import Completes
from schema.execution.compiled.lasting import Written
from schema.execution.compiled.levels import Level, Nobodys
from schema.execution.compiled.oddities import Late
from schema.execution.compiled.plans import Known, Plan, Plans
from schema.execution.compiled.sources import ContextOnly

if TYPE_CHECKING:
    from graphql.execution import ExperimentalIncrementalExecutionResults
    from graphql.pyutils import AwaitableOrValue

Arguments: TypeAlias = dict[Field, Mapping[str, Any]]

# What says whether something is awaitable, the same in all of them: which classes are calm is remembered for everybody,
# and what a coroutine function answers is awaited unasked.
_WAITING: tuple[object, ...] = (optimized_is_awaitable, is_awaitable)


class Compiled(Executor[Any]):
    """
    The executor of an operation that was compiled, or can be; see above.

    `way` says how it was run ("compiled" or "handed over"), and `reason` why it was handed over. `arguments` are those
    of its fields, and `converted` the same as Strawberry's methods take them; `level` is what its objects join now,
    `told` the `Info` of methods that ask for no more than the context, and `known` what is known of the operation.
    `written` is what was written of lasting values (`lasting`), which the context names where it has any, and
    `unlasting` counts what went wrong, or does not last where nobody knew.
    """

    plans = Plans()
    way = ""
    reason = ""
    arguments: dict[Field, dict[str, Any]]
    converted: Arguments
    # Where something may join one, that has its own.
    level: Level = Nobodys()
    told: ContextOnly
    known: Known | None = None
    written: Written | None = None
    unlasting = 0

    # Its parameters are graphql-core's. What comes behind the last is passed on as it comes.
    @classmethod
    def build(
        cls,
        schema: GraphQLSchema,
        document: DocumentNode,
        root_value: Any = None,
        context_value: Any = None,
        raw_variable_values: dict[str, Any] | None = None,
        operation_name: str | None = None,
        field_resolver: Any = None,
        type_resolver: Any = None,
        subscribe_field_resolver: Any = None,
        max_coercion_errors: int = 50,
        enable_early_execution: bool = False,
        middleware: Any = None,
        *others: Any,
        **named: Any,
    ) -> "list[GraphQLError] | Compiled":
        """Build an executor as graphql-core does, of what is known where the operation was run before."""
        known = cls.plans.known(schema, document, operation_name)
        values = known.values(raw_variable_values or {}) if known else None
        # Of a list of middleware graphql-core makes such a manager.
        is_made = middleware is None or isinstance(middleware, MiddlewareManager)
        run: Any
        if known is not None and values is not None and is_made:
            run = cls(
                schema,
                *known.fragments,
                root_value,
                context_value,
                known.operation,
                values,
                field_resolver or default_field_resolver,
                type_resolver or default_type_resolver,
                subscribe_field_resolver or default_field_resolver,
                enable_early_execution,
                middleware,
                *others,
                **named,
            )
        else:
            run = super().build(
                schema,
                document,
                root_value,
                context_value,
                raw_variable_values,
                operation_name,
                field_resolver,
                type_resolver,
                subscribe_field_resolver,
                max_coercion_errors,
                enable_early_execution,
                middleware,
                *others,
                **named,
            )
            if isinstance(run, list):
                return run
        run.known = known or cls.plans.begun(run, document, operation_name)
        return cast("Compiled", run)

    def execute_operation(
        self, serially: bool | None = None
    ) -> "AwaitableOrValue[ExecutionResult | ExperimentalIncrementalExecutionResults]":
        found = self._unusual(serially) or self.plans.plan(self)
        if not isinstance(found, Plan):
            self.way, self.reason = "handed over", found
            self.plans.handed_over[found] += 1
            return super().execute_operation(serially)
        self.way = "compiled"
        self.plans.run_compiled += 1
        self.arguments, self.converted = {}, {}
        self.told = ContextOnly(self.context_value)
        self.written = getattr(self.context_value, "written", None)
        result: Any
        try:
            if found.one_by_one and serially is not False:
                result = async_reduce(self._next, found.one_by_one, {})
            else:
                result = self._done(found.whole)
        except GraphQLError as error:
            return self._without_data(error)
        return self.build_response(result) if type(result) is dict else self._awaited(result)

    def _unusual(self, serially: bool | None) -> str:
        """Answer why this is left to graphql-core whatever is asked; empty where it is not."""
        if type(self).execute_field is not Executor.execute_field:
            return "another executor"
        if self.is_awaitable not in _WAITING:
            return "another way of waiting"
        if serially and self.operation.operation is not OperationType.MUTATION:
            return "one by one"
        if self.middleware_manager is not None and self.middleware_manager.middlewares:
            return "middleware"
        return "abort signal" if self.abort_signal is not None else ""

    def _done(self, complete: Completes) -> Any:
        """Answer what a root's function completes, or an awaitable of it."""
        try:
            return complete(self.root_value, None, self)
        except Late as late:
            return late.completed

    def _next(self, results: dict[str, Any], complete: Completes) -> Any:
        one = self._done(complete)
        if type(one) is dict:
            results.update(one)
            return results

        async def later() -> dict[str, Any]:
            results.update(await one)
            return results

        return later()

    async def _awaited(
        self, result: Awaitable[dict[str, Any]]
    ) -> "ExecutionResult | ExperimentalIncrementalExecutionResults":
        try:
            data = await result
        except GraphQLError as error:
            return self._without_data(error)
        return self.build_response(data)

    def _without_data(self, error: GraphQLError) -> "ExecutionResult | ExperimentalIncrementalExecutionResults":
        self.collected_errors.add(error, None)
        return self.build_response(None)
