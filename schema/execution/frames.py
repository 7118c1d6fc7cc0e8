"""What @defer and @stream send, one frame after another, for clients of either edition of the draft."""

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

from graphql.execution import InitialIncrementalExecutionResult, PendingResult, SubsequentIncrementalExecutionResult

Incremental: TypeAlias = InitialIncrementalExecutionResult | SubsequentIncrementalExecutionResult

# A place in the answer: names of fields, and places in lists.
Place: TypeAlias = Sequence[str | int]


class Frames(list[PendingResult]):
    """
    The frames of one operation; the list holds what they announced.

    The present draft names a patch's place by an id that an earlier frame announced; that of 2022, which
    Apollo's default handler, urql and Relay read, by a whole path, in a list with the number of the first
    item. A patch carries both.
    """

    def __init__(self) -> None:
        super().__init__()
        self._sent: dict[str, int] = {}

    def frame(self, result: Incremental) -> dict[str, Any]:
        # A TypedDict of the library's; here it is only a mapping to be sent.
        frame: dict[str, Any] = {name: value for name, value in result.formatted.items() if name in _KEPT or value}
        self.extend(result.pending or ())
        if "data" in frame:
            self._count((), frame["data"])
        if "incremental" in frame:
            frame["incremental"] = [self._placed(patch) for patch in frame["incremental"]]
        return frame

    def _placed(self, patch: Mapping[str, Any]) -> dict[str, Any]:
        announced = next(one for one in self if one.id == patch["id"])
        place = [*announced.path, *patch.get("subPath", ())]
        if "items" in patch:
            first = self._sent.get(announced.id, 0)
            self._sent[announced.id] = first + len(patch["items"])
            for number, item in enumerate(patch["items"], start=first):
                self._count([*place, number], item)
            place.append(first)
        else:
            self._count(place, patch["data"])
        label = {} if announced.label is None else {"label": announced.label}
        return {**patch, "path": place, **label}

    def _count(self, place: Place, value: object) -> None:
        """Note how many items of each announced list stand in *value*, which stands at *place*."""
        depth = len(place)
        for announced in self:
            if announced.id not in self._sent and list(place) == announced.path[:depth]:
                found = _at(value, announced.path[depth:])
                if isinstance(found, list):
                    self._sent[announced.id] = len(found)


# A frame always says whether another follows; the first always says its data, and that may be null.
_KEPT = frozenset({"data", "hasNext"})


def _at(value: object, place: Place) -> object:
    for part in place:
        if isinstance(value, dict):
            value = value.get(part)
        elif isinstance(value, list) and isinstance(part, int) and part < len(value):
            value = value[part]
        else:
            return None
    return value
