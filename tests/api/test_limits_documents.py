"""A document that asks for too much is refused before anybody validates it, and one that does not is let through."""

import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from graphql import DocumentNode, GraphQLError, get_introspection_query, parse, specified_rules
from graphql.utilities import separate_operations
from hypothesis import given
from hypothesis import strategies as st

import schema
from schema.execution.budget import measure
from schema.execution.limits import LIMITS, Exceeded
from schema.execution.passage import RULES
from schema.execution.reading import MOST_CHARACTERS, MOST_DOCUMENTS, Readings, read
from tests.api import anything, oversized
from tests.api.counted import SCHEMA, calls

# Of this many bytes is a document that stalls whoever walks through fragments as often as they are spread: twenty-two
# of them come to four million.
STALLING = oversized.doubling(22).ljust(813)
MOST_SECONDS = 0.020

HERE = Path(__file__).parent
OUR_OWN = [*(Path(schema.__file__).parent / "examples").glob("*.graphql"), *HERE.glob("*.graphql")]

# Where validation has most to do.
AT_THE_EDGE = (
    "fragments",
    "spreads",
    "aliases",
    "directives",
    "root fields",
    "the same field",
    "the same fields in fields",
    "operations",
    "ids written out",
)

# To read, count and validate a document may take so many calls, whatever is in it: about a tenth of a second.
MOST_CALLS = 400_000


def price(text: str, variables: Mapping[str, Any] | None = None) -> int:
    return read(text, SCHEMA).cost(None, variables or {})


def wrong(text: str) -> list[str]:
    return [error.message for error in read(text, SCHEMA).errors(tuple(specified_rules))]


def our_own() -> Iterator[tuple[str, DocumentNode]]:
    for file in OUR_OWN:
        yield from separate_operations(parse(file.read_text(encoding="utf-8"))).items()


def test_the_document_that_stalls_others_is_refused_at_once() -> None:
    took = []
    for _ in range(5):
        began = time.thread_time()
        with pytest.raises(Exceeded):
            price(STALLING)
        took.append(time.thread_time() - began)

    assert 813 == len(STALLING.encode())
    assert min(took) < MOST_SECONDS


@pytest.mark.parametrize(("make", "times", "metric"), oversized.TOO_MUCH.values(), ids=oversized.TOO_MUCH)
def test_what_is_too_much_is_refused_by_its_limit(make: Any, times: int, metric: str) -> None:
    with pytest.raises(Exceeded) as caught:
        price(make(times))

    extensions = caught.value.extensions or {}
    assert ("OPERATION_TOO_EXPENSIVE", metric) == (extensions["code"], extensions["metric"])
    assert extensions.get("asked", extensions["limit"] + 1) > extensions["limit"]


@pytest.mark.parametrize("name", AT_THE_EDGE)
def test_what_is_just_not_too_much_is_validated_soon(name: str) -> None:
    """Also where rules of validation hold everything against everything."""
    make, times, _ = oversized.TOO_MUCH[name]
    text = make(times - 1)

    def work() -> None:
        price(text)
        wrong(text)

    assert calls(work) < MOST_CALLS


def test_our_own_operations_leave_room() -> None:
    for name, document in our_own():
        found = measure(document, SCHEMA)
        taken = {metric: getattr(found, metric) for metric in ("aliases", "depth", "roots", "cost", "fields")}
        limits = {metric: getattr(LIMITS, metric) for metric in taken}
        assert [] == [metric for metric in taken if 3 * taken[metric] > 2 * limits[metric]], name


def test_a_file_of_many_operations_may_be_sent_whole() -> None:
    for file in OUR_OWN:
        measure(parse(file.read_text(encoding="utf-8")), SCHEMA)


def test_the_usual_introspection_is_let_through() -> None:
    deepest = get_introspection_query(specified_by_url=True, directive_is_repeatable=True, input_value_deprecation=True)

    assert 1000 == price(deepest)
    assert [] == wrong(deepest)


@pytest.mark.parametrize("document", oversized.ENDLESS.values(), ids=oversized.ENDLESS)
def test_a_fragment_that_brings_itself_is_refused_before_anybody_walks_through_it(document: str) -> None:
    with pytest.raises(GraphQLError, match=r"within itself|only one fragment named"):
        price(document)


@given(entropy=st.integers(0, 2**64 - 1))
def test_a_document_with_words_in_wrong_places_is_read_counted_and_validated_or_refused(entropy: int) -> None:
    document, name, variables = anything.confused(entropy)

    with suppress(GraphQLError):
        reading = read(document, SCHEMA)
        reading.cost(name, variables)
        reading.errors(RULES)


def test_what_only_validation_understands_is_left_to_it() -> None:
    twice = "{viewer{id}} fragment A on Viewer{id} fragment A on Viewer{id}"

    assert price(twice) < LIMITS.cost
    assert "only one fragment" in wrong(twice)[0]
    assert 'Unknown type "Nope"' in wrong("{viewer{... on Nope{a}}}")[0].replace("'", '"')


def test_an_introspection_that_goes_round_in_circles_is_refused() -> None:
    circles = "{__schema{types{" + "fields{type{" * 5 + "name" + "}}" * 5 + "}}}"

    assert ["Maximum introspection depth exceeded"] == wrong(circles)


def test_few_errors_are_told_of_a_document_that_is_wrong_throughout() -> None:
    assert LIMITS.errors == len(wrong("{viewer{" + "".join(f"nope{n} " for n in range(400)) + "}}"))


def test_a_byte_order_mark_and_wide_letters_are_text_like_any_other() -> None:
    assert [] == wrong(oversized.wide_letters(1000))


def test_documents_are_remembered_within_a_bound_and_the_longest_unused_goes_first() -> None:
    readings = Readings(SCHEMA)

    def remembers(text: str) -> bool:
        return readings.read(text) is readings.read(text)

    long = ["{viewer{id}}" + " " * (80_000 + number) for number in range(8)]
    for text in long:
        readings.keep(readings.read(text))
        assert remembers(long[0])
    assert [True, False, False] == [remembers(text) for text in long[:3]]
    assert all(map(remembers, long[3:]))
    assert MOST_CHARACTERS >= sum(map(len, [long[0], *long[3:]]))

    short = [f"{{viewer{{a{number}:id}}}}" for number in range(MOST_DOCUMENTS + 1)]
    for text in short:
        readings.keep(readings.read(text))
    assert [False, True] == [remembers(text) for text in (short[0], short[-1])]
