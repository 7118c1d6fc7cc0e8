"""
Values of variables, coerced straight.

graphql-core looks at the type of each value of every request, and at its definition. Here each type is looked at once,
which gives a function that coerces what is of the kind expected. Whatever else comes is left to graphql-core, which
says whether it is good, and what is wrong with it. A scalar's parser may so be asked twice for the same value.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple, TypeAlias

from graphql import (
    GraphQLArgument,
    GraphQLBoolean,
    GraphQLError,
    GraphQLID,
    GraphQLInputField,
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
    is_required_input_field,
)
from graphql.execution.get_variable_signature import GraphQLVariableSignature, get_variable_signature
from graphql.execution.values import VariableValues, VariableValueSource
from graphql.pyutils import is_iterable
from graphql.utilities.coerce_input_value import coerce_default_value, coerce_input_literal

from schema.execution.compiled.leaves import INT

Coerce: TypeAlias = Callable[[Any], Any]

# Types that hold others deeper than this are graphql-core's, which refuses values that lie too deep.
DEEPEST = 20


class Unexpected(Exception):
    """A value, or a type, that graphql-core is left to look at."""


class Variable(NamedTuple):
    """One variable of an operation; `default` answers its default, for each run anew."""

    source: VariableValueSource
    coerce: Coerce
    default: Callable[[], Any] | None


class Variables:
    """The variables that an operation defines."""

    def __init__(
        self, schema: GraphQLSchema, definitions: Sequence[VariableDefinitionNode], coercers: "Coercers"
    ) -> None:
        """
        Raises:
            Unexpected: values of one of their types may lie deeper than is looked at here.
        """
        self._all = [_variable(schema, definition, coercers) for definition in definitions]

    def values(self, given: Mapping[str, Any]) -> VariableValues:
        """
        Raises:
            Exception: one of them is not what its type expects at first sight, or cannot be had.
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
                coerced[name] = _expected(default())
            elif isinstance(signature.type, GraphQLNonNull):
                raise Unexpected
        return VariableValues(sources, coerced)


def _variable(schema: GraphQLSchema, definition: VariableDefinitionNode, coercers: "Coercers") -> Variable:
    signature = get_variable_signature(schema, definition)
    if isinstance(signature, GraphQLError):
        raise Unexpected
    return Variable(VariableValueSource(signature), coercers.coercer(signature.type), _default(signature, definition))


def _default(signature: GraphQLVariableSignature, definition: VariableDefinitionNode) -> Callable[[], Any] | None:
    written = definition.default_value
    # Whoever is given a list may change it.
    return None if written is None else lambda: coerce_input_literal(written, signature.type)


class Coercers:
    """What coerces values of the types of one schema."""

    def __init__(self) -> None:
        # Each with how deep its values may lie.
        self._objects: dict[GraphQLInputObjectType, tuple[Coerce, int]] = {}

    def coercer(self, kind: GraphQLInputType) -> Coerce:
        """
        Raises:
            Unexpected: values of this type may lie deeper than is looked at here.
        """
        return self._coercer(kind, ())[0]

    def _coercer(self, kind: GraphQLInputType, above: "Above") -> tuple[Coerce, int]:
        """Answer what coerces values of this type, and how deep they may lie; *above* are the objects around it."""
        if isinstance(kind, GraphQLNonNull):
            inner, depth = self._of(kind.of_type, above)
            # What coerces an object takes nothing that is none.
            some = inner if isinstance(kind.of_type, GraphQLInputObjectType) else _some(inner)
            return _at_once(kind.of_type, some), depth
        inner, depth = self._of(kind, above)
        return _at_once(kind, _perhaps(inner)), depth

    def _of(self, kind: Any, above: "Above") -> tuple[Coerce, int]:
        """Answer the same of values that are not null."""
        if isinstance(kind, GraphQLList):
            inner, depth = self._coercer(kind.of_type, above)
            return _list(inner), _deeper(depth)
        if isinstance(kind, GraphQLInputObjectType):
            return self._object(kind, above)
        return _leaf(kind), 0

    def _object(self, kind: GraphQLInputObjectType, above: "Above") -> tuple[Coerce, int]:
        known = self._objects.get(kind)
        if known is None:
            # What holds itself may lie as deep as it likes.
            if kind in above:
                raise Unexpected
            fields = {name: self._coercer(field.type, (*above, kind)) for name, field in kind.fields.items()}
            made = (_one_of if kind.is_one_of else _object)(
                kind, {name: coerce for name, (coerce, _) in fields.items()}
            )
            known = self._objects[kind] = made, _deeper(max((depth for _, depth in fields.values()), default=0))
        return known


Above: TypeAlias = tuple[GraphQLInputObjectType, ...]


def _deeper(depth: int) -> int:
    if depth == DEEPEST:
        raise Unexpected
    return depth + 1


def _some(inner: Coerce) -> Coerce:
    def coerce(value: Any) -> Any:
        if value is None or value is Undefined:
            raise Unexpected
        return inner(value)

    return coerce


def _perhaps(inner: Coerce) -> Coerce:
    return lambda value: None if value is None or value is Undefined else inner(value)


def _at_once(kind: GraphQLInputType, otherwise: Coerce) -> Coerce:
    """Answer what takes values as they are where their scalar does, and is not asked for that."""
    exact = _EXACT.get(kind)
    return otherwise if exact is None else lambda value: value if type(value) is exact else otherwise(value)


def _list(inner: Coerce) -> Coerce:
    def coerce(value: Any) -> Any:
        if type(value) is list:
            return [inner(item) for item in value]
        if is_iterable(value):
            raise Unexpected
        # One where there may be several.
        return [inner(value)]

    return coerce


def _object(kind: GraphQLInputObjectType, coercers: Mapping[str, Coerce]) -> Coerce:
    fields = [
        (
            name,
            field.out_name or name,
            coercers[name],
            field if has_default(field) else None,
            is_required_input_field(field),
        )
        for name, field in kind.fields.items()
    ]
    names, out_type = coercers.keys(), _out_type(kind)

    def coerce(value: Any) -> Any:
        if type(value) is not dict or not value.keys() <= names:
            raise Unexpected
        coerced: dict[str, Any] = {}
        for name, word, inner, defaults, required in fields:
            if name in value:
                if (given := value[name]) is Undefined:
                    raise Unexpected
                coerced[word] = inner(given)
            elif required:
                raise Unexpected
            elif defaults is not None and (default := coerce_default_value(defaults)) is not Undefined:
                coerced[word] = default
        return out_type(coerced) if out_type else coerced

    return coerce


def _one_of(kind: GraphQLInputObjectType, coercers: Mapping[str, Coerce]) -> Coerce:
    # A schema that is valid has none.
    if any(has_default(field) for field in kind.fields.values()):
        raise Unexpected
    words, out_type = {name: field.out_name or name for name, field in kind.fields.items()}, _out_type(kind)

    def coerce(value: Any) -> Any:
        if type(value) is not dict or len(value) != 1:
            raise Unexpected
        ((name, given),) = value.items()
        if name not in words or given is Undefined:
            raise Unexpected
        coerced = coercers[name](given)
        # A scalar may make nothing of what is something.
        if coerced is None:
            raise Unexpected
        one = {words[name]: coerced}
        return out_type(one) if out_type else one

    return coerce


def _out_type(kind: GraphQLInputObjectType) -> Coerce | None:
    """Answer what makes something else of an object, where anything does."""
    made: Coerce = kind.out_type
    return None if made is GraphQLInputObjectType.out_type else made


def has_default(field: GraphQLInputField | GraphQLArgument) -> bool:
    return field.default is not None or field.default_value is not Undefined


def _leaf(leaf: GraphQLLeafType) -> Coerce:
    """Answer what coerces values of a leaf."""
    if leaf is GraphQLInt:
        return lambda value: value if type(value) is int and value in INT else _expected(leaf.coerce_input_value(value))

    def coerce(value: Any) -> Any:
        coerced = leaf.coerce_input_value(value)
        # As `_expected`, without a call: most values pass here.
        if coerced is Undefined:
            raise Unexpected
        return coerced

    return coerce


def _expected(value: Any) -> Any:
    if value is Undefined:
        raise Unexpected
    return value


# By the scalar itself, not by its name.
_EXACT: Mapping[GraphQLInputType, type] = {GraphQLString: str, GraphQLID: str, GraphQLBoolean: bool}
