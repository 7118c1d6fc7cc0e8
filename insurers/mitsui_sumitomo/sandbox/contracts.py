"""People, cars and contracts, as this insurer keeps them. Field names are those of WIRE.md §5.2 and §8."""

from datetime import date, datetime, time, timedelta
from enum import StrEnum

from msgspec import Struct, field

from insurers.sandbox import TOKYO

from .times import EG1_OPENS, years_later

# No leaflet says when renewal opens; WIRE.md §5.3 sets it.
OPENS_BEFORE_MATURITY = timedelta(days=60)

# WIRE.md §5.3: how long a contract stays in the renewal list, and what its riders allow.
LISTED_AFTER_MATURITY = timedelta(days=30)
RIDER_DECLINED_BEFORE_MATURITY = timedelta(days=14)
LATE_RENEWAL_AFTER_MATURITY = timedelta(days=30)

HAS_RIDER, NO_RIDER = "ARI", "NASHI"

HIGHEST_GRADE = 20

GROUP_HANDLED = "DANTAI_ATSUKAI"


class Record(Struct, frozen=True, rename="camel", kw_only=True, forbid_unknown_fields=True):
    """Something written down."""


class Name(Record, frozen=True):
    sei: str
    mei: str

    def __str__(self) -> str:
        return f"{self.sei} {self.mei}"


class Person(Record, frozen=True):
    shimei: Name
    kana: Name
    seinengappi: date


class Policyholder(Person, frozen=True):
    yubin_no: str
    jusho: str
    denwa: str


class Car(Record, frozen=True):
    shamei: str
    toroku_no: str
    katashiki: str
    shodo_toroku: str
    yoto_shashu: str
    sharyo_kagaku: int


class Conditions(Record, frozen=True):
    untensha_gentei: str
    nenrei_joken: str
    saijakunen_seinengappi: date
    menkyosho_iro: str
    shiyo_mokuteki: str


class Grade(Record, frozen=True):
    tokyu: int
    jiko_ari_kikan: int
    zantei: bool = False

    def next_term(self) -> "Grade":
        """A year without accident later; provisional until the old term has ended (domain 2.3)."""
        return Grade(
            tokyu=min(self.tokyu + 1, HIGHEST_GRADE), jiko_ari_kikan=max(self.jiko_ari_kikan - 1, 0), zantei=True
        )


class Scheme(Record, frozen=True):
    dantai_mei: str
    kigyo_mei: str
    shain_no_hitsuyo: bool


class Agency(Record, frozen=True):
    dairiten_code: str
    meisho: str
    denwa: str
    uketsuke_jikan: str
    homepage: str


class Term(Record, frozen=True):
    shiki: datetime
    manki: datetime

    def following(self) -> "Term":
        return Term(
            shiki=self.manki,
            manki=self.manki.replace(year=self.manki.year + 1, day=years_later(self.manki.date(), 1).day),
        )


class Why(StrEnum):
    """Why a contract cannot renew online now (WIRE.md §5.3)."""

    UKETSUKE_MAE = "UKETSUKE_MAE"
    UKETSUKE_SHURYO = "UKETSUKE_SHURYO"
    KEIZOKU_ZUMI = "KEIZOKU_ZUMI"
    JIDO_KEIZOKU = "JIDO_KEIZOKU"
    HOJIN = "HOJIN"
    DANTAI_KEIYAKU = "DANTAI_KEIYAKU"
    DAIRITEN = "DAIRITEN"
    JIKO = "JIKO"


RENEWED = frozenset({Why.KEIZOKU_ZUMI, Why.JIDO_KEIZOKU})


class Quirk(StrEnum):
    """What makes a persona of a contract (WIRE.md §12)."""

    DANTAI_JOKEN = "DANTAI_JOKEN"  # The insurer knows that the group conditions do not hold.
    KOKUCHI_JIKO = "KOKUCHI_JIKO"  # The insurer knows that a disclosure matter applies.
    SHOYU_DAISU = "SHOYU_DAISU"  # The insurer knows of ten cars or more.
    DAIRITEN = "DAIRITEN"  # Only the agency renews it.
    PLAN3_NOMI = "PLAN3_NOMI"  # Only plan 3 is recommended.
    HOKENRYO_HENKO = "HOKENRYO_HENKO"  # The premium moves when the button is pressed first.
    SHORUI_KAITEI = "SHORUI_KAITEI"  # The document moves when the button is pressed first.
    SHARYO_HENKO = "SHARYO_HENKO"  # The insurer knows of another car by now.
    JIKO = "JIKO"  # There was an accident within the last three months.
    CHINMOKU_ZUMI = "CHINMOKU_ZUMI"  # The first application is taken, and nobody hears of it.
    CHINMOKU_MI = "CHINMOKU_MI"  # The first application is lost on its way.


class Contract(Struct, frozen=True, kw_only=True):
    shoken_no: str
    holder_code: str
    shohin_mei: str
    keiyaku_keitai: str
    teiketsu_bi: date
    hoken_kikan: Term
    keiyakusha: Policyholder
    kimei_hihokensha: Person
    sharyo_shoyusha: Name
    okuruma: Car
    ryoritsu_class: int
    joken: Conditions
    tokyu: Grade
    erabi: dict[str, str]
    nenkan_gokei: int
    haraikomi_hoho: str
    haraikomi_kaisu: int
    dantai: Scheme | None = None
    keizokumoto_shoken_no: str | None = None
    keizokugo_shoken_no: str | None = None
    jido_keizoku_tokuyaku: str | None = None
    ukkari_tokuyaku: str | None = None
    renewed_by_rider: bool = False
    quirks: frozenset[Quirk] = field(default_factory=frozenset)

    def jotai(self, now: datetime) -> str:
        if now < self.hoken_kikan.shiki:
            return "KAISHIMAE"
        if now < self.hoken_kikan.manki:
            return "YUKO"
        return "KEIZOKUZUMI" if self.keizokugo_shoken_no else "MANRYO"

    @property
    def is_group_handled(self) -> bool:
        """The premium is collected by an employer; e-G1 is for these (MS-SCP-01)."""
        return self.keiyaku_keitai == GROUP_HANDLED

    @property
    def opens_at(self) -> datetime:
        day = self.hoken_kikan.manki.date() - OPENS_BEFORE_MATURITY
        return datetime.combine(day, time(EG1_OPENS.hour), TOKYO)

    @property
    def has_rider(self) -> bool:
        return self.jido_keizoku_tokuyaku == HAS_RIDER

    @property
    def rider_declinable_until(self) -> datetime | None:
        """Unless it is declined by then, the rider renews the contract at maturity."""
        return self.hoken_kikan.manki - RIDER_DECLINED_BEFORE_MATURITY if self.has_rider else None

    @property
    def late_renewal_until(self) -> datetime | None:
        maturity = self.hoken_kikan.manki
        return maturity + LATE_RENEWAL_AFTER_MATURITY if self.ukkari_tokuyaku == HAS_RIDER else None

    def renews_itself(self, now: datetime) -> bool:
        return self.has_rider and self.keizokugo_shoken_no is None and now >= self.hoken_kikan.manki

    def is_listed(self, now: datetime) -> bool:
        """Whether it stands in the renewal list: in force, or matured not long ago."""
        return self.hoken_kikan.shiki <= now < self.hoken_kikan.manki + LISTED_AFTER_MATURITY

    def why_not(self, now: datetime) -> Why | None:
        """Answer why it cannot renew online at this moment, or `None` when it can."""
        checks = (
            (Why.JIDO_KEIZOKU, self.renewed_by_rider),
            (Why.KEIZOKU_ZUMI, self.keizokugo_shoken_no is not None),
            (Why.HOJIN, self.keiyaku_keitai == "HOJIN"),
            (Why.DANTAI_KEIYAKU, self.keiyaku_keitai == "DANTAI_KEIYAKU"),
            (Why.DAIRITEN, not self.is_group_handled or Quirk.DAIRITEN in self.quirks),
            (Why.JIKO, Quirk.JIKO in self.quirks),
            (Why.UKETSUKE_MAE, now < self.opens_at),
            (Why.UKETSUKE_SHURYO, now >= self.hoken_kikan.manki),
        )
        return next((why for why, holds in checks if holds), None)
