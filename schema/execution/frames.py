"""What @defer and @stream send, one frame after another, for clients of either edition of the draft."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, TypeAlias

from graphql.execution import InitialIncrementalExecutionResult, PendingResult, SubsequentIncrementalExecutionResult

Incremental: TypeAlias = InitialIncrementalExecutionResult | SubsequentIncrementalExecutionResult

# A place in the answer: names of fields, and places in lists.
Place: TypeAlias = Sequence[str | int]

# A frame always says whether another follows; the first always says its data, and that may be null.
_KEPT = frozenset({"data", "hasNext"})


class Frames:
    """
    The frames of one operation.

    The present draft names a patch's place by an id that an earlier frame announced; that of 2022, which
    Apollo's default handler, urql and Relay read, by a whole path, in a list with the number of the first
    item. A patch carries both.
    """

    def __init__(self) -> None:
        self._announced: dict[str, PendingResult] = {}
        # How many items of an announced list are at the client.
        self._sent: dict[str, int] = {}

    @property
    def owed(self) -> Sequence[str]:
        """The ids of what was announced and is still to come."""
        return list(self._announced)

    @staticmethod
    def broken(owed: Sequence[str], error: Mapping[str, Any]) -> dict[str, Any]:
        """Answer the last frame of an operation that ends before its time: nothing of what is *owed* will come."""
        return {"completed": [{"id": id_, "errors": [error]} for id_ in owed], "hasNext": False}

    def frame(self, result: Incremental) -> dict[str, Any]:
        # A TypedDict of the library's; here it is only a mapping to be sent.
        frame: dict[str, Any] = {name: value for name, value in result.formatted.items() if name in _KEPT or value}
        news = result.pending or ()
        self._announced.update({one.id: one for one in news})
        if "data" in frame:
            self._count(news, (), frame["data"])
        if "incremental" in frame:
            frame["incremental"] = [self._placed(patch, news) for patch in frame["incremental"]]
        for done in frame.get("completed", ()):
            self._announced.pop(done["id"])
            self._sent.pop(done["id"], None)
        return frame

    def _placed(self, patch: Mapping[str, Any], news: Collection[PendingResult]) -> dict[str, Any]:
        announced = self._announced[patch["id"]]
        place = [*announced.path, *patch.get("subPath", ())]
        if "items" in patch:
            first = self._sent.get(announced.id, 0)
            self._sent[announced.id] = first + len(patch["items"])
            for number, item in enumerate(patch["items"], start=first):
                self._count(news, [*place, number], item)
            place.append(first)
        else:
            self._count(news, place, patch["data"])
        label = {} if announced.label is None else {"label": announced.label}
        return {**patch, "path": place, **label}

    def _count(self, news: Collection[PendingResult], place: Place, value: object) -> None:
        """Note how many items of each list that is announced now stand in *value*, which stands at *place*."""
        depth = len(place)
        for announced in news:
            if list(place) == announced.path[:depth]:
                found = _at(value, announced.path[depth:])
                if isinstance(found, list):
                    self._sent.setdefault(announced.id, len(found))


def _at(value: object, place: Place) -> object:
    for part in place:
        if isinstance(value, dict):
            value = value.get(part)
        elif isinstance(value, list) and isinstance(part, int) and part < len(value):
            value = value[part]
        else:
            return None
    return value
