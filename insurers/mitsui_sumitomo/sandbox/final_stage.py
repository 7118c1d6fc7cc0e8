"""Stage 3: the final confirmation, Step 1–5, and the last inputs (WIRE.md §6.12, §6.13)."""

from datetime import timedelta
from typing import Annotated

import msgspec
from aiohttp import web

from . import coverages, records, texts
from .bodies import Asked, answer, read
from .choices import CONDITIONS
from .contracts import Contract, Quirk
from .entrance import inside
from .house import House
from .matters_stage import send_to_agency, with_tick
from .problems import Refusal
from .times import EG1_CLOSES, at_four_pm, business_day, spell
from .visit import Quote, Stage, Visit

routes = web.RouteTableDef()

# MS-REN-12; ten cars and more are a fleet, with rules of its own (domain 2.2).
FLEET_FROM_CARS = 10

BINDS_FOR_DAYS = 7


@routes.get("/eg1/saishu-kakunin")
async def show(request: web.Request) -> web.Response:
    """§6.12 (MS-REN-11)."""
    house, visit, contract = inside(request, Stage.SAISHU_KAKUNIN)
    return answer(_told(house, visit, contract))


class Inputs(Asked, frozen=True):
    step_kakunin: list[int]
    shoyu_daisu: Annotated[int, msgspec.Meta(ge=1, le=99)]
    shoken_keishiki: str


@routes.post("/eg1/saishu-kakunin")
async def fill_in(request: web.Request) -> web.Response:
    """§6.13 (MS-REN-12, 13)."""
    asked = await read(request, Inputs)
    house, visit, contract = inside(request, Stage.SAISHU_KAKUNIN)
    missing = [number for number in texts.STEPS if number not in asked.step_kakunin]
    if missing:
        raise Refusal("confirmation-missing", no=missing)
    if asked.shoken_keishiki not in texts.CERTIFICATE_FORMS:
        raise Refusal("choice-unknown", komoku="shokenKeishiki")
    if asked.shoyu_daisu >= FLEET_FROM_CARS or Quirk.SHOYU_DAISU in contract.quirks:
        raise send_to_agency(house, visit, "SHOYU_DAISU")
    visit.cars, visit.certificate_form = asked.shoyu_daisu, asked.shoken_keishiki
    return answer(_told(house, visit, contract))


def binding_premium(house: House, contract: Contract, quote: Quote) -> dict[str, object]:
    """Binds until 26:30 of the seventh business day, or maturity if that is sooner."""
    last_day = business_day(house.clock()) + timedelta(days=BINDS_FOR_DAYS)
    begins = contract.hoken_kikan.manki
    over_midnight = f"{last_day.isoformat()} {24 + EG1_CLOSES.hour}:{EG1_CLOSES.minute}"
    return records.premium(
        contract,
        quote.total_yen,
        "KAKUTEI",
        begins,
        present_yen=contract.nenkan_gokei,
        valid_until=over_midnight if at_four_pm(last_day) < begins else spell(begins),
    )


def _told(house: House, visit: Visit, contract: Contract) -> dict[str, object]:
    quote = visit.quote(house.book, visit.plan)
    premium = binding_premium(house, contract, quote)
    return {
        "step": _steps(visit, contract, quote),
        "joken": records.conditions(visit.conditions),
        "planNo": visit.decided,
        "planMei": f"プラン{visit.decided}",
        "hosho": records.covers(contract, visit.plan.chosen),
        "jikiHokenKikan": records.term(contract.hoken_kikan.following()),
        "hokenryo": premium,
        "shisanHash": quote.seal,
        "hokenryoHenko": quote.seal != visit.decided_seal,
        "shorui": with_tick(house.book.matters(contract.shoken_no)),
        "shokenKeishiki": [
            {"code": code, "meisho": label, "osusume": code == texts.WEB_ONLY}
            for code, label in texts.CERTIFICATE_FORMS.items()
        ],
        "doiBun": texts.CONSENT,
        "doiBunHash": texts.CONSENT_HASH,
        "moshikomiBotan": texts.APPLY_BUTTON,
        "nyuryokuZumi": visit.inputs_done,
    }


def _steps(visit: Visit, contract: Contract, quote: Quote) -> list[dict[str, object]]:
    conditions = visit.conditions
    covers = coverages.printed(visit.plan.chosen, contract.okuruma.sharyo_kagaku)
    rows: dict[int, list[tuple[str, str]]] = {
        1: [
            ("保険契約者", str(contract.keiyakusha.shimei)),
            ("記名被保険者", str(contract.kimei_hihokensha.shimei)),
            ("車両所有者", str(contract.sharyo_shoyusha)),
        ],
        2: [("車名", contract.okuruma.shamei), ("登録番号", contract.okuruma.toroku_no)],
        3: [
            ("運転者限定", CONDITIONS["untenshaGentei"][conditions.untensha_gentei]),
            ("運転者年令条件", CONDITIONS["nenreiJoken"][conditions.nenrei_joken]),
            ("免許証の色", CONDITIONS["menkyoshoIro"][conditions.menkyosho_iro]),
            ("使用目的", CONDITIONS["shiyoMokuteki"][conditions.shiyo_mokuteki]),
            ("ノンフリート等級", f"{visit.grade.tokyu}等級"),
        ],
        4: [(str(cover["meisho"]), str(cover["naiyo"])) for cover in covers],
        5: [("年間保険料", f"{quote.total_yen:,}円"), ("払込回数", f"{contract.haraikomi_kaisu}回")],
    }
    return [
        {
            "no": number,
            "midashi": heading,
            "komoku": [{"meisho": label, "naiyo": value} for label, value in rows[number]],
        }
        for number, heading in texts.STEPS.items()
    ]
