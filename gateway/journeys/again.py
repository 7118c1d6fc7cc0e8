"""Asks again in a comparison, about its policies as they stand by now; what changed is told on no earlier word."""

from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta

import msgspec

from gateway.journeys import comparing_evidence
from gateway.journeys.asking import Asking, Errand
from gateway.journeys.beginning import Beginning
from gateway.journeys.kept_comparisons import mine, written
from gateway.journeys.onward import Onward
from gateway.journeys.refusal import Refusal
from gateway.store import Store, Work
from insurers.comparison import ComparedPolicy, Comparison, Inquiry, InquiryState
from insurers.identity import InsurerCode, PolicyRef
from insurers.panel import Clock
from insurers.risk import DataCategory
from schema.problems import Problem, unknown

# No contract changes between two looks, and its insurer is not asked at every one of them.
READ_ANEW_AFTER = timedelta(minutes=10)


class Again:
    def __init__(self, store: Store, clock: Clock, asking: Asking, onward: Onward, beginning: Beginning) -> None:
        self._store = store
        self._clock = clock
        self._asking = asking
        self._onward = onward
        self._beginning = beginning

    async def ask(self, customer: str, comparison: str, insurers: Sequence[InsurerCode] | None) -> tuple[Problem, ...]:
        """
        Ask these insurers, or all, once more; answer which policies no plan can follow any more, and why.

        A policy that cannot be read now is compared as it was known.

        Raises:
            Refusal: there is no such comparison, or an insurer has no part in it.
        """
        async with self._store.reading() as work:
            found = await mine(work, customer, comparison)
        _known(found, insurers)
        due = [policy.ref for policy in found.policies if self._is_due(found, policy)]
        read = await self._beginning.read(customer, due) if due else {}
        fresh = {ref: told for ref, told in read.items() if isinstance(told, ComparedPolicy)}
        over = {ref: told for ref, told in read.items() if isinstance(told, Problem)}

        async def moved(work: Work) -> tuple[list[Errand], list[str]]:
            standing = await mine(work, customer, comparison)
            after, parts = await self._read_anew(work, standing, fresh)
            free = [part for part in parts if part.state is not InquiryState.ASKED and part.policy not in over]
            wanted = [part for part in free if insurers is None or part.insurer in insurers]
            unsaid = [part for part in parts if _lost_leave(standing, part)]
            rest = [part for part in unsaid if part not in wanted]
            return await self._onward.moved(work, after, [*wanted, *rest]), [part.id for part in unsaid]

        errands, unsaid = await written(self._store, customer, self._clock(), moved)
        self._asking.leave(unsaid)
        self._asking.begin(errands)
        return tuple(msgspec.structs.replace(told, field=("comparisonId",)) for told in over.values())

    def _is_due(self, comparison: Comparison, policy: ComparedPolicy) -> bool:
        return (policy.read_at or comparison.requested_at) + READ_ANEW_AFTER <= self._clock()

    async def _read_anew(
        self, work: Work, comparison: Comparison, fresh: Mapping[PolicyRef, ComparedPolicy]
    ) -> tuple[Comparison, Sequence[Inquiry]]:
        """Write down the policies as they were read, and answer the parts, without leave to tell what changed."""
        if not fresh:
            return comparison, comparison.inquiries
        now = self._clock()
        changed = {
            policy.ref: _changed(policy, fresh[policy.ref])
            for policy in comparison.policies
            if policy.ref in fresh and not _is_same(policy, fresh[policy.ref])
        }
        after = msgspec.structs.replace(
            comparison,
            policies=tuple(fresh.get(policy.ref, policy) for policy in comparison.policies),
            # That nothing has changed is no news.
            version=comparison.version + (1 if changed else 0),
            updated_at=now,
        )
        await work.comparisons.save(after, was=comparison.version)
        for ref, categories in changed.items():
            await comparing_evidence.changed(work, after, ref, categories, at=now)
        return after, [_without_leave(part, changed.get(part.policy, ())) for part in after.inquiries]


def _known(comparison: Comparison, insurers: Sequence[InsurerCode] | None) -> None:
    known = {part.insurer for part in comparison.inquiries}
    for place, code in enumerate(insurers or ()):
        if code not in known:
            raise Refusal(unknown("insurers", str(place)), comparison)


def _is_same(was: ComparedPolicy, now: ComparedPolicy) -> bool:
    return (was.maturity, was.risk, was.current) == (now.maturity, now.risk, now.current)


def _changed(was: ComparedPolicy, now: ComparedPolicy) -> frozenset[DataCategory]:
    """Answer the kinds of data of which another insurer would be told something else by now."""
    return frozenset(category for category in DataCategory if was.risk.only({category}) != now.risk.only({category}))


def _without_leave(part: Inquiry, changed: Collection[DataCategory]) -> Inquiry:
    """The part, which goes back to its customer's word where that was about something else; so do its quotes."""
    if part.is_own or not part.categories & frozenset(changed):
        return part
    return msgspec.structs.replace(
        part, state=InquiryState.CONSENT_NEEDED, categories=frozenset(), agreed_at=None, plans=(), setback=None
    )


def _lost_leave(before: Comparison, part: Inquiry) -> bool:
    was = before.inquiry(part.id)
    return was is not None and was.agreed_at is not None and part.agreed_at is None
