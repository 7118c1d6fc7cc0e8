"""Specimens: one plan, one script and one proposal, as an invented insurer would have them."""

from datetime import datetime

import pytest

from insurers.coverage import Coverage, CoverageKind, CoverageOption, Covered, Peril, PerilCover
from insurers.document import Document
from insurers.hours import TOKYO
from insurers.identity import InsurerCode, PlanCode, PolicyNumber, PolicyRef
from insurers.money import Deductible, Limit, LimitKind, Yen
from insurers.plan import PaymentMethod, Plan, Premium, PremiumNature
from insurers.renewal import Draft, Proposal

MORNING = datetime(2026, 11, 20, 10, tzinfo=TOKYO)


@pytest.fixture
def plan() -> Plan:
    return Plan(
        insurer=InsurerCode("paper"),
        code=PlanCode("1"),
        name="プラン1",
        position=1,
        premium=Premium(nature=PremiumNature.INDICATION, total=Yen(57_600), payment=PaymentMethod.PAYROLL_DEDUCTION),
        coverages=(
            Coverage(
                kind=CoverageKind.BODILY_INJURY_LIABILITY,
                insurer_label="対人賠償",
                included=True,
                limit=Limit(kind=LimitKind.UNLIMITED, per_person=True),
            ),
            Coverage(
                kind=CoverageKind.OWN_DAMAGE,
                insurer_label="車両保険",
                included=True,
                limit=Limit(kind=LimitKind.ACTUAL_VALUE, amount=Yen(2_000_000)),
                deductible=Deductible(first=Yen(50_000), second=Yen(100_000)),
                perils=(
                    PerilCover(peril=Peril.COLLISION_WITH_CAR, covered=Covered.YES),
                    PerilCover(peril=Peril.ROLLOVER, covered=Covered.NO),
                ),
                options=(
                    CoverageOption(value="5-10", label="免責5-10万円", selected=True),
                    CoverageOption(value="10-10", label="免責10-10万円"),
                ),
            ),
        ),
        quoted_at=MORNING,
    )


@pytest.fixture
def proposal(plan: Plan) -> Proposal:
    document = Document(id="JY-1", title="重要事項等説明書", sha256="a" * 64)
    number = PolicyNumber.parse("A123456789")
    return Proposal(
        ref=PolicyRef(plan.insurer, number),
        draft=Draft(number=number, plan=plan, values={"cars": "2", "notice": "mail"}, documents=(document,)),
        plan=plan,
        documents=(document,),
        statement="上記について内容を同意のうえ申し込む",
        rehearsed_at=MORNING,
    )
