"""
What was written once of a value that cannot have changed, and is told again.

Many objects only show a frozen value of the language's. A type of which that is `declared` says which attribute the
value is. What a compiled operation has written of it without asking anybody stands as long as the value does; only
fields that ask the clock, a loader or whoever asks are written anew each time. Nothing is told again in which something
went wrong, or in which something that should last had to be awaited.
"""

from collections.abc import Collection, Sequence
from contextlib import suppress
from functools import partial
from operator import attrgetter
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias
from weakref import ref

import msgspec
from cachetools import FIFOCache
from graphql import GraphQLNamedType
from msgspec import Struct
from strawberry.types.base import StrawberryObjectDefinition
from strawberry.types.cast import TYPE_CAST_ATTRIBUTE

from schema.execution.compiled.kinds import Completes
from schema.execution.compiled.places import Place
from schema.execution.compiled.trouble import Data, Selection

if TYPE_CHECKING:
    from schema.execution.compiled import Compiled

# Where a class says that its objects only show what is frozen.
LASTING = "__lasting__"

# What the dicts of an answer take for each of its bytes as JSON, and what JSON itself does: measured, and rounded up.
BYTES_OF_DICTS, BYTES_OF_JSON = 10, 2
# What remembering an object takes, and each of its fields.
LEAST_BYTES, BYTES_OF_FIELD = 600, 100


class Lasts(Struct, frozen=True):
    """
    What a class says of its objects: that methods without `Info` tell of nothing but the object.

    Args:
        ways: The chains of attributes of `Info` that are the same whenever `Written` is the same, such as
            `("context", "say")`: what asks it for nothing else lasts as well.
        shows: The attribute whose value all else of such an object follows from; empty where it is known by nothing,
            and lasts as part of something else only.
    """

    ways: Sequence[Sequence[str]]
    shows: str = ""


def declared(kind: GraphQLNamedType) -> Lasts | None:
    """
    Answer what the class of a type says of its own objects; its bases do not say it for it.

    A class that is to be asked which objects are its own is asked each time.
    """
    definition = kind.extensions.get("strawberry-definition")
    if not isinstance(definition, StrawberryObjectDefinition) or definition.is_type_of is not None:
        return None
    said: Lasts | None = vars(definition.origin).get(LASTING)
    return said


# Of which selection and of which value something was written, by their identities.
Key: TypeAlias = tuple[int, int]


class _Kept(NamedTuple):
    """What was written; it goes with either of what it was written `of`."""

    of: "tuple[ref[Selection], ref[Any]]"
    data: Data
    size: int


class Written:
    """
    What was written of values that are still there, in *most_bytes* as reckoned: the oldest goes first.

    With *as_json* the objects and lists in it are JSON already, for whoever sends it by msgspec and looks into nothing.
    """

    def __init__(self, most_bytes: int, *, as_json: bool = False) -> None:
        self._as_json = as_json
        self._kept: FIFOCache[Key, _Kept] = FIFOCache(most_bytes, getsizeof=attrgetter("size"))

    def get(self, selection: Selection, value: Any) -> Data | None:
        """Answer what is known; whoever changes it makes a copy."""
        kept = self._kept.get((id(selection), id(value)))
        return kept.data if kept is not None and kept.of[1]() is value else None

    def keep(self, selection: Selection, value: Any, data: Data) -> None:
        """Remember what was written of a value, as long as that is there, and the plan that wrote it."""
        if self._as_json:
            data = {key: _as_json(one) if type(one) in _COMPOSITE else one for key, one in data.items()}
        each = BYTES_OF_JSON if self._as_json else BYTES_OF_DICTS
        size = LEAST_BYTES + BYTES_OF_FIELD * len(data) + each * len(msgspec.json.encode(data))
        if size > self._kept.maxsize:
            return
        key = id(selection), id(value)
        gone = partial(self._gone, key)
        of = ref(selection, gone), ref(value, gone)
        self._kept[key] = _Kept(of, data, size)

    def __len__(self) -> int:
        return len(self._kept)

    @property
    def size(self) -> int:
        """How many bytes they take, as reckoned."""
        return int(self._kept.currsize)

    def _gone(self, key: Key, one: "ref[Any]") -> None:
        kept = self._kept.get(key)
        # By now others may have these identities.
        if kept is not None and any(one is each for each in kept.of):
            self._kept.pop(key, None)


_COMPOSITE = frozenset({dict, list})


def _as_json(one: object) -> msgspec.Raw:
    return msgspec.Raw(msgspec.json.encode(one))


class Memory(Struct, frozen=True, eq=False):
    """
    What is remembered of one selection set: of objects of a class of its *own*, by the value that each *shows*.

    Fields that do not last have the keys *anew*.
    """

    selection: Selection
    own: type
    shows: str
    anew: frozenset[str]

    def keep(self, value: Any, data: Data, awaited: Collection[str], run: "Compiled", unlasting: int) -> None:
        """
        Remember what was written of an object, unless something in it that should last is awaited, or does not.

        *unlasting* is how much of the operation did not last when the object was begun. It raises nothing: the object
        is complete. A scalar may be written as something that nobody can weigh, and not every value can be known to be
        gone; then nothing is remembered.
        """
        written, own = run.written, type(value) is self.own
        if written is None or not own or unlasting != run.unlasting or not self.anew.issuperset(awaited):
            return
        with suppress(Exception):
            kept = {**data, **dict.fromkeys(self.anew)} if self.anew else data
            written.keep(self.selection, getattr(value, self.shows), kept)


def remembered(complete: Completes, memory: Memory, write_anew: Completes | None) -> Completes:
    """
    Answer what completes an object as *complete* does, unless it is known already.

    *write_anew* writes those fields that do not last; None where all do.
    """
    selection, own, shows = memory.selection, memory.own, memory.shows

    def completed(value: Any, at: "Place", run: "Compiled", *known: bool) -> Any:
        written = run.written
        if written is None or type(value) is not own or getattr(value, TYPE_CAST_ATTRIBUTE, None) is not None:
            return complete(value, at, run, *known)
        kept = written.get(selection, getattr(value, shows))
        if kept is None:
            return complete(value, at, run, *known)
        return kept if write_anew is None else write_anew(value, at, run, kept.copy())

    return completed
