"""How many pairs of fields GraphQL will hold against each other, because they stand at the same place of the answer."""

from collections.abc import Iterable, Mapping

from graphql import FieldNode, FragmentDefinitionNode, FragmentSpreadNode, InlineFragmentNode, SelectionSetNode


def comparisons(roots: Iterable[SelectionSetNode], fragments: Mapping[str, FragmentDefinitionNode], enough: int) -> int:
    """
    Count the pairs of fields, and of fragments, that stand at one place; no further than a little beyond *enough*.

    Each field that a place has is held against every other there, and so are what these bring, and the fragments. None
    of these may bring itself: its places have no end.
    """
    found = 0
    waiting = [[root] for root in roots]
    while waiting and found <= enough:
        places, brought = _places(waiting.pop(), fragments)
        found += _pairs(brought)
        for nodes in places.values():
            found += _pairs(len(nodes))
            inside = [one.selection_set for one in nodes if one.selection_set]
            if inside:
                waiting.append(inside)
    return found


def _pairs(many: int) -> int:
    return many * (many - 1) // 2


def _places(
    sets: list[SelectionSetNode], fragments: Mapping[str, FragmentDefinitionNode]
) -> tuple[Mapping[str, list[FieldNode]], int]:
    """Answer the fields of these sets by their names in the answer, and how many fragments bring some."""
    places: dict[str, list[FieldNode]] = {}
    brought: set[str] = set()
    waiting = list(sets)
    while waiting:
        for one in waiting.pop().selections:
            if isinstance(one, FieldNode):
                places.setdefault((one.alias or one.name).value, []).append(one)
            elif isinstance(one, InlineFragmentNode):
                waiting.append(one.selection_set)
            elif isinstance(one, FragmentSpreadNode) and one.name.value not in brought:
                brought.add(one.name.value)
                if one.name.value in fragments:
                    waiting.append(fragments[one.name.value].selection_set)
    return places, len(brought)
