"""How variations of a plan are held against quotes for the same changes."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from insurers.account import Access
from insurers.adapter import Insurer
from insurers.conformance_plans import first_changes
from insurers.coverage import CoverageChange, CoverageKind
from insurers.plan import Plan, PlanQuery
from insurers.risk import RiskQuery

NOBODYS = CoverageChange(kind=CoverageKind.BODILY_INJURY_LIABILITY, option="no-such-option")


@dataclass(frozen=True)
class Desk:
    """Where one query is asked, alone and in variations; a query is made of the changes that it holds."""

    query: Callable[[tuple[CoverageChange, ...]], PlanQuery | RiskQuery]
    ask: Callable[[tuple[CoverageChange, ...]], Awaitable[Sequence[Plan]]]
    insurer: Insurer
    access: Access

    async def alone(self, *changes: CoverageChange) -> Plan:
        (plan,) = await self.ask(changes)
        return plan

    async def varied(
        self, changes: Sequence[CoverageChange], beside: tuple[CoverageChange, ...] = ()
    ) -> Sequence[Plan | None]:
        return await self.insurer.variations(self.access, self.query(beside), changes)


async def check_variations(desk: Desk, plan: Plan) -> None:
    changes = first_changes(plan)
    varied = await desk.varied((*changes, NOBODYS))

    assert len(changes) + 1 == len(varied)
    assert varied[-1] is None
    for change, variation in zip(changes, varied, strict=False):
        assert variation is not None, change
        alone = await desk.alone(change)
        assert (alone.bought, (change,)) == (variation.bought, variation.changes), change
        assert plan.fingerprint != variation.fingerprint, change
    for beside in changes[:1]:
        await _check_beside(desk, beside, changes)


async def _check_beside(desk: Desk, beside: CoverageChange, changes: Sequence[CoverageChange]) -> None:
    """A variation stands beside the query's own changes, but for one of the same cover, which it replaces."""
    stands = await desk.alone(beside)
    back = next(
        CoverageChange(kind=cover.kind, option=option.value)
        for cover in stands.coverages
        if cover.kind is beside.kind
        for option in cover.options
        if not option.selected
    )
    others = [change for change in changes if change.kind is not beside.kind][:1]
    replaced, *together = await desk.varied((back, *others), beside=(beside,))

    assert replaced is not None
    assert (await desk.alone(back)).bought == replaced.bought
    for other, variation in zip(others, together, strict=True):
        assert variation is not None, other
        assert (await desk.alone(beside, other)).bought == variation.bought, other
