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
        errands: list[Errand] = []
        for moved in await self._moved(work, comparison, comparison.inquiries):
            if isinstance(moved, Errand):
                errands.append(moved)
                await work.inquiries.add(moved.inquiry, due_at=moved.inquiry.updated_at, lease=moved.lease)
            else:
                await work.inquiries.add(moved, due_at=None)
            await self._witnessed(work, comparison, moved)
        return errands

    async def moved(self, work: Work, comparison: Comparison, inquiries: Sequence[Inquiry]) -> list[Errand]:
        """
        Write down what becomes of these parts; each is at the version that was read.

        Raises:
            Conflict: an insurer's answer, or another tab, was faster.
        """
        errands: list[Errand] = []
        for was, moved in zip(inquiries, await self._moved(work, comparison, inquiries), strict=True):
            if isinstance(moved, Errand):
                errands.append(moved)
                due_at = moved.inquiry.updated_at
                await work.inquiries.save(moved.inquiry, was=was.version, due_at=due_at, lease=moved.lease)
            else:
                await work.inquiries.save(moved, was=was.version, due_at=None)
            await self._witnessed(work, comparison, moved)
        return errands

    async def _moved(self, work: Work, comparison: Comparison, inquiries: Sequence[Inquiry]) -> list[Errand | Inquiry]:
        links = await work.links.of(comparison.customer)
        linked = {link.insurer for link in links if link.access is not None}
        return [self._step(comparison, inquiry, linked=inquiry.insurer in linked) for inquiry in inquiries]

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
