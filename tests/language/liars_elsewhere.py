"""Insurers of paper who break a promise about others' risks, or about what a single change costs."""

from collections.abc import Mapping, Sequence

from insurers.account import Access
from insurers.coverage import CoverageChange
from insurers.errors import AccessDenied, Rejected
from insurers.identity import PlanCode, PolicyNumber
from insurers.plan import Plan, PlanQuery
from insurers.policy import Policy
from insurers.risk import Risk, RiskQuery
from insurers.vehicle import NonFleetGrade
from tests.language.paper import Paper
from tests.language.paper_forms import PAPER, replace
from tests.language.paper_plans import CODES, NEWCOMER


def quoted(**words: object) -> type[Paper]:
    class Quoting(Paper):
        def elsewhere(self, code: PlanCode, query: RiskQuery) -> Plan:
            return replace(super().elsewhere(code, query), **words)

    return Quoting


class Acquisitive(Paper):
    """Makes a contract of a question."""

    wrote = False

    async def quote(self, access: Access | None, query: RiskQuery) -> Sequence[Plan]:
        self.wrote = True
        return await super().quote(access, query)

    async def policies(
        self, access: Access, numbers: Sequence[PolicyNumber] | None = None
    ) -> Mapping[PolicyNumber, Policy]:
        found = await super().policies(access, numbers)
        return {
            number: replace(policy, insurer_status="申込") if self.wrote else policy for number, policy in found.items()
        }


class Stingy(Paper):
    """Takes the cheapest, whatever was wanted."""

    def nearest(self, risk: Risk) -> str:
        return "10-10"


class Absent(Paper):
    """Quotes for others' cars as they come, whatever is changed."""

    def elsewhere(self, code: PlanCode, query: RiskQuery) -> Plan:
        return replace(super().elsewhere(code, replace(query, changes=())), changes=query.changes)


class Agreeable(Paper):
    """Takes a change that nobody offered for one that nobody made."""

    async def quote(self, access: Access | None, query: RiskQuery) -> Sequence[Plan]:
        try:
            return await super().quote(access, query)
        except Rejected:
            return await super().quote(access, replace(query, changes=()))


class Shuffling(Paper):
    """Answers in another order than it was asked in."""

    async def variations(
        self, access: Access | None, query: PlanQuery | RiskQuery, changes: Sequence[CoverageChange]
    ) -> Sequence[Plan | None]:
        return [*reversed(await super().variations(access, query, changes))]


class Piling(Paper):
    """Adds a change to those that it should replace."""

    async def variation(
        self, access: Access | None, query: PlanQuery | RiskQuery, change: CoverageChange
    ) -> Plan | None:
        varied = await super().variation(access, query, change)
        before = await super().variation(access, query, query.changes[0]) if query.changes else None
        return before or varied


class Forgiving(Paper):
    """Takes the first day for the end of the present term, and so loses nobody's grade."""

    def carried_over(self, risk: Risk) -> NonFleetGrade | None:
        return super().carried_over(replace(risk, maturity=risk.inception))


class Unforgiving(Paper):
    """Carries a grade over from one day to the next, and not after seven."""

    def carried_over(self, risk: Risk) -> NonFleetGrade | None:
        return super().carried_over(risk) if risk.inception == risk.maturity else NEWCOMER


class Curious(Paper):
    """Wants to know more than it says."""

    async def quote(self, access: Access | None, query: RiskQuery) -> Sequence[Plan]:
        if query.risk.grade is None:
            raise Rejected(PAPER)
        return await super().quote(access, query)


class Guessing(Paper):
    """Quotes for a car of which it knows nothing."""

    async def quote(self, access: Access | None, query: RiskQuery) -> Sequence[Plan]:
        return [self.elsewhere(code, query) for code in CODES]


class Gatekeeping(Paper):
    """Wants an account that its card does not speak of."""

    async def quote(self, access: Access | None, query: RiskQuery) -> Sequence[Plan]:
        if access is None:
            raise AccessDenied(PAPER)
        return await super().quote(access, query)
