"""The desk for renewals: everything up to the insurer's button is a draft of ours."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import msgspec

from gateway.journeys import renewing
from gateway.journeys.accounts import Accounts
from gateway.journeys.filling import filled
from gateway.journeys.orders import Orders
from gateway.journeys.renewing import E, S
from gateway.journeys.submission import Submission, note
from gateway.store import AlreadyLiving, Conflict, Lease, Store, Work
from insurers.account import Access
from insurers.answers import Answered, Standing, StepState, bound, referral
from insurers.capability import Capability
from insurers.coverage import CoverageChange
from insurers.errors import AccessDenied, Changed, Duplicate, InsurerError, NotOnline
from insurers.hours import Openness
from insurers.identity import PlanCode, PolicyRef
from insurers.panel import Clock, Panel
from insurers.plan import Plan, PlanQuery
from insurers.policy import Policy, RenewabilityReason, RenewalOffer
from insurers.renewal import FINAL, Renewal, RenewalEvent
from insurers.script import PlanChoice, Step
from insurers.text import Text
from schema.ports import Asker, Done, Given
from schema.problems import (
    NOT_FOUND,
    REVIEW_CHANGED,
    STEP_LOCKED,
    Problem,
    ProblemCode,
    conflict,
    invalid,
    problem,
    trouble,
)

DRAFT = frozenset({S.IN_PROGRESS, S.READY})
# From here on the wish to apply stands, and uttering it again adds nothing.
SENT = frozenset({S.QUEUED, S.SUBMITTING, S.UNCONFIRMED, S.ACCEPTED})


class Renewals:
    def __init__(
        self, store: Store, panel: Panel, clock: Clock, orders: Orders, accounts: Accounts, submission: Submission
    ) -> None:
        self._store = store
        self._panel = panel
        self._clock = clock
        self._orders = orders
        self._accounts = accounts
        self._submission = submission

    async def get(self, asker: Asker, renewal: str) -> Renewal | None:
        async with self._store.reading() as work:
            found = await work.renewals.get(renewal)
        return found if found is not None and found.customer == asker.customer else None

    async def latest(self, asker: Asker, refs: Sequence[PolicyRef]) -> Mapping[PolicyRef, Renewal]:
        async with self._store.reading() as work:
            return await work.renewals.latest(asker.customer, refs)

    async def start(self, asker: Asker, ref: PolicyRef, *, key: str) -> Done[Renewal]:
        return await self._once(asker, key, ("renew", ref), lambda: self._started(asker, ref, key))

    async def select(self, asker: Asker, renewal: str, plan: PlanCode, *, version: int, key: str) -> Done[Renewal]:
        said = ("select", renewal, plan, version)
        return await self._once(asker, key, said, lambda: self._selected(asker, renewal, plan, version))

    async def requote(
        self,
        asker: Asker,
        renewal: str,
        plan: PlanCode,
        changes: Sequence[CoverageChange],
        *,
        reset: bool,
        version: int,
        key: str,
    ) -> Done[Renewal]:
        said = ("requote", renewal, plan, changes, reset, version)
        return await self._once(asker, key, said, lambda: self._requoted(asker, renewal, plan, changes, reset, version))

    async def answer(
        self, asker: Asker, renewal: str, step: str, given: Sequence[Given], *, version: int, key: str
    ) -> Done[Renewal]:
        said = ("renewal-answer", renewal, step, given, version)
        return await self._once(asker, key, said, lambda: self._answered(asker, renewal, step, given, version))

    async def submit(self, asker: Asker, renewal: str, review: str, *, version: int, key: str) -> Done[Renewal]:
        said = ("submit", renewal, review, version)
        return await self._once(asker, key, said, lambda: self._submitted(asker, renewal, review, version))

    async def cancel(self, asker: Asker, renewal: str, *, key: str) -> Done[Renewal]:
        return await self._once(asker, key, ("cancel", renewal), lambda: self._cancelled(asker, renewal))

    async def opened(self, customer: str, renewal: str, sha256: str) -> None:
        """Note that the customer opened this document. It is no change of the draft, so the version stays."""
        async with self._store.work() as work:
            found = await work.renewals.get(renewal)
            if found is None or found.customer != customer or sha256 in found.opened or found.state in FINAL:
                return
            read = msgspec.structs.replace(found, opened={**found.opened, sha256: self._clock()})
            await work.renewals.save(read, was=found.version, due_at=renewing.due(read, self._clock()))

    # The order's deed answers a Done of a renewal; Orders.once spells the type out.
    async def _once(self, asker: Asker, key: str, said: object, do: Any) -> Done[Renewal]:
        return await self._orders.once(
            asker, key, said, do=do, again=lambda known: self.get(asker, known), name=lambda known: known.id
        )

    async def _started(self, asker: Asker, ref: PolicyRef, key: str) -> Done[Renewal]:
        standing = (await self.latest(asker, [ref])).get(ref)
        if standing is not None and standing.state not in FINAL:
            return Done(thing=standing)
        access = await self._accounts.access(asker.customer, ref.insurer)
        if access is None:
            return Done(problems=(NOT_FOUND,))
        try:
            offered = await self._offered(access, ref)
            if not isinstance(offered, Policy):
                return Done(thing=standing, problems=(offered,))
            script, plans = await asyncio.gather(
                self._panel[ref.insurer].script(access, ref.number),
                self._panel[ref.insurer].plans(access, PlanQuery(number=ref.number)),
            )
        except InsurerError as error:
            await self._noted(asker.customer, error)
            return Done(thing=standing, problems=(problem(error),))
        now = self._clock()
        renewal = Renewal(
            id=str(uuid5(NAMESPACE_URL, f"renewal:{asker.customer}:{key}")),
            customer=asker.customer,
            ref=ref,
            maturity=offered.ends_at,
            state=S.IN_PROGRESS,
            version=1,
            created_at=now,
            updated_at=now,
            script=script,
            plans=tuple(plans),
        )
        return await self._added(asker, renewal)

    async def _offered(self, access: Access, ref: PolicyRef) -> Policy | Problem:
        """Answer the policy where it may be renewed online, else why not."""
        insurer = self._panel[ref.insurer]
        insurer.manifest.require(Capability.RENEWAL)
        policies, offers = await asyncio.gather(
            insurer.policies(access, [ref.number]), insurer.renewal_offers(access, [ref.number])
        )
        policy, offer = policies.get(ref.number), offers.get(ref.number)
        if policy is None or offer is None:
            return NOT_FOUND
        if offer.successor is not None:
            return problem(Duplicate(ref.insurer))
        return policy if offer.online else _not_online(offer)

    async def _added(self, asker: Asker, renewal: Renewal) -> Done[Renewal]:
        async with self._store.work() as work:
            try:
                await work.renewals.add(renewal, due_at=renewing.due(renewal, self._clock()))
            except AlreadyLiving:
                living = await work.renewals.living(renewal.ref, renewal.maturity)
            else:
                await work.events.append(
                    renewal.id,
                    at=renewal.created_at,
                    actor=renewal.customer,
                    summary=Text("更新手続きを始めました", "Begun"),
                    topic=f"renewal:{renewal.id}",
                )
                return Done(thing=renewal)
        # Somebody renews this term already: the customer in another tab, or someone whose affair it is not to tell.
        if living is not None and living.customer == asker.customer:
            return Done(thing=living)
        return Done(problems=(problem(Duplicate(renewal.ref.insurer)),))

    async def _selected(self, asker: Asker, id_: str, code: PlanCode, version: int) -> Done[Renewal]:
        renewal = await self.get(asker, id_)
        if refused := _refused(renewal, version, DRAFT):
            return refused
        assert renewal is not None  # `_refused` has seen to it.
        plan = _plan(renewal, code)
        if plan is None:
            return Done(thing=renewal, problems=(msgspec.structs.replace(NOT_FOUND, field=("planId",)),))
        if plan.valid_until is not None and plan.valid_until <= self._clock():
            return Done(thing=renewal, problems=(_QUOTE_EXPIRED,))
        return await self._onward(await self._revised(renewal, E.REVISE, **_chosen(renewal, plan, self._clock())))

    async def _requoted(
        self, asker: Asker, id_: str, code: PlanCode, changes: Sequence[CoverageChange], reset: bool, version: int
    ) -> Done[Renewal]:
        renewal = await self.get(asker, id_)
        if refused := _refused(renewal, version, DRAFT):
            return refused
        assert renewal is not None  # `_refused` has seen to it.
        plan = _plan(renewal, code)
        if plan is None:
            return Done(thing=renewal, problems=(msgspec.structs.replace(NOT_FOUND, field=("planId",)),))
        if (unknown := _not_offered(plan, changes)) is not None:
            return Done(thing=renewal, problems=(unknown,))
        whole = {change.kind: change for change in (() if reset else plan.changes)}
        whole |= {change.kind: change for change in changes}
        query = PlanQuery(number=renewal.ref.number, plan=code, changes=tuple(whole.values()))
        try:
            access = await self._access(renewal)
            quoted = await self._panel[renewal.ref.insurer].plans(access, query)
        except InsurerError as error:
            await self._noted(asker.customer, error)
            return Done(thing=renewal, problems=(problem(error, field=("changes",)),))
        plans = renewal.plans
        for fresh in quoted:
            plans = renewing.revised(plans, fresh)
        return await self._onward(await self._revised(renewal, E.REVISE, plans=plans, proposal=None))

    async def _answered(
        self, asker: Asker, id_: str, step_key: str, given: Sequence[Given], version: int
    ) -> Done[Renewal]:
        try:
            async with self._store.work() as work:
                renewal = await work.renewals.get(id_)
                if renewal is not None and renewal.customer != asker.customer:
                    renewal = None
                if refused := _refused(renewal, version, DRAFT):
                    return refused
                assert renewal is not None  # `_refused` has seen to it.
                done = await self._taken(work, renewal, step_key, given)
        except Conflict as error:
            return Done(thing=await self.get(asker, id_), problems=(conflict(error.current or 0),))
        return await self._onward(done)

    async def _onward(self, done: Done[Renewal]) -> Done[Renewal]:
        """Rehearse at once when nothing before the application is missing any more."""
        if done.problems or done.thing is None or not renewing.wants_rehearsal(done.thing):
            return done
        return await self.rehearse(done.thing)

    async def _taken(self, work: Work, renewal: Renewal, step_key: str, given: Sequence[Given]) -> Done[Renewal]:
        """Take answers into the draft, with the evidence they leave, in the transaction that is open."""
        now = self._clock()
        standing = _open(renewal.standings, step_key)
        if standing is None:
            return Done(thing=renewal, problems=(STEP_LOCKED,))
        plan = _picked(renewal, given)
        if plan is not None and plan.valid_until is not None and plan.valid_until <= now:
            return Done(thing=renewal, problems=(_QUOTE_EXPIRED,))
        draft = renewal
        if plan is not None:
            draft = msgspec.structs.replace(draft, **_chosen(draft, plan, now))
        answers = filled(standing.step, given, at=now, subject=draft.subject, opened=draft.opened)
        if answers.problems:
            return Done(thing=renewal, problems=answers.problems)
        if not answers.kept and not given:
            return Done(thing=renewal)
        draft = msgspec.structs.replace(draft, answers={**draft.answers, **answers.kept})
        applies = _last(standing.step, draft)
        if applies and draft.proposal is None:
            return Done(thing=renewal, problems=(STEP_LOCKED,))
        draft = msgspec.structs.replace(draft, proposal=draft.proposal if applies else None)
        if draft.state is S.READY and renewing.is_complete(draft):
            return Done(thing=renewal)
        event, changes = _outcome(draft, standing.step)
        after = draft.on(event, at=now, trouble=None, **changes)
        await work.renewals.save(after, was=renewal.version, due_at=renewing.due(after, now))
        await note(work, after, event, actor=renewal.customer, step=step_key)
        for need in standing.step.requirements:
            if need.key in answers.kept:
                last = await work.consents.last(renewal.id)
                evidence = renewing.consent(after, standing.step, need, last=last, at=now)
                if evidence is not None:
                    await work.consents.append(evidence)
        return Done(thing=after)

    async def rehearse(self, renewal: Renewal, *, held: Lease | None = None) -> Done[Renewal]:
        """Walk the insurer up to its button, and show what would be signed. Safe to repeat."""
        plan = renewal.plan
        assert plan is not None  # `wants_rehearsal` has seen to it.
        now = self._clock()
        try:
            access = await self._access(renewal)
            proposal = await self._panel[renewal.ref.insurer].rehearse(access, renewing.draft(renewal, plan))
        except (NotOnline, Duplicate) as error:
            changes = {"reasons": renewing.reasons(error), "trouble": trouble(error)}
            return _beside(await self._revised(renewal, E.REFER, held=held, **changes), problem(error))
        except Changed as error:
            return _beside(await self._refreshed(renewal, error, held=held), problem(error))
        except InsurerError as error:
            await self._noted(renewal.customer, error)
            return _beside(await self._revised(renewal, E.REVISE, held=held, trouble=trouble(error)), problem(error))
        after = renewing.rehearsed(renewal, proposal, now)
        return await self._saved(renewal, after, E.REVISE, held=held)

    async def _refreshed(self, renewal: Renewal, error: Changed, *, held: Lease | None) -> Done[Renewal]:
        """Read again what the insurer asks and offers; what was confirmed about other words counts no more."""
        insurer, number = self._panel[renewal.ref.insurer], renewal.ref.number
        try:
            access = await self._access(renewal)
            script, offered = await asyncio.gather(
                insurer.script(access, number), insurer.plans(access, PlanQuery(number=number))
            )
            plans = tuple(offered)
            for edited in (plan for plan in renewal.plans if plan.changes):
                query = PlanQuery(number=number, plan=edited.code, changes=edited.changes)
                for fresh in await insurer.plans(access, query):
                    plans = renewing.revised(plans, fresh)
        except InsurerError as other:
            return await self._revised(renewal, E.REVISE, held=held, trouble=trouble(other))
        return await self._revised(
            renewal, E.CHANGE, held=held, script=script, plans=plans, proposal=None, trouble=trouble(error)
        )

    async def refresh(self, renewal: Renewal) -> Renewal:
        """After the insurer found a change at its button: show the customer what it is now."""
        done = await self._refreshed(renewal, Changed(renewal.ref.insurer), held=None)
        return done.thing or renewal

    async def _submitted(self, asker: Asker, id_: str, review: str, version: int) -> Done[Renewal]:
        renewal = await self.get(asker, id_)
        if renewal is None:
            return Done(problems=(NOT_FOUND,))
        if renewal.state in SENT and renewal.review_hash == review:
            return Done(thing=renewal)
        if refused := _refused(renewal, version, frozenset({S.READY})):
            return refused
        if renewal.review_hash != review or not renewing.is_complete(renewal):
            return Done(thing=renewal, problems=(REVIEW_CHANGED,))
        if self._clock() >= renewal.maturity:
            return Done(thing=renewal, problems=(_TOO_LATE,))
        try:
            if self._submission.openness(renewal) is not Openness.OPEN:
                return await self._queued(renewal)
            after = await self._submission.begin(renewal)
        except Conflict as error:
            return Done(thing=await self.get(asker, id_), problems=(conflict(error.current or 0),))
        if after.state is S.IN_PROGRESS:
            return Done(thing=await self.refresh(after), problems=(REVIEW_CHANGED,))
        return Done(thing=after)

    async def _queued(self, renewal: Renewal) -> Done[Renewal]:
        hours = self._panel[renewal.ref.insurer].manifest.hours[Capability.RENEWAL]
        opens_at = hours.opens_at(self._clock())
        if opens_at is None or opens_at >= renewal.maturity:
            return Done(thing=renewal, problems=(_CANNOT_WAIT,))
        return await self._revised(renewal, E.QUEUE, will_submit_at=opens_at)

    async def _cancelled(self, asker: Asker, id_: str) -> Done[Renewal]:
        renewal = await self.get(asker, id_)
        if renewal is None:
            return Done(problems=(NOT_FOUND,))
        if renewal.state is S.WITHDRAWN:
            return Done(thing=renewal)
        if renewal.state not in (*DRAFT, S.QUEUED, S.REFERRED):
            return Done(thing=renewal, problems=(_CANNOT_STOP,))
        return await self._revised(renewal, E.CANCEL, proposal=None, will_submit_at=None)

    # The keywords are fields of a renewal; replace() refuses any other name.
    async def _revised(
        self, renewal: Renewal, event: RenewalEvent, *, held: Lease | None = None, **changes: Any
    ) -> Done[Renewal]:
        return await self._saved(renewal, renewal.on(event, at=self._clock(), **changes), event, held=held)

    async def _saved(self, was: Renewal, after: Renewal, event: RenewalEvent, *, held: Lease | None) -> Done[Renewal]:
        try:
            async with self._store.work() as work:
                await work.renewals.save(after, was=was.version, due_at=renewing.due(after, self._clock()), held=held)
                await note(work, after, event, actor=was.customer)
        except Conflict as error:
            async with self._store.reading() as work:
                standing = await work.renewals.get(was.id)
            return Done(thing=standing, problems=(conflict(error.current or 0),))
        return Done(thing=after)

    async def _access(self, renewal: Renewal) -> Access:
        access = await self._accounts.access(renewal.customer, renewal.ref.insurer)
        if access is None:
            raise AccessDenied(renewal.ref.insurer)
        return access

    async def _noted(self, customer: str, error: InsurerError) -> None:
        if isinstance(error, AccessDenied):
            await self._accounts.denied(customer, error.insurer)


def _refused(renewal: Renewal | None, version: int, states: frozenset[S]) -> Done[Renewal] | None:
    if renewal is None:
        return Done(problems=(NOT_FOUND,))
    if renewal.version != version:
        return Done(thing=renewal, problems=(conflict(renewal.version),))
    if renewal.state not in states:
        return Done(thing=renewal, problems=(STEP_LOCKED,))
    return None


def _plan(renewal: Renewal, code: PlanCode) -> Plan | None:
    return next((plan for plan in renewal.plans if plan.code == code), None)


def _picked(renewal: Renewal, given: Sequence[Given]) -> Plan | None:
    code = next((one.plan for one in given if one.plan is not None), None)
    return _plan(renewal, code) if code is not None else None


def _chosen(renewal: Renewal, plan: Plan, now: Any) -> dict[str, Any]:
    """The changes that choosing *plan* makes: every requirement that asks for a plan is answered by it."""
    chosen = msgspec.structs.replace(renewal, selected=plan.code)
    choices = [need for step in renewal.script for need in step.requirements if isinstance(need, PlanChoice)]
    picked = {need.key: Answered(value=plan.code, bound=bound(need, chosen.subject), at=now) for need in choices}
    return {"selected": plan.code, "answers": {**renewal.answers, **picked}, "proposal": None}


def _outcome(draft: Renewal, step: Step) -> tuple[RenewalEvent, dict[str, Any]]:
    """What the answers just given lead to."""
    for need in step.requirements:
        rule = referral(need, draft.answers.get(need.key))
        if rule is not None:
            return E.REFER, {"reasons": (RenewabilityReason(code=rule.code, message=rule.message),)}
    return (E.COMPLETE, {}) if renewing.is_complete(draft) else (E.REVISE, {})


def _last(step: Step, renewal: Renewal) -> bool:
    return step.key == renewal.script.steps[-1].key


def _open(standings: list[Standing], key: str) -> Standing | None:
    return next((one for one in standings if one.step.key == key and one.state is not StepState.LOCKED), None)


def _beside(done: Done[Renewal], told: Problem) -> Done[Renewal]:
    return msgspec.structs.replace(done, problems=(*done.problems, told))


def _not_offered(plan: Plan, changes: Sequence[CoverageChange]) -> Problem | None:
    options = {cover.kind: {option.value for option in cover.options} for cover in plan.coverages}
    for position, change in enumerate(changes):
        if change.option not in options.get(change.kind, set()):
            choices = "、".join(sorted(options.get(change.kind, set()))) or "—"
            message = Text(
                f"この補償で選べるものは次のとおりです: {choices}", f"This cover can be had as one of: {choices}"
            )
            return invalid(message, "changes", str(position), "option")
    return None


def _not_online(offer: RenewalOffer) -> Problem:
    return Problem(
        code=ProblemCode.NOT_ELIGIBLE,
        message=Text(
            "このご契約は今はインターネットで更新できません。理由をご確認ください。",
            "This policy cannot be renewed online now. See the reasons.",
        ),
        reasons=offer.reasons,
        contacts=tuple(reason.contact for reason in offer.reasons if reason.contact),
        insurer=offer.ref.insurer,
    )


_QUOTE_EXPIRED = Problem(
    code=ProblemCode.QUOTE_EXPIRED,
    message=Text("試算の有効期限が切れています。もう一度試算してください。", "The quote has run out: quote again."),
    field=("planId",),
)
_TOO_LATE = Problem(
    code=ProblemCode.NOT_ELIGIBLE,
    message=Text("満期を過ぎています。取扱代理店へお問い合わせください。", "The term has ended. Ask your agency."),
)
_CANNOT_WAIT = Problem(
    code=ProblemCode.PROVIDER_CLOSED,
    message=Text(
        "保険会社の受付時間外で、満期までに申し込めることを確認できません。取扱代理店へお問い合わせください。",
        "The insurer is closed, and no source says that it opens before the term ends. Ask your agency.",
    ),
)
_CANNOT_STOP = Problem(
    code=ProblemCode.STEP_LOCKED,
    message=Text("送信済みの申込みは取りやめできません。", "What was sent cannot be taken back; look at `status`."),
)
