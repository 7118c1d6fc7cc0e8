"""
Arguments as Strawberry's methods take them.

Strawberry looks at the types of an argument for every value of every request. Here each type is looked at once, which
gives a function that makes of a value what Strawberry makes of it. Types that make something of their own, and what
has to be told where it stands, are left to Strawberry.
"""

from collections.abc import Callable, Mapping
from dataclasses import MISSING
from typing import Any, TypeAlias

from strawberry import UNSET, Schema
from strawberry.relay import GlobalID
from strawberry.scalars import is_scalar
from strawberry.types.base import (
    StrawberryList,
    StrawberryMaybe,
    StrawberryObjectDefinition,
    StrawberryOptional,
    has_object_definition,
)
from strawberry.types.enum import StrawberryEnumDefinition, has_enum_definition
from strawberry.types.field import StrawberryField
from strawberry.types.lazy_type import LazyType

# Makes a value, or all arguments of a field, as graphql-core coerced them, what a method takes.
Take: TypeAlias = Callable[[Any], Any]
TakeAll: TypeAlias = Callable[[Mapping[str, Any]], dict[str, Any]]


class LeftToStrawberry(Exception):
    """A type that makes something of its own of a value, or has to be told where that stands."""


class Takers:
    """What takes values of the types of one schema."""

    def __init__(self, schema: Schema) -> None:
        converter = schema.schema_converter
        self._scalars = converter.scalar_registry
        self._name = converter.config.name_converter
        self._objects: dict[Any, Take] = {}
        # Fields are held, so that no others can have their identity.
        self._fields: dict[int, tuple[StrawberryField, TakeAll | None]] = {}

    def takes(self, field: StrawberryField) -> TakeAll | None:
        known = self._fields.get(id(field))
        if known is None:
            try:
                taken = self.arguments(field)
            except Exception:  # noqa: BLE001 (what is wrong with a type, Strawberry says better)
                taken = None
            known = self._fields[id(field)] = field, taken
        return known[1]

    def arguments(self, field: StrawberryField) -> TakeAll:
        """
        Raises:
            LeftToStrawberry: one of them is Strawberry's to convert.
        """
        takers = [
            (self._name.from_argument(argument), argument.python_name, self.of(argument.type))
            for argument in field.arguments
        ]

        def take(given: Mapping[str, Any]) -> dict[str, Any]:
            return {word: made(given[name]) for name, word, made in takers if name in given}

        return take

    # A type is whatever Strawberry takes for one.
    def of(self, kind: Any) -> Take:
        match kind:
            case StrawberryMaybe():
                raise LeftToStrawberry
            case StrawberryOptional(of_type=inner):
                return self.of(inner)
            case StrawberryList(of_type=inner):
                return self._list(inner)
            case LazyType():
                return self.of(kind.resolve_type())
        if kind is GlobalID:
            raise LeftToStrawberry
        if self._is_leaf(kind):
            return _as_it_is
        if has_object_definition(kind):
            return self._object(kind)
        raise LeftToStrawberry

    def _is_leaf(self, kind: Any) -> bool:
        return is_scalar(kind, self._scalars) or isinstance(kind, StrawberryEnumDefinition) or has_enum_definition(kind)

    def _list(self, kind: Any) -> Take:
        each = self.of(kind)

        def take(values: Any) -> Any:
            # A default is the same list for everybody, so each gets one of their own.
            return values if values is None or values is UNSET else [each(value) for value in values]

        return take

    def _object(self, kind: Any) -> Take:
        if kind in self._objects:
            # Of a type that holds itself only the place is known yet.
            return lambda value: self._objects[kind](value)  # noqa: PLW0108 (by then it is another)
        definition: StrawberryObjectDefinition = kind.__strawberry_definition__
        if definition.from_input is not None or not definition.is_input:
            raise LeftToStrawberry
        before = {*self._objects}
        self._objects[kind] = _as_it_is
        try:
            made = self._made(kind, definition)
        except Exception:
            # What was made meanwhile may hold this type.
            for other in self._objects.keys() - before:
                del self._objects[other]
            raise
        self._objects[kind] = made
        return made

    def _made(self, kind: Any, definition: StrawberryObjectDefinition) -> Take:
        # What a client leaves out and has no default is null.
        absent = {
            field.python_name: None
            for field in definition.fields
            if field.default_value is MISSING and field.default_factory is MISSING
        }
        takers = [
            (self._name.from_field(field), field.python_name, self.of(field.resolve_type(type_definition=definition)))
            for field in definition.fields
        ]

        def take(value: Any) -> Any:
            if value is None or value is UNSET:
                return value
            given = dict(absent)
            for name, word, made in takers:
                if name in value:
                    one = value[name]
                    given[word] = one if made is _as_it_is else made(one)
            return kind(**given)

        return take


def _as_it_is(value: Any) -> Any:
    return value
