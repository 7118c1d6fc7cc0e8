"""One document, kept and asked again: with other variables, other options, on another schema."""

import gc
import weakref
from collections.abc import Iterator, Mapping
from itertools import permutations
from typing import Any

from graphql import ExecutionResult, GraphQLSchema, build_schema, execute, parse
from graphql.execution import Executor

from schema.execution.compiled import Compiled
from schema.execution.compiled.plans import Plans

SDL = """
    type Query { pet: Pet, pets(first: Int = 2): [Pet!] }
    interface Pet { name: String }
    type Dog implements Pet { name: String, barks: Boolean }
    type Cat implements Pet { name: String, meows: Boolean }
"""
SCHEMA = build_schema(SDL)
PETS = [{"__typename": "Dog", "name": "Odie", "barks": True}, {"__typename": "Cat", "name": "Tama"}, None]
ROOT = {"pet": PETS[0], "pets": lambda _info, first: PETS[:first]}
DOCUMENT = parse("""
    query A($first: Int, $bark: Boolean = false) {
      pet { name, ... on Dog @include(if: $bark) { barks } }
      pets(first: $first) { ...F, ... on Cat @skip(if: $bark) { meows } }
    }
    query B($bark: Boolean!) { pet { ...F } }
    fragment F on Pet { name, ... on Dog { barks @skip(if: $bark) } }
""")

Asked = Mapping[str, Any]

VARIABLES: list[Asked] = [
    {"variable_values": {"bark": True}},
    {"variable_values": {"bark": False, "first": 3}},
    {"variable_values": {}},
    # Refused, and this time only.
    {"variable_values": {"bark": None, "first": 1}},
    {"variable_values": {"bark": True}, "operation_name": "B"},
]
BROUGHT: list[Asked] = [
    {},
    {"field_resolver": lambda source, info, **_: ROOT["pet"] if source is ROOT else info.field_name},
    {"type_resolver": lambda _value, _info, _type: "Cat"},
    {"root_value": {"pet": PETS[1]}},
    {"root_value": None},
    {"schema": build_schema(SDL.replace("barks: Boolean", "barks: Boolean!").replace("name: String", "name: ID"))},
]


def test_other_variables_have_an_answer_of_their_own() -> None:
    for order in permutations(VARIABLES, 2):
        assert [plain(asked) for asked in order] == list(compiled(order))


def test_whatever_a_caller_brings_along_is_brought_along_once() -> None:
    for order in permutations(BROUGHT, 2):
        assert [plain(asked) for asked in order] == list(compiled(order))


def test_a_schema_is_kept_as_long_as_a_plan_is_of_it() -> None:
    class Compiling(Compiled, Executor[Any]):
        plans = Plans()

    schema = build_schema(SDL)
    kept = weakref.ref(schema)
    answered({"schema": schema}, Compiling)
    del schema
    gc.collect()

    # Or another schema could stand where it stood, and find its plans.
    assert kept() is not None
    Compiling.plans = Plans()
    gc.collect()
    assert kept() is None


def plain(asked: Asked) -> ExecutionResult:
    return answered(asked, Executor)


def compiled(order: tuple[Asked, ...]) -> Iterator[ExecutionResult]:
    class Compiling(Compiled, Executor[Any]):
        plans = Plans()

    for asked in order:
        yield answered(asked, Compiling)
    # What one of them kept for the others is used by them.
    for asked in order:
        assert plain(asked) == answered(asked, Compiling)
    assert ("compiled", "") in Compiling.plans.counts


def answered(asked: Asked, executor: type[Executor[Any]]) -> ExecutionResult:
    usual: dict[str, Any] = {"schema": SCHEMA, "root_value": ROOT, "operation_name": "A"}
    schema: GraphQLSchema
    options = {**usual, **asked}
    schema = options.pop("schema")
    result = execute(schema, DOCUMENT, executor_class=executor, **options)
    assert isinstance(result, ExecutionResult)
    return result
