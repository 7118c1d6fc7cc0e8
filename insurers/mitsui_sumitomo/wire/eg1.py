"""Words of e-G1, the renewal in three stages, and of the application."""

from collections.abc import Iterable, Mapping

import msgspec

from insurers.mitsui_sumitomo.wire.values import (
    Dairiten,
    Dantai,
    Hokenryo,
    Hosho,
    Joken,
    JuyoShorui,
    Keiyakusha,
    Kikan,
    KimeiHihokensha,
    Okuruma,
    Said,
    Sentaku,
    SharyoShoyusha,
    Shorui,
    Tokyu,
)

COOKIE = "EG1SESSIONID"

# §6, e-G1.


class SetsumeiDoga(Said, frozen=True):
    url: str | None
    byosu: int | None
    fuka_riyu: str | None


class Nyujo(Said, frozen=True):
    shoken_no: str
    dankai: str
    zenkai_login_nichiji: str | None
    jiki_hoken_kikan: Kikan
    setsumei_doga: SetsumeiDoga


class Sentakushi(Said, frozen=True):
    untensha_gentei: tuple[Sentaku, ...]
    nenrei_joken: tuple[Sentaku, ...]
    menkyosho_iro: tuple[Sentaku, ...]
    shiyo_mokuteki: tuple[Sentaku, ...]


class KyotsuJoken(Said, frozen=True):
    keiyakusha: Keiyakusha
    kimei_hihokensha: KimeiHihokensha
    sharyo_shoyusha: SharyoShoyusha
    okuruma: Okuruma
    dantai: Dantai | None
    joken: Joken
    tokyu: Tokyu
    sentakushi: Sentakushi
    toriatsukai_dairiten: Dairiten
    henko_fuka: tuple[str, ...]
    kakunin_bun: str
    kakunin_zumi: bool


class HenkoKomoku(Said, frozen=True):
    komoku: str
    hosho_code: str
    meisho: str
    genzai: str
    shoki: str
    sentakushi: tuple[Sentaku, ...]


class Plan(Said, frozen=True):
    plan_no: int
    plan_mei: str
    setsumei: str
    osusume: bool
    genkeiyaku_doitsu: bool
    henko_zumi: bool
    botan: str
    hosho: tuple[Hosho, ...]
    henko_komoku: tuple[HenkoKomoku, ...]
    hokenryo: Hokenryo | None
    shisan_hash: str | None
    shisan_nichiji: str | None


class PlanIchiran(Said, frozen=True):
    plan: tuple[Plan, ...]


class Dankai(Said, frozen=True):
    dankai: str


class Kaito(Said, frozen=True):
    code: str
    meisho: str
    shokai: bool


class JuyoKomoku(Said, frozen=True):
    no: int
    code: str
    midashi: str
    honbun: str
    kaito: tuple[Kaito, ...]


class JuyoJiko(Said, frozen=True):
    komoku: tuple[JuyoKomoku, ...]
    shorui: JuyoShorui


class KakuninKomoku(Said, frozen=True):
    meisho: str
    naiyo: str


class KakuninStep(Said, frozen=True):
    no: int
    midashi: str
    komoku: tuple[KakuninKomoku, ...]


class ShokenKeishiki(Said, frozen=True):
    code: str
    meisho: str
    osusume: bool


class SaishuKakunin(Said, frozen=True):
    step: tuple[KakuninStep, ...]
    plan_no: int
    plan_mei: str
    hosho: tuple[Hosho, ...]
    jiki_hoken_kikan: Kikan
    hokenryo: Hokenryo
    shisan_hash: str
    hokenryo_henko: bool
    shorui: JuyoShorui
    shoken_keishiki: tuple[ShokenKeishiki, ...]
    doi_bun: str
    doi_bun_hash: str
    moshikomi_botan: str
    nyuryoku_zumi: bool
    joken: Joken


def nyujo(kippu: str) -> bytes:
    return msgspec.json.encode({"kippu": kippu})


def kyotsu_joken(henko: Mapping[str, str], *, kakunin: bool) -> bytes:
    return msgspec.json.encode({"kakunin": kakunin, "henko": henko})


def henko(choices: Mapping[str, str]) -> bytes:
    return msgspec.json.encode({"henko": choices})


def kettei(shisan_hash: str) -> bytes:
    return msgspec.json.encode({"shisanHash": shisan_hash})


def juyo_jiko(kaito: Mapping[int, str], shorui: Shorui, *, kakunin_hokan: bool) -> bytes:
    return msgspec.json.encode(
        {
            "kaito": [{"no": no, "kaito": code} for no, code in kaito.items()],
            "shorui": {**_version(shorui), "kakuninHokan": kakunin_hokan},
        }
    )


def saishu_kakunin(*, steps: Iterable[int], shoyu_daisu: int, shoken_keishiki: str) -> bytes:
    return msgspec.json.encode(
        {"stepKakunin": list(steps), "shoyuDaisu": shoyu_daisu, "shokenKeishiki": shoken_keishiki}
    )


# §7, application.


class Moshikomi(Said, frozen=True):
    uketsuke_no: str
    shoken_no: str
    keizokugo_shoken_no: str
    hoken_kikan: Kikan
    hokenryo: Hokenryo
    uketsuke_nichiji: str


def moshikomi(screen: SaishuKakunin) -> bytes:
    """Apply for what the last screen shows."""
    return msgspec.json.encode(
        {
            "shisanHash": screen.shisan_hash,
            "shorui": _version(screen.shorui),
            "doi": True,
            "doiBunHash": screen.doi_bun_hash,
        }
    )


def _version(shorui: Shorui) -> dict[str, str]:
    return {"shoruiId": shorui.shorui_id, "hansu": shorui.hansu, "sha256": shorui.sha256}
