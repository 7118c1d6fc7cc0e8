"""試算: what the next term would cost, as often as wanted (WIRE.md §8.1)."""

from collections.abc import Iterator, Mapping

from aiohttp import web

from insurers.sompo.sandbox import forms, office, records
from insurers.sompo.sandbox.contracts import Contract
from insurers.sompo.sandbox.covers import COVERS
from insurers.sompo.sandbox.dates import a_year_after, stamp, ymd
from insurers.sompo.sandbox.office import Office
from insurers.sompo.sandbox.plans import PLANS, Plan, changed, offered
from insurers.sompo.sandbox.quotes import Quote
from insurers.sompo.sandbox.records import Record
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
    lines = [record for quote in quotes for record in _plan(contract, quote)]
    return reply(request, [*lines, *_choices(contract)], SYOKEN_NO=contract.number, KENSUU=len(quotes))


def _quote(here: Office, contract: Contract, plan: Plan, covers: Mapping[str, str]) -> Quote:
    return here.quotes.give(contract, plan, covers, here.book.next_premium(contract, covers))


def _plan(contract: Contract, quote: Quote) -> Iterator[Record]:
    grade = contract.grade.after_a_year_without_accident()
    head = {"PLAN_CD": quote.plan.code, "SISAN_NO": quote.number}
    total = quote.premium.total
    yield {
        "REC": "PLAN",
        "PLAN_CD": quote.plan.code,
        "PLAN_MEI": quote.plan.name,
        "HYOJI_JYUN": int(quote.plan.code),
        "OSUSUME": int(quote.plan.recommended),
        "DOUJYOUKEN": int(quote.plan.same_as_current),
        "HENKOU": int(quote.edited),
        "SISAN_NO": quote.number,
        "SISAN_NITIJI": stamp(quote.quoted_at),
        "YUKOU_KIGEN": stamp(quote.valid_until),
        "HOKENRYO": total,
        "ZENNENSA": total - contract.premium,
        "HARAIKOMI_CD": contract.payment,
        "HARAIKOMI_KAISUU": contract.instalments,
        "SIKI_YMD": ymd(contract.end),
        "MANKI_YMD": ymd(a_year_after(contract.end)),
        "TOUKYU": grade.level,
        "JIKOYU_NEN": grade.loaded_years,
        "TOUKYU_KARI": 1,
    }
    yield from records.instalments(head, contract.end, total, quote.premium.count)
    yield from records.covers(head, quote.covers, contract.car.agreed_value)


def _choices(contract: Contract) -> Iterator[Record]:
    for cover in COVERS.values():
        for option in offered(cover, contract):
            yield {
                "REC": "SENTAKU",
                "HOSYOU_CD": cover.code,
                "SENTAKU_CD": option.code,
                "SENTAKU_MEI": option.name,
            }
