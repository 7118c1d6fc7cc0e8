"""What went wrong with one field, or was odd about it, is over when the next is asked for: nobody is told of it."""

import sys
from collections.abc import Iterator
from typing import Any

import pytest
import strawberry
from graphql import ExecutionResult, GraphQLError, parse
from graphql.execution import Executor, execute

from schema.execution.compiled import Compiled
from schema.execution.compiled.oddities import Late, Odd


class Compiling(Compiled, Executor[Any]):
    """graphql-core's executor with the compiler."""


def _handled() -> str:
    return repr(sys.exception())


@strawberry.type
class Word:
    @strawberry.field
    def fails(self) -> str | None:
        raise ValueError("a name")

    @strawberry.field
    def odd(self) -> list[str]:
        def told() -> Iterator[str]:
            yield "odd"

        return told()  # type: ignore[return-value]  # graphql-core takes whatever can be gone through for a list

    @strawberry.field
    def handled(self) -> str:
        return _handled()

    @strawberry.field
    async def handled_later(self) -> str:
        return _handled()

    @strawberry.field
    def fails_next(self) -> str | None:
        raise KeyError("another")

    @strawberry.field
    async def fails_later(self) -> str | None:
        raise KeyError("another")

    @strawberry.field
    def word(self) -> "Word":
        return Word()


@strawberry.type
class Query:
    @strawberry.field
    def word(self) -> Word:
        return Word()

    @strawberry.field
    async def later(self) -> Word:
        return Word()

    @strawberry.field
    def words(self) -> list[Word | None]:
        return [Word(), None, Word()]

    @strawberry.field
    def handled(self) -> str:
        return _handled()


SCHEMA = strawberry.Schema(Query)._schema  # noqa: SLF001 (graphql-core runs graphql-core's schema)
FIELDS = ("fails", "odd", "handled", "failsNext", "handledLater", "failsLater", "word { fails handled failsNext }")


async def told(executor: type[Executor[Any]], document: str) -> tuple[object, list[tuple[object, str, str]]]:
    """Answer the data, and of each error where it is, what it was, and what was handled when it was raised."""
    coming = execute(SCHEMA, parse(document), executor_class=executor)
    done = coming if isinstance(coming, ExecutionResult) else await coming
    return done.data, [(one.path, repr(one.original_error), repr(_context(one))) for one in done.errors or ()]


def _context(error: GraphQLError) -> BaseException | None:
    return error.original_error.__context__ if error.original_error else None


@pytest.mark.parametrize("where", ["word", "later", "words"])
@pytest.mark.parametrize("first", FIELDS)
async def test_what_is_asked_for_behind_an_error_is_told_nothing_of_it(where: str, first: str) -> None:
    others = " ".join(field for field in FIELDS if field != first)
    document = f"{{ {where} {{ {first} {others} }} handled }}"

    assert await told(Executor, document) == await told(Compiling, document)


def test_what_stops_compiled_code_shows_nothing_of_the_value_that_did() -> None:
    assert ["Odd()", "Late()"] == [repr(one) for one in (Odd("三住 太郎"), Late("三住 太郎"))]
