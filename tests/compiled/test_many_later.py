"""Fields of many objects whose type is told later, or whose function answers too few: still each object's own."""

from asyncio import sleep
from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

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
    return [f"home {owner.number}" for owner in owners]


async def _too_few(owners: Sequence["Owner"], info: Info) -> Sequence[str]:
    return ["one"]


@strawberry.interface
class Named:
    number: int

    @classmethod
    async def resolve_type(cls, *_: Any) -> str:
        await sleep(0)
        return "Owner"


@strawberry.type
class Owner(Named):
    @strawberry.field(metadata=of_many(_homes))
    async def home(self, info: Info) -> str | None:
        return await for_one(_homes, self, info)

    @strawberry.field(metadata=of_many(_too_few))
    async def few(self, info: Info) -> str | None:
        return await for_one(_too_few, self, info)


@strawberry.type
class Wary:
    number: int

    @classmethod
    async def is_type_of(cls, *_: Any) -> bool:
        await sleep(0)
        return True

    @strawberry.field(metadata=of_many(_homes))
    async def home(self, info: Info) -> str | None:
        return await for_one(_homes, self, info)  # type: ignore[arg-type]  # it has a number, too


async def _coming(number: int) -> int:
    await sleep(0)
    return number


@strawberry.type
class Query:
    @strawberry.field
    def named(self) -> list[Named]:
        return [Owner(number=number) for number in range(3)]

    @strawberry.field
    def wary(self) -> list[Wary]:
        return [Wary(number=number) for number in range(3)]

    @strawberry.field
    def pending(self) -> list[Named]:
        return [Owner(number=_coming(number)) for number in range(3)]  # type: ignore[arg-type]  # awaited, as an attribute

    @strawberry.field
    def owners(self) -> list[Owner]:
        return [Owner(number=number) for number in range(3)]


SCHEMA = strawberry.Schema(Query, types=[Owner])._schema  # noqa: SLF001 (graphql-core runs graphql-core's schema)


async def answer(executor: type[Executor[Any]], document: str) -> dict[str, Any]:
    context = SimpleNamespace(batches=Batches())
    coming = execute(SCHEMA, parse(document), context_value=context, executor_class=executor)
    done = coming if isinstance(coming, ExecutionResult) else await coming
    return dict(done.formatted)


@pytest.mark.parametrize("document", ["{ named { number ... on Owner { home } } }", "{ wary { number home } }"])
async def test_objects_whose_type_is_awaited_are_filled(document: str) -> None:
    told = await answer(Compiling, document)

    assert ["home 0", "home 1", "home 2"] == [one["home"] for one in next(iter(told["data"].values()))]
    assert told == await answer(Executor, document)


async def test_an_attribute_is_awaited_in_an_object_whose_type_was_awaited() -> None:
    document = "{ pending { number } }"

    assert {"data": {"pending": [{"number": number} for number in range(3)]}} == await answer(Compiling, document)


async def test_too_few_values_are_each_object_s_error() -> None:
    told = await answer(Compiling, "{ owners { number few } }")

    assert [{"number": number, "few": None} for number in range(3)] == told["data"]["owners"]
    assert told == await answer(Executor, "{ owners { number few } }")
