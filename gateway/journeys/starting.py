"""Starting renewals out of the book: for customers who let the agency, and a few at each insurer at a time."""

import asyncio
from collections.abc import Mapping

from gateway.journeys import wanted
from gateway.journeys.row_deeds import Order, Problems, RowDeeds
from gateway.store import Store
from insurers import mandate as words
from insurers.agency import ConsentScope
from insurers.book import Entry, EntryStatus
from insurers.capability import Manifest
from insurers.identity import InsurerCode, PolicyRef
from insurers.panel import Clock
from insurers.text import Text
from schema.ports import RenewalDesk
from schema.problems import Problem, ProblemCode


class Starting:
    def __init__(
        self,
        store: Store,
        clock: Clock,
        renewals: RenewalDesk,
        rows: RowDeeds,
        manifests: Mapping[InsurerCode, Manifest],
    ) -> None:
        self._store = store
        self._clock = clock
        self._renewals = renewals
        self._rows = rows
        # Other customers of the same insurer want their places, too.
        self._places = {
            code: asyncio.Semaphore(max(1, manifest.journeys_at_once)) for code, manifest in manifests.items()
        }

    async def start(self, order: Order, entry: Entry) -> Problems:
        """Start the renewal of this entry, or find the one that is open."""
        if entry.status is EntryStatus.DONE_ELSEWHERE:
            return (_ELSEWHERE,)
        ref = PolicyRef(entry.insurer, entry.record.number)
        if missing := await self._missing(order, ref):
            return (consent_required(missing),)
        async with self._places[entry.insurer]:
            done = await self._renewals.start(order.asker, ref, key=f"{order.key} {entry.id}")
        if done.thing is not None and done.thing.id != entry.renewal and not done.problems:
            async with self._store.work() as work:
                await self._rows.note(work, order.agent, entry, _STARTED)
        return done.problems

    async def _missing(self, order: Order, ref: PolicyRef) -> frozenset[ConsentScope]:
        """Answer what the agency lacks to begin; of several who have the policy, whoever lets it do most counts."""
        now = self._clock()
        async with self._store.reading() as work:
            owners = (await work.known.customers([ref])).get(ref, [])
            standing = await work.mandates.standing(order.agent.agency, owners, now)
        lacking = [wanted.WANTED_SCOPES - mandate.scopes for mandate in standing.values()]
        return min(lacking, key=len, default=wanted.WANTED_SCOPES)


def consent_required(missing: frozenset[ConsentScope]) -> Problem:
    """Tell what the customer has not agreed to, and how to ask."""
    scopes = words.in_order(missing)
    ja = "、".join(f"「{words.SCOPES[scope].ja}」" for scope in scopes)
    en = "; ".join(words.SCOPES[scope].en for scope in scopes)
    return Problem(
        code=ProblemCode.CONSENT_REQUIRED,
        message=Text(
            f"お客さまの同意がまだありません:{ja}。お客さまに同意を依頼してください（bookCustomerAsk）。",
            f"The customer has not agreed to this yet: {en}. Ask the customer (bookCustomerAsk).",
        ),
        scopes=tuple(scopes),
    )


_STARTED = Text("更新手続きを始めました。", "The renewal was started.")
_ELSEWHERE = Problem(
    code=ProblemCode.STEP_LOCKED,
    message=Text(
        "「他で手続き済み」の印があります。二重の契約を避けるため、手続きを始めるには先に印を外してください。",
        "It is marked as done elsewhere. So that no car is insured twice, take the mark off before you start.",
    ),
)
