"""Words of the portal's ways in beside link and keyword: codes, temporary passwords, the reset and LINE."""

from typing import Any

import msgspec

from insurers.mitsui_sumitomo.wire.values import Said, Shimei

# §3.8 and §3.9, a code that stands on the certificate or the postcard.


def kantan(*, shokai_user_id: str, shokai_password: str, doi: bool, hansu: str) -> bytes:
    return msgspec.json.encode(
        {
            "shokaiUserId": shokai_user_id,
            "shokaiPassword": shokai_password,
            "riyoKiyakuDoi": doi,
            "riyoKiyakuHansu": hansu,
        }
    )


def tetsuzuki_code(*, shoken_no: str, code: str, seinengappi: str, doi: bool, hansu: str) -> bytes:
    return msgspec.json.encode(
        {
            "shokenNo": shoken_no,
            "tetsuzukiCode": code,
            "seinengappi": seinengappi,
            "riyoKiyakuDoi": doi,
            "riyoKiyakuHansu": hansu,
        }
    )


# §3.10 to §3.14, a person whom a policy number names, by mail and by LINE.


class ShinkiKakunin(Said, frozen=True):
    keiyakusha_shimei: Shimei
    keiyakusha_kana: Shimei
    seinengappi: str
    shoken_no: str
    mail_address: str


class Shinki(Said, frozen=True):
    toroku_no: str
    kakunin: ShinkiKakunin


class ShinkiSoshin(Said, frozen=True):
    soshinsaki: str
    soshin_nichiji: str
    yuko_kigen: str


class LineKakunin(Said, frozen=True):
    keiyakusha_shimei: Shimei
    keiyakusha_kana: Shimei
    seinengappi: str
    shoken_no: str


class LineToroku(Said, frozen=True):
    renkei_no: str
    kakunin: LineKakunin


class RenkeiMojiretsu(Said, frozen=True):
    renkei_mojiretsu: str
    yuko_kigen: str


class LineKanryo(Said, frozen=True):
    user_id: None
    kanryo_nichiji: str
    kantan_login_token: str
    renkei_nichiji: str


class LineRenkei(Said, frozen=True):
    renkei: str
    renkei_nichiji: str | None


def shinki(
    *, shimei: Shimei, kana: Shimei, seinengappi: str, shoken_no: str, mail: str | None, doi: bool, hansu: str
) -> bytes:
    """Name a person by a policy number (§3.10); LINE asks the same without a mail address (§3.12)."""
    said: dict[str, Any] = {
        "keiyakushaShimei": shimei,
        "keiyakushaKana": kana,
        "seinengappi": seinengappi,
        "shokenNo": shoken_no,
        "riyoKiyakuDoi": doi,
        "riyoKiyakuHansu": hansu,
    }
    return msgspec.json.encode(said if mail is None else said | {"mailAddress": mail})


# §4.2 and §4.7, a temporary password at the login.


class PasswordHenko(Said, frozen=True, tag_field="tejun", tag="PASSWORD_HENKO"):
    yuko_kigen: str


def password_henko(*, password: str, mail_kibo: bool, kantan_login: bool) -> bytes:
    return msgspec.json.encode(
        {
            "password": password,
            "passwordKakunin": password,
            "mailKibo": mail_kibo,
            "kantanLogin": kantan_login,
        }
    )


# §4.8, the reset.


class Saitoroku(Said, frozen=True):
    keyword: str
    keyword_shutten: str
    soshinsaki: str
    soshin_nichiji: str
    yuko_kigen: str


def saitoroku(*, mail: str, seinengappi: str) -> bytes:
    return msgspec.json.encode({"mailAddress": mail, "seinengappi": seinengappi})
