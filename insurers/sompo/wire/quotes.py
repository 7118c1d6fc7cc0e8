"""What Sompo says when it quotes (WIRE.md §8.1)."""

from collections.abc import Sequence

from msgspec import Struct

from insurers.sompo.wire.contracts import Bunkatu, Hosyou, Kiken
from insurers.sompo.wire.lines import Answer
from insurers.sompo.wire.notation import read_number
from insurers.sompo.wire.records import Record, Ware


class Sisan(Record, frozen=True):
    syoken_no: str
    kensuu: str


class Plan(Record, frozen=True):
    plan_cd: str
    plan_mei: str
    hyoji_jyun: str
    osusume: str
    doujyouken: str
    henkou: str
    sisan_no: str
    sisan_nitiji: str
    yukou_kigen: str
    hokenryo: str
    zennensa: str
    haraikomi_cd: str
    haraikomi_kaisuu: str
    siki_ymd: str
    manki_ymd: str
    toukyu: str
    jikoyu_nen: str
    toukyu_kari: str


class Jyoken(Record, frozen=True):
    """What is quoted."""

    gentei_cd: str
    nenrei_cd: str
    siyou_cd: str
    menkyo_iro_cd: str
    yoto_syasyu_cd: str
    ryoritu_class: str
    kyoutei_gaku: str
    dantai_cd: str
    dantai_mei: str


class Sentaku(Ware, frozen=True):
    """What may be sent as a change."""

    hosyou_cd: str
    sentaku_cd: str
    sentaku_mei: str


class Quote(Struct, frozen=True):
    """A plan with everything that is said of it, alone (`plan` to `kiken`) or with the others of one answer."""

    plan: Plan
    bunkatu: Sequence[Bunkatu]
    hosyou: Sequence[Hosyou]
    kiken: Sequence[Kiken]
    sentaku: Sequence[Sentaku]
    jyoken: Jyoken


def quotes(answer: Answer) -> list[Quote]:
    """Read `/koukai/sisan`."""
    answer.only(Plan, Bunkatu, Hosyou, Kiken, Jyoken, Sentaku)
    found = quoted(answer)
    if read_number(answer.head(Sisan).kensuu) != len(found):
        raise ValueError("there are not as many plans as were announced")
    return found


def quoted(answer: Answer) -> list[Quote]:
    """Read the plans of an answer, whatever else is in it."""
    kept, options = answer.every(Plan), answer.every(Sentaku)
    (jyoken,) = answer.every(Jyoken)
    lead = ("PLAN_CD", "SISAN_NO")
    instalments, covers, perils = answer.by(Bunkatu, *lead), answer.by(Hosyou, *lead), answer.by(Kiken, *lead)
    return [
        Quote(
            plan,
            instalments.get((plan.plan_cd, plan.sisan_no), ()),
            covers.get((plan.plan_cd, plan.sisan_no), ()),
            perils.get((plan.plan_cd, plan.sisan_no), ()),
            options,
            jyoken,
        )
        for plan in kept
    ]
