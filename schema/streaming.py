"""Plans of a comparison as they come, for `@stream`, and how long there is to wait for them."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from datetime import datetime

from graphql import GraphQLStreamDirective, get_directive_values

from insurers.comparison import Comparison, offers
from schema import flows
from schema.context import Info
from schema.offered import Quoted
from schema.plan import Plan


def is_streamed(info: Info) -> bool:
    """Whether whoever asks takes the items of this field as they come."""
    raw = info._raw_info  # noqa: SLF001 (Strawberry keeps the directives of a field's own selection from its Info)
    values = (get_directive_values(GraphQLStreamDirective, node, raw.variable_values) for node in raw.field_nodes)
    return any(said is not None and said.get("if_", said.get("if", True)) for said in values)


def is_awaited(comparison: Comparison, plan: Plan) -> bool:
    """Whether its insurer is being asked anew, so that whoever waits anyway gets the new one and not this."""
    if not isinstance(plan.offered_by, Quoted):
        return False
    part = plan.offered_by.inquiry
    return part.comparison == comparison.id and not part.is_settled


async def arriving(info: Info, comparison: Comparison) -> AsyncGenerator[Plan, None]:
    """Answer what was awaited when *comparison* was read, until nobody is; an older plan where no newer one came."""
    seen = {(offer.inquiry.id, offer.plan.code) for offer in offers(comparison) if offer.inquiry.is_settled}
    async with info.context.host.updates.subscribe(f"comparison:{comparison.id}") as changes:
        while (found := await flows.comparison(info, comparison.id)) is not None:
            for offer in offers(found):
                if offer.inquiry.is_settled and (offer.inquiry.id, offer.plan.code) not in seen:
                    seen.add((offer.inquiry.id, offer.plan.code))
                    yield Plan(word=offer.plan, offered_by=Quoted(found, offer.inquiry))
            if found.is_complete or not await changed(info, changes, next_deadline(found)):
                return


def next_deadline(comparison: Comparison) -> datetime | None:
    """When the next insurer that is awaited will be late, whether or not somebody lives to say so."""
    return min(
        (part.waits_until for part in comparison.inquiries if not part.is_settled and part.waits_until), default=None
    )


async def changed(info: Info, changes: AsyncIterator[None], by: datetime | None) -> bool:
    """Wait for news, at most until *by*, and answer whether to look again: False when nothing more will be told."""
    left = None if by is None else max((by - info.context.host.now()).total_seconds(), 0.0)
    try:
        async with asyncio.timeout(left):
            return await anext(changes, _CLOSED) is not _CLOSED
    except TimeoutError:
        return True


_CLOSED = object()
