"""Asking what a car would cost that another insurer covers today. Nobody signs in for it (WIRE.md §13)."""

from collections.abc import Sequence

from insurers.plan import Plan
from insurers.risk import RiskQuery
from insurers.sompo.desk import Desk
from insurers.sompo.mapping import estimate, risk
from insurers.sompo.quoting import choices
from insurers.sompo.wire import estimates, says
from insurers.sompo.wire.lines import Answer


async def estimated(desk: Desk, query: RiskQuery) -> Sequence[Plan]:
    """
    Quote for a risk, in Sompo's order.

    Raises:
        Rejected: it is not taken, lacks something that is needed, or a change is not offered.
        NotOnline: only the agency quotes for it.
    """
    fields, wanted = risk.fields(query.risk), risk.wanted(query.risk)
    changes = choices(query.plan, query.changes)

    def read(answer: Answer) -> list[Plan]:
        return estimate.plans(estimates.estimate(answer), query.risk, dict(wanted), query.changes)

    return await desk.ask(says.estimate(fields, wanted, query.plan or "", changes), read)
