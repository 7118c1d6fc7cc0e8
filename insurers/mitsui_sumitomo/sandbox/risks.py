"""A car that another insurer covers: what is told of it, and whether this insurer would take it (WIRE.md §16)."""

from dataclasses import dataclass
from datetime import date, timedelta

from . import models, rating
from .bodies import Asked
from .choices import AT_LEAST, CONDITIONS, ITEMS, NONE, Choices, edited
from .contracts import Conditions, Grade, Scheme
from .names import plain
from .problems import Refusal
from .times import years_later

# How far ahead a first day may lie, and how long after maturity a grade is still carried over.
QUOTED_AHEAD = timedelta(days=366)
CARRIED_OVER_FOR = timedelta(days=7)

# Grade 6S, with which somebody new begins; a grade up to 5 and an accident term stick (WIRE.md §16.4).
NEW = Grade(tokyu=6, jiko_ari_kikan=0, zantei=True)
STICKS_UP_TO = 5
REFUSED_UP_TO = 3

# Sold to those who have it, and to nobody else.
NOT_FOR_NEWCOMERS, NEXT_WIDER = "HONNIN", "FUFU"

BUSINESS = "GYOMU"
LICENCE_IF_UNTOLD = "BLUE"
LICENSED_AT = 18

# What is quoted where no covers are told, and the least of each thing that may be chosen.
USUAL: Choices = {
    "TAIBUTSU_KINGAKU": "MUSEIGEN",
    "TAIBUTSU_CHOKA": "ARI",
    "JINSHIN_KINGAKU": "5000MAN",
    "JINSHIN_HANI": "SHANAI",
    "SHARYO_KATA": "10GENTEI",
    "SHARYO_MENSEKI": "5-10",
    "BENGOSHI": "JIDOSHA",
    "NICHIJO_BAISHO": "ARI",
}
LEAST: Choices = {code: next(iter(item.choices)) for code, item in ITEMS.items() if code != "SHARYO_MENSEKI"}


class Car(Asked, frozen=True):
    katashiki: str
    shamei: str
    shodo_toroku: str
    yoto_shashu: str | None


class Drivers(Asked, frozen=True):
    untensha_gentei: str
    nenrei_joken: str
    saijakunen_seinengappi: date | None


class Previous(Asked, frozen=True):
    """The contract that ends, at whichever insurer."""

    tokyu: int
    jiko_ari_kikan: int
    manki: date


class Wish(Asked, frozen=True):
    hoken_shiki: date
    okuruma: Car
    untensha: Drivers
    shiyo_mokuteki: str
    zen_keiyaku: Previous
    menkyosho_iro: str | None
    hosho: dict[str, str] | None
    dantai_mei: str | None
    plan_no: int | None
    henko: dict[str, str]
    betsuan: list[dict[str, str]]


@dataclass(frozen=True)
class Departed:
    """Something that is offered otherwise than it was wanted, and why (WIRE.md §16.2)."""

    item: str
    wanted: str
    offered: str
    why: str


@dataclass(frozen=True)
class Taken:
    """A risk that this insurer would take, as it would take it."""

    wish: Wish
    model: models.Model
    years: int
    conditions: Conditions
    grade: Grade
    scheme: Scheme | None
    wanted: Choices
    departed: tuple[Departed, ...]

    @property
    def value_yen(self) -> int:
        return self.model.value(self.years)

    @property
    def has_own_damage(self) -> bool:
        return self.years <= models.OWN_DAMAGE_UP_TO_YEARS

    @property
    def rated(self) -> rating.Risk:
        in_group = self.scheme is not None
        return rating.Risk(self.model.rating_class, self.value_yen, self.conditions, self.grade, in_group)


def taken(wish: Wish, scheme: Scheme, today: date, agency: dict[str, object]) -> Taken:
    """
    Answer the risk as this insurer would take it.

    Raises:
        Refusal: what is told is not to be read, or the risk is not for this insurer.
    """
    if not today <= wish.hoken_shiki <= today + QUOTED_AHEAD or wish.hoken_shiki < wish.zen_keiyaku.manki:
        raise Refusal("term-not-quotable", komoku="hokenShiki")
    model = models.model(wish.okuruma.katashiki)
    if model is None:
        raise Refusal("model-unknown", komoku="katashiki", toriatsukaiDairiten=agency)
    if wish.okuruma.yoto_shashu not in (None, model.kind):
        raise Refusal("conditions-contradict", komoku="yotoShashu")
    _refuse_unknown_choices(wish)
    _refuse_too_young(wish)
    if wish.zen_keiyaku.tokyu <= REFUSED_UP_TO and wish.zen_keiyaku.jiko_ari_kikan:
        raise Refusal("risk-refused", riyu="TOKYU")
    years = models.full_years(_registered(wish.okuruma.shodo_toroku), wish.hoken_shiki)
    grade = _carried_over(wish)
    theirs = wish.dantai_mei is not None and plain(wish.dantai_mei) == plain(scheme.dantai_mei)
    wanted = edited(LEAST, USUAL if wish.hosho is None else wish.hosho)
    return Taken(
        wish=wish,
        model=model,
        years=years,
        conditions=_conditions(wish),
        grade=grade,
        scheme=scheme if theirs else None,
        wanted=wanted,
        departed=tuple(_departures(wish, grade, in_scheme=theirs)),
    )


def _refuse_unknown_choices(wish: Wish) -> None:
    told = {
        "untenshaGentei": wish.untensha.untensha_gentei,
        "nenreiJoken": wish.untensha.nenrei_joken,
        "shiyoMokuteki": wish.shiyo_mokuteki,
        "menkyoshoIro": wish.menkyosho_iro or LICENCE_IF_UNTOLD,
    }
    for item, code in told.items():
        if code not in CONDITIONS[item]:
            raise Refusal("choice-unknown", komoku=item)
    if not (1 <= wish.zen_keiyaku.tokyu <= 20 and 0 <= wish.zen_keiyaku.jiko_ari_kikan <= 6):
        raise Refusal("choice-unknown", komoku="zenKeiyaku")


def _refuse_too_young(wish: Wish) -> None:
    born, needed = wish.untensha.saijakunen_seinengappi, AT_LEAST[wish.untensha.nenrei_joken]
    if born is not None and years_later(born, needed) > wish.hoken_shiki:
        raise Refusal("conditions-contradict", komoku="nenreiJoken")


def _registered(month: str) -> date:
    try:
        return date.fromisoformat(f"{month}-01")
    except ValueError:
        raise Refusal("choice-unknown", komoku="shodoToroku") from None


def _carried_over(wish: Wish) -> Grade:
    previous = Grade(tokyu=wish.zen_keiyaku.tokyu, jiko_ari_kikan=wish.zen_keiyaku.jiko_ari_kikan, zantei=True)
    if _is_in_time(wish):
        return previous.next_term()
    return previous if previous.tokyu <= STICKS_UP_TO or previous.jiko_ari_kikan else NEW


def _is_in_time(wish: Wish) -> bool:
    return wish.hoken_shiki - wish.zen_keiyaku.manki <= CARRIED_OVER_FOR


def _conditions(wish: Wish) -> Conditions:
    drivers = wish.untensha
    limitation = NEXT_WIDER if drivers.untensha_gentei == NOT_FOR_NEWCOMERS else drivers.untensha_gentei
    return Conditions(
        untensha_gentei=limitation,
        nenrei_joken=drivers.nenrei_joken,
        saijakunen_seinengappi=drivers.saijakunen_seinengappi or _as_young_as_may_be(wish),
        menkyosho_iro=wish.menkyosho_iro or LICENCE_IF_UNTOLD,
        shiyo_mokuteki=wish.shiyo_mokuteki,
    )


def _as_young_as_may_be(wish: Wish) -> date:
    return years_later(wish.hoken_shiki, -max(AT_LEAST[wish.untensha.nenrei_joken], LICENSED_AT))


def _departures(wish: Wish, grade: Grade, *, in_scheme: bool) -> list[Departed]:
    found = []
    if wish.untensha.untensha_gentei == NOT_FOR_NEWCOMERS:
        found.append(Departed("untenshaGentei", NOT_FOR_NEWCOMERS, NEXT_WIDER, "SHINKI_GAI"))
    if wish.dantai_mei is not None and not in_scheme:
        found.append(Departed("dantaiMei", wish.dantai_mei, NONE, "DANTAI_GAI"))
    if not _is_in_time(wish):
        found.append(Departed("tokyu", str(wish.zen_keiyaku.tokyu), str(grade.tokyu), "TOKYU_KIKAN"))
    return found
