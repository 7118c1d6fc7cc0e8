"""A fingerprint changes exactly when a customer would say that something else is bought."""

from datetime import timedelta

import msgspec
import pytest

from insurers.coverage import CoverageVariant, Covered
from insurers.identity import InsurerCode, PlanCode
from insurers.money import Deductible, Limit, LimitKind, Yen
from insurers.plan import PaymentMethod, Plan, PremiumNature
from insurers.renewal import Proposal

replace = msgspec.structs.replace


def own_damage(plan: Plan, **changes: object) -> Plan:
    liability, own = plan.coverages
    return replace(plan, coverages=(liability, replace(own, **changes)))


def with_premium(plan: Plan, **changes: object) -> Plan:
    return replace(plan, premium=replace(plan.premium, **changes))


def test_what_is_the_same_to_a_customer_has_the_same_fingerprint(plan: Plan) -> None:
    own = plan.coverages[1]

    for same in (
        replace(plan, quoted_at=plan.quoted_at + timedelta(days=1)),
        replace(plan, position=3, recommended=True),
        replace(plan, coverages=plan.coverages[::-1]),
        own_damage(plan, perils=own.perils[::-1]),
        own_damage(plan, options=own.options[::-1], note="印刷の変更"),
        # What we read into the insurer's word for it.
        own_damage(plan, variant=CoverageVariant.FULL),
        with_premium(plan, nature=PremiumNature.BINDABLE),
        with_premium(plan, change_from_current=Yen(-100)),
    ):
        assert plan.fingerprint == same.fingerprint


def test_what_differs_to_a_customer_has_another_fingerprint(plan: Plan) -> None:
    own = plan.coverages[1]
    others = [
        replace(plan, insurer=InsurerCode("other")),
        replace(plan, code=PlanCode("2")),
        replace(plan, coverages=plan.coverages[:1]),
        with_premium(plan, total=Yen(57_601)),
        with_premium(plan, payment=PaymentMethod.CREDIT_CARD),
        own_damage(plan, included=False),
        own_damage(plan, insurer_variant="一般条件"),
        own_damage(plan, limit=Limit(kind=LimitKind.ACTUAL_VALUE, amount=Yen(1_900_000))),
        own_damage(plan, deductible=Deductible(first=Yen(0), second=Yen(100_000))),
        own_damage(plan, deductible=Deductible(first=Yen(50_000), second=Yen(100_000), car_to_car_zero=True)),
        own_damage(plan, perils=(own.perils[0], replace(own.perils[1], covered=Covered.YES))),
    ]

    assert len(others) + 1 == len({plan.fingerprint, *(other.fingerprint for other in others)})


def test_rehearsing_again_at_another_time_agrees_to_the_same(proposal: Proposal) -> None:
    later = replace(
        proposal,
        rehearsed_at=proposal.rehearsed_at + timedelta(hours=1),
        documents=proposal.documents[::-1],
        draft=replace(proposal.draft, values=dict(reversed(list(proposal.draft.values.items())))),
    )

    assert proposal.fingerprint == later.fingerprint


@pytest.mark.parametrize(
    "change",
    [
        lambda p: replace(p, statement="別の文"),
        lambda p: replace(p, documents=()),
        lambda p: replace(p, documents=(replace(p.documents[0], sha256="b" * 64),)),
        lambda p: replace(p, plan=with_premium(p.plan, total=Yen(57_601))),
        lambda p: replace(p, draft=replace(p.draft, values={**p.draft.values, "cars": "3"})),
        lambda p: replace(p, draft=replace(p.draft, values={"cars": "2"})),
        lambda p: replace(p, ref=replace(p.ref, insurer=InsurerCode("other"))),
    ],
)
def test_whatever_else_is_agreed_to_is_another_proposal(proposal: Proposal, change: object) -> None:
    assert callable(change)
    assert proposal.fingerprint != change(proposal).fingerprint
