"""What Sompo says of contracts and their renewal list (WIRE.md §5, §6, §7)."""

from collections.abc import Sequence

from msgspec import Struct

from insurers.sompo.wire.lines import Answer
from insurers.sompo.wire.notation import read_number
from insurers.sompo.wire.records import Record, Ware


class Keiyaku(Record, frozen=True):
    """§5.1, a contract."""

    syoken_no: str
    syouhin_cd: str
    syouhin_mei: str
    keiyaku_jyotai: str
    keiyaku_keitai: str
    siki_ymd: str
    siki_ji: str
    manki_ymd: str
    manki_ji: str
    keiyakusya_sei: str
    keiyakusya_mei: str
    kimei_sei: str
    kimei_mei: str
    syoyusya_sei: str
    syoyusya_mei: str
    dantai_cd: str
    dantai_mei: str
    syain_no: str
    hokenryo: str
    haraikomi_cd: str
    haraikomi_kaisuu: str
    syamei: str
    toroku_no: str
    syadai_no: str
    katasiki: str
    syodo_ym: str
    yoto_syasyu_cd: str
    ryoritu_class: str
    kyoutei_gaku: str
    siyou_cd: str
    gentei_cd: str
    nenrei_cd: str
    saijyakunen_ymd: str
    menkyo_iro_cd: str
    menkyo_kousin_ym: str
    toukyu: str
    jikoyu_nen: str
    toukyu_kari: str
    ansin_kousin: str
    ansin_kigen: str
    mae_syoken_no: str
    koukaigo_syoken_no: str
    dairiten_cd: str
    dairiten_mei: str
    dairiten_tel: str
    dairiten_url: str


class Bunkatu(Record, frozen=True):
    """§5.2, an instalment."""

    kai: str
    haraikomi_ymd: str
    gaku: str


class Hosyou(Ware, frozen=True):
    """§5.3, a cover."""

    hosyou_cd: str
    hosyou_mei: str
    sentaku_cd: str
    sentaku_mei: str
    kanyu: str
    kata_mei: str
    gendo_cd: str
    hokenkin: str
    gendo_tani: str
    menseki_1: str
    menseki_2: str
    kurumatai_menzero: str
    bikou: str


class Kiken(Ware, frozen=True):
    """§5.4, a peril of 車両保険."""

    kiken_cd: str
    kiken_mei: str
    taisyo_cd: str
    bikou: str


class Syorui(Record, frozen=True):
    """§7, a document."""

    syorui_no: str
    syorui_syu: str
    syorui_mei: str
    ban: str
    sha256: str
    ookisa: str


class Kousin(Record, frozen=True):
    """§6.1, a line of the renewal list."""

    syoken_no: str
    syamei: str
    siki_ymd: str
    manki_ymd: str
    kousin_jyotai: str
    uketuke_kaisi: str
    uketuke_syuryo: str
    koukaigo_syoken_no: str
    riyuu_cd: str
    riyuu_bun: str
    ansin_kousin: str
    ansin_kigen: str
    ukkari_kigen: str
    dairiten_cd: str
    dairiten_mei: str
    dairiten_tel: str
    dairiten_url: str


class Kensuu(Record, frozen=True):
    """The first line of an answer that says only how many there are."""

    kensuu: str


class Contract(Struct, frozen=True):
    """A contract with everything that is said of it."""

    keiyaku: Keiyaku
    bunkatu: Sequence[Bunkatu]
    hosyou: Sequence[Hosyou]
    kiken: Sequence[Kiken]
    syorui: Sequence[Syorui]


def contracts(answer: Answer) -> list[Contract]:
    """Read `/keiyaku/syokai`."""
    answer.only(Keiyaku, Bunkatu, Hosyou, Kiken, Syorui)
    kept = answer.every(Keiyaku)
    _counted(answer, len(kept))
    lead = "SYOKEN_NO"
    instalments, covers = answer.by(Bunkatu, lead), answer.by(Hosyou, lead)
    perils, documents = answer.by(Kiken, lead), answer.by(Syorui, lead)
    return [
        Contract(
            keiyaku,
            instalments.get((keiyaku.syoken_no,), ()),
            covers.get((keiyaku.syoken_no,), ()),
            perils.get((keiyaku.syoken_no,), ()),
            documents.get((keiyaku.syoken_no,), ()),
        )
        for keiyaku in kept
    ]


def renewal_list(answer: Answer) -> tuple[Kousin, ...]:
    """Read `/koukai/itiran`."""
    answer.only(Kousin)
    kept = answer.every(Kousin)
    _counted(answer, len(kept))
    return kept


def _counted(answer: Answer, found: int) -> None:
    if read_number(answer.head(Kensuu).kensuu) != found:
        raise ValueError("there are not as many records as were announced")
