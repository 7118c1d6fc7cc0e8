"""Valid operations drawn over any schema: fields under aliases, fragments of both kinds, variables and directives."""

from typing import Any, NamedTuple

from graphql import (
    GraphQLBoolean,
    GraphQLCompositeType,
    GraphQLField,
    GraphQLList,
    GraphQLNonNull,
    GraphQLSchema,
    GraphQLUnionType,
    Undefined,
    get_named_type,
    get_nullable_type,
    is_abstract_type,
    is_composite_type,
    is_required_argument,
)

from tests.compiled.differential.choices import Choices
from tests.compiled.differential.inputs import USUAL, Variables, Words

# Selections in one operation, and how deep they go.
MOST_SELECTIONS = 40
DEEPEST = 5

INTROSPECTION = ("__schema { queryType { name } types { kind } }", '__type(name: "Query") { name fields { name } }')


class Operation(NamedTuple):
    document: str
    name: str | None
    variables: dict[str, Any]


def drawn(choices: Choices, schema: GraphQLSchema, is_incremental: bool = False, *, words: Words = USUAL) -> Operation:
    """Draw an operation; `words` has some for each scalar of the schema."""
    return _Drawing(choices, schema, is_incremental, words).operation()


def watched(choices: Choices, schema: GraphQLSchema, words: Words) -> Operation:
    """Draw a subscription; `words` are as of `drawn`."""
    return _Drawing(choices, schema, is_incremental=False, words=words).subscription()


class _Drawing:
    def __init__(self, choices: Choices, schema: GraphQLSchema, is_incremental: bool, words: Words) -> None:
        self._choices, self._schema, self._is_incremental = choices, schema, is_incremental
        self._left = MOST_SELECTIONS
        self._variables = Variables(choices, words)
        # Finished fragments by name: what they are on, and their text.
        self._fragments: dict[str, tuple[GraphQLCompositeType, str]] = {}
        # Arguments by a field's name and number, and what it takes: the same wherever that name in the answer stands.
        self._arguments: dict[tuple[str, ...], str] = {}
        self._labels = 0

    def operation(self) -> Operation:
        choices, schema = self._choices, self._schema
        is_mutation = choices.likely(20) and schema.mutation_type is not None and not self._is_incremental
        root = schema.mutation_type if is_mutation else schema.query_type
        assert root is not None
        selections = self._selections(root, 0)
        if choices.likely(2) and not is_mutation:
            selections += f" {choices.one_of(INTROSPECTION)}"
        definitions = [self._main("mutation" if is_mutation else "query", selections)]
        is_among_others = choices.likely(10)
        if is_among_others:
            definitions.insert(choices.upto(1), "query Other { __typename }")
        definitions += self._written_fragments()
        named = "Main" if is_among_others or choices.likely(10) else None
        if choices.likely(1):
            named = "Nobody" if named is None else None
        return Operation("\n".join(definitions), named, self._variables.sent)

    def subscription(self) -> Operation:
        root = self._schema.subscription_type
        assert root is not None
        # It has one root field and no more.
        selections = f"  {self._field(self._choices.one_of(list(root.fields.items())), 0)}"
        definitions = [self._main("subscription", selections), *self._written_fragments()]
        return Operation("\n".join(definitions), None, self._variables.sent)

    def _main(self, kind: str, selections: str) -> str:
        declared = ", ".join(f"${name}: {kind}" for name, kind in self._variables.declared.items())
        return f"{kind} Main{f'({declared})' if declared else ''} {{\n{selections}\n}}"

    def _written_fragments(self) -> list[str]:
        return [f"fragment {name} on {kind.name} {text}" for name, (kind, text) in self._fragments.items()]

    def _selections(self, kind: GraphQLCompositeType, depth: int) -> str:
        most = 0 if self._left < 0 else 4 if depth == 0 else 3 if depth < 3 else 1
        chosen = [self._selection(kind, depth) for _ in range(1 + self._choices.upto(most))]
        return "\n".join("  " * (depth + 1) + line for line in chosen)

    def _block(self, kind: GraphQLCompositeType, depth: int) -> str:
        return f"{{\n{self._selections(kind, depth + 1)}\n{'  ' * (depth + 1)}}}"

    def _selection(self, kind: GraphQLCompositeType, depth: int) -> str:
        self._left -= 1
        fields = {} if isinstance(kind, GraphQLUnionType) else kind.fields
        if self._left < 0 or depth > DEEPEST:
            fields = {name: each for name, each in fields.items() if not is_composite_type(get_named_type(each.type))}
            return self._field(self._choices.one_of(list(fields.items())), depth) if fields else "__typename"
        percent = 70 if is_abstract_type(kind) else 25
        if self._choices.likely(percent):
            return self._inline(kind, depth) if self._choices.likely(60) else self._spread(kind, depth)
        if not fields or self._choices.likely(10):
            return self._choices.one_of(("__typename", "own: __typename")) + self._condition()
        return self._field(self._choices.one_of(list(fields.items())), depth)

    def _field(self, named_field: tuple[str, GraphQLField], depth: int) -> str:
        name, field = named_field
        named = get_named_type(field.type)
        if self._is_incremental and isinstance(get_nullable_type(field.type), GraphQLList) and self._choices.likely(30):
            # What streams has a name of its own in the answer, because all fields of one name need the same stream.
            self._labels += 1
            written = f"s{self._labels}: {name}{self._given(field)} @stream(initialCount: {self._choices.upto(2)})"
            return f"{written} {self._block(named, depth)}" if is_composite_type(named) else written
        number = self._choices.one_of((0, 0, 0, 1, 2))
        # One name in the answer always means the same, so whatever meets can be merged.
        known = (f"{name}{number}", *(f"{each}: {argument.type}" for each, argument in field.args.items()))
        if known not in self._arguments:
            self._arguments[known] = self._given(field)
        alias = (f"{name}{number}: ") if number else ("" if self._choices.likely(80) else f"other_{name}: ")
        written = alias + name + self._arguments[known] + self._condition()
        return f"{written} {self._block(named, depth)}" if is_composite_type(named) else written

    def _given(self, field: GraphQLField) -> str:
        given, answered = [], get_named_type(field.type).name
        for name, argument in field.args.items():
            if is_required_argument(argument) or self._choices.likely(60):
                has_default = argument.default_value is not Undefined
                place = f"{answered}.{name}"
                given.append(f"{name}: {self._variables.literal(argument.type, has_default, place)}")
        return f"({', '.join(given)})" if given else ""

    def _inline(self, kind: GraphQLCompositeType, depth: int) -> str:
        on = self._narrowed(kind)
        condition = "" if on is kind and self._choices.likely(50) else f" on {on.name}"
        return f"...{condition}{self._condition()}{self._deferred()} {self._block(on, depth)}"

    def _spread(self, kind: GraphQLCompositeType, depth: int) -> str:
        fitting = [name for name, (on, _) in self._fragments.items() if self._meet(on, kind)]
        if fitting and self._choices.likely(50):
            return f"...{self._choices.one_of(fitting)}{self._condition()}{self._deferred()}"
        on = self._narrowed(kind)
        text = self._block(on, depth)
        name = f"F{len(self._fragments)}"
        self._fragments[name] = (on, text)
        return f"...{name}{self._condition()}{self._deferred()}"

    def _narrowed(self, kind: GraphQLCompositeType) -> GraphQLCompositeType:
        """Answer a type that something of this type may be of: itself, one of its members, or beside it."""
        composite = [each for each in self._schema.type_map.values() if is_composite_type(each)]
        others = [each for each in composite if not each.name.startswith("__") and self._meet(each, kind)]
        return kind if not others or self._choices.likely(30) else self._choices.one_of(others)

    def _meet(self, one: GraphQLCompositeType, other: GraphQLCompositeType) -> bool:
        return not {each.name for each in self._members(one)}.isdisjoint(each.name for each in self._members(other))

    def _members(self, kind: GraphQLCompositeType) -> Any:
        return self._schema.get_possible_types(kind) if is_abstract_type(kind) else [kind]

    def _condition(self) -> str:
        if not self._choices.likely(9):
            return ""
        names = self._choices.one_of((("skip",), ("include",), ("skip",), ("include",), ("skip", "include")))
        return "".join(f" @{name}(if: {self._truth()})" for name in names)

    def _truth(self) -> str:
        if self._choices.likely(50):
            return self._variables.used(GraphQLNonNull(GraphQLBoolean))
        return self._choices.one_of(("true", "false"))

    def _deferred(self) -> str:
        if not self._is_incremental or not self._choices.likely(40):
            return ""
        self._labels += 1
        return f' @defer(label: "l{self._labels}")'
