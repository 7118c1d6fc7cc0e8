"""A field of an operation where it stands, with everything that its execution needs and that never changes."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from graphql import (
    FieldNode,
    GraphQLField,
    GraphQLNamedType,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLResolveInfo,
    ListValueNode,
    ObjectValueNode,
    Undefined,
    ValueNode,
    VariableNode,
    get_named_type,
    is_enum_type,
    is_required_argument,
    is_specified_scalar_type,
)
from graphql.execution.collect_fields import FieldDetails, FieldDetailsList, GroupedFieldSet
from graphql.execution.values import get_argument_values
from graphql.pyutils import Path

from schema.execution.compiled.coercing import has_default
from schema.execution.compiled.places import Place, path

if TYPE_CHECKING:
    from schema.execution.compiled import Compiled

# What no resolver can change, and so may be handed to many of them.
_UNCHANGING = frozenset({str, int, float, bool, type(None)})


class _ByVariable(NamedTuple):
    """An argument that is a variable and nothing else: as what it is taken, and whether it may be null."""

    word: str
    variable: str
    nullable: bool


class Field:
    """
    One response key of one selection set: its nodes, its definition and its type.

    Where its arguments are `said`, no variable is in them. `known` are those of every operation, as soon as they were
    needed and could be shared.
    """

    __slots__ = (
        "definition",
        "details",
        "key",
        "known",
        "name",
        "node",
        "nodes",
        "parent",
        "said",
        "takes_arguments",
        "type",
        "variables",
    )

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
        given = self.node.arguments
        self.said = not given or not any(_has_variable(argument.value) for argument in given)
        self.known: dict[str, Any] | None = None
        # Looked at when they are first needed.
        self.variables: Sequence[_ByVariable] | None = None

    def path(self, at: Place | None) -> Path:
        """Answer the path of this field in the object that stands at *at*."""
        return Path(path(at), self.key, self.parent.name)

    def info(self, run: "Compiled", at: Place | None) -> GraphQLResolveInfo[Any]:
        """Answer what graphql-core tells a resolver of this field in the object that stands at *at*."""
        return run.build_resolve_info(self.definition, self.nodes.copy(), self.parent, self.path(at))

    def arguments(self, run: "Compiled") -> dict[str, Any]:
        """
        Answer the arguments, coerced once for an operation where no resolver could change them.

        Raises:
            GraphQLError: a variable has a value that this argument does not take.
        """
        if not self.takes_arguments:
            return {}
        known = run.arguments.get(self) if self.known is None else self.known
        if known is None:
            known = self._coerced(run)
            if not _UNCHANGING.issuperset(map(type, known.values())):
                return known
            if self.said and self._means_always(known):
                self.known = known
            else:
                run.arguments[self] = known
        return known

    def constants(self, run: "Compiled") -> dict[str, Any] | None:
        """
        Answer the arguments where they are the same for every operation, and no code of the schema's own reads them.

        Raises:
            GraphQLError: one of them has a value that it does not take.
        """
        given = {argument.name.value for argument in self.node.arguments or ()}
        simple = all(
            _always_reads(get_named_type(argument.type)) or (name not in given and argument.default is None)
            for name, argument in self.definition.args.items()
        )
        return self._coerced(run) if self.said and simple else None

    def is_kept(self, run: "Compiled") -> bool:
        """Answer whether the arguments of this operation are kept, since no resolver can change them."""
        return self.known is not None or self in run.arguments

    def _coerced(self, run: "Compiled") -> dict[str, Any]:
        if self.variables is None:
            self.variables = _by_variables(self.definition, self.node)
        given = _given(self.variables, run.variable_values.coerced)
        if given:
            return given
        return get_argument_values(self.definition, self.node, run.variable_values, None, run.hide_suggestions)

    def _means_always(self, known: Mapping[str, Any]) -> bool:
        """Answer whether another operation's will be the same: a scalar of a schema's own may read a clock."""
        kinds = {argument.out_name or name: argument.type for name, argument in self.definition.args.items()}
        return all(value is None or _always_reads(get_named_type(kinds[name])) for name, value in known.items())


def _given(arguments: Sequence[_ByVariable], coerced: Mapping[str, Any]) -> dict[str, Any] | None:
    """Answer what these variables are; None where one is not given, or is null and may not be."""
    given = {}
    for word, variable, nullable in arguments:
        value = coerced.get(variable, Undefined)
        if value is Undefined or (value is None and not nullable):
            return None
        given[word] = value
    return given


def _by_variables(definition: GraphQLField, node: FieldNode) -> Sequence[_ByVariable]:
    """Answer the arguments, where all that are given are variables and none of the others has a default."""
    given = {argument.name.value: argument.value for argument in node.arguments or ()}
    found = []
    for name, argument in definition.args.items():
        value = given.get(name)
        if isinstance(value, VariableNode):
            nullable = not isinstance(argument.type, GraphQLNonNull)
            found.append(_ByVariable(argument.out_name or name, value.name.value, nullable))
        elif value is not None or is_required_argument(argument) or has_default(argument):
            return ()
    return found


def plainly(field: Field) -> GroupedFieldSet | None:
    """Answer what is selected of a field's objects, where it only has to be read: without fragments and directives."""
    (node, *others) = field.nodes
    if others or node.selection_set is None:
        return None
    groups: GroupedFieldSet = {}
    for selection in node.selection_set.selections:
        if type(selection) is not FieldNode or selection.directives:
            return None
        key = (selection.alias or selection.name).value
        groups.setdefault(key, []).append(FieldDetails(selection, None))
    return groups


def _always_reads(kind: GraphQLNamedType) -> bool:
    return is_specified_scalar_type(kind) or is_enum_type(kind)


def _has_variable(value: ValueNode) -> bool:
    match value:
        case VariableNode():
            return True
        case ListValueNode(values=values):
            return any(map(_has_variable, values))
        case ObjectValueNode(fields=fields):
            return any(_has_variable(field.value) for field in fields)
    return False
