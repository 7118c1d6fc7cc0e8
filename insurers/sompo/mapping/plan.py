"""Sompo's quotes to our plans (WIRE.md §8.1)."""

from collections.abc import Sequence

from msgspec.structs import replace

from insurers.coverage import CoverageChange
from insurers.identity import PlanCode
from insurers.plan import Conditions, Plan, PremiumNature
from insurers.sompo.code import CODE
from insurers.sompo.mapping.cover import covers
from insurers.sompo.mapping.policy import AGES, LIMITATIONS, USES
from insurers.sompo.mapping.premium import premium
from insurers.sompo.wire.contracts import Contract
from insurers.sompo.wire.notation import read_flag, read_number, read_ts
from insurers.sompo.wire.quotes import Jyoken, Quote
from insurers.text import Text
from insurers.vehicle import AgeCondition, DriverLimitation, NonFleetGrade, UsePurpose

# TOUKYU_KARI, domain 2.3.
PROVISIONAL_GRADE = Text(
    "等級は仮のものです。現在のご契約の満期後の確認により保険料が変わることがあります。",
    "The grade is provisional; the premium may change once the ending contract's record is checked.",
)


def signed_as(term: Contract, plan: Plan) -> bool:
    """Tell whether a term is what *plan* offered: the same covers, paid the same way, to the yen."""
    record = term.keiyaku
    paid = premium(record.hokenryo, record.haraikomi_cd, term.bunkatu, nature=PremiumNature.BINDABLE)
    return replace(plan, premium=paid, coverages=covers(term.hosyou, term.kiken)).fingerprint == plan.fingerprint


def plan(quote: Quote, changes: Sequence[CoverageChange] = ()) -> Plan:
    """
    Read a quote that was asked for with *changes*.

    It could be applied for as it stands, but only its last screen makes it binding.
    """
    record = quote.plan
    grade = NonFleetGrade(
        grade=read_number(record.toukyu),
        accident_term=read_number(record.jikoyu_nen),
        provisional=read_flag(record.toukyu_kari),
    )
    return Plan(
        insurer=CODE,
        code=PlanCode(record.plan_cd),
        name=record.plan_mei,
        position=read_number(record.hyoji_jyun),
        premium=premium(
            record.hokenryo,
            record.haraikomi_cd,
            quote.bunkatu,
            nature=PremiumNature.INDICATION,
            change=record.zennensa or None,
        ),
        coverages=covers(quote.hosyou, quote.kiken, quote.sentaku),
        quoted_at=read_ts(record.sisan_nitiji),
        valid_until=read_ts(record.yukou_kigen),
        recommended=read_flag(record.osusume),
        same_as_current=read_flag(record.doujyouken),
        changes=tuple(changes),
        conditions=conditions(quote.jyoken),
        grade=grade,
        assumptions=(PROVISIONAL_GRADE,) if grade.provisional else (),
    )


def conditions(jyoken: Jyoken) -> Conditions:
    limitation, limitation_word = LIMITATIONS.get(jyoken.gentei_cd, (DriverLimitation.UNKNOWN, jyoken.gentei_cd))
    age, age_word = AGES.get(jyoken.nenrei_cd, (AgeCondition.UNKNOWN, jyoken.nenrei_cd))
    use, use_word = USES.get(jyoken.siyou_cd, (UsePurpose.UNKNOWN, jyoken.siyou_cd))
    return Conditions(
        limitation=limitation,
        age_condition=age,
        use=use,
        insurer_limitation=limitation_word,
        insurer_age_condition=age_word,
        insurer_use=use_word,
    )
