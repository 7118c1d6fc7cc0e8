"""
Fields that are written once for many objects: `objects, info -> values`.

A list of a hundred policies asks once for all of their renewals, not a hundred times for one. A compiled operation
calls the function for all objects of a list that are at hand; graphql-core's executor comes to the same through a
loader, which waits a moment for as many as ask.
"""

from typing import Any

import strawberry

from schema.batches import Values
from schema.context import Info
from schema.execution.compiled.sources import BATCH


# Strawberry's field has no type that a class could be annotated with beside it.
def batched(values: Values, **said: Any) -> Any:
    """
    Make a field of what answers it for many objects; its class says its type, which can be null.

    Args:
        values: See above.
        said: What `strawberry.field` takes besides: a description, directives.
    """

    async def one(self: Any, info: Info) -> Any:
        return await info.context.batches.of(values, info).load(self)

    return strawberry.field(resolver=one, metadata={BATCH: values}, **said)
