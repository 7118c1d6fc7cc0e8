"""The persons of personas.json, with contracts dated from the clock at start (WIRE.md §12)."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import msgspec
from msgspec.structs import replace

from . import rating
from .contracts import (
    Agency,
    Car,
    Conditions,
    Contract,
    Grade,
    Person,
    Policyholder,
    Quirk,
    Record,
    Scheme,
    Term,
)
from .times import at_four_pm, years_later

FILE = Path(__file__).with_name("personas.json")

# Contracts are concluded some days before they begin.
CONCLUDED_BEFORE = timedelta(days=20)


class ContractCard(Record, frozen=True):
    """A contract as a persona's file has it; days are counted from the clock at start."""

    shoken_no: str
    manki_made_nissu: int
    shohin_mei: str
    keiyaku_keitai: str
    kimei_hihokensha: Person | None
    okuruma: Car
    ryoritsu_class: int
    joken: Conditions
    tokyu: Grade
    erabi: dict[str, str]
    haraikomi_hoho: str
    haraikomi_kaisu: int
    jido_keizoku_tokuyaku: str | None
    ukkari_tokuyaku: str | None
    keizokugo_shoken_no: str | None
    quirks: frozenset[Quirk]


class Registered(Record, frozen=True):
    """An account that is there from the beginning; its password is public, for the demonstration."""

    user_id: str
    keitai_bango: str
    password: str


class FirstCode(Record, frozen=True):
    """What the certificate or a postcard has printed for the first login (MS-REG-20)."""

    shokai_user_id: str
    tetsuzuki_code: str
    baitai: str

    @property
    def is_masked(self) -> bool:
        """MS-REG-21: 「***** 」と表示されている場合はご利用できません。"""
        return not self.tetsuzuki_code.strip("*")


class Persona(Record, frozen=True):
    code: str
    shows: str
    keiyakusha: Policyholder
    shain_no: str | None
    keiyaku: list[dict[str, object]]
    toroku_zumi: Registered | None = None
    tetsuzuki: FirstCode | None = None
    line_user_id: str | None = None
    mail_futatsu: bool = False
    hajime_lock: bool = False


class Personas(Record, frozen=True):
    dairiten: Agency
    dantai: Scheme
    hyojun: dict[str, object]
    personas: list[Persona]


def read() -> Personas:
    return msgspec.json.decode(FILE.read_bytes(), type=Personas)


def contracts(told: Personas, now: datetime) -> dict[str, Contract]:
    """Every contract by number, successors that exist already among them."""
    return {contract.shoken_no: contract for persona in told.personas for contract in contracts_of(persona, told, now)}


def contracts_of(persona: Persona, told: Personas, now: datetime) -> Iterator[Contract]:
    for card in persona.keiyaku:
        read_card = msgspec.convert({**told.hyojun, **card}, type=ContractCard)
        contract = _contract(persona, read_card, told.dantai, now)
        yield contract
        if successor := contract.keizokugo_shoken_no:
            yield _successor(contract, successor)


def _contract(persona: Persona, card: ContractCard, scheme: Scheme, now: datetime) -> Contract:
    ends = at_four_pm(now.date() + timedelta(days=card.manki_made_nissu))
    begins = at_four_pm(years_later(ends.date(), -1))
    holder = persona.keiyakusha
    insured = card.kimei_hihokensha or Person(shimei=holder.shimei, kana=holder.kana, seinengappi=holder.seinengappi)
    contract = Contract(
        shoken_no=card.shoken_no,
        holder_code=persona.code,
        shohin_mei=card.shohin_mei,
        keiyaku_keitai=card.keiyaku_keitai,
        teiketsu_bi=begins.date() - CONCLUDED_BEFORE,
        hoken_kikan=Term(shiki=begins, manki=ends),
        keiyakusha=holder,
        kimei_hihokensha=insured,
        sharyo_shoyusha=holder.shimei,
        okuruma=card.okuruma,
        ryoritsu_class=card.ryoritsu_class,
        joken=card.joken,
        tokyu=card.tokyu,
        erabi=card.erabi,
        nenkan_gokei=0,
        haraikomi_hoho=card.haraikomi_hoho,
        haraikomi_kaisu=card.haraikomi_kaisu,
        dantai=scheme if card.keiyaku_keitai.startswith("DANTAI") else None,
        keizokugo_shoken_no=card.keizokugo_shoken_no,
        jido_keizoku_tokuyaku=card.jido_keizoku_tokuyaku,
        ukkari_tokuyaku=card.ukkari_tokuyaku,
        quirks=card.quirks,
    )
    total = rating.annual(rating.risk(contract, contract.joken, contract.tokyu), contract.erabi)
    return replace(contract, nenkan_gokei=total)


def _successor(contract: Contract, number: str) -> Contract:
    following = replace(
        contract,
        shoken_no=number,
        hoken_kikan=contract.hoken_kikan.following(),
        tokyu=contract.tokyu.next_term(),
        keizokumoto_shoken_no=contract.shoken_no,
        keizokugo_shoken_no=None,
    )
    return replace(
        following, nenkan_gokei=rating.annual(rating.risk(following, following.joken, following.tokyu), following.erabi)
    )
