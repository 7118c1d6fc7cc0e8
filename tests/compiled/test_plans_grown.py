"""What a plan takes as it is used: of abstract types it is compiled as their objects come."""

from itertools import product
from typing import Any

import pytest
from graphql import ExecutionResult, GraphQLScalarType, build_schema, parse
from graphql.execution import Executor, execute

from schema.execution.compiled import Compiled
from schema.execution.compiled.plans import Plans

SCHEMA = build_schema("""
    type Query { thing: Thing  code: Code  calm: String }
    interface Thing { name: String  next: Thing }
    type Cat implements Thing { name: String  next: Thing }
    type Dog implements Thing { name: String  next: Thing }
    scalar Code
    extend type Query { codes: [Code] }
""")


def compiling(most_bytes: int = 1 << 20) -> type[Compiled]:
    class Compiling(Compiled, Executor[Any]):
        plans = Plans(most_bytes)

    return Compiling


def thing(*kinds: str) -> dict[str, Any] | None:
    return {"__typename": kinds[0], "name": kinds[0], "next": thing(*kinds[1:])} if kinds else None


def run(executor: type[Executor[Any]], text: Any, root: Any, variables: dict[str, Any] | None = None) -> Any:
    done = execute(SCHEMA, text, root, variable_values=variables, executor_class=executor)
    assert isinstance(done, ExecutionResult)
    return done.formatted


def test_what_is_compiled_later_is_reckoned_too() -> None:
    executor, document = compiling(), parse("{ thing { name next { name } } }")
    run(executor, document, {"thing": None})
    sizes = [executor.plans.size]

    for kinds in (("Cat", "Dog"), ("Dog", "Cat"), ("Dog", "Dog"), ("Dog", "Dog")):
        run(executor, document, {"thing": thing(*kinds)})
        sizes.append(executor.plans.size)

    assert sizes[0] < sizes[1] < sizes[2] < sizes[3] == sizes[4]


def test_what_grows_beyond_all_room_is_forgotten() -> None:
    executor, document = compiling(most_bytes=60_000), parse("{ thing { name next { name next { name } } } }")

    assert {"data": {"thing": {"name": "Cat", "next": None}}} == run(executor, document, {"thing": thing("Cat")})
    assert 1 == len(executor.plans)
    for kinds in product(("Cat", "Dog"), repeat=3):
        run(executor, document, {"thing": thing(*kinds)})
    assert 0 == len(executor.plans)


def test_null_in_place_of_a_default_is_an_error_where_it_steers() -> None:
    executor = compiling()
    document = parse("query ($deep: Boolean = true) { thing { name next { name @skip(if: $deep) } } }")
    root, variables = {"thing": thing("Cat", "Dog")}, {"deep": None}

    told = run(executor, document, root, variables)

    assert [["thing", "next"]] == [one["path"] for one in told["errors"]]
    assert told == run(Executor, document, root, variables)
    assert {("handed over", "refused"): 1} == dict(executor.plans.counts)


@pytest.mark.parametrize("executor", [Executor, compiling()])
def test_a_scalar_that_makes_nothing_of_a_value_is_asked_once(executor: type[Executor[Any]]) -> None:
    asked: list[Any] = []
    code = SCHEMA.type_map["Code"]
    assert isinstance(code, GraphQLScalarType)
    # The method answers null, as nothing is what appending answers.
    code.coerce_output_value = asked.append
    told = run(executor, parse("{ code }"), {"code": 7})

    assert [7] == asked
    assert ["Expected `Code.coerce_output_value(7)` to return non-nullable value, returned: None"] == [
        one["message"] for one in told["errors"]
    ]


@pytest.mark.parametrize("executor", [Executor, compiling()])
def test_a_scalar_is_asked_once_for_each_item_of_a_list_with_odd_ones(executor: type[Executor[Any]]) -> None:
    asked: list[Any] = []

    def convert(value: Any) -> Any:
        asked.append(value)
        if value == 2:
            raise ValueError("no code")
        return value

    code = SCHEMA.type_map["Code"]
    assert isinstance(code, GraphQLScalarType)
    code.coerce_output_value = convert
    told = run(executor, parse("{ codes }"), {"codes": [1, 2, None, ValueError("odd"), 3]})

    assert [1, 2, 3] == asked
    assert [1, None, None, None, 3] == told["data"]["codes"]
    assert [["codes", 1], ["codes", 3]] == [one["path"] for one in told["errors"]]
