"""Every event, on one page. Each carries the whole object, so a normalised cache needs no code."""

from collections.abc import AsyncGenerator, Awaitable, Callable
from datetime import datetime
from typing import Annotated, TypeVar

import strawberry

from insurers.comparison import Comparison as ComparisonWord
from schema import flows
from schema.access import flow_id
from schema.arguments import GlobalId
from schema.book_event import BookEvent
from schema.book_event import events as book_events
from schema.book_filter import BookEntryFilter
from schema.book_summary import DueWithinDays
from schema.comparison_event import ComparisonEvent, events
from schema.context import Info
from schema.directives import AGENTS, CUSTOMERS, READS
from schema.registration import Registration
from schema.renewal import Renewal
from schema.streaming import changed, next_deadline

T = TypeVar("T")


@strawberry.type(description="Live updates: the present state at once, and again after every change.")
class Subscription:
    @strawberry.subscription(
        description="One renewal of the viewer's. Ends at once when there is none such.", directives=[READS]
    )
    async def renewal_updated(self, info: Info, id: GlobalId) -> AsyncGenerator[Renewal, None]:
        flow = flow_id(info, id, "Renewal")
        async for found in _watched(info, f"renewal:{flow}", lambda: flows.renewal(info, flow)):
            yield Renewal(word=found)

    @strawberry.subscription(
        description="One registration of the viewer's. Ends at once when there is none such.", directives=[CUSTOMERS]
    )
    async def registration_updated(self, info: Info, id: GlobalId) -> AsyncGenerator[Registration, None]:
        flow = flow_id(info, id, "Registration")
        async for found in _watched(info, f"registration:{flow}", lambda: flows.registration(info, flow)):
            yield Registration(word=found)

    @strawberry.subscription(
        description="One comparison of the viewer's: the present state at once, then what comes. It goes on after the"
        " comparison is complete, as late answers still arrive. Ends at once when there is none such.",
        directives=[READS],
    )
    async def comparison_updated(self, info: Info, id: GlobalId) -> AsyncGenerator[ComparisonEvent, None]:
        flow = flow_id(info, id, "Comparison")
        before: ComparisonWord | None = None
        topic = f"comparison:{flow}"
        async for found in _watched(info, topic, lambda: flows.comparison(info, flow), next_deadline):
            for event in await events(info, before, found):
                yield event
            before = found

    @strawberry.subscription(
        description="The viewer's book: how it stands at once, then what changed. Ends at once for who is no agent, and"
        " when the viewer is none any more.",
        directives=[AGENTS],
    )
    async def book_updated(
        self,
        info: Info,
        filter: Annotated[
            BookEntryFilter | None,
            strawberry.argument(description="Of which entries to be told; null for all that the viewer sees."),
        ] = None,
        due_within_days: DueWithinDays = 60,
    ) -> AsyncGenerator[BookEvent, None]:
        async for event in book_events(info, filter, due_within_days):
            yield event


def _never(found: object) -> None:
    return None


async def _watched(
    info: Info,
    topic: str,
    read: Callable[[], Awaitable[T | None]],
    deadline: Callable[[T], datetime | None] = _never,
) -> AsyncGenerator[T, None]:
    """Read at once, after every change and when time alone makes one, until there is nothing to be seen."""
    async with info.context.host.updates.subscribe(topic) as changes:
        while (found := await read()) is not None:
            yield found
            if not await changed(info, changes, deadline(found)):
                return
            info.context.renew()
