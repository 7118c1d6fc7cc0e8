"""Stage 1, second part: the recommended plans, edited and re-priced at will (WIRE.md §6.4–6.8)."""

from aiohttp import web

from . import plans, records
from .bodies import Asked, Nothing, answer, read
from .choices import edited, items
from .contracts import Contract
from .entrance import inside
from .house import House
from .plans import PlanDesk
from .problems import Refusal
from .times import spell
from .visit import Stage, Visit

routes = web.RouteTableDef()


@routes.get("/eg1/plan")
async def show(request: web.Request) -> web.Response:
    """§6.4."""
    house, visit, contract = inside(request, Stage.PLAN)
    return answer({"plan": [_told(house, visit, contract, plan) for plan in visit.plans.values()]})


class Edits(Asked, frozen=True):
    henko: dict[str, str]


@routes.put("/eg1/plan/{plan_no}/henko")
async def edit(request: web.Request) -> web.Response:
    """§6.5: 「このプランに決定」 becomes 「再計算」 (MS-REN-05)."""
    asked = await read(request, Edits)
    house, visit, contract = inside(request, Stage.PLAN)
    plan = _plan(visit, request)
    plan.edit(edited(plan.chosen, asked.henko))
    return answer(_told(house, visit, contract, plan))


@routes.post("/eg1/plan/{plan_no}/saikeisan")
async def requote(request: web.Request) -> web.Response:
    """§6.6 「再計算」 (MS-REN-04)."""
    await read(request, Nothing)
    house, visit, contract = inside(request, Stage.PLAN)
    plan = _plan(visit, request)
    plan.requote()
    visit.quoted_at = house.clock()
    return answer(_told(house, visit, contract, plan))


@routes.post("/eg1/plan/{plan_no}/reset")
async def reset(request: web.Request) -> web.Response:
    """§6.7 「変更内容をリセット」 (MS-REN-07)."""
    await read(request, Nothing)
    house, visit, contract = inside(request, Stage.PLAN)
    plan = _plan(visit, request)
    plan.reset()
    return answer(_told(house, visit, contract, plan))


class Decision(Asked, frozen=True):
    shisan_hash: str


@routes.post("/eg1/plan/{plan_no}/kettei")
async def decide(request: web.Request) -> web.Response:
    """§6.8 「このプランに決定」 (MS-REN-06)."""
    asked = await read(request, Decision)
    house, visit, _ = inside(request, Stage.PLAN)
    plan = _plan(visit, request)
    if not visit.conditions_confirmed:
        raise Refusal("out-of-order", dankai=visit.stage)
    if plan.needs_requote:
        raise Refusal("plan-not-requoted")
    if asked.shisan_hash != visit.quote(house.book, plan).seal:
        raise Refusal("premium-changed")
    visit.decided, visit.decided_seal, visit.stage = plan.number, asked.shisan_hash, Stage.JUYO_JIKO
    return answer({"dankai": visit.stage})


def _plan(visit: Visit, request: web.Request) -> PlanDesk:
    for number, plan in visit.plans.items():
        if request.match_info["plan_no"] == str(number):
            return plan
    raise Refusal("plan-unknown")


def _told(house: House, visit: Visit, contract: Contract, plan: PlanDesk) -> dict[str, object]:
    return {
        "planNo": plan.number,
        "planMei": f"プラン{plan.number}",
        "setsumei": plans.DESCRIPTIONS[plan.number],
        "osusume": plans.is_recommended_most(plan.number, visit.plans),
        "genkeiyakuDoitsu": plan.chosen == contract.erabi,
        "henkoZumi": plan.chosen != plan.initial,
        "botan": "SAIKEISAN" if plan.needs_requote else "KETTEI",
        "hosho": records.covers(contract, plan.chosen),
        "henkoKomoku": items(plan.chosen, plan.initial),
        **_price(house, visit, contract, plan),
    }


def _price(house: House, visit: Visit, contract: Contract, plan: PlanDesk) -> dict[str, object]:
    if plan.needs_requote:
        return {"hokenryo": None, "shisanHash": None, "shisanNichiji": None}
    quote = visit.quote(house.book, plan)
    begins = contract.hoken_kikan.manki
    return {
        "hokenryo": records.premium(contract, quote.total_yen, "GAISAN", begins, present_yen=contract.nenkan_gokei),
        "shisanHash": quote.seal,
        "shisanNichiji": spell(visit.quoted_at),
    }
