"""Applications that wait for their insurer to open: promised with a receipt, and never shown as accepted (P-3)."""

from datetime import datetime, timedelta
from uuid import NAMESPACE_URL, uuid5

import msgspec

from gateway.journeys import acting, consenting, renewing
from gateway.journeys.refusal import Refusal
from gateway.journeys.rehearsal import Rehearsal
from gateway.journeys.renewing import E, S
from gateway.journeys.submission import Submission, note
from gateway.store import Claimed, Store
from insurers.capability import Capability
from insurers.errors import Changed
from insurers.hours import TOKYO, Hours, Openness
from insurers.panel import Clock, Panel
from insurers.renewal import LEAVE_TO_QUEUE, Receipt, Renewal
from insurers.text import Text
from schema.ports import Done
from schema.problems import Problem, ProblemCode

# An opening this shortly before the last moment leaves no room for the walk and a second try.
ROOM = timedelta(minutes=10)


class Queue:
    def __init__(self, store: Store, panel: Panel, clock: Clock, rehearsal: Rehearsal, submission: Submission) -> None:
        self._store = store
        self._panel = panel
        self._clock = clock
        self._rehearsal = rehearsal
        self._submission = submission

    def is_open(self, renewal: Renewal) -> bool:
        """Whether a source says that the insurer takes applications now."""
        return self._hours(renewal).openness(self._clock()) is Openness.OPEN

    def opens_at(self, renewal: Renewal) -> datetime | None:
        """When the insurer takes applications next; None where no source tells."""
        return self._hours(renewal).opens_at(self._clock())

    def opening(self, ready: Renewal) -> datetime:
        """
        Answer when an application that waits would be sent.

        Raises:
            Refusal: no source says that the insurer opens before its last moment.
        """
        opens_at = self.opens_at(ready)
        if opens_at is None or opens_at + ROOM >= ready.cut_off:
            raise Refusal(_cannot_wait(ready), ready)
        return opens_at

    def _hours(self, renewal: Renewal) -> Hours:
        return self._panel[renewal.ref.insurer].manifest.hours[Capability.RENEWAL]

    async def enter(self, ready: Renewal) -> Done[Renewal]:
        """
        Promise to apply as soon as the insurer opens, with leave to do so, and a receipt.

        Raises:
            Refusal: no source says that it opens before its last moment.
        """
        now, opens_at = self._clock(), self.opening(ready)
        queued = ready.on(
            E.QUEUE, at=now, will_submit_at=opens_at, receipt=_receipt(ready, now, opens_at), trouble=None
        )
        async with self._store.work() as work:
            # Whoever takes the account out waits for this, and then sees that it is needed.
            await work.links.at(ready.customer, ready.ref.insurer, held=True)
            await work.renewals.save(queued, was=ready.version, due_at=renewing.due(queued, now))
            leave = consenting.queue_consent(
                queued,
                statement=LEAVE_TO_QUEUE,
                last=await work.consents.last(queued.id),
                at=now,
                language=acting.language(),
                actor=acting.actor(),
            )
            await work.consents.append(leave)
            await note(work, queued, E.QUEUE, actor=acting.actor())
        return Done(thing=queued)

    async def withdraw(self, queued: Renewal) -> Done[Renewal]:
        """Take the application back before it is sent; everything that was confirmed stays confirmed."""
        return await self._rehearsal.revised(queued, E.WITHDRAW, **renewing.NOT_SENT)

    async def take_up(self, claimed: Claimed[Renewal]) -> None:
        """
        Apply for somebody who asked while the insurer was closed, or could not be reached.

        What was promised at night is walked once more in the morning, and pressed only if nothing changed.
        """
        renewal, held = claimed.aggregate, claimed.lease
        opens_at = self.opens_at(renewal)
        if opens_at is None or opens_at >= renewal.cut_off:
            late = renewing.too_late(renewal)
            await self._submission.write(renewal, E.REFER, held=held, reasons=(late,), **renewing.NOT_SENT)
        elif renewal.receipt is None and not self.is_open(renewal):
            released = renewing.released()
            await self._submission.write(renewal, E.RELEASE, held=held, trouble=released, **renewing.NOT_SENT)
        elif not self.is_open(renewal):
            await self._wait(claimed, opens_at)
        else:
            walked = await self._walked(renewal, claimed)
            if walked.thing is not None and walked.thing.state is S.QUEUED and not walked.problems:
                await self._press(walked.thing, claimed)

    async def _walked(self, renewal: Renewal, claimed: Claimed[Renewal]) -> Done[Renewal]:
        """What was promised is walked anew; what was reviewed just now only meets nothing new elsewhere."""
        if renewal.receipt is None and renewal.current is not None:
            return await self._rehearsal.clear(renewal, held=claimed.lease)
        return await self._rehearsal.again(renewal, held=claimed.lease, attempts=claimed.attempts)

    async def _press(self, renewal: Renewal, claimed: Claimed[Renewal]) -> None:
        after = await self._submission.begin(renewal, held=claimed.lease, attempts=claimed.attempts)
        if after.state is S.IN_PROGRESS:
            await self._rehearsal.refreshed(after, Changed(after.ref.insurer))

    async def _wait(self, claimed: Claimed[Renewal], opens_at: datetime) -> None:
        """The insurer opens later than was thought, or people are to be told: stay queued."""
        renewal = claimed.aggregate
        waiting = msgspec.structs.replace(renewal, will_submit_at=opens_at)
        await self._rehearsal.waited(renewal, waiting, due_at=opens_at, held=claimed.lease)


def _receipt(ready: Renewal, now: datetime, opens_at: datetime) -> Receipt:
    review = ready.review_hash
    if review is None:
        raise ValueError(f"a renewal in state {ready.state} has nothing to queue")
    mark = uuid5(NAMESPACE_URL, f"receipt:{ready.id}:{ready.version}").hex[:8].upper()
    return Receipt(number=f"{now.astimezone(TOKYO):%Y%m%d}-{mark}", given_at=now, promised_for=opens_at, review=review)


def _cannot_wait(renewal: Renewal) -> Problem:
    reason = renewing.too_late(renewal)
    return Problem(
        code=ProblemCode.PROVIDER_CLOSED,
        message=_CANNOT_WAIT,
        reasons=(reason,),
        contacts=(reason.contact,) if reason.contact else (),
        insurer=renewal.ref.insurer,
    )


_CANNOT_WAIT = Text(
    "保険会社の受付時間外で、締切までに申し込めることを確認できません。お申込みはお預かりしていません。取扱代理店へお問い合わせください。",
    "The insurer is closed, and no source says that it opens before its last moment. Nothing was taken on: ask your "
    "agency.",
)
