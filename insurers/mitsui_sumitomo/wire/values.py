"""
Words that both services use, and how any answer is read.

Names are the insurer's own, in romaji; a section of WIRE.md stands where one begins.
"""

from typing import TypeVar

import msgspec
from msgspec import Struct


class Said(Struct, frozen=True, rename="camel", forbid_unknown_fields=True, gc=False):
    """What the insurer says. Much of it is personal, so none of it shows in a repr."""

    def __repr__(self) -> str:
        return f"{type(self).__name__}(…)"


T = TypeVar("T", bound=Struct)
U = TypeVar("U", bound=Struct)


def read(body: bytes, words: type[T]) -> T:
    """
    Read an answer.

    Raises:
        ValueError: a field is missing, surplus or of another type.
    """
    return msgspec.json.decode(body, type=words)


def read_either(body: bytes, one: type[T], other: type[U]) -> T | U:
    """
    Read an answer that is either of two; its `tejun` tells which.

    Raises:
        ValueError: it is neither.
    """
    return msgspec.json.decode(body, type=one | other)


# §8, values used in several places.


class Shimei(Said, frozen=True):
    sei: str
    mei: str


class Kikan(Said, frozen=True):
    shiki: str
    manki: str


class Joken(Said, frozen=True):
    untensha_gentei: str
    nenrei_joken: str
    saijakunen_seinengappi: str | None
    menkyosho_iro: str
    shiyo_mokuteki: str


class Kingaku(Said, frozen=True):
    museigen: bool
    kin: int | None
    tani: str


class Menseki(Said, frozen=True):
    shokai: int
    nikaime: int


class JikoKeitai(Said, frozen=True):
    code: str
    meisho: str
    hosho: str


class Hosho(Said, frozen=True):
    code: str
    meisho: str
    kanyu: bool | None
    naiyo: str
    hoken_kingaku: Kingaku | None
    menseki: Menseki | None
    kata: str | None
    jiko_keitai: tuple[JikoKeitai, ...] | None


class Bunkatsu(Said, frozen=True):
    kai: int
    haraikomi_bi: str
    kin: int


class Hokenryo(Said, frozen=True):
    nenkan_gokei: int
    seishitsu: str
    yuko_kigen: str | None
    genkeiyaku_sa: int | None
    haraikomi_hoho: str
    haraikomi_kaisu: int
    bunkatsu: tuple[Bunkatsu, ...]


class Dairiten(Said, frozen=True):
    dairiten_code: str
    meisho: str
    denwa: str
    uketsuke_jikan: str
    homepage: str


class Shorui(Said, frozen=True):
    shorui_id: str
    shurui: str
    meisho: str
    hansu: str
    sha256: str
    hakko_bi: str
    url: str


class JuyoShorui(Shorui, frozen=True):
    kakunin_bun: str


class Sentaku(Said, frozen=True):
    code: str
    meisho: str


# §5.2 and §6.2, people and things of a contract.


class Keiyakusha(Said, frozen=True):
    shimei: Shimei
    kana: Shimei
    seinengappi: str
    yubin_no: str
    jusho: str
    denwa: str


class KimeiHihokensha(Said, frozen=True):
    shimei: Shimei
    kana: Shimei
    seinengappi: str


class SharyoShoyusha(Said, frozen=True):
    shimei: Shimei


class Okuruma(Said, frozen=True):
    shamei: str
    toroku_no: str
    katashiki: str
    shodo_toroku: str
    yoto_shashu: str
    sharyo_kagaku: int


class Tokyu(Said, frozen=True):
    tokyu: int
    jiko_ari_kikan: int
    zantei: bool


class Dantai(Said, frozen=True):
    dantai_mei: str
    kigyo_mei: str | None
    shain_no_hitsuyo: bool


# §9


class Problem(Struct, frozen=True, rename="camel"):
    """A refusal; of its further members, those that somebody reads."""

    code: str
    title: str
    detail: str
    saikai_nichiji: str | None = None
    uketsuke_kaishi: str | None = None
    riyu: str | None = None
    toriatsukai_dairiten: Dairiten | None = None
    nokori_kaisu: int | None = None
    kaijo_nichiji: str | None = None

    def __repr__(self) -> str:
        return f"Problem({self.code})"
