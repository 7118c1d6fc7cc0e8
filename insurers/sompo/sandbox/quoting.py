"""試算: what the next term would cost, as often as wanted (WIRE.md §8.1)."""

from collections.abc import Mapping

from aiohttp import web

from insurers.sompo.sandbox import forms, offers, office
from insurers.sompo.sandbox.contracts import Contract
from insurers.sompo.sandbox.covers import COVERS
from insurers.sompo.sandbox.offers import Term
from insurers.sompo.sandbox.office import Office
from insurers.sompo.sandbox.plans import PLANS, Plan, changed, offered
from insurers.sompo.sandbox.quotes import Quote
from insurers.sompo.sandbox.rating import rated
from insurers.sompo.sandbox.replies import Refusal, reply

routes = web.RouteTableDef()

MOST_CHANGES = 20


@routes.post("/koukai/sisan")
async def quote(request: web.Request) -> web.Response:
    """§8.1 Every plan as it stands, or one with changes."""
    line, changes = await forms.read(request)
    here = office.of(request)
    contract = here.own(here.session(line).member, forms.policy_number(line.get("SYOKEN_NO", "")))
    here.book.require_open(contract)
    forms.require_at_most(MOST_CHANGES, changes, "11")
    wanted = line.get("PLAN_CD", "")
    if wanted not in {"", *PLANS} or (changes and not wanted):
        raise Refusal("56", KOUMOKU="PLAN_CD")
    quotes = [
        _quote(here, contract, plan, changed(plan.covers(contract), changes, contract))
        for plan in ([PLANS[wanted]] if wanted else PLANS.values())
    ]
    lines = [record for quote in quotes for record in offers.plan(quote, _term(contract))]
    lines.append(offers.conditions(rated(contract), contract.car.kind, contract.group))
    lines += [record for cover in COVERS.values() for record in offers.choices(cover, offered(cover, contract))]
    return reply(request, lines, SYOKEN_NO=contract.number, KENSUU=len(quotes))


def _quote(here: Office, contract: Contract, plan: Plan, covers: Mapping[str, str]) -> Quote:
    return here.quotes.give(contract, plan, covers, here.book.next_premium(contract, covers))


def _term(contract: Contract) -> Term:
    return Term(
        start=contract.end,
        grade=contract.grade.after_a_year_without_accident(),
        payment=contract.payment,
        agreed_value=contract.car.agreed_value,
        costs_now=contract.premium,
    )
