"""手順: what a renewal will show and ask, told before it begins (WIRE.md §8.2)."""

from collections.abc import Iterator, Mapping

from aiohttp import web

from insurers.sompo.sandbox import forms, office, papers, words
from insurers.sompo.sandbox.contracts import Contract
from insurers.sompo.sandbox.dates import a_year_after, era_day, era_month
from insurers.sompo.sandbox.office import Office
from insurers.sompo.sandbox.papers import Paper
from insurers.sompo.sandbox.records import Record
from insurers.sompo.sandbox.replies import reply
from insurers.sompo.sandbox.steps import STEPS, Step

routes = web.RouteTableDef()


@routes.post("/koukai/tejyun")
async def tell_steps(request: web.Request) -> web.Response:
    """§8.2 Starts nothing."""
    line, _ = await forms.read(request)
    here = office.of(request)
    contract = here.own(here.session(line).member, forms.policy_number(line.get("SYOKEN_NO", "")))
    here.book.require_open(contract)
    lines = [record for step in STEPS for record in _step(here, contract, step)]
    return reply(request, lines, SYOKEN_NO=contract.number, KENSUU=len(STEPS), **contract.agency.fields())


def _step(here: Office, contract: Contract, step: Step) -> Iterator[Record]:
    head = {"STEP_CD": step.code}
    yield {"REC": "STEP", **head, "STEP_MEI": step.name, "STEP_PATH": step.path}
    for name, value in _shown(contract).get(step.code, {}).items():
        yield {"REC": "HYOJI", **head, "MEISYO": name, "ATAI": value}
    on_file = _on_file(contract)
    for ask in step.asks:
        yield {
            "REC": "KOUMOKU",
            **head,
            "KOUMOKU_CD": ask.name,
            "SYUBETU": ask.kind,
            "HISSU": 1,
            "BUN": ask.words,
            "GENZAI_ATAI": on_file.get(ask.name, ""),
        }
        for value, name in ask.choices.items():
            yield {"REC": "SENTAKUSI", **head, "KOUMOKU_CD": ask.name, "ATAI": value, "MEISYO": name}
    for paper, must_be_opened in _papers(here, contract).get(step.code, ()):
        yield {"REC": "SYORUI", **head, **paper.fields(), "HISSU": int(must_be_opened)}


def _shown(contract: Contract) -> Mapping[str, Mapping[str, str]]:
    car, drivers, holder = contract.car, contract.drivers, contract.holder
    next_end = a_year_after(contract.end)
    return {
        "04": {
            "運転者の限定": words.LIMITATIONS[drivers.limitation],
            "運転者年齢条件": words.AGES[drivers.ages],
            "記名被保険者": f"{contract.insured.family} {contract.insured.given}",
            "免許証の色": words.LICENCE_COLOURS[drivers.licence_colour],
            "使用目的": words.USES[car.use],
        },
        "05": _rider(contract),
        "06": {
            "車名": car.name,
            "登録番号": car.plate,
            "初度登録年月": era_month(car.first_registered),
            "次回免許更新年月": era_month(drivers.licence_renewal) if drivers.licence_renewal else "",
        },
        "08": {
            "ご住所": holder.address,
            "電話番号": holder.phone,
            "団体名": contract.group.name if contract.group else "",
            "払込方法": f"{words.PAYMENTS[contract.payment]} {contract.instalments}回",
        },
        "10": {
            "現在の証券番号": contract.number,
            "更新後の保険期間": f"{contract.end:%Y年%m月%d日}午後4時から{next_end:%Y年%m月%d日}午後4時まで",
        },
    }


def _rider(contract: Contract) -> Mapping[str, str]:
    """Whoever does nothing is renewed all the same, and must know how not to be (WIRE.md §6.2)."""
    if not contract.renews_itself:
        return {}
    until = f"{contract.end:%Y年%m月%d日}午後4時"
    return {"安心更新サポート特約": f"付帯あり（更新を希望されない場合は、{until}までに取扱代理店へお申し出ください）"}


def _on_file(contract: Contract) -> Mapping[str, str]:
    drivers = contract.drivers
    return {
        "MENKYO_KOUSIN_YM": era_month(drivers.licence_renewal) if drivers.licence_renewal else "",
        "SAIJYAKUNEN_YMD": era_day(drivers.youngest) if drivers.youngest else "",
        "ANNAI_CD": contract.next_notice,
    }


def _papers(here: Office, contract: Contract) -> Mapping[str, tuple[tuple[Paper, bool], ...]]:
    return {
        "03": ((papers.BY_KIND[papers.PRIVACY], False), (papers.BY_KIND[papers.SOLICITATION], False)),
        "09": ((here.important_matters(contract), True), (papers.BY_KIND[papers.WORDING], False)),
    }
