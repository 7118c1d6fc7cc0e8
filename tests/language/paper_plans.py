"""What an insurer of paper sells, and for what: own-damage cover against theft, with one of two deductibles."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from datetime import date

from insurers.account import Access
from insurers.coverage import Coverage, CoverageChange, CoverageKind, CoverageOption, Covered, Peril, PerilCover
from insurers.deadlines import GRADE_CARRY_OVER
from insurers.errors import ErrorCode, Rejected
from insurers.identity import PlanCode, PolicyNumber
from insurers.money import Deductible, Limit, LimitKind, Yen
from insurers.plan import Departure, Instalment, PaymentMethod, Plan, PlanQuery, Premium, PremiumNature
from insurers.risk import Risk, RiskQuery, WantedCover
from insurers.vehicle import (
    AgeCondition,
    DriverLimitation,
    DriverScope,
    NonFleetGrade,
    UsePurpose,
    Vehicle,
    VehicleKind,
)
from insurers.verdict import Verdict, compare
from tests.language.paper_forms import CARD, MORNING, PAPER, WORD, replace

CAR = Vehicle(
    name="カミグルマ",
    model="PPR10",
    kind=VehicleKind.KEI,
    first_registered=date(2020, 4, 1),
    use=UsePurpose.DAILY_LEISURE,
    insurer_use="日常・レジャー",
)
DRIVERS = DriverScope(
    limitation=DriverLimitation.NONE,
    age_condition=AgeCondition.ALL_AGES,
    insurer_limitation="限定なし",
    insurer_age_condition="全年齢",
)

USUAL = "5-10"
FIRST = {USUAL: Yen(50_000), "10-10": Yen(100_000)}
YEN = {USUAL: Yen(60_000), "10-10": Yen(50_000)}
NEWCOMER = NonFleetGrade(grade=6, accident_term=0, provisional=True)
CODES = (PlanCode("1"), PlanCode("2"))


def own_damage(chosen: str) -> Coverage:
    return Coverage(
        kind=CoverageKind.OWN_DAMAGE,
        insurer_label="車両保険",
        included=True,
        limit=Limit(kind=LimitKind.AMOUNT, amount=Yen(2_000_000)),
        deductible=Deductible(first=FIRST[chosen], second=Yen(100_000)),
        perils=(PerilCover(peril=Peril.THEFT, covered=Covered.YES),),
        options=tuple(CoverageOption(value=value, label=value, selected=value == chosen) for value in FIRST),
    )


class PaperPlans(ABC):
    """Quotes, for its own policies and for others' risks; for these it wants no account."""

    @abstractmethod
    def enter(self, access: Access) -> None: ...

    @abstractmethod
    def require_online(self, number: PolicyNumber) -> None: ...

    async def plans(self, access: Access, query: PlanQuery) -> Sequence[Plan]:
        self.enter(access)
        self.require_online(query.number)
        _refuse_unknown(query.changes)
        return [self.plan(code, query) for code in ((query.plan,) if query.plan else CODES)]

    async def quote(self, access: Access | None, query: RiskQuery) -> Sequence[Plan]:
        terms = CARD.quoting
        if terms is None or terms.needs - query.risk.categories:
            raise Rejected(PAPER, code=ErrorCode.INPUT_REFUSED)
        _refuse_unknown(query.changes)
        return [self.elsewhere(code, query) for code in ((query.plan,) if query.plan else CODES)]

    async def variations(
        self, access: Access | None, query: PlanQuery | RiskQuery, changes: Sequence[CoverageChange]
    ) -> Sequence[Plan | None]:
        return [await self.variation(access, query, change) for change in changes]

    async def variation(
        self, access: Access | None, query: PlanQuery | RiskQuery, change: CoverageChange
    ) -> Plan | None:
        beside = tuple(other for other in query.changes if other.kind is not change.kind)
        alone = replace(query, changes=(*beside, change))
        try:
            if isinstance(alone, RiskQuery):
                (plan,) = await self.quote(access, alone)
            else:
                assert access is not None
                (plan,) = await self.plans(access, alone)
        except Rejected:
            return None
        return plan

    def plan(self, code: PlanCode, query: PlanQuery) -> Plan:
        chosen = query.changes[0].option if query.changes else USUAL
        surcharge = Yen(3_000 if query.conditions.get("licence") == "blue" else 0)
        return _priced(code, chosen, YEN[chosen] + surcharge, query.changes)

    def elsewhere(self, code: PlanCode, query: RiskQuery) -> Plan:
        chosen = query.changes[0].option if query.changes else self.nearest(query.risk)
        plan = _priced(code, chosen, YEN[chosen], query.changes)
        return replace(plan, departures=self.departures(plan, query.risk), grade=self.carried_over(query.risk))

    def carried_over(self, risk: Risk) -> NonFleetGrade | None:
        if risk.grade is None or risk.inception is None or risk.maturity is None:
            return None
        kept = risk.inception <= risk.maturity + GRADE_CARRY_OVER
        return replace(risk.grade, provisional=True) if kept else NEWCOMER

    def nearest(self, risk: Risk) -> str:
        """The cheapest of those that let the customer bear no more than was wanted."""
        wanted = [cover.deductible for cover in risk.coverages or () if cover.deductible]
        return next((option for option in ("10-10", USUAL) if all(FIRST[option] <= one.first for one in wanted)), USUAL)

    def departures(self, plan: Plan, risk: Risk) -> tuple[Departure, ...]:
        (ours,) = plan.coverages
        wanted = {cover.kind: cover for cover in risk.coverages or ()}
        kinds = [kind for kind in wanted.keys() | {ours.kind} if kind is not ours.kind or _differs(ours, wanted)]
        return tuple(Departure(kind=kind, requested=WORD, offered=WORD, why=WORD) for kind in kinds)


def _differs(ours: Coverage, wanted: dict[CoverageKind, WantedCover]) -> bool:
    theirs = wanted.get(ours.kind)
    return compare(ours, _worded(theirs) if theirs else None, same_insurer=False).verdict is not Verdict.EQUAL


def _worded(wanted: WantedCover) -> Coverage:
    return Coverage(
        kind=wanted.kind,
        insurer_label=wanted.kind,
        included=True,
        limit=wanted.limit,
        deductible=wanted.deductible,
        perils=wanted.perils,
    )


def _refuse_unknown(changes: Sequence[CoverageChange]) -> None:
    if any(change.kind is not CoverageKind.OWN_DAMAGE or change.option not in FIRST for change in changes):
        raise Rejected(PAPER, code=ErrorCode.PLAN_NOT_OFFERED)


def _priced(code: PlanCode, chosen: str, total: Yen, changes: tuple[CoverageChange, ...]) -> Plan:
    return Plan(
        insurer=PAPER,
        code=code,
        name="プラン",
        position=int(code),
        premium=Premium(
            nature=PremiumNature.INDICATION,
            total=total,
            payment=PaymentMethod.CREDIT_CARD,
            instalments=(Instalment(due_on=MORNING.date(), amount=total),),
        ),
        coverages=(own_damage(chosen),),
        quoted_at=MORNING,
        changes=changes,
    )
