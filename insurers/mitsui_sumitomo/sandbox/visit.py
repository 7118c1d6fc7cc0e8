"""One visit to e-G1: how far it has come, and what was said in it (WIRE.md §6)."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from . import rating
from .accounts import Account
from .book import Book
from .choices import Choices
from .contracts import Conditions, Contract, Grade
from .plans import PlanDesk, recommended
from .problems import Refusal


class Stage(StrEnum):
    PLAN = "PLAN"
    JUYO_JIKO = "JUYO_JIKO"
    SAISHU_KAKUNIN = "SAISHU_KAKUNIN"
    KANRYO = "KANRYO"


@dataclass(frozen=True)
class Quote:
    """A price for the next term, and the hash that stands for all that it depends on."""

    total_yen: int
    seal: str


@dataclass
class Visit:
    account: Account
    contract_number: str
    conditions: Conditions
    grade: Grade
    plans: dict[int, PlanDesk]
    quoted_at: datetime
    stage: Stage = Stage.PLAN
    conditions_confirmed: bool = False
    decided: int = 0
    decided_seal: str = ""
    opened_papers: set[str] = field(default_factory=set)
    confirmed_paper: str = ""
    cars: int | None = None
    certificate_form: str | None = None

    def expect(self, *stages: Stage) -> None:
        """
        Raises:
            Refusal: `out-of-order`; there is no back (MS-SES-01).
        """
        if self.stage not in stages:
            raise Refusal("out-of-order", dankai=self.stage)

    @property
    def plan(self) -> PlanDesk:
        return self.plans[self.decided]

    @property
    def inputs_done(self) -> bool:
        return self.certificate_form is not None

    def start_plans_over(self, contract: Contract, conditions: Conditions, now: datetime) -> None:
        self.conditions, self.plans, self.quoted_at = conditions, recommended(contract), now

    def quote(self, book: Book, plan: PlanDesk) -> Quote:
        """What this plan costs at this moment."""
        contract = book.contracts[self.contract_number]
        risk = rating.risk(contract, self.conditions, self.grade)
        total = rating.annual(risk, plan.chosen, revision=book.revision(self.contract_number))
        return Quote(total, _seal(contract, plan.number, plan.chosen, self.conditions, total))


def begun(account: Account, contract: Contract, now: datetime) -> Visit:
    return Visit(
        account, contract.shoken_no, contract.joken, contract.tokyu.next_term(), recommended(contract), quoted_at=now
    )


def _seal(contract: Contract, plan_number: int, chosen: Choices, conditions: Conditions, total_yen: int) -> str:
    """The same in every visit, as long as nothing of it moves."""
    meant: Mapping[str, object] = {
        "shokenNo": contract.shoken_no,
        "manki": contract.hoken_kikan.manki.isoformat(),
        "planNo": plan_number,
        "erabi": dict(chosen),
        "joken": [
            conditions.untensha_gentei,
            conditions.nenrei_joken,
            conditions.saijakunen_seinengappi.isoformat(),
            conditions.menkyosho_iro,
            conditions.shiyo_mokuteki,
        ],
        "nenkanGokei": total_yen,
    }
    return hashlib.sha256(json.dumps(meant, sort_keys=True).encode()).hexdigest()
