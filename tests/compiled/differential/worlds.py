"""What every resolver of an operation does, drawn by walking the operation over its schema."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from graphql import (
    DocumentNode,
    FragmentDefinitionNode,
    GraphQLEnumType,
    GraphQLError,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLSchema,
    OperationDefinitionNode,
    get_variable_values,
    is_abstract_type,
    is_composite_type,
    is_leaf_type,
)
from graphql.execution.collect_fields import (
    FieldDetails,
    FragmentDetails,
    GroupedFieldSet,
    collect_fields,
    collect_subfields,
)

from tests.compiled.differential.case import (
    SHARED,
    Act,
    Fault,
    Later,
    Leaf,
    Loaded,
    Many,
    Member,
    Odd,
    Schema,
    Shape,
    Thing,
)
from tests.compiled.differential.choices import Choices
from tests.compiled.differential.oddities import FAULTS, ODDITIES

# Acts in one world; from then on everything is as small as its type lets it.
MOST_ACTS = 150

RIGHT: dict[str, tuple[Any, ...]] = {
    "String": ("text", "", 5, 1.5, True),
    "Int": (1, 0, -(2**31), 3.0, "12", True),
    "Float": (1.5, 2, "1e3", 0.1, False),
    "Boolean": (True, False, 1, 0.0),
    "ID": ("id", 5),
    "Stamp": ("stamp", 5),
}
WRONG: dict[str, tuple[Any, ...]] = {
    "String": ([], {}),
    "Int": (2**31, -(2**31) - 1, "twelve", 1.5, []),
    "Float": ("text", {}),
    "Boolean": ("true", []),
    "ID": (1.5, []),
    "Stamp": (0, 1.5, None),
}
SHAPES: tuple[Shape, ...] = ("record", "dict", "watched", "methods", "mapping")
# Its types are known by their classes, and its attributes are not looked for in a dict.
STRAWBERRY_SHAPES: tuple[Shape, ...] = (*("record",) * 12, "watched", "dict")


class WorldDrawing:
    def __init__(self, choices: Choices, schema: GraphQLSchema, of: Schema) -> None:
        self._choices, self._schema = choices, schema
        self._shapes = STRAWBERRY_SHAPES if of.is_strawberry else SHAPES
        self._ways, self._asks = of.ways, set(of.tellings.values())
        self._left = MOST_ACTS
        self._trouble = choices.one_of((0, 6, 12, 25))
        self._lateness = choices.one_of((0, 0, 15, 45))
        self._loaded: dict[str, Act] = {}
        self._faults = 0

    def root(self, document: DocumentNode, operation: OperationDefinitionNode, sent: dict[str, Any]) -> Thing:
        self._operation = operation
        self._fragments = {
            each.name.value: FragmentDetails(each)
            for each in document.definitions
            if isinstance(each, FragmentDefinitionNode)
        }
        kind = self._schema.get_root_type(operation.operation)
        variables = get_variable_values(self._schema, operation.variable_definitions or (), sent)
        if kind is None or isinstance(variables, list):
            return Thing("Query", "record", {})
        self._variables = variables
        try:
            grouped = collect_fields(self._schema, self._fragments, variables, kind, operation).grouped_field_set
        except GraphQLError:
            grouped = {}
        return self._thing(kind, grouped)

    def _thing(self, kind: GraphQLObjectType, grouped: GroupedFieldSet) -> Thing:
        fields: dict[str, Act] = {}
        # An object has one value for whatever reads the same attribute of it.
        shared: dict[str, list[FieldDetails]] = defaultdict(list)
        for key, details in grouped.items():
            name = details[0].node.name.value
            if name.startswith("__"):
                continue
            if self._ways.get(f"{kind.name}.{name}") in SHARED:
                shared[name] += details
            else:
                fields[key] = self._act(kind.fields[name].type, details)
        for name, details in shared.items():
            act = self._act(kind.fields[name].type, details)
            # What is answered for many objects is there, or an error.
            is_many = self._ways[f"{kind.name}.{name}"] == "many"
            fields[name] = act.then if is_many and isinstance(act, Later | Loaded) else act
        shape: Shape = self._shapes[0] if self._choices.likely(40) else self._choices.one_of(self._shapes)
        return Thing(kind.name, shape, fields, *self._doubts(kind))

    def _doubts(self, kind: GraphQLObjectType) -> tuple[Act | None, Act | None]:
        """Answer what resolve_type and is_type_of do, where it is not simply right and somebody asks."""
        claims = self._doubt(Leaf(kind.name), _CLAIMS) if "resolve_type" in self._asks else None
        belongs = self._doubt(Leaf(True), _BELONGS) if "is_type_of" in self._asks else None
        return claims, belongs

    def _doubt(self, right: Leaf, wrong: tuple[Leaf, ...]) -> Act | None:
        act: Act | None = None
        if self._is_trouble():
            act = self._fault() if self._choices.likely(40) else self._choices.one_of(wrong)
        return self._later(act or right) if self._is_late() else act

    def _act(self, kind: GraphQLOutputType, details: list[FieldDetails]) -> Act:
        """Answer what a resolver does, or what stands in a list."""
        self._left -= 1
        if self._left < 0:
            return self._value(kind, details)
        act = self._trouble_with(kind, details) if self._is_trouble() else self._value(kind, details)
        if isinstance(act, Leaf) and self._choices.likely(6):
            key = f"{kind}/{self._choices.upto(2)}"
            return Loaded(key, self._loaded.setdefault(key, act))
        # What waits comes to a value, and not to something that waits again.
        return self._later(act) if self._is_late() and not isinstance(act, Later) else act

    def _value(self, kind: GraphQLOutputType, details: list[FieldDetails]) -> Act:
        if isinstance(kind, GraphQLNonNull):
            kind = kind.of_type
        elif self._left < 0 or self._choices.likely(5):
            return Leaf(None)
        if isinstance(kind, GraphQLList):
            return self._many(kind, details)
        if isinstance(kind, GraphQLEnumType):
            return self._enum(kind)
        if is_leaf_type(kind):
            return Leaf(self._choices.one_of(RIGHT[kind.name]))
        assert is_composite_type(kind)
        members: Sequence[Any] = self._schema.get_possible_types(kind) if is_abstract_type(kind) else [kind]
        if not members:
            return Leaf(None)
        member = self._choices.one_of(members)
        try:
            collected = collect_subfields(
                self._schema, self._fragments, self._variables, self._operation, member, details
            )
        except GraphQLError:
            return Thing(member.name, "record", {})
        return self._thing(member, collected.grouped_field_set)

    def _many(self, kind: GraphQLList[Any], details: list[FieldDetails]) -> Act:
        lengths = (2, 3, 2, 1, 2, 0) if self._left > MOST_ACTS // 3 else (1, 0)
        length = self._choices.one_of(lengths) if self._left > 0 else 0
        items = [self._act(kind.of_type, details) for _ in range(length)]
        container: Any = "list" if self._choices.likely(60) else self._choices.one_of(_CONTAINERS)
        if container in ("list", "tuple", "set") or not self._is_trouble():
            return Many(container, items)
        return Many(container, items, self._fault(is_raised=True))

    def _enum(self, kind: GraphQLEnumType) -> Act:
        return Member(kind.name, self._choices.one_of([str(name) for name in kind.values]))

    def _trouble_with(self, kind: GraphQLOutputType, details: list[FieldDetails]) -> Act:
        match self._choices.upto(8):
            case 0:
                return self._fault()
            case 1 | 8:
                return self._later(self._fault()) if self._lateness else self._fault()
            case 2:
                return Leaf(None)
            case 3:
                return Odd(self._choices.one_of(list(ODDITIES)))
            case 4:
                return Leaf(self._choices.one_of((2**31, "text", [], [1], [None], {}, True)))
        while isinstance(kind, GraphQLNonNull | GraphQLList):
            kind = kind.of_type
        if isinstance(kind, GraphQLEnumType):
            return Leaf("FOUR")
        return Leaf(self._choices.one_of(WRONG[kind.name])) if is_leaf_type(kind) else self._value(kind, details)

    def _fault(self, is_raised: bool = False) -> Fault:
        self._faults += 1
        kind = self._choices.one_of(list(FAULTS))
        return Fault(kind, f"{kind} fault {self._faults}", is_raised or self._choices.likely(70))

    def _later(self, act: Act) -> Later:
        kind = self._choices.one_of(_LATER)
        return Later(kind, self._choices.upto(3), act)

    def _is_trouble(self) -> bool:
        return self._trouble > 0 and self._left >= 0 and self._choices.likely(self._trouble)

    def _is_late(self) -> bool:
        return self._lateness > 0 and self._left >= 0 and self._choices.likely(self._lateness)


_CLAIMS = (Leaf("Nobody"), Leaf("Query"), Leaf("String"), Leaf(None), Leaf(5))
_BELONGS = (Leaf(False), Leaf(None))
_CONTAINERS: tuple[Any, ...] = ("tuple", "generator", "iterable", "async generator", "async iterable", "set")
_LATER: tuple[Any, ...] = ("coroutine", "object", "task")
