"""What an operation begins with is known from its first run on, and is the same as it was then."""

import gc
import weakref
from decimal import Decimal
from fractions import Fraction
from operator import attrgetter, methodcaller
from types import SimpleNamespace
from typing import Any, TypeAlias

import pytest
import strawberry
from graphql import (
    AbortController,
    ExecutionResult,
    GraphQLResolveInfo,
    GraphQLScalarType,
    GraphQLSchema,
    build_schema,
    parse,
)
from graphql.execution import ExecutionHooks, Executor, MiddlewareManager, execute
from strawberry.scalars import JSON

from schema.execution.compiled import Compiled
from schema.execution.compiled.plans import Plans
from schema.execution.executors import CompiledInOnePiece

DOCUMENT = """
    query A($by: By, $times: Int = 2) { asked(by: $by, times: $times) ...More }
    query B { other: asked }
    fragment More on Query { more: asked }
"""
SCHEMA = build_schema("input By { number: Int!, name: String } type Query { asked(by: By, times: Int): String }")


# What `execute` is told by name.
Asked: TypeAlias = dict[str, Any]


def compiling() -> type[Compiled]:
    class Compiling(Compiled, Executor[Any]):
        plans = Plans()

    return Compiling


def run(
    executor: type[Executor[Any]], document: Any, *, schema: GraphQLSchema = SCHEMA, **named: Any
) -> ExecutionResult:
    done = execute(schema, document, executor_class=executor, **named)
    assert isinstance(done, ExecutionResult)
    return done


def test_variables_of_what_was_run_before_are_coerced_straight() -> None:
    executor, document = compiling(), parse(DOCUMENT)
    assert executor.plans.known(SCHEMA, document, "A") is None

    run(executor, document, operation_name="A")
    known = executor.plans.known(SCHEMA, document, "A")

    assert known is not None
    values = known.values({"by": {"number": 7}})
    assert values is not None
    assert {"by": {"number": 7}, "times": 2} == values.coerced
    assert known.values({"by": {}}) is None


def test_resolvers_see_the_operation_and_its_fragments_in_every_run() -> None:
    seen: list[Any] = []

    def look(_: Any, info: GraphQLResolveInfo[Any], **given: Any) -> str:
        seen.append((info.operation, {**info.fragments}, info.variable_values, given))
        # What one does to them is nobody else's.
        info.fragments.clear()
        return "seen"

    executor, document = compiling(), parse(DOCUMENT)
    root = {"asked": lambda info, **given: look(None, info, **given)}
    for _ in range(2):
        run(executor, document, root_value=root, variable_values={"by": {"number": 7}}, operation_name="A")

    first, _, again, _ = seen
    assert first == again
    assert document.definitions[0] is again[0]
    assert ["More"] == [*again[1]]


class Unhashable(str):
    __slots__ = ()
    __hash__ = None  # type: ignore[assignment]  # on purpose


@pytest.mark.parametrize("name", [["A"], "C", "", Unhashable("B")])
def test_a_name_that_is_none_is_answered_as_graphql_core_does(name: Any) -> None:
    executor, document = compiling(), parse(DOCUMENT)

    for _ in range(2):
        assert run(Executor, document, operation_name=name) == run(executor, document, operation_name=name)


def test_what_one_of_strawberrys_own_inputs_refuses_is_a_request_error() -> None:
    @strawberry.input(one_of=True)
    class Either:
        a: strawberry.Maybe[int]
        b: strawberry.Maybe[str]

    @strawberry.type
    class Query:
        @strawberry.field
        def one(self, either: Either) -> str:
            return repr(either)

        @strawberry.field
        def all(self, json: list[JSON]) -> str:
            return repr(json)

    schema = strawberry.Schema(Query)._schema  # noqa: SLF001 (what the gateway's own road runs, too)
    executor = compiling()
    one, several = parse("query ($o: Either!) { one(either: $o) }"), parse("query ($j: [JSON!]!) { all(json: $j) }")
    for document, variables in (
        (one, {"o": {"a": 1}}),
        (one, {"o": {"a": 1, "b": "x"}}),
        (one, {"o": {}}),
        (several, {"j": [1]}),
        (several, {"j": [None]}),
    ):
        asked: Asked = {"schema": schema, "root_value": Query(), "variable_values": variables}
        assert run(Executor, document, **asked).formatted == run(executor, document, **asked).formatted


def test_a_default_that_cannot_be_read_is_told_as_graphql_core_does() -> None:
    schema = build_schema('input I { a: Int = "x" } type Query { a(i: I): String }', assume_valid=True)
    executor, document = compiling(), parse("query ($i: I = {}) { a(i: $i) }")

    for variables in ({"i": {"a": 1}}, {}):
        asked: Asked = {"schema": schema, "variable_values": variables}
        assert run(Executor, document, **asked) == run(executor, document, **asked)


def test_who_replaces_what_resolves_a_field_is_heard_by_the_next_document() -> None:
    @strawberry.type
    class Query:
        @strawberry.field
        def number(self) -> int:
            return 1

        @strawberry.field
        def again(self) -> int:
            return 1

        @strawberry.field
        def many(self, times: int = 3) -> int:
            return times

    schema = strawberry.Schema(Query)._schema  # noqa: SLF001 (as said above)
    executor = compiling()
    asked: Asked = {"schema": schema, "root_value": Query()}
    assert {"number": 1, "again": 1, "many": 3} == run(executor, parse("{ number again many }"), **asked).data
    assert schema.query_type is not None
    fields = schema.query_type.fields

    fields["number"].resolve = lambda *_: 2
    Query.__strawberry_definition__.get_field("again").base_resolver.wrapped_func = lambda _: 5  # type: ignore[attr-defined]  # Strawberry adds it
    fields["many"].args["times"].default_value = 4
    fields["many"].args["times"].default = None

    document = parse("{ many number again }")
    assert (
        {"many": 4, "number": 2, "again": 5}
        == run(executor, document, **asked).data
        == run(Executor, document, **asked).data
    )


def test_a_schema_is_let_go_of_whose_inputs_were_coerced() -> None:
    executor = compiling()

    def made() -> "weakref.ref[GraphQLSchema]":
        @strawberry.input
        class By:
            number: int

        @strawberry.type
        class Query:
            @strawberry.field
            def asked(self, by: By) -> int:
                assert held
                return by.number

        # What resolves it holds the schema.
        held: list[GraphQLSchema] = []
        schema = strawberry.Schema(Query)._schema  # noqa: SLF001 (as said above)
        held.append(schema)
        document = parse("query ($by: By!) { asked(by: $by) }")
        for _ in range(2):
            asked: Asked = {"schema": schema, "root_value": Query(), "variable_values": {"by": {"number": 7}}}
            assert {"asked": 7} == run(executor, document, **asked).data
        return weakref.ref(schema)

    kept = made()
    executor.plans = Plans()
    gc.collect()

    assert kept() is None


def resolver(*_: Any, **__: Any) -> Any:
    """Resolve nothing; another one than graphql-core's."""


# What each run has anew.
OF_ONE_RUN = {"async_helpers", "collected_errors", "known", "_stream_usages"}


@pytest.mark.parametrize(
    "named",
    [
        {},
        {"root_value": {"asked": "yes"}, "context_value": object()},
        {"field_resolver": resolver, "type_resolver": resolver, "subscribe_field_resolver": resolver},
        {"is_awaitable": resolver, "is_async_iterable": resolver, "enable_early_execution": True},
        {"middleware": MiddlewareManager(resolver), "hide_suggestions": True},
        {"hooks": ExecutionHooks(resolver), "abort_signal": AbortController().signal, "max_coercion_errors": 1},
    ],
    ids=lambda named: " ".join(named) or "nothing",
)
def test_what_is_known_is_run_with_whatever_graphql_core_would_run_it_with(named: Asked) -> None:
    executor, document = compiling(), parse(DOCUMENT)
    named = {"raw_variable_values": {"by": {"number": 7}}, "operation_name": "A", **named}

    plain = vars(Executor.build(SCHEMA, document, **named))

    for _ in range(2):
        made = vars(executor.build(SCHEMA, document, **named))
        assert {name: made[name] for name in plain if name not in OF_ONE_RUN} == {
            name: value for name, value in plain.items() if name not in OF_ONE_RUN
        }
        assert executor.plans.known(SCHEMA, document, "A")


def test_middleware_that_is_listed_is_heard_each_time() -> None:
    executor, document = compiling(), parse(DOCUMENT)

    def loudly(resolve: Any, source: Any, info: Any, **given: Any) -> Any:
        return f"{resolve(source, info, **given)}!"

    for _ in range(3):
        done = run(executor, document, root_value={"asked": "yes"}, operation_name="B", middleware=[loudly])
        assert {"other": "yes!"} == done.data


def test_an_executor_that_was_made_by_hand_is_handed_over() -> None:
    executor, document = compiling(), parse("{ asked }")
    built = executor.build(SCHEMA, document, {"asked": "yes"})
    assert isinstance(built, executor)
    built.known = None

    done = built.execute_operation()

    assert isinstance(done, ExecutionResult)
    assert {"asked": "yes"} == done.data
    assert {("handed over", "no document"): 1} == dict(executor.plans.counts)


def test_what_a_scalar_answers_nothing_or_something_odd_for_is_answered_as_graphql_core_does() -> None:
    schema = build_schema("scalar Odd type Query { odd: Odd, odds: [Odd] }")
    scalar = schema.type_map["Odd"]
    assert isinstance(scalar, GraphQLScalarType)
    scalar.coerce_output_value = attrgetter("word")
    document = parse("{ odd odds }")
    words: list[Any] = [0, "", None, [], {"a": 1}, 1.5, object]
    for word in words:
        root = {"odd": SimpleNamespace(word=word), "odds": [SimpleNamespace(word=word)] * 2}
        asked: Asked = {"schema": schema, "root_value": root}
        for executor in [compiling()] * 2:
            assert run(Executor, document, **asked) == run(executor, document, **asked)


class Counter:
    def __init__(self) -> None:
        self.reads = 0

    @property
    def word(self) -> Decimal:
        self.reads += 1
        return Decimal(self.reads)

    def __getattr__(self, name: str) -> Any:
        # Of such a class nothing is remembered.
        raise AttributeError(name)


def test_what_is_read_is_read_once_whatever_it_is() -> None:
    schema = build_schema("scalar Odd type Query { odd: Odd }")
    scalar = schema.type_map["Odd"]
    assert isinstance(scalar, GraphQLScalarType)
    document = parse("{ odd }")
    for writer in (attrgetter("word"), methodcaller("pop")):
        scalar.coerce_output_value = writer
        for executor in (Executor, compiling(), compiling()):
            value = Counter() if isinstance(writer, attrgetter) else [5, None, Fraction(1, 2)]
            done = run(executor, document, schema=schema, root_value={"odd": value})
            assert {"odd": Decimal(1)} == done.data or {"odd": Fraction(1, 2)} == done.data
            assert isinstance(value, list) or value.reads == 1


async def test_a_scalar_may_answer_something_to_wait_for() -> None:
    schema = build_schema("scalar Odd type Query { odd: Odd, odds: [Odd], again: Odd }")
    scalar = schema.type_map["Odd"]
    assert isinstance(scalar, GraphQLScalarType)

    async def later(value: int) -> int:
        return value + 1

    scalar.coerce_output_value = later

    class Unseen(int):
        def __getattr__(self, name: str) -> Any:
            raise AttributeError(name)

    for kind in (int, Unseen):
        root = {"odd": kind(1), "odds": [kind(2), kind(3)], "again": kind(4)}
        coming: Any = execute(schema, parse("{ odd odds again }"), root, executor_class=CompiledInOnePiece)
        assert {"odd": 2, "odds": [3, 4], "again": 5} == (await coming).data
