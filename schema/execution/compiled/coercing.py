"""
Values of variables, coerced straight.

graphql-core looks at the type of each value of every request, and at its definition. Here each type is looked at once,
which gives a function that coerces what is of the kind expected. Whatever else comes is left to graphql-core, which
says whether it is good, and what is wrong with it.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias
from weakref import WeakKeyDictionary

from graphql import (
    GraphQLBoolean,
    GraphQLError,
    GraphQLFloat,
    GraphQLID,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLInt,
    GraphQLLeafType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLSchema,
    GraphQLString,
    Undefined,
    VariableDefinitionNode,
    is_leaf_type,
    is_required_input_field,
)
from graphql.execution.get_variable_signature import get_variable_signature
from graphql.execution.values import VariableValues, VariableValueSource
from graphql.utilities.coerce_input_value import coerce_default_value, coerce_input_literal

from schema.execution.compiled.leaves import INT

Coerce: TypeAlias = Callable[[Any], Any]


class Unexpected(Exception):
    """A value, or a type, that graphql-core is left to look at."""


class Variables:
    """The variables that an operation defines."""

    def __init__(self, schema: GraphQLSchema, definitions: Sequence[VariableDefinitionNode]) -> None:
        """
        Raises:
            Unexpected: one of them is of a type of which values may lie as deep as they like, or of none.
        """
        coercers = Coercers.of(schema)
        self._all = []
        for definition in definitions:
            signature = get_variable_signature(schema, definition)
            if isinstance(signature, GraphQLError):
                raise Unexpected
            self._all.append(
                (VariableValueSource(signature), coercers.coercer(signature.type), definition.default_value)
            )

    def values(self, given: Mapping[str, Any]) -> VariableValues:
        """
        Raises:
            Unexpected: one of them is not what its type expects at first sight.
        """
        sources: dict[str, VariableValueSource] = {}
        coerced: dict[str, Any] = {}
        for source, coerce, default in self._all:
            signature = source.signature
            name = signature.name
            value = given.get(name, Undefined)
            if value is not Undefined:
                sources[name] = VariableValueSource(signature, value)
                coerced[name] = coerce(value)
                continue
            sources[name] = source
            if default is not None:
                # Anew for every run: whoever is given a list may change it.
                coerced[name] = _expected(coerce_input_literal(default, signature.type))
            elif isinstance(signature.type, GraphQLNonNull):
                raise Unexpected
        return VariableValues(sources, coerced)


class Coercers:
    """What coerces values of the types of one schema."""

    _known: "WeakKeyDictionary[GraphQLSchema, Coercers]" = WeakKeyDictionary()

    def __init__(self) -> None:
        # None for an object whose fields are just being looked at.
        self._objects: dict[GraphQLInputObjectType, Coerce | None] = {}

    @classmethod
    def of(cls, schema: GraphQLSchema) -> "Coercers":
        known = cls._known.get(schema)
        if known is None:
            known = cls._known[schema] = cls()
        return known

    def coercer(self, kind: GraphQLInputType) -> Coerce:
        """
        Raises:
            Unexpected: it holds itself, and so its values may lie as deep as they like.
        """
        if isinstance(kind, GraphQLNonNull):
            return self._of(kind.of_type)
        inner = self._of(kind)
        return lambda value: None if value is None else inner(value)

    def _of(self, kind: GraphQLInputType) -> Coerce:
        """Answer what coerces values that are not null."""
        if isinstance(kind, GraphQLList):
            return _list(self.coercer(kind.of_type))
        if isinstance(kind, GraphQLInputObjectType):
            return self._object(kind)
        if not is_leaf_type(kind):
            raise Unexpected
        return _EXACT.get(kind) or _leaf(kind)

    def _object(self, kind: GraphQLInputObjectType) -> Coerce:
        if kind not in self._objects:
            self._objects[kind] = None
            try:
                self._objects[kind] = self._one_of(kind) if kind.is_one_of else self._made(kind)
            except BaseException:
                del self._objects[kind]
                raise
        found = self._objects[kind]
        if found is None:
            raise Unexpected
        return found

    def _made(self, kind: GraphQLInputObjectType) -> Coerce:
        fields = [
            (name, field.out_name or name, self.coercer(field.type), field, is_required_input_field(field))
            for name, field in kind.fields.items()
        ]
        names = kind.fields.keys()

        def coerce(value: Any) -> Any:
            if type(value) is not dict or not value.keys() <= names:
                raise Unexpected
            coerced: dict[str, Any] = {}
            for name, word, inner, field, required in fields:
                given = value.get(name, Undefined)
                if given is not Undefined:
                    coerced[word] = inner(given)
                elif name in value or required:
                    raise Unexpected
                elif (default := coerce_default_value(field)) is not Undefined:
                    coerced[word] = default
            return kind.out_type(coerced)

        return coerce

    def _one_of(self, kind: GraphQLInputObjectType) -> Coerce:
        fields = {name: (field.out_name or name, self.coercer(field.type)) for name, field in kind.fields.items()}

        def coerce(value: Any) -> Any:
            if type(value) is not dict or len(value) != 1:
                raise Unexpected
            ((name, given),) = value.items()
            if given is None or name not in fields:
                raise Unexpected
            word, inner = fields[name]
            coerced = inner(given)
            # A scalar may make nothing of it.
            if coerced is None:
                raise Unexpected
            return kind.out_type({word: coerced})

        return coerce


def _list(inner: Coerce) -> Coerce:
    def coerce(value: Any) -> Any:
        if type(value) is not list:
            raise Unexpected
        return [inner(item) for item in value]

    return coerce


def _leaf(leaf: GraphQLLeafType) -> Coerce:
    def coerce(value: Any) -> Any:
        try:
            return _expected(leaf.coerce_input_value(value))
        except Exception:  # noqa: BLE001 (graphql-core asks again, and tells it)
            raise Unexpected from None

    return coerce


def _expected(value: Any) -> Any:
    if value is Undefined:
        raise Unexpected
    return value


def _string(value: Any) -> Any:
    if type(value) is not str:
        raise Unexpected
    return value


def _boolean(value: Any) -> Any:
    if type(value) is not bool:
        raise Unexpected
    return value


def _int(value: Any) -> Any:
    if type(value) is not int or value not in INT:
        raise Unexpected
    return value


def _float(value: Any) -> Any:
    # Neither infinite nor no number.
    if type(value) is not float or value - value != 0.0:
        raise Unexpected
    return value


# Values that their scalar takes as they are; by the scalar itself, not by its name.
_EXACT: Mapping[GraphQLLeafType, Coerce] = {
    GraphQLString: _string,
    GraphQLID: _string,
    GraphQLBoolean: _boolean,
    GraphQLInt: _int,
    GraphQLFloat: _float,
}
