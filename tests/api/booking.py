"""Books of the development agencies, as their agents ask for them."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import graphql
from graphql import GraphQLInterfaceType, GraphQLObjectType, GraphQLOutputType, GraphQLSchema, GraphQLUnionType
from sqlalchemy import Engine, event

import schema
from tests.api.conftest import Town
from tests.api.frontend import Frontend, Json

NO_AGENT = "無所属 花代"  # the role in the token, and no agency

# How many entries of a book one page brings at most.
PAGE = 100

MOST_TURNS = 60


async def fill_books(town: Town) -> None:
    """Let the worker read every feed to its end, and whatever else is due."""
    for _ in range(MOST_TURNS):
        if not await town.gateway.worker.turn():
            return
    raise AssertionError("the worker still finds something to do")


async def everything(frontend: Frontend, node: str, **variables: object) -> list[Json]:
    """Answer all entries, page after page; *node* is what is selected of each."""
    document = f"""query ($first: Int! = {PAGE}, $after: String, $filter: BookEntryFilter, $by: BookEntryOrder) {{
      book {{ renewals(first: $first, after: $after, filter: $filter, orderBy: $by) {{
        edges {{ node {{ {node} }} }} pageInfo {{ hasNextPage endCursor }} }} }} }}"""
    found: list[Json] = []
    after = None
    while True:
        answer = await frontend.raw(document, {"after": after, **variables})
        assert "errors" not in answer, answer["errors"]
        page = answer["data"]["book"]["renewals"]
        found += [edge["node"] for edge in page["edges"]]
        if not page["pageInfo"]["hasNextPage"]:
            return found
        after = page["pageInfo"]["endCursor"]


@cache
def published() -> GraphQLSchema:
    return graphql.build_schema(Path(schema.__file__).with_name("schema.graphql").read_text(encoding="utf-8"))


def selections(type_: str, *, depth: int = 3) -> Mapping[str, str]:
    """Answer how to select each field of a type, with what is in it: all fields that need no argument."""
    kind = published().type_map[type_]
    assert isinstance(kind, GraphQLObjectType)
    return {name: f"{name} {_inside(field.type, depth)}" for name, field in kind.fields.items()}


def _inside(type_: GraphQLOutputType, depth: int) -> str:
    kind = graphql.get_named_type(type_)
    if isinstance(kind, GraphQLInterfaceType | GraphQLUnionType):
        return "{ __typename }"
    if not isinstance(kind, GraphQLObjectType):
        return ""
    return f"{{ {' '.join(_fields(kind, depth))} }}"


def _fields(kind: GraphQLObjectType, depth: int) -> Iterator[str]:
    yield "__typename"
    for name, field in kind.fields.items():
        composite = graphql.is_composite_type(graphql.get_named_type(field.type))
        needs = any(graphql.is_required_argument(argument) for argument in field.args.values())
        if not needs and (not composite or depth > 0):
            yield f"{name} {_inside(field.type, depth - 1)}"


@contextmanager
def statements() -> Iterator[list[str]]:
    """What every database of this process is asked meanwhile."""
    asked: list[str] = []

    def note(connection: object, cursor: object, statement: str, *rest: object) -> None:
        asked.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(Engine, "before_cursor_execute", note)
