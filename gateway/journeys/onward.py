"""Takes the parts of a comparison onward: each as far as its customer's word and its insurer's terms allow."""

from collections.abc import Sequence

import msgspec

from gateway.journeys import comparing_evidence
from gateway.journeys.asking import Asking, Errand
from gateway.journeys.compared import outlook
from gateway.store import Work
from insurers.comparison import Comparison, Inquiry, InquiryState
from insurers.panel import Clock, Panel


class Onward:
    """Both methods answer whom to ask once the transaction has been committed, and not before."""

    def __init__(self, panel: Panel, clock: Clock, asking: Asking) -> None:
        self._panel = panel
        self._clock = clock
        self._asking = asking

    async def added(self, work: Work, comparison: Comparison) -> list[Errand]:
        """Write down every part of a new comparison."""
        moved = await self._moved(work, comparison, comparison.inquiries)
        for after in moved:
            if isinstance(after, Errand):
                await work.inquiries.add(after.inquiry, due_at=after.inquiry.updated_at, lease=after.lease)
            else:
                await work.inquiries.add(after, due_at=None)
        return [after for after in moved if isinstance(after, Errand)]

    async def moved(self, work: Work, comparison: Comparison, inquiries: Sequence[Inquiry]) -> list[Errand]:
        """
        Write down what becomes of these parts; each is at the version that was read.

        Raises:
            Conflict: an insurer's answer, or another tab, was faster.
        """
        moved = await self._moved(work, comparison, inquiries)
        for was, after in zip(inquiries, moved, strict=True):
            if isinstance(after, Errand):
                due_at = after.inquiry.updated_at
                await work.inquiries.save(after.inquiry, was=was.version, due_at=due_at, lease=after.lease)
            else:
                await work.inquiries.save(after, was=was.version, due_at=None)
        return [after for after in moved if isinstance(after, Errand)]

    async def _moved(self, work: Work, comparison: Comparison, inquiries: Sequence[Inquiry]) -> list[Errand | Inquiry]:
        """Answer where each part goes, with the evidence written: whoever waits for a place in it holds no row."""
        links = await work.links.of(comparison.customer)
        linked = {link.insurer for link in links if link.access is not None}
        moved = [self._step(comparison, inquiry, linked=inquiry.insurer in linked) for inquiry in inquiries]
        for after in moved:
            await self._witnessed(work, comparison, after)
        return moved

    def _step(self, comparison: Comparison, inquiry: Inquiry, *, linked: bool) -> Errand | Inquiry:
        insurer = self._panel.get(inquiry.insurer)
        risk = comparison.policy(inquiry.policy).risk
        state, setback = outlook(inquiry, insurer.manifest if insurer else None, risk, linked=linked)
        if state is InquiryState.ASKED:
            return self._asking.errand(inquiry)
        return msgspec.structs.replace(
            inquiry, state=state, setback=setback, version=inquiry.version + 1, updated_at=self._clock()
        )

    async def _witnessed(self, work: Work, comparison: Comparison, moved: Errand | Inquiry) -> None:
        if isinstance(moved, Errand):
            await comparing_evidence.asked(work, comparison, moved.inquiry)
        elif moved.state is InquiryState.FAILED:
            await comparing_evidence.failed(work, comparison, moved)
