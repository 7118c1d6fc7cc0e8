"""Plans are kept: one for each operation and each combination of what @skip and @include ask, and no more than fit."""

from typing import Any

from graphql import ExecutionResult, GraphQLSchema, build_schema, parse
from graphql.execution import Executor, execute

from schema.execution.compiled import Compiled
from schema.execution.compiled.plans import MOST_COMBINATIONS, Plans

SCHEMA = build_schema("type Query { a: Int  b: Int  me: Query }")


def compiling(most_bytes: int = 1 << 20) -> type[Compiled]:
    class Compiling(Compiled, Executor[Any]):
        plans = Plans(most_bytes)

    return Compiling


def run(
    executor: type[Compiled], document: Any, variables: dict[str, Any] | None = None, schema: GraphQLSchema = SCHEMA
) -> ExecutionResult:
    root = {"a": 1, "b": 2, "me": {"a": 3}}
    done = execute(schema, document, root, variable_values=variables, executor_class=executor)
    assert isinstance(done, ExecutionResult)
    return done


def test_an_operation_is_compiled_once() -> None:
    executor, document = compiling(), parse("{ a me { a } }")

    answers = [run(executor, document).data for _ in range(3)]

    assert [{"a": 1, "me": {"a": 3}}] * 3 == answers
    assert 1 == len(executor.plans)
    assert {("compiled", ""): 3} == dict(executor.plans.counts)


def test_what_variables_skip_is_compiled_for_each_combination() -> None:
    executor = compiling()
    document = parse("query ($a: Boolean!, $b: Boolean = true) { a @skip(if: $a) b @include(if: $b) }")

    assert {"a": 1, "b": 2} == run(executor, document, {"a": False}).data
    assert {"b": 2} == run(executor, document, {"a": True}).data
    assert {"a": 1} == run(executor, document, {"a": False, "b": False}).data
    assert {} == run(executor, document, {"a": True, "b": False}).data
    assert 1 == len(executor.plans)


def test_more_combinations_than_are_kept_are_left_to_graphql_core() -> None:
    executor, bits = compiling(1 << 21), 6
    asked = " ".join(f"f{bit}: a @skip(if: $v{bit})" for bit in range(bits))
    document = parse(f"query ({', '.join(f'$v{bit}: Boolean!' for bit in range(bits))}) {{ {asked} }}")

    for number in range(2**bits):
        skipped = {f"v{bit}": bool(number >> bit & 1) for bit in range(bits)}
        told = run(executor, document, skipped).data
        assert told is not None
        assert {f"f{bit}" for bit in range(bits) if not skipped[f"v{bit}"]} == told.keys()

    assert MOST_COMBINATIONS == executor.plans.counts["compiled", ""]
    assert 2**bits - MOST_COMBINATIONS == executor.plans.counts["handed over", "combinations"]


def test_the_longest_unused_operation_makes_room() -> None:
    executor = compiling(most_bytes=200_000)

    for number in range(500):
        assert {f"x{number}": 1} == run(executor, parse(f"{{ x{number}: a }}")).data

    assert 0 < len(executor.plans) < 500


def test_an_operation_that_is_too_long_to_be_kept_is_run_all_the_same() -> None:
    executor = compiling(most_bytes=100)

    assert {"a": 1} == run(executor, parse("{ a }")).data
    assert 0 == len(executor.plans)


def test_the_same_operation_of_another_schema_is_another_operation() -> None:
    executor, document = compiling(), parse("{ a }")
    other = build_schema("type Query { a: String }")

    assert {"a": 1} == run(executor, document).data
    assert {"a": "1"} == run(executor, document, schema=other).data


def test_a_scalar_that_reads_a_clock_is_asked_by_each_operation() -> None:
    ticks = iter(range(100))
    schema = build_schema("scalar Moment  type Query { at(moment: Moment, of: Int = 3): String }")
    moment: Any = schema.type_map["Moment"]
    moment.coerce_input_literal = lambda node: str(next(ticks))
    schema.query_type.fields["at"].resolve = lambda root, info, moment, of: f"{moment} {of}"  # type: ignore[union-attr]  # it has one
    executor, document = compiling(), parse('{ at(moment: "now") }')

    assert [{"at": "0 3"}, {"at": "1 3"}] == [run(executor, document, schema=schema).data for _ in range(2)]
