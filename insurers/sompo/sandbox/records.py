"""Contracts and covers, written as the lines of WIRE.md §5."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from insurers.sompo.sandbox import papers, rating
from insurers.sompo.sandbox.contracts import NOT_BEGUN, Contract
from insurers.sompo.sandbox.covers import AGREED_VALUE, COVERS, NOT_TAKEN, OWN_DAMAGE, Option
from insurers.sompo.sandbox.dates import era_day, era_month, stamp, ymd
from insurers.sompo.sandbox.perils import PERILS
from insurers.sompo.sandbox.persons import Person

Record = Mapping[str, object]


def policy(contract: Contract, now: datetime) -> Iterator[Record]:
    """Write all lines of one contract."""
    head = {"SYOKEN_NO": contract.number}
    yield _policy(contract, now)
    yield from instalments(head, contract.start, contract.premium, contract.instalments)
    yield from covers(head, contract.covers, contract.car.agreed_value)
    for paper in (papers.certificate(contract), papers.BY_KIND[papers.WORDING]):
        yield {"REC": "SYORUI", **head, **paper.fields()}


def instalments(head: Record, start: datetime, total: int, count: int) -> Iterator[Record]:
    for number, due, yen in rating.instalments(start, total, count):
        yield {"REC": "BUNKATU", **head, "KAI": number, "HARAIKOMI_YMD": ymd(due), "GAKU": yen}


def covers(head: Record, chosen: Mapping[str, str], agreed_value: int) -> Iterator[Record]:
    """Write every cover, and the perils of 車両保険 if it is taken."""
    for code, cover in COVERS.items():
        option = cover.options[chosen[code]]
        yield {"REC": "HOSYOU", **head, "HOSYOU_CD": code, "HOSYOU_MEI": cover.name, **_option(option, agreed_value)}
    own_damage = COVERS[OWN_DAMAGE].options[chosen[OWN_DAMAGE]]
    if own_damage.code == NOT_TAKEN:
        return
    for peril in PERILS:
        covered, note = peril.under(own_damage.kind)
        yield {
            "REC": "KIKEN",
            **head,
            "KIKEN_CD": peril.code,
            "KIKEN_MEI": peril.name,
            "TAISYO_CD": covered,
            "BIKOU": note,
        }


def _option(option: Option, agreed_value: int) -> Record:
    amount = agreed_value if option.limit == AGREED_VALUE else option.amount
    first, later = option.deductible or ("", "")
    return {
        "SENTAKU_CD": option.code,
        "SENTAKU_MEI": option.name,
        "KANYU": int(option.code != NOT_TAKEN),
        "KATA_MEI": option.kind,
        "GENDO_CD": option.limit,
        "HOKENKIN": "" if amount is None else amount,
        "GENDO_TANI": option.per,
        "MENSEKI_1": first,
        "MENSEKI_2": later,
        "KURUMATAI_MENZERO": int(option.car_to_car_zero),
        "BIKOU": option.note,
    }


def _policy(contract: Contract, now: datetime) -> Record:
    status = contract.status(now)
    return {
        "REC": "KEIYAKU",
        "SYOKEN_NO": contract.number,
        "SYOUHIN_CD": "01",
        "SYOUHIN_MEI": "THE クルマの保険",
        "KEIYAKU_JYOTAI": status,
        "KEIYAKU_KEITAI": contract.form,
        "SIKI_YMD": ymd(contract.start),
        "SIKI_JI": f"{contract.start:%H%M}",
        "MANKI_YMD": ymd(contract.end),
        "MANKI_JI": f"{contract.end:%H%M}",
        **_name("KEIYAKUSYA", contract.holder),
        **_name("KIMEI", contract.insured),
        **_name("SYOYUSYA", contract.owner),
        "DANTAI_CD": contract.group.code if contract.group else "",
        "DANTAI_MEI": contract.group.name if contract.group else "",
        "SYAIN_NO": _masked(contract.employee_number) if contract.group else "",
        "HOKENRYO": contract.premium,
        "HARAIKOMI_CD": contract.payment,
        "HARAIKOMI_KAISUU": contract.instalments,
        **_car(contract),
        **_drivers(contract),
        "TOUKYU": contract.grade.level,
        "JIKOYU_NEN": contract.grade.loaded_years,
        "TOUKYU_KARI": int(status == NOT_BEGUN),
        "ANSIN_KOUSIN": int(contract.renews_itself),
        "ANSIN_KIGEN": stamp(contract.end) if contract.renews_itself else "",
        "MAE_SYOKEN_NO": contract.previous,
        "KOUKAIGO_SYOKEN_NO": contract.successor,
        **contract.agency.fields(),
    }


def _name(role: str, person: Person) -> Record:
    return {f"{role}_SEI": person.family, f"{role}_MEI": person.given}


def _car(contract: Contract) -> Record:
    car = contract.car
    return {
        "SYAMEI": car.name,
        "TOROKU_NO": car.plate,
        "SYADAI_NO": car.chassis,
        "KATASIKI": car.model,
        "SYODO_YM": era_month(car.first_registered),
        "YOTO_SYASYU_CD": car.kind,
        "RYORITU_CLASS": "".join(f"{number:02d}" for number in car.classes),
        "KYOUTEI_GAKU": car.agreed_value,
        "SIYOU_CD": car.use,
    }


def _drivers(contract: Contract) -> Record:
    drivers = contract.drivers
    return {
        "GENTEI_CD": drivers.limitation,
        "NENREI_CD": drivers.ages,
        "SAIJYAKUNEN_YMD": era_day(drivers.youngest) if drivers.youngest else "",
        "MENKYO_IRO_CD": drivers.licence_colour,
        "MENKYO_KOUSIN_YM": era_month(drivers.licence_renewal) if drivers.licence_renewal else "",
    }


def _masked(number: str) -> str:
    return "*" * (len(number) - 4) + number[-4:]
