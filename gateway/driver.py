"""Moves what was claimed one step, by the state that it is in."""

import structlog

from gateway.claims import Claim
from gateway.journeys.asking import Asking
from gateway.journeys.patience import Patience
from gateway.journeys.queueing import Queue
from gateway.journeys.registrations import Registrations
from gateway.journeys.rehearsal import Rehearsal
from gateway.journeys.renewing import E, S
from gateway.journeys.submission import Submission
from gateway.store import Claimed, Conflict, LeaseLost
from gateway.watch import Ended, Watch
from insurers.comparison import Inquiry
from insurers.panel import Clock
from insurers.registration import Registration
from insurers.renewal import Renewal

log = structlog.stdlib.get_logger("tabane.worker")


class Driver:
    def __init__(
        self,
        clock: Clock,
        registrations: Registrations,
        rehearsal: Rehearsal,
        submission: Submission,
        queue: Queue,
        asking: Asking,
        patience: Patience,
        watch: Watch,
    ) -> None:
        self._clock = clock
        self._registrations = registrations
        self._rehearsal = rehearsal
        self._submission = submission
        self._queue = queue
        self._asking = asking
        self._patience = patience
        self._watch = watch

    async def drive(self, claim: Claim) -> None:
        """Drive one step. Whatever befalls it is its own: the others do not suffer, and its lease runs out."""
        flow = claim.aggregate.id
        try:
            with self._patience.of_a_lease():
                await self._step(claim)
        except LeaseLost:
            # Another worker has it, and knows it from what is written: what was heard here is asked for there.
            ended = Ended.LEASE_LOST
            log.warning("lease lost", flow=flow)
        except Conflict:
            ended = Ended.MOVED
            log.info("moved by somebody else", flow=flow)
        except Exception:  # What broke one step is logged; the others go on, and this one is taken up again.
            ended = Ended.FAILED
            log.exception("step failed", flow=flow)
        else:
            ended = Ended.DONE
        self._watch.stepped(claim, ended)

    async def _step(self, claim: Claim) -> None:
        match claim.aggregate:
            case Renewal() as renewal:
                await self._renew(Claimed(aggregate=renewal, lease=claim.lease, attempts=claim.attempts))
            case Registration() as registration:
                await self._registrations.overdue(registration, claim.lease)
            case Inquiry() as inquiry:
                await self._asking.take_up(Claimed(aggregate=inquiry, lease=claim.lease, attempts=claim.attempts))

    async def _renew(self, claimed: Claimed[Renewal]) -> None:
        renewal, lease = claimed.aggregate, claimed.lease
        match renewal.state:
            case S.SUBMITTING:
                await self._submission.write(renewal, E.SILENCE, held=lease)
            case S.UNCONFIRMED:
                await self._submission.look(renewal, held=lease, attempts=claimed.attempts)
            case _ if self._clock() >= renewal.maturity:
                await self._submission.mature(renewal, held=lease)
            case S.QUEUED:
                await self._queue.take_up(claimed)
            case S.IN_PROGRESS:
                await self._rehearsal.onward(renewal, held=lease, attempts=claimed.attempts)
