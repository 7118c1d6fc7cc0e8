"""The draft of a renewal: begun, answered, chosen and quoted again as often as the customer likes."""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from uuid import NAMESPACE_URL, uuid5

import msgspec

from gateway.journeys import acting, consenting, picking, renewing
from gateway.journeys.accounts import Accounts
from gateway.journeys.authority import still_let
from gateway.journeys.filling import Filled, filled
from gateway.journeys.knowing import Known
from gateway.journeys.patience import Patience
from gateway.journeys.present_cover import PresentCover
from gateway.journeys.quoting import Quoting
from gateway.journeys.refusal import Refusal, expected
from gateway.journeys.rehearsal import Rehearsal
from gateway.journeys.renewing import E, S
from gateway.journeys.submission import note
from gateway.store import AlreadyLiving, Store, Work
from insurers.account import Access
from insurers.answers import Standing, StepState
from insurers.capability import Capability
from insurers.coverage import CoverageChange
from insurers.current import current_cover
from insurers.errors import Duplicate, ErrorCode, InsurerError, Rejected
from insurers.hours import TOKYO
from insurers.identity import PlanCode, PolicyRef
from insurers.panel import Clock, Panel
from insurers.plan import Plan, PlanQuery
from insurers.policy import Policy, RenewabilityCode, RenewalOffer
from insurers.renewal import FINAL, Renewal
from insurers.script import Script, Step
from insurers.text import Text
from schema.ports import Done, Given
from schema.problems import NOT_FOUND, NOT_LINKED, STEP_LOCKED, Problem, ProblemCode, problem

DRAFT = frozenset({S.IN_PROGRESS, S.READY})


class _NotOnline(Refusal):
    """The insurer takes no renewal of this policy online now."""

    def __init__(self, offer: RenewalOffer) -> None:
        super().__init__(_not_online(offer))
        self.offer = offer


class Drafting:
    def __init__(
        self,
        store: Store,
        panel: Panel,
        clock: Clock,
        accounts: Accounts,
        rehearsal: Rehearsal,
        quoting: Quoting,
        patience: Patience,
        present: PresentCover,
        known: Known,
    ) -> None:
        self._store = store
        self._panel = panel
        self._clock = clock
        self._accounts = accounts
        self._rehearsal = rehearsal
        self._quoting = quoting
        self._patience = patience
        self._present = present
        self._known = known

    async def begin(self, customer: str, ref: PolicyRef, *, order: str) -> Done[Renewal]:
        async with self._store.reading() as work:
            standing = (await work.renewals.latest(customer, [ref])).get(ref)
        if standing is not None and standing.state not in FINAL:
            return Done(thing=standing)
        access: Access | None = None
        try:
            access = await self._accounts.reading_key(customer, ref.insurer)
            if access is None:
                # Whose policy it is, nobody can tell.
                raise Refusal(msgspec.structs.replace(NOT_LINKED, field=("policy",)))
            policy, offer, script, plans = await self._patience.reading(ref.insurer, self._asked(access, ref))
            current = current_cover(policy)
        except _NotOnline as refusal:
            await self._known.refused(customer, refusal.offer)
            raise
        except InsurerError as error:
            await self._accounts.noted(customer, error, refused=access)
            raise Refusal(problem(error), standing) from error
        now = self._clock()
        return await self._added(
            Renewal(
                # The same order makes the same renewal, also when the first try died half-way.
                id=str(uuid5(NAMESPACE_URL, f"renewal:{order}")),
                customer=customer,
                ref=ref,
                maturity=policy.ends_at,
                state=S.IN_PROGRESS,
                version=1,
                created_at=now,
                updated_at=now,
                script=script,
                plans=tuple(plans),
                current=current,
                closes_at=offer.closes_at,
                plate=policy.vehicle.plate if policy.vehicle else None,
                agency=policy.agency.contact if policy.agency else None,
            )
        )

    async def _asked(self, access: Access, ref: PolicyRef) -> tuple[Policy, RenewalOffer, Script, Sequence[Plan]]:
        insurer = self._panel[ref.insurer]
        policy, offer = await self._offered(access, ref)
        script, plans = await asyncio.gather(
            insurer.script(access, ref.number), insurer.plans(access, PlanQuery(number=ref.number))
        )
        return policy, offer, script, plans

    async def _offered(self, access: Access, ref: PolicyRef) -> tuple[Policy, RenewalOffer]:
        """Answer the policy, which may be renewed online, and until when."""
        insurer = self._panel[ref.insurer]
        insurer.manifest.require(Capability.RENEWAL)
        policies, offers = await asyncio.gather(
            insurer.policies(access, [ref.number]), insurer.renewal_offers(access, [ref.number])
        )
        policy, offer = policies.get(ref.number), offers.get(ref.number)
        if policy is None or offer is None:
            raise Refusal(NOT_FOUND)
        if offer.successor is not None:
            raise Duplicate(ref.insurer)
        if not offer.online:
            if policy.starts_at > self._clock() and await self._follows(access, ref):
                raise Rejected(ref.insurer, code=ErrorCode.NUMBER_IS_SUCCESSOR)
            raise _NotOnline(offer)
        return policy, offer

    async def _follows(self, access: Access, ref: PolicyRef) -> bool:
        """Whether it is the next term of another policy of the account, which has been renewed already (P-9)."""
        policies = await self._panel[ref.insurer].policies(access)
        return any(str(policy.successor) == str(ref.number) for policy in policies.values() if policy.successor)

    async def _added(self, renewal: Renewal) -> Done[Renewal]:
        async with self._store.work() as work:
            await still_let(work, renewal.customer, self._clock())
            try:
                await work.renewals.add(renewal, due_at=renewing.due(renewal, self._clock()))
            except AlreadyLiving:
                living = await work.renewals.living(renewal.ref, renewal.maturity)
            else:
                await work.events.append(
                    renewal.id,
                    at=renewal.created_at,
                    actor=acting.actor(),
                    actor_name=acting.agent_name(),
                    summary=Text("更新手続きを始めました", "Begun"),
                    topic=f"renewal:{renewal.id}",
                )
                return Done(thing=renewal)
        # Somebody renews this term already: the customer in another tab, or someone whose affair it is not to tell.
        if living is not None and living.customer == renewal.customer:
            return Done(thing=living)
        raise Refusal(problem(Duplicate(renewal.ref.insurer)))

    async def select(self, renewal: Renewal, code: PlanCode, acknowledged: str | None) -> Done[Renewal]:
        renewal, now = await self._present.known(renewal), self._clock()
        after = picking.chosen(renewal, code, acknowledged, now).on(E.REVISE, at=now)
        async with self._store.work() as work:
            await still_let(work, renewal.customer, now, standing=renewal)
            await work.renewals.save(after, was=renewal.version, due_at=renewing.due(after, now))
            await note(work, after, E.REVISE, actor=acting.actor(), revision=renewing.CHOSEN)
            await self._reduced(work, renewal, after, now)
        return await self._rehearsal.onward(after)

    async def requote(
        self, renewal: Renewal, code: PlanCode, changes: Sequence[CoverageChange], *, reset: bool
    ) -> Done[Renewal]:
        renewal = await self._present.known(renewal)
        plan = picking.offered(renewal, code)
        picking.choosable(renewal, plan, changes)
        whole = {change.kind: change for change in (() if reset else plan.changes)}
        whole |= {change.kind: change for change in changes}
        try:
            plans = await self._quoting.edited(renewal, code, tuple(whole.values()))
        except InsurerError as error:
            raise Refusal(problem(error, field=("changes",)), renewal) from error
        after = renewal.on(E.REVISE, at=self._clock(), plans=plans, proposal=None)
        return await self._onward(await self._rehearsal.saved(renewal, after, E.REVISE, revision=renewing.REQUOTED))

    async def answer(
        self, customer: str, id_: str, step: str, given: Sequence[Given], *, version: int
    ) -> Done[Renewal]:
        async with self._store.reading() as work:
            before = expected(await _mine(work, customer, id_), version, DRAFT)
        before = await self._present.still_chosen(before)
        # Quotes are read before anything is written: an answer that nothing can be quoted for does not stand.
        plans = await self._repriced(before, step, given)
        async with self._store.work() as work:
            await still_let(work, customer, self._clock(), standing=before)
            standing = expected(await _mine(work, customer, id_), version, DRAFT)
            after = await self._taken(work, standing, step, given, plans)
        return await self._rehearsal.onward(after)

    async def _repriced(self, renewal: Renewal, step: str, given: Sequence[Given]) -> tuple[Plan, ...]:
        """Answer the plans under the conditions that *given* leads to; as they are where it changes none."""
        draft, _ = self._drafted(renewal, _open(renewal, step), given)
        if renewing.conditions(draft) == renewing.conditions(renewal):
            return renewal.plans
        try:
            return await self._quoting.anew(draft)
        except InsurerError as error:
            raise Refusal(problem(error, field=("answers",)), renewal) from error

    def _drafted(self, renewal: Renewal, step: Step, given: Sequence[Given]) -> tuple[Renewal, Filled]:
        """Answer the draft with these answers in it; nothing is written."""
        now = self._clock()
        if refusals := acting.refusals(step, given):
            raise Refusal(refusals[0], renewal, *refusals[1:])
        draft = picking.picked(renewal, given, now)
        answers = filled(step, given, at=now, subject=draft.subject, opened=draft.opened)
        if answers.problems:
            raise Refusal(answers.problems[0], renewal, *answers.problems[1:])
        return _answered(draft, step, answers), answers

    async def _taken(
        self, work: Work, renewal: Renewal, step_key: str, given: Sequence[Given], plans: tuple[Plan, ...]
    ) -> Renewal:
        """Take answers into the draft, with the evidence they leave, in the transaction that is open."""
        now = self._clock()
        step = _open(renewal, step_key)
        if not given:
            return renewal
        draft, answers = self._drafted(renewal, step, given)
        draft = msgspec.structs.replace(draft, plans=plans)
        if draft.state is S.READY and renewing.is_complete(draft):
            return renewal
        event, changes = renewing.outcome(draft, step)
        after = draft.on(event, at=now, trouble=None, **changes)
        await work.renewals.save(after, was=renewal.version, due_at=renewing.due(after, now))
        await note(work, after, event, actor=acting.actor(), revision=renewing.answered(step), step=step_key)
        await self._reduced(work, renewal, after, now)
        await self._evidenced(work, after, step, answers, now)
        return after

    async def _reduced(self, work: Work, before: Renewal, after: Renewal, now: datetime) -> None:
        """Keep as evidence what the customer has just acknowledged of the plan that was chosen, if anything."""
        known = (before.selected, before.acknowledged)
        if after.plan is None or not after.acknowledged or known == (after.selected, after.acknowledged):
            return
        await work.consents.append(
            consenting.reduction_consent(
                after,
                after.plan,
                last=await work.consents.last(after.id),
                at=now,
                language=acting.language(),
                actor=acting.actor(),
            )
        )

    async def _evidenced(self, work: Work, renewal: Renewal, step: Step, answers: Filled, now: datetime) -> None:
        for need in step.requirements:
            if need.key in answers.kept:
                last = await work.consents.last(renewal.id)
                evidence = consenting.consent(
                    renewal, step, need, last=last, at=now, language=acting.language(), actor=acting.actor()
                )
                if evidence is not None:
                    await work.consents.append(evidence)

    async def _onward(self, done: Done[Renewal]) -> Done[Renewal]:
        return done if done.problems or done.thing is None else await self._rehearsal.onward(done.thing)


async def _mine(work: Work, customer: str, id_: str) -> Renewal | None:
    found = await work.renewals.get(id_)
    return found if found is not None and found.customer == customer else None


def _answered(draft: Renewal, step: Step, answers: Filled) -> Renewal:
    """The draft with these answers. What was rehearsed stands only while nothing before it changes."""
    applies = step.key == draft.script.steps[-1].key
    if applies and draft.proposal is None:
        raise Refusal(STEP_LOCKED, draft)
    return msgspec.structs.replace(
        draft, answers={**draft.answers, **answers.kept}, proposal=draft.proposal if applies else None
    )


def _open(renewal: Renewal, key: str) -> Step:
    standings: list[Standing] = renewal.standings
    step = next((one.step for one in standings if one.step.key == key and one.state is not StepState.LOCKED), None)
    if step is None:
        raise Refusal(STEP_LOCKED, renewal)
    return step


def _not_online(offer: RenewalOffer) -> Problem:
    # Where that is all that is missing.
    early = all(reason.code is RenewabilityCode.TOO_EARLY for reason in offer.reasons)
    opens_at = offer.opens_at if early else None
    return Problem(
        code=ProblemCode.NOT_ELIGIBLE,
        message=_until(opens_at) if opens_at else _NOT_NOW,
        retry_at=opens_at,
        reasons=offer.reasons,
        contacts=tuple(reason.contact for reason in offer.reasons if reason.contact),
        insurer=offer.ref.insurer,
    )


def _until(opens_at: datetime) -> Text:
    """Tell the day on which the insurer opens the renewal."""
    opens = opens_at.astimezone(TOKYO)
    return Text(
        f"このご契約の更新手続きは{opens.year}年{opens.month}月{opens.day}日 {opens:%H:%M}に始まります。",
        f"The renewal of this policy opens on {opens:%Y-%m-%d} at {opens:%H:%M} in Tokyo.",
    )


_NOT_NOW = Text(
    "このご契約は今はインターネットで更新できません。理由をご確認ください。",
    "This policy cannot be renewed online now. See the reasons.",
)
