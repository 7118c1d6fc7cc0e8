"""What was found out about a schema, and is the same for all operations on it."""

from typing import Any

from graphql import GraphQLField, GraphQLLeafType, GraphQLSchema
from strawberry import Schema
from strawberry.types.field import StrawberryField

from schema.execution.compiled.coercing import Coercers
from schema.execution.compiled.fields import Field
from schema.execution.compiled.leaves import CompletesLeaf, completes
from schema.execution.compiled.oddities import Missing
from schema.execution.compiled.sources import Source
from schema.execution.compiled.taking import TakeAll, Takers


class Learned:
    """What is known of one schema."""

    def __init__(self, schema: GraphQLSchema) -> None:
        # Held, so that no other can have its identity.
        self.schema = schema
        self.coercers = Coercers()
        self._takers: Takers | None = None
        self._leaves: dict[tuple[GraphQLLeafType, Missing], CompletesLeaf] = {}
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

    def leaf(self, leaf: GraphQLLeafType, missing: Missing) -> CompletesLeaf:
        """Answer what completes any value of a leaf, as `completes` makes it."""
        found = self._leaves.get((leaf, missing))
        if found is None:
            found = self._leaves[leaf, missing] = completes(leaf, missing)
        return found

    def note(self, field: Field, way: Source) -> None:
        """Remember how a field's value is got, where it is always got so."""
        if way.common:
            self._ways[id(field.definition)] = field.definition, _resolving(field.definition), way


def _resolving(definition: GraphQLField) -> tuple[Any, ...]:
    """Answer all that a field's way was found out of. Strawberry's fields are shared by schemas, and told by each."""
    strawberry = definition.extensions.get("strawberry-definition")
    if not isinstance(strawberry, StrawberryField):
        return definition.resolve, strawberry
    resolver = strawberry.base_resolver
    function = resolver.wrapped_func if resolver else None
    told = strawberry.default_resolver, strawberry.python_name, type(strawberry)
    return definition.resolve, resolver, function, *told
