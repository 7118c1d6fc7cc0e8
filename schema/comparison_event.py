"""What happens in a comparison while somebody watches."""

from collections.abc import Sequence
from typing import Annotated, TypeAlias

import strawberry

from insurers.comparison import Comparison as ComparisonWord
from insurers.comparison import Inquiry, Offer, offers
from schema.comparison import Comparison
from schema.context import Info
from schema.inquiry import status_of
from schema.offered import Quoted
from schema.plan import Plan
from schema.provider import ProviderStatus


@strawberry.type(description="A plan has come, or was quoted anew.")
class ComparisonOfferArrived:
    comparison: Comparison = strawberry.field(description="The comparison as it stands now.")
    plan: Plan = strawberry.field(description="The plan that came.")


@strawberry.type(
    description="Something changed about one insurer's part: it was asked, is late, answered or failed, or the customer"
    " said what it may be told."
)
class ComparisonProviderChanged:
    comparison: Comparison = strawberry.field(description="The comparison as it stands now.")
    provider: ProviderStatus = strawberry.field(description="How that insurer does now.")


@strawberry.type(
    description="Every insurer that was asked has answered, failed or had its time. Late answers still arrive, and are"
    " told after this."
)
class ComparisonCompleted:
    comparison: Comparison = strawberry.field(description="The comparison as it stands now.")


@strawberry.type(description="The customer chose a plan or said what is wanted, or a policy was read anew.")
class ComparisonChanged:
    comparison: Comparison = strawberry.field(description="The comparison as it stands now.")


Event: TypeAlias = ComparisonOfferArrived | ComparisonProviderChanged | ComparisonCompleted | ComparisonChanged

ComparisonEvent: TypeAlias = Annotated[
    Event,
    strawberry.union("ComparisonEvent", description="What can happen in a comparison. Each brings the whole of it."),
]


async def events(info: Info, before: ComparisonWord | None, now: ComparisonWord) -> Sequence[Event]:
    """Answer what happened since *before*; without it the present state, in one event."""
    whole = Comparison.of(now)
    if before is None:
        awaited = next((inquiry for inquiry in now.inquiries if not inquiry.is_settled), None)
        if awaited is None:
            return [ComparisonCompleted(comparison=whole)]
        return [ComparisonProviderChanged(comparison=whole, provider=await status_of(info, now, awaited))]
    return [
        *([ComparisonChanged(comparison=whole)] if now.version != before.version else []),
        *(
            ComparisonOfferArrived(comparison=whole, plan=Plan(word=offer.plan, offered_by=Quoted(now, offer.inquiry)))
            for offer in _arrived(before, now)
        ),
        *[
            ComparisonProviderChanged(comparison=whole, provider=await status_of(info, now, inquiry))
            for inquiry in _changed(before, now)
        ],
        *([ComparisonCompleted(comparison=whole)] if was_completed(before, now) else []),
    ]


def _arrived(before: ComparisonWord, now: ComparisonWord) -> list[Offer]:
    known = {(offer.inquiry.id, offer.plan.code): offer.plan for offer in offers(before)}
    return [offer for offer in offers(now) if known.get((offer.inquiry.id, offer.plan.code)) != offer.plan]


def _changed(before: ComparisonWord, now: ComparisonWord) -> list[Inquiry]:
    known = {inquiry.id: _told(inquiry) for inquiry in before.inquiries}
    return [inquiry for inquiry in now.inquiries if known.get(inquiry.id) != _told(inquiry)]


def _told(inquiry: Inquiry) -> tuple[object, ...]:
    """How an insurer does, and what the customer lets it be told."""
    return inquiry.state, inquiry.setback, inquiry.agreed_at, inquiry.categories


def was_completed(before: ComparisonWord, now: ComparisonWord) -> bool:
    """Whether somebody was awaited since, perhaps only between two looks: to be asked and to answer are two steps."""
    if not now.is_complete:
        return False
    known = {inquiry.id: inquiry.version for inquiry in before.inquiries}
    again = any(inquiry.version > known.get(inquiry.id, inquiry.version) + 1 for inquiry in now.inquiries)
    return again or not before.is_complete
