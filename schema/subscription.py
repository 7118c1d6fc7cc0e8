"""Every event, on one page. Each carries the whole object, so a normalised cache needs no code."""

from collections.abc import AsyncGenerator, Awaitable, Callable
from typing import TypeVar

import strawberry

from schema import nodes
from schema.access import flow_id
from schema.context import Info
from schema.registration import Registration
from schema.renewal import Renewal

T = TypeVar("T")


@strawberry.type(description="Live updates: the present state at once, and again after every change.")
class Subscription:
    @strawberry.subscription(description="One renewal of the viewer's. Ends at once when there is none such.")
    async def renewal_updated(self, info: Info, id: strawberry.ID) -> AsyncGenerator[Renewal, None]:
        flow = flow_id(info, id, "Renewal")
        async for found in _watched(info, f"renewal:{flow}", lambda: nodes.renewal(info, flow)):
            yield Renewal(word=found)

    @strawberry.subscription(description="One registration of the viewer's. Ends at once when there is none such.")
    async def registration_updated(self, info: Info, id: strawberry.ID) -> AsyncGenerator[Registration, None]:
        flow = flow_id(info, id, "Registration")
        async for found in _watched(info, f"registration:{flow}", lambda: nodes.registration(info, flow)):
            yield Registration(word=found)


async def _watched(info: Info, topic: str, read: Callable[[], Awaitable[T | None]]) -> AsyncGenerator[T, None]:
    """Read at once and after every change, until there is nothing to be seen."""
    async with info.context.host.updates.subscribe(topic) as changes:
        while (found := await read()) is not None:
            yield found
            if await anext(changes, _CLOSED) is _CLOSED:
                return
            info.context.renew()


_CLOSED = object()
