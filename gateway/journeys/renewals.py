"""The desk for renewals: everything up to the insurer's button is a draft of ours."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import cast

import msgspec

from gateway.journeys import acting, renewing
from gateway.journeys.drafting import DRAFT, Drafting
from gateway.journeys.elsewhere import Elsewhere
from gateway.journeys.orders import Orders
from gateway.journeys.present_cover import PresentCover
from gateway.journeys.queueing import Queue
from gateway.journeys.refusal import Refusal, expected
from gateway.journeys.rehearsal import Rehearsal
from gateway.journeys.renewing import SUMMARIES, E, S
from gateway.journeys.resuming import Resuming
from gateway.journeys.submission import Submission
from gateway.store import CarTaken, Conflict, Store
from insurers.consent import ConsentKind
from insurers.coverage import CoverageChange
from insurers.errors import Changed, Closed, Unconfirmed
from insurers.identity import PlanCode, PolicyRef
from insurers.panel import Clock
from insurers.renewal import Renewal
from insurers.text import Text
from schema.ports import Asker, Done, Given, WhenClosed
from schema.problems import NOT_FOUND, REVIEW_CHANGED, STEP_LOCKED, Problem, ProblemCode, conflict, problem, referred

# From here on the wish to apply stands, and uttering it again adds nothing.
SENT = frozenset({S.QUEUED, S.SUBMITTING, S.UNCONFIRMED, S.ACCEPTED})

STOPPABLE = DRAFT | {S.QUEUED, S.REFERRED}


class Renewals:
    def __init__(
        self,
        store: Store,
        clock: Clock,
        orders: Orders,
        drafting: Drafting,
        rehearsal: Rehearsal,
        submission: Submission,
        queue: Queue,
        elsewhere: Elsewhere,
        resuming: Resuming,
        present: PresentCover,
    ) -> None:
        self._store = store
        self._clock = clock
        self._orders = orders
        self._drafting = drafting
        self._rehearsal = rehearsal
        self._submission = submission
        self._queue = queue
        self._elsewhere = elsewhere
        self._resuming = resuming
        self._present = present

    async def get(self, asker: Asker, renewal: str) -> Renewal | None:
        async with self._store.reading() as work:
            found = await work.renewals.get(renewal)
        return found if found is not None and found.customer == asker.customer else None

    async def latest(self, asker: Asker, refs: Sequence[PolicyRef]) -> Mapping[PolicyRef, Renewal]:
        async with self._store.reading() as work:
            return await work.renewals.latest(asker.customer, refs)

    async def start(self, asker: Asker, ref: PolicyRef, *, key: str) -> Done[Renewal]:
        async def do() -> Done[Renewal]:
            return await self._drafting.begin(asker.customer, ref, order=f"{asker.party}:{key}")

        return await self._once(asker, key, ("renew", ref), "", do)

    async def select(
        self, asker: Asker, renewal: str, plan: PlanCode, *, version: int, key: str, acknowledged: str | None = None
    ) -> Done[Renewal]:
        async def do() -> Done[Renewal]:
            standing = expected(await self.get(asker, renewal), version, DRAFT)
            return await self._drafting.select(standing, plan, acknowledged)

        return await self._once(asker, key, ("select", renewal, plan, acknowledged, version), renewal, do)

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
        async def do() -> Done[Renewal]:
            standing = expected(await self.get(asker, renewal), version, DRAFT)
            return await self._drafting.requote(standing, plan, changes, reset=reset)

        return await self._once(asker, key, ("requote", renewal, plan, changes, reset, version), renewal, do)

    async def answer(
        self, asker: Asker, renewal: str, step: str, given: Sequence[Given], *, version: int, key: str
    ) -> Done[Renewal]:
        said = ("renewal-answer", renewal, step, given, version)
        return await self._once(
            asker,
            key,
            said,
            renewal,
            lambda: self._drafting.answer(asker.customer, renewal, step, given, version=version),
        )

    async def submit(
        self,
        asker: Asker,
        renewal: str,
        review: str,
        *,
        version: int,
        key: str,
        when_closed: WhenClosed = WhenClosed.QUEUE,
    ) -> Done[Renewal]:
        async def do() -> Done[Renewal]:
            return await self._submitted(await self.get(asker, renewal), review, version, when_closed)

        return await self._once(asker, key, ("submit", renewal, review, version, when_closed), renewal, do)

    async def withdraw(self, asker: Asker, renewal: str, *, key: str) -> Done[Renewal]:
        async def do() -> Done[Renewal]:
            return await self._withdrawn(await self.get(asker, renewal))

        return await self._once(asker, key, ("withdraw", renewal), renewal, do)

    async def resume(self, asker: Asker, renewal: str, *, key: str) -> Done[Renewal]:
        async def do() -> Done[Renewal]:
            return await self._resuming.resume(await self.get(asker, renewal))

        return await self._once(asker, key, ("resume", renewal), renewal, do)

    async def cancel(self, asker: Asker, renewal: str, *, key: str) -> Done[Renewal]:
        async def do() -> Done[Renewal]:
            return await self._cancelled(await self.get(asker, renewal))

        return await self._once(asker, key, ("cancel", renewal), renewal, do)

    async def opened(self, customer: str, renewal: str, sha256: str) -> None:
        """Note that the customer opened this version of a document. The draft itself does not change."""
        async with self._store.work() as work:
            found = await work.renewals.get(renewal)
            if found is not None and found.customer == customer:
                await work.openings.note(renewal, sha256, at=self._clock(), topic=f"renewal:{renewal}")

    async def _once(
        self, asker: Asker, key: str, said: object, renewal: str, do: Callable[[], Awaitable[Done[Renewal]]]
    ) -> Done[Renewal]:
        async def told() -> Done[Renewal]:
            try:
                return await do()
            except Refusal as refusal:
                refused = cast(Done[Renewal], refusal.told())
                if refused.thing is None:
                    return refused
                # The insurer may have taken its time, and another tab may have gone on meanwhile.
                return msgspec.structs.replace(refused, thing=await self.get(asker, refused.thing.id))
            except CarTaken as error:
                standing = await self.get(asker, renewal)
                return Done(thing=standing, problems=(self._elsewhere.taken(standing, error),) if standing else ())
            except Conflict as error:
                return Done(thing=await self.get(asker, renewal), problems=(conflict(error.current or 0),))

        return await self._orders.once(
            asker, key, said, do=told, again=lambda known: self.get(asker, known), name=lambda known: known.id
        )

    async def _submitted(
        self, renewal: Renewal | None, review: str, version: int, when_closed: WhenClosed
    ) -> Done[Renewal]:
        if renewal is not None and renewal.state in SENT and renewal.review_hash == review:
            return self._told(renewal)
        ready = expected(renewal, version, frozenset({S.READY}))
        if ready.review_hash != review or not renewing.is_complete(ready):
            raise Refusal(REVIEW_CHANGED, ready)
        if self._clock() >= ready.cut_off:
            raise Refusal(_too_late(ready), ready)
        ready = await self._present.still_chosen(ready)
        if not self._queue.is_open(ready):
            return await self._queued(ready, when_closed)
        outdated = renewing.is_outdated(ready, self._clock())
        walked = await (self._rehearsal.again(ready) if outdated else self._rehearsal.clear(ready))
        if walked.problems or walked.thing is None:
            return walked
        after = await self._submission.begin(walked.thing)
        if after.state is S.IN_PROGRESS:
            return await self._rehearsal.refreshed(after, Changed(after.ref.insurer))
        return self._told(after)

    async def _queued(self, ready: Renewal, when_closed: WhenClosed) -> Done[Renewal]:
        opens_at = self._queue.opening(ready)
        if when_closed is WhenClosed.REFUSE:
            raise Refusal(problem(Closed(ready.ref.insurer, opens_at=opens_at)), ready)
        if not acting.may_confirm(ConsentKind.QUEUE_SUBMISSION):
            raise Refusal(acting.later_is_the_customers(opens_at), ready)
        return await self._queue.enter(ready)

    async def _withdrawn(self, renewal: Renewal | None) -> Done[Renewal]:
        if renewal is None:
            raise Refusal(NOT_FOUND)
        if renewal.state is not S.QUEUED:
            raise Refusal(_CANNOT_STOP if renewal.state in SENT else STEP_LOCKED, renewal)
        return await self._queue.withdraw(renewal)

    async def _cancelled(self, renewal: Renewal | None) -> Done[Renewal]:
        if renewal is None:
            raise Refusal(NOT_FOUND)
        if renewal.state is S.WITHDRAWN:
            return Done(thing=renewal)
        if renewal.state not in STOPPABLE:
            raise Refusal(_CANNOT_STOP, renewal)
        return await self._rehearsal.revised(renewal, E.CANCEL, proposal=None, **renewing.NOT_SENT)

    def _told(self, renewal: Renewal) -> Done[Renewal]:
        """
        Answer a renewal that was sent, and beside it why the insurer has not issued the next policy.

        QUEUED is no failure: the order stands, and is carried out without the customer.
        """
        match renewal.state:
            case S.UNCONFIRMED:
                return Done(thing=renewal, problems=(problem(Unconfirmed(renewal.ref.insurer)),))
            case S.READY:
                closed = problem(Closed(renewal.ref.insurer, opens_at=self._queue.opens_at(renewal)))
                released = msgspec.structs.replace(closed, message=SUMMARIES[E.RELEASE])
                return Done(thing=renewal, problems=(released,))
            case S.REFERRED:
                return Done(thing=renewal, problems=(referred(renewal.ref.insurer, renewal.reasons),))
        return Done(thing=renewal)


def _too_late(renewal: Renewal) -> Problem:
    return referred(renewal.ref.insurer, (renewing.too_late(renewal),))


_CANNOT_STOP = Problem(
    code=ProblemCode.STEP_LOCKED,
    message=Text(
        "送信した申込みは、こちらでは取り下げられません。取りやめをご希望の場合は、取扱代理店へご連絡ください。",
        "What was sent cannot be taken back here. If you no longer want it, ask your agency.",
    ),
)
