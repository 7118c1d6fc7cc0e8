"""The floor: what a good engineer writes by hand for each question, in Starlette, without any GraphQL."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import msgspec
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from insurers.book import Entry, EntryFilter, EntryOrder
from insurers.coverage import Coverage
from insurers.identity import InsurerCode, PolicyNumber
from insurers.plan import Plan
from insurers.policy import Policy
from insurers.renewal import Renewal
from schema.book_matching import days_left
from schema.book_summary import STATUS_LABELS as ENTRY_LABELS
from schema.policy import STATUS_LABELS
from schema.ports import Asker
from tests.benchmarks.requests.place import House

PAGE = 100

Answer = dict[str, Any]
Endpoint = Callable[[House, Asker, Mapping[str, Any]], Awaitable[Answer]]


def app(house: House) -> Starlette:
    return Starlette(
        routes=[Route(f"/{name}", _route(house, endpoint), methods=["POST"]) for name, endpoint in ENDPOINTS.items()]
    )


def _route(house: House, endpoint: Endpoint) -> Callable[[Request], Awaitable[Response]]:
    async def answer(request: Request) -> Response:
        asker = await house.authenticate(request.headers["authorization"].removeprefix("Bearer "))
        said = msgspec.json.decode(await request.body())
        data = await endpoint(house, asker, said)
        return Response(msgspec.json.encode({"data": data}), media_type="application/json")

    return answer


async def dashboard(house: House, asker: Asker, said: Mapping[str, Any]) -> Answer:
    reading = house.desks.reading
    linked = [link.insurer for link in await reading.links(asker) if link.access is not None]
    books = await asyncio.gather(*(reading.policies(asker, insurer, None) for insurer in linked))
    policies = sorted((policy for book in books for policy in book.value.values()), key=_place)
    renewals = await house.desks.renewals.latest(asker, [policy.ref for policy in policies])
    edges = [{"node": _policy(house, policy, renewals.get(policy.ref))} for policy in policies[:10]]
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


async def one_policy(house: House, asker: Asker, said: Mapping[str, Any]) -> Answer:
    by = said["by"]["number"]
    insurer, number = InsurerCode(by["insurer"]["code"]), PolicyNumber.parse(by["number"])
    found = (await house.desks.reading.policies(asker, insurer, [number])).value.get(number)
    if found is None:
        return {"policy": None}
    premium = found.premium
    return {
        "policy": {
            "number": number.text,
            "status": found.status.name,
            "statusLabel": STATUS_LABELS[found.status].ja,
            "startsAt": found.starts_at.isoformat(),
            "endsAt": found.ends_at.isoformat(),
            "premium": {"total": premium.total.amount} if premium else None,
        }
    }


async def book_page(house: House, asker: Asker, said: Mapping[str, Any]) -> Answer:
    agent = await house.desks.agencies.agent(asker)
    if agent is None:
        return {"book": None}
    page = await house.desks.book.page(
        agent, EntryFilter(), EntryOrder.DUE, descending=False, first=PAGE, after=None, count=False
    )
    now = house.desks.now()
    edges = [{"node": _entry(house, entry, now)} for entry in page.entries]
    return {"book": {"renewals": {"edges": edges, "pageInfo": {"hasNextPage": page.more_after}}}}


def _entry(house: House, entry: Entry, now: Any) -> Answer:
    record, change = entry.record, entry.premium_change
    return {
        "id": house.ids.seal("BookEntry", entry.id),
        "policyNumber": record.number.text,
        "vehicle": record.vehicle,
        "plate": record.plate,
        "startsAt": record.starts_at.isoformat(),
        "dueAt": record.ends_at.isoformat(),
        "daysLeft": days_left(entry, now),
        "status": entry.status.name,
        "statusLabel": ENTRY_LABELS[entry.status].ja,
        "blocker": entry.blocker.name,
        "premium": record.premium.amount if record.premium else None,
        "nextPremium": record.next_premium.amount if record.next_premium else None,
        "premiumChange": change.amount if change else None,
        "grade": record.grade,
        "branch": entry.branch,
    }


ENDPOINTS: Mapping[str, Endpoint] = {"q1": dashboard, "q2": one_policy, "q3": book_page}
