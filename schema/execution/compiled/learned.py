"""What was found out about a schema, and is the same for all operations on it."""

from typing import Any

from graphql import GraphQLField, GraphQLSchema
from strawberry import Schema
from strawberry.types.field import StrawberryField

from schema.execution.compiled.coercing import Coercers
from schema.execution.compiled.fields import Field
from schema.execution.compiled.sources import Source
from schema.execution.compiled.taking import TakeAll, Takers


class Learned:
    """What is known of one schema."""

    def __init__(self, schema: GraphQLSchema) -> None:
        # Held, so that no other can have its identity.
        self.schema = schema
        self.coercers = Coercers()
        self._takers: Takers | None = None
        # With what it was found out of, for that may be replaced.
        self._ways: dict[int, tuple[GraphQLField, Any, Source]] = {}

    def way(self, field: Field) -> Source | None:
        """Answer how a field's value is got, where that was found out for another field of this definition."""
        definition, resolving, found = self._ways.get(id(field.definition), (None, None, None))
        same = definition is not None and not field.takes_arguments and resolving == _resolving(definition)
        return found if same else None

    def takes(self, schema: Schema, field: StrawberryField) -> TakeAll | None:
        """Answer what takes the arguments of this field; None where that is Strawberry's to do."""
        if self._takers is None:
            self._takers = Takers(schema)
        return self._takers.takes(field)

    def note(self, field: Field, way: Source) -> None:
        """Remember how a field's value is got, where it is always got so."""
        if way.common:
            self._ways[id(field.definition)] = field.definition, _resolving(field.definition), way


def _resolving(definition: GraphQLField) -> tuple[Any, ...]:
    """Answer all that a field's way was found out of. Strawberry's fields are shared by schemas, and told by each."""
    strawberry = definition.extensions.get("strawberry-definition")
    resolver = getattr(strawberry, "base_resolver", None)
    told = (getattr(strawberry, name, None) for name in ("default_resolver", "python_name", "__class__"))
    return definition.resolve, resolver, getattr(resolver, "wrapped_func", None), *told
