"""What an insurer is asked in a comparison: plans for its own contract, or a quote for another insurer's risk."""

from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

from gateway.journeys import renewing
from gateway.journeys.accounts import Accounts
from gateway.journeys.compared import NOT_LINKED, quote_terms
from gateway.journeys.patience import Patience
from gateway.journeys.undisturbed import Undisturbed
from insurers.account import Access
from insurers.adapter import Insurer
from insurers.comparison import Inquiry
from insurers.coverage import CoverageChange
from insurers.errors import AccessDenied, Drifted, ErrorCode, InsurerError, NotOffered, Rejected
from insurers.identity import PlanCode
from insurers.panel import Panel
from insurers.plan import Plan, PlanQuery
from insurers.risk import Risk, RiskQuery
from insurers.setback import Setback

T = TypeVar("T")


class NotLinked(AccessDenied):
    """The customer has no account there that is open, and nothing was asked."""


def setback(error: InsurerError) -> Setback:
    return NOT_LINKED if isinstance(error, NotLinked) else Setback.of(error)


class Inquiring:
    """
    Tells another insurer of a risk no more than `inquiry.categories`.

    Every method raises what the insurer's adapter raises, and NotLinked where no account is open.
    """

    def __init__(self, panel: Panel, accounts: Accounts, patience: Patience, undisturbed: Undisturbed) -> None:
        self._panel = panel
        self._accounts = accounts
        self._patience = patience
        self._undisturbed = undisturbed

    async def plans(self, inquiry: Inquiry, risk: Risk) -> tuple[Plan, ...]:
        """Answer everything that the insurer offers now, with the edits that were made and are still offered."""

        async def ask(insurer: Insurer, access: Access | None) -> tuple[Plan, ...]:
            known = await _asked(insurer, access, _query(inquiry, risk))
            offered = {plan.code for plan in known}
            for edited in inquiry.plans:
                if edited.changes and edited.code in offered:
                    known = await _edited_again(insurer, access, inquiry, risk, edited, known)
            return known

        return await self._with_key(inquiry, ask)

    async def edited(self, inquiry: Inquiry, risk: Risk, code: PlanCode, changes: Sequence[CoverageChange]) -> Plan:
        """Answer one plan quoted again, with *changes* and no others."""

        async def ask(insurer: Insurer, access: Access | None) -> Plan:
            return _the_one(await _asked(insurer, access, _query(inquiry, risk, code, changes)), code, insurer)

        return await self._with_key(inquiry, ask)

    async def variations(
        self, inquiry: Inquiry, risk: Risk, plan: Plan, changes: Sequence[CoverageChange]
    ) -> tuple[Plan, Sequence[Plan | None]]:
        """
        Answer the plan as it is quoted now, and with each of *changes* alone beside its own.

        None stands for what the insurer does not offer.
        """

        async def ask(insurer: Insurer, access: Access | None) -> tuple[Plan, Sequence[Plan | None]]:
            query = _query(inquiry, risk, plan.code, plan.changes)
            base = _the_one(await _asked(insurer, access, query), plan.code, insurer)
            return base, await insurer.variations(access, query, changes)

        return await self._with_key(inquiry, ask)

    async def _with_key(self, inquiry: Inquiry, ask: Callable[[Insurer, Access | None], Awaitable[T]]) -> T:
        insurer = self._panel.get(inquiry.insurer)
        if insurer is None:
            raise NotOffered(inquiry.insurer)
        wanted = _wants_account(inquiry, insurer)
        access = await self._undisturbed(self._key(inquiry, insurer)) if wanted else None
        try:
            return await self._patience.reading(inquiry.insurer, ask(insurer, access))
        except InsurerError as error:
            if access is not None:
                await self._undisturbed(self._accounts.noted(inquiry.customer, error, refused=access))
            raise

    async def _key(self, inquiry: Inquiry, insurer: Insurer) -> Access:
        access = await self._accounts.reading_key(inquiry.customer, insurer.manifest.code)
        if access is None:
            raise NotLinked(inquiry.insurer)
        return access


def _wants_account(inquiry: Inquiry, insurer: Insurer) -> bool:
    """
    Whether the customer's own account is asked with; whoever quotes for anybody never sees its key.

    Raises:
        NotOffered: it quotes for no other insurer's risk.
        Rejected: the customer did not agree that it be told what it must know. Nothing was sent.
    """
    if inquiry.is_own:
        return True
    if (terms := quote_terms(insurer.manifest)) is None:
        raise NotOffered(inquiry.insurer)
    if inquiry.agreed_at is None or not terms.needs <= inquiry.categories:
        raise Rejected(inquiry.insurer, code=ErrorCode.NEEDS_NOT_TOLD)
    return terms.with_account


def _query(
    inquiry: Inquiry, risk: Risk, plan: PlanCode | None = None, changes: Sequence[CoverageChange] = ()
) -> PlanQuery | RiskQuery:
    if inquiry.is_own:
        return PlanQuery(number=inquiry.policy.number, plan=plan, changes=tuple(changes))
    return RiskQuery(risk=risk.only(inquiry.categories), plan=plan, changes=tuple(changes))


async def _asked(insurer: Insurer, access: Access | None, query: PlanQuery | RiskQuery) -> tuple[Plan, ...]:
    match query:
        case RiskQuery():
            return tuple(await insurer.quote(access, query))
        case PlanQuery() if access is not None:
            return tuple(await insurer.plans(access, query))
    raise NotLinked(insurer.manifest.code)


async def _edited_again(
    insurer: Insurer, access: Access | None, inquiry: Inquiry, risk: Risk, edited: Plan, known: tuple[Plan, ...]
) -> tuple[Plan, ...]:
    try:
        fresh = await _asked(insurer, access, _query(inquiry, risk, edited.code, edited.changes))
    except Rejected as error:
        if error.code is not ErrorCode.PLAN_NOT_OFFERED:
            raise
        # What was chosen then is not to be had any more; the plan stands as it is offered.
        return known
    return renewing.revised(known, _the_one(fresh, edited.code, insurer))


def _the_one(plans: Sequence[Plan], code: PlanCode, insurer: Insurer) -> Plan:
    plan = next((plan for plan in plans if plan.code == code), None)
    if plan is None:
        raise Drifted(insurer.manifest.code)
    return plan
