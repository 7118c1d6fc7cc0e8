"""What was found out about a schema, and is the same for all operations on it."""

from typing import Any

from graphql import GraphQLField, GraphQLSchema

from schema.execution.compiled.coercing import Coercers
from schema.execution.compiled.fields import Field
from schema.execution.compiled.sources import Source


class Learned:
    """What is known of one schema."""

    def __init__(self, schema: GraphQLSchema) -> None:
        # Held, so that no other can have its identity.
        self.schema = schema
        self.coercers = Coercers()
        # With what it was found out of, for that may be replaced.
        self._ways: dict[int, tuple[GraphQLField, Any, Source]] = {}

    def way(self, field: Field) -> Source | None:
        """Answer how a field's value is got, where that was found out for another field of this definition."""
        definition, resolving, found = self._ways.get(id(field.definition), (None, None, None))
        same = definition is not None and not field.takes_arguments and resolving == _resolving(definition)
        return found if same else None

    def note(self, field: Field, way: Source) -> None:
        """Remember how a field's value is got, where it is always got so."""
        if way.common:
            self._ways[id(field.definition)] = field.definition, _resolving(field.definition), way


def _resolving(definition: GraphQLField) -> tuple[Any, Any]:
    return definition.resolve, getattr(definition.extensions.get("strawberry-definition"), "base_resolver", None)
