"""How many objects an argument asks for: written out, by a variable, by its default, or inside an input object."""

from collections.abc import Container, Iterator, Mapping, Sequence
from typing import Any, TypeAlias

from graphql import (
    ArgumentNode,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLInt,
    GraphQLSchema,
    IntValueNode,
    ListValueNode,
    NamedTypeNode,
    NonNullTypeNode,
    NullValueNode,
    ObjectValueNode,
    OperationDefinitionNode,
    StringValueNode,
    TypeNode,
    Undefined,
    ValueNode,
    VariableNode,
)

from schema.costs import LONGEST_PAGE, SIZES
from schema.execution.limits import Limits, exceed

# What a client sent as JSON.
Variables: TypeAlias = Mapping[str, Any]

# How many each variable asks for if it is a page size or a list, and of an input object each of its fields.
Sizes: TypeAlias = "tuple[tuple[str, Size], ...]"
Size: TypeAlias = "int | Sizes | None"

# The same for an operation; a variable that is not given stands here as its default is written.
Wanted: TypeAlias = Mapping[str, "Size | ValueNode"]

# Fields of input objects that say how many are asked for.
_INSIDE = frozenset(
    name for one in SIZES.values() for path in one.slicing_arguments or () for name in path.split(".")[1:]
)

# Larger numbers have no place in an Int; nobody has to reckon with them.
_DIGITS = 10


def sizes(variables: Variables, names: Container[str]) -> Sizes:
    """
    Answer of the variables called so what a cost may depend on: with the same sizes an operation costs the same.

    What else was sent is not part of it, and so is kept nowhere.
    """
    return tuple([(name, _size(value)) for name, value in variables.items() if name in names])


def sizable(operation: OperationDefinitionNode, schema: GraphQLSchema) -> Iterator[str]:
    """Answer the variables of an operation that can say how many are asked for: numbers, lists, and what holds them."""
    for one in operation.variable_definitions or ():
        kind: TypeNode = one.type
        while isinstance(kind, NonNullTypeNode):
            kind = kind.type
        named = schema.get_type(kind.name.value) if isinstance(kind, NamedTypeNode) else None
        holds = isinstance(named, GraphQLInputObjectType) and not _INSIDE.isdisjoint(named.fields)
        # What is no type of ours is refused later, and until then it may be anything.
        if named is None or named is GraphQLInt or holds:
            yield one.variable.name.value


def given(operation: OperationDefinitionNode, wanted: Sizes) -> Wanted:
    """Answer the sizes of an operation's variables; of one that is not given its default, as it is written."""
    defaults = {
        one.variable.name.value: one.default_value
        for one in operation.variable_definitions or ()
        if one.default_value is not None
    }
    return {**defaults, **dict(wanted)}


def size(
    path: Sequence[str], arguments: Sequence[ArgumentNode], field: GraphQLField | None, wanted: Wanted
) -> int | None:
    """Answer how many the argument at *path* asks for, as the resolver will read it; None where it does not say."""
    name, *inner = path
    node = next((one.value for one in arguments if one.name.value == name), None)
    value = _number(node, inner, wanted)
    if value is None and not inner and field is not None and name in field.args:
        default = _size(field.args[name].default_value)
        value = default if isinstance(default, int) else None
    return value


def _number(node: ValueNode | None, path: Sequence[str], wanted: Wanted) -> int | None:
    for name in path:
        if isinstance(node, VariableNode):
            break
        fields = node.fields if isinstance(node, ObjectValueNode) else ()
        node = next((one.value for one in fields if one.name.value == name), None)
        path = path[1:]
    match node:
        case VariableNode():
            return _inside(wanted.get(node.name.value), path)
        case IntValueNode(value=digits):
            return _clamped(int(digits)) if len(digits) <= _DIGITS else LONGEST_PAGE
        case ListValueNode(values=values):
            return len(values)
        case StringValueNode():
            return 1
        case None | NullValueNode():
            return None
    # Nothing that could stand there; validation says so. Until then it is the most.
    return LONGEST_PAGE


def _inside(value: "Size | ValueNode", path: Sequence[str]) -> int | None:
    """Answer the size at *path* of a variable, or of its default, which is a node and holds no other variable."""
    if isinstance(value, ValueNode):
        return _number(value, path, {})
    for name in path:
        value = dict(value).get(name) if isinstance(value, tuple) else None
    return LONGEST_PAGE if isinstance(value, tuple) else value


def _size(value: object) -> Size:
    match value:
        case None:
            return None
        case str():
            # One where a list may stand is a list of one.
            return 1
        case bool():
            return LONGEST_PAGE
        case int():
            return _clamped(value)
        case list() | tuple():
            return len(value)
        case dict() | Mapping():
            return sizes(value, _INSIDE)
    return None if value is Undefined else LONGEST_PAGE


def _clamped(first: int) -> int:
    return min(max(first, 1), LONGEST_PAGE)


# What stands in JSON and holds nothing. To ask of it whether it is a mapping takes longer.
_LEAVES = frozenset({str, int, float, bool, type(None)})
_HOLDERS = (list, dict, Mapping)


def items(variables: Variables, limits: Limits) -> int:
    """
    Count what stands in lists, however deep.

    Raises:
        Exceeded: there is more in lists and objects, or it lies deeper, than may be.
    """
    listed = seen = depth = 0
    level: list[Any] = [variables]
    while level:
        if depth > limits.nesting:
            exceed(limits, "nesting", depth)
        deeper: list[Any] = []
        for value in level:
            many = len(value)
            seen += many
            if seen > limits.items:
                exceed(limits, "items", seen)
            is_list = isinstance(value, list)
            listed += many if is_list else 0
            for one in value if is_list else value.values():
                if type(one) not in _LEAVES and isinstance(one, _HOLDERS):
                    deeper.append(one)  # noqa: PERF401 (a comprehension for each object takes longer than these do)
        level = deeper
        depth += 1
    return listed
