"""Quotes that were given, by number (試算, WIRE.md §8.1)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from insurers.sompo.sandbox.contracts import Contract
from insurers.sompo.sandbox.draws import Draws
from insurers.sompo.sandbox.plans import Plan
from insurers.sompo.sandbox.rating import Premium
from insurers.sompo.sandbox.replies import Refusal

GOOD_FOR = timedelta(days=14)


@dataclass(frozen=True, kw_only=True)
class Quote:
    """What one set of covers would cost for the next term of one contract."""

    number: str
    contract: str
    plan: Plan
    covers: Mapping[str, str]
    edited: bool
    premium: Premium
    quoted_at: datetime
    valid_until: datetime


@dataclass
class Quotes:
    """All quotes; they outlive the session in which they were asked for."""

    now: Callable[[], datetime]
    draws: Draws
    _given: dict[str, Quote] = field(default_factory=dict)

    def give(self, contract: Contract, plan: Plan, covers: Mapping[str, str], premium: Premium) -> Quote:
        now = self.now()
        quote = Quote(
            number=self.draws.key(),
            contract=contract.number,
            plan=plan,
            covers=covers,
            edited=covers != plan.covers(contract),
            premium=premium,
            quoted_at=now,
            valid_until=min(now + GOOD_FOR, contract.end),
        )
        self._given[quote.number] = quote
        return quote

    def find(self, number: str, contract: Contract) -> Quote:
        """
        Raises:
            Refusal: 52, unknown, of another contract, or too old.
        """
        quote = self._given.get(number)
        if quote is None or quote.contract != contract.number or self.now() >= quote.valid_until:
            raise Refusal("52")
        return quote
