"""The promises about quotes for a car that another insurer covers, and about what each single change costs."""

from datetime import timedelta

import msgspec

from insurers.account import Access
from insurers.adapter import Insurer
from insurers.capability import Capability, Level
from insurers.conformance_plans import first_changes
from insurers.conformance_proof import SINGLE, check_covers, refusal, stored
from insurers.conformance_strange import as_cover, strange
from insurers.conformance_variations import NOBODYS, Desk, check_variations
from insurers.coverage import RENEWAL_RIDERS, CoverageChange, CoverageKind
from insurers.deadlines import GRADE_CARRY_OVER
from insurers.errors import AccessDenied, ErrorCode, NotOffered, Rejected
from insurers.identity import PolicyNumber
from insurers.money import Yen
from insurers.plan import Plan, PlanQuery, PremiumNature
from insurers.risk import Risk, RiskQuery
from insurers.vehicle import AgeCondition, DriverLimitation, NonFleetGrade
from insurers.verdict import Judgement, Verdict, compare

replace = msgspec.structs.replace

# Whoever compares does not wait longer for anybody.
WAITED_AT_MOST = timedelta(minutes=1)

NARROWER = frozenset({Verdict.WORSE, Verdict.DIFFERENT, Verdict.LOST})
TO_BE_TOLD = NARROWER | {Verdict.BETTER, Verdict.ONLY_HERE}

# From the widest on.
LIMITATIONS = (
    DriverLimitation.NONE,
    DriverLimitation.FAMILY,
    DriverLimitation.SELF_AND_SPOUSE,
    DriverLimitation.SELF_ONLY,
)
AGES = (
    AgeCondition.ALL_AGES,
    AgeCondition.AGE_21_PLUS,
    AgeCondition.AGE_26_PLUS,
    AgeCondition.AGE_30_PLUS,
    AgeCondition.AGE_35_PLUS,
)


class QuotingElsewhere:
    """
    Quotes for others' risks, and variations of any plan. Fixtures: `insurer`, `access`, `known`.

    Every insurer knows its own customers' cars, so the risk is that of `known`, read as if another
    insurer had it, and the same in words that no insurer has.
    """

    def test_whoever_quotes_for_others_risks_says_what_that_takes(self, insurer: Insurer) -> None:
        card = insurer.manifest

        assert (card.quoting is not None) == (card.level(Capability.QUOTE) in (Level.NATIVE, Level.EMULATED))
        if card.quoting is not None:
            assert card.quoting.needs
            assert frozenset() == card.quoting.needs & card.quoting.uses
            assert timedelta(0) < card.quotes_within <= WAITED_AT_MOST

    async def test_a_quote_for_a_risk_is_a_comparable_indication_and_leaves_nothing_behind(
        self, insurer: Insurer, access: Access, known: PolicyNumber
    ) -> None:
        before = await insurer.policies(access)
        if insurer.manifest.quoting is None:
            await refusal(insurer.quote(access, RiskQuery(risk=Risk())), NotOffered)
            return

        plans = await insurer.quote(access, RiskQuery(risk=await risk_of(insurer, access, known)))

        assert plans
        assert len(plans) == len({plan.code for plan in plans})
        assert [plan.position for plan in plans] == sorted({plan.position for plan in plans})
        for plan in plans:
            assert plan == stored(plan)
            assert (insurer.manifest.code, ()) == (plan.insurer, plan.changes)
            assert PremiumNature.INDICATION is plan.premium.nature
            assert plan.premium.total > Yen(0)
            if plan.premium.instalments:
                assert plan.premium.total == sum((part.amount for part in plan.premium.instalments), Yen(0))
            assert plan.valid_until is None or plan.quoted_at < plan.valid_until
            # No insurer knows yet what the present term will end with.
            assert plan.grade is None or plan.grade.provisional
            check_covers(plan.coverages)
        assert before == await insurer.policies(access)

    async def test_what_differs_from_what_is_wanted_is_told_with_the_plan(
        self, insurer: Insurer, access: Access, known: PolicyNumber
    ) -> None:
        if insurer.manifest.quoting is None:
            return
        risk = await risk_of(insurer, access, known)
        for wanted in (risk, strange(risk)):
            for plan in await insurer.quote(access, RiskQuery(risk=wanted)):
                assert set() == untold(plan, wanted)
                for departure in plan.departures:
                    for text in (departure.requested, departure.offered, departure.why):
                        assert "" not in (text.ja, text.en), departure.kind

    async def test_what_is_not_offered_is_offered_wider_where_anything_is(
        self, insurer: Insurer, access: Access, known: PolicyNumber
    ) -> None:
        if insurer.manifest.quoting is None:
            return
        wanted = strange(await risk_of(insurer, access, known))
        plans = await insurer.quote(access, RiskQuery(risk=wanted))

        # Others may be recommended beside it; one is what was asked for, as far as it is to be had.
        assert [] in [await needlessly_narrower(insurer, access, wanted, plan) for plan in plans]
        assert [] == [plan.code for plan in plans if not _as_wide(plan, wanted)]

    async def test_a_change_to_a_quote_for_a_risk_can_be_had_and_undone_and_one_that_nobody_offered_is_refused(
        self, insurer: Insurer, access: Access, known: PolicyNumber
    ) -> None:
        if insurer.manifest.quoting is None:
            return
        risk = await risk_of(insurer, access, known)
        for plan in await insurer.quote(access, RiskQuery(risk=risk)):
            desk = _elsewhere(insurer, access, risk, plan)
            for change in first_changes(plan)[:2]:
                edited = await desk.alone(change)

                assert (plan.code, (change,)) == (edited.code, edited.changes)
                assert plan.fingerprint != edited.fingerprint, change
            assert plan.fingerprint == (await desk.alone()).fingerprint
            assert ErrorCode.PLAN_NOT_OFFERED is (await refusal(desk.alone(NOBODYS), Rejected)).code

    async def test_each_variation_of_a_quote_is_what_that_change_alone_is_quoted_at(
        self, insurer: Insurer, access: Access, known: PolicyNumber
    ) -> None:
        if insurer.manifest.quoting is None:
            return
        risk = await risk_of(insurer, access, known)
        plan = (await insurer.quote(access, RiskQuery(risk=risk)))[0]

        await check_variations(_elsewhere(insurer, access, risk, plan), plan)

    async def test_each_variation_of_a_renewal_is_what_that_change_alone_is_quoted_at(
        self, insurer: Insurer, access: Access, known: PolicyNumber
    ) -> None:
        plan = (await insurer.plans(access, PlanQuery(number=known)))[0]

        def query(changes: tuple[CoverageChange, ...]) -> PlanQuery:
            return PlanQuery(number=known, plan=plan.code, changes=changes)

        desk = Desk(query, lambda changes: insurer.plans(access, query(changes)), insurer, access)
        await check_variations(desk, plan)

    async def test_a_grade_is_carried_over_for_seven_days_after_maturity_and_no_longer(
        self, insurer: Insurer, access: Access, known: PolicyNumber
    ) -> None:
        if insurer.manifest.quoting is None:
            return
        risk = await risk_of(insurer, access, known)
        ends_at = risk.maturity
        assert ends_at is not None
        # What is bad about a grade sticks, so only a good one can be lost.
        risk = replace(risk, grade=NonFleetGrade(grade=15, accident_term=0))
        found = []
        for late in (timedelta(0), GRADE_CARRY_OVER, GRADE_CARRY_OVER + timedelta(days=1)):
            begins = replace(risk, inception=ends_at + late)
            found.append([plan.grade for plan in await insurer.quote(access, RiskQuery(risk=begins))])

        on_time, last_day, lost = found
        assert on_time == last_day
        assert [] == [grade for grade, kept in zip(lost, on_time, strict=True) if grade and grade == kept]

    async def test_what_is_needed_is_enough_and_without_one_of_it_nothing_is_quoted(
        self, insurer: Insurer, access: Access, known: PolicyNumber
    ) -> None:
        if insurer.manifest.quoting is None:
            return
        needs = insurer.manifest.quoting.needs
        risk = await risk_of(insurer, access, known)

        assert await insurer.quote(access, RiskQuery(risk=risk.only(needs)))
        for withheld in sorted(needs):
            query = RiskQuery(risk=risk.only(risk.categories - {withheld}))
            assert ErrorCode.INPUT_REFUSED is (await refusal(insurer.quote(access, query), Rejected)).code, withheld

    async def test_an_account_is_wanted_exactly_where_the_card_says_so(
        self, insurer: Insurer, access: Access, known: PolicyNumber
    ) -> None:
        if insurer.manifest.quoting is None:
            return
        query = RiskQuery(risk=await risk_of(insurer, access, known))

        if insurer.manifest.quoting.with_account:
            await refusal(insurer.quote(None, query), AccessDenied)
        else:
            assert await insurer.quote(None, query)


async def risk_of(insurer: Insurer, access: Access, number: PolicyNumber) -> Risk:
    """Read a risk from the insurer's own contract; whoever quotes for others' cars knows what rates its own."""
    risk = Risk.of((await insurer.policies(access, [number]))[number])
    assert insurer.manifest.quoting is not None
    assert frozenset() == insurer.manifest.quoting.needs - risk.categories
    return risk


def differing(plan: Plan, wanted: Risk) -> dict[CoverageKind, Verdict]:
    """Say how each cover of *plan* stands to what was wanted of its kind."""
    ours = {cover.kind: cover for cover in plan.coverages if cover.kind in SINGLE}
    theirs = {
        cover.kind: as_cover(cover, ours.get(cover.kind)) for cover in wanted.coverages or () if cover.kind in SINGLE
    }
    return {
        kind: _known(compare(ours.get(kind), theirs.get(kind), same_insurer=False)) for kind in ours.keys() | theirs
    }


def _known(judgement: Judgement) -> Verdict:
    """Answer what is known to differ, whatever else nobody says."""
    if not judgement.findings:
        return judgement.verdict
    return Judgement.of(finding for finding in judgement.findings if finding.verdict is not Verdict.UNKNOWN).verdict


def untold(plan: Plan, wanted: Risk) -> set[CoverageKind | None]:
    """Answer of what a departure should speak, and none does; None stands for who drives."""
    found: set[CoverageKind | None] = {
        kind for kind, verdict in differing(plan, wanted).items() if verdict in TO_BE_TOLD
    }
    if (
        plan.conditions
        and wanted.drivers
        and (
            (plan.conditions.limitation, plan.conditions.age_condition)
            != (wanted.drivers.limitation, wanted.drivers.age_condition)
        )
    ):
        found.add(None)
    # Nobody wants a rider of another insurer's renewal.
    return found - RENEWAL_RIDERS - {departure.kind for departure in plan.departures}


async def needlessly_narrower(insurer: Insurer, access: Access, wanted: Risk, plan: Plan) -> list[CoverageChange]:
    """Answer the changes that would give what *plan* lacks of what is wanted."""
    narrower = {kind for kind, verdict in differing(plan, wanted).items() if verdict in NARROWER}
    changes = [
        CoverageChange(kind=cover.kind, option=option.value)
        for cover in plan.coverages
        if cover.kind in narrower
        for option in cover.options
        if not option.selected
    ]
    varied = await insurer.variations(access, RiskQuery(risk=wanted, plan=plan.code), changes)
    return [
        change
        for change, variation in zip(changes, varied, strict=True)
        if variation and differing(variation, wanted).get(change.kind) in (Verdict.EQUAL, Verdict.BETTER)
    ]


def _as_wide(plan: Plan, wanted: Risk) -> bool:
    """Whether everybody may drive who was to."""
    if plan.conditions is None or wanted.drivers is None:
        return True
    limitation, age = wanted.drivers.limitation, wanted.drivers.age_condition
    return LIMITATIONS.index(plan.conditions.limitation) <= LIMITATIONS.index(limitation) and AGES.index(
        plan.conditions.age_condition
    ) <= AGES.index(age)


def _elsewhere(insurer: Insurer, access: Access, risk: Risk, plan: Plan) -> Desk:
    def query(changes: tuple[CoverageChange, ...]) -> RiskQuery:
        return RiskQuery(risk=risk, plan=plan.code, changes=changes)

    return Desk(query, lambda changes: insurer.quote(access, query(changes)), insurer, access)
