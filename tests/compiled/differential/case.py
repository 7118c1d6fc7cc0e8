"""One case as plain data, which prints and reads again: a schema, an operation, and what every resolver does."""

from collections.abc import Mapping
from typing import Any, Literal, TypeAlias

import msgspec
from msgspec import Struct

# The way a field gets its value. With graphql-core: a resolver of its own, or the default one. With Strawberry: an
# attribute, or a method, with or without `Info`, behind a permission, or written for many objects.
Way = Literal[
    "resolver", "default", "basic", "async", "bare", "bare async", "bare reading", "context", "guarded", "many"
]

# Those in which an object has one value for whatever name in the answer asks for it.
SHARED: frozenset[Way] = frozenset({"default", "basic", "bare", "bare async", "bare reading", "context", "many"})

# How an abstract type learns what it has before it.
Telling = Literal["resolve_type", "is_type_of", "typename"]

# How an object keeps what the default resolver and Strawberry's attributes read.
Shape = Literal["record", "dict", "mapping", "methods", "watched"]


class Leaf(Struct, frozen=True, tag=True, tag_field="act"):
    """A value that JSON can write."""

    value: Any


class Member(Struct, frozen=True, tag=True, tag_field="act"):
    """A member of an enum, as a resolver answers it."""

    enum: str
    name: str


class Odd(Struct, frozen=True, tag=True, tag_field="act"):
    """A value that JSON cannot write, by its name in `oddities.ODDITIES`."""

    name: str


class Fault(Struct, frozen=True, tag=True, tag_field="act"):
    """An error, by its kind in `oddities.FAULTS`: raised, or answered as a value."""

    kind: str
    message: str
    is_raised: bool


class Later(Struct, frozen=True, tag=True, tag_field="act"):
    """Something to wait for, which takes so many turns of the event loop."""

    kind: Literal["coroutine", "object", "task"]
    turns: int
    then: "Act"


class Loaded(Struct, frozen=True, tag=True, tag_field="act"):
    """What a DataLoader answers to this key."""

    key: str
    then: "Act"


Container: TypeAlias = Literal["list", "tuple", "generator", "iterable", "async generator", "async iterable", "set"]


class Many(Struct, frozen=True, tag=True, tag_field="act"):
    """A list, by its kind in `acting.World`; `breaks` is what its iteration ends with."""

    kind: Container
    items: list["Act"]
    breaks: Fault | None = None


class Thing(Struct, frozen=True, tag=True, tag_field="act", weakref=True):
    """
    An object and what its fields do.

    Fields with a resolver are known by their name in the answer, the others by their own name.
    `claims` is what `resolve_type` answers and `belongs` what `is_type_of` does, where that is not simply true.
    """

    type: str
    shape: Shape
    fields: dict[str, "Act"]
    claims: "Act | None" = None
    belongs: "Act | None" = None


Act = Leaf | Member | Odd | Fault | Later | Loaded | Many | Thing


class Schema(Struct, frozen=True):
    sdl: str
    # "Type.field" to its way, where it has no resolver.
    ways: dict[str, Way]
    tellings: dict[str, Telling]
    # Whether it is built as Strawberry types.
    is_strawberry: bool = False
    # Types whose objects show nothing but their plan, as far as methods without `Info` tell.
    lasting: tuple[str, ...] = ()

    def lasts(self, site: str) -> bool:
        """Answer whether a method of this site, "Type.field", need not be asked again about the same plan."""
        return site.partition(".")[0] in self.lasting and self.ways.get(site) in ("bare", "context")


class Case(Struct, frozen=True):
    schema: Schema
    document: str
    operation: str | None
    variables: dict[str, Any]
    root: Thing
    # Whether an event loop runs while the operation is begun.
    in_loop: bool = True
    in_parts: bool = False

    @property
    def is_timed(self) -> bool:
        """Whether the order in which things happen is promised: a field of many objects has its own time."""
        return "many" not in self.schema.ways.values()

    def told(self) -> str:
        """Answer the case for people."""
        asked = f"operation {self.operation}, variables {msgspec.json.encode(self.variables).decode()}"
        return "\n".join(
            [
                self.schema.sdl.strip(),
                "",
                f"# ways: {dict(self.schema.ways)}, types told by: {dict(self.schema.tellings)}",
                f"# lasting: {', '.join(self.schema.lasting) or 'none'}",
                self.document.strip(),
                "",
                f"# {asked}, in a loop: {self.in_loop}, in parts: {self.in_parts}",
                *_outline("root", self.root, 0),
            ]
        )

    def written(self) -> str:
        return msgspec.json.encode(self).decode()

    @staticmethod
    def read(text: str) -> "Case":
        return msgspec.json.decode(text, type=Case)


def _outline(name: str, act: Act, depth: int) -> list[str]:
    head, below = _line(act)
    lines = [f"{'  ' * depth}{name}: {head}"]
    for key, inner in below.items():
        lines += _outline(key, inner, depth + 1)
    return lines


def _line(act: Act) -> tuple[str, Mapping[str, Act]]:
    match act:
        case Thing():
            doubts = {"(claims)": act.claims, "(belongs)": act.belongs}
            return f"{act.type} ({act.shape})", act.fields | {name: doubt for name, doubt in doubts.items() if doubt}
        case Many():
            items: dict[str, Act] = {str(index): item for index, item in enumerate(act.items)}
            return act.kind, items | ({"end": act.breaks} if act.breaks else {})
        case Later():
            head, below = _line(act.then)
            return f"{act.kind} after {act.turns} turns: {head}", below
        case Loaded():
            head, below = _line(act.then)
            return f"loaded by {act.key}: {head}", below
        case Fault():
            return f"{'raises' if act.is_raised else 'answers'} {act.kind} error {act.message!r}", {}
        case Odd():
            return act.name, {}
        case Member():
            return f"{act.enum}.{act.name}", {}
        case Leaf():
            return repr(act.value), {}
