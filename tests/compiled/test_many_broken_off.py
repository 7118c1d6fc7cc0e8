"""A batch beside what may not be null and fails: whether it is still told of is as graphql-core has it."""

from asyncio import sleep
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
from schema.loader import Loader


class Compiling(Compiled, Executor[Any]):
    """graphql-core's executor with the compiler."""


class Counted(Batches):
    """Batches that count how many objects ask one by one."""

    asked = 0

    def of(self, values: Any, info: Any) -> Loader[Any, Any]:
        self.asked += 1
        return super().of(values, info)


async def _turns(number: int) -> None:
    for _ in range(number):
        await sleep(0)


async def _homes(owners: Sequence["Owner"], info: Info) -> Sequence[str]:
    await _turns(info.context.of_batch)  # type: ignore[attr-defined]  # a context of this test's own
    raise LookupError("nobody knows where")


async def _mates(owners: Sequence["Owner"], info: Info) -> Sequence["Owner"]:
    return [Owner() for _ in owners]


async def _strict(info: Info) -> str:
    await _turns(info.context.of_strict)  # type: ignore[attr-defined]  # as said above
    raise ValueError("not today")


@strawberry.type
class Owner:
    @strawberry.field(metadata=of_many(_homes))
    async def home(self, info: Info) -> str | None:
        return await for_one(_homes, self, info)

    @strawberry.field(metadata=of_many(_mates))
    async def mate(self, info: Info) -> "Owner | None":
        return await for_one(_mates, self, info)

    @strawberry.field
    async def strict(self, info: Info) -> str:
        return await _strict(info)


@strawberry.type
class Firm:
    @strawberry.field
    async def strict(self, info: Info) -> str:
        return await _strict(info)


@strawberry.type
class Wary:
    number: int = 1

    @classmethod
    def is_type_of(cls, *_: Any) -> bool:
        return False


@strawberry.type
class Query:
    @strawberry.field
    async def strict(self, info: Info) -> str:
        return await _strict(info)

    @strawberry.field
    def owner(self) -> Owner:
        return Owner()

    @strawberry.field
    async def slow(self) -> Owner | None:
        return Owner()

    @strawberry.field
    def owners(self) -> list[Owner]:
        return [Owner(), Owner()]

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

FIRM = "firm { ... on Firm { strict } }"
ANYBODY = "anybody { ... on Owner { home } }"


async def answer(
    executor: type[Executor[Any]], document: str, *, of_strict: int = 0, of_batch: int = 0
) -> tuple[dict[str, Any], int]:
    """Answer what is told, and how many objects asked one by one; both fail after so many turns."""
    context = SimpleNamespace(batches=Counted(), of_strict=of_strict, of_batch=of_batch)
    coming = execute(SCHEMA, parse(document), context_value=context, executor_class=executor)
    done = coming if isinstance(coming, ExecutionResult) else await coming
    return dict(done.formatted), context.batches.asked


@pytest.mark.parametrize("of_strict", range(6))
@pytest.mark.parametrize(
    "document",
    [
        "{ strict owner { home } }",
        "{ strict again: strict more: strict owner { home } }",
        "{ owner { home } strict }",
        "{ owner { home strict } }",
        "{ slow { home strict } }",
        "{ slow { mate { home strict } } }",
        f"{{ {FIRM} owner {{ home }} }}",
        "{ wary { number } owner { home } }",
        f"{{ strict owner {{ home }} {ANYBODY} }}",
    ],
)
async def test_whether_one_object_s_batch_was_broken_off_is_told_alike(document: str, of_strict: int) -> None:
    for of_batch in range(3):
        ours = await answer(Compiling, document, of_strict=of_strict, of_batch=of_batch)
        theirs = await answer(Executor, document, of_strict=of_strict, of_batch=of_batch)

        assert theirs[0] == ours[0], of_batch


@pytest.mark.parametrize(
    "document", ["{ strict owners { home } }", f"{{ strict {ANYBODY} }}", f"{{ {FIRM} {ANYBODY} }}"]
)
async def test_what_fails_at_once_breaks_off_the_batch_of_a_list(document: str) -> None:
    assert (await answer(Executor, document))[0] == (await answer(Compiling, document))[0]


@pytest.mark.parametrize(
    ("document", "asked"),
    [
        ("{ owner { home } }", 0),
        ("{ strict owner { home } }", 1),
        ("{ strict slow { home } }", 0),
        ("{ strict owners { home } }", 0),
        ("{ strict owner { home } owners { home } }", 3),
        ("{ strict slow { home } owners { home } }", 0),
        ("{ owners { mate { home strict } } }", 0),
        (f"{{ strict {ANYBODY} }}", 0),
    ],
)
async def test_only_beside_one_object_that_may_be_broken_off_they_ask_one_by_one(document: str, asked: int) -> None:
    assert asked == (await answer(Compiling, document, of_strict=20))[1]
