"""Classes of which one value is awaitable and another is not: each is looked at by itself."""

from collections.abc import Awaitable, Callable, Generator
from typing import Any
from weakref import proxy

import pytest
from graphql import (
    ExecutionResult,
    GraphQLField,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLString,
    parse,
)
from graphql.execution import Executor, execute

from schema.execution.compiled import Compiled
from schema.execution.compiled.plans import Plans


class Word:
    def __init__(self, *, comes: bool) -> None:
        self.comes = comes

    def __str__(self) -> str:
        return "a word"

    def coming(self) -> Generator[Any, None, str]:
        async def come() -> str:
            return "a word that came"

        return come().__await__()


class ByProperty(Word):
    @property
    def __await__(self) -> Callable[[], Generator[Any, None, str]]:
        if not self.comes:
            raise AttributeError
        return self.coming


class ByEveryAttribute(Word):
    def __getattribute__(self, name: str) -> Any:
        if name == "__await__" and object.__getattribute__(self, "comes"):
            name = "coming"
        return object.__getattribute__(self, name)


class Awaited(Word):
    def __await__(self) -> Generator[Any, None, str]:
        return self.coming()


def by_a_proxy(*, comes: bool) -> Any:
    one = (Awaited if comes else Word)(comes=comes)
    KEPT.append(one)
    return proxy(one)


# What only proxies point to would be gone.
KEPT: list[Word] = []

SCHEMA = GraphQLSchema(
    GraphQLObjectType(
        "Query",
        {
            "now": GraphQLField(GraphQLString),
            "then": GraphQLField(GraphQLString),
            "never": GraphQLField(GraphQLNonNull(GraphQLString)),
            "several": GraphQLField(GraphQLList(GraphQLString)),
        },
    )
)


async def answered(executor: type[Executor[Any]], root: Any) -> ExecutionResult:
    done = execute(SCHEMA, parse("{ now then several never }"), root, executor_class=executor)
    return await done if isinstance(done, Awaitable) else done


@pytest.mark.parametrize("made", [ByProperty, ByEveryAttribute, by_a_proxy])
async def test_whether_a_value_is_awaited_is_not_decided_by_another_of_its_class(made: Callable[..., Any]) -> None:
    class Compiling(Compiled, Executor[Any]):
        plans = Plans()

    told = []
    for executor in (Executor, Compiling, Compiling):
        now, then, *several = (made(comes=comes) for comes in (False, True, False, True))
        told.append(
            await answered(executor, {"now": now, "then": then, "several": several, "never": made(comes=False)})
        )

    assert "a word" == (told[0].data or {})["now"] != (told[0].data or {})["then"]
    assert told[0].formatted == told[1].formatted == told[2].formatted
