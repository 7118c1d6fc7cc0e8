"""The customer's leave that an insurer be told of a contract: held for as long as anything is told there."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from typing import Any, TypeVar

import msgspec

from gateway.journeys import comparing_evidence
from gateway.journeys.undisturbed import Undisturbed
from gateway.store import Store, Work
from gateway.store.inquiries import topic
from insurers.comparison import Comparison, Inquiry
from insurers.errors import ErrorCode, Rejected
from insurers.panel import Clock
from schema.ports import Updates

T = TypeVar("T")


class Withdrawn(Rejected):
    """The leave under which the insurer was asked stands no more. Nothing else was sent, and no answer was taken."""

    code = ErrorCode.NEEDS_NOT_TOLD


def is_same(asked: Inquiry, standing: Inquiry | None) -> bool:
    """Whether an inquiry is still under the leave with which it was asked: another one begins another asking."""
    if standing is None:
        return False
    return (asked.agreed_at, asked.categories) == (standing.agreed_at, standing.categories)


class Leave:
    """Tells an insurer of a contract only what stands in the evidence before, and only while that may be told."""

    def __init__(self, store: Store, clock: Clock, updates: Updates, undisturbed: Undisturbed) -> None:
        self._store = store
        self._clock = clock
        self._updates = updates
        self._undisturbed = undisturbed

    async def during(self, comparison: Comparison, inquiry: Inquiry, ask: Callable[[], Coroutine[Any, Any, T]]) -> T:
        """
        Answer what was asked, unless the customer said otherwise meanwhile: that breaks it off, on every machine.

        Raises:
            Withdrawn: there is no leave, or another one by now. Also whatever *ask* raises.
        """
        await self._undisturbed(self._witnessed(comparison, inquiry))
        async with self._updates.subscribe(topic(inquiry.comparison)) as news:
            # What was said before anybody listened is seen by the first look.
            await self._undisturbed(self._stands(inquiry))
            asking = asyncio.create_task(ask())
            watching = asyncio.create_task(heeded(news, lambda: self._undisturbed(self._stands(inquiry))))
            try:
                done, _ = await asyncio.wait({asking, watching}, return_when=asyncio.FIRST_COMPLETED)
                for task in done:
                    task.result()
                answer = await asking
            finally:
                for task in (asking, watching):
                    task.cancel()
                await asyncio.gather(asking, watching, return_exceptions=True)
        await self._undisturbed(self._stands(inquiry))
        return answer

    async def _witnessed(self, comparison: Comparison, inquiry: Inquiry) -> None:
        async with self._store.work() as work:
            at_once = msgspec.structs.replace(inquiry, updated_at=self._clock())
            await comparing_evidence.asked(work, comparison, at_once)
            # The place in the chain is taken: whoever says no has come before it and is seen, or comes after it.
            await _still(work, inquiry)

    async def _stands(self, inquiry: Inquiry) -> None:
        async with self._store.reading() as work:
            await _still(work, inquiry)


async def _still(work: Work, inquiry: Inquiry) -> None:
    never = inquiry.agreed_at is None and not inquiry.is_own
    if never or not is_same(inquiry, await work.inquiries.get(inquiry.id)):
        raise Withdrawn(inquiry.insurer)


async def heeded(news: AsyncIterator[None], look: Callable[[], Awaitable[object]]) -> None:
    """Look whenever there is news, until looking raises; ends by itself where the news does."""
    async for _ in news:
        await look()
