"""
What an operator watches of the work: what waits and since when, and what became of each step.

Everything is a count or an age by insurer and state; nothing tells whose it is.
"""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum

from prometheus_client import CollectorRegistry, Counter, Gauge

from gateway.claims import Claim, insurer
from gateway.journeys import alarm
from gateway.store import Store
from gateway.store.backlog import Alarmed, Pile
from insurers.panel import Clock
from insurers.renewal import Renewal

PILE = ("kind", "insurer", "state")


class Ended(StrEnum):
    """How a worker's step ended."""

    DONE = "done"
    MOVED = "moved"  # a person was faster, and the step was no longer wanted
    LEASE_LOST = "lease_lost"  # another worker has it, because this one was too slow or stood still
    FAILED = "failed"  # by a defect; it is taken up again when the lease runs out
    GIVEN_BACK = "given_back"  # the worker was told to stop before it was done


class Watch:
    def __init__(self, registry: CollectorRegistry) -> None:
        self._steps = Counter(
            "tabane_steps", "Steps of this worker, by how they ended.", ("insurer", "ended"), registry=registry
        )
        self._chores = Counter(
            "tabane_chores",
            "Turns of this worker's chores that found something to do, by how they ended.",
            ("chore", "ended"),
            registry=registry,
        )
        self._alarms = Counter(
            "tabane_alarms",
            "Applications that waited too long for an insurer: a person must look.",
            ("insurer", "state"),
            registry=registry,
        )
        self._alarmed = Gauge(
            "tabane_renewals_alarmed",
            "Renewals that a person should look at: they wait too long, or what was promised was not kept today.",
            ("insurer", "state"),
            registry=registry,
        )
        self._gauges = {
            name: Gauge(f"tabane_journeys_{name}", words, PILE, registry=registry)
            for name, words in {
                "waiting": "Journeys that a worker will look at again, by state.",
                "leased": "Journeys that a worker or a request works on now.",
                "late": "Journeys that are due and that nobody works on.",
                "late_seconds": "How long the one has been due that has been due longest.",
                "oldest_seconds": "How long the one has been in this state that has been in it longest.",
            }.items()
        }

    def stepped(self, claim: Claim, ended: Ended) -> None:
        self._steps.labels(insurer(claim), ended.value).inc()

    def tended(self, chore: str, ended: Ended) -> None:
        self._chores.labels(chore, ended.value).inc()

    def alarmed(self, renewal: Renewal) -> None:
        """Call an operator (`gateway.journeys.alarm.Alarm`)."""
        self._alarms.labels(renewal.ref.insurer, renewal.state.value).inc()
        alarm.logged(renewal)

    async def count(self, store: Store, clock: Clock) -> None:
        """Bring the figures about the database up to date. Where that fails they are gone: old ones would look well."""
        piles: Sequence[Pile] = ()
        alarmed: Sequence[Alarmed] = ()
        now = clock()
        try:
            async with store.reading() as work:
                piles = await work.backlog.piles(now)
                alarmed = await work.backlog.alarmed(now)
        finally:
            self._show(piles, now)
            self._alarmed.clear()
            for called in alarmed:
                self._alarmed.labels(called.insurer, called.state).set(called.count)

    def _show(self, piles: Sequence[Pile], now: datetime) -> None:
        for gauge in self._gauges.values():
            # A pile that is gone is not there any more, rather than standing at its last figure.
            gauge.clear()
        for pile in piles:
            labels = (pile.kind, pile.insurer, pile.state)
            figures = {
                "waiting": pile.waiting,
                "leased": pile.leased,
                "late": pile.late,
                "late_seconds": _age(pile.late_since, now),
                "oldest_seconds": _age(pile.since, now),
            }
            for name, figure in figures.items():
                self._gauges[name].labels(*labels).set(figure)


def _age(since: datetime | None, now: datetime) -> float:
    return max((now - since).total_seconds(), 0.0) if since else 0.0
