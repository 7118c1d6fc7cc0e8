"""Stage 1, first part: the conditions common to all plans (WIRE.md §6.2, §6.3)."""

from datetime import date

import msgspec
from aiohttp import web
from msgspec.structs import replace

from . import records, texts
from .bodies import Asked, answer, read
from .choices import AT_LEAST, CONDITIONS, listed
from .contracts import Conditions, Contract, Quirk
from .entrance import inside
from .house import House
from .problems import Refusal
from .times import years_later
from .visit import Stage, Visit

routes = web.RouteTableDef()

# MS-SCP-02.
CAR = "okuruma"
NOT_ONLINE = ("keiyakusha", "kimeiHihokensha", "sharyoShoyusha", CAR)

YOUNGEST = "saijakunenSeinengappi"

FIELDS = {
    "untenshaGentei": "untensha_gentei",
    "nenreiJoken": "nenrei_joken",
    YOUNGEST: "saijakunen_seinengappi",
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
    """§6.3. A change re-rates every plan, drops its edits, and has to be confirmed."""
    asked = await read(request, Confirmation)
    house, visit, contract = inside(request, Stage.PLAN)
    if not asked.kakunin and not asked.henko:
        raise Refusal("confirmation-missing")
    _refuse_offline(house, contract, asked.henko)
    changed = _changed(visit.conditions, asked.henko, house.clock().date())
    if changed != visit.conditions:
        _refuse_contradiction(visit.conditions, changed, contract)
        visit.start_plans_over(contract, changed, house.clock())
        visit.conditions_confirmed = False
    visit.conditions_confirmed = visit.conditions_confirmed or asked.kakunin
    return answer(_told(house, visit, contract))


def _refuse_offline(house: House, contract: Contract, changes: dict[str, object]) -> None:
    """MS-SCP-02: by what is wished, or by what the insurer knows."""
    known = [CAR] if Quirk.SHARYO_HENKO in contract.quirks else []
    for name in (*known, *changes):
        if name in NOT_ONLINE:
            raise Refusal("agency-only", komoku=name, toriatsukaiDairiten=house.agency())


def _changed(present: Conditions, changes: dict[str, object], today: date) -> Conditions:
    named: dict[str, object] = {}
    for name, value in changes.items():
        read_value = _birth_date(value, today) if name == YOUNGEST else value
        if name not in FIELDS or (name in CONDITIONS and value not in list(CONDITIONS[name])):
            raise Refusal("choice-unknown", komoku=name)
        named[FIELDS[name]] = read_value
    return replace(present, **named)


def _birth_date(value: object, today: date) -> date:
    try:
        born = msgspec.convert(value, type=date)
    except msgspec.ValidationError:
        raise Refusal("choice-unknown", komoku=YOUNGEST) from None
    if born > today:
        raise Refusal("choice-unknown", komoku=YOUNGEST)
    return born


def _refuse_contradiction(present: Conditions, changed: Conditions, contract: Contract) -> None:
    """What stood there before is the insurer's own affair; what is changed has to fit."""
    ages = (changed.nenrei_joken, changed.saijakunen_seinengappi)
    if ages == (present.nenrei_joken, present.saijakunen_seinengappi):
        return
    begins, youngest = contract.hoken_kikan.manki.date(), changed.saijakunen_seinengappi
    if years_later(youngest, AT_LEAST[changed.nenrei_joken]) > begins:
        raise Refusal("conditions-contradict")


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
