"""Quotes for a car that another insurer covers today (WIRE.md §16). Nothing of them is kept at the insurer."""

from collections.abc import Sequence

from insurers.account import Access
from insurers.coverage import CoverageChange
from insurers.errors import AccessDenied, ErrorCode, Rejected
from insurers.identity import PlanCode
from insurers.mitsui_sumitomo import assumptions, choices, covers, departures, mapping, wanted
from insurers.mitsui_sumitomo.account import Sessions
from insurers.mitsui_sumitomo.line import Line
from insurers.mitsui_sumitomo.mapping import CODE
from insurers.mitsui_sumitomo.times import moment
from insurers.mitsui_sumitomo.wire import mitsumori
from insurers.plan import Plan
from insurers.risk import Risk, RiskQuery


class Estimates:
    """E-G1's quotes for others' risks, which the holder of an account may ask for."""

    def __init__(self, line: Line, sessions: Sessions) -> None:
        self._line = line
        self._sessions = sessions

    async def quote(self, access: Access | None, query: RiskQuery) -> Sequence[Plan]:
        said = await self._ask(access, query)
        plans = [self._read(plan, said, query.risk, query.changes) for plan in said.plan]
        if any(set(query.changes) - set(plan.changes) for plan in plans):
            raise Rejected(CODE, code=ErrorCode.PLAN_NOT_OFFERED)
        return plans

    async def variations(
        self, access: Access | None, query: RiskQuery, changes: Sequence[CoverageChange]
    ) -> Sequence[Plan | None]:
        """Ask for all of them in one call."""
        asked = [choices.together(query.changes, change) for change in changes]
        said = await self._ask(access, query, asked)
        if len(said.betsuan) != len(asked):
            raise self._line.unreadable()
        return [self._had(plan, said, query.risk, together) for plan, together in zip(said.betsuan, asked, strict=True)]

    async def _ask(
        self, access: Access | None, query: RiskQuery, variations: Sequence[Sequence[CoverageChange]] = ()
    ) -> mitsumori.Mitsumori:
        if access is None:
            raise AccessDenied(CODE)
        try:
            kibo = wanted.kibo(query.risk)
        except ValueError:
            raise Rejected(CODE, code=ErrorCode.INPUT_REFUSED) from None
        body = mitsumori.mitsumori(
            kibo,
            plan_no=_number(query.plan),
            henko=choices.spelled(query.changes),
            betsuan=[choices.spelled(each) for each in variations],
        )
        heard = await self._sessions.ask(access, "POST", "/portal/mitsumori", body=body, allows="choice-unknown")
        if heard.refused:
            raise Rejected(CODE, code=ErrorCode.PLAN_NOT_OFFERED)
        return heard.read(mitsumori.Mitsumori)

    def _had(
        self,
        plan: mitsumori.MitsumoriPlan | None,
        said: mitsumori.Mitsumori,
        risk: Risk,
        changes: tuple[CoverageChange, ...],
    ) -> Plan | None:
        """Answer a variation that is what was asked for; a change to one cover is no option of another."""
        if plan is None:
            return None
        read = self._read(plan, said, risk, changes)
        return None if set(changes) - set(read.changes) else read

    def _read(
        self,
        plan: mitsumori.MitsumoriPlan,
        said: mitsumori.Mitsumori,
        risk: Risk,
        changes: tuple[CoverageChange, ...],
    ) -> Plan:
        try:
            return _plan(plan, said, risk, changes)
        except ValueError:
            raise self._line.unreadable() from None


def _number(plan: PlanCode | None) -> int | None:
    if plan is None:
        return None
    if not plan.isdecimal():
        raise Rejected(CODE, code=ErrorCode.PLAN_NOT_OFFERED)
    return int(plan)


def _plan(
    plan: mitsumori.MitsumoriPlan, said: mitsumori.Mitsumori, risk: Risk, changes: tuple[CoverageChange, ...]
) -> Plan:
    lines, stands = covers.coverages(plan), mapping.conditions(said.joken)
    had, expires = covers.chosen(lines), plan.hokenryo.yuko_kigen
    # What the customer has changed since is what was asked for.
    changed = {change.kind for change in changes}
    return Plan(
        insurer=CODE,
        code=PlanCode(str(plan.plan_no)),
        name=plan.plan_mei,
        position=plan.plan_no,
        premium=covers.premium(plan.hokenryo),
        coverages=lines,
        quoted_at=moment(said.shisan_nichiji),
        valid_until=moment(expires) if expires else None,
        recommended=plan.osusume,
        changes=tuple(change for change in changes if change in had),
        departures=(
            *(found for found in departures.of_covers(risk, lines, plan.sai) if found.kind not in changed),
            *departures.of_conditions(risk, stands, plan.sai),
        ),
        conditions=stands,
        grade=mapping.grade(said.tokyu),
        assumptions=tuple(assumptions.read(one) for one in said.zentei),
        video=covers.video(said.setsumei_doga),
        contact=mapping.agency(said.toriatsukai_dairiten).contact,
    )
