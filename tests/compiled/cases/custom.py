"""What a caller may bring along, by the names that cases call it."""

from collections.abc import AsyncIterable, AsyncIterator, Mapping
from typing import Any, TypeGuard

from graphql import MiddlewareManager
from graphql.execution import Executor
from graphql.execution.executor_throwing_on_incremental import ExecutorThrowingOnIncremental
from graphql.execution.incremental import IncrementalExecutor

from tests.compiled.cases.stage import Info


class Doubling(Executor[Any]):
    """Says every field twice, and takes an argument of its own."""

    def __init__(self, *args: Any, times: int = 2, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.times = times

    def execute_field(self, *args: Any) -> Any:
        done: Any = super().execute_field(*args)
        return done * self.times


EXECUTORS: Mapping[str, type[Executor[Any]]] = {
    "plain": Executor,
    "incremental": IncrementalExecutor,
    "throwing": ExecutorThrowingOnIncremental,
    "doubling": Doubling,
}


def name_of_the_field(_source: object, info: Info, **_arguments: Any) -> str:
    return info.field_name


async def stream_of_its_name(_source: object, info: Info) -> AsyncIterator[dict[str, str]]:
    yield {info.field_name: info.field_name}


def first_possible_type(_source: object, info: Info, abstract_type: Any) -> str:
    return info.schema.get_possible_types(abstract_type)[0].name


def reversing(resolve: Any, *args: Any, **kwargs: Any) -> Any:
    return resolve(*args, **kwargs)[::-1]


async def reversing_later(resolve: Any, *args: Any, **kwargs: Any) -> Any:
    return (await resolve(*args, **kwargs))[::-1]


class Capitalizing:
    def resolve(self, resolve: Any, *args: Any, **kwargs: Any) -> Any:
        return resolve(*args, **kwargs).capitalize()


class CapitalizingLater:
    async def resolve(self, resolve: Any, *args: Any, **kwargs: Any) -> Any:
        return (await resolve(*args, **kwargs)).capitalize()


class Noting:
    def __init__(self, name: str) -> None:
        self.name = name

    def resolve(self, resolve: Any, source: object, info: Info, **kwargs: Any) -> Any:
        info.context.notes.append(f"enters {self.name}")
        value = resolve(source, info, **kwargs)
        info.context.notes.append(f"leaves {self.name}")
        return value


def only_in_turn(value: Any) -> TypeGuard[AsyncIterable[Any]]:
    return isinstance(value, AsyncIterable) and not hasattr(value, "__iter__")


BROUGHT: Mapping[str, Any] = {
    "the field's name": name_of_the_field,
    "a stream of the field's name": stream_of_its_name,
    "the first possible type": first_possible_type,
    "nobody": MiddlewareManager(),
    "a manager that reverses": MiddlewareManager(reversing),
    "an object that resolves nothing": object(),
    "reversing": reversing,
    "reversing later": reversing_later,
    "capitalizing": Capitalizing(),
    "capitalizing later": CapitalizingLater(),
    "noting A": Noting("A"),
    "noting B": Noting("B"),
    "noting C": Noting("C"),
    "only what is not iterable at once": only_in_turn,
}


def brought(option: Any) -> Any:
    if isinstance(option, list):
        return [brought(each) for each in option]
    return BROUGHT.get(option, option) if isinstance(option, str) else option
