"""What the published schema says of its fields by directives, and what stands in the leaves of an answer."""

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

import graphql
from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
)

import schema
from tests.api import booking
from tests.api.frontend import Json

SDL = Path(schema.__file__).with_name("schema.graphql")

# A leaf: its schema coordinate, and what stands there.
Leaf = tuple[str, object]


@cache
def directives() -> Mapping[str, Mapping[str, str]]:
    """Answer, by schema coordinate, the directives that stand there: each with its arguments as they are written."""
    found: dict[str, dict[str, str]] = {}
    for part in graphql.parse(SDL.read_text(encoding="utf-8")).definitions:
        if not isinstance(part, graphql.TypeDefinitionNode):
            continue
        found[part.name.value] = _said(part)
        for field in getattr(part, "fields", None) or ():
            found[f"{part.name.value}.{field.name.value}"] = _said(field)
            for argument in getattr(field, "arguments", None) or ():
                found[f"{part.name.value}.{field.name.value}({argument.name.value}:)"] = _said(argument)
    return found


def _said(node: graphql.Node) -> dict[str, str]:
    return {
        one.name.value: ", ".join(graphql.print_ast(argument) for argument in one.arguments or ())
        for one in getattr(node, "directives", None) or ()
    }


def marked(directive: str) -> set[str]:
    return {place for place, said in directives().items() if directive in said}


def is_personal(place: str) -> bool:
    """Whether a field, an argument or an input field is marked as personal, by itself or by its scalar."""
    return "pii" in directives()[place] or "pii" in directives().get(type_of(place).name, {})


def type_of(place: str) -> GraphQLNamedType:
    """Answer the named type that stands at a schema coordinate."""
    owner, _, rest = place.partition(".")
    field, _, argument = rest.partition("(")
    found = booking.published().type_map[owner].fields[field]  # type: ignore[attr-defined]  # Whoever has a field has them.
    named: GraphQLNamedType = graphql.get_named_type(found.args[argument.rstrip(":)")].type if argument else found.type)
    return named


def leaves(document: str, operation: str | None, data: Json) -> Iterator[Leaf]:
    """Answer every leaf of an answer."""
    parts = graphql.parse(document).definitions
    fragments = {part.name.value: part for part in parts if isinstance(part, FragmentDefinitionNode)}
    (asked,) = (
        part
        for part in parts
        if isinstance(part, OperationDefinitionNode) and operation in (None, part.name and part.name.value)
    )
    root = booking.published().get_root_type(asked.operation)
    assert root
    yield from _inside(root, asked.selection_set, data, fragments)


def _inside(
    kind: GraphQLNamedType, selected: SelectionSetNode, data: Json, fragments: Mapping[str, FragmentDefinitionNode]
) -> Iterator[Leaf]:
    told = booking.published()
    kind = told.type_map[data["__typename"]] if "__typename" in data else kind
    for part in selected.selections:
        if isinstance(part, FragmentSpreadNode | InlineFragmentNode):
            fragment = fragments[part.name.value] if isinstance(part, FragmentSpreadNode) else part
            on = fragment.type_condition.name.value if fragment.type_condition else kind.name
            condition = told.type_map[on]
            if graphql.is_abstract_type(condition) or on == kind.name:
                yield from _inside(kind, fragment.selection_set, data, fragments)
            continue
        assert isinstance(part, FieldNode)
        key = (part.alias or part.name).value
        if part.name.value.startswith("__") or key not in data:
            continue
        assert isinstance(kind, GraphQLObjectType | GraphQLInterfaceType), kind.name
        place = f"{kind.name}.{part.name.value}"
        yield from _value(place, graphql.get_named_type(kind.fields[part.name.value].type), part, data[key], fragments)


def _value(
    place: str, kind: GraphQLNamedType, part: FieldNode, value: object, fragments: Mapping[str, FragmentDefinitionNode]
) -> Iterator[Leaf]:
    if isinstance(value, list):
        for one in value:
            yield from _value(place, kind, part, one, fragments)
    elif isinstance(value, dict) and part.selection_set:
        yield from _inside(kind, part.selection_set, value, fragments)
    elif value is not None:
        yield place, value
