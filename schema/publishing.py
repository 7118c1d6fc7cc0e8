"""The schema as it is published, beside this module: for clients, for tools, for a router, and for people."""

import json
from collections.abc import Mapping
from pathlib import Path

import graphql
from graphql import (
    SKIP,
    DirectiveDefinitionNode,
    DirectiveNode,
    FieldDefinitionNode,
    Node,
    SchemaDefinitionNode,
    TypeDefinitionNode,
    Visitor,
    VisitorAction,
)
from strawberry.schema import BaseSchema

from schema.glossary import glossary

HERE = Path(__file__).parent

_ONE_OF = "directive @oneOf on INPUT_OBJECT"
_OF_A_ROUTER = frozenset({"link", "key", "shareable"})
# Experimental in GraphQL's specification, and refused by tools that stand on an older edition.
_IN_PARTS = frozenset({"defer", "stream"})


def sdl(built: BaseSchema) -> str:
    """Answer what clients are told: everything but what only the router of a federation asks for."""
    return without(_whole(built), _OF_A_ROUTER, a_routers=True)


def subgraph(built: BaseSchema) -> str:
    """Answer what a router composes from."""
    return without(_whole(built), _IN_PARTS)


def published(built: BaseSchema) -> Mapping[str, str]:
    """Answer every file that is published, by its name."""
    clients = sdl(built)
    whole = graphql.build_schema(clients)
    return {
        "schema.graphql": clients,
        "schema.tools.graphql": without(clients, _IN_PARTS),
        "schema.subgraph.graphql": subgraph(built),
        "possibleTypes.json": json.dumps({"possibleTypes": _possible_types(whole)}, indent=2) + "\n",
        "GLOSSARY.md": glossary(built, whole),
    }


def publish(built: BaseSchema, folder: Path = HERE) -> None:
    for name, text in published(built).items():
        (folder / name).write_text(text, encoding="utf-8")


def stale(built: BaseSchema, folder: Path = HERE) -> Mapping[str, tuple[str, str]]:
    """Answer the files that are not what the code says: each as it stands, and as it should."""
    standing = {
        name: ((folder / name).read_text(encoding="utf-8") if (folder / name).is_file() else "", text)
        for name, text in published(built).items()
    }
    return {name: texts for name, texts in standing.items() if texts[0] != texts[1]}


def _whole(built: BaseSchema) -> str:
    """Answer everything, with a word for the one directive that is printed without any."""
    return (
        built.as_str().replace(
            _ONE_OF, f'"""Exactly one of its fields is given, and that one is not null."""\n{_ONE_OF}'
        )
        + "\n"
    )


def without(text: str, directives: frozenset[str], *, a_routers: bool = False) -> str:
    """Cut directives out of an SDL, definitions and uses, and with *a_routers* all that a router's names (`_…`) are."""
    cuts = _Cuts(directives, a_routers=a_routers)
    graphql.visit(graphql.parse(text), cuts)
    for start, end in reversed(cuts.found):
        text = text[:start].rstrip() + text[end:]
    return text.lstrip().replace("{\n\n", "{\n")


class _Cuts(Visitor):
    """Where in an SDL what is not wanted stands, from the first to the last."""

    def __init__(self, directives: frozenset[str], *, a_routers: bool) -> None:
        super().__init__()
        self._directives = directives
        self._a_routers = a_routers
        self.found: list[tuple[int, int]] = []

    # Visitor calls this with where the node stands among its parents, too, which nobody needs here.
    def enter(self, node: Node, *_: object) -> VisitorAction:
        if not self._is_unwanted(node) or node.loc is None:
            return None
        self.found.append((node.loc.start, node.loc.end))
        return SKIP

    def _is_unwanted(self, node: Node) -> bool:
        match node:
            case DirectiveNode() | DirectiveDefinitionNode():
                return node.name.value in self._directives
            case SchemaDefinitionNode():
                return self._a_routers
            case TypeDefinitionNode() | FieldDefinitionNode():
                return self._a_routers and node.name.value.startswith("_")
        return False


def _possible_types(whole: graphql.GraphQLSchema) -> Mapping[str, list[str]]:
    """What stands behind an interface or a union: a client's cache cannot match fragments without knowing."""
    return {
        name: sorted(one.name for one in whole.get_possible_types(kind))
        for name, kind in sorted(whole.type_map.items())
        if graphql.is_abstract_type(kind)
    }
