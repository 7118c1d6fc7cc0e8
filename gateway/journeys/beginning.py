"""Begins a comparison: reads what is compared, and asks whoever may be asked without another word."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TypeAlias
from uuid import NAMESPACE_URL, uuid5

import msgspec

from gateway.journeys import comparing_evidence
from gateway.journeys.asking import Asking
from gateway.journeys.authority import still_let
from gateway.journeys.comparable import incomparable
from gateway.journeys.compared import compared, inquiries
from gateway.journeys.onward import Onward
from gateway.journeys.reading import PanelReading
from gateway.journeys.refusal import Refusal
from gateway.journeys.wanting import unsaid
from gateway.store import Store
from insurers.capability import Capability
from insurers.comparison import MOST_POLICIES, ComparedPolicy, Comparison
from insurers.errors import AccessDenied, InsurerError
from insurers.identity import InsurerCode, PolicyRef
from insurers.intention import Intention
from insurers.panel import Clock, Panel
from insurers.policy import Policy
from insurers.text import Text
from schema.ports import Asker
from schema.problems import Problem, invalid, problem, unknown

# A policy as it is compared, or why it is not; None where the account does not have it.
Read: TypeAlias = ComparedPolicy | InsurerError | Problem | None


class Beginning:
    def __init__(
        self, store: Store, panel: Panel, clock: Clock, reading: PanelReading, asking: Asking, onward: Onward
    ) -> None:
        self._store = store
        self._panel = panel
        self._clock = clock
        self._reading = reading
        self._asking = asking
        self._onward = onward

    async def begin(
        self,
        asker: Asker,
        refs: Sequence[PolicyRef],
        insurers: Sequence[InsurerCode] | None,
        intention: Intention | None,
        *,
        order: str,
    ) -> str:
        """
        Write a comparison down, ask whoever has one of the contracts, and answer its id.

        Raises:
            Refusal: a policy is not the asker's, cannot be read or cannot be compared, or there is nothing to compare.
        """
        # The same order makes the same comparison, also when the first try died half-way.
        id_ = str(uuid5(NAMESPACE_URL, f"comparison:{order}"))
        if await self._stands(id_):
            return id_
        refs, codes = tuple(dict.fromkeys(refs)), tuple(dict.fromkeys(self._panel if insurers is None else insurers))
        if refusals := [*self._refusals(refs, codes), *(unsaid(intention) if intention else [])]:
            raise Refusal(refusals[0], None, *refusals[1:])
        policies = await self._compared(asker.customer, refs)
        now = self._clock()
        comparison = Comparison(
            id=id_,
            customer=asker.customer,
            version=1,
            requested_at=now,
            updated_at=now,
            policies=policies,
            intention=intention,
            inquiries=inquiries(id_, asker.customer, refs, codes, now=now),
        )
        try:
            await self._added(comparison)
        except Exception:  # Another machine with the same order may have been faster; if none was, it is a defect.
            if not await self._stands(id_):
                raise
        return id_

    async def _stands(self, comparison: str) -> bool:
        async with self._store.reading() as work:
            return await work.comparisons.get(comparison) is not None

    async def _added(self, comparison: Comparison) -> None:
        async with self._store.work() as work:
            await still_let(work, comparison.customer, self._clock())
            await work.comparisons.add(comparison)
            await comparing_evidence.requested(work, comparison)
            if (intention := comparison.intention) is not None:
                await comparing_evidence.intention_consent(work, comparison, intention, at=comparison.requested_at)
            errands = await self._onward.added(work, comparison)
        self._asking.begin(errands)

    def _refusals(self, refs: Sequence[PolicyRef], codes: Sequence[InsurerCode]) -> list[Problem]:
        if not refs:
            return [invalid(_NO_POLICY, "policies")]
        if len(refs) > MOST_POLICIES:
            return [invalid(_TOO_MANY, "policies")]
        if not codes:
            return [invalid(_NO_INSURER, "insurers")]
        return [
            *(unknown("policies", str(place)) for place, ref in enumerate(refs) if ref.insurer not in self._panel),
            *(unknown("insurers", str(place)) for place, code in enumerate(codes) if code not in self._panel),
        ]

    async def _compared(self, customer: str, refs: Sequence[PolicyRef]) -> tuple[ComparedPolicy, ...]:
        """
        Read the policies, each insurer once and all at the same time.

        Raises:
            Refusal: one of them is not in the customer's account, cannot be compared, or its insurer cannot be read.
        """
        found = await self.read(customer, refs)
        told = [found[ref] for ref in refs]
        if refusals := [_refusal(one, place) for place, one in enumerate(told) if not isinstance(one, ComparedPolicy)]:
            raise Refusal(refusals[0], None, *refusals[1:])
        return tuple(one for one in told if isinstance(one, ComparedPolicy))

    async def read(self, customer: str, refs: Sequence[PolicyRef]) -> Mapping[PolicyRef, Read]:
        """Answer each policy as it is compared now, or why it is not."""
        codes = list(dict.fromkeys(ref.insurer for ref in refs))
        read = await asyncio.gather(*(self._read(customer, code, refs) for code in codes))
        return {ref: policy for policies in read for ref, policy in policies.items()}

    async def _read(self, customer: str, code: InsurerCode, refs: Sequence[PolicyRef]) -> Mapping[PolicyRef, Read]:
        own = [ref for ref in refs if ref.insurer == code]
        try:
            policies = await self._reading.policies_of(customer, code, [ref.number for ref in own])
        except InsurerError as error:
            return dict.fromkeys(own, error)
        if policies is None:
            return dict.fromkeys(own, AccessDenied(code))
        now = self._clock()
        return {ref: _as_compared(policies.get(ref.number), now) for ref in own}


def _as_compared(policy: Policy | None, now: datetime) -> Read:
    if policy is None:
        return None
    if (refused := incomparable(policy, now=now)) is not None:
        return refused
    try:
        return compared(policy, now=now)
    except InsurerError as error:
        return error


def _refusal(told: InsurerError | Problem | None, place: int) -> Problem:
    if told is None:
        return unknown("policies", str(place))
    if isinstance(told, InsurerError):
        told = problem(told, capability=Capability.POLICY_READ)
    # Which of the policies it is, whatever is wrong.
    return msgspec.structs.replace(told, field=("policies", str(place)))


_NO_POLICY = Text("比較するご契約を1件以上ご指定ください。", "Name at least one policy to compare.")
_NO_INSURER = Text("比較する保険会社を1社以上ご指定ください。", "Name at least one insurer, or leave it out for all.")
_TOO_MANY = Text(
    f"一度に比較できるご契約は{MOST_POLICIES}件までです。分けて比較してください。",
    f"At most {MOST_POLICIES} policies are compared at once: split them into several comparisons.",
)
