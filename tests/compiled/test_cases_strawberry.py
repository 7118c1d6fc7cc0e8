"""What Strawberry makes of fields: the compiler goes shorter ways there, and must come to the same."""

import asyncio
import dataclasses
from collections.abc import Awaitable
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Annotated, Any, cast
from uuid import UUID

import pytest
import strawberry
from graphql import ExecutionResult, execute, parse
from graphql.execution import Executor
from graphql.pyutils import is_awaitable
from strawberry.extensions import FieldExtension
from strawberry.permission import BasePermission

from schema.execution.compiled import Compiled
from schema.execution.compiled.plans import Plans
from tests.compiled.cases.words import Promise


@strawberry.enum
class Colour(Enum):
    RED = "red"
    BLUE = strawberry.enum_value("blue", name="AZURE")


@strawberry.input
class Wish:
    toy: str
    many: int = 1
    colour: Colour | None = None
    note: str | None = strawberry.UNSET
    others: list["Wish"] = strawberry.field(default_factory=list)


class Never(BasePermission):
    message = "not you"

    async def has_permission(self, source: Any, info: strawberry.Info, **kwargs: Any) -> bool:
        return False


class Loud(FieldExtension):
    def resolve(self, next_: Any, source: Any, info: strawberry.Info, **kwargs: Any) -> Any:
        return next_(source, info, **kwargs).upper()


def tail(root: "Dog") -> str:
    return f"tail of {root.name}"


def ears(parent: strawberry.Parent["Dog"]) -> int:
    return len(parent.name)


@strawberry.interface
class Named:
    name: str

    @strawberry.field
    def initial(self) -> str:
        return self.name[0]


@strawberry.type
class Stone:
    weight: Decimal


@strawberry.type
class Cat(Named):
    lives: int = 9


Thing = Annotated[Stone | Cat, strawberry.union("Thing")]


@strawberry.type
class Dog(Named):
    born: date = date(2020, 2, 29)
    colour: Colour = Colour.BLUE
    colours: list[Colour | None] = strawberry.field(default_factory=lambda: [Colour.RED, None])
    chip: UUID = UUID(int=7)
    secret: strawberry.Private[str] = "bone"
    told: str = strawberry.field(name="said", default="bark")
    odd: int | None = None
    sure: int = 1
    friend: Named | None = None
    dog: "Dog | None" = None
    things: list[Thing] = strawberry.field(default_factory=list)
    tail: str = strawberry.field(resolver=tail)
    ears: int = strawberry.field(resolver=ears)

    @strawberry.field
    def where(self, info: strawberry.Info) -> list[str]:
        return [*map(str, info.path.as_list()), info.field_name, info.python_name, str(info.return_type), info.context]

    @strawberry.field
    def selected(self, info: strawberry.Info) -> str:
        return repr(info.selected_fields)

    @strawberry.field
    async def slow(self, info: strawberry.Info, times: int = 2) -> str:
        await asyncio.sleep(0)
        return f"{info.context} " + self.secret * times

    @strawberry.field
    def wished(self, wish: Wish, more: list[Wish] | None = None, unset: str | None = strawberry.UNSET) -> str:
        wish.others.append(Wish(toy="mine"))
        return f"{wish} {more} {unset!r} {unset is strawberry.UNSET}"

    @strawberry.field
    def echo(self, text_said: Annotated[str, strawberry.argument(name="said")], colour: Colour = Colour.RED) -> str:
        return f"{text_said} {colour}"

    @strawberry.field(permission_classes=[Never])
    def forbidden(self) -> str | None:
        return self.secret

    @strawberry.field(extensions=[Loud()])
    def loud(self) -> str:
        return self.secret

    @strawberry.field
    @staticmethod
    def kind() -> str:
        return "canis"

    @strawberry.field
    @classmethod
    def family(cls) -> str:
        return cls.__name__

    @strawberry.field
    def fails(self) -> str | None:
        raise ValueError(f"{self.name} fails")

    @strawberry.field
    async def fails_later(self) -> str | None:
        raise ValueError(f"{self.name} fails later")

    @strawberry.field
    def pups(self) -> "list[Dog]":
        return [dataclasses.replace(self, name=f"{self.name} {number}") for number in range(2)]


class Puppy(Dog):
    """A class that Strawberry does not know, of one that it does."""


@dataclasses.dataclass
class Stray:
    """A class that has what a dog has, and is none."""

    name: str = "Stray"


DOGS: dict[str, Any] = {
    "rex": Dog(name="Rex", friend=Cat(name="Tama"), things=[Stone(weight=Decimal("1.50")), Cat(name="Mike")]),
    "puppy": Puppy(name="Puppy", friend=Puppy(name="Friend"), dog=Puppy(name="Pup")),
    "none": None,
    "stray": Stray(),
    "mapping": {"name": "Mapping"},
    "error": ValueError("no dog"),
    "wrong": Dog(name=cast(str, 5), odd=cast(int, "five"), colour=cast(Colour, "red"), sure=cast(int, None)),
    "wrongFriend": Dog(name="Rex", friend=cast(Named, Stray()), dog=cast(Dog, Stone(weight=Decimal(1)))),
    "errors": Dog(name="Rex", odd=cast(int, ValueError("odd")), friend=cast(Named, ValueError("no friend"))),
    "coming": Dog(
        name="Rex",
        odd=cast(int, Promise(lambda: 3)),
        friend=cast(Named, Promise(lambda: Cat(name="Tama"))),
        things=[cast(Cat, Promise(lambda: Cat(name="Mike"))), Stone(weight=Decimal(1))],
    ),
    "wrongList": Dog(name="Rex", colours=[Colour.RED, cast(Colour, "blue"), None], things=cast(list[Any], 7)),
}


@strawberry.type
class Query:
    @strawberry.field
    def dog(self, name: str) -> Dog | None:
        return cast(Dog | None, DOGS[name])

    @strawberry.field
    async def slow_dog(self, name: str) -> Dog:
        return cast(Dog, DOGS[name])

    @strawberry.field
    def named(self, name: str) -> Named | None:
        return cast(Named | None, DOGS[name])

    @strawberry.field
    def dogs(self) -> list[Dog | None]:
        return [dog for dog in DOGS.values() if type(dog) in (Dog, Puppy, type(None))]


ASKED = [
    "dog(name: $name) { __typename, name, born, chip, said, odd, sure, colour, colours }",
    "dog(name: $name) { initial, tail, ears, kind, family, where, selected, loud }",
    "dog(name: $name) { name, slow, twice: slow(times: 1), forbidden, fails, failsLater, odd }",
    'dog(name: $name) { echo(said: "x"), echo2: echo(said: "y", colour: AZURE), fails, name }',
    'dog(name: $name) { a: wished(wish: {toy: "ball"}), b: wished(wish: $wish, more: [$wish], unset: null) }',
    "dog(name: $name) { friend { __typename, name, initial, ... on Cat { lives }, ... on Dog { born } }, odd }",
    "dog(name: $name) { things { __typename, ... on Stone { weight }, ... on Named { name } }, odd, friend { name } }",
    "dog(name: $name) { dog { name, where, dog { name } }, pups { name, where, slow, pups { initial, fails } } }",
    "slowDog(name: $name) { name, odd, slow, friend { name }, things { __typename }, failsLater, sure }",
    "named(name: $name) { __typename, name, initial, ... on Dog { colours, friend { name } } }",
    "dogs { name, colour, odd, friend { initial }, pups { where, slow(times: 3) } }, dog(name: $name) { name }",
]


class Compiling(Compiled, Executor[Any]):
    plans = Plans()


# Strawberry has no public name for what it is built on.
SCHEMA = strawberry.Schema(Query, types=[Dog, Cat])._schema  # noqa: SLF001


@pytest.mark.parametrize("name", DOGS)
async def test_a_schema_of_strawberrys_is_answered_as_by_graphql_core(name: str) -> None:
    for asked in ASKED:
        wish = ", $wish: Wish!" if "$wish" in asked else ""
        document = parse(f"query Q($name: String!{wish}) {{ {asked} }}")
        variables = {
            "name": name,
            "wish": {"toy": "stick", "note": None, "others": [{"toy": "hat", "colour": "AZURE"}]},
        }

        plain = await answered(document, variables, Executor)
        first, second = [await answered(document, variables, Compiling) for _ in range(2)]

        assert plain == first, asked
        assert plain == second, asked
        assert repr(plain) == repr(first) == repr(second), asked
    assert {("compiled", "")} == set(Compiling.plans.counts)


async def answered(document: Any, variables: dict[str, Any], executor: type[Executor[Any]]) -> ExecutionResult:
    result = execute(SCHEMA, document, None, "context", variables, executor_class=executor)
    return await cast(Awaitable[ExecutionResult], result) if is_awaitable(result) else cast(ExecutionResult, result)
