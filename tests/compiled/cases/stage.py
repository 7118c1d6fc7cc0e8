"""One run of a case: what its sources are made of, and everything that was seen of it."""

import asyncio
from abc import ABC, abstractmethod
from collections import ChainMap
from collections.abc import Callable, Mapping
from types import SimpleNamespace
from typing import Any, NamedTuple, TypeAlias

from graphql import AbortController, GraphQLResolveInfo
from graphql.pyutils import Path, is_awaitable

TYPENAME = "__typename"

Raw: TypeAlias = Mapping[str, Any]
Info: TypeAlias = GraphQLResolveInfo[Any]


class Call(NamedTuple):
    """A resolver (or the predicate of a type) that is asked something."""

    source: object
    info: Info
    arguments: Mapping[str, Any]

    @property
    def stage(self) -> "Stage":
        return self.info.context  # type: ignore[no-any-return]  # graphql-core leaves a context untyped.

    def value(self, raw: object) -> Any:
        """Answer what a case's words come to, said in answer to this call."""
        return self.stage.value(raw, self)


class Word(ABC):
    """Something that a field does, rather than a value that it has."""

    # What it raises without having been asked anything.
    alone: Exception | None = None

    @abstractmethod
    def answer(self, call: Call) -> object: ...


class Stage:
    """The context value of one run. Sources are of one *shape*; see `SHAPES`."""

    def __init__(self, shape: str, objects: Mapping[str, Raw]) -> None:
        self.shape = shape
        self.objects = objects
        self.abort = AbortController()
        self.memory: dict[str, Any] = {}
        self.calls: list[str] = []
        self.notes: list[str] = []
        self._promised: dict[str, asyncio.Future[Any]] = {}

    def promised(self, name: str) -> asyncio.Future[Any]:
        """Answer the future of this name, the same to everybody who asks."""
        if name not in self._promised:
            self._promised[name] = asyncio.get_running_loop().create_future()
        return self._promised[name]

    def value(self, raw: object, call: Call) -> Any:
        if isinstance(raw, Word):
            return raw.answer(call)
        if isinstance(raw, list):
            return [self.value(item, call) for item in raw]
        return self.source(raw) if isinstance(raw, dict) else raw

    def source(self, raw: Raw) -> object:
        return SHAPES[self.shape](self, raw)

    def resolved(self, raw: object, call: Call) -> Any:
        """Answer for a field that is asked for."""
        self.asked(call)
        return self.value(raw, call)

    def asked(self, call: Call, what: str = "") -> None:
        """Remember a call, and all that was told with it."""
        self.calls.append(f"{_told(call)} {what}")


def _told(call: Call) -> str:
    info = call.info
    steps: list[str] = []
    path: Path | None = info.path
    while path is not None:
        steps.append(f"{path.key}:{path.typename}" if path.typename else str(path.key))
        path = path.prev
    nodes = [node.loc.start for node in info.field_nodes if node.loc]
    operation = info.operation.name.value if info.operation.name else "-"
    return (
        f"{'/'.join(reversed(steps))} {dict(call.arguments)!r}"
        f" of {info.parent_type}.{info.field_name}: {info.return_type} at {nodes}"
        f" in {operation} of {sorted(info.fragments)} with {info.variable_values.coerced!r}"
    )


def where(told: str) -> str:
    """Answer the path in the answer of a remembered call: `people.0.name`."""
    return ".".join(step.partition(":")[0] for step in told.split(" ", 1)[0].split("/"))


def _acts(raw: object) -> bool:
    return isinstance(raw, Word) or (isinstance(raw, list) and any(map(_acts, raw)))


def _members(stage: Stage, raw: Raw) -> dict[str, Any]:
    """Answer values where a case has values, and functions where it says what is done."""
    return {name: _function(value) if _acts(value) else _still(stage, value) for name, value in raw.items()}


def _still(stage: Stage, raw: object) -> object:
    if isinstance(raw, list):
        return [_still(stage, item) for item in raw]
    return stage.source(raw) if isinstance(raw, dict) else raw


def _function(raw: object) -> Callable[..., Any]:
    def field(info: Info, **arguments: Any) -> Any:
        call = Call(None, info, arguments)
        return call.stage.resolved(raw, call)

    return field


def _method(raw: object) -> Callable[..., Any]:
    def method(self: object, info: Info, **arguments: Any) -> Any:
        call = Call(self, info, arguments)
        return call.stage.resolved(raw, call)

    return method


def _mapping(stage: Stage, raw: Raw) -> object:
    return _members(stage, raw)


def _chain_map(stage: Stage, raw: Raw) -> object:
    """A mapping that is no dict."""
    return ChainMap(_members(stage, raw))


def _attributes(stage: Stage, raw: Raw) -> object:
    return SimpleNamespace(**_private(SimpleNamespace.__name__, _members(stage, raw)))


def _properties(stage: Stage, raw: Raw) -> object:
    """Everything is a property of a class, and what only raises does so there."""
    members = _private("Source", _members(stage, raw))
    return type("Source", (), {name: _property(raw.get(name), value) for name, value in members.items()})()


def _property(raw: object, value: object) -> property:
    def get(_: object) -> object:
        if isinstance(raw, Word) and raw.alone:
            raise raw.alone
        return value

    return property(get)


def _methods(stage: Stage, raw: Raw) -> object:
    """Everything is a method of a class, be it only there to answer a value."""
    names = _private("Source", dict(raw))
    typename = {name: value for name, value in names.items() if name.endswith(TYPENAME)}
    return type("Source", (), {name: _method(value) for name, value in names.items()} | typename)()


def _private(owner: str, members: dict[str, Any]) -> dict[str, Any]:
    """Python calls a private `__typename` by its class's name, and there graphql-core looks for it."""
    return {f"_{owner}{name}" if name == TYPENAME else name: value for name, value in members.items()}


def _resolvers(stage: Stage, raw: Raw) -> object:
    """The source is what the case says, and each field of the schema has a resolver that reads it."""
    return dict(raw)


# Only here is each field asked by a call.
RESOLVERS = "resolvers"

# Everything is awaited here, so that a case does not say what comes of it; both executors must, alike.
COROUTINES = "coroutines"

# Of these is every case that does not say otherwise; the others are read in the same ways.
USUAL = ("a mapping", "attributes", "methods", RESOLVERS, COROUTINES)

SHAPES: Mapping[str, Callable[[Stage, Raw], object]] = {
    "a mapping": _mapping,
    "a mapping that is no dict": _chain_map,
    "attributes": _attributes,
    "properties": _properties,
    "methods": _methods,
    RESOLVERS: _resolvers,
    COROUTINES: _resolvers,
}


async def resolve_later(source: object, info: Info, **arguments: Any) -> Any:
    value = resolve(source, info, **arguments)
    return await value if is_awaitable(value) else value


def resolve(source: object, info: Info, **arguments: Any) -> Any:
    """Resolve a field of a schema that has resolvers."""
    call = Call(source, info, arguments)
    return call.stage.resolved(source.get(info.field_name) if isinstance(source, dict) else None, call)
