"""Asking what the next term would cost (SJ-REN-05)."""

import re
from collections.abc import Sequence

from msgspec import Struct

from insurers.coverage import CoverageChange
from insurers.errors import ErrorCode, Rejected
from insurers.identity import PlanCode
from insurers.plan import Plan, PlanQuery
from insurers.sompo.code import CODE
from insurers.sompo.desk import Desk
from insurers.sompo.mapping import cover
from insurers.sompo.mapping.plan import plan as read_plan
from insurers.sompo.wire import quotes, says
from insurers.sompo.wire.lines import Answer


class Quoted(Struct, frozen=True):
    """A plan with the number of its quote (SISAN_NO), and the day on which its term begins (SIKI_YMD)."""

    plan: Plan
    number: str
    inception: str


async def quoted(desk: Desk, token: str, query: PlanQuery) -> Sequence[Quoted]:
    """
    Quote in Sompo's order.

    Raises:
        Rejected: a change that is not offered, or one to no plan in particular.
    """

    def read(answer: Answer) -> list[Quoted]:
        found = [
            Quoted(read_plan(quote, query.changes), quote.plan.sisan_no, quote.plan.siki_ymd)
            for quote in quotes.quotes(answer)
        ]
        return sorted(found, key=lambda one: one.plan.position)

    return await desk.ask(
        says.quote(token, str(query.number), query.plan or "", choices(query.plan, query.changes)), read
    )


def choices(plan: PlanCode | None, changes: Sequence[CoverageChange]) -> list[tuple[str, str]]:
    """
    Write changes to one plan as HOSYOU_CD and SENTAKU_CD.

    Raises:
        Rejected: a change that is not offered, or one to no plan in particular.
    """
    wishes = [cover.change(wish) for wish in changes]
    known = [wish for wish in wishes if wish and _code(wish[1])]
    named = plan is None or _code(plan)
    # A wish is for one plan (WIRE.md §8.1); what is no code of two digits names nothing that is offered.
    if len(known) < len(wishes) or not named or (wishes and plan is None):
        raise Rejected(CODE, code=ErrorCode.PLAN_NOT_OFFERED)
    return known


def _code(text: str) -> bool:
    return re.fullmatch(r"[0-9]{2}", text) is not None
