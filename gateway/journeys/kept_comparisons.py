"""A comparison as its customer finds it, and nobody else does."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import TypeVar

import msgspec

from gateway.journeys.authority import still_let
from gateway.journeys.compared import LATE
from gateway.journeys.refusal import Refusal
from gateway.store import Conflict, Store, Work
from insurers.comparison import Comparison, Inquiry, InquiryState
from insurers.identity import PlanCode
from insurers.plan import Plan
from schema.problems import NOT_FOUND, unknown

T = TypeVar("T")


async def written(store: Store, customer: str, now: datetime, deed: Callable[[Work], Awaitable[T]]) -> T:
    """
    Do it in one transaction, on what stands by then: whoever was faster got on, and an answer keeps coming in.

    A deed reads all that it moves. Whatever it raises undoes it.

    Raises:
        Refusal: an agent does it, and the customer lets the agency no more.
    """
    while True:
        try:
            async with store.work() as work:
                await still_let(work, customer, now)
                return await deed(work)
        except Conflict:
            continue


async def mine(work: Work, customer: str, comparison: str) -> Comparison:
    """
    Answer this customer's comparison.

    Raises:
        Refusal: there is none, or it is somebody else's.
    """
    found = await work.comparisons.get(comparison)
    if found is None or found.customer != customer:
        raise Refusal(NOT_FOUND)
    return found


async def part_of_mine(work: Work, customer: str, inquiry: str) -> tuple[Comparison, Inquiry]:
    """Answer one part of this customer's comparison, and the whole; raises as `mine` does."""
    found = await work.inquiries.get(inquiry)
    if found is None or found.customer != customer:
        raise Refusal(NOT_FOUND)
    return await mine(work, customer, found.comparison), found


def quoted(comparison: Comparison, inquiry: Inquiry, code: PlanCode) -> Plan:
    """
    Answer one plan of an inquiry.

    Raises:
        Refusal: the insurer quoted no such plan, or quotes it no more.
    """
    plan = inquiry.plan(code)
    if plan is None:
        raise Refusal(unknown("planId"), comparison)
    return plan


def timely(comparison: Comparison, now: datetime) -> Comparison:
    """The comparison as time has it: whose time is over is late, also where nobody lived to write it down."""
    return msgspec.structs.replace(
        comparison, inquiries=tuple(timely_part(inquiry, now) for inquiry in comparison.inquiries)
    )


def timely_part(inquiry: Inquiry, now: datetime) -> Inquiry:
    over = inquiry.waits_until is not None and inquiry.waits_until <= now
    if inquiry.state is not InquiryState.ASKED or not over:
        return inquiry
    return msgspec.structs.replace(inquiry, state=InquiryState.LATE, setback=LATE)
