"""What counts a document does twice as much for one that is twice as long, with every limit out of the way."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

import pytest
from graphql import GraphQLError, parse

from schema.execution.budget import measure
from schema.execution.limits import Limits
from schema.execution.sizes import items, sizes
from tests.api import oversized
from tests.api.counted import SCHEMA, calls

NO_LIMITS = Limits(**dict.fromkeys(Limits.__struct_fields__, 10**100))

# Depth is bounded by what a parser and a stack can bear, so it is not taken further than that.
NESTING = 40

# Each limit with documents that come to more and more of it.
GROWING: Mapping[str, tuple[Callable[[int], str], int]] = {
    "operations": (oversized.operations, 100),
    "fragments": (oversized.fragments, 100),
    "fragments that bring one another twice": (oversized.doubling, NESTING),
    "fragments in a ring": (oversized.ring, NESTING),
    "spreads": (oversized.many("...F"), 100),
    "directives": (oversized.many("id @a @b"), 100),
    "directives at once": (lambda times: "{viewer{id " + "@a " * times + "}}", 100),
    "aliases": (oversized.aliases, 100),
    "roots": (oversized.roots, 100),
    "fields": (oversized.many("id"), 100),
    "fields of types that nobody knows": (oversized.unknown_types, 100),
    "depth": (oversized.deep, NESTING),
    "nesting": (oversized.deep_in_nothing, NESTING),
    "ids": (oversized.ids, 100),
    "cost": (oversized.introspections, 100),
}

# Names with larger numbers are longer.
TWICE = 2.1


def work(text: str) -> int:
    def counted() -> None:
        # What goes in a ring is refused, and in no more time.
        with suppress(GraphQLError):
            measure(parse(text), SCHEMA, limits=NO_LIMITS)

    return calls(counted)


@pytest.mark.parametrize(("make", "times"), GROWING.values(), ids=GROWING)
def test_twice_the_document_is_at_most_twice_the_work(make: Callable[[int], str], times: int) -> None:
    measure(parse("{viewer{id}}"), SCHEMA)
    once, twice = work(make(times)), work(make(2 * times))

    assert once < twice <= TWICE * once


def test_repeated_fields_are_counted_in_the_time_of_the_repetitions() -> None:
    """GraphQL compares each with each, which is why it is not asked to."""
    make = oversized.many("id")
    counted = [work(make(times)) for times in (300, 600)]

    assert counted[1] <= TWICE * counted[0]


@pytest.mark.parametrize(
    "variables",
    [
        lambda many: {"ids": ["x"] * many},
        lambda many: {"input": {"entryIds": ["x"] * many}},
        lambda many: {"input": {"answers": [{"value": {"choices": ["x"]}}] * many}},
        lambda many: {f"v{n}": n for n in range(many)},
    ],
    ids=["a list", "a list in an object", "objects in a list", "variables"],
)
def test_twice_the_variables_are_at_most_twice_the_work(variables: Callable[[int], Mapping[str, Any]]) -> None:
    def counted(given: Mapping[str, Any]) -> int:
        return calls(lambda: (items(given, NO_LIMITS), sizes(given, given)))

    once, twice = counted(variables(300)), counted(variables(600))

    assert once <= twice <= TWICE * once
