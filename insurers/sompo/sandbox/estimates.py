"""見積り: what a car that is insured elsewhere would cost here, for anybody (WIRE.md §13)."""

from collections.abc import Iterator, Mapping, Sequence

from aiohttp import web

from insurers.sompo.sandbox import forms, offers, office, personas, rating, risk_forms, wishes
from insurers.sompo.sandbox.covers import COVERS, NOT_TAKEN, OWN_DAMAGE
from insurers.sompo.sandbox.dates import ymd
from insurers.sompo.sandbox.lines import Line
from insurers.sompo.sandbox.offers import Term
from insurers.sompo.sandbox.office import Office
from insurers.sompo.sandbox.plans import Plan
from insurers.sompo.sandbox.quotes import GOOD_FOR, Quote
from insurers.sompo.sandbox.records import Record
from insurers.sompo.sandbox.replies import Refusal, reply
from insurers.sompo.sandbox.risks import Risk

routes = web.RouteTableDef()

MOST_LINES = 20

# TIGAI_BUN, WIRE.md §13.2.
DIFFERENCES = {
    "01": "自家用軽四輪乗用車に本人限定のお取扱いはありません",
    "02": "最も若い運転者の年齢に合わせました",
    "03": "お取扱いのない団体です",
    "11": "車両保険は初度登録から12年未満のお車に限ります",
    "12": "車両保険金額を定められないお車です",
    "13": "自家用軽四輪乗用車ではお選びいただけません",
    "14": "必ず付帯される補償です",
}
# ZENTEI_BUN, WIRE.md §13.3.
ASSUMPTIONS = {
    "01": "等級は仮のものです。前契約の満期後の確認により保険料が変わることがあります",
    "02": "前契約の満期まで事故がないものとしています",
    "03": "前契約の等級が分からないため6等級（新規）としています",
    "04": "前契約の満期から7日を超えるため等級を引き継いでいません",
    "05": "免許証の色が分からないためブルーとしています",
    "06": "最も若い運転者の年齢は確認していません",
    "07": "団体扱としてお払込みいただけることを前提としています",
    "08": "車両保険金額は型式と初度登録年月による標準価額です",
    "09": "用途車種は型式によります",
}


@routes.post("/mitumori/sisan")
async def estimate(request: web.Request) -> web.Response:
    """§13.1 Every plan as it stands, or one with changes, for a car and nobody's name."""
    line, lines = await forms.read(request)
    here = office.of(request)
    wanted, changes = _sorted(lines)
    agency = personas.cast().agency.fields()
    risk = risk_forms.read(line, here.world.clock(), agency)
    risk.require_taken(agency)
    wish, code = wishes.read(wanted), line.get("PLAN_CD", "")
    if code not in {"", *wishes.OFFERED} or (changes and not code):
        raise Refusal("56", KOUMOKU="PLAN_CD")
    plans = [wishes.OFFERED[code]] if code else list(wishes.OFFERED.values())
    quotes = [_quote(here, risk, plan, wish, changes) for plan in plans]
    term = Term(start=risk.start, grade=risk.grade, payment=risk.payment, agreed_value=risk.value, costs_now=None)
    told: list[Record] = [record for quote in quotes for record in offers.plan(quote, term)]
    told += [
        offers.conditions(risk.rated, risk.model.kind, risk.group),
        *_differences(risk, wish),
        *_assumptions(risk, quotes),
    ]
    told += [record for cover in COVERS.values() for record in offers.choices(cover, wishes.offered(cover, risk))]
    return reply(request, told, SIKI_YMD=ymd(risk.inception), KENSUU=len(quotes), **agency)


def _sorted(lines: Sequence[Line]) -> tuple[list[Line], list[Line]]:
    """
    Tell what is wanted from what is changed.

    Raises:
        Refusal: 10, a line of another kind; 11, too many of one.
    """
    wanted = [line for line in lines if line.get("REC") == "KIBOU"]
    changes = [line for line in lines if line.get("REC") == "HENKOU"]
    if len(wanted) + len(changes) < len(lines):
        raise Refusal("10", KOUMOKU="REC")
    for kind in (wanted, changes):
        forms.require_at_most(MOST_LINES, kind, "11")
    return wanted, changes


def _quote(here: Office, risk: Risk, plan: Plan, wish: Mapping[str, str], changes: Sequence[Line]) -> Quote:
    initial, now = wishes.covers(plan, wish, risk), here.world.clock()
    chosen = wishes.changed(initial, changes, risk)
    return Quote(
        number=here.draws.key(),
        contract="",
        plan=plan,
        covers=chosen,
        edited=chosen != initial,
        premium=rating.premium(risk.rated, chosen, risk.grade, here.book.yen_per_point),
        quoted_at=now,
        valid_until=min(now + GOOD_FOR, risk.start),
    )


def _differences(risk: Risk, wish: Mapping[str, str]) -> Iterator[Record]:
    if risk.limitation != risk.told_limitation:
        yield _difference("GENTEI_CD", risk.told_limitation, risk.limitation, "01")
    if risk.ages != risk.told_ages:
        yield _difference("NENREI_CD", risk.told_ages, risk.ages, "02")
    if risk.asked_group.is_unknown:
        yield _difference("DANTAI_MEI", risk.asked_group.name or risk.asked_group.code, "", "03")
    for one in wishes.instead(wish, risk):
        yield _difference("HOSYOU_CD", one.wanted, one.quoted, one.why, one.cover.code)


def _difference(field: str, asked: str, quoted: str, why: str, cover: str = "") -> Record:
    return {
        "REC": "TIGAI",
        "KOUMOKU": field,
        "HOSYOU_CD": cover,
        "KIBOU": asked,
        "TEIKYOU": quoted,
        "TIGAI_CD": why,
        "TIGAI_BUN": DIFFERENCES[why],
    }


def _assumptions(risk: Risk, quotes: Sequence[Quote]) -> Iterator[Record]:
    holds = {
        "01": risk.previous is not None,
        "02": risk.is_carried_over,
        "03": risk.previous is None,
        "04": risk.previous is not None and not risk.is_carried_over,
        "05": not risk.told_licence_colour,
        "06": risk.youngest is None,
        "07": risk.group is not None,
        "08": any(quote.covers[OWN_DAMAGE] != NOT_TAKEN for quote in quotes),
        "09": risk.told_kind not in ("", risk.model.kind),
    }
    for code, words in ASSUMPTIONS.items():
        if holds[code]:
            yield {"REC": "ZENTEI", "ZENTEI_CD": code, "ZENTEI_BUN": words}
