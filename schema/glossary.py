"""The glossary: the words of the trade and of the schema, in both languages, as the schema itself has them."""

from collections.abc import Iterator

import graphql
from graphql import GraphQLEnumType, GraphQLNamedType, GraphQLSchema
from strawberry.schema import BaseSchema
from strawberry.types.enum import StrawberryEnumDefinition

from schema.enum_labels import words
from schema.words.trade import TERMS
from schema.words.types import NAMES

# These carry what their name says, and no meaning of their own.
_CARRIERS = ("Payload", "Connection", "Edge")

_OPENING = """\
# 用語集 / Glossary

この文書はスキーマから作られます（`tabane schema publish`）。手で書き換えないでください。
This is made from the schema by `tabane schema publish`; change the schema and `schema/words/`, not this file.
"""

_TRADE = """
## 業界の用語 / Words of the trade

| 日本語 | English | 意味 / What it means | In the schema |
| --- | --- | --- | --- |
"""

_TYPES = """
## 型 / Types

| In the schema | 日本語 | What it is |
| --- | --- | --- |
"""

_VALUES = """
## 値 / Values
"""


def glossary(built: BaseSchema, told: GraphQLSchema) -> str:
    """Write the glossary of what clients are *told*, which is a part of all that is *built*."""
    return "".join((_OPENING, _TRADE, *_trade(), _TYPES, *_types(told), _VALUES, *_values(built, told)))


def meaningful(told: GraphQLSchema) -> Iterator[GraphQLNamedType]:
    """Answer the types that have a meaning of their own, by name."""
    for name, kind in sorted(told.type_map.items()):
        is_a_thing = graphql.is_object_type(kind) or graphql.is_abstract_type(kind)
        if is_a_thing and not name.startswith("_") and not name.endswith(_CARRIERS):
            yield kind


def _trade() -> Iterator[str]:
    for term in TERMS:
        places = ", ".join(f"`{place}`" for place in term.places) or "–"
        yield f"| {term.name.ja} | {term.name.en} | {term.meaning.ja} / {term.meaning.en} | {places} |\n"


def _types(told: GraphQLSchema) -> Iterator[str]:
    for kind in meaningful(told):
        yield f"| `{kind.name}` | {NAMES.get(kind.name, '')} | {_line(kind.description)} |\n"


def _values(built: BaseSchema, told: GraphQLSchema) -> Iterator[str]:
    for name, kind in sorted(told.type_map.items()):
        definition = built.get_type_by_name(name)
        if not isinstance(kind, GraphQLEnumType) or not isinstance(definition, StrawberryEnumDefinition):
            continue
        yield f"\n### `{name}`\n\n{_line(kind.description)}\n\n| | 日本語 | English |\n| --- | --- | --- |\n"
        for value, text in words(definition):
            yield f"| `{value}` | {text.ja} | {text.en} |\n"


def _line(description: str | None) -> str:
    return (description or "").replace("\n", " ").replace("|", "\\|")
