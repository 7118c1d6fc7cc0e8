"""A batch beside what may not be null and fails: whether it is still told of is as graphql-core has it."""

from collections.abc import Sequence
from types import SimpleNamespace
from typing import Annotated, Any

import pytest
import strawberry
from graphql import ExecutionResult, parse
from graphql.execution import Executor, execute

from schema.batched import for_one, of_many
from schema.batches import Batches
from schema.context import Info
from schema.execution.compiled import Compiled


class Compiling(Compiled, Executor[Any]):
    """graphql-core's executor with the compiler."""


async def _homes(owners: Sequence["Owner"], info: Info) -> Sequence[str]:
    raise LookupError("nobody knows where")


@strawberry.type
class Owner:
    @strawberry.field(metadata=of_many(_homes))
    async def home(self, info: Info) -> str | None:
        return await for_one(_homes, self, info)


@strawberry.type
class Firm:
    @strawberry.field
    async def seat(self) -> str:
        raise ValueError("it has none")


@strawberry.type
class Wary:
    number: int = 1

    @classmethod
    async def is_type_of(cls, *_: Any) -> bool:
        return False


@strawberry.type
class Query:
    @strawberry.field
    async def strict(self) -> str:
        raise ValueError("not today")

    @strawberry.field
    def owner(self) -> Owner:
        return Owner()

    @strawberry.field
    def anybody(self) -> list[Annotated[Owner | Firm, strawberry.union("Anybody")]]:
        return [Owner(), Owner()]

    @strawberry.field
    def firm(self) -> Annotated[Owner | Firm, strawberry.union("Anybody")]:
        return Firm()

    @strawberry.field
    def wary(self) -> Wary:
        return Wary()


SCHEMA = strawberry.Schema(Query)._schema  # noqa: SLF001 (graphql-core runs graphql-core's schema)


async def answer(executor: type[Executor[Any]], document: str) -> dict[str, Any]:
    coming = execute(SCHEMA, parse(document), context_value=SimpleNamespace(batches=Batches()), executor_class=executor)
    done = coming if isinstance(coming, ExecutionResult) else await coming
    return dict(done.formatted)


@pytest.mark.parametrize(
    "document",
    [
        "{ strict owner { home } }",
        "{ strict again: strict more: strict owner { home } }",
        "{ owner { home } strict }",
        "{ strict anybody { ... on Owner { home } } }",
        "{ firm { ... on Firm { seat } } owner { home } }",
        "{ firm { ... on Firm { seat more: seat } } anybody { ... on Owner { home } } }",
        "{ wary { number } owner { home } }",
    ],
)
async def test_whether_a_batch_was_broken_off_is_told_alike(document: str) -> None:
    assert await answer(Executor, document) == await answer(Compiling, document)
