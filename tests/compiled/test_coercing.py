"""Values of variables become what graphql-core makes of them, or are left to it."""

from typing import Any

import hypothesis
import pytest
from graphql import (
    GraphQLInputObjectType,
    GraphQLScalarType,
    GraphQLSchema,
    OperationDefinitionNode,
    build_schema,
    parse,
)
from graphql.execution.values import VariableValues, get_variable_values
from hypothesis import strategies as st

from schema.execution.compiled.coercing import Coercers, Variables

SCHEMA = build_schema("""
    scalar Odd
    enum Colour { RED BLUE }
    input Plate { number: Int!, colour: Colour = BLUE, odd: Odd, names: [String!] = ["a"] }
    input Way @oneOf { plate: Plate, name: String, ways: [[ID]], odd: Odd }
    input Tree { left: Tree, leaf: Int }
    input Grove { trees: [Tree!], name: String }
    type Query {
      plate(plate: Plate, way: Way, share: Float, is: [Boolean!], odd: [Odd], odder: [Odd!], tree: Tree): Int
      grove(grove: Grove): Int
    }
""")
DOCUMENT = """
    query (
      $plate: Plate, $way: Way!, $share: Float = 1, $is: [Boolean!]! = [true], $odd: [Odd] = 7, $odder: [Odd!]
    ) { __typename }
"""
GOOD: dict[str, Any] = {
    "plate": {"number": 7, "colour": "RED", "odd": 3, "names": ["x"]},
    "way": {"ways": [["a", None], None]},
    "share": 0.5,
    "is": [False],
    "odd": [1, None],
    "odder": [3],
}


def odd(value: Any) -> list[int] | None:
    # It would make something of nothing, too.
    if value == -1 or value is None:
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


def ours(given: dict[str, Any], document: str = DOCUMENT, schema: GraphQLSchema = SCHEMA) -> Any:
    try:
        return told(Variables(schema, definitions(document), Coercers()).values(given))
    except Exception:  # noqa: BLE001 (whatever it is, graphql-core is asked instead)
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
        # One where there may be several, and what becomes another.
        {"way": {"name": "x"}, "is": True, "share": 1, "odd": 5, "plate": {"number": 7.0}},
        {"way": {"ways": 5}},
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
        {"odder": [None]},
        {"odder": None, "is": (True,)},
        {"way": {"never heard of": 1}},
        {"plate": [{"number": 1}]},
    ],
)
def test_what_is_wrong_is_left_to_graphql_core(wrong: dict[str, Any]) -> None:
    assert ours({**GOOD, **wrong}) is None


def test_what_is_left_out_and_must_not_be_is_left_to_graphql_core() -> None:
    assert ours({}) is None


@pytest.mark.parametrize("kind", ["Tree", "[Tree!]", "Grove"])
def test_a_type_that_holds_itself_is_left_to_graphql_core(kind: str) -> None:
    assert ours({}, f"query ($tree: {kind}) {{ __typename }}") is None


@pytest.mark.parametrize(("levels", "straight"), [(18, True), (21, False)])
def test_a_type_whose_values_lie_deep_is_left_to_graphql_core(levels: int, straight: bool) -> None:
    lists = f"query ($ways: {'[' * levels}Int{']' * levels}) {{ __typename }}"
    objects = " ".join(f"input I{level} {{ i: I{level + 1} }}" for level in range(levels))
    schema = build_schema(f"{objects} input I{levels} {{ a: Int }} type Query {{ a(i: I0): Int }}")

    assert straight == (ours({}, lists) is not None)
    assert straight == (ours({}, "query ($i: I0) { __typename }", schema) is not None)


def test_a_default_that_may_be_changed_is_each_runs_own() -> None:
    variables = Variables(SCHEMA, definitions(DOCUMENT), Coercers())
    first, second = (variables.values({"way": {"name": "x"}}).coerced["is"] for _ in range(2))

    first.append(False)

    assert [True] == second


def test_an_input_becomes_what_its_type_makes_of_it() -> None:
    schema = build_schema("input Plate { number: Int = 3 } type Query { a(plate: Plate): Int }")
    kind = schema.type_map["Plate"]
    assert isinstance(kind, GraphQLInputObjectType)
    kind.fields["number"].out_name = "digits"
    kind.out_type = lambda plate: tuple(plate.items())  # type: ignore[assignment]  # as graphql-core's users do

    coerced, _ = ours({"plate": {}}, "query ($plate: Plate) { __typename }", schema)

    assert {"plate": (("digits", 3),)} == coerced
