"""The schema as it is published: described throughout, current, and answered by its examples."""

import json
from collections.abc import Iterator
from pathlib import Path

import graphql
import pytest
from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
)

import schema
from schema import publishing, releases
from schema.glossary import meaningful
from schema.words.trade import TERMS
from schema.words.types import NAMES

FOLDER = Path(schema.__file__).parent
PUBLISHED = (FOLDER / "schema.graphql").read_text(encoding="utf-8")
EXAMPLES = sorted((FOLDER / "examples").glob("*.graphql"))

# "When." says nothing to whoever sees the field for the first time.
SHORTEST = len("The plan.")

FIELDS = (GraphQLObjectType, GraphQLInterfaceType, GraphQLInputObjectType)


@pytest.fixture(scope="module")
def built() -> GraphQLSchema:
    return graphql.build_schema(PUBLISHED)


def ours(built: GraphQLSchema) -> Iterator[GraphQLNamedType]:
    for name, kind in built.type_map.items():
        if not name.startswith("__") and not graphql.is_specified_scalar_type(kind):
            yield kind


def test_what_is_published_is_what_the_code_says() -> None:
    assert [] == list(publishing.stale(schema.build())), "write it anew: tabane schema publish"


def test_the_sdl_for_tools_differs_by_what_they_refuse(built: GraphQLSchema) -> None:
    tools = graphql.build_schema((FOLDER / "schema.tools.graphql").read_text(encoding="utf-8"))

    assert {"defer", "stream"} == {one.name for one in built.directives} - {one.name for one in tools.directives}
    assert [] == graphql.find_breaking_changes(tools, built)
    assert built.type_map.keys() == tools.type_map.keys()


def test_possible_types_are_told_for_every_interface_and_union(built: GraphQLSchema) -> None:
    told = json.loads((FOLDER / "possibleTypes.json").read_text(encoding="utf-8"))["possibleTypes"]

    assert {"Node", "Flow", "Requirement", "UserError", "ComparisonEvent"} <= told.keys()
    for name, kind in built.type_map.items():
        assert graphql.is_abstract_type(kind) == (name in told), name
    assert "Renewal" in told["Node"]
    assert ["Registration", "Renewal"] == told["Flow"]


def test_the_words_of_the_trade_stand_where_they_are_said_to(built: GraphQLSchema) -> None:
    assert [] == [place for term in TERMS for place in term.places if not releases.exists(built, place)]


def test_every_type_has_a_name_in_japanese(built: GraphQLSchema) -> None:
    types = {kind.name for kind in meaningful(built)}

    assert set() == types - NAMES.keys()


def test_every_type_is_described(built: GraphQLSchema) -> None:
    assert [] == [kind.name for kind in ours(built) if not kind.description]


def test_every_field_is_described(built: GraphQLSchema) -> None:
    assert [] == [
        f"{kind.name}.{name}"
        for kind in ours(built)
        if isinstance(kind, FIELDS)
        for name, field in kind.fields.items()
        if not field.description
    ]


def test_every_argument_is_described_but_the_one_of_a_mutation_which_its_type_describes(built: GraphQLSchema) -> None:
    assert [] == [
        f"{kind.name}.{name}({argument}:)"
        for kind in ours(built)
        if isinstance(kind, GraphQLObjectType | GraphQLInterfaceType) and kind is not built.mutation_type
        for name, field in kind.fields.items()
        for argument, taken in field.args.items()
        if not taken.description
    ]


def test_every_value_and_every_directive_is_described(built: GraphQLSchema) -> None:
    assert [] == [
        f"{kind.name}.{name}"
        for kind in ours(built)
        if isinstance(kind, GraphQLEnumType)
        for name, value in kind.values.items()
        if not value.description
    ]
    assert [] == [directive.name for directive in built.directives if not directive.description]


def test_a_value_reads_as_a_sentence(built: GraphQLSchema) -> None:
    assert [] == [
        f"{kind.name}.{name}"
        for kind in ours(built)
        if isinstance(kind, GraphQLEnumType)
        for name, value in kind.values.items()
        if value.description and value.description[0].islower()
    ]


def test_a_word_of_the_trade_is_explained_in_both_languages() -> None:
    assert [] == [term.name.en for term in TERMS if not term.meaning.ja.endswith("。")]
    assert [] == [term.name.en for term in TERMS if not term.meaning.en.endswith(".")]


def test_a_description_says_more_than_the_name(built: GraphQLSchema) -> None:
    assert [] == [
        f"{kind.name}.{name}"
        for kind in ours(built)
        for name, field in getattr(kind, "fields", {}).items()
        if len(field.description) < SHORTEST
    ]


def test_descriptions_are_sentences(built: GraphQLSchema) -> None:
    told = [
        (place, words)
        for kind in ours(built)
        for place, words in (
            (kind.name, kind.description),
            *((f"{kind.name}.{name}", field.description) for name, field in getattr(kind, "fields", {}).items()),
        )
    ]

    assert [] == [place for place, words in told if words and not words.endswith((".", ".)"))]


def test_enum_values_are_in_capitals(built: GraphQLSchema) -> None:
    assert [] == [
        f"{kind.name}.{value}"
        for kind in ours(built)
        if isinstance(kind, GraphQLEnumType)
        for value in kind.values
        if value != value.upper()
    ]


def test_everything_with_a_global_id_is_a_node_and_nodes_may_be_null(built: GraphQLSchema) -> None:
    query = built.query_type
    assert query
    for field, expected in {
        "node": "Node",
        "nodes": "[Node]!",
        "viewer": "Viewer",
        "policies": "PolicyConnection",
    }.items():
        assert expected == str(query.fields[field].type)
    for field in ("policy", "renewal", "registration", "insurer", "comparePlans", "comparison"):
        assert not graphql.is_non_null_type(query.fields[field].type), field


def test_every_mutation_takes_one_input_with_a_key_and_answers_with_errors(built: GraphQLSchema) -> None:
    assert built.mutation_type
    for name, field in built.mutation_type.fields.items():
        (argument,) = field.args
        taken = graphql.get_named_type(field.args[argument].type)
        answered = graphql.get_named_type(field.type)
        assert isinstance(taken, GraphQLInputObjectType), name
        assert isinstance(answered, GraphQLObjectType), name
        assert "ID!" == str(taken.fields["idempotencyKey"].type), name
        assert ("[UserError!]!", "Boolean!") == tuple(str(answered.fields[one].type) for one in ("errors", "replayed"))
        # The first letter of a payload is the mutation's, which is how clients find it.
        assert f"{name[0].upper()}{name[1:]}Payload" == answered.name


def test_every_connection_has_cursors(built: GraphQLSchema) -> None:
    connections = [kind for kind in ours(built) if kind.name.endswith("Connection")]

    assert connections
    for kind in connections:
        assert isinstance(kind, GraphQLObjectType)
        assert {"edges", "pageInfo"} <= set(kind.fields)


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_an_example_is_valid(built: GraphQLSchema, path: Path) -> None:
    document = graphql.parse(path.read_text(encoding="utf-8"))

    assert [] == graphql.validate(built, document)
    assert 1 == len([part for part in document.definitions if isinstance(part, graphql.OperationDefinitionNode)])


def test_the_frontends_operations_are_valid(built: GraphQLSchema) -> None:
    operations = (Path(__file__).parent / "operations.graphql").read_text(encoding="utf-8")

    assert [] == graphql.validate(built, graphql.parse(operations))
