"""Values of variables become what graphql-core makes of them, or are left to it."""

from typing import Any

import hypothesis
import pytest
from graphql import GraphQLScalarType, OperationDefinitionNode, build_schema, parse
from graphql.execution.values import VariableValues, get_variable_values
from hypothesis import strategies as st

from schema.execution.compiled.coercing import Unexpected, Variables

SCHEMA = build_schema("""
    scalar Odd
    enum Colour { RED BLUE }
    input Plate { number: Int!, colour: Colour = BLUE, odd: Odd, names: [String!] = ["a"] }
    input Way @oneOf { plate: Plate, name: String, ways: [[ID]], odd: Odd }
    input Tree { left: Tree, leaf: Int }
    type Query { plate(plate: Plate, way: Way, share: Float, is: [Boolean!], odd: [Odd], tree: Tree): Int }
""")
DOCUMENT = """
    query ($plate: Plate, $way: Way!, $share: Float = 1, $is: [Boolean!]! = [true], $odd: [Odd] = 7) { __typename }
"""
GOOD: dict[str, Any] = {
    "plate": {"number": 7, "colour": "RED", "odd": 3, "names": ["x"]},
    "way": {"ways": [["a", None], None]},
    "share": 0.5,
    "is": [False],
    "odd": [1, None],
}


def odd(value: Any) -> list[int] | None:
    if value == -1:
        return None
    if type(value) is not int or value % 2 == 0:
        raise ValueError(value)
    # Another object than was given, and one that may be changed.
    return [value]


scalar = SCHEMA.type_map["Odd"]
assert isinstance(scalar, GraphQLScalarType)
scalar.coerce_input_value = odd


def definitions(document: str) -> Any:
    operation = parse(document).definitions[0]
    assert isinstance(operation, OperationDefinitionNode)
    return operation.variable_definitions


def told(values: VariableValues) -> Any:
    """Answer all of it in words that can be compared: each default is an object of its own."""
    sources = {
        name: (str(signature.type), signature.default and repr(signature.default.literal), value)
        for name, (signature, value) in values.sources.items()
    }
    return values.coerced, sources


def ours(given: dict[str, Any], document: str = DOCUMENT) -> Any:
    try:
        return told(Variables(SCHEMA, definitions(document)).values(given))
    except Unexpected:
        return None


def theirs(given: dict[str, Any]) -> Any:
    values = get_variable_values(SCHEMA, definitions(DOCUMENT), given)
    return values if isinstance(values, list) else told(values)


# Whatever JSON says instead of what was expected.
OTHERWISE = st.sampled_from(
    (None, True, 0, 2**31, 0.5, float("inf"), float("nan"), "RED", [], [None], {}, {"number": 1})
)


@st.composite
def almost(draw: st.DrawFn, good: Any) -> Any:
    """Draw something that is good, but perhaps for some of its parts."""
    if draw(st.integers(0, 11)) == 0:
        return draw(OTHERWISE)
    if isinstance(good, list):
        return [draw(almost(item)) for item in good]
    if not isinstance(good, dict):
        return good
    kept = {name: draw(almost(value)) for name, value in good.items() if draw(st.integers(0, 5))}
    return kept | ({"other": 1} if draw(st.integers(0, 30)) == 0 else {})


@hypothesis.given(almost(GOOD))
def test_what_is_coerced_straight_is_what_graphql_core_coerces(given: Any) -> None:
    hypothesis.assume(isinstance(given, dict))
    straight = ours(given)
    if straight is not None:
        assert theirs(given) == straight


@pytest.mark.parametrize(
    "given",
    [
        GOOD,
        {"way": {"name": "x"}},
        {"way": {"plate": {"number": 1}}, "share": None, "plate": None, "odd": None},
        {"way": {"name": "x"}, "plate": {"number": -(2**31), "colour": None, "odd": None, "names": None}},
        {"way": {"name": "x"}, "never declared": 1},
    ],
)
def test_what_clients_send_is_coerced_straight(given: dict[str, Any]) -> None:
    assert theirs(given) == ours(given)


@pytest.mark.parametrize(
    "wrong",
    [
        {"way": None},
        {"way": {}},
        {"way": {"name": None}},
        {"way": {"name": "x", "ways": None}},
        {"way": {"odd": -1}},
        {"plate": {}},
        {"plate": {"number": 2**31}},
        {"plate": {"number": True}},
        {"plate": {"number": 1, "other": None}},
        {"plate": {"number": 1, "colour": "GREEN"}},
        {"plate": {"number": 1, "odd": 2}},
        {"plate": {"number": 1, "names": [None]}},
        {"share": float("nan")},
        {"is": None},
        {"is": [1]},
        {"odd": [2]},
        # Good, and seldom sent: one where there may be a list, and a whole number where there may be another.
        {"is": True},
        {"share": 1},
    ],
)
def test_what_is_wrong_or_unusual_is_left_to_graphql_core(wrong: dict[str, Any]) -> None:
    assert ours({**GOOD, **wrong}) is None


def test_what_is_left_out_and_must_not_be_is_left_to_graphql_core() -> None:
    assert ours({}) is None


def test_a_type_that_holds_itself_is_left_to_graphql_core() -> None:
    assert ours({"tree": {"leaf": 1}}, "query ($tree: Tree) { __typename }") is None
    # Which was found out once, and is found out again.
    assert ours({"tree": {"leaf": 1}}, "query ($tree: [Tree!]) { __typename }") is None


def test_a_default_that_may_be_changed_is_each_runs_own() -> None:
    variables = Variables(SCHEMA, definitions(DOCUMENT))
    first, second = (variables.values({"way": {"name": "x"}}).coerced["is"] for _ in range(2))

    first.append(False)

    assert [True] == second
