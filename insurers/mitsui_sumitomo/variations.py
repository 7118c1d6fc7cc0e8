"""What each single change of a renewal's plan costs, asked in one session of e-G1."""

from collections.abc import Sequence

from insurers.coverage import CoverageChange
from insurers.errors import Rejected
from insurers.mitsui_sumitomo import choices, covers
from insurers.mitsui_sumitomo.walk import Walk
from insurers.mitsui_sumitomo.wire import eg1


async def priced(
    through: Walk, plan: eg1.Plan, beside: Sequence[CoverageChange], changes: Sequence[CoverageChange]
) -> list[tuple[tuple[CoverageChange, ...], eg1.Plan | None]]:
    """
    Price *plan* once with each of *changes*, from its initial settings on.

    Answers what was changed together, and the plan so changed, or None where it is not to be had.
    """
    asked = [choices.together(beside, change) for change in changes]
    return [(together, await _alone(through, plan, together)) for together in asked]


async def _alone(through: Walk, plan: eg1.Plan, together: Sequence[CoverageChange]) -> eg1.Plan | None:
    try:
        wished = choices.edits(together, covers.coverages(plan))
    except ValueError:
        return None
    # Edits add up (WIRE.md §6.5), and those of the last one are not this one's.
    await through.reset(plan.plan_no)
    try:
        return await through.edit(plan.plan_no, wished)
    except Rejected:
        return None
