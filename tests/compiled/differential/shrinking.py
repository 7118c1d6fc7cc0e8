"""Makes a case smaller while it stays what it is: selections, definitions, values and doubts leave one by one."""

from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any

from graphql import (
    REMOVE,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    InlineFragmentNode,
    Node,
    SelectionSetNode,
    VariableDefinitionNode,
    VariableNode,
    Visitor,
    parse,
    print_ast,
    validate,
    validate_schema,
    visit,
)
from msgspec.structs import replace

from tests.compiled.differential.building import built
from tests.compiled.differential.case import Act, Case, Later, Loaded, Many, Thing

# Cases tried in all; one takes a few milliseconds.
MOST_TRIES = 3000

# What of a document, and of a schema's text, can be left out.
_OF_DOCUMENTS = {"field", "inline_fragment", "fragment_spread", "directive", "argument"}
_OF_SCHEMAS = {
    *("enum_type_definition", "input_object_type_definition", "interface_type_definition"),
    *("object_type_definition", "union_type_definition", "field_definition", "input_value_definition"),
}


def shrunk(case: Case, still: Callable[[Case], bool]) -> Case:
    """Answer the smallest case found of which `still` holds."""
    tries, before = 0, None
    while before is not case:
        before = case
        for smaller in (_operations, _worlds, _schemas, _plainer):
            # Where one has just been taken away, the next one is tried, and not the first again.
            place, improves = 0, True
            while improves:
                improves = False
                for candidate in islice(smaller(case), place, None):
                    tries += 1
                    if tries > MOST_TRIES:
                        return case
                    if is_valid(candidate) and still(candidate):
                        case, improves = candidate, True
                        break
                    place += 1
    return case


def is_valid(case: Case) -> bool:
    try:
        schema = built(case.schema, case.in_parts).schema
        return not validate_schema(schema) and not validate(schema, parse(case.document))
    except Exception:  # noqa: BLE001 (what cannot be built is no case)
        return False


def _operations(case: Case) -> Iterator[Case]:
    for text in _texts(case.document, _OF_DOCUMENTS):
        document, variables = _used(text)
        yield replace(case, document=document, variables={k: v for k, v in case.variables.items() if k in variables})


def _worlds(case: Case) -> Iterator[Case]:
    for act in _acts(case.root):
        if isinstance(act, Thing):
            yield replace(case, root=act)


def _schemas(case: Case) -> Iterator[Case]:
    for text in _texts(case.schema.sdl, _OF_SCHEMAS):
        yield replace(case, schema=replace(case.schema, sdl=text))


def _plainer(case: Case) -> Iterator[Case]:
    schema = case.schema
    for name in schema.ways:
        yield replace(case, schema=replace(schema, ways={one: way for one, way in schema.ways.items() if one != name}))
    for name in case.variables:
        yield replace(case, variables={k: v for k, v in case.variables.items() if k != name})
    if case.operation:
        yield replace(case, operation=None)
    if not case.in_loop:
        yield replace(case, in_loop=True)


def _texts(text: str, kinds: set[str]) -> Iterator[str]:
    """Answer the text without each of its parts, the large ones first."""
    parts: list[Node] = []

    class Collecting(Visitor):
        def enter(self, node: Node, *_: Any) -> None:
            if node.kind in kinds:
                parts.append(node)

    document = parse(text)
    visit(document, Collecting())
    for part in parts:
        yield print_ast(visit(document, Removing(part)))
        if isinstance(part, InlineFragmentNode):
            yield print_ast(visit(document, Lifting(part)))


class Removing(Visitor):
    def __init__(self, part: Node) -> None:
        super().__init__()
        self._part = part

    def enter(self, node: Node, *_: Any) -> Any:
        return REMOVE if node is self._part else None


class Lifting(Visitor):
    """What stands in a fragment stands where the fragment stood."""

    def __init__(self, part: InlineFragmentNode) -> None:
        super().__init__()
        self._part = part

    def enter_selection_set(self, node: SelectionSetNode, *_: Any) -> Any:
        if self._part not in node.selections:
            return None
        kept = [
            inner
            for one in node.selections
            for inner in (self._part.selection_set.selections if one is self._part else (one,))
        ]
        return SelectionSetNode(selections=tuple(kept))


class Using(Visitor):
    """The names of fragments and variables that something uses."""

    def __init__(self) -> None:
        super().__init__()
        self.fragments: set[str] = set()
        self.variables: set[str] = set()

    def enter_fragment_spread(self, node: FragmentSpreadNode, *_: Any) -> None:
        self.fragments.add(node.name.value)

    def enter_variable(self, node: VariableNode, _key: Any, parent: Any, *_: Any) -> None:
        if not isinstance(parent, VariableDefinitionNode):
            self.variables.add(node.name.value)


class Declaring(Visitor):
    """Leaves out what is not used."""

    def __init__(self, used: Using) -> None:
        super().__init__()
        self._used = used

    def enter_fragment_definition(self, node: FragmentDefinitionNode, *_: Any) -> Any:
        return None if node.name.value in self._used.fragments else REMOVE

    def enter_variable_definition(self, node: VariableDefinitionNode, *_: Any) -> Any:
        return None if node.variable.name.value in self._used.variables else REMOVE


def _used(text: str) -> tuple[str, set[str]]:
    """Answer the document without fragments and variables that nobody uses, and the variables' names."""
    try:
        document = parse(text)
    except GraphQLError:
        # Nothing is left of a selection set; no valid case comes of it.
        return text, set()
    while True:
        used = Using()
        visit(document, used)
        kept = visit(document, Declaring(used))
        if kept is document:
            return print_ast(document), used.variables
        document = kept


def _acts(act: Act) -> Iterator[Act]:
    """Answer an act with one thing in it plainer."""
    match act:
        case Thing():
            yield from _things(act)
        case Many():
            yield from _lists(act)
        case Later():
            yield act.then
            if act.turns:
                yield replace(act, turns=act.turns - 1)
            if act.kind != "coroutine":
                yield replace(act, kind="coroutine")
            for plainer in _acts(act.then):
                yield replace(act, then=plainer)
        case Loaded():
            yield act.then


def _things(act: Thing) -> Iterator[Act]:
    for name in act.fields:
        yield replace(act, fields={key: one for key, one in act.fields.items() if key != name})
    for name, inner in act.fields.items():
        for plainer in _acts(inner):
            yield replace(act, fields={**act.fields, name: plainer})
    if act.claims or act.belongs:
        yield replace(act, claims=None, belongs=None)
        yield replace(act, claims=None)
        yield replace(act, belongs=None)
    if act.shape != "record":
        yield replace(act, shape="record")


def _lists(act: Many) -> Iterator[Act]:
    for index, inner in enumerate(act.items):
        yield replace(act, items=[*act.items[:index], *act.items[index + 1 :]])
        for plainer in _acts(inner):
            yield replace(act, items=[*act.items[:index], plainer, *act.items[index + 1 :]])
    if act.kind != "list":
        yield replace(act, kind="list")
    if act.breaks:
        yield replace(act, breaks=None)
