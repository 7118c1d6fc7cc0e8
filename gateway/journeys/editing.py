"""Edits of a comparison's plans: quoted again with changes, and what each change alone would cost."""

from collections.abc import Sequence

import msgspec

from gateway.journeys import comparing_evidence, renewing
from gateway.journeys.inquiring import Inquiring
from gateway.journeys.kept_comparisons import part_of_mine, quoted, written
from gateway.journeys.leave import Leave, Withdrawn, is_same
from gateway.journeys.quoting import Quoting
from gateway.journeys.refusal import Refusal
from gateway.journeys.turns import Turns
from gateway.store import Store, Work
from insurers.capability import Capability
from insurers.comparison import UNDER_WAY, Comparison, Inquiry
from insurers.coverage import CoverageChange
from insurers.errors import InsurerError
from insurers.identity import PlanCode
from insurers.panel import Clock
from insurers.plan import Plan
from insurers.text import Text
from schema.ports import Difference, Differences
from schema.problems import CONSENT_REQUIRED, Problem, ProblemCode, invalid, problem

# Each of them is a quote of its own at the insurer.
MOST_DIFFERENCES = 40


class Editing:
    """Every asking is in the evidence before it begins, under the customer's leave until it ends, and in its turn."""

    def __init__(
        self, store: Store, clock: Clock, inquiring: Inquiring, quoting: Quoting, leave: Leave, turns: Turns
    ) -> None:
        self._store = store
        self._clock = clock
        self._inquiring = inquiring
        self._quoting = quoting
        self._leave = leave
        self._turns = turns

    async def requote(
        self, customer: str, inquiry: str, code: PlanCode, changes: Sequence[CoverageChange], *, reset: bool
    ) -> str:
        """
        Have one plan quoted again, put it in the place of the one that it was, and answer the comparison's id.

        Raises:
            Refusal: the plan cannot be had like that, its insurer cannot be asked now, or the plan is another by now.
        """
        async with self._store.reading() as work:
            comparison, part = await part_of_mine(work, customer, inquiry)
        plan = quoted(comparison, part, code)
        _editable(comparison, part)
        if refusals := _not_offered(plan, changes):
            raise Refusal(refusals[0], comparison, *refusals[1:])
        whole = {change.kind: change for change in (() if reset else plan.changes)}
        whole |= {change.kind: change for change in changes}
        risk = comparison.policy(part.policy).risk
        try:
            async with self._turns.at(part.insurer):
                fresh = await self._leave.during(
                    comparison, part, lambda: self._inquiring.edited(part, risk, code, tuple(whole.values()))
                )
        except Withdrawn as error:
            raise Refusal(CONSENT_REQUIRED, comparison) from error
        except InsurerError as error:
            told = problem(error, field=("changes",), capability=_capability(part))
            raise Refusal(told, comparison) from error
        await self._replaced(comparison, part, plan, fresh)
        return comparison.id

    async def differences(
        self, customer: str, flow: str, code: PlanCode, changes: Sequence[CoverageChange]
    ) -> Differences | None:
        """
        Answer what each change alone makes of the plan's premium; without *changes*, each that could be made.

        Both premiums are quoted now: what was quoted before may have moved since.

        Of more than MOST_DIFFERENCES the first ones are answered. Raises Withdrawn, too, where the
        customer does not let this insurer be told of the contract any more.
        """
        async with self._store.reading() as work:
            renewal = await work.renewals.get(flow)
            part = await work.inquiries.get(flow)
            comparison = await work.comparisons.get(part.comparison) if part else None
        if renewal is not None and renewal.customer == customer:
            plan = next((plan for plan in renewal.plans if plan.code == code), None)
            if plan is None:
                return None
            changes = (changes or choices(plan))[:MOST_DIFFERENCES]
            async with self._turns.alone(plan.insurer, flow):
                return _differences(changes, *await self._quoting.variations(renewal, plan, changes))
        plan = part.plan(code) if part and part.customer == customer else None
        if part is None or comparison is None or plan is None:
            return None
        changes = (changes or choices(plan))[:MOST_DIFFERENCES]
        risk = comparison.policy(part.policy).risk
        async with self._turns.alone(part.insurer, flow):
            found = await self._leave.during(
                comparison, part, lambda: self._inquiring.variations(part, risk, plan, changes)
            )
        return _differences(changes, *found)

    async def _replaced(self, comparison: Comparison, inquiry: Inquiry, was: Plan, fresh: Plan) -> None:
        """Write the plan down, beside whatever another tab has made of the others meanwhile."""

        async def replace(work: Work) -> None:
            _, standing = await part_of_mine(work, comparison.customer, inquiry.id)
            _editable(comparison, standing)
            if not is_same(inquiry, standing):
                raise Refusal(CONSENT_REQUIRED, comparison)
            if (now := standing.plan(was.code)) is None or now.changes != was.changes:
                raise Refusal(_OVERTAKEN, comparison)
            after = msgspec.structs.replace(
                standing,
                version=standing.version + 1,
                updated_at=self._clock(),
                plans=renewing.revised(standing.plans, fresh),
            )
            await comparing_evidence.answered(work, comparison, after)
            await work.inquiries.save(after, was=standing.version, due_at=None)

        await written(self._store, comparison.customer, self._clock(), replace)


def choices(plan: Plan) -> tuple[CoverageChange, ...]:
    """Answer every single change that could be made to the plan."""
    return tuple(
        CoverageChange(kind=cover.kind, option=option.value)
        for cover in plan.coverages
        for option in cover.options
        if not option.selected
    )


def _differences(changes: Sequence[CoverageChange], base: Plan, varied: Sequence[Plan | None]) -> Differences:
    return Differences(
        base=base,
        found=tuple(
            Difference(
                change=change,
                plan=other,
                difference=other.premium.total - base.premium.total if other is not None else None,
            )
            for change, other in zip(changes, varied, strict=True)
        ),
    )


def _capability(inquiry: Inquiry) -> Capability:
    return Capability.REQUOTE if inquiry.is_own else Capability.QUOTE


def _editable(comparison: Comparison, inquiry: Inquiry) -> None:
    if inquiry.state in UNDER_WAY:
        raise Refusal(_UNDER_WAY, comparison)
    if not inquiry.is_own and inquiry.agreed_at is None:
        raise Refusal(CONSENT_REQUIRED, comparison)


def _not_offered(plan: Plan, changes: Sequence[CoverageChange]) -> list[Problem]:
    options = {cover.kind: sorted(option.value for option in cover.options) for cover in plan.coverages}
    return [
        invalid(_choices(options.get(change.kind, [])), "changes", str(place), "option")
        for place, change in enumerate(changes)
        if change.option not in options.get(change.kind, [])
    ]


def _choices(known: Sequence[str]) -> Text:
    named = "、".join(known) or "—"
    return Text(f"この補償で選べるものは次のとおりです: {named}", f"This cover can be had as one of: {named}")


_UNDER_WAY = Problem(
    code=ProblemCode.STEP_LOCKED,
    message=Text(
        "この保険会社には今照会しています。回答が届いてから、もう一度試算してください。",
        "This insurer is being asked just now. Wait for its answer, and quote again then.",
    ),
    field=("planId",),
)
_OVERTAKEN = Problem(
    code=ProblemCode.QUOTE_EXPIRED,
    message=Text(
        "このプランは、試算している間に別の画面で変更されました。変更後の内容をご確認のうえ、もう一度試算してください。",
        "The plan was changed somewhere else while it was quoted here. Look at it as it is now, and quote again.",
    ),
    field=("planId",),
)
