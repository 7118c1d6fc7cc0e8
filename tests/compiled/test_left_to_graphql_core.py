"""Types of an interface or a union that cannot be compiled: graphql-core completes their objects, and all is well."""

from collections.abc import Awaitable
from dataclasses import dataclass
from typing import Annotated, Any

import pytest
import strawberry
from graphql import parse
from graphql.execution import Executor, execute

from schema.execution.compiled import Compiled
from schema.execution.compiled.plans import Plans


@dataclass
class Says:
    """A resolver that cannot be hashed, since it can be compared; what the compiler knows of functions, it keeps."""

    word: str
    __name__ = "says"

    # Strawberry tells a method by the name of its parameter.
    def __call__(says, self: object) -> str:  # noqa: N805 (as said above)
        return says.word


def fails() -> str | None:
    raise LookupError("nobody knows")


@strawberry.interface
class Named:
    number: int


@strawberry.type
class Cat(Named):
    name = strawberry.field(resolver=Says("a cat"))
    fails = strawberry.field(resolver=fails)


@strawberry.type
class Dog(Named):
    name: str = "dog"


@strawberry.type
class Query:
    one: Named
    other: Annotated[Cat | Dog, strawberry.union("Pet")]
    many: list[Named]

    @strawberry.field
    async def later(self) -> Named:
        return Cat(number=5)


class Compiling(Compiled, Executor[Any]):
    plans = Plans()


SCHEMA = strawberry.Schema(Query, types=[Cat, Dog])._schema  # noqa: SLF001 (graphql-core runs graphql-core's schema)
PETS = "{ number ... on Cat { name fails } ... on Dog { name } }"


@pytest.mark.parametrize(
    "asked",
    [
        f"one {PETS}",
        "other { ... on Cat { name number } ... on Dog { name number } }",
        f"many {PETS}",
        f"later {PETS}",
        f"one {PETS} later {PETS} many {PETS}",
    ],
)
async def test_what_cannot_be_compiled_is_answered_all_the_same(asked: str) -> None:
    document = parse(f"{{ {asked} }}")
    root = Query(one=Cat(number=1), other=Cat(number=2), many=[Dog(number=3), Cat(number=4)])
    told = []
    for executor in (Executor, Compiling, Compiling):
        done: Any = execute(SCHEMA, document, root, executor_class=executor)
        told.append(await done if isinstance(done, Awaitable) else done)

    assert "a cat" in str(told[0].data)
    assert told[0].formatted == told[1].formatted == told[2].formatted
    assert {("compiled", "")} == {*Compiling.plans.counts}
