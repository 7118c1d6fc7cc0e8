"""What Sompo says when it quotes for a car that is insured elsewhere (WIRE.md §13)."""

from collections.abc import Sequence

from msgspec import Struct

from insurers.sompo.wire.contracts import Bunkatu, Hosyou, Kiken
from insurers.sompo.wire.lines import Answer
from insurers.sompo.wire.notation import read_number
from insurers.sompo.wire.quotes import Jyoken, Plan, Quote, Sentaku, quoted
from insurers.sompo.wire.records import Record


class Mitumori(Record, frozen=True):
    siki_ymd: str
    kensuu: str
    dairiten_cd: str
    dairiten_mei: str
    dairiten_tel: str
    dairiten_url: str


class Tigai(Record, frozen=True):
    """Where the quote differs from the wish, and why (§13.2)."""

    koumoku: str
    hosyou_cd: str
    kibou: str
    teikyou: str
    tigai_cd: str
    tigai_bun: str


class Zentei(Record, frozen=True):
    """What the price rests on (§13.3)."""

    zentei_cd: str
    zentei_bun: str


class Estimate(Struct, frozen=True):
    """The plans for one risk, and what is said of all of them: also which agency concludes one (`mitumori`)."""

    mitumori: Mitumori
    quotes: Sequence[Quote]
    tigai: Sequence[Tigai]
    zentei: Sequence[Zentei]


def estimate(answer: Answer) -> Estimate:
    """Read `/mitumori/sisan`."""
    answer.only(Plan, Bunkatu, Hosyou, Kiken, Sentaku, Jyoken, Tigai, Zentei)
    found = quoted(answer)
    mitumori = answer.head(Mitumori)
    if read_number(mitumori.kensuu) != len(found):
        raise ValueError("there are not as many plans as were announced")
    return Estimate(mitumori, found, answer.every(Tigai), answer.every(Zentei))
