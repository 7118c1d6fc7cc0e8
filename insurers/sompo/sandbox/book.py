"""The contracts of this insurer, and what becomes of them."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta

from insurers.sompo.sandbox import rating
from insurers.sompo.sandbox.contracts import CORPORATE, GROUP_MASTER, NOT_BEGUN, Contract, Drivers
from insurers.sompo.sandbox.covers import NONE, SAFE_RENEWAL
from insurers.sompo.sandbox.dates import a_year_after, stamp
from insurers.sompo.sandbox.draws import Draws
from insurers.sompo.sandbox.replies import Refusal

OPENS_BEFORE_MATURITY = timedelta(days=60)
LATE_RENEWAL = timedelta(days=30)
# WIRE.md §6.2.
AFTER_ACCIDENT = timedelta(days=92)

# KOUSIN_JYOTAI, WIRE.md §6.1.
TOO_EARLY, OPEN, RENEWED, RENEWED_BY_RIDER, AGENCY_ONLY, TOO_LATE = "10", "20", "40", "50", "60", "90"
DONE = (RENEWED, RENEWED_BY_RIDER)
# RIYUU_CD and RIYUU_BUN by KEIYAKU_KEITAI; 03 is given for a declaration that applies.
AGENCY_REASONS = {
    CORPORATE: ("01", "法人契約はマイページで更新できません"),
    GROUP_MASTER: ("02", "団体契約はマイページで更新できません"),
}
DECLARATION_APPLIES = "03"
RECENT_ACCIDENT = ("04", "直近3か月以内に事故があったご契約はマイページで更新できません")
# KEKKA_CD to whoever would renew all the same.
REFUSALS = {TOO_EARLY: "60", TOO_LATE: "61", RENEWED: "62", AGENCY_ONLY: "63", RENEWED_BY_RIDER: "64"}


def opens_at(contract: Contract) -> datetime:
    return datetime.combine(contract.end.date() - OPENS_BEFORE_MATURITY, time(), contract.end.tzinfo)


Signing = Callable[[], object]


@dataclass
class Book:
    """All contracts by number, and the tariff by which the next terms are rated."""

    now: Callable[[], datetime]
    draws: Draws
    yen_per_point: int = rating.FIRST_YEN_PER_POINT
    contracts: dict[str, Contract] = field(default_factory=dict)
    # Applications that are being worked on, by contract: when they will be signed, and how.
    in_work: dict[str, tuple[datetime, Signing]] = field(default_factory=dict)

    def find(self, number: str) -> Contract | None:
        contract = self.contracts.get(number)
        if contract:
            self._finish_work(contract)
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
        if self.agency_reason(contract):
            return AGENCY_ONLY
        if self.now() < opens_at(contract):
            return TOO_EARLY
        return OPEN if self.now() < contract.end else TOO_LATE

    def listed(self, contract: Contract) -> str:
        """Answer KOUSIN_JYOTAI as the renewal list has it, which may be late (WIRE.md §6.1)."""
        if contract.listed_from is None or self.now() >= contract.listed_from:
            return self.standing(contract)
        return OPEN if self.now() < contract.end else TOO_LATE

    def agency_reason(self, contract: Contract) -> tuple[str, str] | None:
        """Answer RIYUU_CD and RIYUU_BUN, if only the agency can renew *contract*."""
        accident = contract.last_accident
        if accident and self.now().date() < accident + AFTER_ACCIDENT:
            return RECENT_ACCIDENT
        return AGENCY_REASONS.get(contract.form)

    def require_open(self, contract: Contract) -> None:
        """
        Raises:
            Refusal: 60-64, why this contract cannot be renewed here and now.
        """
        self.require_unrenewed(contract)
        standing = self.standing(contract)
        if standing != OPEN:
            raise Refusal(REFUSALS[standing], **self._beside(contract, standing))

    def require_unrenewed(self, contract: Contract) -> None:
        """
        Raises:
            Refusal: 62 or 64, there is a next term, or an application for one is being worked on.
        """
        standing = RENEWED if contract.number in self.in_work else self.standing(contract)
        if standing in DONE:
            raise Refusal(REFUSALS[standing])

    def _beside(self, contract: Contract, standing: str) -> Mapping[str, str]:
        if standing == TOO_EARLY:
            return {"UKETUKE_KAISI": stamp(opens_at(contract))}
        if reason := self.agency_reason(contract) if standing == AGENCY_ONLY else None:
            return {"RIYUU_CD": reason[0], **contract.agency.fields()}
        return contract.agency.fields() if standing == TOO_LATE else {}

    def next_premium(self, contract: Contract, covers: Mapping[str, str]) -> rating.Premium:
        """Rate the next term of *contract* by the tariff in force."""
        return rating.premium(
            rating.rated(contract), covers, contract.grade.after_a_year_without_accident(), self.yen_per_point
        )

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
            last_accident=None,
            listed_from=None,
            quirks=set(),
        )
        self.contracts[term.number] = term
        contract.successor = term.number
        return term

    def work_on(self, contract: Contract, until: datetime, signing: Signing) -> None:
        """Let an application lie until then."""
        self.in_work[contract.number] = (until, signing)

    def finish_work(self) -> None:
        """Sign whatever has lain long enough."""
        for number in list(self.in_work):
            self._finish_work(self.contracts[number])

    def _finish_work(self, contract: Contract) -> None:
        until, signing = self.in_work.get(contract.number, (None, None))
        if until and signing and self.now() >= until:
            del self.in_work[contract.number]
            signing()

    def decline_rider(self, contract: Contract) -> bool:
        """Take 安心更新サポート特約 off, as the agency does for its customer; tell whether it was still in time."""
        in_time = contract.renews_itself and not contract.successor and self.now() < contract.end
        if in_time:
            contract.covers = {**contract.covers, SAFE_RENEWAL: NONE.code}
        return in_time

    def _renew_by_rider(self, contract: Contract) -> None:
        """Let 安心更新サポート特約 do its work, if its hour has come."""
        nobody_has = not contract.successor and contract.number not in self.in_work
        if contract.renews_itself and nobody_has and self.now() >= contract.end:
            self.sign(contract, contract.covers)
            contract.renewed_by_rider = True
