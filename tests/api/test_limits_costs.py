"""What an operation costs: by what the schema says of its fields, and as many as are really asked for."""

from collections.abc import Mapping
from typing import Any

import pytest
from graphql import get_named_type, parse

from schema.costs import SIZES, WEIGHTS
from schema.execution.limits import LIMITS, Exceeded
from schema.execution.operation import defined
from schema.execution.prices import prices
from schema.execution.reading import read
from schema.execution.sizes import sizable, sizes
from tests.api.counted import SCHEMA

# Of a page of the book: ten for asking at all, one for the book, and for each row one of the edge and one of the node.
PAGE = "query {variables} {{ book {{ renewals({first}) {{ edges {{ node {{ id }} }} }} }} }}"


def page(first: str, declared: str = "", **variables: Any) -> int:
    text = PAGE.format(first=f"first: {first}" if first else "after: null", variables=declared)
    return cost(text, variables)


def cost(text: str, variables: Mapping[str, Any] | None = None, name: str | None = None) -> int:
    return read(text, SCHEMA).cost(name, variables or {})


def rows(many: int) -> int:
    return 11 + 2 * many


def test_every_field_that_has_a_price_is_there() -> None:
    known = prices(SCHEMA)

    assert [] == [place for place in (*WEIGHTS, *SIZES) if tuple(place.split(".")) not in known]


def test_every_argument_that_says_how_many_is_of_a_type_that_is_looked_at() -> None:
    looked_at = []
    for place, price in prices(SCHEMA).items():
        kind: Any = SCHEMA.get_type(place[0])
        for argument, *inside in price.slicing:
            type_ = kind.fields[place[1]].args[argument].type
            for name in (argument, *inside):
                type_ = type_ if name == argument else get_named_type(type_).fields[name].type
                (asking,) = defined(parse(f"query ($said: {type_}) {{ __typename }}"))
                assert ["said"] == [*sizable(asking, SCHEMA)], (place, name)
                looked_at.append(str(type_))

    assert {"Int!", "[ID!]!"} <= {*looked_at}, looked_at


@pytest.mark.parametrize(
    ("asked", "many"),
    [
        (page("7"), 7),
        (page(""), 50),
        (page("null"), 50),
        (page("$n", "($n: Int!)", n=7), 7),
        (page("$n", "($n: Int! = 7)"), 7),
        (page("$n", "($n: Int! = 7)", n=9), 9),
        (page("$n", "($n: Int = 7)", n=None), 50),
        (page("$n", "($n: Int)"), 50),
        # Pages are clamped, and so is what they cost.
        (page("0"), 1),
        (page("-1"), 1),
        (page("2147483648"), 100),
        (page("9" * 300), 100),
        (page("$n", "($n: Int!)", n=-(2**70)), 1),
        (page("$n", "($n: Int!)", n=2**31), 100),
        # What is no number is refused elsewhere; it is no way to be cheap.
        (page("true"), 100),
        (page("1.5"), 100),
        (page("{n: 1}"), 100),
        (page("$n", "($n: Int!)", n=True), 100),
        (page("$n", "($n: Int!)", n={"n": 1}), 100),
    ],
)
def test_a_page_costs_as_many_rows_as_are_asked_for(asked: int, many: int) -> None:
    assert rows(many) == asked


def test_ids_that_are_given_are_counted_wherever_they_are_given() -> None:
    written = cost('{ nodes(ids: ["a", "b", "c"]) { id } }')
    by_variable = cost("query ($ids: [ID!]!) { nodes(ids: $ids) { id } }", {"ids": ["a", "b", "c"]})
    by_default = cost('query ($ids: [ID!]! = ["a", "b", "c"]) { nodes(ids: $ids) { id } }')
    one = cost('{ nodes(ids: "a") { id } }')

    # What is sent in a variable is read once more.
    assert (written, written + 3, written, written - 2) == (by_default, by_variable, written, one)


DEED = "mutation ($input: BookMarkInput!) { bookMark(input: $input) { rows { entry { id } } } }"


def test_rows_of_a_deed_are_counted_inside_its_input() -> None:
    by_variable = cost(DEED, {"input": {"entryIds": ["x"] * 500, "idempotencyKey": "k"}})
    written = cost('mutation { bookMark(input: { entryIds: ["x", "y"] }) { rows { entry { id } } } }')
    inside = "mutation ($ids: [ID!]!) { bookMark(input: { entryIds: $ids }) { rows { entry { id } } } }"
    half = cost(inside, {"ids": ["x", "y"]})
    by_default = cost(DEED.replace("!)", '! = { entryIds: ["x", "y"] })'))

    assert (10 + 2 * 500 + 500, 14, 16, 14) == (by_variable, written, half, by_default)


@pytest.mark.parametrize(
    ("text", "variables"),
    [
        ("query ($ids: [ID!]!) { nodes(ids: $ids) { id } }", {"ids": ["x"] * 10_000}),
        (DEED, {"input": {"entryIds": ["x"] * 5000}}),
        # Also where nobody asked for it.
        ("{ viewer { id } }", {"unasked": {"for": [[["x"] * 300] * 300]}}),
        ("{ viewer { id } }", {f"unasked{number}": None for number in range(100_000)}),
    ],
)
def test_huge_lists_are_refused_whatever_they_are_for(text: str, variables: Mapping[str, Any]) -> None:
    with pytest.raises(Exceeded) as caught:
        cost(text, variables)

    assert "items" == (caught.value.extensions or {})["metric"]


def test_nothing_is_kept_of_what_nobody_declared() -> None:
    sent = {"first": 7, "unasked": ["x"], "input": {"entryIds": ["x", "y"], "text": "x" * 10_000}}

    assert (("first", 7), ("input", (("entryIds", 2),))) == sizes(sent, {"first", "input"})


def test_variables_that_lie_deep_are_refused() -> None:
    deep: Any = "x"
    for _ in range(LIMITS.nesting + 1):
        deep = {"value": [deep]}

    with pytest.raises(Exceeded) as caught:
        cost("{ viewer { id } }", {"deep": deep})

    assert "nesting" == (caught.value.extensions or {})["metric"]


def test_pages_in_pages_multiply() -> None:
    inside = "edges { node { customer { name { family } } } }"
    outside = f"edges {{ node {{ consent {{ id }} notes(first: 20) {{ {inside} }} }} }}"

    with pytest.raises(Exceeded) as caught:
        cost(f"{{ book {{ renewals(first: 100) {{ {outside} changes: {outside} }} }} }}")

    assert (caught.value.extensions or {})["asked"] > LIMITS.cost


def test_an_alias_a_fragment_and_an_interface_make_nothing_cheaper() -> None:
    plain = cost("{ policies(first: 5) { edges { node { renewability { online } } } } }")
    by_fragment = cost("{ p: policies(first: 5) { ...F } } fragment F on PolicyConnection { edges { node { ...G } } }"
                       " fragment G on Policy { renewability { online } }")  # fmt: skip
    inline = cost("{ ... { policies(first: 5) { ... on PolicyConnection { e: edges { node { ... { renewability"
                  " { online } } } } } } } }")  # fmt: skip
    ten_rows = '(input: { entryIds: ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"] })'
    rows_of_type = cost(f"mutation {{ bookMark{ten_rows} {{ rows {{ entry {{ id }} }} }} }}")
    rows_of_interface = cost(
        f"mutation {{ bookMark{ten_rows} {{ ... on BookRowsPayload {{ rows {{ entry {{ id }} }} }} }} }}"
    )

    assert [plain] * 2 == [by_fragment, inline]
    assert rows_of_type == rows_of_interface


def test_of_several_operations_only_the_one_that_is_run_is_paid_for() -> None:
    text = "query A { viewer { id } } query B($n: Int! = 7) { book { renewals(first: $n) { edges { node { id } } } } }"

    assert [1, rows(7)] == [cost(text, name=name) for name in ("A", "B")]


def test_what_is_dear_costs_more_than_what_is_at_hand() -> None:
    assert cost("{ viewer { id } }") < cost("{ book { id summary { total } } }") < cost("{ policies { totalCount } }")
    assert 0 == cost("{ __typename }")
