"""What a client accepts: in which of our ways it is answered, and in which language."""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache

from msgspec import Struct

from insurers.text import Language

JSON = "application/json"
# The type of GraphQL's own answers; only with it does a status say how a request went.
RESPONSE = "application/graphql-response+json"
EVENTS = "text/event-stream"
PARTS = "multipart/mixed"
PAGE = "text/html"

# The longest that any browser sends is a third of it; what stands behind is not read.
LONGEST_HEADER = 1000

_WEIGHT = re.compile(r"[01](\.\d{0,3})?", re.ASCII)
_LANGUAGES = {one.value: one for one in Language}


class Range(Struct, frozen=True):
    """One part of an `Accept` header. A part of weight 0 is what a client does not take."""

    name: str
    parameters: Mapping[str, str]
    weight: float


class Wishes(Struct, frozen=True):
    """
    What a client takes.

    `one_piece` is the type of an answer in one piece, or None. `parts` are those of @defer and @stream,
    `told_parts` those of a subscription: the same media type, and another protocol.
    """

    one_piece: str | None
    events: bool
    parts: bool
    told_parts: bool
    page: bool

    @property
    def none(self) -> bool:
        return not (self.one_piece or self.events or self.parts or self.told_parts)


# Clients have few headers, and say the same on every request.
@lru_cache(maxsize=64)
def wishes(accept: str) -> Wishes:
    """Read an `Accept` header. Without one, or with only `*/*`, a client gets plain JSON."""
    if not accept.strip():
        return Wishes(JSON, events=False, parts=False, told_parts=False, page=False)
    wanted = ranges(accept)
    names = {one.name for one in wanted if one.weight}
    parts = [one for one in wanted if one.name == PARTS and one.weight]
    return Wishes(
        _one_piece(wanted),
        events=EVENTS in names,
        parts=any("subscriptionspec" not in one.parameters for one in parts),
        told_parts=any("subscriptionspec" in one.parameters for one in parts),
        page=PAGE in names,
    )


@lru_cache(maxsize=64)
def language(accepted: str) -> Language | None:
    """Answer the language that `Accept-Language` likes best among ours, or None when it likes none."""
    best, liking = None, 0.0
    for one in ranges(accepted):
        found = _LANGUAGES.get(one.name.partition("-")[0])
        if found and one.weight > liking:
            best, liking = found, one.weight
    return best


def ranges(header: str) -> Sequence[Range]:
    return [_range(part) for part in header[:LONGEST_HEADER].split(",")]


def _range(part: str) -> Range:
    name, *rest = [piece.strip() for piece in part.lower().split(";")]
    parameters = {key.strip(): value.strip(' "') for key, _, value in (piece.partition("=") for piece in rest)}
    weight = parameters.pop("q", "1")
    return Range(name, parameters, float(weight) if _WEIGHT.fullmatch(weight) else 0.0)


def _one_piece(wanted: Sequence[Range]) -> str | None:
    # What is named goes before what only falls under a wildcard, and then GraphQL's own type before plain JSON,
    # except under a wildcard: whoever says only that knows nothing of the type.
    weight, _, _, best = max(
        (_weight(wanted, offered), named, (offered == RESPONSE) is named, offered)
        for offered in (JSON, RESPONSE)
        for named in (any(one.name == offered for one in wanted),)
    )
    return best if weight else None


def _weight(wanted: Sequence[Range], offered: str) -> float:
    for name in (offered, "application/*", "*/*"):
        weights = [one.weight for one in wanted if one.name == name and _is_utf8(one)]
        if weights:
            return max(weights)
    return 0.0


def _is_utf8(one: Range) -> bool:
    return one.parameters.get("charset", "utf-8") in ("utf-8", "utf8")
