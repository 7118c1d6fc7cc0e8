"""Plans of a comparison as they come, for `@stream`."""

from collections.abc import AsyncGenerator

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


async def arriving(info: Info, comparison: Comparison) -> AsyncGenerator[Plan, None]:
    """Answer what comes after *comparison* was read, until nobody is awaited any more."""
    seen = {(offer.inquiry.id, offer.plan.code) for offer in offers(comparison)}
    async with info.context.host.updates.subscribe(f"comparison:{comparison.id}") as changes:
        while (found := await flows.comparison(info, comparison.id)) is not None:
            for offer in offers(found):
                if (offer.inquiry.id, offer.plan.code) not in seen:
                    seen.add((offer.inquiry.id, offer.plan.code))
                    yield Plan(word=offer.plan, offered_by=Quoted(found, offer.inquiry))
            if found.is_complete or await anext(changes, _CLOSED) is _CLOSED:
                return


_CLOSED = object()
