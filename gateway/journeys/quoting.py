"""Asks the insurer what a draft would cost: under its conditions, and with its edits."""

from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

from gateway.journeys import renewing
from gateway.journeys.accounts import Accounts
from gateway.journeys.patience import Patience
from insurers.account import Access
from insurers.coverage import CoverageChange
from insurers.errors import AccessDenied, Drifted, InsurerError
from insurers.identity import PlanCode
from insurers.panel import Panel
from insurers.plan import Plan, PlanQuery
from insurers.renewal import Renewal

T = TypeVar("T")


class Quoting:
    """Every method raises what `Insurer.plans` raises, and AccessDenied where no account is open."""

    def __init__(self, panel: Panel, accounts: Accounts, patience: Patience) -> None:
        self._panel = panel
        self._accounts = accounts
        self._patience = patience

    async def edited(self, renewal: Renewal, code: PlanCode, changes: Sequence[CoverageChange]) -> tuple[Plan, ...]:
        """Answer the renewal's plans with this one quoted again, with *changes* and no others."""
        return await self._read(renewal, renewal.plans, [(code, changes)])

    async def anew(self, renewal: Renewal) -> tuple[Plan, ...]:
        """Answer everything that the insurer offers now, with the edits that were made."""
        edits = [(plan.code, plan.changes) for plan in renewal.plans if plan.changes]
        return await self._read(renewal, None, edits)

    async def variations(
        self, renewal: Renewal, plan: Plan, changes: Sequence[CoverageChange]
    ) -> tuple[Plan, Sequence[Plan | None]]:
        """
        Answer the plan as it is quoted now, and with each of *changes* alone beside its own.

        None stands for what the insurer does not offer.
        """
        insurer = self._panel[renewal.ref.insurer]
        query = PlanQuery(
            number=renewal.ref.number,
            plan=plan.code,
            changes=plan.changes,
            conditions=renewing.conditions(renewal),
        )

        async def ask(access: Access) -> tuple[Plan, Sequence[Plan | None]]:
            base = next((one for one in await insurer.plans(access, query) if one.code == plan.code), None)
            if base is None:
                raise Drifted(insurer.manifest.code)
            return base, await insurer.variations(access, query, changes)

        return await self._asked(renewal, ask)

    async def _read(
        self,
        renewal: Renewal,
        known: tuple[Plan, ...] | None,
        edits: Sequence[tuple[PlanCode, Sequence[CoverageChange]]],
    ) -> tuple[Plan, ...]:
        return await self._asked(renewal, lambda access: self._quoted(access, renewal, known, edits))

    async def _asked(self, renewal: Renewal, ask: Callable[[Access], Awaitable[T]]) -> T:
        access: Access | None = None
        try:
            access = await self._accounts.reading_key(renewal.customer, renewal.ref.insurer)
            if access is None:
                raise AccessDenied(renewal.ref.insurer)
            return await self._patience.reading(renewal.ref.insurer, ask(access))
        except InsurerError as error:
            await self._accounts.noted(renewal.customer, error, refused=access)
            raise

    async def _quoted(
        self,
        access: Access,
        renewal: Renewal,
        known: tuple[Plan, ...] | None,
        edits: Sequence[tuple[PlanCode, Sequence[CoverageChange]]],
    ) -> tuple[Plan, ...]:
        insurer, number = self._panel[renewal.ref.insurer], renewal.ref.number
        conditions = renewing.conditions(renewal)
        if known is None:
            known = tuple(await insurer.plans(access, PlanQuery(number=number, conditions=conditions)))
        for code, changes in edits:
            query = PlanQuery(number=number, plan=code, changes=tuple(changes), conditions=conditions)
            for fresh in await insurer.plans(access, query):
                known = renewing.revised(known, fresh)
        return known
