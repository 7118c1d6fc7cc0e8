"""Runs a case by one executor, and keeps everything that somebody outside can tell."""

import asyncio
import gc
import warnings
from collections import Counter
from collections.abc import Callable
from typing import Any, NamedTuple

from graphql import ExecutionResult, GraphQLError
from graphql.execution import Executor, experimental_execute_incrementally

from schema.execution.compiled.lasting import Written
from tests.compiled.differential import oddities
from tests.compiled.differential.acting import World
from tests.compiled.differential.drawing import Drawn

Log = list[tuple[Any, ...]]
# Data, errors and where they left nothing, as of an `Outcome`.
Answer = tuple[str, list[str], set[tuple[str | int, ...]]]


class Outcome(NamedTuple):
    # Written out, because that tells 1 from True and one order of keys from another.
    data: str
    errors: list[str]
    # Where the answer is null for each error.
    nulls: set[tuple[str | int, ...]]
    log: Log
    warnings: Counter[str]


# Turns of the event loop in which nobody begins anything, and so nobody will.
IDLE_TURNS = 4

# No run waits for anything but turns, so after so many seconds it will never end.
HANGS_S = 5.0

# Runs between two looks for all that was thrown away.
A_WHILE = 500


class Runs:
    """One event loop for many runs."""

    def __init__(self) -> None:
        self._runs = 0
        self._runner = asyncio.Runner()
        self._noise: Counter[str] = Counter()
        self._runner.get_loop().set_exception_handler(lambda _, said: self._noise.update([said["message"]]))

    def close(self) -> None:
        self._runner.close()

    def run(
        self, drawn: Drawn, variables: dict[str, Any], executor: type[Executor[Any]], written: Written | None = None
    ) -> Outcome:
        """Run it once; *written* is what was written before, for an executor that looks there."""
        self._noise = Counter()
        self._runs += 1
        if self._runs % A_WHILE == 0:
            gc.unfreeze()
            gc.collect()
        with warnings.catch_warnings(record=True) as warned:
            warnings.simplefilter("always")
            # Who throws away what nobody awaited says so when it is collected, be it in a cycle: here and not later.
            gc.freeze()
            answer, log = self._once(drawn, variables, executor, written)
            told = self._noise + _told(warned)
        return Outcome(*answer, log, told)

    def _once(
        self, drawn: Drawn, variables: dict[str, Any], executor: type[Executor[Any]], written: Written | None
    ) -> tuple[Answer, Log]:
        case = drawn.case
        tells = "typename" in case.schema.tellings.values()
        world = World(drawn.built, says_typename=tells, is_timed=case.is_timed, written=written)

        def begun() -> Any:
            return experimental_execute_incrementally(
                drawn.built.schema,
                drawn.document,
                world.thing(case.root),
                world,
                variables,
                case.operation,
                executor_class=executor,
            )

        answer = self._runner.run(_answered(begun)) if case.in_loop else self._begun_outside(begun)
        return answer, world.log

    def _begun_outside(self, begun: Callable[[], Any]) -> Answer:
        try:
            result = begun()
        except (Exception, asyncio.CancelledError) as error:  # noqa: BLE001 (both should raise it, whatever it is)
            return f"raised {error!r}", [], set()
        return self._runner.run(_answered(lambda: result))


def _told(warned: list[warnings.WarningMessage]) -> Counter[str]:
    told: Counter[str] = Counter()
    while True:
        gc.collect()
        if not warned:
            return told
        told.update(f"{each.category.__name__}: {each.message}" for each in warned)
        # A warning holds its coroutine, and with that those which it should have awaited.
        warned.clear()


async def _answered(begun: Callable[[], Any]) -> Answer:
    try:
        result = begun()
        if not isinstance(result, ExecutionResult) and hasattr(result, "__await__"):
            async with asyncio.timeout(HANGS_S):
                result = await result
        answer = _written(result) if isinstance(result, ExecutionResult) else await _in_parts(result)
    except (Exception, asyncio.CancelledError) as error:  # noqa: BLE001 (both should raise it, whatever it is)
        answer = f"raised {error!r}", [], set()
    # What goes on in the background is seen to its end, and what has only been asked for is begun.
    idle = 0
    while idle < IDLE_TURNS:
        others = asyncio.all_tasks() - {asyncio.current_task()}
        idle = 0 if others else idle + 1
        await (_ended(others) if others else asyncio.sleep(0))
    return answer


async def _ended(tasks: set[asyncio.Task[Any]]) -> None:
    _, hanging = await asyncio.wait(tasks, timeout=HANGS_S)
    for task in hanging:
        warnings.warn(f"a task never ends: {task.get_coro()}", stacklevel=2)
        task.cancel()


def _written(result: ExecutionResult) -> Answer:
    errors = result.errors or ()
    nulls = {_null(result.data, error) for error in errors if not _strays(error)}
    return repr(result.data), [_error(error) for error in errors], nulls


def _strays(error: GraphQLError) -> bool:
    """Answer whether it says itself that it is of another place."""
    return error.path is not None and error.path[:1] == [oddities.ELSEWHERE]


def _null(data: Any, error: GraphQLError) -> tuple[str | int, ...]:
    """Answer how far an error's path goes until there is nothing any more."""
    path = tuple(error.path or ())
    for length, key in enumerate(path):
        try:
            data = data[key]
        except (TypeError, LookupError):
            return path[:length]
    return path


async def _in_parts(result: Any) -> Answer:
    parts = [result.initial_result.formatted]
    parts += [part.formatted async for part in result.subsequent_results]
    return repr(parts), [], set()


def _error(error: GraphQLError) -> str:
    original = error.original_error
    return (
        f"{error.message!r} at {error.path} in {error.locations} with {error.extensions}, of {type(original).__name__}"
    )
