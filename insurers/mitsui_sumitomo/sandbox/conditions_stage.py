"""Stage 1, first part: the conditions common to all plans (WIRE.md §6.2, §6.3)."""

from datetime import date

import msgspec
from aiohttp import web
from msgspec.structs import replace

from . import records, texts
from .bodies import Asked, answer, read
from .choices import CONDITIONS, listed
from .contracts import Conditions, Contract
from .entrance import inside
from .house import House
from .problems import Refusal
from .visit import Stage, Visit

routes = web.RouteTableDef()

# MS-SCP-02.
NOT_ONLINE = ("keiyakusha", "kimeiHihokensha", "sharyoShoyusha", "okuruma")

FIELDS = {
    "untenshaGentei": "untensha_gentei",
    "nenreiJoken": "nenrei_joken",
    "saijakunenSeinengappi": "saijakunen_seinengappi",
    "menkyoshoIro": "menkyosho_iro",
    "shiyoMokuteki": "shiyo_mokuteki",
}


@routes.get("/eg1/kyotsu-joken")
async def show(request: web.Request) -> web.Response:
    """§6.2."""
    house, visit, contract = inside(request, Stage.PLAN)
    return answer(_told(house, visit, contract))


class Confirmation(Asked, frozen=True):
    kakunin: bool
    henko: dict[str, object]


@routes.post("/eg1/kyotsu-joken")
async def confirm(request: web.Request) -> web.Response:
    """§6.3. A change re-rates every plan and drops its edits."""
    asked = await read(request, Confirmation)
    house, visit, contract = inside(request, Stage.PLAN)
    if not asked.kakunin:
        raise Refusal("confirmation-missing")
    changed = _changed(visit.conditions, asked.henko, house)
    if changed != visit.conditions:
        visit.start_plans_over(contract, changed, house.clock())
    visit.conditions_confirmed = True
    return answer(_told(house, visit, contract))


def _changed(present: Conditions, changes: dict[str, object], house: House) -> Conditions:
    for name, value in changes.items():
        if name in NOT_ONLINE:
            raise Refusal("agency-only", komoku=name, toriatsukaiDairiten=house.agency())
        if name not in FIELDS or (name in CONDITIONS and value not in list(CONDITIONS[name])):
            raise Refusal("choice-unknown", komoku=name)
    named: dict[str, object] = {FIELDS[name]: value for name, value in changes.items()}
    if "saijakunen_seinengappi" in named:
        try:
            named["saijakunen_seinengappi"] = msgspec.convert(named["saijakunen_seinengappi"], type=date)
        except msgspec.ValidationError:
            raise Refusal("choice-unknown", komoku="saijakunenSeinengappi") from None
    return replace(present, **named)


def _told(house: House, visit: Visit, contract: Contract) -> dict[str, object]:
    return {
        **records.parties_and_car(contract),
        "joken": records.conditions(visit.conditions),
        "tokyu": records.grade(visit.grade),
        "sentakushi": {name: listed(choices) for name, choices in CONDITIONS.items()},
        "toriatsukaiDairiten": house.agency(),
        "henkoFuka": NOT_ONLINE,
        "kakuninBun": texts.COMMON_CONDITIONS,
        "kakuninZumi": visit.conditions_confirmed,
    }
