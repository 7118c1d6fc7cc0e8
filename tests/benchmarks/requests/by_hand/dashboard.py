"""Q1: a customer's policies at all insurers, each with the plans of its renewal."""

import asyncio
from typing import Any

from insurers.coverage import Coverage
from insurers.plan import Plan
from insurers.policy import Policy
from insurers.renewal import Renewal
from schema.ports import Asker
from tests.benchmarks.requests.place import Answer, House, Said

PAGE = 10


async def answer(house: House, asker: Asker, said: Said) -> Answer:
    reading = house.desks.reading
    linked = [link.insurer for link in await reading.links(asker) if link.access is not None]
    told = await asyncio.gather(*(reading.policies(asker, insurer, None) for insurer in linked))
    policies = sorted((policy for book in told for policy in book.value.values()), key=_place)
    renewals = await house.desks.renewals.latest(asker, [policy.ref for policy in policies])
    edges = [{"node": _policy(house, policy, renewals.get(policy.ref))} for policy in policies[:PAGE]]
    return {"policies": {"totalCount": len(policies), "edges": edges}}


def _place(policy: Policy) -> tuple[Any, ...]:
    return policy.ends_at, policy.ref.insurer, policy.ref.number.text


def _policy(house: House, policy: Policy, renewal: Renewal | None) -> Answer:
    ref, car, premium = policy.ref, policy.vehicle, policy.premium
    return {
        "id": house.ids.seal("Policy", ref.insurer, ref.number.text),
        "number": ref.number.text,
        "status": policy.status.name,
        "endsAt": policy.ends_at.isoformat(),
        "insurer": {"code": ref.insurer, "name": house.desks.manifests[ref.insurer].name.ja},
        "insuredVehicle": {"name": car.name, "registration": car.plate} if car else None,
        "premium": {"total": premium.total.amount} if premium else None,
        "renewal": _renewal(renewal) if renewal else None,
    }


def _renewal(renewal: Renewal) -> Answer:
    return {"status": renewal.state.name, "plans": [_plan(plan) for plan in renewal.plans]}


def _plan(plan: Plan) -> Answer:
    premium = plan.premium
    change = premium.change_from_current
    return {
        "name": plan.name,
        "recommendedByInsurer": plan.recommended,
        "premium": {"total": premium.total.amount, "changeFromCurrent": change.amount if change else None},
        "coverages": [_coverage(coverage) for coverage in plan.coverages],
    }


def _coverage(coverage: Coverage) -> Answer:
    limit = coverage.limit
    return {
        "key": coverage.kind.name,
        "included": coverage.included,
        "limit": {"amount": limit.amount.amount if limit.amount else None} if limit else None,
    }
