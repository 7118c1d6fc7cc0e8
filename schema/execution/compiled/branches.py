"""What is known of each piece of an operation's source, for whoever writes what it stands in: see `writing`."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeAlias

from msgspec import Struct


class Piece(Struct, frozen=True, kw_only=True):
    """
    A piece of source, as far as whatever it stands in depends on it.

    Args:
        open: Whether something in it may be awaited.
        placed: Whether something in it may keep its place, so that the place must not move on.
        joins: Whether something in it may join a level (`levels`), which whoever awaits it has to fill.
        joins_once: Whether something in it may join for one object, and not for all of a list.
        breaks: Whether an error of something awaited in it may break off what else is.
        lasts: Whether all of it does (`lasting`), as long as what it is written of lasts.
    """

    open: bool = False
    placed: bool = False
    joins: bool = False
    joins_once: bool = False
    breaks: bool = False
    lasts: bool = False


def together(pieces: Iterable[Piece]) -> Piece:
    """Answer what is known of several pieces that stand in one."""
    opened = placed = joins = joins_once = breaks = False
    lasts = True
    # Python takes five times as long to ask for each by itself whether any has it.
    for one in pieces:
        opened = opened or one.open
        placed = placed or one.placed
        joins = joins or one.joins
        joins_once = joins_once or one.joins_once
        breaks = breaks or one.breaks
        lasts = lasts and one.lasts
    return Piece(open=opened, placed=placed, joins=joins, joins_once=joins_once, breaks=breaks, lasts=lasts)


class Branch(Piece, frozen=True, kw_only=True):
    """A function that completes an object or a list; `kind` is what it answers if nothing is awaited."""

    name: str
    kind: str = "dict"

    @property
    def moves(self) -> bool:
        return not self.open and not self.placed


class Completion(Struct, frozen=True, kw_only=True):
    """
    How a value is completed: `write` answers the code of it, of the code of the value.

    Of a leaf, `words` are what names in it mean, wherever it stands.
    """

    write: Callable[[str], str]
    branch: Branch | None = None
    words: Mapping[str, Any] = {}


class Ready(Struct, frozen=True, kw_only=True):
    """The code of a field's leaf, wherever the field stands; `words` as of `Completion`."""

    code: str
    words: Mapping[str, Any]


class Statement(Piece, frozen=True, kw_only=True):
    """What fills one field of an object."""

    lines: list[str]


# What is awaited together: all that stands in a field whose value is awaited, or in that with which a writer begins.
Region: TypeAlias = tuple[int, str] | None


class Around(Struct, frozen=True, kw_only=True):
    """
    What is around the place that is being written.

    Args:
        level: Whether a level may be joined, which somebody fills.
        races: Whether it is in a region that races.
        listed: Whether it is in a list of that region.
    """

    level: bool = True
    races: bool = False
    listed: bool = False

    @property
    def joins(self) -> bool:
        return self.level and not self.races
