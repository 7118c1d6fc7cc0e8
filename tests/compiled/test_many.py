"""Fields that are written once for many objects: asked for together, whatever executor runs the operation."""

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


# How many objects each call of a function of many was about.
Calls = list[tuple[str, int]]


async def _owners(cars: Sequence["Car"], info: Info) -> Sequence[Any]:
    _calls(info).append(("owners", len(cars)))
    return [ValueError("nobody knows") if car.number == 3 else Owner(number=car.number) for car in cars]


async def _homes(owners: Sequence["Owner"], info: Info) -> Sequence[str | None]:
    _calls(info).append(("homes", len(owners)))
    return [None if owner.number == 4 else f"home {owner.number}" for owner in owners]


async def _broken(cars: Sequence["Car"], info: Info) -> Sequence[str]:
    _calls(info).append(("broken", len(cars)))
    raise LookupError("out of reach")


async def _short(cars: Sequence["Car"], info: Info) -> Sequence["Owner"]:
    return [Owner(number=car.number) for car in cars]


def _calls(info: Info) -> Calls:
    calls: Calls = info.context.calls  # type: ignore[attr-defined]  # a context of this test's own
    return calls


@strawberry.type
class Owner:
    number: int

    @strawberry.field
    def strict(self) -> int:
        if self.number == 2:
            raise ValueError("not two")
        return self.number

    @strawberry.field(metadata=of_many(_homes))
    async def home(self, info: Info) -> str | None:
        return await for_one(_homes, self, info)


@strawberry.type
class Car:
    number: int

    @strawberry.field(metadata=of_many(_owners))
    async def owner(self, info: Info) -> Owner | None:
        return await for_one(_owners, self, info)

    @strawberry.field(metadata=of_many(_broken))
    async def broken(self, info: Info) -> str | None:
        return await for_one(_broken, self, info)

    @strawberry.field(metadata=of_many(_short))
    async def keeper(self, info: Info) -> Owner | None:
        return await for_one(_short, self, info)


@strawberry.type
class Query:
    @strawberry.field
    async def cars(self) -> list[Car]:
        return [Car(number=number) for number in range(5)]

    @strawberry.field
    def parked(self) -> list[list[Car | None]]:
        return [[Car(number=1), None], [Car(number=5)]]


@strawberry.type
class Mutation:
    @strawberry.field
    async def park(self, number: int) -> Car:
        return Car(number=number)


SCHEMA = strawberry.Schema(Query, Mutation)._schema  # noqa: SLF001 (graphql-core runs graphql-core's schema)
BOTH = pytest.mark.parametrize("executor", [Executor, Compiling])


async def answer(executor: type[Executor[Any]], document: str) -> tuple[dict[str, Any], Calls]:
    context = SimpleNamespace(batches=Batches(), calls=[])
    coming = execute(SCHEMA, parse(document), context_value=context, executor_class=executor)
    done = coming if isinstance(coming, ExecutionResult) else await coming
    return dict(done.formatted), context.calls


@BOTH
async def test_all_objects_of_a_list_are_asked_for_at_once(executor: type[Executor[Any]]) -> None:
    _, calls = await answer(executor, "{ cars { number owner { number home } } }")

    assert [("owners", 5), ("homes", 4)] == calls


@BOTH
async def test_one_object_s_error_leaves_the_others_as_they_are(executor: type[Executor[Any]]) -> None:
    told, _ = await answer(executor, "{ cars { owner { home } } }")

    homes = [car["owner"] and car["owner"]["home"] for car in told["data"]["cars"]]
    assert ["home 0", "home 1", "home 2", None, None] == homes
    assert [("nobody knows", ["cars", 3, "owner"])] == [(one["message"], one["path"]) for one in told["errors"]]


@BOTH
async def test_a_function_that_fails_is_every_object_s_error(executor: type[Executor[Any]]) -> None:
    told, calls = await answer(executor, "{ cars { number broken } }")

    assert {None} == {car["broken"] for car in told["data"]["cars"]}
    assert [["cars", at, "broken"] for at in range(5)] == [one["path"] for one in told["errors"]]
    assert [("broken", 5)] == calls


@BOTH
async def test_what_may_not_be_null_empties_no_more_than_its_own_object(executor: type[Executor[Any]]) -> None:
    told, _ = await answer(executor, "{ cars { number keeper { strict } } }")

    assert [0, 1, None, 3, 4] == [car["keeper"] and car["keeper"]["strict"] for car in told["data"]["cars"]]
    assert [["cars", 2, "keeper", "strict"]] == [one["path"] for one in told["errors"]]


async def test_lists_of_lists_and_other_roots_answer_alike() -> None:
    document = "{ cars { owner { home } } parked { number owner { home } broken } also: parked { keeper { number } } }"

    assert (await answer(Executor, document))[0] == (await answer(Compiling, document))[0]


async def test_a_mutation_s_fields_still_run_one_after_another() -> None:
    told, calls = await answer(
        Compiling, "mutation { a: park(number: 1) { owner { home } } b: park(number: 2) { owner { home } } }"
    )

    assert ["home 1", "home 2"] == [told["data"][name]["owner"]["home"] for name in "ab"]
    assert [("owners", 1), ("homes", 1)] * 2 == calls
