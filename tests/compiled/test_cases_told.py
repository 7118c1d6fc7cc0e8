"""What a resolver is told of the operation: as graphql-core tells it, in every respect."""

from typing import Any

from graphql import GraphQLResolveInfo, build_schema, execute, parse
from graphql.execution import Executor

from schema.execution.compiled import Compiled

SCHEMA = build_schema("type Query { pets: [Pet!]! } union Pet = Dog type Dog { name(loud: Boolean): String }")
DOCUMENT = parse("""
    query Q($loud: Boolean = true) { mine: pets { ... on Dog { called: name(loud: $loud), ...F } } }
    fragment F on Dog { called: name(loud: $loud) }
""")
# Each executor has its own.
OWN = "async_helpers"


class Compiling(Compiled, Executor[Any]):
    pass


def test_a_resolver_is_told_all_that_graphql_core_tells() -> None:
    context, root = object(), {"pets": [{"__typename": "Dog"}]}

    plain, compiled = told(Executor, root, context), told(Compiling, root, context)

    assert [field for field in plain._fields if field != OWN] == [
        field for field in plain._fields if field != OWN and getattr(plain, field) == getattr(compiled, field)
    ]
    assert ["mine", 0, "called"] == compiled.path.as_list()
    assert 2 == len(compiled.field_nodes)
    assert root is compiled.root_value
    assert context is compiled.context
    assert plain.async_helpers._fields == compiled.async_helpers._fields


def told(executor: type[Executor[Any]], root: dict[str, Any], context: object) -> GraphQLResolveInfo[Any]:
    """Answer what the only dog is told when it is asked for its name."""
    heard: list[GraphQLResolveInfo[Any]] = []
    dog = {**root["pets"][0], "name": lambda info, loud: heard.append(info)}
    root["pets"] = [dog]
    execute(SCHEMA, DOCUMENT, root, context, executor_class=executor)
    (info,) = heard
    return info
