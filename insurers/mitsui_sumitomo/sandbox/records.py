"""Contracts and their parts as they travel (WIRE.md §5.2, §8)."""

from datetime import datetime

import msgspec

from . import coverages, papers, rating
from .choices import Choices
from .contracts import Agency, Conditions, Contract, Grade, Record, Scheme, Term
from .times import spell

Told = dict[str, object]


def agency(of: Agency) -> Told:
    return plain(of)


def plain(record: Record) -> Told:
    """A record whose fields are spelled on the wire as they are kept."""
    told: Told = msgspec.to_builtins(record)
    return told


def term(of: Term) -> Told:
    return {"shiki": spell(of.shiki), "manki": spell(of.manki)}


def scheme(of: Scheme | None) -> Told | None:
    return plain(of) if of else None


def parties_and_car(contract: Contract) -> Told:
    """What cannot be changed online (MS-SCP-02), and the scheme it belongs to."""
    return {
        "keiyakusha": plain(contract.keiyakusha),
        "kimeiHihokensha": plain(contract.kimei_hihokensha),
        "sharyoShoyusha": {"shimei": plain(contract.sharyo_shoyusha)},
        "okuruma": plain(contract.okuruma),
        "dantai": scheme(contract.dantai),
    }


def conditions(of: Conditions) -> Told:
    return plain(of)


def grade(of: Grade) -> Told:
    return plain(of)


def premium(
    contract: Contract,
    total_yen: int,
    nature: str,
    begins: datetime,
    *,
    present_yen: int | None = None,
    valid_until: str | None = None,
) -> Told:
    return {
        "nenkanGokei": total_yen,
        "seishitsu": nature,
        "yukoKigen": valid_until,
        "genkeiyakuSa": None if present_yen is None else total_yen - present_yen,
        "haraikomiHoho": contract.haraikomi_hoho,
        "haraikomiKaisu": contract.haraikomi_kaisu,
        "bunkatsu": rating.instalments(total_yen, contract.haraikomi_kaisu, begins),
    }


def estimate(total_yen: int, begins: datetime, *, in_group: bool, valid_until: str) -> Told:
    """An indication for somebody who has no contract here: a group pays by twelve, whoever has none at once."""
    method, times = ("KYUYO_KOJO", 12) if in_group else ("KOZA_FURIKAE", 1)
    return {
        "nenkanGokei": total_yen,
        "seishitsu": "GAISAN",
        "yukoKigen": valid_until,
        "genkeiyakuSa": None,
        "haraikomiHoho": method,
        "haraikomiKaisu": times,
        "bunkatsu": rating.instalments(total_yen, times, begins),
    }


def contract_premium(contract: Contract) -> Told:
    return premium(contract, contract.nenkan_gokei, "KEIYAKU", contract.hoken_kikan.shiki)


def in_list(contract: Contract, now: datetime) -> Told:
    return {
        "shokenNo": contract.shoken_no,
        "shohinMei": contract.shohin_mei,
        "keiyakuKeitai": contract.keiyaku_keitai,
        "jotai": contract.jotai(now),
        "mankiNichiji": spell(contract.hoken_kikan.manki),
        "shamei": contract.okuruma.shamei,
    }


def details(contract: Contract, handled_by: Agency, now: datetime) -> Told:
    return {
        "shokenNo": contract.shoken_no,
        "shohinMei": contract.shohin_mei,
        "keiyakuKeitai": contract.keiyaku_keitai,
        "jotai": contract.jotai(now),
        "teiketsuBi": contract.teiketsu_bi.isoformat(),
        "hokenKikan": term(contract.hoken_kikan),
        **parties_and_car(contract),
        "joken": conditions(contract.joken),
        "tokyu": grade(contract.tokyu),
        "hosho": covers(contract, contract.erabi),
        "hokenryo": contract_premium(contract),
        "toriatsukaiDairiten": agency(handled_by),
        "shorui": [papers.certificate(contract).listed()],
        "keizokumotoShokenNo": contract.keizokumoto_shoken_no,
        "keizokugoShokenNo": contract.keizokugo_shoken_no,
        "jidoKeizokuTokuyaku": contract.jido_keizoku_tokuyaku,
        "johoNichiji": spell(now),
    }


def covers(contract: Contract, chosen: Choices) -> list[coverages.Printed]:
    """What is chosen of the covers, and the riders that the contract has and its next term keeps."""
    return [
        *coverages.printed(chosen, contract.okuruma.sharyo_kagaku),
        *coverages.riders(
            auto_renewal=None if contract.jido_keizoku_tokuyaku is None else contract.has_rider,
            late_renewal=contract.late_renewal_until is not None,
        ),
    ]


def renewal_row(contract: Contract, handled_by: Agency, now: datetime) -> Told:
    """MS-REN-20."""
    why = contract.why_not(now)
    return {
        "shokenNo": contract.shoken_no,
        "teiketsuBi": contract.teiketsu_bi.isoformat(),
        "mankiBi": contract.hoken_kikan.manki.date().isoformat(),
        "keiyakuNaiyo": f"{contract.shohin_mei} {contract.okuruma.shamei}",
        "hokenKikan": term(contract.hoken_kikan),
        "keizokugoShokenNo": contract.keizokugo_shoken_no,
        "toriatsukaiDairiten": agency(handled_by),
        "jidoKeizoku": _rider("継続手続特約", "jitaiKigen", contract.rider_declinable_until),
        "keizokuUkkari": _rider("継続うっかり特約", "tsuikaKigen", contract.late_renewal_until),
        "keizokuTetsuzuki": {
            "kahi": "FUKA" if why else "KA",
            "riyu": why,
            "uketsukeKaishi": spell(contract.opens_at),
            "uketsukeShuryo": spell(contract.hoken_kikan.manki),
        },
    }


def _rider(name: str, limit: str, until: datetime | None) -> Told | None:
    return {"tokuyakuMei": name, limit: spell(until)} if until else None
