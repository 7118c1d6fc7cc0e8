"""Words of the portal (ご契約者さま専用ページ): registration, login, contracts and the renewal list."""

import msgspec

from insurers.mitsui_sumitomo.wire.values import (
    Dairiten,
    Dantai,
    Hokenryo,
    Hosho,
    Joken,
    Keiyakusha,
    Kikan,
    KimeiHihokensha,
    Okuruma,
    Said,
    SharyoShoyusha,
    Shimei,
    Shorui,
    Tokyu,
)

COOKIE = "PSESSIONID"

# §3, registration.


class TorokuKakunin(Said, frozen=True):
    keiyakusha_shimei: Shimei
    keiyakusha_kana: Shimei
    seinengappi: str
    mail_address: str
    shain_no: str | None


class Toroku(Said, frozen=True):
    toroku_no: str
    kakunin: TorokuKakunin
    keyword_shutten: str


class Soshin(Said, frozen=True):
    keyword: str
    keyword_shutten: str
    soshinsaki: str
    soshin_nichiji: str
    yuko_kigen: str


class LinkKaifu(Said, frozen=True):
    tejun: str
    nokori_kaisu: int


class Tejun(Said, frozen=True):
    tejun: str


class IdPassword(Said, frozen=True):
    tejun: str
    user_id: str
    mail_kibo: bool


class Kanryo(Said, frozen=True):
    user_id: str
    kanryo_nichiji: str
    oshirase: str
    kantan_login_token: str | None


def toroku(
    *,
    shimei: Shimei,
    kana: Shimei,
    seinengappi: str,
    mail: str,
    keyword: str | None,
    shain_no: str | None,
    doi: bool,
    hansu: str,
) -> bytes:
    return msgspec.json.encode(
        {
            "keiyakushaShimei": shimei,
            "keiyakushaKana": kana,
            "seinengappi": seinengappi,
            "mailAddress": mail,
            "keyword": keyword,
            "shainNo": shain_no,
            "riyoKiyakuDoi": doi,
            "riyoKiyakuHansu": hansu,
        }
    )


def link(cd: str) -> bytes:
    return msgspec.json.encode({"cd": cd})


def keyword(text: str) -> bytes:
    return msgspec.json.encode({"keyword": text})


def id_password(*, user_id: str, password: str, mail_kibo: bool) -> bytes:
    return msgspec.json.encode(
        {"userId": user_id, "password": password, "passwordKakunin": password, "mailKibo": mail_kibo}
    )


def kanryo(*, kantan_login: bool) -> bytes:
    return msgspec.json.encode({"kantanLogin": kantan_login})


# §4, login.


class Login(Said, frozen=True, tag_field="tejun", tag="KANRYO"):
    keiyakusha_shimei: Shimei
    zenkai_login_nichiji: str | None
    kantan_login_token: str | None


def login_user_id(user_id: str) -> bytes:
    return msgspec.json.encode({"userId": user_id})


def login_password(password: str, *, kantan_login: bool) -> bytes:
    return msgspec.json.encode({"password": password, "kantanLogin": kantan_login})


def kantan_login(token: str) -> bytes:
    return msgspec.json.encode({"kantanLoginToken": token})


# §5, contracts and the renewal list.


class KeiyakuGyo(Said, frozen=True):
    shoken_no: str
    shohin_mei: str
    keiyaku_keitai: str
    jotai: str
    manki_nichiji: str
    shamei: str


class KeiyakuIchiran(Said, frozen=True):
    keiyaku: tuple[KeiyakuGyo, ...]


class Keiyaku(Said, frozen=True):
    shoken_no: str
    shohin_mei: str
    keiyaku_keitai: str
    jotai: str
    teiketsu_bi: str
    hoken_kikan: Kikan
    keiyakusha: Keiyakusha
    kimei_hihokensha: KimeiHihokensha
    sharyo_shoyusha: SharyoShoyusha
    okuruma: Okuruma
    joken: Joken
    tokyu: Tokyu
    hosho: tuple[Hosho, ...]
    hokenryo: Hokenryo
    dantai: Dantai | None
    toriatsukai_dairiten: Dairiten
    shorui: tuple[Shorui, ...]
    keizokumoto_shoken_no: str | None
    keizokugo_shoken_no: str | None
    jido_keizoku_tokuyaku: str | None
    joho_nichiji: str


class KeizokuTetsuzuki(Said, frozen=True):
    kahi: str
    riyu: str | None
    uketsuke_kaishi: str
    uketsuke_shuryo: str


class JidoKeizoku(Said, frozen=True):
    tokuyaku_mei: str
    jitai_kigen: str


class KeizokuUkkari(Said, frozen=True):
    tokuyaku_mei: str
    tsuika_kigen: str


class KeizokuGyo(Said, frozen=True):
    shoken_no: str
    teiketsu_bi: str
    manki_bi: str
    keiyaku_naiyo: str
    hoken_kikan: Kikan
    keizokugo_shoken_no: str | None
    toriatsukai_dairiten: Dairiten
    jido_keizoku: JidoKeizoku | None
    keizoku_ukkari: KeizokuUkkari | None
    keizoku_tetsuzuki: KeizokuTetsuzuki


class KeizokuIchiran(Said, frozen=True):
    keizoku: tuple[KeizokuGyo, ...]


class Kaishi(Said, frozen=True):
    kippu: str
    eg1_url: str
    yuko_kigen: str
