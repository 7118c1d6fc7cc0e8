"""What a program puts around a field of Strawberry's is called, though the field is plain."""

from collections.abc import Callable
from functools import wraps
from typing import Any

import pytest
import strawberry
from graphql import ExecutionResult, parse
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


@pytest.mark.parametrize("executor", [Executor, Compiling])
def test_resolvers_that_were_replaced_are_called(executor: type[Executor[Any]]) -> None:
    schema = strawberry.Schema(Query)._schema  # noqa: SLF001 (graphql-core runs graphql-core's schema)
    assert schema.query_type is not None
    for field in schema.query_type.fields.values():
        assert field.resolve is not None
        field.resolve = _doubled(field.resolve)

    done = execute(schema, parse("{ attribute method }"), Query(), executor_class=executor)

    assert isinstance(done, ExecutionResult)
    assert {"attribute": 2, "method": 4} == done.data
