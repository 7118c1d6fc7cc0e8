"""The objects of a run: dicts, attributes, methods, and one that says who reads it."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from tests.compiled.differential.case import Act, Shape, Thing

if TYPE_CHECKING:
    from tests.compiled.differential.acting import World

# Where an object keeps its own plan, beside what GraphQL reads.
PLAN = "plan_"


def attribute(name: str) -> str:
    """Answer the name in Python of a Strawberry attribute."""
    return f"own_{name}"


def plan_of(source: object) -> Thing | None:
    plan = source.get(PLAN) if isinstance(source, Mapping) else getattr(source, PLAN, None)
    return plan if isinstance(plan, Thing) else None


class Record:
    """An object by its attributes."""

    def __repr__(self) -> str:
        return "<record>"


class Watched:
    """An object that makes what it is asked for, and raises what it should."""

    def __init__(self, world: "World", thing: Thing) -> None:
        self._world = world
        self.plan_ = thing

    def __getattr__(self, name: str) -> Any:
        act = self.plan_.fields.get(name.removeprefix("own_"))
        if act is None:
            raise AttributeError(name)
        self._world.log.append(("read", name))
        return self._world.value(act)

    def __repr__(self) -> str:
        return "<watched>"


def record(world: "World", thing: Thing) -> Any:
    made = world.classes.get(thing.type, Record)
    instance: Any = object.__new__(made)
    # Strawberry's objects know their world, because a method need not be told.
    kept: dict[str, Any] = {"world_": world}
    for name, act in thing.fields.items():
        kept[attribute(name) if made is not Record else name] = world.kept(act)
    # As the class body would have written it: `__typename`.
    named = {f"_{made.__name__}__typename": thing.type} if world.says_typename else {}
    for name, value in {**kept, **named, PLAN: thing}.items():
        setattr(instance, name, value)
    return instance


def items(world: "World", thing: Thing) -> dict[str, Any]:
    named = {"__typename": thing.type} if world.says_typename else {}
    return {**{name: world.kept(act) for name, act in thing.fields.items()}, **named, PLAN: thing}


def methods(world: "World", thing: Thing) -> Any:
    made = record(world, Thing(thing.type, thing.shape, {}))
    for name, act in thing.fields.items():
        setattr(made, name, _method(world, name, act))
    setattr(made, PLAN, thing)
    return made


def _method(world: "World", name: str, act: Act) -> Callable[..., Any]:
    def method(info: Any, **arguments: Any) -> Any:
        world.log.append(("method", name, *info.path.as_list(), repr(arguments)))
        return world.value(act)

    return method


SHAPES: Mapping[Shape, Callable[["World", Thing], Any]] = {
    "record": record,
    "dict": items,
    "mapping": lambda world, thing: MappingProxyType(items(world, thing)),
    "methods": methods,
    "watched": Watched,
}
