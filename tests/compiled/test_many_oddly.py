"""A function of many objects that answers oddly is told of as a loader tells it, which graphql-core's executor asks."""

import asyncio
from collections.abc import Generator
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


# Types would not let them.
async def _emptied(cars: Any, info: Info) -> Any:
    return [str(cars.pop(0).number) for _ in range(len(cars))]


async def _nothing(cars: Any, info: Info) -> Any:
    return None


async def _by_and_by(cars: Any, info: Info) -> Any:
    return (str(car.number) for car in cars)


class Later:
    """A word that is yet to come."""

    def __await__(self) -> Generator[None, None, str]:
        yield
        return "later"

    def __repr__(self) -> str:
        return "Later()"


async def _later(cars: Any, info: Info) -> Any:
    return [Later() for _ in cars]


async def _broken_off(cars: Any, info: Info) -> Any:
    asked: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
    asked.cancel()
    return await asked


@strawberry.type
class Car:
    number: int

    @strawberry.field(metadata=of_many(_emptied))
    async def emptied(self, info: Info) -> str | None:
        return await for_one(_emptied, self, info)

    @strawberry.field(metadata=of_many(_nothing))
    async def nothing(self, info: Info) -> str | None:
        return await for_one(_nothing, self, info)

    @strawberry.field(metadata=of_many(_by_and_by))
    async def by_and_by(self, info: Info) -> str | None:
        return await for_one(_by_and_by, self, info)

    @strawberry.field(metadata=of_many(_later))
    async def later(self, info: Info) -> str | None:
        return await for_one(_later, self, info)

    @strawberry.field(metadata=of_many(_broken_off))
    async def broken_off(self, info: Info) -> str | None:
        return await for_one(_broken_off, self, info)


@strawberry.type
class Query:
    @strawberry.field
    def cars(self) -> list[Car]:
        return [Car(number=number) for number in range(3)]


SCHEMA = strawberry.Schema(Query)._schema  # noqa: SLF001 (graphql-core runs graphql-core's schema)


async def told(executor: type[Executor[Any]], field: str) -> tuple[object, list[str]]:
    context = SimpleNamespace(batches=Batches())
    coming = execute(SCHEMA, parse(f"{{ cars {{ number {field} }} }}"), context_value=context, executor_class=executor)
    done = coming if isinstance(coming, ExecutionResult) else await coming
    return done.data, [repr(error) for error in done.errors or ()]


@pytest.mark.parametrize("field", ["emptied", "nothing", "byAndBy", "later", "brokenOff"])
async def test_it_is_told_of_as_a_loader_tells_it(field: str) -> None:
    theirs, ours = await told(Executor, field), await told(Compiling, field)

    assert theirs == ours
    assert bool(theirs[1]) is (field not in {"emptied", "later"})
