"""What a program puts around a field of Strawberry's is called, though the field is plain, and was so before."""

from collections.abc import Callable, Collection, Mapping
from functools import wraps
from typing import Any

import pytest
import strawberry
from graphql import (
    ExecutionResult,
    GraphQLField,
    GraphQLNonNull,
    GraphQLScalarType,
    GraphQLSchema,
    GraphQLString,
    parse,
)
from graphql.execution import Executor, execute

from schema.execution.compiled import Compiled


class Compiling(Compiled, Executor[Any]):
    """graphql-core's executor with the compiler."""


@strawberry.type
class Query:
    attribute: int = 1

    @strawberry.field
    def method(self) -> int:
        return 2


def _doubled(resolve: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(resolve)
    def twice(*args: Any, **given: Any) -> Any:
        return 2 * resolve(*args, **given)

    return twice


def _run(schema: GraphQLSchema, executor: type[Executor[Any]], asked: str = "{ attribute method }") -> ExecutionResult:
    # A document that was read anew is compiled anew.
    done = execute(schema, parse(asked), Query(), executor_class=executor)
    assert isinstance(done, ExecutionResult)
    return done


@pytest.fixture
def schema() -> GraphQLSchema:
    return strawberry.Schema(Query)._schema  # noqa: SLF001 (graphql-core runs graphql-core's schema)


@pytest.fixture(params=["at first", "later"])
def fields(schema: GraphQLSchema, request: pytest.FixtureRequest) -> Collection[GraphQLField]:
    """What may be changed, before anything was asked of it or afterwards."""
    if request.param == "later":
        _run(schema, Compiling)
    kind = schema.query_type
    assert kind is not None
    found: Mapping[str, GraphQLField] = kind.fields
    return found.values()


each_executor = pytest.mark.parametrize("executor", [Executor, Compiling])


@each_executor
def test_resolvers_that_were_replaced_are_called(
    schema: GraphQLSchema, fields: Collection[GraphQLField], executor: type[Executor[Any]]
) -> None:
    for field in fields:
        assert field.resolve is not None
        field.resolve = _doubled(field.resolve)

    assert {"attribute": 2, "method": 4} == _run(schema, executor).data


@each_executor
def test_types_that_were_replaced_are_answered(
    schema: GraphQLSchema, fields: Collection[GraphQLField], executor: type[Executor[Any]]
) -> None:
    for field in fields:
        field.type = GraphQLNonNull(GraphQLString)

    assert {"attribute": "1", "method": "2"} == _run(schema, executor).data


def _reading(word: str) -> GraphQLScalarType:
    return GraphQLScalarType("Reading", coerce_output_value=lambda value: f"{word} {value}")


@each_executor
@pytest.mark.parametrize("asked", ["{ attribute method }", "{ method attribute }"])
def test_a_type_that_was_replaced_by_one_of_its_name_is_no_other_fields(
    schema: GraphQLSchema, fields: Collection[GraphQLField], executor: type[Executor[Any]], asked: str
) -> None:
    for field, word in zip(fields, ("first", "second"), strict=True):
        field.type = GraphQLNonNull(_reading(word))

    assert {"attribute": "first 1", "method": "second 2"} == _run(schema, executor, asked).data


@each_executor
def test_what_a_type_is_made_of_may_be_replaced(
    schema: GraphQLSchema, fields: Collection[GraphQLField], executor: type[Executor[Any]]
) -> None:
    for field in fields:
        assert isinstance(field.type, GraphQLNonNull)
        field.type.of_type = GraphQLString

    assert {"attribute": "1", "method": "2"} == _run(schema, executor).data
