"""Sompo's quotes for cars that are insured elsewhere, as our plans (WIRE.md §13)."""

from collections.abc import Iterator, Mapping, Sequence

from msgspec.structs import replace

from insurers.coverage import CoverageChange, CoverageKind
from insurers.plan import Departure, Plan
from insurers.risk import Risk
from insurers.sompo.mapping import departure
from insurers.sompo.mapping.agency import contact
from insurers.sompo.mapping.cover import CODES, KINDS, covers
from insurers.sompo.mapping.plan import conditions, plan
from insurers.sompo.wire.estimates import Estimate, Tigai, Zentei
from insurers.sompo.wire.quotes import Quote
from insurers.text import Text

# ZENTEI_CD, §13.3, with the insurer's words.
ASSUMPTIONS = {
    "01": Text(
        "等級は仮のものです。前契約の満期後の確認により保険料が変わることがあります",
        "The grade is provisional; the premium may change once the ending contract's record is checked.",
    ),
    "02": Text("前契約の満期まで事故がないものとしています", "There is no accident until the present contract ends."),
    "03": Text(
        "前契約の等級が分からないため6等級（新規）としています", "The present grade was not told; grade 6 is assumed."
    ),
    "04": Text(
        "前契約の満期から7日を超えるため等級を引き継いでいません",
        "The new term begins more than 7 days after the old one, so the grade is not carried over.",
    ),
    "05": Text("免許証の色が分からないためブルーとしています", "The licence colour was not told; blue is assumed."),
    "06": Text("最も若い運転者の年齢は確認していません", "Nobody has checked how old the youngest driver is."),
    "07": Text("団体扱としてお払込みいただけることを前提としています", "The premium can be paid through the group."),
    "08": Text(
        "車両保険金額は型式と初度登録年月による標準価額です",
        "The car's value is the usual one for its model and first registration.",
    ),
    "09": Text("用途車種は型式によります", "The kind of car is that of its model."),
}


def plans(estimate: Estimate, risk: Risk, asked: Mapping[str, str], changes: Sequence[CoverageChange]) -> list[Plan]:
    """Read the plans for *risk*. *asked* are the options that were asked for (HOSYOU_CD to SENTAKU_CD)."""
    assumptions, agency = tuple(_assumption(line) for line in estimate.zentei), contact(estimate.mitumori)
    found = [
        replace(
            plan(quote, changes),
            assumptions=assumptions,
            reference=quote.plan.sisan_no,
            contact=agency,
            departures=tuple(_departures(quote, estimate.tigai, risk, asked, changes)),
        )
        for quote in estimate.quotes
    ]
    return sorted(found, key=lambda one: one.position)


def _departures(
    quote: Quote, tigai: Sequence[Tigai], risk: Risk, asked: Mapping[str, str], changes: Sequence[CoverageChange]
) -> Iterator[Departure]:
    yield from departure.of_conditions(
        risk, conditions(quote.jyoken), tigai, group_handled=bool(quote.jyoken.dantai_cd)
    )
    offered = covers(quote.hosyou, quote.kiken, quote.sentaku)
    # What the customer changes is what the customer wants.
    edited = {change.kind for change in changes}
    for one in departure.of_covers(risk, offered, tigai, _raised(quote, asked, tigai)):
        if one.kind not in edited:
            yield one


def _assumption(line: Zentei) -> Text:
    """Others may come than are known; they are shown as they are."""
    return ASSUMPTIONS.get(line.zentei_cd) or Text(line.zentei_bun, line.zentei_bun)


def _raised(quote: Quote, asked: Mapping[str, str], tigai: Sequence[Tigai]) -> set[CoverageKind]:
    """Answer the covers that the plan has otherwise than they were asked for, or than TIGAI says for all plans."""
    instead = {line.hosyou_cd: line.teikyou for line in tigai if line.koumoku == "HOSYOU_CD"}
    return {
        KINDS[line.hosyou_cd]
        for line in quote.hosyou
        if line.hosyou_cd in CODES.values()
        and line.sentaku_cd != instead.get(line.hosyou_cd, asked.get(line.hosyou_cd, "00"))
    }
