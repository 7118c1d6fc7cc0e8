"""Fields whose values are got for many objects at once: they wait until all objects at hand have asked."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

from graphql.pyutils import gather_with_cancel
from msgspec import Struct
from strawberry.exceptions import WrongNumberOfResultsReturned

from schema.execution.compiled import trouble
from schema.execution.compiled.fields import Field
from schema.execution.compiled.oddities import Late
from schema.execution.compiled.places import Place
from schema.loader import BrokenOff
from schema.shared import is_given_up

if TYPE_CHECKING:
    from schema.execution.compiled import Compiled
    from schema.execution.compiled.kinds import Completes

# Answers one value, or the error in its place, for each of these objects, which all stand at this field.
Values: TypeAlias = Callable[[Sequence[Any], Any], Awaitable[Sequence[Any]]]


class Batch(Struct, frozen=True, eq=False):
    """
    A field of many objects. It can be null, so that the trouble of one is its own.

    `values` answers them, of the objects and an `Info` that `info` makes for the first of them; `named` names the
    function that completes one, which is looked up in `functions` when it is there.
    """

    field: Field
    values: Values
    info: Callable[["Compiled", Place | None], Any]
    functions: dict[str, Any]
    named: str


class Group(Struct):
    """The objects that asked for one field: each with its data and its place."""

    objects: list[Any]
    data: list[trouble.Data]
    places: list[Place | None]


class Level:
    """What has been asked for since something was last awaited."""

    __slots__ = ("_groups",)

    def __init__(self) -> None:
        self._groups: dict[Batch, Group] = {}

    def __bool__(self) -> bool:
        return bool(self._groups)

    def join(self, batch: Batch, value: Any, data: trouble.Data, at: Place | None) -> None:
        """Ask for a field of one more object, whose *data* has null there until it is got."""
        group = self._groups.get(batch)
        if group is None:
            group = self._groups[batch] = Group([], [], [])
        group.objects.append(value)
        group.data.append(data)
        group.places.append(at)

    async def filled(self, run: "Compiled") -> None:
        """Get all that was asked for, and what is asked for in turn of what was got."""
        await together([_filled(batch, group, run) for batch, group in self._groups.items()])


class Nobodys(Level):
    """What nobody fills, and so nothing may join."""

    __slots__ = ()

    def join(self, batch: Batch, value: Any, data: trouble.Data, at: Place | None) -> None:
        raise RuntimeError("nobody fills this level")


async def together(coming: Sequence[Awaitable[Any]]) -> Sequence[Any]:
    return [await coming[0]] if len(coming) == 1 else await gather_with_cancel(*coming)


async def _filled(batch: Batch, group: Group, run: "Compiled") -> None:
    many = len(group.objects)
    # As the loader has it, which asks where no compiled code does.
    try:
        answers = await batch.values([*group.objects], batch.info(run, group.places[0]))
        if len(answers) != many:
            raise WrongNumberOfResultsReturned(expected=many, received=len(answers))
        values = [*answers]
    except asyncio.CancelledError:
        if is_given_up():
            raise
        values = [BrokenOff() for _ in group.objects]
    except Exception as error:  # noqa: BLE001 (whatever it is, it is the error of this field, of each object)
        values = [error] * many
    complete, key = batch.functions[batch.named], batch.field.key
    coming: list[Awaitable[Any]] = []
    outer, run.level = run.level, Level()
    try:
        for value, data, at in zip(values, group.data, group.places, strict=True):
            done = _done(complete, value, batch.field, at, run)
            if run.is_awaitable(done):
                coming.append(_put(done, data, key))
            else:
                data[key] = done
    finally:
        level, run.level = run.level, outer
    if level:
        coming.append(_beside(level, run) if coming else level.filled(run))
    if coming:
        await together(coming)


def _done(complete: "Completes", value: Any, field: Field, at: Place | None, run: "Compiled") -> Any:
    try:
        done = complete(value, at, run)
    except Exception:  # noqa: BLE001 (whatever it is, it is this field's error)
        caught = trouble.raised()
    else:
        # What goes wrong in it later is this field's error, too.
        return trouble.guarded(done, field, at, run) if run.is_awaitable(done) else done
    return trouble.completed(field, at, run, caught.pop(), was_awaited=True)


async def _put(done: Awaitable[Any], data: trouble.Data, key: str) -> None:
    data[key] = await done


def entered(complete: "Completes", value: Any, at: Place | None, run: "Compiled") -> tuple[Any, Level]:
    """Complete a value with a level of its own. Answers both: what joined the level is not there yet."""
    outer, run.level = run.level, Level()
    try:
        done = complete(value, at, run)
    except Late as late:
        done = late.completed
    finally:
        level, run.level = run.level, outer
    return done, level


def levelled(complete: "Completes") -> "Completes":
    """Answer what completes an operation's root with a level of its own, where something may join it."""

    def completed(value: Any, at: Place | None, run: "Compiled") -> Any:
        done, level = entered(complete, value, at, run)
        return settled(done, level, run) if level else done

    return completed


async def settled(done: Any, level: Level, run: "Compiled") -> Any:
    """Answer what is complete but for its own awaitables, where it has any, and for what a level has to fill."""
    if not run.is_awaitable(done):
        await level.filled(run)
        return done
    return (await together([done, _beside(level, run)]))[0]


async def _beside(level: Level, run: "Compiled") -> None:
    """Fill a level beside what else is awaited as late as a loader would: most of what fails at once ends it before."""
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    await level.filled(run)


async def by_itself(complete: "Completes", value: Any, at: Place | None, run: "Compiled") -> Any:
    """Complete a value by itself, later than those beside it: by then nobody else fills what it joins."""
    done, level = entered(complete, value, at, run)
    if level:
        return await settled(done, level, run)
    return await done if run.is_awaitable(done) else done
