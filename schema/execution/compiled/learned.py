"""What was found out about a schema, and is the same for all operations on it."""

from typing import Any, NamedTuple

from graphql import GraphQLField, GraphQLLeafType, GraphQLSchema
from strawberry import Schema
from strawberry.types.field import StrawberryField

from schema.execution.compiled.branches import Ready
from schema.execution.compiled.coercing import Coercers
from schema.execution.compiled.fields import Field
from schema.execution.compiled.leaves import Own, own
from schema.execution.compiled.oddities import Missing
from schema.execution.compiled.sources import Source
from schema.execution.compiled.taking import TakeAll, Takers


class Way(NamedTuple):
    """How a field is got wherever it stands; `ready` is for a leaf. What it was found out of may be replaced."""

    definition: GraphQLField
    out_of: tuple[Any, ...]
    source: Source
    ready: Ready | None


class Learned:
    """What is known of one schema."""

    def __init__(self, schema: GraphQLSchema) -> None:
        # Held, so that no other can have its identity.
        self.schema = schema
        self.coercers = Coercers()
        self._takers: Takers | None = None
        self._leaves: dict[tuple[GraphQLLeafType, Missing], Own] = {}
        self._ways: dict[int, Way] = {}

    def way(self, field: Field) -> Way | None:
        """Answer how a field's value is got, where that was found out for another field of this definition."""
        found = self._ways.get(id(field.definition))
        same = found is not None and not field.takes_arguments and found.out_of == _out_of(found.definition)
        return found if same else None

    def takes(self, schema: Schema, field: StrawberryField) -> TakeAll | None:
        """Answer what takes the arguments of this field; None where that is Strawberry's to do."""
        if self._takers is None:
            self._takers = Takers(schema)
        return self._takers.takes(field)

    def leaf(self, leaf: GraphQLLeafType, missing: Missing) -> Own:
        """Answer what completes a leaf that is the schema's own."""
        found = self._leaves.get((leaf, missing))
        if found is None:
            found = self._leaves[leaf, missing] = own(leaf, missing)
        return found

    def note(self, field: Field, source: Source, ready: Ready | None) -> None:
        """Remember how a field is got, which is always got so (`Source.common`)."""
        definition = field.definition
        self._ways[id(definition)] = Way(definition, _out_of(definition), source, ready)


def _out_of(definition: GraphQLField) -> tuple[Any, ...]:
    """Answer all that a field's way was found out of. Strawberry's fields are shared by schemas, and told by each."""
    kind = definition.type, getattr(definition.type, "of_type", None)
    strawberry = definition.extensions.get("strawberry-definition")
    if not isinstance(strawberry, StrawberryField):
        return *kind, definition.resolve, strawberry
    resolver = strawberry.base_resolver
    function = resolver.wrapped_func if resolver else None
    told = strawberry.default_resolver, strawberry.python_name, type(strawberry)
    return *kind, definition.resolve, resolver, function, *told
