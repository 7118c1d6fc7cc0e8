"""The contracts of this insurer, and what becomes of them."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta

from insurers.sompo.sandbox import rating
from insurers.sompo.sandbox.contracts import CORPORATE, GROUP_MASTER, NOT_BEGUN, Contract, Drivers
from insurers.sompo.sandbox.dates import a_year_after, stamp
from insurers.sompo.sandbox.draws import Draws
from insurers.sompo.sandbox.replies import Refusal

OPENS_BEFORE_MATURITY = timedelta(days=60)

# KOUSIN_JYOTAI, WIRE.md §6.1.
TOO_EARLY, OPEN, RENEWED, RENEWED_BY_RIDER, AGENCY_ONLY, TOO_LATE = "10", "20", "40", "50", "60", "90"
# RIYUU_CD and RIYUU_BUN by KEIYAKU_KEITAI; 03 is given for a declaration that applies.
AGENCY_REASONS = {
    CORPORATE: ("01", "法人契約はマイページで更新できません"),
    GROUP_MASTER: ("02", "団体契約はマイページで更新できません"),
}
DECLARATION_APPLIES = "03"
# KEKKA_CD to whoever would renew all the same.
REFUSALS = {TOO_EARLY: "60", TOO_LATE: "61", RENEWED: "62", AGENCY_ONLY: "63", RENEWED_BY_RIDER: "64"}


def opens_at(contract: Contract) -> datetime:
    return datetime.combine(contract.end.date() - OPENS_BEFORE_MATURITY, time(), contract.end.tzinfo)


def _beside(contract: Contract, standing: str) -> Mapping[str, str]:
    if standing == TOO_EARLY:
        return {"UKETUKE_KAISI": stamp(opens_at(contract))}
    if standing == AGENCY_ONLY:
        return {"RIYUU_CD": AGENCY_REASONS[contract.form][0], **contract.agency.fields()}
    return contract.agency.fields() if standing == TOO_LATE else {}


@dataclass
class Book:
    """All contracts by number, and the tariff by which the next terms are rated."""

    now: Callable[[], datetime]
    draws: Draws
    yen_per_point: int = rating.FIRST_YEN_PER_POINT
    contracts: dict[str, Contract] = field(default_factory=dict)

    def find(self, number: str) -> Contract | None:
        contract = self.contracts.get(number)
        if contract:
            self._renew_by_rider(contract)
        return contract

    def account(self, numbers: Iterable[str]) -> dict[str, Contract]:
        """Answer these contracts and every term that has followed one of them."""
        found: dict[str, Contract] = {}
        for number in numbers:
            contract = self.find(number)
            while contract and contract.number not in found:
                found[contract.number] = contract
                contract = self.find(contract.successor)
        return found

    def is_successor(self, contract: Contract) -> bool:
        """Is this a term that was signed and has not begun, so that its number is not the current one?"""
        return bool(contract.previous) and contract.status(self.now()) == NOT_BEGUN

    def standing(self, contract: Contract) -> str:
        """Answer KOUSIN_JYOTAI."""
        if contract.successor:
            return RENEWED_BY_RIDER if contract.renewed_by_rider else RENEWED
        if contract.form in AGENCY_REASONS:
            return AGENCY_ONLY
        if self.now() < opens_at(contract):
            return TOO_EARLY
        return OPEN if self.now() < contract.end else TOO_LATE

    def require_open(self, contract: Contract) -> None:
        """
        Raises:
            Refusal: 60-64, why this contract cannot be renewed here and now.
        """
        standing = self.standing(contract)
        if standing != OPEN:
            raise Refusal(REFUSALS[standing], **_beside(contract, standing))

    def next_premium(self, contract: Contract, covers: Mapping[str, str]) -> rating.Premium:
        """Rate the next term of *contract* by the tariff in force."""
        return rating.premium(contract, covers, contract.grade.after_a_year_without_accident(), self.yen_per_point)

    def sign(
        self,
        contract: Contract,
        covers: Mapping[str, str],
        *,
        number: str = "",
        drivers: Drivers | None = None,
        notice: str = "",
    ) -> Contract:
        """Make the next term of *contract*, once."""
        term = replace(
            contract,
            number=number or self.draws.policy_number(),
            start=contract.end,
            end=a_year_after(contract.end),
            covers=dict(covers),
            drivers=drivers or contract.drivers,
            grade=contract.grade.after_a_year_without_accident(),
            premium=self.next_premium(contract, covers).total,
            previous=contract.number,
            next_notice=notice or contract.next_notice,
            quirks=set(),
        )
        self.contracts[term.number] = term
        contract.successor = term.number
        return term

    def _renew_by_rider(self, contract: Contract) -> None:
        """Let 安心更新サポート特約 do its work, if its hour has come."""
        if contract.renews_itself and not contract.successor and self.now() >= contract.end:
            self.sign(contract, contract.covers)
            contract.renewed_by_rider = True
