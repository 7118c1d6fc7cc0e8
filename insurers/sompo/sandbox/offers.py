"""A plan at its price, written as the lines of WIRE.md §8.1."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from insurers.sompo.sandbox import records
from insurers.sompo.sandbox.contracts import Grade, Group
from insurers.sompo.sandbox.covers import Cover, Option
from insurers.sompo.sandbox.dates import a_year_after, stamp, ymd
from insurers.sompo.sandbox.quotes import Quote
from insurers.sompo.sandbox.rating import Rated
from insurers.sompo.sandbox.records import Record


@dataclass(frozen=True, kw_only=True)
class Term:
    """The term that is quoted. `costs_now` is the ending one's premium in yen, where this insurer knows it."""

    start: datetime
    grade: Grade
    payment: str
    agreed_value: int
    costs_now: int | None


def plan(quote: Quote, term: Term) -> Iterator[Record]:
    head = {"PLAN_CD": quote.plan.code, "SISAN_NO": quote.number}
    total = quote.premium.total
    yield {
        "REC": "PLAN",
        "PLAN_CD": quote.plan.code,
        "PLAN_MEI": quote.plan.name,
        "HYOJI_JYUN": int(quote.plan.code),
        "OSUSUME": int(quote.plan.recommended),
        "DOUJYOUKEN": int(quote.plan.same_as_current),
        "HENKOU": int(quote.edited),
        "SISAN_NO": quote.number,
        "SISAN_NITIJI": stamp(quote.quoted_at),
        "YUKOU_KIGEN": stamp(quote.valid_until),
        "HOKENRYO": total,
        "ZENNENSA": "" if term.costs_now is None else total - term.costs_now,
        "HARAIKOMI_CD": term.payment,
        "HARAIKOMI_KAISUU": quote.premium.count,
        "SIKI_YMD": ymd(term.start),
        "MANKI_YMD": ymd(a_year_after(term.start)),
        "TOUKYU": term.grade.level,
        "JIKOYU_NEN": term.grade.loaded_years,
        "TOUKYU_KARI": 1,
    }
    yield from records.instalments(head, term.start, total, quote.premium.count)
    yield from records.covers(head, quote.covers, term.agreed_value)


def conditions(risk: Rated, kind: str, group: Group | None) -> Record:
    """Tell who may drive what, for what, and through which group, at these prices."""
    return {
        "REC": "JYOKEN",
        "GENTEI_CD": risk.limitation,
        "NENREI_CD": risk.ages,
        "SIYOU_CD": risk.use,
        "MENKYO_IRO_CD": risk.licence_colour,
        "YOTO_SYASYU_CD": kind,
        "RYORITU_CLASS": "".join(f"{number:02d}" for number in risk.classes),
        "KYOUTEI_GAKU": risk.agreed_value,
        "DANTAI_CD": group.code if group else "",
        "DANTAI_MEI": group.name if group else "",
    }


def choices(cover: Cover, options: Iterable[Option]) -> Iterator[Record]:
    for option in options:
        yield {"REC": "SENTAKU", "HOSYOU_CD": cover.code, "SENTAKU_CD": option.code, "SENTAKU_MEI": option.name}
