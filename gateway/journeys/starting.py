"""Starting renewals out of the book: for customers who let the agency, and a few at each insurer at a time."""

import asyncio
from collections.abc import Mapping

from gateway.journeys import wanted
from gateway.journeys.authority import acting_for
from gateway.journeys.reminding import NOT_CONNECTED
from gateway.journeys.row_deeds import SETTLED, Order, Problems, RowDeeds, working
from gateway.store import Store, Work
from insurers import mandate as words
from insurers.agency import ConsentScope, Mandate
from insurers.book import CLOSED_ENTRIES, Entry, EntryStatus
from insurers.capability import Manifest
from insurers.identity import InsurerCode, PolicyRef
from insurers.panel import Clock
from insurers.text import Text
from schema.ports import RenewalDesk
from schema.problems import NOT_FOUND, Problem, ProblemCode


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
        ref, places = PolicyRef(entry.insurer, entry.record.number), self._places.get(entry.insurer)
        if places is None:
            return (NOT_CONNECTED,)
        async with places:
            # It may have waited long for its place.
            async with self._store.reading() as work:
                agent = await working(work, order.agent)
                seen = await work.book.seen_by(agent, [entry.id]) if agent else {}
                mandate = await self._mandate(work, order, entry, ref)
            if entry.id not in seen:
                return (NOT_FOUND,)
            if seen[entry.id].status is EntryStatus.DONE_ELSEWHERE:
                return (_ELSEWHERE,)
            if seen[entry.id].status in CLOSED_ENTRIES:
                return (SETTLED,)
            if missing := wanted.WANTED_SCOPES - (mandate.scopes if mandate else frozenset()):
                return (consent_required(missing),)
            asker = acting_for(order.asker, mandate.customer) if mandate else order.asker
            done = await self._renewals.start(asker, ref, key=f"{order.key} {entry.id}")
        if done.thing is not None and done.thing.id != entry.renewal and not done.problems:
            async with self._store.work() as work:
                await self._rows.note(work, order.agent, entry, _STARTED)
        return done.problems

    async def _mandate(self, work: Work, order: Order, entry: Entry, ref: PolicyRef) -> Mandate | None:
        """Answer for whom the agency acts here, and how far; whomever else the token names, it is this entry's."""
        begun = await work.renewals.get(entry.renewal) if entry.renewal else None
        owners = (await work.known.customers([ref])).get(ref, [])
        if not owners and begun is not None:
            # Whose account was taken out stays the one who renews it, and is not to be asked for consent again.
            owners = [begun.customer]
        standing = await work.mandates.standing(order.agent.agency, owners, self._clock())
        return wanted.widest(standing.values(), begun)


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
