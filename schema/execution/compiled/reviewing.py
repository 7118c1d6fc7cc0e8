"""What is looked at before an operation is compiled: what steers it, and what is left to graphql-core."""

from collections.abc import Iterator, Mapping

from graphql import (
    DirectiveNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    OperationDefinitionNode,
    SelectionNode,
    SelectionSetNode,
    VariableNode,
)
from msgspec import Struct

# A longer operation is seldom sent twice, and would take its room from many others.
MOST_FIELDS = 3000

# Directives that make parts of an answer, and fields that ask for the schema itself.
PARTS = frozenset({"defer", "stream"})
INTROSPECTION = frozenset({"__schema", "__type"})
STEERING = frozenset({"skip", "include"})


class Review(Struct, frozen=True, kw_only=True):
    """
    What is known of an operation before it is compiled.

    Args:
        steering: The variables that steer @skip and @include.
        reason: Why it is not compiled at all; empty where it is.
    """

    steering: tuple[str, ...] = ()
    reason: str = ""


class LeftAlone(Exception):
    """Something that is not compiled."""

    def __init__(self, reason: str) -> None:
        self.reason = reason


def review(operation: OperationDefinitionNode, fragments: Mapping[str, FragmentDefinitionNode]) -> Review:
    if any(one.name.value == "experimental_disableErrorPropagation" for one in operation.directives or ()):
        return Review(reason="error propagation")
    looking = _Looking(fragments)
    try:
        looking.selections(operation.selection_set)
    except LeftAlone as alone:
        return Review(reason=alone.reason)
    except RecursionError:
        return Review(reason="depth")
    return Review(steering=tuple(sorted(looking.steering)))


class _Looking:
    """One pass over an operation, and once over each of its fragments."""

    def __init__(self, fragments: Mapping[str, FragmentDefinitionNode]) -> None:
        self._fragments = fragments
        self._lengths: dict[str, int] = {}
        self.steering: set[str] = set()

    def selections(self, node: SelectionSetNode | None) -> int:
        """Answer how many fields there are when all fragments are spread out."""
        found = sum(self._selection(one) for one in node.selections) if node else 0
        if found > MOST_FIELDS:
            raise LeftAlone("length")
        return found

    def _selection(self, node: SelectionNode) -> int:
        for directive in node.directives or ():
            self._directive(directive)
        if isinstance(node, FragmentSpreadNode):
            return self._fragment(node.name.value)
        if isinstance(node, FieldNode):
            if node.name.value in INTROSPECTION:
                raise LeftAlone("introspection")
            return 1 + self.selections(node.selection_set)
        return self.selections(getattr(node, "selection_set", None))

    def _fragment(self, name: str) -> int:
        definition = self._fragments.get(name)
        if definition is None:
            return 0
        if definition.variable_definitions:
            raise LeftAlone("fragment variables")
        if name not in self._lengths:
            # One that brings itself is refused by validation; should it come nevertheless, it ends here.
            self._lengths[name] = 0
            self._lengths[name] = self.selections(definition.selection_set)
        return self._lengths[name]

    def _directive(self, directive: DirectiveNode) -> None:
        name = directive.name.value
        if name in PARTS:
            raise LeftAlone("parts")
        if name in STEERING:
            self.steering.update(_variables(directive))


def _variables(directive: DirectiveNode) -> Iterator[str]:
    for argument in directive.arguments or ():
        if isinstance(argument.value, VariableNode):
            yield argument.value.name.value
