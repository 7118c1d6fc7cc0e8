"""Inputs that fit the schema and mean nothing."""

from collections.abc import Iterator

import graphql
from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLList,
    GraphQLNonNull,
)

# What each scalar takes.
_SCALARS: dict[str, object] = {
    "ID": "x",
    "String": "x",
    "Int": 1,
    "Boolean": False,
    "Secret": "x",
    "PolicyNumber": "X0000001",
    "Yen": 1,
    "URL": "https://example.jp/",
    "Date": "2026-11-20",
    "DateTime": "2026-11-20T10:00:00+09:00",
    "Locale": "ja",
}


def anything(kind: GraphQLInputType) -> object:
    """Answer a value of this type, with nothing in it that is not required."""
    if isinstance(kind, GraphQLNonNull):
        return anything(kind.of_type)
    if isinstance(kind, GraphQLList):
        return [anything(kind.of_type)]
    if isinstance(kind, GraphQLEnumType):
        return next(iter(kind.values))
    if isinstance(kind, GraphQLInputObjectType):
        return dict(_fields(kind))
    return _SCALARS[kind.name]


def _fields(kind: GraphQLInputObjectType) -> Iterator[tuple[str, object]]:
    for name, field in kind.fields.items():
        if graphql.is_required_input_field(field) or kind.is_one_of:
            yield name, anything(field.type)
        if kind.is_one_of:
            return
