"""The desk for comparisons: begun, shared, asked again, edited and chosen from."""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Sequence
from contextlib import suppress

import msgspec

from gateway.journeys import comparing_evidence
from gateway.journeys.again import Again
from gateway.journeys.asking import Asking
from gateway.journeys.beginning import Beginning
from gateway.journeys.choosing import Choosing
from gateway.journeys.editing import Editing
from gateway.journeys.kept_comparisons import mine, timely, timely_part, written
from gateway.journeys.orders import Orders
from gateway.journeys.refusal import Refusal
from gateway.journeys.sharing import CarriedOut, Sharing
from gateway.journeys.wanting import unsaid
from gateway.store import Store, Work
from gateway.store.inquiries import topic
from insurers.comparison import Comparison, Inquiry
from insurers.coverage import CoverageChange
from insurers.identity import InsurerCode, PlanCode, PolicyRef
from insurers.intention import Intention
from insurers.panel import Clock
from insurers.risk import DataCategory
from schema.ports import Asker, Differences, Done, Updates
from schema.problems import Problem

_CLOSED = object()

# Does a deed, and answers the id of the comparison and what stands in the way beside it.
Deed = Callable[[], Awaitable[tuple[str, tuple[Problem, ...]]]]


class Comparisons:
    def __init__(
        self,
        store: Store,
        clock: Clock,
        updates: Updates,
        orders: Orders,
        asking: Asking,
        again: Again,
        beginning: Beginning,
        sharing: Sharing,
        editing: Editing,
        choosing: Choosing,
    ) -> None:
        self._store = store
        self._clock = clock
        self._updates = updates
        self._orders = orders
        self._asking = asking
        self._again = again
        self._beginning = beginning
        self._sharing = sharing
        self._editing = editing
        self._choosing = choosing

    async def get(self, asker: Asker, comparison: str) -> Comparison | None:
        async with self._store.reading() as work:
            found = await work.comparisons.get(comparison)
        if found is None or found.customer != asker.customer:
            return None
        return timely(found, self._clock())

    async def start(
        self,
        asker: Asker,
        refs: Sequence[PolicyRef],
        insurers: Sequence[InsurerCode] | None,
        intention: Intention | None,
        *,
        key: str,
    ) -> Done[Comparison]:
        async def do() -> tuple[str, tuple[Problem, ...]]:
            order = f"{asker.party}:{key}"
            return await self._beginning.begin(asker, refs, insurers, intention, order=order), ()

        return await self._once(asker, key, ("compare", refs, insurers, _said(intention)), do)

    async def share(
        self,
        asker: Asker,
        comparison: str,
        insurer: InsurerCode,
        categories: Collection[DataCategory],
        disclosure: str,
        *,
        granted: bool,
        key: str,
    ) -> Done[Comparison]:
        async def do() -> tuple[str, tuple[Problem, ...]]:
            order = f"{asker.party}:{key}"
            if granted:
                await self._sharing.granted(asker.customer, comparison, insurer, categories, disclosure, order=order)
            else:
                await self._sharing.declined(asker.customer, comparison, insurer, order=order)
            return comparison, ()

        said = ("share", comparison, insurer, sorted(categories), disclosure, granted)
        return await self._once(asker, key, said, do)

    async def refresh(
        self, asker: Asker, comparison: str, insurers: Sequence[InsurerCode] | None, *, key: str
    ) -> Done[Comparison]:
        async def do() -> tuple[str, tuple[Problem, ...]]:
            return comparison, await self._again.ask(asker.customer, comparison, insurers)

        return await self._once(asker, key, ("refresh", comparison, insurers), do)

    async def requote(
        self,
        asker: Asker,
        inquiry: str,
        plan: PlanCode,
        changes: Sequence[CoverageChange],
        *,
        reset: bool,
        key: str,
    ) -> Done[Comparison]:
        async def do() -> tuple[str, tuple[Problem, ...]]:
            return await self._editing.requote(asker.customer, inquiry, plan, changes, reset=reset), ()

        return await self._once(asker, key, ("comparison-requote", inquiry, plan, changes, reset), do)

    async def intend(self, asker: Asker, comparison: str, intention: Intention, *, key: str) -> Done[Comparison]:
        async def do() -> tuple[str, tuple[Problem, ...]]:
            await self._intended(asker.customer, comparison, intention)
            return comparison, ()

        return await self._once(asker, key, ("intend", comparison, _said(intention)), do)

    async def choose(
        self, asker: Asker, inquiry: str, plan: PlanCode, acknowledged: str | None, *, key: str
    ) -> Done[Comparison]:
        async def do() -> tuple[str, tuple[Problem, ...]]:
            order = f"{asker.party}:{key}"
            return await self._choosing.choose(asker, inquiry, plan, acknowledged, order=order)

        return await self._once(asker, key, ("choose", inquiry, plan, acknowledged), do)

    async def differences(
        self, asker: Asker, flow: str, plan: PlanCode, changes: Sequence[CoverageChange]
    ) -> Differences | None:
        return await self._editing.differences(asker.customer, flow, plan, changes)

    async def settled(self, asker: Asker, inquiry: str) -> Inquiry | None:
        found = await self._part(asker, inquiry)
        if found is None or found.is_settled:
            return found
        async with self._updates.subscribe(topic(found.comparison)) as news:
            # What was written before anybody listened is seen by the first look.
            while (found := await self._part(asker, inquiry)) is not None and not found.is_settled:
                with suppress(TimeoutError):
                    async with asyncio.timeout(self._left(found)):
                        if await anext(news, _CLOSED) is _CLOSED:
                            break
        return found

    def _left(self, inquiry: Inquiry) -> float | None:
        """How many seconds until it is late, whether or not somebody lives to say so."""
        if inquiry.waits_until is None:
            return None
        return max((inquiry.waits_until - self._clock()).total_seconds(), 0.0)

    async def _part(self, asker: Asker, inquiry: str) -> Inquiry | None:
        async with self._store.reading() as work:
            found = await work.inquiries.get(inquiry)
        if found is None or found.customer != asker.customer:
            return None
        return timely_part(found, self._clock())

    async def _intended(self, customer: str, comparison: str, intention: Intention) -> None:
        async def noted(work: Work) -> None:
            found = await mine(work, customer, comparison)
            if refusals := unsaid(intention):
                raise Refusal(refusals[0], found, *refusals[1:])
            now = self._clock()
            after = msgspec.structs.replace(found, intention=intention, version=found.version + 1, updated_at=now)
            await work.comparisons.save(after, was=found.version)
            await comparing_evidence.intention_consent(work, after, intention, at=now)

        await written(self._store, customer, self._clock(), noted)

    async def _once(self, asker: Asker, key: str, said: object, do: Deed) -> Done[Comparison]:
        async def told() -> Done[Comparison]:
            try:
                comparison, problems = await do()
            except Refusal as refusal:
                standing = refusal.thing.id if isinstance(refusal.thing, Comparison) else None
                return Done(thing=await self._standing(asker, standing), problems=refusal.problems)
            except CarriedOut as known:
                return Done(thing=await self.get(asker, known.comparison), replayed=True)
            return Done(thing=await self.get(asker, comparison), problems=problems)

        return await self._orders.once(
            asker, key, said, do=told, again=lambda known: self.get(asker, known), name=lambda known: known.id
        )

    async def _standing(self, asker: Asker, comparison: str | None) -> Comparison | None:
        return await self.get(asker, comparison) if comparison else None


def _said(intention: Intention | None) -> Intention | None:
    """What was said, whenever it was: the same order again is the same order."""
    return msgspec.structs.replace(intention, recorded_at=None) if intention else None
