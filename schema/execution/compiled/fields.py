"""A field of an operation where it stands, with everything that its execution needs and that never changes."""

from typing import TYPE_CHECKING, Any

from graphql import GraphQLField, GraphQLObjectType, GraphQLOutputType, GraphQLResolveInfo
from graphql.execution.collect_fields import FieldDetailsList
from graphql.execution.values import get_argument_values
from graphql.pyutils import Path

from schema.execution.compiled.places import Place, path

if TYPE_CHECKING:
    from schema.execution.compiled import Compiled

# What no resolver can change, and so may be handed to many of them.
_UNCHANGING = (str, int, float, bool, type(None))


class Field:
    """One response key of one selection set: its nodes, its definition and its type."""

    __slots__ = ("definition", "details", "key", "name", "node", "nodes", "parent", "takes_arguments", "type")

    def __init__(self, key: str, details: FieldDetailsList, definition: GraphQLField, parent: GraphQLObjectType):
        self.key = key
        self.details = details
        self.nodes = [detail.node for detail in details]
        self.node = self.nodes[0]
        self.name = self.node.name.value
        self.definition = definition
        self.parent = parent
        self.type: GraphQLOutputType = definition.type
        self.takes_arguments = bool(definition.args or self.node.arguments)

    def path(self, at: Place | None) -> Path:
        """Answer the path of this field in the object that stands at *at*."""
        return Path(path(at), self.key, self.parent.name)

    def info(self, run: "Compiled", at: Place | None) -> GraphQLResolveInfo[Any]:
        """Answer what graphql-core tells a resolver of this field in the object that stands at *at*."""
        return run.build_resolve_info(self.definition, self.nodes, self.parent, self.path(at))

    def arguments(self, run: "Compiled") -> dict[str, Any]:
        """
        Answer the arguments, coerced once for an operation where no resolver could change them.

        Raises:
            GraphQLError: a variable has a value that this argument does not take.
        """
        if not self.takes_arguments:
            return {}
        known = run.arguments.get(self)
        if known is None:
            known = get_argument_values(self.definition, self.node, run.variable_values, None, run.hide_suggestions)
            if all(type(value) in _UNCHANGING for value in known.values()):
                run.arguments[self] = known
        return known
