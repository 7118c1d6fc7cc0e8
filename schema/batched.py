"""
Fields that are written once for many objects: `objects, info -> values`.

A list of a hundred policies asks once for all of their renewals, not a hundred times for one. A compiled operation
calls the function for all objects of a list that are at hand; graphql-core's executor calls the field's method for
each, which comes to the same through a loader that waits a moment for as many as ask.:

    @strawberry.field(description="…", metadata=of_many(_renewals))
    async def renewal(self, info: Info) -> Renewal | None:
        return await for_one(_renewals, self, info)

Such a field can be null, so that the trouble of one object stays its own, and takes no arguments.

Objects that stand behind a coroutine each are at hand one by one: there the function of a compiled operation is called
for each. So it asks elsewhere through a loader of the context (`load_many`), which brings them together again.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import TypeAlias, TypeVar

from schema.batches import Values
from schema.context import Info
from schema.execution.compiled.sources import BATCH

Parent = TypeVar("Parent")
V = TypeVar("V")

# Answers one value for each object, in their order, or the error that stands in its place.
OfMany: TypeAlias = Callable[[Sequence[Parent], Info], Awaitable[Sequence[V]]]


def of_many(values: OfMany[Parent, V]) -> Mapping[str, Values]:
    """Answer what says of a field that *values* answers it for many objects."""
    return {BATCH: values}


async def for_one(values: OfMany[Parent, V], one: Parent, info: Info) -> V:
    """Answer what *values* answers for one object; raises the error that it answers in the place of one."""
    found: V = await info.context.batches.of(values, info).load(one)
    return found
