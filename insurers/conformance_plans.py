"""The promises about plans, and about what they cost."""

from insurers.account import Access
from insurers.adapter import Insurer
from insurers.conformance_draft import conditions
from insurers.conformance_proof import check_covers, refusal, stored
from insurers.coverage import CoverageChange, CoverageKind
from insurers.errors import ErrorCode, Rejected
from insurers.identity import PolicyNumber
from insurers.money import Yen
from insurers.plan import Plan, PlanQuery, PremiumNature


class Quoting:
    """Plans and what they cost. Fixtures: `insurer`, `access`, `known`."""

    async def test_plans_are_told_apart_and_come_in_order(
        self, insurer: Insurer, access: Access, known: PolicyNumber
    ) -> None:
        plans = await insurer.plans(access, PlanQuery(number=known))

        assert plans
        assert len(plans) == len({plan.code for plan in plans})
        assert [plan.position for plan in plans] == sorted({plan.position for plan in plans})

    async def test_a_quote_is_an_indication_in_whole_yen(
        self, insurer: Insurer, access: Access, known: PolicyNumber
    ) -> None:
        for plan in await insurer.plans(access, PlanQuery(number=known)):
            assert plan == stored(plan)
            assert insurer.manifest.code == plan.insurer
            assert PremiumNature.INDICATION is plan.premium.nature
            assert plan.premium.total > Yen(0)
            assert () == plan.changes
            if plan.premium.instalments:
                assert plan.premium.total == sum((part.amount for part in plan.premium.instalments), Yen(0))

    async def test_covers_are_comparable(self, insurer: Insurer, access: Access, known: PolicyNumber) -> None:
        for plan in await insurer.plans(access, PlanQuery(number=known)):
            check_covers(plan.coverages)

    async def test_every_change_that_is_offered_can_be_had_and_undone(
        self, insurer: Insurer, access: Access, known: PolicyNumber
    ) -> None:
        for plan in await insurer.plans(access, PlanQuery(number=known)):
            for change in first_changes(plan):
                edited = await quote(insurer, access, PlanQuery(number=known, plan=plan.code, changes=(change,)))

                assert plan.code == edited.code
                assert (change,) == edited.changes
                assert plan.fingerprint != edited.fingerprint, change
                assert change.option == _selected(edited, change.kind)

            assert (
                plan.fingerprint == (await quote(insurer, access, PlanQuery(number=known, plan=plan.code))).fingerprint
            )

    async def test_an_option_that_nobody_offered_is_refused(
        self, insurer: Insurer, access: Access, known: PolicyNumber
    ) -> None:
        plan = (await insurer.plans(access, PlanQuery(number=known)))[0]
        wish = CoverageChange(kind=CoverageKind.BODILY_INJURY_LIABILITY, option="no-such-option")

        error = await refusal(insurer.plans(access, PlanQuery(number=known, plan=plan.code, changes=(wish,))), Rejected)

        assert ErrorCode.PLAN_NOT_OFFERED is error.code

    async def test_a_condition_as_it_is_shown_changes_no_price(
        self, insurer: Insurer, access: Access, known: PolicyNumber
    ) -> None:
        shown = {
            field.key: field.suggested for field in conditions(await insurer.script(access, known)) if field.suggested
        }

        plain = await insurer.plans(access, PlanQuery(number=known))
        same = await insurer.plans(access, PlanQuery(number=known, conditions=shown))

        assert [plan.bought for plan in plain] == [plan.bought for plan in same]


async def quote(insurer: Insurer, access: Access, query: PlanQuery) -> Plan:
    (plan,) = await insurer.plans(access, query)
    return plan


def first_changes(plan: Plan) -> list[CoverageChange]:
    """One change for each cover that has a choice."""
    return [
        CoverageChange(kind=cover.kind, option=others[0])
        for cover in plan.coverages
        if (others := [option.value for option in cover.options if not option.selected])
    ]


def _selected(plan: Plan, kind: CoverageKind) -> str:
    return next(o.value for cover in plan.coverages if cover.kind is kind for o in cover.options if o.selected)
