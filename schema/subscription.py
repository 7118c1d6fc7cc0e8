"""Every event, on one page. Each carries the whole object, so a normalised cache needs no code."""

from collections.abc import AsyncGenerator

import strawberry

from schema import nodes
from schema.access import flow_id
from schema.context import Info
from schema.registration import Registration
from schema.renewal import Renewal


@strawberry.type(description="Live updates: the present state at once, and again after every change.")
class Subscription:
    @strawberry.subscription(description="One renewal of the viewer's. Ends at once when there is none such.")
    async def renewal_updated(self, info: Info, id: strawberry.ID) -> AsyncGenerator[Renewal, None]:
        flow = flow_id(info, id, "Renewal")
        async with info.context.host.updates.subscribe(f"renewal:{flow}") as changes:
            found = await nodes.renewal(info, flow)
            if found is None:
                return
            yield Renewal(word=found)
            async for _ in changes:
                info.context.renew()
                found = await nodes.renewal(info, flow)
                if found is None:
                    return
                yield Renewal(word=found)

    @strawberry.subscription(description="One registration of the viewer's. Ends at once when there is none such.")
    async def registration_updated(self, info: Info, id: strawberry.ID) -> AsyncGenerator[Registration, None]:
        flow = flow_id(info, id, "Registration")
        async with info.context.host.updates.subscribe(f"registration:{flow}") as changes:
            found = await nodes.registration(info, flow)
            if found is None:
                return
            yield Registration(word=found)
            async for _ in changes:
                info.context.renew()
                found = await nodes.registration(info, flow)
                if found is None:
                    return
                yield Registration(word=found)
