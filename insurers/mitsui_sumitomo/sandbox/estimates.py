"""Quotes for a car that another insurer covers (WIRE.md §16). Nothing is kept of them."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from aiohttp import web

from . import coverages, plans, rating, records
from .admission import member
from .bodies import answer, read
from .choices import DEDUCTIBLE, NONE, OWN_DAMAGE, Choices, edited, items
from .contracts import Term
from .problems import Refusal
from .risks import BUSINESS, Departed, Taken, Wish, taken
from .times import EG1_CLOSES, at_four_pm, business_day, spell, years_later

routes = web.RouteTableDef()

HOLDS_FOR = timedelta(days=30)

NO_FILM = "お見積りに動画はありません。継続のお手続きの際にご覧いただけます。"
# MS-VID-03.
NO_FILM_OF_PLAN_3 = "おすすめプランのご案内が「プラン3」のみのため、動画を配信できません。"

# §16.2 and §16.5.
WHY: Mapping[str, str] = {
    "SHINKI_GAI": "新規のご契約では本人限定をお選びいただけません。",
    "DANTAI_GAI": "当社で取り扱う団体ではないため、団体扱の割引はありません。",
    "TOKYU_KIKAN": "前契約の満期日から7日を過ぎているため、等級を継承できません。",
    "SHARYO_NENSU": "初度登録から15年を超えるお車には、車両保険をお引受けできません。",
    "PLAN": "プランの内容により異なります。",
}
ASSUMED: Mapping[str, str] = {
    "TOKYU_ZANTEI": "等級・事故有係数適用期間は、前契約が満期まで無事故の場合の暫定です。",
    "TOKYU_KIKAN": "等級・事故有係数適用期間は、前契約から継承できない場合のものです。",
    "SHARYO_KAGAKU": "車両保険金額は、型式と初度登録による当社の標準の価額です。",
    "KOKUCHI": "告知事項に該当がないことを前提としています。",
    "DANTAI_JOKEN": "団体扱の条件を満たすことを前提としています。",
    "MENKYOSHO_KATEI": "免許証の色はブルーを前提としています。",
    "SAIJAKUNEN_KATEI": "最も若い運転者は、年令条件を満たす方を前提としています。",
    "HOSHO_KATEI": "ご希望の補償のお申し出がないため、標準の補償内容です。",
}


@routes.post("/portal/mitsumori")
async def quote(request: web.Request) -> web.Response:
    wish = await read(request, Wish)
    house, _ = member(request)
    if wish.shiyo_mokuteki == BUSINESS:
        raise Refusal("referred-to-agency", riyu=BUSINESS, toriatsukaiDairiten=house.agency())
    now = house.clock()
    risk = taken(wish, house.book.scheme, now.date(), house.agency())
    numbers = (plans.LEAST,) if risk.grade.jiko_ari_kikan else plans.EVERY
    if wish.plan_no is None and (wish.henko or wish.betsuan):
        raise Refusal("bad-request", komoku=["planNo"])
    if wish.plan_no is not None and wish.plan_no not in numbers:
        raise Refusal("plan-unknown")
    asked = numbers if wish.plan_no is None else (wish.plan_no,)
    return answer(
        {
            "hokenKikan": records.term(_term(wish)),
            "joken": records.conditions(risk.conditions),
            "tokyu": records.grade(risk.grade),
            "dantai": records.scheme(risk.scheme),
            "zentei": [{"code": code, "setsumei": ASSUMED[code]} for code in _assumed(risk)],
            "setsumeiDoga": {
                "url": None,
                "byosu": None,
                "fukaRiyu": NO_FILM if len(numbers) > 1 else NO_FILM_OF_PLAN_3,
            },
            "toriatsukaiDairiten": house.agency(),
            "shisanNichiji": spell(now),
            "plan": [_plan(risk, number, wish.henko, len(numbers), now) for number in asked],
            "betsuan": [_variation(risk, asked[0], edits, len(numbers), now) for edits in wish.betsuan],
        }
    )


def _variation(risk: Taken, number: int, edits: Choices, offered: int, now: datetime) -> dict[str, object] | None:
    try:
        return _plan(risk, number, edits, offered, now)
    except Refusal:
        return None


def _plan(risk: Taken, number: int, edits: Choices, offered: int, now: datetime) -> dict[str, object]:
    initial = _initial(risk, number)
    chosen = edited(initial, edits)
    if chosen[OWN_DAMAGE] != NONE and not risk.has_own_damage:
        raise Refusal("choice-not-applicable", komoku=OWN_DAMAGE)
    begins = at_four_pm(risk.wish.hoken_shiki)
    return {
        "planNo": number,
        "planMei": f"プラン{number}",
        "setsumei": plans.DESCRIPTIONS[number] if number != 1 else "ご希望の補償内容に近いプラン",
        "osusume": number == plans.RECOMMENDED_MOST or offered == 1,
        "henkoZumi": chosen != initial,
        "hosho": [
            *coverages.printed(chosen, risk.value_yen),
            *coverages.riders(auto_renewal=False, late_renewal=False),
        ],
        "henkoKomoku": items(chosen, initial, () if risk.has_own_damage else NO_OWN_DAMAGE),
        "hokenryo": records.estimate(
            rating.annual(risk.rated, chosen),
            begins,
            in_group=risk.scheme is not None,
            valid_until=_holds_until(begins, now),
        ),
        "sai": [_told(departed) for departed in (*risk.departed, *_other_covers(risk, initial, edits))],
    }


NO_OWN_DAMAGE = frozenset({(OWN_DAMAGE, "10GENTEI"), (OWN_DAMAGE, "IPPAN")})


def _initial(risk: Taken, number: int) -> dict[str, str]:
    initial = plans.initial(number, risk.wanted)
    if risk.has_own_damage:
        return initial
    return {code: choice for code, choice in initial.items() if code != DEDUCTIBLE} | {OWN_DAMAGE: NONE}


def _other_covers(risk: Taken, initial: Choices, edits: Choices) -> Iterator[Departed]:
    """What a plan offers otherwise than it was wanted, but for what the customer has edited since."""
    if risk.wish.hosho is None:
        return
    why = {} if risk.has_own_damage else {OWN_DAMAGE: "SHARYO_NENSU", DEDUCTIBLE: "SHARYO_NENSU"}
    for item in sorted((risk.wanted.keys() | initial.keys()) - edits.keys()):
        wanted, offered = risk.wanted.get(item, NONE), initial.get(item, NONE)
        if wanted != offered:
            yield Departed(item, wanted, offered, why.get(item, "PLAN"))


def _told(departed: Departed) -> dict[str, str]:
    return {
        "komoku": departed.item,
        "kibo": departed.wanted,
        "teiji": departed.offered,
        "riyu": departed.why,
        "setsumei": WHY[departed.why],
    }


def _assumed(risk: Taken) -> Iterator[str]:
    lost = any(departed.why == "TOKYU_KIKAN" for departed in risk.departed)
    yield "TOKYU_KIKAN" if lost else "TOKYU_ZANTEI"
    yield "SHARYO_KAGAKU"
    yield "KOKUCHI"
    if risk.scheme is not None:
        yield "DANTAI_JOKEN"
    if risk.wish.menkyosho_iro is None:
        yield "MENKYOSHO_KATEI"
    if risk.wish.untensha.saijakunen_seinengappi is None:
        yield "SAIJAKUNEN_KATEI"
    if risk.wish.hosho is None:
        yield "HOSHO_KATEI"


def _term(wish: Wish) -> Term:
    return Term(shiki=at_four_pm(wish.hoken_shiki), manki=at_four_pm(years_later(wish.hoken_shiki, 1)))


def _holds_until(begins: datetime, now: datetime) -> str:
    """26:30 of the thirtieth business day, or the first day of the term if that is sooner."""
    last_day = business_day(now) + HOLDS_FOR
    over_midnight = f"{last_day.isoformat()} {24 + EG1_CLOSES.hour}:{EG1_CLOSES.minute}"
    return over_midnight if at_four_pm(last_day) < begins else spell(begins)
