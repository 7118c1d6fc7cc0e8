"""What a renewal's plans cost, as they are recommended, edited, or under other conditions (MS-REN-03…07)."""

from collections.abc import Mapping, Sequence

from msgspec.structs import replace

from insurers.account import Access
from insurers.coverage import CoverageChange
from insurers.errors import ErrorCode, Rejected
from insurers.identity import PlanCode
from insurers.mitsui_sumitomo import assumptions, choices, conditions, covers, mapping, variations, walk
from insurers.mitsui_sumitomo.account import Sessions
from insurers.mitsui_sumitomo.line import Line
from insurers.mitsui_sumitomo.mapping import CODE
from insurers.mitsui_sumitomo.walk import Walk
from insurers.mitsui_sumitomo.wire import eg1, values
from insurers.plan import Plan, PlanQuery


class Quotes:
    """Stage 1 of e-G1: every quote is walked to from the door."""

    def __init__(self, line: Line, sessions: Sessions) -> None:
        self._line = line
        self._sessions = sessions

    async def plans(self, access: Access, query: PlanQuery) -> Sequence[Plan]:
        through = await self._enter(access, query)
        offered, shown = await through.plans(), await through.conditions()
        if query.plan is None:
            read = [self.read(plan, position, through) for position, plan in enumerate(offered, start=1)]
        else:
            read = [await self._quoted(through, offered, query)]
        return [self._under(shown, plan) for plan in read]

    async def variations(
        self, access: Access, query: PlanQuery, changes: Sequence[CoverageChange]
    ) -> Sequence[Plan | None]:
        """Ask for all of them on one walk; each change is made to the plan as it was at first."""
        through = await self._enter(access, query)
        offered, shown = await through.plans(), await through.conditions()
        plan = self._named(offered, query)
        self._wished(plan, query)
        position, read = _position(offered, plan), []
        for together, quoted in await variations.priced(through, plan, query.changes, changes):
            asked = replace(query, changes=together)
            read.append(self._under(shown, self.read(quoted, position, through, asked)) if quoted else None)
        return read

    async def _enter(self, access: Access, query: PlanQuery) -> Walk:
        through = await walk.enter(self._line, self._sessions, access, query.number)
        if corrected := conditions.answered(query.conditions):
            await self.correct(through, corrected)
        return through

    async def correct(self, through: Walk, answers: Mapping[str, str], *, confirmed: bool = False) -> values.Joken:
        """Tell the insurer what differs from what it shows, and see that it then stands as it was said."""
        joken = (await through.conditions()).joken
        differing = conditions.differing(answers, joken)
        if differing or confirmed:
            joken = (await through.tell_conditions(differing, confirmed=confirmed)).joken
        if conditions.differing(answers, joken):
            raise self._line.unreadable()
        return joken

    async def _quoted(self, through: Walk, offered: Sequence[eg1.Plan], query: PlanQuery) -> Plan:
        plan = await self.edited(through, offered, query)
        return self.read(plan, _position(offered, plan), through, query)

    async def edited(self, through: Walk, offered: Sequence[eg1.Plan], query: PlanQuery) -> eg1.Plan:
        plan = self._named(offered, query)
        wished = self._wished(plan, query)
        return await through.edit(plan.plan_no, wished) if wished else plan

    def _wished(self, plan: eg1.Plan, query: PlanQuery) -> Mapping[str, str]:
        try:
            return choices.edits(query.changes, covers.coverages(plan))
        except ValueError:
            raise Rejected(CODE, code=ErrorCode.PLAN_NOT_OFFERED) from None

    def _named(self, offered: Sequence[eg1.Plan], query: PlanQuery) -> eg1.Plan:
        for plan in offered:
            if PlanCode(str(plan.plan_no)) == query.plan:
                return plan
        raise Rejected(CODE, code=ErrorCode.PLAN_NOT_OFFERED)

    def _under(self, shown: eg1.KyotsuJoken, plan: Plan) -> Plan:
        """Put the conditions common to all plans to one of them (MS-REN-03)."""
        try:
            grade, stands = mapping.grade(shown.tokyu), mapping.conditions(shown.joken)
        except ValueError:
            raise self._line.unreadable() from None
        assumed = (assumptions.ASSUMED[assumptions.PROVISIONAL_GRADE],) if grade.provisional else ()
        return replace(plan, conditions=stands, grade=grade, assumptions=assumed)

    def read(self, plan: eg1.Plan, position: int, through: Walk, query: PlanQuery | None = None) -> Plan:
        changes = query.changes if query else ()
        try:
            return covers.plan(CODE, plan, position=position, film=through.entry.setsumei_doga, changes=changes)
        except ValueError:
            raise self._line.unreadable() from None


def _position(offered: Sequence[eg1.Plan], plan: eg1.Plan) -> int:
    return [one.plan_no for one in offered].index(plan.plan_no) + 1
