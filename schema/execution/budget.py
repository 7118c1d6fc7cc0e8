"""
What a document asks for, counted in one pass before anybody validates it.

A fragment is counted once, however often it is spread: the work grows with the length of the document, and what
it would become when it is spread out is only reckoned.
"""

from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from graphql import (
    DefinitionNode,
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLField,
    GraphQLNamedType,
    GraphQLSchema,
    InlineFragmentNode,
    NoFragmentCyclesRule,
    OperationDefinitionNode,
    SelectionNode,
    SelectionSetNode,
    UniqueFragmentNamesRule,
    get_named_type,
    validate,
)

from schema.costs import USUAL_SIZE
from schema.execution.comparisons import comparisons
from schema.execution.limits import LIMITS, Limits, exceed, hold
from schema.execution.prices import INTROSPECTION, UNKNOWN, Price, prices
from schema.execution.sizes import Sizes, Wanted, given, size

Fragments: TypeAlias = Mapping[str, FragmentDefinitionNode]

# What says why a document has no end: a fragment brings itself, or it only seems so, since two have the same name.
_ENDLESS = (UniqueFragmentNamesRule, NoFragmentCyclesRule)


@dataclass(slots=True)
class Measure:
    """
    What a part of a document asks for.

    `paged` is what it costs for each object of the page that it is a part of, beside its `cost`.
    """

    fields: int = 0
    aliases: int = 0
    depth: int = 0
    roots: int = 0
    cost: int = 0
    paged: int = 0

    def take(self, other: "Measure") -> None:
        """Add what stands beside it, or in a fragment."""
        self.fields += other.fields
        self.aliases += other.aliases
        self.depth = max(self.depth, other.depth)
        self.roots += other.roots
        self.cost += other.cost
        self.paged += other.paged


def measure(
    document: DocumentNode,
    schema: GraphQLSchema,
    wanted: Sizes = (),
    name: str | None = None,
    limits: Limits = LIMITS,
) -> Measure:
    """
    Answer what the operation called *name* asks for, or the first one, where its variables have these sizes.

    Raises:
        Exceeded: it, or another part of the document, asks for more than one may.
        GraphQLError: a fragment brings itself, and so whoever walks through what it brings comes to no end.
    """
    operations = [one for one in document.definitions if isinstance(one, OperationDefinitionNode)]
    fragments = {one.name.value: one for one in document.definitions if isinstance(one, FragmentDefinitionNode)}
    hold(limits, "operations", len(operations))
    hold(limits, "fragments", len(document.definitions) - len(operations))
    chosen = next((one for one in operations if name is None or (one.name and one.name.value == name)), None)
    counting = _Counting(schema, fragments, given(chosen, wanted) if chosen else {}, limits)
    asked = {id(one): counting.operation(one) for one in operations}
    counting.unused()
    for one in document.definitions:
        counting.directives(one)
    if counting.is_endless:
        raise validate(schema, document, _ENDLESS)[0]
    hold(limits, "comparisons", comparisons(_roots(document, counting.spread), fragments, limits.comparisons))
    found = asked[id(chosen)] if chosen else Measure()
    hold(limits, "cost", found.cost)
    return found


def _roots(document: DocumentNode, spread: Container[str]) -> Iterator[SelectionSetNode]:
    """Answer what no other definition brings."""
    for one in document.definitions:
        match one:
            case OperationDefinitionNode():
                yield one.selection_set
            case FragmentDefinitionNode(name=name) if name.value not in spread:
                yield one.selection_set


class _Counting:
    """The pass over one document."""

    def __init__(self, schema: GraphQLSchema, fragments: Fragments, wanted: Wanted, limits: Limits) -> None:
        self._schema = schema
        self._prices = prices(schema)
        self._fragments = fragments
        self._wanted = wanted
        self._limits = limits
        self._measured: dict[str, Measure] = {}
        self._open: set[str] = set()
        self._directives = 0
        self._spreads = 0
        # Fragments that something spreads.
        self.spread: set[str] = set()
        # Whether one of them brings itself, at whatever depth.
        self.is_endless = False

    def operation(self, node: OperationDefinitionNode) -> Measure:
        found = self._selections(node.selection_set, self._schema.get_root_type(node.operation), 0)
        self._hold(found)
        hold(self._limits, "roots", found.roots)
        return found

    def unused(self) -> None:
        """Count the fragments that no operation brings: they are validated like the others."""
        for name in self._fragments:
            self._hold(self._fragment(name, 0))

    def _hold(self, found: Measure) -> None:
        for metric in ("aliases", "fields", "depth"):
            hold(self._limits, metric, getattr(found, metric))

    def directives(self, node: DefinitionNode | SelectionNode) -> None:
        found = len(getattr(node, "directives", None) or ())
        self._directives += found
        hold(self._limits, "directives_at_once", found)
        hold(self._limits, "directives", self._directives)

    def _selections(self, node: SelectionSetNode | None, parent: GraphQLNamedType | None, nesting: int) -> Measure:
        if nesting > self._limits.nesting:
            exceed(self._limits, "nesting")
        total = Measure()
        for one in node.selections if node else ():
            self.directives(one)
            total.take(self._selection(one, parent, nesting + 1))
        return total

    def _selection(self, node: SelectionNode, parent: GraphQLNamedType | None, nesting: int) -> Measure:
        match node:
            case FieldNode():
                return self._field(node, parent, nesting)
            case InlineFragmentNode(type_condition=on):
                kind = self._schema.get_type(on.name.value) if on else parent
                return self._selections(node.selection_set, kind, nesting)
            case FragmentSpreadNode(name=name):
                self._spreads += 1
                hold(self._limits, "spreads", self._spreads)
                self.spread.add(name.value)
                return self._fragment(name.value, nesting)
        return Measure()

    def _fragment(self, name: str, nesting: int) -> Measure:
        if name in self._open:
            self.is_endless = True
            return Measure()
        # One that is not there is refused by validation.
        if name not in self._fragments:
            return Measure()
        if name not in self._measured:
            self._open.add(name)
            node = self._fragments[name]
            kind = self._schema.get_type(node.type_condition.name.value)
            self._measured[name] = self._selections(node.selection_set, kind, nesting)
            self._open.discard(name)
        return self._measured[name]

    def _field(self, node: FieldNode, parent: GraphQLNamedType | None, nesting: int) -> Measure:
        name = node.name.value
        field: GraphQLField | None = getattr(parent, "fields", {}).get(name)
        inside = self._selections(node.selection_set, get_named_type(field.type) if field else None, nesting)
        found = Measure(fields=inside.fields + 1, aliases=inside.aliases + (node.alias is not None), roots=1)
        if name in INTROSPECTION:
            # What it brings is the schema, whatever is asked of it, and that may lie deep.
            found.cost = INTROSPECTION[name].weight
            return found
        found.depth = inside.depth + 1 if node.selection_set else 0
        self._price(found, self._prices.get((parent.name if parent else "", name), UNKNOWN), node, field, inside)
        return found

    def _price(
        self, found: Measure, price: Price, node: FieldNode, field: GraphQLField | None, inside: Measure
    ) -> None:
        asked = (size(path, node.arguments or (), field, self._wanted) for path in price.slicing)
        times = max((one for one in asked if one is not None), default=price.size)
        hold(self._limits, "items", times)
        # What belongs to a page that comes from nowhere that says how long it is.
        one = inside.cost + USUAL_SIZE * inside.paged
        if price.of_page:
            found.cost, found.paged = price.weight, price.each + one
        elif price.sized:
            found.cost = price.weight + inside.cost + times * inside.paged
        elif price.each:
            found.cost = price.weight + times * (price.each + one)
        else:
            found.cost = price.weight + one
