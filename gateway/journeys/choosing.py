"""The choice of a plan: what it loses is acknowledged first (P-8), and it goes on as far as can be gone from here."""

from collections.abc import Sequence

import msgspec

from gateway.journeys import acting, comparing_evidence
from gateway.journeys.drafting import DRAFT, Drafting
from gateway.journeys.kept_comparisons import part_of_mine, quoted, written
from gateway.journeys.refusal import Refusal
from gateway.journeys.switching import Switching
from gateway.store import Conflict, Store, Work
from insurers.comparison import Choice, Comparison, Inquiry
from insurers.consent import ConsentKind
from insurers.contact import Contact
from insurers.identity import PlanCode
from insurers.losses import Loss, fingerprint, losses
from insurers.panel import Clock
from insurers.plan import Plan
from insurers.policy import RenewabilityCode, RenewabilityReason
from insurers.renewal import Renewal
from insurers.text import Text
from schema.ports import Asker
from schema.problems import STEP_LOCKED, Problem, ProblemCode, referred, unacknowledged


class Choosing:
    def __init__(self, store: Store, clock: Clock, drafting: Drafting, switching: Switching) -> None:
        self._store = store
        self._clock = clock
        self._drafting = drafting
        self._switching = switching

    async def choose(
        self, asker: Asker, inquiry: str, code: PlanCode, acknowledged: str | None, *, order: str
    ) -> tuple[str, tuple[Problem, ...]]:
        """
        Write down what was chosen; answer the comparison's id, and what stands in the way of its renewal.

        That it goes on at an agency stands in nobody's way, and is written down with it.

        Raises:
            Refusal: nothing was chosen, because it cannot be had any more, or not without another word.
        """
        async with self._store.reading() as work:
            comparison, part = await part_of_mine(work, asker.customer, inquiry)
        plan = quoted(comparison, part, code)
        found = self._losses(comparison, part, plan, acknowledged)
        choice = Choice(
            policy=part.policy, inquiry=part.id, plan=plan, chosen_at=self._clock(), acknowledged=fingerprint(found)
        )
        problems: tuple[Problem, ...] = ()
        if part.is_own:
            choice, problems = await self._renewed(asker, comparison, choice, order)
        else:
            choice = await self._elsewhere(comparison, choice)
        await self._written(asker, choice, found)
        return comparison.id, problems

    def _losses(self, comparison: Comparison, inquiry: Inquiry, plan: Plan, acknowledged: str | None) -> Sequence[Loss]:
        """Answer what the plan loses, all of which was acknowledged."""
        policy = comparison.policy(inquiry.policy)
        if policy.stands_until(plan) <= self._clock():
            raise Refusal(_RUN_OUT, comparison)
        found = losses(plan, policy.current)
        if found and not acting.may_confirm(ConsentKind.COVER_REDUCTION):
            raise Refusal(acting.customer_only(_REDUCTION, "acknowledgedLosses"), comparison)
        if found and acknowledged != fingerprint(found):
            raise Refusal(unacknowledged(tuple(found)), comparison)
        return found

    async def _written(self, asker: Asker, choice: Choice, found: Sequence[Loss]) -> None:
        plan, at = choice.plan, choice.chosen_at

        async def note(work: Work) -> None:
            comparison, standing = await part_of_mine(work, asker.customer, choice.inquiry)
            now_lost = losses(plan, comparison.policy(choice.policy).current)
            if standing.plan(plan.code) != plan or tuple(found) != now_lost:
                raise Refusal(_OVERTAKEN, comparison)
            after = msgspec.structs.replace(
                comparison, choices=comparison.chosen(choice), version=comparison.version + 1, updated_at=at
            )
            await work.comparisons.save(after, was=comparison.version)
            if found:
                await comparing_evidence.reduction_consent(work, after, plan, found, at=at)
            await comparing_evidence.chosen(work, after, standing, choice)

        await written(self._store, asker.customer, at, note)

    async def _elsewhere(self, comparison: Comparison, choice: Choice) -> Choice:
        warning = await self._switching.warning(comparison.customer, comparison.policy(choice.policy))
        way = self._switching.way_on(choice.plan)
        return msgspec.structs.replace(choice, reasons=(way,), warnings=(warning,))

    async def _renewed(
        self, asker: Asker, comparison: Comparison, choice: Choice, order: str
    ) -> tuple[Choice, tuple[Problem, ...]]:
        """
        Choose the same plan in the policy's renewal, and begin that where there is none; only its agency may go on.

        Raises:
            Refusal: it cannot be begun now, or the plan is not what it was quoted as.
        """
        try:
            begun = await self._drafting.begin(asker.customer, choice.policy, order=order)
            renewal = await self._like(begun.thing, choice.plan)
            done = await self._drafting.select(renewal, choice.plan.code, choice.acknowledged)
        except Refusal as refusal:
            if any(told.code is not ProblemCode.NOT_ELIGIBLE for told in refusal.problems):
                raise Refusal(refusal.problems[0], comparison, *refusal.problems[1:]) from refusal
            reasons = _reasons(refusal.problems, comparison.policy(choice.policy).agency)
            return msgspec.structs.replace(choice, reasons=reasons), ()
        except Conflict as error:
            raise Refusal(_ELSEWHERE_TOO, comparison) from error
        return msgspec.structs.replace(choice, renewal=(done.thing or renewal).id), done.problems

    async def _like(self, renewal: Renewal | None, plan: Plan) -> Renewal:
        """Answer the renewal with just this plan in it, edited in the same way."""
        if renewal is None:
            raise Refusal(STEP_LOCKED)
        if (applied := self._switching.applied(renewal)) is not None:
            raise Refusal(applied)
        if renewal.state not in DRAFT:
            # Its agency goes on with it, and is told what was chosen.
            raise Refusal(referred(renewal.ref.insurer, renewal.reasons))
        standing = _same(renewal, plan)
        if standing is not None and standing.changes != plan.changes:
            done = await self._drafting.requote(renewal, plan.code, plan.changes, reset=True)
            renewal = done.thing or renewal
            standing = _same(renewal, plan)
        if standing is None or standing.fingerprint != plan.fingerprint:
            raise Refusal(_MOVED)
        return renewal


def _reasons(problems: Sequence[Problem], agency: Contact | None) -> tuple[RenewabilityReason, ...]:
    """Answer why a plan cannot be renewed to here, and whom to ask."""
    told = [reason for problem in problems for reason in problem.reasons] or [
        RenewabilityReason(code=RenewabilityCode.CHANGE_NEEDS_AGENCY, message=problem.message) for problem in problems
    ]
    return tuple(msgspec.structs.replace(reason, contact=reason.contact or agency) for reason in told)


def _same(renewal: Renewal, plan: Plan) -> Plan | None:
    return next((one for one in renewal.plans if one.code == plan.code), None)


_ELSEWHERE_TOO = Problem(
    code=ProblemCode.VERSION_CONFLICT,
    message=Text(
        "更新手続きが別の画面で進められています。更新手続きをご確認のうえ、もう一度お選びください。",
        "The renewal has moved on somewhere else. Look at it, and choose again.",
    ),
    field=("planId",),
)
_RUN_OUT = Problem(
    code=ProblemCode.QUOTE_EXPIRED,
    message=Text(
        "試算の有効期限が切れています。もう一度照会してからお選びください。",
        "The quote has run out: ask the insurer again, and choose from its answer.",
    ),
    field=("planId",),
)
_OVERTAKEN = Problem(
    code=ProblemCode.QUOTE_EXPIRED,
    message=Text(
        "このプランは、選んでいる間に新しい見積りに替わりました。新しい内容をご確認のうえ、もう一度お選びください。",
        "A newer quote has taken this plan's place in the meantime. Look at that, and choose again.",
    ),
    field=("planId",),
)
_MOVED = Problem(
    code=ProblemCode.QUOTE_EXPIRED,
    message=Text(
        "更新手続きでは、このプランの保険料または補償が比較したときと変わっています。"
        "もう一度照会するか、更新手続きのプランからお選びください。",
        "In the renewal this plan does not cost or cover what it did when it was compared. Ask the insurer again, or "
        "choose among the renewal's plans.",
    ),
    field=("planId",),
)
_REDUCTION = Text("補償がなくなる・狭くなるプランの選択", "Choosing a plan that loses or narrows covers")
