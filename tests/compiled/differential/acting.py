"""What happens in one run: acts become values, and everybody who is called is written down."""

from asyncio import ensure_future, get_running_loop, sleep
from collections.abc import AsyncIterator, Awaitable, Generator, Hashable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from graphql import GraphQLResolveInfo
from strawberry import Info
from strawberry.dataloader import DataLoader

from schema.batches import Batches
from schema.execution.compiled.lasting import Written
from tests.compiled.differential.case import Act, Container, Fault, Later, Leaf, Loaded, Many, Member, Odd, Thing
from tests.compiled.differential.objects import SHAPES, plan_of
from tests.compiled.differential.oddities import FAULTS, ODDITIES

if TYPE_CHECKING:
    from tests.compiled.differential.building import Built

# What is not in a plan, because nobody was to ask for it.
NOTHING = Leaf(None)

# What can be read once, and the like of it that can be read again.
_READ_AGAIN: Mapping[Container, Container] = {"generator": "iterable", "async generator": "async iterable"}


class World:
    """The context of one run."""

    def __init__(self, built: "Built", *, says_typename: bool, is_timed: bool, written: Written | None) -> None:
        self.written = written
        self.classes = built.classes
        self.says_typename = says_typename
        self._is_timed = is_timed
        self.batches = Batches()
        self._built = built
        self.log: list[tuple[Any, ...]] = []
        self._loading: dict[str, Act] = {}
        self._loader: DataLoader[str, Any] = DataLoader(self._load)

    def resolve(self, source: object, info: GraphQLResolveInfo[Any], arguments: Mapping[str, Any]) -> Any:
        """Do what the source's plan has for this field."""
        site = f"{info.parent_type.name}.{info.field_name}"
        path = info.path
        self.log.append(("call", site, *path.as_list(), len(info.field_nodes), path.typename, repr(arguments)))
        plan = plan_of(source)
        act = None if plan is None else plan.fields.get(str(path.key))
        return None if act is None else self.value(act)

    def informed(self, source: object, info: Info, arguments: Mapping[str, Any]) -> Any:
        self.log.append(("info", info.python_name, info.field_name, str(info.return_type), *info.path.as_list()))
        return self.resolve(source, info._raw_info, arguments)  # noqa: SLF001 (it says more than Strawberry's)

    def bare(self, site: str, source: object, name: str) -> Any:
        """Do what the source's plan has for a method that knows nothing else."""
        self.log.append(("bare", site))
        plan = plan_of(source)
        return None if plan is None else self.value(plan.fields.get(name, NOTHING))

    def one_of_many(self, site: str, source: object, name: str) -> Any:
        self.log.append(("one of many", site))
        plan = plan_of(source)
        return None if plan is None else self.kept(plan.fields.get(name, NOTHING))

    def permits(self, source: object, info: Info, arguments: Mapping[str, Any]) -> bool:
        """Refuse where the answer would be an error that is answered as a value."""
        self.log.append(("permits", *info.path.as_list(), repr(arguments)))
        plan = plan_of(source)
        act = None if plan is None else plan.fields.get(str(info.path.key))
        return not isinstance(act, Fault) or act.is_raised

    def value(self, act: Act, is_kept: bool = False) -> Any:
        """
        Make what the act says; `is_kept` where it may be read never or twice.

        Raises:
            Exception: the act is a fault that is raised.
        """
        match act:
            case Leaf():
                return act.value
            case Odd():
                return ODDITIES[act.name]()
            case Member():
                return self._built.member(act.enum, act.name)
            case Thing():
                return self.thing(act)
            case Many():
                return self._many(act, is_kept)
            case Later():
                return self._later(act, is_kept)
            case Loaded():
                self._loading[act.key] = act.then
                return Patient(self, act, 0) if is_kept else self._loader.load(act.key)
            case Fault():
                error = FAULTS[act.kind](act.message)
                if act.is_raised:
                    raise error
                return error

    def thing(self, thing: Thing) -> Any:
        return SHAPES[thing.shape](self, thing)

    def kept(self, act: Act) -> Any:
        """Make a value that lies somewhere until it is read: it raises nothing."""
        return FAULTS[act.kind](act.message) if isinstance(act, Fault) else self.value(act, is_kept=True)

    async def after(self, turns: int, act: Act) -> Any:
        for _ in range(turns):
            await sleep(0)
        self.log.append(("wake",))
        return self.value(act)

    def _later(self, act: Later, is_kept: bool) -> Any:
        if is_kept or act.kind == "object":
            return Patient(self, act.then, act.turns)
        if act.kind == "task" and _in_loop():
            return ensure_future(self.after(act.turns, act.then))
        return self.after(act.turns, act.then)

    def _many(self, act: Many, is_kept: bool) -> Any:
        kind = act.kind
        if is_kept and not self._is_timed:
            # Two fields may read it, and nobody promises which of them is the first.
            kind = _READ_AGAIN.get(kind, kind)
        match kind:
            case "list":
                return [self.kept(item) if is_kept else self._item(item) for item in act.items]
            case "tuple":
                return tuple(self.kept(item) if is_kept else self._item(item) for item in act.items)
            case "set":
                # More than one would come in an order that nobody promises.
                kept = [item.value for item in act.items if isinstance(item, Leaf) and isinstance(item.value, Hashable)]
                return set(kept[:1])
            case "generator":
                return self._generated(act)
            case "iterable":
                return Iterated(self, act)
            case "async generator":
                return self._generated_later(act)
            case "async iterable":
                return IteratedLater(self, act)

    def _item(self, act: Act) -> Any:
        return FAULTS[act.kind](act.message) if isinstance(act, Fault) else self.value(act)

    def _generated(self, act: Many) -> Iterator[Any]:
        for item in act.items:
            yield self.value(item)
        if act.breaks is not None:
            yield self.value(act.breaks)

    async def _generated_later(self, act: Many) -> AsyncIterator[Any]:
        for item in act.items:
            if isinstance(item, Later):
                yield await self.after(item.turns, item.then)
            else:
                yield self.value(item)
        if act.breaks is not None:
            yield self.value(act.breaks)

    async def _load(self, keys: list[str]) -> list[Any]:
        self.log.append(("load", *keys))
        await sleep(0)
        return [self.kept(self._loading[key]) for key in keys]


class Patient:
    """Something to wait for that is no coroutine, and that may be awaited twice or never."""

    def __init__(self, world: World, act: Act, turns: int) -> None:
        self._world, self._act, self._turns = world, act, turns

    def __await__(self) -> Generator[Any, None, Any]:
        return self._awaited().__await__()

    def __repr__(self) -> str:
        return "<patient>"

    async def _awaited(self) -> Any:
        value = await self._world.after(self._turns, self._act)
        return await value if isinstance(value, Awaitable) else value


class Iterated:
    def __init__(self, world: World, act: Many) -> None:
        self._world, self._act = world, act

    def __iter__(self) -> Iterator[Any]:
        return self._world._generated(self._act)  # noqa: SLF001 - two halves of one thing

    def __repr__(self) -> str:
        return "<iterated>"


class IteratedLater:
    def __init__(self, world: World, act: Many) -> None:
        self._world, self._act = world, act

    def __aiter__(self) -> AsyncIterator[Any]:
        return self._world._generated_later(self._act)  # noqa: SLF001 - two halves of one thing

    def __repr__(self) -> str:
        return "<iterated later>"


def _in_loop() -> bool:
    try:
        get_running_loop()
    except RuntimeError:
        return False
    return True
